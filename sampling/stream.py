"""Matches of a stratum in the drawn order: without replacement, prefix-stable, in constant memory.

Uniform law, with ranks: the ranks in the order of a keyed permutation; those that are no match are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, final

import numpy as np
import numpy.typing as npt

from sampling.batch import Batch, Span, Walk
from sampling.permutation import Permutation
from sampling.population import BATCH, Population

Array = npt.NDArray[Any]

FIRST: Final = 256
"""Ranks of the first batch; each later one is twice as large."""
POOR: Final = 1e-3
"""Below this share of accepted ranks the stratum is enumerated instead, if it is small enough."""
PATIENCE: Final = 1 << 16
"""Ranks that are tried before the share is judged."""
ENUMERABLE: Final = 20_000_000
"""Ranks that may be enumerated: some ten seconds."""
MOST_TRIES: Final = 50_000_000
"""Ranks that a stratum tries before it gives up."""


@dataclass(slots=True)
class Effort:
    """What drawing cost, over all strata."""

    tries: int = 0
    hits: int = 0
    enumerated: int = 0
    """Ranks of strata that were enumerated because rejection was poor."""
    gave_up: int = 0
    """Times that drawing ended early: too few ranks of a stratum are matches, or limits let nothing more pass."""


class Drawn(Protocol):
    """Matches in the drawn order."""

    def batches(self) -> Iterator[Batch]:
        """As arrays."""
        ...


def one_by_one(pop: Population, drawn: Drawn) -> Iterator[Walk]:
    """The matches of a stream, one by one."""
    for batch in drawn.batches():
        yield from pop.walk_of(batch)


@final
class Stream:
    """Drawn matches of a stratum of ranks."""

    def __init__(
        self,
        pop: Population,
        spans: Sequence[Span],
        seed: int,
        effort: Effort,
        *stratum: str,
        shard: tuple[int, int] | None = None,
    ) -> None:
        """`shard`: (k, of): only ranks of the k-th of so many equal ranges of all ranks, k from 0."""
        self.pop, self.effort = pop, effort
        self.ranges = pop.ranges(spans)
        if shard is not None:
            self.ranges = clipped(self.ranges, *bounds(pop.total, shard))
        sizes = np.array([hi - lo for lo, hi in self.ranges], np.int64)
        self._offsets = np.concatenate(([0], np.cumsum(sizes)))
        self._shift = np.array([lo for lo, _ in self.ranges], np.int64) - self._offsets[:-1]
        self.size = int(self._offsets[-1])
        key = stratum if shard is None else (*stratum, f"{shard[0]}/{shard[1]}")
        self.order: Permutation = Permutation(self.size, str(seed), pop.template.key, *key)

    def batches(self) -> Iterator[Batch]:
        """Matches in the drawn order; batches grow."""
        position, step, hits, tries = 0, FIRST, 0, 0
        while position < self.size:
            end = min(position + step, self.size)
            batch = self.pop.batch(self._ranks(np.arange(position, end, dtype=np.int64)))
            looked, position = end - position, end
            tries, hits = tries + looked, hits + len(batch)
            self.effort.tries += looked
            self.effort.hits += len(batch)
            yield batch
            if tries >= PATIENCE and hits < POOR * tries and self.size <= ENUMERABLE:
                yield from self._enumerated(position)
                return
            if tries >= MOST_TRIES and hits < POOR * tries:
                self.effort.gave_up += 1
                return
            step = min(2 * step, BATCH)

    def _ranks(self, positions: Array) -> Array:
        """Ranks at places of the drawn order."""
        places = self.order.apply(positions)
        found: Array = places + self._shift[np.searchsorted(self._offsets, places, side="right") - 1]
        return found

    def _enumerated(self, position: int) -> Iterator[Batch]:
        """The rest by enumeration, in the order that drawing would have given."""
        self.effort.enumerated += self.size
        ranks = self.pop.enumerate(self.ranges)
        lows = np.array([lo for lo, _ in self.ranges], np.int64)
        sorter = np.argsort(lows, kind="stable")
        which = sorter[np.searchsorted(lows[sorter], ranks, side="right") - 1]
        positions = self.order.invert(ranks - self._shift[which])
        later = positions >= position
        ranks = ranks[later][np.argsort(positions[later], kind="stable")]
        for start in range(0, len(ranks), BATCH):
            yield self.pop.batch(ranks[start : start + BATCH])


def bounds(total: int, shard: tuple[int, int]) -> tuple[int, int]:
    """Ranks [lo, hi) of a shard."""
    k, of = shard
    return total * k // of, total * (k + 1) // of


def clipped(ranges: Sequence[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """What of some ranges lies in [low, high)."""
    return [(max(lo, low), min(hi, high)) for lo, hi in ranges if max(lo, low) < min(hi, high)]
