"""Drawing by float64 weights: for patterns past int64, and for laws in which matches weigh differently.

Notation as in `sampling.unrank`, with weights in place of counts:
    w_k(v)      weight of node v at slot k; 1 for the uniform law
    f(v)        w(v) * prod over branches c of S_c(v), float64: the weight of all completions below v
    cum         prefix sums over a branch's places, each row scaled to 1, so that a row next to a hub keeps its digits

A walk is drawn from the root down, each place in proportion to its weight. The uniform numbers are a keyed hash of the
draw's position, so a draw depends on nothing before it. Shares are right to about 1e-10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape
from kg.snapshot.evaluate_masks import Masks
from sampling.permutation import Hashed
from sampling.tree import Branch, Tree
from sampling.unrank import alive, edge_mask, rooted
from schemas.errors import CountOverflowError

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Scaled:
    """A branch without dead places, with its scaled weights."""

    branch: Branch
    cum: Array | None
    """Shape (places + 1,), float64; None: all places weigh the same."""


@final
class Walker:
    """Draws walks of one tree."""

    def __init__(
        self,
        shape: Shape,
        tree: Tree,
        masks: Masks,
        order: Array,
        weights: Mapping[int, Array] | None = None,
        roots: Array | None = None,
    ) -> None:
        """Build the weights.

        Args:
            order: sort key of the root's nodes.
            weights: slot -> weight of each node, shape (n,); default 1.
            roots: nodes at the root; default: all that weigh anything, by `order`.

        Raises: CountOverflowError: more than float64 holds.
        """
        self.tree = tree
        self.slots, self.links = len(shape.slots), len(shape.links)
        below = {k: masks.nodes(slot).astype(np.float64) for k, slot in enumerate(shape.slots)}
        for k, factor in (weights or {}).items():
            below[k] *= factor
        made: list[Scaled] = []
        with np.errstate(over="ignore"):
            for branch in reversed(tree.branches):
                scaled, sums = _scale(branch, below.pop(branch.child), edge_mask(shape, branch, masks))
                made.append(scaled)
                below[branch.parent] *= sums
            top = below[tree.root]
            self.roots: Array
            self.masses: Array
            self.roots, self.masses = rooted(top, order) if roots is None else (roots, top[roots])
            self.total = float(self.masses.sum())
        if not np.isfinite(self.total):
            raise CountOverflowError("more than 1e308 matches: narrow the pattern with a label, a type or a condition")
        self.branches = tuple(reversed(made))

    def walks(self, roots: Array, positions: Array, numbers: Hashed) -> tuple[Array, Array]:
        """One walk from each root, an index into `roots`; nodes and relationships as `Unranker.unrank` gives them."""
        nodes = np.empty((self.slots, len(roots)), np.int32)
        edges = np.full((self.links, len(roots)), -1, np.int64)
        nodes[self.tree.root] = self.roots[roots]
        for k, scaled in enumerate(self.branches):
            branch, u = scaled.branch, numbers.uniform(positions, k + 2)
            near = nodes[branch.parent]
            lo, hi = branch.lo[near], branch.hi[near]
            if scaled.cum is None:
                at = lo + (u * (hi - lo)).astype(np.int64)
            else:
                low, high = scaled.cum[lo], scaled.cum[hi]
                at = np.searchsorted(scaled.cum, low + u * (high - low), side="right") - 1
            at = np.clip(at, lo, hi - 1)  # rounding at the ends of a row
            nodes[branch.child] = branch.indices[at]
            if branch.link >= 0 and branch.edge_ids is not None:
                edges[branch.link] = branch.edge_ids[at]
        return nodes, edges


def _scale(branch: Branch, weights: Array, edges: Array | None) -> tuple[Scaled, Array]:
    """The scaled branch and S_c, shape (n,)."""
    kept, counts = alive(branch, weights, edges)
    if not len(counts) or counts.min() == counts.max():
        each = float(counts[0]) if len(counts) else 0.0
        return Scaled(kept, None), (kept.hi - kept.lo) * each
    full = kept.hi > kept.lo
    # Rows either share their places (a join by value) or have none in common: cut wherever one begins or ends.
    cuts = np.unique(np.concatenate(([0], kept.lo[full], kept.hi[full])))
    cuts = cuts[cuts < len(counts)]
    sums = np.add.reduceat(counts, cuts)
    cum = np.empty(len(counts) + 1)
    cum[0] = 0.0
    np.cumsum(counts / np.repeat(sums, np.diff(np.append(cuts, len(counts)))), out=cum[1:])
    row = np.minimum(np.searchsorted(cuts, kept.lo), len(cuts) - 1)
    return Scaled(kept, cum), np.where(full, sums[row], 0.0)
