"""Shares, bands, shards, symmetry, and patterns that int64 does not number."""

from __future__ import annotations

from collections import Counter
from math import factorial, prod

import numpy as np
import pytest

import sampling.population
import sampling.shares
import sampling.strata
import sampling.walker
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate import engine
from sampling.count import count
from sampling.draw import batches, draw, draw_with_report
from sampling.keys import Keys, band
from sampling.population import population
from sampling.residues import count_walks
from sampling.symmetry import symmetries
from schemas.errors import TemplateError
from tests.sampling.oracle import brute, random_graph, random_pattern
from tests.sampling.test_law import FACTS, facts, template


def star(spokes, leaves=1000):
    nodes = [{"id": "hub", "label": "Entity"}] + [{"id": f"c{k}", "label": "Chunk"} for k in range(leaves)]
    edges = [{"type": "MENTIONS", "source": f"c{k}", "target": "hub"} for k in range(leaves)]
    pattern = ", ".join(f"(e)<-[:MENTIONS]-(c{k})" for k in range(spokes))
    # Several clauses: a relationship may occur in each, so every walk is a match.
    return template(f"MATCH (e:Entity) MATCH {pattern.replace(', ', ' MATCH ')} RETURN e"), snapshot_from(nodes, edges)


@pytest.mark.parametrize("spokes", [6, 7, 12, 40])
def test_a_pattern_of_any_size_counts_exactly(spokes):
    made, snapshot = star(spokes)
    found = count(made, snapshot)
    assert found.exact
    assert found.value == 1000**spokes
    assert population(made, snapshot).ranked == (spokes <= 6)


def test_a_pattern_past_int64_says_that_it_is_drawn_by_float64_weights():
    made, snapshot = star(7, 1000)
    drawn, report = draw_with_report(made, snapshot, 50, 3)
    assert "float64 weights" in report.law
    assert report.row()["weights"] == "float64"
    assert {match.rank for match in drawn} == {-1}
    assert drawn[:20] == list(draw(made, snapshot, 20, 3))
    leaves = Counter(node for match in drawn for node in match.nodes[1:])
    assert max(leaves.values()) < 8


@pytest.mark.parametrize("seed", range(40))
def test_residues_count_what_int64_counts(seed):
    made, snapshot = template(random_pattern(seed)), random_graph(seed)
    masks = engine(snapshot).masks
    for part in population(made, snapshot).parts:
        about = sampling.walker.Walker(part.shape, part.tree, masks, np.zeros(snapshot.n)).total
        assert count_walks(part.shape, part.tree, masks, about) == part.walks == round(about)
        assert count_walks(part.shape, part.tree, masks, 1e30) == part.walks


def test_float_weights_keep_small_rows_beside_large_ones():
    # Two hubs whose rows differ by 10^20: sums that ran over both would lose the small one.
    nodes = [{"id": x, "label": "Entity"} for x in ("big", "small")]
    nodes += [{"id": f"c{k}", "label": "Chunk"} for k in range(300)]
    edges = [{"type": "MENTIONS", "source": f"c{k}", "target": "big" if k < 298 else "small"} for k in range(300)]
    made = template("MATCH (e:Entity)" + "".join(f" MATCH (e)<-[:MENTIONS]-(c{k})" for k in range(9)) + " RETURN e")
    snapshot = snapshot_from(nodes, edges)
    assert count(made, snapshot).value == 298**9 + 2**9
    pop = population(made, snapshot)
    small = snapshot.index_of("small")
    walker = pop.uniform_walkers[0]
    assert walker.masses[list(walker.roots).index(small)] == 2**9


def test_proportional_shares_hold_at_every_length():
    made = template(FACTS, strata="[document]", shares="proportional")
    drawn = list(draw(made, facts(), 33, 1))
    for n in range(1, 34):
        found = Counter(match.stratum for match in drawn[:n])
        for name, size in {"d0": 1, "d1": 3, "d2": 9, "d3": 20}.items():
            assert abs(found[name] - n * size / 33) < 2
    assert len({match.rank for match in drawn}) == 33


