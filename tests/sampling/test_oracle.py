"""The evaluator, the count and the sampler agree with a literal enumeration, as multisets."""

from __future__ import annotations

import numpy as np
import pytest

from kg.cypher.parse import parse_query
from kg.cypher.plan import plan
from kg.cypher.template import loads
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
