"""Symmetries of a pattern: permutations of its positions and relationships under which it says the same.

`(a:Chunk)--(b:Chunk)` matches each pair twice, and so does `(f)-[:SUBJECT]->(e)<-[:SUBJECT]-(g) WHERE f.quantity <>
g.quantity`. Where such matches count once, the one whose numbers come first stands for all: exact, and without memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kg.cypher.form import form
from kg.cypher.shape import Link, Mask, Shape

Array = npt.NDArray[Any]

MOST: Final = 8
"""Positions; a larger pattern is not searched for symmetries."""


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Slot k takes what stands at `slots[k]`, link k what stands at `links[k]`."""

    slots: tuple[int, ...]
    links: tuple[int, ...]

    def first(self, nodes: Array, edges: Array) -> Array:
        """Which walks come before their image, or are it; by nodes, then by relationships. Shape (walks,), bool."""
        before = np.zeros(nodes.shape[1], bool)
        equal = np.ones(nodes.shape[1], bool)
        pairs = [(nodes[k], nodes[image]) for k, image in enumerate(self.slots) if k != image]
        pairs += [(edges[k], edges[image]) for k, image in enumerate(self.links) if k != image]
        for mine, theirs in pairs:
            before |= equal & (mine < theirs)
            equal &= mine == theirs
        found: Array = before | equal
        return found


def symmetries(shape: Shape) -> list[Symmetry]:
    """All symmetries of a shape but the identity."""
    count = len(shape.slots)
    if count > MOST:
        return []
    alike = [_kind(shape, k) for k in range(count)]
    conditions = _conditions(shape, range(count), range(len(shape.links)))
    found = []
    for slots in permutations(range(count)):
        if all(alike[k] == alike[image] for k, image in enumerate(slots)):
            for links in _links(shape, slots):
                identity = slots == tuple(range(count)) and links == tuple(range(len(links)))
                if not identity and _conditions(shape, slots, links) == conditions:
                    found.append(Symmetry(slots, links))
    return found


def _kind(shape: Shape, k: int) -> Any:
    slot = shape.slots[k]
    labels = None if slot.labels is None else frozenset(slot.labels)
    outer = any((node := shape.plan.node(name)) is not None and node.outer for name in slot.names)
    return labels, _forms(slot.masks), k if outer else None


def _forms(masks: Sequence[Mask]) -> tuple[str, ...]:
    """Conditions on one element, whatever it is called."""
    return tuple(sorted({repr(form(part, {name: "it"})) for name, part in masks}))


def _links(shape: Shape, slots: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to send links to links that fits a permutation of the slots."""

    def extend(k: int, taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if k == len(shape.links):
            yield taken
            return
        for image in range(len(shape.links)):
            if image not in taken and _fits(shape.links[k], shape.links[image], slots):
                yield from extend(k + 1, (*taken, image))

    return extend(0, ())


def _fits(link: Link, image: Link, slots: Sequence[int]) -> bool:
    if (frozenset(link.types), link.clause, _forms(link.masks)) != (
        frozenset(image.types),
        image.clause,
        _forms(image.masks),
    ):
        return False
    ends, forward = (slots[link.source], slots[link.target]), (image.source, image.target)
    if ends == forward and link.direction == image.direction:
        return True
    return ends == forward[::-1] and link.direction == -image.direction


def _conditions(shape: Shape, slots: Sequence[int], links: Sequence[int]) -> Counter[str]:
    """Conditions on several elements, with the elements called by their images."""
    names = {name: f"n{slots[k]}" for name, k in shape.variables.items()}
    for name, numbers in shape.relationships.items():
        places = (numbers,) if isinstance(numbers, int) else numbers
        names[name] = "r" + ",".join(str(links[k]) for k in places)
    for name, (nodes, numbers) in shape.paths.items():
        names[name] = f"p{[slots[k] for k in nodes]}{[links[k] for k in numbers]}"
    return Counter(repr(form(part.expression, names)) for part in shape.cross)
