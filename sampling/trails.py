"""Which pairs of links might be one relationship: only these need the trail test."""

from __future__ import annotations

from itertools import product

from kg.cypher.shape import Link, Shape
from kg.snapshot.snapshot import Snapshot


def may_coincide(shape: Shape, pair: tuple[int, int], snapshot: Snapshot) -> bool:
    """Whether the labels and types of the snapshot allow two links to be one relationship."""
    one, two = shape.links[pair[0]], shape.links[pair[1]]
    for (begin, end), (start, stop) in product(_ways(one), _ways(two)):
        for source, kind, target in snapshot.connections:
            if all(not link.types or kind in link.types for link in (one, two)) and _fits(
                shape, {begin, start}, {end, stop}, source, target
            ):
                return True
    return False


def _ways(link: Link) -> list[tuple[int, int]]:
    """(slot at the relationship's beginning, slot at its end) for each way to read a link."""
    forward, back = (link.source, link.target), (link.target, link.source)
    return [forward] if link.direction == 1 else [back] if link.direction == -1 else [forward, back]


def _fits(shape: Shape, begins: set[int], ends: set[int], source: str, target: str) -> bool:
    """Labels allow it; a slot at both ends needs one label for both."""
    if begins & ends and source != target:
        return False
    return all(_allows(shape, slot, source) for slot in begins) and all(_allows(shape, slot, target) for slot in ends)


def _allows(shape: Shape, slot: int, label: str) -> bool:
    labels = shape.slots[slot].labels
    return labels is None or label in labels
