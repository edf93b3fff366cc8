"""How many matches each stratum has: exact where that is cheap, else estimated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sampling.batch import Batch, Span
from sampling.permutation import Hashed, Permutation
from sampling.population import BATCH, Population

Array = npt.NDArray[Any]

ENUMERATE: Final = 1_000_000
"""Up to so many ranks are enumerated for exact counts: a second or two."""
PROBES: Final = 1 << 18
"""Ranks that an estimate looks at."""


def expected(pop: Population, strata: Sequence[Sequence[Span]]) -> tuple[list[float], bool]:
    """Matches of each stratum, and whether they are exact.

    Where not every rank is a match, a stratum's estimate is its share of the matches among some probes; one probe's
    worth is shared out by ranks, so that no stratum that may have matches is left without.
    """
    if pop.ranked:
        sizes = [sum(hi - lo for lo, hi in pop.ranges(spans)) for spans in strata]
        if pop.exact:
            return [float(size) for size in sizes], True
        if pop.total <= ENUMERATE:
            return _counted(pop, strata), True
        tries = min(PROBES, pop.total)
        probes = Permutation(pop.total, "shares", pop.template.key).apply(np.arange(tries, dtype=np.int64))
        hits = _by_stratum(pop, strata, pop.batch(probes))
        return [(hit + size / pop.total) * pop.total / tries for hit, size in zip(hits, sizes, strict=True)], False
    masses = [sum(float(pop.uniform_walkers[s.part].masses[s.lo : s.hi].sum()) for s in spans) for spans in strata]
    if pop.exact:
        return masses, False  # right to float64's digits, which is not exact
    hits = _by_stratum(pop, strata, probe(pop, PROBES, "shares"))
    total = sum(masses)
    return [(hit + mass / total) * total / PROBES for hit, mass in zip(hits, masses, strict=True)], False


def probe(pop: Population, tries: int, purpose: str) -> Batch:
    """The matches among so many walks drawn uniformly, for populations without ranks."""
    spans = pop.everything()
    masses = np.concatenate([np.zeros(1), *(pop.uniform_walkers[s.part].masses[s.lo : s.hi] for s in spans)])
    numbers = Hashed(purpose, pop.template.key)
    cum = np.cumsum(masses / masses.sum())
    return pop.drawn(spans, cum, np.arange(tries, dtype=np.int64), numbers, pop.uniform_walkers)


def _counted(pop: Population, strata: Sequence[Sequence[Span]]) -> list[float]:
    found = np.zeros(len(strata))
    for start in range(0, pop.total, BATCH):
        ranks = np.arange(start, min(start + BATCH, pop.total), dtype=np.int64)
        found += _by_stratum(pop, strata, pop.batch(ranks))
    counts: list[float] = found.tolist()
    return counts


def _by_stratum(pop: Population, strata: Sequence[Sequence[Span]], batch: Batch) -> Array:
    """Matches of a batch in each stratum."""
    hits = np.zeros(len(strata))
    for k, part in enumerate(pop.parts):
        roots = batch.nodes[part.shape.variables[pop.variable], batch.parts == k]
        stratum_of = np.full(pop.snapshot.n, -1, np.int64)
        for number, spans in enumerate(strata):
            for span in spans:
                if span.part == k:
                    stratum_of[pop.roots(k)[span.lo : span.hi]] = number
        hits += np.bincount(stratum_of[roots] + 1, minlength=len(strata) + 1)[1:]
    return hits
