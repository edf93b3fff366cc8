"""Conditions on one variable as arrays over all nodes or edges of a snapshot, computed once and kept.

The truth of a condition is an int8: 1 true, 0 false, -1 null.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher import ast
from kg.cypher.expressions import Compiler, truth
from kg.cypher.shape import Link, Mask, Slot
from kg.snapshot.snapshot import Snapshot

Array = npt.NDArray[Any]

NULL: Final = -1
AROUND: Final = ("labels", "type", "startnode", "endnode")
"""Functions that look at more than one property's value."""


@final
class Masks:
    """Masks of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._nodes: dict[tuple[tuple[str, ...] | None, tuple[Mask, ...]], Array] = {}
        self._edges: dict[tuple[tuple[str, ...], tuple[Mask, ...]], Array] = {}
        self._truths: dict[tuple[str, str, ast.Expr], Array] = {}
        self._values: dict[tuple[str, str, ast.Expr], list[Any]] = {}
        self._places: dict[tuple[str, str, ast.Expr], dict[Any, Array]] = {}

    def nodes(self, slot: Slot, *, predicates: bool = True) -> Array:
        """Nodes that may stand at a slot, shape (n,), bool."""
        key = (slot.labels, slot.masks if predicates else ())
        if key not in self._nodes:
            found = np.zeros(self.snapshot.n, bool)
            for label in self.labels(slot.labels):
                lo, hi = self.snapshot.ranges[label]
                found[lo:hi] = True
                for name, expression in key[1]:
                    found[lo:hi] &= self.truth(label, name, expression) == 1
            self._nodes[key] = found
        return self._nodes[key]

    def edges(self, link: Link, *, predicates: bool = True) -> Array | None:
        """Edges that may stand at a link, shape (m,), bool; None: all of its types."""
        if not link.masks or not predicates:
            return None
        key = (link.types, link.masks)
        if key not in self._edges:
            self._edges[key] = self._edge_mask(link)
        return self._edges[key]

    def labels(self, labels: tuple[str, ...] | None) -> list[str]:
        """Alternatives that the snapshot has; None: all."""
        return [label for label in self.snapshot.labels if labels is None or label in labels]

    def truth(self, label: str, name: str, expression: ast.Expr) -> Array:
        """Truth of a condition for every node of a label, shape (hi - lo,), int8."""
        key = (label, name, expression)
        if key not in self._truths:
            self._truths[key] = self._truth(label, name, expression)
        return self._truths[key]

    def with_value(self, labels: tuple[str, ...] | None, name: str, expression: ast.Expr, value: Any) -> Array:
        """Nodes of some labels for which an expression on them alone equals a value; ascending, int32."""
        parts = [self._by_value(label, name, expression).get(value_key(value)) for label in self.labels(labels)]
        found = [part for part in parts if part is not None]
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.zeros(0, np.int32)

    def column(self, label: str, prop: str) -> tuple[str, Array | None]:
        """(type, values) of a property; None where the label does not have it."""
        if prop == "id":
            return "string", self.snapshot.column(label, prop)
        kind = self.snapshot.properties(label).get(prop)
        return ("null", None) if kind is None else (kind, self.snapshot.column(label, prop))

    def values(self, label: str, name: str, expression: ast.Expr) -> list[Any]:
        """An expression on one node variable, for every node of a label."""
        key = (label, name, expression)
        if key not in self._values:
            lo, hi = self.snapshot.ranges[label]
            prop = _only_property(expression)
            if prop is None:
                closure = Compiler(self.snapshot, {name: "node"}).compile(expression)
                self._values[key] = [closure({name: i}) for i in range(lo, hi)]
            else:
                self._values[key] = self._values_by_value(label, name, expression, prop)
        return self._values[key]

    def _values_by_value(self, label: str, name: str, expression: ast.Expr, prop: str) -> list[Any]:
        current = _Current()
        closure = Compiler(current, {name: "node"}).compile(expression)
        memo: dict[Any, Any] = {}

        def compute(value: Any) -> Any:
            key = value_key(value)
            if key not in memo:
                current.value = value
                memo[key] = closure({name: 0})
            return memo[key]

        return [compute(value) for value in self._plain(label, prop)]

    def _plain(self, label: str, prop: str) -> list[Any]:
        """A property of every node of a label, None for null, whole numbers as int."""
        lo, hi = self.snapshot.ranges[label]
        kind, values = self.column(label, prop)
        if values is None:
            return [None] * (hi - lo)
        if values.dtype == object:
            return list(values.tolist())
        whole = kind == "int64"
        plain = [None if x != x else int(x) if whole else x for x in values.tolist()]  # noqa: PLR0124 - NaN is null
        nan = self.snapshot.nan(label, prop)
        for k in () if nan is None else np.flatnonzero(nan).tolist():
            plain[k] = math.nan
        return plain

    def _truth(self, label: str, name: str, expression: ast.Expr) -> Array:
        match expression:
            case ast.Not(operand=operand):
                inner = self.truth(label, name, operand)
                return np.where(inner == NULL, NULL, 1 - inner).astype(np.int8)
            case ast.Logic(op="AND" | "OR" as op, left=left, right=right):
                one, two = self.truth(label, name, left), self.truth(label, name, right)
                return _and(one, two) if op == "AND" else _not(_and(_not(one), _not(two)))
        prop = _only_property(expression)
        if prop is not None:
            return self._truth_by_value(label, name, expression, prop)
        lo, hi = self.snapshot.ranges[label]
        closure = Compiler(self.snapshot, {name: "node"}).compile(expression)
        return _codes(truth(closure({name: i}), expression) for i in range(lo, hi))

    def _truth_by_value(self, label: str, name: str, expression: ast.Expr, prop: str) -> Array:
        """The condition is evaluated once for each distinct value."""
        lo, hi = self.snapshot.ranges[label]
        current = _Current()
        closure = Compiler(current, {name: "node"}).compile(expression)

        def test(value: Any) -> int:
            current.value = value
            found = truth(closure({name: 0}), expression)
            return NULL if found is None else int(found)

        kind, values = self.column(label, prop)
        if values is None:
            return np.full(hi - lo, test(None), np.int8)
        found = _spread(values, kind, test)
        nan = self.snapshot.nan(label, prop)
        if nan is not None:
            found[nan] = test(math.nan)
        return found

    def _edge_mask(self, link: Link) -> Array:
        found = np.zeros(self.snapshot.m, bool)
        tests = [
            (name, expression, Compiler(self.snapshot, {name: "relationship"}).compile(expression))
            for name, expression in link.masks
        ]
        base = 0
        for group in self.snapshot.groups:
            if not link.types or group.type in link.types:
                for e in range(base, base + group.count):
                    found[e] = all(truth(test({name: e}), part) is True for name, part, test in tests)
            base += group.count
        return found

    def _by_value(self, label: str, name: str, expression: ast.Expr) -> dict[Any, Array]:
        key = (label, name, expression)
        if key not in self._places:
            lo, _ = self.snapshot.ranges[label]
            rows: dict[Any, list[int]] = {}
            for k, value in enumerate(self.values(label, name, expression)):
                if value is not None:
                    rows.setdefault(value_key(value), []).append(lo + k)
            self._places[key] = {value: np.array(nodes, np.int32) for value, nodes in rows.items()}
        return self._places[key]


def _only_property(expression: ast.Expr) -> str | None:
    """The one property whose value decides the expression; None: it looks at more."""
    parts = list(ast.walk(expression))
    properties = {part.key for part in parts if isinstance(part, ast.Property)}
    around = any(
        isinstance(part, ast.Variable) or (isinstance(part, ast.Call) and part.name in AROUND) for part in parts
    )
    return properties.pop() if len(properties) == 1 and not around else None


class _Current:
    """A graph of one node with one property: the value that is being tested."""

    value: Any = None

    def get(self, _i: int, _prop: str) -> Any:
        return self.value

    def id_of(self, _i: int) -> str:
        return str(self.value)

    def label_of(self, _i: int) -> str:
        raise AssertionError

    def edge_get(self, _e: int, _prop: str) -> Any:
        raise AssertionError

    def edge(self, _e: int) -> tuple[str, str, int, int]:
        raise AssertionError


def value_key(value: Any) -> Any:
    """A hashable key under which values are together that `=` holds equal: 1 and 1.0, but not 1 and true."""
    if isinstance(value, bool):
        return ("boolean", value)
    return tuple(value_key(item) for item in value) if isinstance(value, list | tuple) else value


def _spread(values: Array, kind: str, test: Callable[[Any], int]) -> Array:
    if values.dtype != object:
        distinct, places = np.unique(values, return_inverse=True)
        whole = kind == "int64"
        codes = [test(None if x != x else int(x) if whole else x) for x in distinct.tolist()]  # noqa: PLR0124
        return np.array(codes, np.int8)[places]
    memo: dict[Any, int] = {}
    out = np.empty(len(values), np.int8)
    for k, value in enumerate(values.tolist()):
        key = value_key(value)
        if key not in memo:
            memo[key] = test(value)
        out[k] = memo[key]
    return out


def _codes(truths: Iterable[bool | None]) -> Array:
    return np.array([NULL if found is None else int(found) for found in truths], np.int8)


def _not(one: Array) -> Array:
    return np.where(one == NULL, NULL, 1 - one).astype(np.int8)


def _and(one: Array, two: Array) -> Array:
    either_false = (one == 0) | (two == 0)
    either_null = (one == NULL) | (two == NULL)
    return np.where(either_false, 0, np.where(either_null, NULL, 1)).astype(np.int8)
