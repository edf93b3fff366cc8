"""Counting by dynamic programming over a join tree, and unranking: a bijection between ranks and matches.

Notation:
    f(v)        completions of the pattern below a slot at node v, shape (n,), int64
    S_c(v)      sum of f over v's places in branch c
    cum         prefix sums over a branch's places; None where every place counts 1

    f(v) = mask(v) * prod over branches c of S_c(v);   walks = sum of f at the root

Source: Zhao et al. 2018, "Random Sampling over Joins Revisited" (exact weights). A rank's digits, one per branch, are
mixed radix: `rest, digit = divmod(rest, S_c(v))`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape
from kg.snapshot.evaluate_masks import Masks
from sampling.tree import Branch, Tree
from schemas.errors import CountOverflowError

Array = npt.NDArray[Any]

MOST: Final = 9e18
"""Matches that int64 counts with room for the guard's rounding."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A branch without dead places, with its weights."""

    parent: int
    child: int
    link: int
    lo: Array
    hi: Array
    indices: Array
    edge_ids: Array | None
    cum: Array | None
    """Shape (places + 1,), int64; None: every place counts 1."""
    sums: Array
    """S_c, shape (n,), int64."""
    last: bool
    """Last branch of its parent: what is left of the rank is the digit."""


@final
class Unranker:
    """Ranks [0, total) of the walks of a tree: matches, and what rejection still has to take out."""

    def __init__(self, shape: Shape, tree: Tree, masks: Masks, order: Array | None = None) -> None:
        """`order`: sort key of the root's nodes, shape (n,); ranks ascend with it, then with the node."""
        self.shape, self.tree = shape, tree
        self.slots, self.links = len(shape.slots), len(shape.links)
        weights = {k: masks.nodes(slot).astype(np.int64) for k, slot in enumerate(shape.slots)}
        made: list[Weighted] = []
        seen: set[int] = set()
        for branch in reversed(tree.branches):
            weighted = _weigh(
                branch, weights[branch.child], _edges(shape, branch, masks), last=branch.parent not in seen
            )
            seen.add(branch.parent)
            made.append(weighted)
            weights[branch.parent] = _product(weights[branch.parent], weighted.sums)
        self.branches = tuple(reversed(made))
        top = weights[tree.root]
        nodes = np.flatnonzero(top)
        if order is not None:
            nodes = nodes[np.argsort(order[nodes], kind="stable")]
        _guard(top[nodes])
        self.roots = nodes.astype(np.int32)
        """Nodes at the root with a match, in the order of ranks."""
        self.starts = np.concatenate(([0], np.cumsum(top[nodes], dtype=np.int64)))
        """First rank of each root, shape (roots + 1,)."""
        self.total = int(self.starts[-1])

    def unrank(self, ranks: Array) -> tuple[Array, Array]:
        """Nodes, shape (ranks, slots), int32, and relationships, shape (ranks, links), int64; -1: not in the tree."""
        nodes = np.empty((self.slots, len(ranks)), np.int32)
        edges = np.full((self.links, len(ranks)), -1, np.int64)
        rest: dict[int, Array] = {}
        place = np.searchsorted(self.starts, ranks, side="right") - 1
        nodes[self.tree.root] = self.roots[place]
        rest[self.tree.root] = ranks - self.starts[place]
        for branch in self.branches:
            near = nodes[branch.parent]
            digit = rest[branch.parent]
            if not branch.last:
                rest[branch.parent], digit = np.divmod(digit, branch.sums[near])
            if branch.cum is None:
                at = branch.lo[near] + digit
                rest[branch.child] = np.zeros(len(ranks), np.int64)
            else:
                wanted = branch.cum[branch.lo[near]] + digit
                at = np.searchsorted(branch.cum, wanted, side="right") - 1
                rest[branch.child] = wanted - branch.cum[at]
            nodes[branch.child] = branch.indices[at]
            if branch.link >= 0 and branch.edge_ids is not None:
                edges[branch.link] = branch.edge_ids[at]
        return nodes.T, edges.T

    def rank(self, nodes: Array, edges: Array) -> Array:
        """Ranks of walks, the inverse of `unrank`; for tests and for finding a match again."""
        rest: dict[int, Array] = {}
        for branch in reversed(self.branches):
            at = _places(branch, nodes[:, branch.parent], nodes[:, branch.child], edges)
            below = rest.pop(branch.child, np.zeros(len(nodes), np.int64))
            near = nodes[:, branch.parent]
            digit = at - branch.lo[near] if branch.cum is None else branch.cum[at] - branch.cum[branch.lo[near]] + below
            above = rest.get(branch.parent, np.zeros(len(nodes), np.int64))
            rest[branch.parent] = digit if branch.last else above * branch.sums[near] + digit
        place = np.empty(int(self.roots.max(initial=-1)) + 1, np.int64)
        place[self.roots] = np.arange(len(self.roots))
        top = rest.get(self.tree.root, np.zeros(len(nodes), np.int64))
        return self.starts[place[nodes[:, self.tree.root]]] + top


def _edges(shape: Shape, branch: Branch, masks: Masks) -> Array | None:
    return None if branch.link < 0 else masks.edges(shape.links[branch.link])


def _weigh(branch: Branch, weights: Array, edges: Array | None, *, last: bool) -> Weighted:
    """Drop places that count 0, and prefix sums where not all others count 1."""
    counts = weights[branch.indices]
    if edges is not None and branch.edge_ids is not None:
        counts = counts * edges[branch.edge_ids]
    lo, hi, indices, edge_ids = branch.lo, branch.hi, branch.indices, branch.edge_ids
    keep = counts > 0
    if not keep.all():
        moved = np.concatenate(([0], np.cumsum(keep, dtype=np.int64)))
        lo, hi = moved[lo], moved[hi]
        indices, counts = indices[keep], counts[keep]
        edge_ids = None if edge_ids is None else edge_ids[keep]
    cum: Array | None = None
    if len(counts) and int(counts.max()) > 1:
        _guard(counts)
        cum = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        sums = cum[hi] - cum[lo]
    else:
        sums = hi - lo
    return Weighted(branch.parent, branch.child, branch.link, lo, hi, indices, edge_ids, cum, sums, last)


def _product(one: Array, two: Array) -> Array:
    if len(one) and float((one.astype(np.float64) * two.astype(np.float64)).max()) > MOST:
        raise _overflow()
    return one * two


def _guard(counts: Array) -> None:
    if float(counts.sum(dtype=np.float64)) > MOST:
        raise _overflow()


def _overflow() -> CountOverflowError:
    return CountOverflowError("more than 9e18 matches: narrow the pattern with a label, a type or a condition")


def _places(branch: Weighted, near: Array, far: Array, edges: Array) -> Array:
    out = np.empty(len(near), np.int64)
    for k, (one, two) in enumerate(zip(near.tolist(), far.tolist(), strict=True)):
        lo, hi = int(branch.lo[one]), int(branch.hi[one])
        fits = branch.indices[lo:hi] == two
        if branch.edge_ids is not None:
            fits &= branch.edge_ids[lo:hi] == edges[k, branch.link]
        out[k] = lo + int(np.flatnonzero(fits)[0])
    return out
