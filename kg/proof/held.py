"""Which pieces hold a claim, without writing all of them down: common words stand in half of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.snapshot.evaluate_search import common

Array = npt.NDArray[Any]

NOWHERE: Final = np.zeros(0, np.int32)


@final
@dataclass(frozen=True, slots=True)
class Held:
    """A union of intersections of ascending lists of pieces."""

    pieces: int
    """Number of all pieces."""
    ways: tuple[tuple[Array, ...], ...]
    """Each way: lists that a piece must be in, the shortest first; none: every piece."""

    @property
    def most(self) -> int:
        """At most so many pieces hold the claim."""
        return sum(len(way[0]) if way else self.pieces for way in self.ways)

    def within(self, numbers: Array) -> Array:
        """Those of some pieces that hold the claim."""
        return united([_narrowed(numbers, way) for way in self.ways])

    def all(self) -> Array:
        """All pieces that hold the claim, ascending, int32."""
        every = np.arange(0 if all(self.ways) else self.pieces, dtype=np.int32)
        return united([_narrowed(way[0], way[1:]) if way else every for way in self.ways])


def _narrowed(numbers: Array, lists: Iterable[Array]) -> Array:
    for one in lists:
        if not len(numbers):
            break
        numbers = common(numbers, one)
    return numbers


def united(found: Sequence[Array]) -> Array:
    """Union of ascending lists of distinct pieces, ascending."""
    some = [numbers for numbers in found if len(numbers)]
    if len(some) < 2:
        return some[0] if some else NOWHERE
    return np.unique(np.concatenate(some))


def all_held(pieces: int, claims: Iterable[Held]) -> Array:
    """Pieces that hold every claim, ascending: from the claim that fewest hold."""
    first, *others = sorted(claims, key=lambda held: held.most) or [Held(pieces, ((),))]
    found = first.all()
    for held in others:
        if not len(found):
            break
        found = held.within(found)
    return found
