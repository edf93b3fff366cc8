"""The join: from the most selective position of a shape along its links, one candidate at a time.

A program is the order in which links are followed; it depends on where the search starts and what is known, not on the
values, and is kept. A link is used at most once per clause (trail).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher import ast
from kg.cypher.expressions import Compiler, SubqueryCompiler
from kg.cypher.plan import variables
from kg.cypher.shape import Shape
from kg.snapshot.adjacency import Csr
from kg.snapshot.evaluate_masks import Masks

Array = npt.NDArray[Any]
Row = dict[str, Any]

SMALL: Final = 24
"""Up to so many neighbours a Python loop is faster than array operations."""


@dataclass(frozen=True, slots=True)
class Step:
    """Bind one slot: by a scan of candidates (link -1), by following a link, or close a link between bound slots."""

    slot: int
    """Slot that is bound; -1: none, the link closes."""
    link: int
    source: int
    target: int
    apart: tuple[int, ...]
    """Earlier links that must be another relationship."""
    tests: tuple[int, ...]
    """Conditions that are complete after this step."""


@dataclass(slots=True)
class State:
    """What is bound so far."""

    nodes: list[int]
    edges: list[int]
    row: Row
    known: dict[int, Array]
    """Slot -> candidates, ascending."""
    sets: dict[int, frozenset[int]]


@final
class Search:
    """A shape on a snapshot, ready to be searched many times."""

    def __init__(self, shape: Shape, masks: Masks, subqueries: SubqueryCompiler, *, predicates: bool) -> None:
        self.shape, self.masks, self.predicates = shape, masks, predicates
        self.allowed = [masks.nodes(slot, predicates=predicates) for slot in shape.slots]
        self.seen = [mask.data for mask in self.allowed]
        self.edge_masks = [masks.edges(link, predicates=predicates) for link in shape.links]
        scope = shape.plan.scope
        compiler = Compiler(masks.snapshot, scope, subqueries)
        self.cross = shape.cross if predicates else ()
        self.tests = [compiler.predicate(part.expression) for part in self.cross]
        elements = {*shape.relationships, *shape.paths}
        self.whole = [bool(elements & set(ast.names_in(part.expression))) for part in self.cross]
        """Whether a condition names a relationship or a path: these are in the row only once it is filled."""
        self.lookups = [found for part in self.cross if (found := self._lookup(part.expression, compiler))]
        self._programs: dict[tuple[frozenset[int], frozenset[int]], tuple[Step, ...]] = {}
        self._csr: dict[tuple[int, bool], Csr] = {}
        self._sizes = [int(mask.sum()) for mask in self.allowed]

    def _lookup(
        self, expression: ast.Expr, compiler: Compiler
    ) -> tuple[int, str, ast.Expr, Callable[[Row], Any]] | None:
        """`<on x alone> = <known from outside>` as (slot, x, left side, closure): candidates without a scan."""
        if not isinstance(expression, ast.Binary) or expression.op != "=":
            return None
        plan = self.shape.plan
        outside = {name for name, _ in plan.outer}
        for one, two in ((expression.left, expression.right), (expression.right, expression.left)):
            mine, theirs = variables(one, plan.scope), variables(two, plan.scope)
            if len(mine) != 1 or mine[0] not in self.shape.variables or mine[0] in outside:
                continue
            parts = [*ast.walk(one), *ast.walk(two)]
            if any(isinstance(part, ast.Subquery | ast.Variable) for part in parts):
                continue
            if theirs and set(theirs) <= outside:
                return self.shape.variables[mine[0]], mine[0], one, compiler.compile(two)
        return None

    def run(self, known: Mapping[int, Array], row: Row) -> Iterator[State]:
        """All matches; the state is overwritten between two of them.

        Args:
            known: slot -> its candidates, ascending: bound nodes and claims.
            row: variables from outside; node variables of the shape are added while it runs.
        """
        known = dict(known)
        if not self._selective(known):
            for slot, found in sorted(self._looked_up(row), key=lambda pair: len(pair[1])):
                known[slot] = common(known[slot], found) if slot in known else found
        if any(not len(nodes) for nodes in known.values()):
            return
        state = State([-1] * len(self.shape.slots), [-1] * len(self.shape.links), row, known, {})
        if all(
            test(row) for test, part in zip(self.tests, self.cross, strict=True) if not part.slots and not part.links
        ):
            yield from self._advance(self._program(known), 0, state)

    def _selective(self, known: Mapping[int, Array]) -> bool:
        """Whether a few candidates lead to everything: then conditions are tested as they come."""
        few = min(map(len, known.values()), default=SMALL + 1) <= SMALL
        return few and len(self.shape.plan.components) == 1

    def _looked_up(self, row: Row) -> Iterator[tuple[int, Array]]:
        """(slot, nodes) for each equality with a value from outside."""
        for slot, name, side, closure in self.lookups:
            value = closure(row)
            labels = self.shape.slots[slot].labels
            yield slot, np.zeros(0, np.int32) if value is None else self.masks.with_value(labels, name, side, value)

    def _program(self, known: Mapping[int, Array]) -> tuple[Step, ...]:
        single = frozenset(slot for slot, nodes in known.items() if len(nodes) == 1)
        start = frozenset((self._first(known),)) if known and not single else single
        key = (start, frozenset(known))
        if key not in self._programs:
            self._programs[key] = tuple(self._ordered(start, known))
        return self._programs[key]

    def _first(self, known: Mapping[int, Array]) -> int:
        return min(known, key=lambda slot: (len(known[slot]), slot))

    def _ordered(self, start: frozenset[int], known: Mapping[int, Array]) -> Iterator[Step]:
        """Steps from the start: links that close first, then to slots with candidates, then by smallest degree."""
        bound: set[int] = set()
        done: list[int] = []
        waiting = sorted(start)
        tested = {k for k, part in enumerate(self.cross) if not part.slots and not part.links}
        while len(bound) < len(self.shape.slots) or len(done) < len(self.shape.links):
            link = self._next_link(bound, done, known, waiting)
            if link is None:
                slot, source, target = self._next_start(bound, known, waiting), -1, -1
                apart: tuple[int, ...] = ()
            else:
                slot, source, target = self._ends(link, bound)
                apart = self._apart(link, done)
                done.append(link)
            bound |= {slot} - {-1}
            waiting = [other for other in waiting if other not in bound]
            ready = [
                k
                for k, part in enumerate(self.cross)
                if k not in tested and part.slots <= bound and part.links <= set(done)
            ]
            tested.update(ready)
            yield Step(slot, -1 if link is None else link, source, target, apart, tuple(ready))

    def _next_start(self, bound: set[int], known: Mapping[int, Array], waiting: list[int]) -> int:
        if waiting:
            return waiting[0]
        free = [slot for slot in range(len(self.shape.slots)) if slot not in bound]
        return min(free, key=lambda slot: (slot not in known, len(known.get(slot, ())), self._sizes[slot], slot))

    def _next_link(
        self, bound: set[int], done: list[int], known: Mapping[int, Array], waiting: list[int]
    ) -> int | None:
        best: tuple[float, ...] | None = None
        for k, link in enumerate(self.shape.links):
            ends = {link.source, link.target}
            if k in done or not ends & bound:
                continue
            closing = ends <= bound
            far = link.target if link.source in bound else link.source
            rank = (not closing, far not in waiting, far not in known, 0.0 if closing else self._degree(k, far), k)
            best = min(best, rank) if best is not None else rank
        return None if best is None else int(best[-1])

    def _degree(self, k: int, far: int) -> float:
        """Mean number of neighbours at the far end for one node at the near end."""
        link = self.shape.links[k]
        near = link.source if far == link.target else link.target
        return len(self.csr(k, forward=far == link.target).indices) / max(1, self._sizes[near])

    def _ends(self, k: int, bound: set[int]) -> tuple[int, int, int]:
        """(slot to bind or -1, from, to)."""
        link = self.shape.links[k]
        if link.source in bound and link.target in bound:
            return -1, link.source, link.target
        return (
            (link.target, link.source, link.target) if link.source in bound else (link.source, link.target, link.source)
        )

    def _apart(self, k: int, done: list[int]) -> tuple[int, ...]:
        pairs = self.shape.trails
        return tuple(other for other in done if (other, k) in pairs or (k, other) in pairs)

    def csr(self, k: int, *, forward: bool) -> Csr:
        """Neighbours along a link, from its source (forward) or from its target."""
        key = (k, forward)
        if key not in self._csr:
            link = self.shape.links[k]
            direction = link.direction if forward else -link.direction
            self._csr[key] = self.masks.snapshot.adjacency(link.types or None, direction)
        return self._csr[key]

    # The search itself -----------------------------------------------------------------------------------------------

    def _advance(self, program: tuple[Step, ...], k: int, state: State) -> Iterator[State]:
        if k == len(program):
            yield state
            return
        step = program[k]
        for node, edge in self._choices(step, state):
            if step.link >= 0:
                if any(state.edges[other] == edge for other in step.apart):
                    continue
                state.edges[step.link] = edge
            if step.slot >= 0:
                self._bind(step.slot, node, state)
            if not step.tests or self._holds(step.tests, state):
                yield from self._advance(program, k + 1, state)

    def _choices(self, step: Step, state: State) -> Iterator[tuple[int, int]]:
        """(node, edge) candidates of a step."""
        if step.link < 0:
            for node in self._scan(step.slot, state):
                yield node, -1
            return
        forward = self.shape.links[step.link].source == step.source
        if step.slot < 0 and step.source == step.target:
            forward = True
        csr = self.csr(step.link, forward=forward)
        near = state.nodes[step.source]
        lo, hi = int(csr.indptr[near]), int(csr.indptr[near + 1])
        if lo == hi:
            return
        wanted = state.nodes[step.target] if step.slot < 0 else None
        nodes, edges = self._filtered(step, csr, lo, hi, wanted, state)
        yield from zip(nodes, edges, strict=True)

    def _filtered(
        self, step: Step, csr: Csr, lo: int, hi: int, wanted: int | None, state: State
    ) -> tuple[list[int], list[int]]:
        nodes, edges = csr.indices[lo:hi], csr.edge_ids[lo:hi]
        keep: Array | None = None
        if wanted is not None:
            keep = nodes == wanted
        elif hi - lo <= SMALL:
            return self._few(step, nodes.tolist(), edges.tolist(), state)
        else:
            keep = self.allowed[step.slot][nodes]
            if step.slot in state.known:
                keep &= among(nodes, state.known[step.slot])
        edge_mask = self.edge_masks[step.link]
        if edge_mask is not None:
            keep = keep & edge_mask[edges]
        return nodes[keep].tolist(), edges[keep].tolist()

    def _few(self, step: Step, nodes: list[int], edges: list[int], state: State) -> tuple[list[int], list[int]]:
        seen, edge_mask = self.seen[step.slot], self.edge_masks[step.link]
        kept = [k for k, node in enumerate(nodes) if seen[node]]
        if kept and step.slot in state.known:
            known = state.known[step.slot]
            if len(known) <= 4 * SMALL:
                some = state.sets.get(step.slot)
                if some is None:
                    some = state.sets[step.slot] = frozenset(known.tolist())
                kept = [k for k in kept if nodes[k] in some]
            else:
                inside = among(np.array([nodes[k] for k in kept], known.dtype), known).tolist()
                kept = [k for k, there in zip(kept, inside, strict=True) if there]
        if edge_mask is not None:
            kept = [k for k in kept if edge_mask[edges[k]]]
        return [nodes[k] for k in kept], [edges[k] for k in kept]

    def _scan(self, slot: int, state: State) -> list[int]:
        allowed = self.allowed[slot]
        if slot in state.known:
            nodes = state.known[slot]
            found: list[int] = nodes[allowed[nodes]].tolist()
            return found
        everything: list[int] = np.flatnonzero(allowed).tolist()
        return everything

    def _bind(self, slot: int, node: int, state: State) -> None:
        state.nodes[slot] = node
        for name in self.shape.slots[slot].names:
            state.row[name] = node

    def _holds(self, tests: tuple[int, ...], state: State) -> bool:
        for k in tests:
            if self.whole[k]:
                self.fill(state)
            if not self.tests[k](state.row):
                return False
        return True

    def fill(self, state: State) -> Row:
        """The row with relationships and paths beside the nodes."""
        for name, links in self.shape.relationships.items():
            state.row[name] = state.edges[links] if isinstance(links, int) else tuple(state.edges[k] for k in links)
        for name, (slots, numbers) in self.shape.paths.items():
            state.row[name] = (tuple(state.nodes[s] for s in slots), tuple(state.edges[k] for k in numbers))
        return state.row


def among(nodes: Array, known: Array) -> Array:
    """Which nodes are in `known`, which ascends, is not empty and has their dtype: else numpy copies it."""
    # `take` clips what would stand behind the end to the last place, which is smaller.
    found: Array = known.take(known.searchsorted(nodes), mode="clip") == nodes
    return found


def common(one: Array, two: Array) -> Array:
    """Intersection of two ascending arrays, in O(small log large)."""
    small, large = (one, two) if len(one) <= len(two) else (two, one)
    return small[among(small, large)] if len(large) else small[:0]
