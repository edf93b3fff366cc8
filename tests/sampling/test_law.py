"""The law of drawing: uniform, without replacement, prefix-stable, the same whatever the way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

import sampling.count
import sampling.draw
import sampling.population
import sampling.stream
from kg.cypher.template import loads
from kg.snapshot.build import snapshot_from
from sampling.count import count, estimate
from sampling.draw import draw, draw_with_report
from sampling.permutation import TABLE, Permutation
from sampling.population import population
from schemas.errors import TemplateError
from tests.sampling.oracle import random_graph

PATTERNS = (
    "MATCH (a)-[r]-(b)-[s]-(c) RETURN a",
    "MATCH (a)-[r:MENTIONS]->(b)<-[s:MENTIONS]-(c) WHERE a.position < c.position RETURN a",
    "MATCH (a)-[r]->(b), (a)-[s]->(b) RETURN a",  # a cycle with parallel edges
    "MATCH (a)-[r*1..2]->(b) WHERE a.name = 'x' RETURN a",
    "MATCH (a)-[r]-(b), (b)-[s]-(c), (b)-[t:SUBJECT]->(d) RETURN a",
    "MATCH (a:Entity), (b:Chunk)-[r]-(c) WHERE a.name = b.name RETURN a",
)


def template(query, **header):
    lines = "".join(f"{key}: {value}\n" for key, value in header.items())
    return loads(f"/*\ntask: t\ngiven: []\nquestion: q\n{lines}*/\n{query}")


def facts(documents=4, each=(1, 3, 9, 20)):
    """Documents of unequal size; answers repeat."""
    nodes = [{"id": "e", "label": "Entity", "name": "Mars"}]
    nodes += [
        {"id": f"f{d}.{k}", "label": "Assertion", "document": f"d{d}", "quantity": f"q{k}", "text": f"v{k % 3}"}
        for d in range(documents)
        for k in range(each[d])
    ]
    edges = [{"type": "SUBJECT", "source": node["id"], "target": "e"} for node in nodes[1:]]
    return snapshot_from(nodes, edges)


FACTS = "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity) RETURN f, e"


@pytest.mark.parametrize("query", PATTERNS)
def test_the_first_draw_over_many_seeds_is_uniform(query):
    made, snapshot = template(query), random_graph(5, 9, 40)
    matches = count(made, snapshot).value
    assert matches > 3
    first = Counter(next(draw(made, snapshot, 1, seed)).rank for seed in range(20 * min(matches, 60)))
    sizes = list(first.values()) + [0] * (matches - len(first))
    if matches > 60:  # too many cells for the draws: fold them
        ranks = sorted(population(made, snapshot).enumerate().tolist())
        sizes = [sum(first[rank] for rank in cell) for cell in np.array_split(ranks, 30)]
        expected = [sum(sizes) * len(cell) / matches for cell in np.array_split(ranks, 30)]
        assert chisquare(sizes, expected).pvalue > 0.05 / len(PATTERNS) / 10
    else:
        assert chisquare(sizes).pvalue > 0.05 / len(PATTERNS) / 10


@pytest.mark.parametrize("query", PATTERNS)
@pytest.mark.parametrize("header", [{}, {"strata": "[document]"}, {"strata": "[a.name]", "limit_per": "{document: 3}"}])
def test_the_first_of_many_draws_are_the_few(query, header):
    made, snapshot = template(query, **header), random_graph(2)
    many = list(draw(made, snapshot, 500, 7))
    assert many[:30] == list(draw(made, snapshot, 30, 7))
    assert len({match.rank for match in many}) == len(many)
    assert many != list(draw(made, snapshot, 500, 8)) or len(many) < 8


def test_enumeration_goes_on_where_rejection_was_poor_in_the_same_order(monkeypatch):
    made, snapshot = template(PATTERNS[1]), random_graph(1)
    wanted = list(draw(made, snapshot, 10**6, 3))
    for name, value in (("PATIENCE", 1), ("POOR", 2.0), ("FIRST", 4)):
        monkeypatch.setattr(sampling.stream, name, value)
    drawing = draw(made, snapshot, 10**6, 3)
    assert list(drawing) == wanted
    assert drawing.effort.enumerated


def test_strata_share_equally_until_they_are_exhausted():
    drawn = list(draw(template(FACTS, strata="[document]"), facts(), 14, 1))
    found = Counter(match.stratum for match in drawn)
    assert found == {"d0": 1, "d1": 3, "d2": 5, "d3": 5}
    assert all(snapshot_document == match.stratum for match in drawn for snapshot_document in [_document(match)])


def test_strata_nest():
    drawn = list(draw(template(FACTS, strata="[document, answer]", answer="f.text"), facts(), 15, 1))
    of_last = Counter(match.stratum for match in drawn if _document(match) == "d3")
    assert len(of_last) == 3
    assert max(of_last.values()) - min(of_last.values()) <= 1


def test_limits_hold_and_are_greedy():
    made = template(FACTS, answer="f.text", limit_per="{document: 4, answer: 3}")
    drawn, report = draw_with_report(made, facts(), 100, 5)
    assert max(Counter(_document(match) for match in drawn).values()) <= 4
    assert report.limited == 33 - len(drawn)
    assert report.answers == 3
    assert report.documents_with_matches == 4
    free = [match.rank for match in draw(template(FACTS), facts(), 100, 5)]
    assert len(free) == 33


def test_a_full_population_is_left_in_time(monkeypatch):
    monkeypatch.setattr(sampling.draw, "MOST_PASSED", 5)
    made = template(FACTS, limit_per="{document: 1}")
    drawn, report = draw_with_report(made, facts(), 100, 5)
    assert len(drawn) <= 4
    assert not report.complete
    assert report.limited < 29
    strata = template(FACTS, strata="[document]", limit_per="{document: 1}")
    drawn, report = draw_with_report(strata, facts(), 100, 5)
    assert len(drawn) == 4
    assert report.complete


def test_splits_are_strata_when_they_are_known():
    splits = {"d0": "test", "d1": "test", "d2": "test", "d3": "train"}
    made = template(FACTS, strata="[split]")
    found = Counter(match.stratum for match in draw(made, facts(), 10, 1, splits=splits))
    assert found == {"test": 5, "train": 5}
    with pytest.raises(TemplateError, match="run it once"):
        list(draw(made, facts(), 10, 1))


def _document(match):
    return "d" + match.bindings["f"].removeprefix("f").partition(".")[0]


def test_the_report_says_law_population_and_reach():
    report = draw_with_report(template(FACTS, strata="[document]"), facts(), 8, 1)[1]
    assert str(report.population) == "33"
    assert report.hub_share == 1.0  # every match holds Mars
    assert report.row()["law"] == "equal shares over document, uniform within"
    assert "8 of 33 matches" in str(report)


def test_an_estimate_says_so_and_covers_the_truth(monkeypatch):
    made, snapshot = template(PATTERNS[0]), random_graph(1, 30, 200)
    truth = count(made, snapshot)
    assert truth.exact
    monkeypatch.setattr(sampling.count, "PROBES", 2000)
    guess = count(made, snapshot, enumerate_up_to=10)
    assert not guess.exact
    assert guess.interval[0] <= truth.value <= guess.interval[1]
    assert str(guess).startswith("≈ ")
    assert str(guess).endswith("(95 %)")
    assert estimate(100, 0, 50).interval[1] > 0


def test_parts_that_nothing_joins_are_refused():
    with pytest.raises(TemplateError, match="joined to the rest of the pattern by nothing"):
        count(template("MATCH (a:Entity), (b:Chunk) WHERE a.position < b.position RETURN a"), random_graph(1))


def test_a_template_that_matches_nothing_counts_0():
    made = template("MATCH (a:Image)-[:MENTIONS]->(b:Entity) RETURN a")
    drawn, report = draw_with_report(made, random_graph(1), 5, 1)
    assert (drawn, str(report.population), report.acceptance) == ([], "0", None)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.integers(1, 300), st.integers(TABLE - 3, TABLE + 3), st.integers(1, 10**18)), st.text(max_size=5))
def test_a_permutation_is_one(size, key):
    made = Permutation(size, key)
    positions = np.unique([size * k // 200 for k in range(200)] + [size - 1])
    ranks = made.apply(positions)
    assert ((ranks >= 0) & (ranks < size)).all()
    assert len(np.unique(ranks)) == len(positions)
    assert (made.invert(ranks) == positions).all()


def test_a_large_permutation_is_one():
    size = 3 * TABLE + 5
    assert (np.sort(Permutation(size, "k").apply(np.arange(size))) == np.arange(size)).all()


def test_the_split_of_a_node_is_its_own_its_elements_or_its_documents():
    splits = {"f0.0": "dev", "t1": "test", "d3": "train"}
    nodes = [{"id": "e", "label": "Entity", "name": "Mars"}]
    nodes += [
        {"id": f"f{d}.{k}", "label": "Assertion", "document": f"d{d}", "element": f"t{d}", "text": "v"}
        for d in range(4)
        for k in range(5)
    ]
    graph = snapshot_from(nodes, [{"type": "SUBJECT", "source": n["id"], "target": "e"} for n in nodes[1:]])
    drawn = Counter(match.stratum for match in draw(template(FACTS, strata="[split]"), graph, 99, 1, splits=splits))
    assert drawn == {"dev": 1, "test": 5, "train": 5, "": 9}
    few = sampling.population.GROUPED
    try:
        sampling.population.GROUPED = 3  # strata are ranges of ranks
        made = template(FACTS + " // again", strata="[split]")
        by_ranks = Counter(match.stratum for match in draw(made, graph, 12, 1, splits=splits))
        assert by_ranks["dev"] == 1
        assert sorted(by_ranks.values()) == [1, 3, 4, 4]
        other = draw(made, graph, 99, 1, splits={"d0": "dev"})
        assert Counter(match.stratum for match in other) == {"dev": 5, "": 15}
        assert count(made, graph).value == 20
    finally:
        sampling.population.GROUPED = few


@pytest.mark.parametrize("size", [TABLE + 1, 100_003, 10**6, 2**33 + 7, 10**18])
def test_a_large_permutation_is_uniform_over_positions_and_over_keys(size):
    """Odd and even numbers of bits, from just above a power of two to just below one."""
    cells, draws = 32, 4096
    along = Permutation(size, "one").apply(np.arange(draws, dtype=np.int64))
    over = np.array([Permutation(size, str(key)).apply(np.array([0, size - 1])) for key in range(draws // 4)])
    pairs = (over * 4 // size) if size < 2**60 else over // (size // 4)
    sizes = [
        np.bincount((along.astype(object) * cells // size).astype(int), minlength=cells),
        np.bincount(pairs[:, 0] * 4 + pairs[:, 1], minlength=16),
    ]
    assert all(chisquare(each).pvalue > 0.001 for each in sizes)
    assert len(set(along.tolist())) == draws