def test_proportional_shares_over_estimates_say_so(monkeypatch):
    monkeypatch.setattr(sampling.shares, "ENUMERATE", 0)
    made = template("MATCH (a)-[r]-(b)-[s]-(c) RETURN a", strata="[document]", shares="proportional")
    report = draw_with_report(made, random_graph(3, 9, 40), 20, 1)[1]
    assert "estimated counts" in report.law


@pytest.mark.parametrize("strata", ["[e.name]", "[b.name]", "[degree(b)]", "[split]", "[b.name, document]"])
def test_strata_of_large_populations_are_ranges_of_ranks(strata, monkeypatch):
    snapshot, splits = random_graph(3, 9, 40), {"d1": "train", "d2": "test"}
    made = template("MATCH (a)-[r]-(b)-[s]-(e) RETURN a", strata=strata)
    small = list(draw(made, snapshot, 10**6, 1, splits=splits))
    monkeypatch.setattr(sampling.population, "GROUPED", 0)
    sampling.population._population.cache_clear()
    large = list(draw(made, snapshot, 10**6, 1, splits=splits))
    sampling.population._population.cache_clear()
    assert Counter(match.stratum.split(" | ")[0] for match in small) == Counter(
        match.stratum.split(" | ")[0] for match in large
    )
    assert {(match.nodes, match.edges) for match in small} == {(match.nodes, match.edges) for match in large}
    values = list(dict.fromkeys(match.stratum.split(" | ")[0] for match in small))
    first = Counter(match.stratum.split(" | ")[0] for match in large[: 2 * len(values)])
    assert set(first.values()) <= {1, 2, 3}


def test_degree_bands_are_powers_of_two():
    assert [band(k) for k in (0, 1, 2, 3, 4, 7, 8)] == ["0", "1", "2-3", "2-3", "4-7", "4-7", "8-15"]
    snapshot = random_graph(3, 9, 40)
    made = template("MATCH (a)-[r]->(b) RETURN a", strata="[degree(a)]")
    for match in draw(made, snapshot, 100, 1):
        assert match.stratum == band(int(snapshot.degrees[snapshot.index_of(match.bindings["a"])]))
    codes, names = Keys(made, snapshot).of("degree(a)").codes()
    assert [names[code] for code in codes] == [band(int(degree)) for degree in snapshot.degrees]


@pytest.mark.parametrize("seed", range(20))
def test_shards_share_nothing_and_hold_all(seed):
    made, snapshot = template(random_pattern(seed)), random_graph(seed)
    shards = [[m.rank for m in draw(made, snapshot, 10**6, 1, shard=(k, 3))] for k in range(3)]
    whole = sorted(match.rank for match in draw(made, snapshot, 10**6, 1))
    assert sorted(rank for shard in shards for rank in shard) == whole


def test_shards_of_weights_are_refused():
    with pytest.raises(TemplateError, match="drawn by weights"):
        draw(template(FACTS, law="evidence"), facts(), 5, 1, shard=(0, 2))


@pytest.mark.parametrize("header", [{}, {"strata": "[document]", "limit_per": "{answer: 2}", "answer": "f.text"}])
def test_drawing_goes_on_where_it_stopped(header):
    made = template(FACTS, **header)
    whole = list(draw(made, facts(), 30, 4))
    assert [*draw(made, facts(), 5, 4), *draw(made, facts(), 25, 4, after=5)] == whole


@pytest.mark.parametrize("law", ["uniform", "inverse_degree", "evidence"])
def test_the_rank_of_a_match_leads_back_to_it(law):
    for seed in range(20):
        made, snapshot = template(random_pattern(seed), law=law), random_graph(seed)
        pop = population(made, snapshot)
        for match in draw(made, snapshot, 20, 1):
            (walk,) = pop.walks(np.array([match.rank]))
            assert tuple(snapshot.id_of(node) for node in walk.nodes) == match.nodes
            assert tuple(snapshot.edge_id(edge) for edge in walk.edges) == match.edges


def test_batches_are_the_drawn_order():
    made, snapshot = template("MATCH (a)-[r]-(b)-[s*1..2]-(c) RETURN a"), random_graph(3)
    ranks = np.concatenate([batch.ranks for batch in batches(made, snapshot, 5)])
    assert ranks.tolist() == [match.rank for match in draw(made, snapshot, 10**6, 5)]


