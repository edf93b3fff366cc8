"""Drawing where there are no ranks, or where matches weigh differently.

Positions 0, 1, 2, ... each draw a walk in proportion to its weight; what is no match, or came before, is passed over.
So the next match is always drawn in proportion to its weight among those that are left (successive sampling), and the
list is prefix-stable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

import sampling.stream as ranked
from sampling.batch import Batch, Span
from sampling.permutation import Hashed
from sampling.population import BATCH, Population
from sampling.stream import Effort
from sampling.weights import slot_weights

Array = npt.NDArray[Any]

SMALL: Final = 1 << 16
"""Up to so many ranks are enumerated at once instead of drawn."""


@final
class WeightedStream:
    """Drawn matches of a stratum by weights."""

    def __init__(self, pop: Population, spans: Sequence[Span], seed: int, effort: Effort, *stratum: str) -> None:
        self.pop, self.spans, self.effort = pop, [span for span in spans if span.lo < span.hi], effort
        self.numbers = Hashed(str(seed), pop.template.key, *stratum)
        self.size = sum(hi - lo for lo, hi in pop.ranges(self.spans)) if pop.ranked else None
        """Ranks of the stratum; None: more than int64 numbers."""
        self._seen: set[bytes] = set()

    def batches(self) -> Iterator[Batch]:
        """Matches in the drawn order; batches grow."""
        if self.size is not None and self.size <= SMALL:
            yield from self._enumerated()
            return
        cum = self._masses()
        position, step, hits = 0, ranked.FIRST, 0
        while cum[-1] > 0:
            positions = np.arange(position, position + step, dtype=np.int64)
            batch = self._new(self._drawn(positions, cum))
            position, hits = position + step, hits + len(batch)
            self.effort.tries += step
            self.effort.hits += len(batch)
            yield batch
            if position >= ranked.PATIENCE and hits < ranked.POOR * position:
                if self.size is not None and self.size <= ranked.ENUMERABLE:
                    yield from self._enumerated()
                    return
                if position >= ranked.MOST_TRIES:
                    self.effort.gave_up += 1
                    return
            step = min(2 * step, BATCH)

    def _masses(self) -> Array:
        """Prefix sums of the roots' weights over all spans, scaled to 1."""
        parts = [self.pop.walkers[span.part].masses[span.lo : span.hi] for span in self.spans]
        masses = np.concatenate([np.zeros(1), *parts])
        total = masses.sum()
        return np.cumsum(masses / total) if total > 0 else masses

    def _drawn(self, positions: Array, cum: Array) -> Batch:
        return self.pop.drawn(self.spans, cum, positions, self.numbers)

    def _new(self, batch: Batch) -> Batch:
        """Matches that did not come before."""
        rows = np.ascontiguousarray(np.concatenate((batch.parts[None, :], batch.nodes, batch.edges)).T)
        keep = []
        for k, row in enumerate(rows):
            key = row.tobytes()
            if key not in self._seen:
                self._seen.add(key)
                keep.append(k)
        return batch if len(keep) == len(batch) else batch.keep(np.array(keep, np.int64))

    def _enumerated(self) -> Iterator[Batch]:
        """The rest by enumeration: in the order of exponential variates divided by the weights.

        Source: Efraimidis and Spirakis 2006, "Weighted random sampling with a reservoir": the law is the same.
        """
        ranks = self.pop.enumerate(self.pop.ranges(self.spans))
        self.effort.enumerated += self.size or 0
        order = []
        for start in range(0, len(ranks), BATCH):
            batch = self.pop.batch(ranks[start : start + BATCH])
            waiting = -np.log1p(-self.numbers.uniform(batch.ranks, 0))
            with np.errstate(divide="ignore"):
                order.append(waiting / self._weights(batch))
        times = np.concatenate([np.zeros(0), *order])
        ranks = ranks[np.argsort(times, kind="stable")][: int(np.isfinite(times).sum())]
        for start in range(0, len(ranks), BATCH):
            batch = self._new(self.pop.batch(ranks[start : start + BATCH]))
            self.effort.tries += len(batch)
            self.effort.hits += len(batch)
            yield batch

    def _weights(self, batch: Batch) -> Array:
        out = np.ones(len(batch))
        for number, part in enumerate(self.pop.parts):
            inside = np.flatnonzero(batch.parts == number)
            for slot, weights in slot_weights(self.pop.template, part.shape, self.pop.snapshot).items():
                out[inside] *= weights[batch.nodes[slot, inside]]
        return out
