"""The evaluator, the count and the sampler agree with a literal enumeration, as multisets."""

from __future__ import annotations

import numpy as np
import pytest

from kg.cypher.parse import parse_query
from kg.cypher.plan import plan
from kg.cypher.template import loads
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate import evaluate
from sampling.count import count
from sampling.draw import draw
from sampling.population import population
from tests.sampling.oracle import brute, random_graph, random_pattern

HEADER = "/*\ntask: t\ngiven: []\nquestion: q\n*/\n"


def rows(bindings):
    return sorted(tuple(sorted({**b.nodes, **b.edges}.items())) for b in bindings)


@pytest.mark.parametrize("seed", range(150))
def test_a_random_query_has_the_matches_of_the_literal_reading(seed):
    snapshot, text = random_graph(seed), random_pattern(seed)
    wanted = brute(text, snapshot)
    assert rows(evaluate(plan(parse_query(text)), snapshot)) == wanted, text

    template = loads(HEADER + text)
    counted = count(template, snapshot)
    assert counted.exact
    assert counted.value == len(wanted), text

    drawn = list(draw(template, snapshot, len(wanted) + 10, seed))
    assert len({match.rank for match in drawn}) == len(drawn) == len(wanted), text
    found = sorted(tuple(sorted(_indices(match, template, snapshot).items())) for match in drawn)
    assert found == wanted, text


def _indices(match, template, snapshot):
    edges = {snapshot.edge(e)[0]: e for e in range(snapshot.m)}
    out = {}
    for name, value in match.bindings.items():
        hop = template.plan.hop(name)
        if hop is None:
            out[name] = snapshot.index_of(value)
        else:
            numbers = tuple(edges[x] for x in value.split(",") if x)
            out[name] = numbers if hop.ranged else numbers[0]
    return out


@pytest.mark.parametrize("seed", range(40))
def test_unrank_and_rank_are_inverse(seed):
    snapshot, text = random_graph(seed), random_pattern(seed)
    for part in population(loads(HEADER + text), snapshot).parts:
        ranks = np.arange(part.unranker.total)
        nodes, edges = part.unranker.unrank(ranks)
        assert len({(tuple(n), tuple(e)) for n, e in zip(nodes.T.tolist(), edges.T.tolist(), strict=True)}) == len(
            ranks
        )
        assert (part.unranker.rank(nodes, edges) == ranks).all()


VALUES = {
    "numbers": ([1, 2.5, None, -0.0], [0, 2, None, 3]),
    "whole numbers": ([1, 2, None, 5], [5, 1, 2, None]),
    "beyond float64": ([2**53, 2**53 + 1, None, 1], [2**53 + 1, 1, None, 2]),
    "not a number": ([1.0, float("nan"), None, 2.0], [2.0, 1.0, float("nan"), None]),
    "strings": (["b", "a", None, "é"], ["a", "é", "z", None]),
    "truth values": ([True, False, None, True], [True, None, False, False]),
    "strings and numbers": (["1", "2", None, "3"], [1, 2, None, 3]),
    "one side null": ([1, 2, None, 3], [None, None, None, None]),
}


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("op", ["=", "<>", "<", "<=", ">", ">="])
def test_a_comparison_of_two_columns_is_that_of_their_values(what, op):
    """Over arrays and over rows."""
    mine, theirs = VALUES[what]
    nodes = [{"id": f"a{k}", "label": "Chunk", "k": value} for k, value in enumerate(mine)]
    nodes += [{"id": f"b{k}", "label": "Entity", "k": value} for k, value in enumerate(theirs)]
    edges = [
        {"id": f"r{i}{j}", "type": "MENTIONS", "source": f"a{i}", "target": f"b{j}"} for i in range(4) for j in range(4)
    ]
    snapshot = snapshot_from(nodes, edges)
    query = f"MATCH (a:Chunk)-[:MENTIONS]->(b:Entity) WHERE a.k {op} b.k RETURN a, b"
    made = loads(HEADER + query)
    found = {match.nodes for match in draw(made, snapshot, 99, 1)}
    assert found == {tuple(snapshot.id_of(i) for _, i in row) for row in brute(query, snapshot)}