SYMMETRIC = {
    "MATCH (a)-[r]-(b) RETURN a, b": 2,
    "MATCH (a:Entity)-[r]-(b:Chunk) RETURN a, b": 1,
    "MATCH (a)-[r]->(e)<-[s]-(b) WHERE a.name <> b.name RETURN a, b": 2,
    "MATCH (a)-[r]->(e)<-[s]-(b) WHERE a.position < b.position RETURN a, b": 1,
    "MATCH (a)-[r]->(e)<-[s]-(b), (e)<-[t]-(c) RETURN a, b, c": 6,
    "MATCH (a)-[r]-(b)-[s]-(c)-[t]-(a) RETURN a": 6,
    "MATCH (a)-[r:MENTIONS]->(b), (a)-[s:MENTIONS]->(b) RETURN a": 2,
    "MATCH (a)-[r]-(b) WHERE a.name = 'x' RETURN a": 1,
    "MATCH (a)-[r]-(b) WHERE a.name = 'x' AND b.name = 'x' RETURN a": 2,
    "MATCH (a)-[r]-(b) WHERE a.name = 'x' AND b.document = 'x' RETURN a": 1,
}


@pytest.mark.parametrize("query", SYMMETRIC)
def test_symmetric_matches_count_once_on_request(query):
    snapshot = random_graph(5, 7, 18)
    each, once = template(query), template(query, symmetric="once")
    shape = population(once, snapshot).parts[0].shape
    group = symmetries(shape)
    assert len(group) + 1 == SYMMETRIC[query]
    orbits = set()
    for row in brute(query, snapshot):
        bound = dict(row)
        nodes = [bound[shape.slots[k].names[0]] for k in range(len(shape.slots))]
        edges = [bound[link.hop] for link in shape.links]
        images = [([nodes[k] for k in g.slots], [edges[k] for k in g.links]) for g in group]
        orbits.add(min(repr(image) for image in [(nodes, edges), *images]))
    assert count(once, snapshot).value == len(orbits)
    drawn = list(draw(once, snapshot, 10**6, 1))
    assert len(drawn) == len(orbits)
    assert {match.rank for match in drawn} <= {match.rank for match in draw(each, snapshot, 10**6, 1)}
    assert "symmetric matches once" in draw_with_report(once, snapshot, 1, 1)[1].law


def test_the_report_covers_documents_and_answers():
    made = template(FACTS, answer="f.text")
    report = draw_with_report(made, facts(), 2, 1)[1]
    assert (report.documents_with_matches, report.answers_with_matches) == (4, 3)
    assert "of 4 documents" in str(report)
    assert "of 3 answers" in str(report)
    narrow = template(FACTS.replace("RETURN", "WHERE f.quantity = 'q0' RETURN"), answer="f.text")
    assert draw_with_report(narrow, facts(), 2, 1)[1].answers_with_matches == 1


def test_cyclic_patterns_with_parallel_edges_are_counted_whole():
    nodes = [{"id": x, "label": "Entity"} for x in "abc"]
    ends = [("a", "b")] * 3 + [("b", "c")] * 2 + [("c", "a")] * 4
    edges = [{"type": "MENTIONS", "source": s, "target": t} for s, t in ends]
    made = template("MATCH (x)-[r]->(y)-[s]->(z)-[t]->(x) RETURN x")
    assert count(made, snapshot_from(nodes, edges)).value == 3 * prod((3, 2, 4))


def test_trails_of_a_star_are_falling_factorials():
    nodes = [{"id": "hub", "label": "Entity"}] + [{"id": f"c{k}", "label": "Chunk"} for k in range(9)]
    edges = [{"type": "MENTIONS", "source": f"c{k}", "target": "hub"} for k in range(9)]
    made = template("MATCH (e:Entity), (e)<--(a), (e)<--(b), (e)<--(c) RETURN e")
    assert count(made, snapshot_from(nodes, edges)).value == factorial(9) // factorial(6)
