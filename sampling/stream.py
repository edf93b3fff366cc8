"""Matches of a set of ranks in the order of a keyed permutation: uniform, without replacement, prefix-stable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from sampling.permutation import Permutation
from sampling.population import BATCH, Population, Walk, permuted

Array = npt.NDArray[Any]

FIRST: Final = 256
"""Ranks of the first batch; each later one is twice as large."""
POOR: Final = 1e-3
"""Below this share of accepted ranks the stratum is enumerated instead, if it is small enough."""
PATIENCE: Final = 1 << 16
"""Ranks that are tried before the share is judged."""
ENUMERABLE: Final = 20_000_000
"""Ranks that may be enumerated: about a minute."""
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


@final
class Stream:
    """Drawn walks of a stratum, given by ranges of ranks."""

    def __init__(
        self, pop: Population, ranges: Sequence[tuple[int, int]], seed: int, effort: Effort, *stratum: str
    ) -> None:
        self.pop, self.ranges, self.effort = pop, list(ranges), effort
        sizes = np.array([hi - lo for lo, hi in self.ranges], np.int64)
        self._offsets = np.concatenate(([0], np.cumsum(sizes)))
        self._shift = np.array([lo for lo, _ in self.ranges], np.int64) - self._offsets[:-1]
        self.size = int(self._offsets[-1])
        self.order: Permutation = permuted(seed, pop.template, self.size, *stratum)

    def __iter__(self) -> Iterator[Walk]:
        position, batch, hits, tries = 0, FIRST, 0, 0
        while position < self.size:
            end = min(position + batch, self.size)
            walks = self.pop.walks(self._ranks(np.arange(position, end, dtype=np.int64)))
            looked, position = end - position, end
            tries, hits = tries + looked, hits + len(walks)
            self.effort.tries += looked
            self.effort.hits += len(walks)
            yield from walks
            if tries >= PATIENCE and hits < POOR * tries and self.size <= ENUMERABLE:
                yield from self._enumerated(position)
                return
            if tries >= MOST_TRIES:
                self.effort.gave_up += 1
                return
            batch = min(2 * batch, BATCH)

    def _ranks(self, positions: Array) -> Array:
        """Ranks at places of the drawn order."""
        places = self.order.apply(positions)
        return places + self._shift[np.searchsorted(self._offsets, places, side="right") - 1]

    def _enumerated(self, position: int) -> Iterator[Walk]:
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
            yield from self.pop.walks(ranks[start : start + BATCH])
