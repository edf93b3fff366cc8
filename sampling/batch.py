"""Matches as numbers: one by one, as arrays, and where a stratum of them lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Walk:
    """A match by the numbers of its nodes and relationships."""

    rank: int
    """-1 where walks have no ranks."""
    shape: Shape
    nodes: tuple[int, ...]
    """By slot."""
    edges: tuple[int, ...]
    """By link."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Matches as arrays, in the order in which they were asked for."""

    ranks: Array
    """Shape (matches,), int64; -1 where walks have no ranks."""
    parts: Array
    """Index of each match's part."""
    nodes: Array
    """Shape (slots, matches), int32, as many slots as the largest part has."""
    edges: Array
    """Shape (links, matches), int64."""

    def __len__(self) -> int:
        return len(self.ranks)

    def keep(self, which: Array) -> Batch:
        """Some of the matches, by mask or by index."""
        places = np.flatnonzero(which) if which.dtype == bool else which
        return Batch(self.ranks[places], self.parts[places], self.nodes.take(places, 1), self.edges.take(places, 1))


@dataclass(frozen=True, slots=True)
class Span:
    """Roots [lo, hi) of one part: where a stratum lies."""

    part: int
    lo: int
    hi: int
