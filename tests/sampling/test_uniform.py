"""Chi-square: every match of a template is equally likely, whatever its pattern and the way it is drawn."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

import sampling.population
import sampling.unrank
from sampling.keys import Keys
from sampling.population import Population
from sampling.strata import Order
from sampling.weights import slot_weights
from tests.sampling.oracle import random_graph, random_pattern
from tests.sampling.test_law import template

SEEDS = range(90)
LEVEL = 0.01 / len(SEEDS)
"""Bonferroni: the chance that any of the tests fails on a right sampler is 1 %."""
EACH = 15
"""Draws per match."""


def population_of(seed, **header):
    made, snapshot = template(random_pattern(seed), **header), random_graph(seed, 8, 28)
    return Population(made, snapshot, Keys(made, snapshot).of("document"))


def first_matches(pop, draws):
    """How often each match comes first, over many seeds."""
    found = Counter()
    for seed in range(draws):
        order = Order(pop, Keys(pop.template, pop.snapshot), seed)
        walk, _ = next(order.matches())
        found[walk.nodes, walk.edges, walk.shape.links] += 1
    return found


def batch_of(pop, draws):
    """Matches by weights: the positions of one long stream, each an independent draw."""
    order = Order(pop, Keys(pop.template, pop.snapshot), 1)
    stream = order.stream(pop.everything(), "all")
    cum, found = stream._masses(), Counter()
    if cum[-1] > 0:
        batch = pop.drawn(stream.spans, cum, np.arange(draws), stream.numbers)
        for walk in pop.walk_of(batch):
            found[walk.nodes, walk.edges, walk.shape.links] += 1
    return found


@pytest.mark.slow
def test_the_first_match_is_uniform_over_all():
    tested = 0
    for seed in SEEDS:
        pop = population_of(seed)
        matches = len(pop.enumerate())
        if 2 <= matches <= 300:
            found = first_matches(pop, EACH * matches)
            sizes = [*found.values(), *[0] * (matches - len(found))]
            assert chisquare(sizes).pvalue > LEVEL, pop.template.text
            tested += 1
    assert tested >= 50


def test_float_weights_are_uniform_over_all_where_ranks_do_not_fit(monkeypatch):
    monkeypatch.setattr(sampling.unrank, "MOST", 0.5)
    monkeypatch.setattr(sampling.population, "MOST", 0.5)
    tested = 0
    for seed in SEEDS:
        pop = population_of(seed)
        with monkeypatch.context() as patch:
            patch.setattr(sampling.unrank, "MOST", 9e18)
            patch.setattr(sampling.population, "MOST", 9e18)
            ranked = population_of(seed)
        assert pop.total == ranked.total
        matches = len(ranked.enumerate())
        if matches > 1:
            assert not pop.ranked
            found = batch_of(pop, EACH * ranked.total)
            sizes = [*found.values(), *[0] * (matches - len(found))]
            assert len(sizes) == matches
            assert chisquare(sizes).pvalue > LEVEL, pop.template.text
            tested += 1
    assert tested >= 50


@pytest.mark.parametrize("law", ["inverse_degree", "evidence"])
def test_a_weighted_law_draws_each_match_by_its_weight(law):
    tested = 0
    for seed in SEEDS:
        pop = population_of(seed, law=law)
        every = pop.batch(pop.enumerate())
        if len(every) > 1:
            found = batch_of(pop, 20 * pop.total)
            weights = []
            walks = list(pop.walk_of(every))
            for walk in walks:
                slots = slot_weights(pop.template, walk.shape, pop.snapshot)
                weights.append(np.prod([weight[walk.nodes[slot]] for slot, weight in slots.items()]))
            sizes = np.array([found[walk.nodes, walk.edges, walk.shape.links] for walk in walks])
            expected = np.array(weights) / sum(weights) * sizes.sum()
            seen = expected >= 3  # rarer ones are folded
            folded = [*sizes[seen], sizes[~seen].sum()], [*expected[seen], expected[~seen].sum()]
            if expected[~seen].sum() < 3:
                folded = folded[0][:-1], np.array(folded[1][:-1]) * sizes[seen].sum() / expected[seen].sum()
            if len(folded[0]) > 1:
                assert chisquare(*folded).pvalue > LEVEL, pop.template.text
                tested += 1
    assert tested >= 50


def test_successive_draws_by_weight_have_one_law_by_stream_and_by_enumeration(monkeypatch):
    made, snapshot = template("MATCH (a)-[r]-(b) RETURN a", law="inverse_degree"), random_graph(3, 5, 7)
    counts = []
    for small in (1 << 16, 0):
        monkeypatch.setattr("sampling.weighted.SMALL", small)
        pairs = Counter()
        for seed in range(3000):
            pop = sampling.population.population(made, snapshot)
            matches = Order(pop, Keys(made, snapshot), seed).matches()
            pairs[pop.rank_of(next(matches)[0]), pop.rank_of(next(matches)[0])] += 1
        counts.append(pairs)
    keys = sorted(set(counts[0]) | set(counts[1]))
    one, two = (np.array([found[key] for key in keys]) for found in counts)
    often = one + two >= 20
    pooled = (one + two)[often] / 2
    statistic = ((one[often] - pooled) ** 2 / pooled + (two[often] - pooled) ** 2 / pooled).sum()
    assert statistic < often.sum() + 4 * np.sqrt(2 * often.sum())
