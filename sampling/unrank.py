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
NONE: Final = np.zeros(1, np.int64)


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
    """Shape (places + 1,), int32 where it fits, else int64; None: every place counts 1."""
    sums: Array | None
    """S_c, shape (n,), int64; None: the last branch of its parent, where what is left of the rank is the digit."""


@final
class Unranker:
    """Ranks [0, total) of the walks of a tree: matches, and what rejection still has to take out."""

    def __init__(self, shape: Shape, tree: Tree, masks: Masks, order: Array) -> None:
        """`order`: sort key of the root's nodes, shape (n,); ranks ascend with it, then with the node.

        Raises: CountOverflowError: more than 9e18 walks.
        """
        self.shape, self.tree = shape, tree
        self.slots, self.links = len(shape.slots), len(shape.links)
        weights = {k: masks.nodes(slot).astype(np.int64) for k, slot in enumerate(shape.slots)}
        made: list[Weighted] = []
        seen: set[int] = set()
        for branch in reversed(tree.branches):
            last = branch.parent not in seen
            seen.add(branch.parent)
            weighted, sums = _weigh(branch, weights.pop(branch.child), edge_mask(shape, branch, masks), last=last)
            made.append(weighted)
            weights[branch.parent] = _product(weights[branch.parent], sums)
        self.branches = tuple(reversed(made))
        self.roots, top = rooted(weights[tree.root], order)
        """Nodes at the root with a match, int32, in the order of ranks."""
        _guard(top)
        self.starts = _prefix(top)
        """First rank of each root, shape (roots + 1,)."""
        self.total = int(self.starts[-1])

    def unrank(self, ranks: Array) -> tuple[Array, Array]:
        """Nodes, shape (slots, ranks), int32, and relationships, shape (links, ranks), int64; -1: not in the tree."""
        nodes = np.empty((self.slots, len(ranks)), np.int32)
        edges = np.full((self.links, len(ranks)), -1, np.int64)
        rest: dict[int, Array] = {}
        place = np.searchsorted(self.starts, ranks, side="right") - 1
        nodes[self.tree.root] = self.roots[place]
        rest[self.tree.root] = ranks - self.starts[place]
        for branch in self.branches:
            near = nodes[branch.parent]
            # Where a branch counts 1 at every place, all below has one completion: no digit is left.
            digit = rest.get(branch.parent, NONE)
            if branch.sums is not None and digit is not NONE:
                rest[branch.parent], digit = np.divmod(digit, branch.sums[near])
            if branch.cum is None:
                at = branch.lo[near] + digit
            else:
                wanted = (branch.cum[branch.lo[near]] + digit).astype(branch.cum.dtype, copy=False)
                at = np.searchsorted(branch.cum, wanted, side="right") - 1
                rest[branch.child] = (wanted - branch.cum[at]).astype(np.int64, copy=False)
            nodes[branch.child] = branch.indices[at]
            if branch.link >= 0 and branch.edge_ids is not None:
                edges[branch.link] = branch.edge_ids[at]
        return nodes, edges

    def rank(self, nodes: Array, edges: Array) -> Array:
        """Ranks of walks, the inverse of `unrank`, from its arrays."""
        rest: dict[int, Array] = {}
        zero = np.zeros(nodes.shape[1], np.int64)
        for branch in reversed(self.branches):
            near = nodes[branch.parent]
            at = _places(branch, near, nodes[branch.child], edges)
            lo = branch.lo[near]
            digit = at - lo if branch.cum is None else (branch.cum[at] - branch.cum[lo]) + rest.pop(branch.child, zero)
            above = rest.get(branch.parent, zero)
            rest[branch.parent] = digit if branch.sums is None else above * branch.sums[near] + digit
        place = np.empty(int(self.roots.max(initial=-1)) + 1, np.int64)
        place[self.roots] = np.arange(len(self.roots))
        found: Array = self.starts[place[nodes[self.tree.root]]] + rest.get(self.tree.root, zero)
        return found


