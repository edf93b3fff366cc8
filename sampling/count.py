"""How many matches a template has: exact, or an interval that says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from sampling.permutation import Permutation
from sampling.population import BATCH, Population, population
from sampling.shares import probe

ENUMERATE: Final = 1_000_000
"""Up to so many ranks are enumerated for an exact count: a second or two."""
PROBES: Final = 1 << 16
"""Ranks that an estimate looks at first; it goes on up to `MOST_PROBES` while fewer than `HITS` are matches."""
MOST_PROBES: Final = 1 << 22
HITS: Final = 10_000
"""Matches among the probes that are enough: the interval is then within 2 %."""
Z: Final = 1.96
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Count:
    exact: bool
    value: int
    """Number of matches, or its estimate."""
    interval: tuple[int, int]
    """95 %; (value, value) where exact."""
    walks: int
    """Ranks that rejection starts from; equal to value where nothing is rejected."""
    acceptance: float | None = None
    """Share of the walks that are matches; None where there are none."""

    def __str__(self) -> str:
        if self.exact:
            return f"{self.value:,}"
        half = max(self.interval[1] - self.value, self.value - self.interval[0])
        return f"≈ {self.value:,} ± {half:,} (95 %)"


def count(template: Template, snapshot: Snapshot, *, enumerate_up_to: int = ENUMERATE) -> Count:
    """Count the matches of a template.

    Args:
        template: as loaded.
        snapshot: the graph.
        enumerate_up_to: walks; beyond it a template with rejection is estimated.

    Raises:
        CountOverflowError: more than 1e308 walks.
        TemplateError: see `population`.
    """
    return count_of(population(template, snapshot), enumerate_up_to)


def count_of(pop: Population, enumerate_up_to: int = ENUMERATE) -> Count:
    """The count of a population."""
    walks = pop.total
    if pop.exact:
        return Count(True, walks, (walks, walks), walks, 1.0 if walks else None)
    if walks <= enumerate_up_to:
        value = sum(
            pop.count(np.arange(start, min(start + BATCH, walks), dtype=np.int64)) for start in range(0, walks, BATCH)
        )
        return Count(True, value, (value, value), walks, value / walks)
    if not pop.ranked:
        return estimate(walks, len(probe(pop, 4 * PROBES, "count")), 4 * PROBES)
    order = Permutation(walks, "count", pop.template.key)
    hits = tries = 0
    step = PROBES
    while hits < HITS and tries < min(MOST_PROBES, walks):
        end = min(tries + step, walks)
        hits += pop.count(order.apply(np.arange(tries, end, dtype=np.int64)))
        tries, step = end, min(2 * step, BATCH)
    return estimate(walks, hits, tries)


def estimate(walks: int, hits: int, tries: int) -> Count:
    """Wilson's interval for the acceptance, times the walks: it stays honest near 0 and 1."""
    share = hits / tries
    scale = 1 + Z * Z / tries
    middle = (share + Z * Z / (2 * tries)) / scale
    half = Z * math.sqrt(share * (1 - share) / tries + Z * Z / (4 * tries * tries)) / scale
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Count(False, round(share * walks), (math.floor(low * walks), math.ceil(high * walks)), walks, share)
