"""The population of a template on a snapshot: all its matches.

A plan has shapes, one for each combination of lengths; each shape is a part. A part's walks (assignments along its join
tree) are numbered by ranks, one part after the other, times the parallel edges of links that close a cycle. Some ranks
are no match (`accept`): the matches are the accepted ranks.

Past int64 there are no ranks: walks are drawn by float64 weights (`sampling.walker`) and accepted likewise, so the law
is the same. How many walks there are is exact all the same, see `sampling.residues`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher.shape import Shape, shapes
from kg.cypher.template import Template
from kg.snapshot.evaluate import engine
from kg.snapshot.snapshot import Snapshot
from sampling.batch import Batch, Span, Walk
from sampling.keys import Key, Keys
from sampling.permutation import Hashed, Permutation
from sampling.reject import Rejection
from sampling.residues import count_walks
from sampling.tree import Tree, build
from sampling.unrank import MOST, Unranker
from sampling.walker import Walker
from sampling.weights import slot_weights
from schemas.errors import CountOverflowError

Array = npt.NDArray[Any]

BATCH: Final = 1 << 17
"""Ranks that are worked on at once: some tens of megabytes."""
GROUPED: Final = 50_000
"""Matches that are grouped into strata at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """One shape of the plan."""

    shape: Shape
    tree: Tree
    unranker: Unranker | None
    """None: more walks than int64 numbers."""
    rejection: Rejection
    walks: int
    first: int
    """Its first rank."""

    @property
    def size(self) -> int:
        """Ranks: walks, times the parallel edges that each might have."""
        return self.walks * self.rejection.factor


