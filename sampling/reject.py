"""What a walk must still satisfy to be a match: no relationship twice, closing links, conditions on several variables.

Conditions are tested on arrays of walks where they compare properties or elements, and row by row otherwise. Nodes have
the shape (slots, walks), relationships (links, walks).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher import ast
from kg.cypher.expressions import Compiler, SubqueryCompiler
from kg.cypher.operators import kind
from kg.cypher.plan import Side, side
from kg.cypher.shape import Cross, Shape
from kg.snapshot.evaluate_masks import NULL, Masks, value_key
from sampling.ranked import ranked
from sampling.symmetry import symmetries
from sampling.trails import may_coincide
from sampling.tree import Tree

Array = npt.NDArray[Any]
Truth = Callable[[Array], Array]
"""From nodes, shape (slots, walks), to truths, int8."""

KEPT: Final = 1 << 20
"""Combinations whose verdict is kept."""

COMPARE: Final[dict[str, Callable[[Array, Array], Array]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


@final
class Closing:
    """Parallel edges between two slots that are bound already."""

    def __init__(self, shape: Shape, link: int, masks: Masks) -> None:
        self.link, self.n = link, np.int64(masks.snapshot.n)
        made = shape.links[link]
        self.source, self.target = made.source, made.target
        csr = masks.snapshot.adjacency(made.types or None, made.direction)
        rows = np.repeat(np.arange(masks.snapshot.n, dtype=np.int64), np.diff(csr.indptr))
        keys, edges = rows * self.n + csr.indices, csr.edge_ids
        mask = masks.edges(made)
        if mask is not None:
            keys, edges = keys[mask[edges]], edges[mask[edges]]
        order = np.argsort(keys, kind="stable")
        self.keys, self.edges = keys[order], edges[order]
        counts = np.unique(self.keys, return_counts=True)[1]
        self.most = int(counts.max(initial=0))
        """Largest number of parallel edges: each walk has so many ranks, one for each edge that it might have."""

    def edge(self, nodes: Array, digit: Array) -> tuple[Array, Array]:
        """(accepted, edge) of the digit-th parallel edge of each walk."""
        wanted = nodes[self.source].astype(np.int64) * self.n + nodes[self.target]
        lo = np.searchsorted(self.keys, wanted, side="left")
        hi = np.searchsorted(self.keys, wanted, side="right")
        there = digit < hi - lo
        if not len(self.edges):
            return there, np.full(len(wanted), -1, np.int64)
        return there, self.edges[np.where(there, lo + digit, 0)]

    def digit(self, nodes: Array, edges: Array) -> int:
        """The inverse of `edge`, for one walk."""
        wanted = int(nodes[self.source, 0]) * int(self.n) + int(nodes[self.target, 0])
        lo, hi = np.searchsorted(self.keys, wanted, side="left"), np.searchsorted(self.keys, wanted, side="right")
        return int(np.flatnonzero(self.edges[lo:hi] == edges[self.link, 0])[0])


@final
class Rejection:
    """All that a walk of one tree must still satisfy."""

    def __init__(
        self, shape: Shape, tree: Tree, masks: Masks, subqueries: SubqueryCompiler, *, once: bool = False
    ) -> None:
        """`once`: of the matches that a symmetry of the pattern makes of each other only one is accepted."""
        self.shape = shape
        self.mirrors = symmetries(shape) if once else []
        self.trails = tuple(pair for pair in shape.trails if may_coincide(shape, pair, masks.snapshot))
        self.closing = [Closing(shape, k, masks) for k in tree.closing]
        self.factor = 1
        """Ranks per walk."""
        for part in self.closing:
            self.factor *= part.most
        compiler = Compiler(masks.snapshot, shape.plan.scope, subqueries)
        self.fast: list[Truth] = []
        self.slow: list[RowTest] = []
        vectors = _Vectors(shape, masks)
        for condition in tree.left:
            truth = vectors.truth(condition)
            if truth is not None:
                self.fast.append(truth)
            else:
                self.slow.append(RowTest(shape, condition, compiler.predicate(condition.expression)))

    @property
    def none(self) -> bool:
        """Every walk is a match."""
        return not (self.trails or self.closing or self.fast or self.slow or self.mirrors)

    def digits(self, nodes: Array, edges: Array) -> int:
        """Which of its ranks one walk has, by its closing edges."""
        found = 0
        for part in reversed(self.closing):
            found = found * part.most + part.digit(nodes, edges)
        return found

    def accept(self, nodes: Array, edges: Array, digits: Array) -> Array:
        """Which walks are matches, shape (walks,), bool; edges of closing links are filled in."""
        ok = np.ones(nodes.shape[1], bool)
        for part in self.closing:
            digits, digit = np.divmod(digits, part.most)
            there, found = part.edge(nodes, digit)
            edges[part.link] = found
            ok &= there
        for i, j in self.trails:
            ok &= edges[i] != edges[j]
        for mirror in self.mirrors:
            ok &= mirror.first(nodes, edges)
        for truth in self.fast:
            ok &= truth(nodes) == 1
        for test in self.slow:
            left = np.flatnonzero(ok)
            ok[left] = test.holds(nodes[:, left], edges[:, left])
        return ok


@final
class RowTest:
    """A condition that is tested row by row, once for each combination of the nodes that it is about."""

    def __init__(self, shape: Shape, condition: Cross, predicate: Callable[[dict[str, Any]], bool]) -> None:
        self.shape, self.condition, self.predicate = shape, condition, predicate
        self.slots = None if condition.links or not condition.slots else sorted(condition.slots)
        self._known: dict[tuple[int, ...], bool] = {}

    def holds(self, nodes: Array, edges: Array) -> Array:
        """Which walks satisfy the condition, shape (walks,), bool."""
        walks = nodes.shape[1]
        if self.slots is None:
            return np.fromiter((self._test(n, e) for n, e in zip(nodes.T, edges.T, strict=True)), bool, walks)
        if len(self._known) > KEPT:
            self._known.clear()
        known = self._known
        out = np.empty(walks, bool)
        for k, key in enumerate(zip(*nodes[self.slots].tolist(), strict=True)):
            found = known.get(key)
            if found is None:
                found = known[key] = self._test(nodes[:, k], edges[:, k])
            out[k] = found
        return out

    def _test(self, nodes: Array, edges: Array) -> bool:
        return self.predicate(row_of(self.shape, nodes.tolist(), edges.tolist()))


def row_of(shape: Shape, nodes: list[int], edges: list[int]) -> dict[str, Any]:
    """A walk as the row that expressions read."""
    row: dict[str, Any] = {name: nodes[slot] for name, slot in shape.variables.items()}
    for name, links in shape.relationships.items():
        row[name] = edges[links] if isinstance(links, int) else tuple(edges[k] for k in links)
    for name, (slots, numbers) in shape.paths.items():
        row[name] = (tuple(nodes[s] for s in slots), tuple(edges[k] for k in numbers))
    return row


@final
class _Vectors:
    """Conditions as array operations, where comparisons of properties and elements make them up."""

    def __init__(self, shape: Shape, masks: Masks) -> None:
        self.shape, self.masks = shape, masks

    def truth(self, part: Cross) -> Truth | None:
        """None: the condition needs a row."""
        return None if part.links else self._truth(part.expression)

    def _truth(self, expression: ast.Expr) -> Truth | None:
        match expression:
            case ast.Not(operand=operand):
                inner = self._truth(operand)
                return None if inner is None else (lambda nodes: _not(inner(nodes)))
            case ast.Logic(op="AND" | "OR" as op, left=left, right=right):
                one, two = self._truth(left), self._truth(right)
                if one is None or two is None:
                    return None
                if op == "AND":
                    return lambda nodes: _and(one(nodes), two(nodes))
                return lambda nodes: _not(_and(_not(one(nodes)), _not(two(nodes))))
            case ast.Binary(op="=" | "<>" as op, left=ast.Variable() as left, right=ast.Variable() as right):
                return self._identity(op, left.name, right.name)
            case ast.Binary(op="=" | "<>" as op, left=ast.Property(key="id") as a, right=ast.Property(key="id") as b):
                return self._identity(op, a.variable, b.variable)  # ids are unique
            case ast.Binary(op=op) if op in COMPARE and len(ast.names_in(expression)) == 2:
                one_side, other = side(self.shape.plan, expression.left), side(self.shape.plan, expression.right)
                return None if one_side is None or other is None else self._compare(op, one_side, other)
        return self._single(expression)

    def _slot(self, name: str) -> int | None:
        return self.shape.variables.get(name)

    def _identity(self, op: str, left: str, right: str) -> Truth | None:
        one, two = self._slot(left), self._slot(right)
        if one is None or two is None:
            return None
        compare = COMPARE[op]
        return lambda nodes: compare(nodes[one], nodes[two]).astype(np.int8)

    def _compare(self, op: str, left: Side, right: Side) -> Truth | None:
        one, two = self._slot(left[0]), self._slot(right[0])
        if one is None or two is None:
            return None
        wanted = ((one, left), (two, right))
        plain = [self._properties(slot, side[1].key) for slot, side in wanted if isinstance(side[1], ast.Property)]
        columns = (ranked(self.masks, plain) if len(plain) == 2 else None) or self._columns(op, wanted)
        if columns is None:
            return None
        ((first, mine), (second, theirs)), compare = columns, COMPARE[op]

        def truth(nodes: Array) -> Array:
            a, b = mine[nodes[one] - first], theirs[nodes[two] - second]
            found = compare(a, b).astype(np.int8)
            found[(a < 0) | (b < 0)] = NULL
            return found

        return truth

    def _columns(self, op: str, wanted: tuple[tuple[int, Side], ...]) -> list[tuple[int, Array]] | None:
        """Both sides as (first node, numbers in the order of the values, int32, -1 for null); None: mixed types."""
        read = [self._values(slot, side) for slot, side in wanted]
        distinct = {value_key(value): value for found in read for _, values in found for value in values}
        distinct.pop(None, None)
        kinds = {kind(value) for value in distinct.values()}
        if any(value != value for value in distinct.values()):  # noqa: PLR0124 - NaN has no order
            return None
        if len(kinds) > 1 or kinds & {"list"} or (op not in ("=", "<>") and kinds == {"boolean"}):
            return None
        ranks = {key: k for k, key in enumerate(sorted(distinct))}
        return [self._spread(found, ranks) for found in read]

    def _properties(self, slot: int, prop: str) -> list[tuple[str, str]]:
        """(label, property) for each label at a slot."""
        return [(label, prop) for label in self.masks.labels(self.shape.slots[slot].labels)]

    def _values(self, slot: int, side: Side) -> list[tuple[int, list[Any]]]:
        """(first node, values) for each label at a slot."""
        if isinstance(side[1], ast.Property):  # `f.number` and `g.number` are one list
            side = "it", ast.Property(variable="it", key=side[1].key)
        labels = self.masks.labels(self.shape.slots[slot].labels)
        return [(self.masks.snapshot.ranges[label][0], self.masks.values(label, *side)) for label in labels]

    @staticmethod
    def _spread(found: list[tuple[int, list[Any]]], ranks: dict[Any, int]) -> tuple[int, Array]:
        first = min((lo for lo, _ in found), default=0)
        last = max((lo + len(values) for lo, values in found), default=0)
        out = np.full(last - first, -1, np.int32)
        for lo, values in found:
            numbers = [-1 if value is None else ranks[value_key(value)] for value in values]
            out[lo - first : lo - first + len(values)] = numbers
        return first, out

    def _single(self, expression: ast.Expr) -> Truth | None:
        """A condition on one node variable, inside an OR: its truth per node."""
        names = list(ast.names_in(expression))
        slot = self._slot(names[0]) if len(names) == 1 else None
        if slot is None or any(isinstance(part, ast.Subquery) for part in ast.walk(expression)):
            return None
        out = np.full(self.masks.snapshot.n, NULL, np.int8)
        for label in self.masks.labels(self.shape.slots[slot].labels):
            lo, hi = self.masks.snapshot.ranges[label]
            out[lo:hi] = self.masks.truth(label, names[0], expression)
        return lambda nodes: out[nodes[slot]]


def _not(one: Array) -> Array:
    return np.where(one == NULL, NULL, 1 - one).astype(np.int8)


def _and(one: Array, two: Array) -> Array:
    false = (one == 0) | (two == 0)
    null = (one == NULL) | (two == NULL)
    return np.where(false, 0, np.where(null, NULL, 1)).astype(np.int8)
