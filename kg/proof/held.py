"""Which pieces hold a claim, without writing all of them down: common words stand in half of a corpus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from kg.snapshot.evaluate_search import among, common

Array = npt.NDArray[Any]


@final
@dataclass(frozen=True, slots=True)
class Held:
    """A union of intersections of ascending lists of pieces."""

    pieces: int
    """Number of all pieces."""
    ways: tuple[tuple[Array, ...], ...]
    """Each way: lists that a piece must be in; none: every piece."""

    @property
    def most(self) -> int:
        """At most so many pieces hold the claim."""
        return sum(min((len(one) for one in way), default=self.pieces) for way in self.ways)

    def within(self, numbers: Array) -> Array:
        """Those of some pieces that hold the claim."""
        keep = np.zeros(len(numbers), bool)
        for way in self.ways:
            left = np.flatnonzero(~keep)
            for one in sorted(way, key=len):
                if not len(left):
                    break
                left = left[among(numbers[left], one)] if len(one) else left[:0]
            keep[left] = True
        return numbers[keep]

    def all(self) -> Array:
        """All pieces that hold the claim, ascending, int32."""
        found = [self._way(way) for way in self.ways]
        if len(found) == 1:
            return found[0]
        return np.unique(np.concatenate([np.zeros(0, np.int32), *found])).astype(np.int32)

    def _way(self, way: tuple[Array, ...]) -> Array:
        if not way:
            return np.arange(self.pieces, dtype=np.int32)
        found, *others = sorted(way, key=len)
        for one in others:
            found = common(found, one)
        return found


def all_held(pieces: int, claims: Iterable[Held]) -> Array:
    """Pieces that hold every claim, ascending: from the claim that fewest hold."""
    first, *others = sorted(claims, key=lambda held: held.most) or [Held(pieces, ((),))]
    found = first.all()
    for held in others:
        if not len(found):
            break
        found = held.within(found)
    return found