@final
class Population:
    """Build with `population`, which keeps the last few."""

    def __init__(self, template: Template, snapshot: Snapshot, key: Key) -> None:
        """`key`: its variable is the root of the trees, its values sort the root's nodes."""
        self.template, self.snapshot, self.variable = template, snapshot, key.variable
        self.order, self.names = key.codes()
        self.parts: list[Part] = []
        self.total = 0
        """Ranks, exact whatever their number."""
        for shape in shapes(template.plan):
            self.parts.append(self._part(shape))
            self.total += self.parts[-1].size
        self.ranked = self.total <= MOST and all(part.unranker is not None for part in self.parts)
        """Whether ranks fit into int64."""
        self.slots = max(len(part.shape.slots) for part in self.parts)
        self.links = max(len(part.shape.links) for part in self.parts)

    def _part(self, shape: Shape) -> Part:
        made = engine(self.snapshot)
        tree = build(shape, made.masks, shape.variables[self.variable])
        once = self.template.header.symmetric == "once"
        rejection = Rejection(shape, tree, made.masks, made.subquery, once=once)
        try:
            unranker = Unranker(shape, tree, made.masks, self.order)
        except CountOverflowError:
            about = Walker(shape, tree, made.masks, self.order).total
            return Part(shape, tree, None, rejection, count_walks(shape, tree, made.masks, about), self.total)
        return Part(shape, tree, unranker, rejection, unranker.total, self.total)

    @property
    def exact(self) -> bool:
        """Every rank is a match."""
        return all(part.rejection.none or not part.size for part in self.parts)

    @cached_property
    def few(self) -> bool:
        """Whether so few matches are expected that they are grouped into strata all at once."""
        if self.total <= GROUPED or not self.ranked:
            return self.total <= GROUPED
        tries = min(BATCH, self.total)
        order = Permutation(self.total, "few", self.template.key)
        return self.count(order.apply(np.arange(tries, dtype=np.int64))) * self.total <= GROUPED * tries

    @cached_property
    def uniform_walkers(self) -> list[Walker]:
        """One for each part, every walk of equal weight."""
        masks = engine(self.snapshot).masks
        return [Walker(part.shape, part.tree, masks, self.order) for part in self.parts]

    @cached_property
    def walkers(self) -> list[Walker]:
        """One for each part, by the law of the header."""
        if self.template.header.law == "uniform":
            return self.uniform_walkers
        masks = engine(self.snapshot).masks
        return [
            Walker(
                part.shape,
                part.tree,
                masks,
                self.order,
                slot_weights(self.template, part.shape, self.snapshot),
                self.roots(k),
            )
            for k, part in enumerate(self.parts)
        ]

    # Ranks -----------------------------------------------------------------------------------------------------------

    def accepted(self, ranks: Array) -> Iterator[tuple[int, Array, Array, Array]]:
        """(part, positions in `ranks`, nodes by slot, relationships by link) of the ranks that are matches."""
        for number, part in enumerate(self.parts):
            inside = np.flatnonzero((ranks >= part.first) & (ranks < part.first + part.size))
            if not len(inside) or part.unranker is None:
                continue
            # Sorted ranks read memory in order, which is faster by half; the positions put the order back.
            inside = inside[np.argsort(ranks[inside])]
            walks, digits = np.divmod(ranks[inside] - part.first, part.rejection.factor)
            nodes, edges = part.unranker.unrank(walks)
            if part.rejection.none:
                yield number, inside, nodes, edges
                continue
            ok = part.rejection.accept(nodes, edges, digits)
            yield number, inside[ok], nodes[:, ok], edges[:, ok]

    def count(self, ranks: Array) -> int:
        """How many of these ranks are matches."""
        return sum(len(positions) for _, positions, _, _ in self.accepted(ranks))

    def batch(self, ranks: Array) -> Batch:
        """The matches among these ranks, in their order."""
        return self._ordered(ranks, self.accepted(ranks))

    def _ordered(self, ranks: Array, found: Iterator[tuple[int, Array, Array, Array]]) -> Batch:
        parts = np.full(len(ranks), -1, np.int16)
        nodes = np.full((self.slots, len(ranks)), -1, np.int32)
        edges = np.full((self.links, len(ranks)), -1, np.int64)
        for number, positions, some_nodes, some_edges in found:
            parts[positions] = number
            for row, line in zip(nodes, some_nodes, strict=False):
                row[positions] = line
            for numbers, line in zip(edges, some_edges, strict=False):
                numbers[positions] = line
        batch = Batch(ranks, parts, nodes, edges)
        there = parts >= 0
        return batch if there.all() else batch.keep(there)

    def walk_of(self, batch: Batch) -> Iterator[Walk]:
        """The matches of a batch, one by one."""
        rows = zip(
            batch.ranks.tolist(), batch.parts.tolist(), batch.nodes.T.tolist(), batch.edges.T.tolist(), strict=True
        )
        for rank, number, nodes, edges in rows:
            shape = self.parts[number].shape
            yield Walk(rank, shape, tuple(nodes[: len(shape.slots)]), tuple(edges[: len(shape.links)]))

    def walks(self, ranks: Array) -> list[Walk]:
        """The matches among these ranks, in their order, one by one."""
        return list(self.walk_of(self.batch(ranks)))

    def enumerate(self, ranges: Sequence[tuple[int, int]] | None = None) -> Array:
        """All ranks in some ranges that are matches, ascending within each range."""
        out = [np.zeros(0, np.int64)]
        for lo, hi in ranges or [(0, self.total)]:
            for start in range(lo, hi, BATCH):
                ranks = np.arange(start, min(start + BATCH, hi), dtype=np.int64)
                places = [positions for _, positions, _, _ in self.accepted(ranks)]
                out.append(np.sort(ranks[np.concatenate(places)]) if places else ranks[:0])
        return np.concatenate(out)

    # Weights ---------------------------------------------------------------------------------------------------------

    def drawn(
        self, spans: Sequence[Span], cum: Array, positions: Array, numbers: Hashed, walkers: Sequence[Walker] = ()
    ) -> Batch:
        """The matches among walks that are drawn by weight, one for each position, in their order.

        Args:
            spans: roots to draw from.
            cum: prefix sums of the weights of the roots of all spans, one after the other, scaled to 1.
            positions: keys of the draws.
            numbers: uniform numbers by position.
            walkers: by part; default: of the header's law.
        """
        walkers = walkers or self.walkers
        sizes = np.array([span.hi - span.lo for span in spans], np.int64)
        ends = np.cumsum(sizes)
        place = np.searchsorted(cum, numbers.uniform(positions, 1), side="right") - 1
        place = np.minimum(place, ends[-1] - 1)
        which = np.searchsorted(ends, place, side="right")
        root = place - (ends - sizes)[which] + np.array([span.lo for span in spans], np.int64)[which]
        part_of = np.array([span.part for span in spans], np.int64)[which]

        def found() -> Iterator[tuple[int, Array, Array, Array]]:
            for number, part in enumerate(self.parts):
                inside = np.flatnonzero(part_of == number)
                if len(inside):
                    nodes, edges = walkers[number].walks(root[inside], positions[inside], numbers)
                    digits = numbers.bits(positions[inside], 0) % np.uint64(part.rejection.factor)
                    ok = part.rejection.accept(nodes, edges, digits.astype(np.int64))
                    yield number, inside[ok], nodes[:, ok], edges[:, ok]

        return self._ordered(np.full(len(positions), -1, np.int64), found())

    # Strata ----------------------------------------------------------------------------------------------------------

    def everything(self) -> list[Span]:
        """All roots of all parts."""
        return [Span(k, 0, len(self.roots(k))) for k, part in enumerate(self.parts) if part.size]

    def reached(self, variable: str) -> Array:
        """Nodes at a variable that take part in a walk, shape (n,), bool."""
        found = np.zeros(self.snapshot.n, bool)
        for k, part in enumerate(self.parts):
            if part.size:
                found |= self._reached(k, part.shape.variables[variable])
        return found

    def _reached(self, k: int, slot: int) -> Array:
        part = self.parts[k]
        weighted = (
            part.unranker.branches if part.unranker else [made.branch for made in self.uniform_walkers[k].branches]
        )
        above = {branch.child: branch for branch in weighted}
        route = []
        while slot in above:
            route.append(above[slot])
            slot = above[slot].parent
        here = np.zeros(self.snapshot.n, bool)
        here[self.roots(k)] = True
        for branch in reversed(route):
            full = here & (branch.hi > branch.lo)
            ends = len(branch.indices) + 1
            depth = np.cumsum(
                np.bincount(branch.lo[full], minlength=ends) - np.bincount(branch.hi[full], minlength=ends)
            )
            here = np.zeros(self.snapshot.n, bool)
            here[branch.indices[depth[:-1] > 0]] = True
        return here

    def rank_of(self, walk: Walk) -> int:
        """The rank of a match that was drawn by weight; -1 where there are no ranks."""
        part = next(part for part in self.parts if part.shape is walk.shape)
        if not self.ranked or part.unranker is None:
            return -1
        nodes, edges = np.array(walk.nodes, np.int64)[:, None], np.array(walk.edges, np.int64)[:, None]
        rank = int(part.unranker.rank(nodes, edges)[0])
        return part.first + rank * part.rejection.factor + part.rejection.digits(nodes, edges)

    def by_code(self) -> dict[int, list[Span]]:
        """Roots by the sort key of the root's nodes. Keys without a match may occur."""
        found: dict[int, list[Span]] = {}
        for k, part in enumerate(self.parts):
            roots = self.roots(k)
            if part.size and len(roots):
                codes = self.order[roots]
                cuts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)])).tolist()
                for lo, hi in pairwise(cuts):
                    found.setdefault(int(codes[lo]), []).append(Span(k, lo, hi))
        return found

    def roots(self, k: int) -> Array:
        """Nodes at the root of a part, in the order of ranks."""
        unranker = self.parts[k].unranker
        return self.uniform_walkers[k].roots if unranker is None else unranker.roots

    def ranges(self, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Ranks of some roots, where there are ranks."""
        found = []
        for span in spans:
            part = self.parts[span.part]
            assert part.unranker is not None
            starts, factor = part.unranker.starts, part.rejection.factor
            found.append((part.first + int(starts[span.lo]) * factor, part.first + int(starts[span.hi]) * factor))
        return found


@lru_cache(maxsize=8)
def _population(by: _ByIdentity, snapshot: Snapshot) -> Population:
    # The trees' root is the first evidence variable; where a large population is shared over another key, that key's
    # variable: then its strata are ranges of ranks.
    keys = Keys(by.template, snapshot)
    made = Population(by.template, snapshot, keys.of("document"))
    strata = by.template.header.strata
    if not strata or strata[0] in ("document", "split") or made.few:
        return made
    return Population(by.template, snapshot, keys.of(strata[0]))


@final
class _ByIdentity:
    """A template as the key of a cache: equal when the texts are."""

    def __init__(self, template: Template) -> None:
        self.template = template

    def __hash__(self) -> int:
        return hash(self.template.sha)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.template.sha == self.template.sha


def population(template: Template, snapshot: Snapshot) -> Population:
    """The population of a template; the last eight are kept.

    Raises:
        TemplateError: parts of the pattern are not joined; a condition fails on a value's type.
        CountOverflowError: more than 1e308 walks.
    """
    return _population(_ByIdentity(template), snapshot)
