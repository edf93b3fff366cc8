"""The join tree of a shape: a root, branches from parent to child, and links that close cycles.

Notation:
    n           nodes of the snapshot
    branch      one parent slot, one child slot; node v has the places [lo[v], hi[v]) of `indices` as neighbours
    join        a branch without a link: `a.p = b.q` between two parts of the pattern, places grouped by value
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.cypher import ast
from kg.cypher.plan import Side, equality
from kg.cypher.shape import Cross, Shape
from kg.snapshot.evaluate_masks import Masks, value_key
from schemas.errors import TemplateError

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Branch:
    parent: int
    child: int
    link: int
    """Index of the link; -1 for a join by value."""
    lo: Array
    """Shape (n,), int64."""
    hi: Array
    indices: Array
    """Nodes at the child, int32."""
    edge_ids: Array | None
    """None for a join."""


@dataclass(frozen=True, slots=True)
class Tree:
    root: int
    branches: tuple[Branch, ...]
    """Parents before children."""
    closing: tuple[int, ...]
    """Links outside the tree."""
    left: tuple[Cross, ...]
    """Conditions that no join satisfies: for rejection."""


def build(shape: Shape, masks: Masks, root: int) -> Tree:
    """Span the shape's slots.

    Args:
        shape: of a template.
        masks: of the snapshot.
        root: slot at the root.

    Raises:
        TemplateError: parts of the pattern are joined neither by hops nor by an equality of properties.
    """
    kept = _spanning(shape, masks)
    branches: list[Branch] = []
    placed: list[int] = []
    used: list[Cross] = []
    _grow(shape, masks, kept, root, placed, branches)
    while len(placed) < len(shape.slots):
        join = _next_join(shape, placed)
        if join is None:
            raise _disconnected(shape, placed)
        parent, child, conditions, pairs = join
        used.extend(conditions)
        branches.append(_join(masks, shape, parent, child, pairs))
        _grow(shape, masks, kept, child, placed, branches)
    left = tuple(part for part in shape.cross if not any(part is other for other in used))
    closing = tuple(k for k in range(len(shape.links)) if k not in kept)
    return Tree(root, tuple(branches), closing, left)


def _spanning(shape: Shape, masks: Masks) -> set[int]:
    """Links of the spanning forest: those of few edges first, so that what closes a cycle rejects least."""
    group = list(range(len(shape.slots)))

    def find(slot: int) -> int:
        while group[slot] != slot:
            slot = group[slot]
        return slot

    def edges(k: int) -> tuple[int, int]:
        return len(masks.snapshot.adjacency(shape.links[k].types or None, 1).indices), k

    kept = set()
    for k in sorted(range(len(shape.links)), key=edges):
        one, two = find(shape.links[k].source), find(shape.links[k].target)
        if one != two:
            group[one] = two
            kept.add(k)
    return kept


def _grow(shape: Shape, masks: Masks, kept: set[int], slot: int, placed: list[int], branches: list[Branch]) -> None:
    """Place a slot and everything that hops of the forest join to it, breadth first."""
    queue = [slot]
    placed.append(slot)
    while queue:
        parent = queue.pop(0)
        for k in sorted(kept):
            link = shape.links[k]
            if parent not in (link.source, link.target):
                continue
            child = link.target if parent == link.source else link.source
            if child in placed:
                continue
            direction = link.direction if parent == link.source else -link.direction
            csr = masks.snapshot.adjacency(link.types or None, direction)
            branches.append(Branch(parent, child, k, csr.indptr[:-1], csr.indptr[1:], csr.indices, csr.edge_ids))
            placed.append(child)
            queue.append(child)


Pairs = list[tuple[Side, Side]]
"""(side at the parent, side at the child)."""


def _next_join(shape: Shape, placed: list[int]) -> tuple[int, int, list[Cross], Pairs] | None:
    """Equalities between one placed slot and one that is not; all of the first pair of slots together."""
    found: dict[tuple[int, int], tuple[list[Cross], Pairs]] = {}
    for part in shape.cross:
        for parent, mine, child, theirs in _equalities(shape, part.expression):
            if parent in placed and child not in placed:
                conditions, pairs = found.setdefault((parent, child), ([], []))
                conditions.append(part)
                pairs.append((mine, theirs))
    # Not the first in the text: ranks do not depend on the order of conditions.
    return min(((*pair, *what) for pair, what in found.items()), key=lambda join: join[:2], default=None)


def _equalities(shape: Shape, expression: ast.Expr) -> Iterator[tuple[int, Side, int, Side]]:
    """An equality read both ways, as (slot, side, slot, side)."""
    found = equality(shape.plan, expression)
    if found is not None:
        left, right = found
        one, two = shape.variables[left[0]], shape.variables[right[0]]
        yield one, left, two, right
        yield two, right, one, left


def _join(masks: Masks, shape: Shape, parent: int, child: int, pairs: Pairs) -> Branch:
    """Places grouped by value: nodes with the same value share them, so that a join of millions of pairs takes O(n)."""
    codes: dict[Any, int] = {}
    there, their_codes = _coded(masks, shape, child, [theirs for _, theirs in pairs], codes)
    here, my_codes = _coded(masks, shape, parent, [mine for mine, _ in pairs], codes)
    order = np.argsort(their_codes, kind="stable")
    starts = np.searchsorted(their_codes[order], np.arange(len(codes) + 1))
    lo, hi = np.zeros(masks.snapshot.n, np.int64), np.zeros(masks.snapshot.n, np.int64)
    lo[here], hi[here] = starts[my_codes], starts[my_codes + 1]
    return Branch(parent, child, -1, lo, hi, there[order].astype(np.int32), None)


def _coded(masks: Masks, shape: Shape, slot: int, sides: list[Side], codes: dict[Any, int]) -> tuple[Array, Array]:
    """Nodes at a slot without a null among these values, and the number of their values in `codes`."""
    allowed = masks.nodes(shape.slots[slot])
    nodes: list[int] = []
    numbers: list[int] = []
    for label in masks.labels(shape.slots[slot].labels):
        lo, hi = masks.snapshot.ranges[label]
        columns = [masks.values(label, name, expression) for name, expression in sides]
        for i in np.flatnonzero(allowed[lo:hi]).tolist():
            values = [column[i] for column in columns]
            if all(value is not None for value in values):
                nodes.append(lo + i)
                numbers.append(codes.setdefault(tuple(value_key(value) for value in values), len(codes)))
    return np.array(nodes, np.int64), np.array(numbers, np.int64)


def _disconnected(shape: Shape, placed: list[int]) -> TemplateError:
    names = {name for slot in placed for name in shape.slots[slot].names}
    node = next(node for node in shape.plan.nodes if node.name not in names)
    return TemplateError(
        f"`{node.name.lstrip('#')}` is joined to the rest of the pattern by nothing: every combination would match; "
        "add a hop, or an equality such as a.quantity = b.quantity",
        line=node.line,
        column=node.column,
    )