def edge_mask(shape: Shape, branch: Branch, masks: Masks) -> Array | None:
    """Edges that a branch's link allows; None: all."""
    return None if branch.link < 0 else masks.edges(shape.links[branch.link])


def rooted(weights: Array, order: Array) -> tuple[Array, Array]:
    """(nodes that weigh anything, int32, their weights) in the order of a key, then of the nodes."""
    nodes = np.flatnonzero(weights)
    nodes = nodes[np.argsort(order[nodes], kind="stable")]
    return nodes.astype(np.int32), weights[nodes]


def alive(branch: Branch, weights: Array, edges: Array | None) -> tuple[Branch, Array]:
    """The branch without places that count 0, and the counts of the others; nothing is copied where all count."""
    counts = weights[branch.indices]
    if edges is not None and branch.edge_ids is not None:
        counts *= edges[branch.edge_ids]
    keep = counts != 0
    if keep.all():
        return branch, counts
    moved = _prefix(keep)
    edge_ids = None
    if branch.edge_ids is not None:
        edge_ids = branch.edge_ids[keep]
        if not len(edge_ids) or edge_ids.max() < 2**31:
            edge_ids = edge_ids.astype(np.int32)
    lo, hi = _moved(moved, branch.lo, branch.hi)
    kept = Branch(branch.parent, branch.child, branch.link, lo, hi, branch.indices[keep], edge_ids)
    return kept, counts[keep]


def _moved(moved: Array, lo: Array, hi: Array) -> tuple[Array, Array]:
    """Bounds after dead places are gone; those of a CSR stay two views of one array."""
    if lo.base is not None and lo.base is hi.base and len(lo) and lo.ctypes.data + lo.itemsize == hi.ctypes.data:
        pointers = moved[np.append(lo, hi[-1])]
        return pointers[:-1], pointers[1:]
    return moved[lo], moved[hi]


def _prefix(counts: Array) -> Array:
    out = np.empty(len(counts) + 1, np.int64)
    out[0] = 0
    np.cumsum(counts, out=out[1:])
    return out


def _weigh(branch: Branch, weights: Array, edges: Array | None, *, last: bool) -> tuple[Weighted, Array]:
    """The branch with prefix sums where not all places count 1, and S_c."""
    kept, counts = alive(branch, weights, edges)
    cum: Array | None = None
    if len(counts) and int(counts.max()) > 1:
        _guard(counts)
        cum = _prefix(counts)
        if cum[-1] < 2**31:
            cum = cum.astype(np.int32)
        sums = (cum[kept.hi] - cum[kept.lo]).astype(np.int64, copy=False)
    else:
        sums = kept.hi - kept.lo
    made = Weighted(
        branch.parent,
        branch.child,
        branch.link,
        kept.lo,
        kept.hi,
        kept.indices,
        kept.edge_ids,
        cum,
        None if last else sums,
    )
    return made, sums


def _product(one: Array, two: Array) -> Array:
    if len(one) and float((one.astype(np.float64) * two.astype(np.float64)).max()) > MOST:
        raise _overflow()
    return one * two


def _guard(counts: Array) -> None:
    if float(counts.sum(dtype=np.float64)) > MOST:
        raise _overflow()


def _overflow() -> CountOverflowError:
    return CountOverflowError("more than 9e18 matches: int64 does not number them")


def _places(branch: Weighted, near: Array, far: Array, edges: Array) -> Array:
    out = np.empty(len(near), np.int64)
    for k, (one, two) in enumerate(zip(near.tolist(), far.tolist(), strict=True)):
        lo, hi = int(branch.lo[one]), int(branch.hi[one])
        fits = branch.indices[lo:hi] == two
        if branch.edge_ids is not None:
            fits &= branch.edge_ids[lo:hi] == edges[branch.link, k]
        out[k] = lo + int(np.flatnonzero(fits)[0])
    return out
