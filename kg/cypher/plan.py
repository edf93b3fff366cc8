"""The typed plan of a query: a graph of variables and hops, and WHERE split by what each condition needs.

parse -> plan -> shapes (`kg.cypher.shape`: variable lengths written out) -> evaluator and sampler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

from kg.cypher import ast
from kg.cypher.kinds import Kind, spoken, wrong

P = TypeVar("P", bound=ast.Part)


@dataclass(frozen=True, slots=True)
class NodeVar:
    name: str
    """As written; anonymous ones are called `#n1`, `#n2`, … in the order of the text."""
    labels: tuple[str, ...] | None
    """Alternatives; None: any label; (): no label fits all its mentions."""
    outer: bool = False
    """Bound from outside, as in a correlated subquery or `derive: rows`."""
    line: int = 0
    column: int = 0

    @property
    def named(self) -> bool:
        return not self.name.startswith("#")


@dataclass(frozen=True, slots=True)
class Hop:
    name: str
    """As written; anonymous ones are called `#r1`, `#r2`, …"""
    source: str
    """Node variable on its left."""
    target: str
    types: tuple[str, ...]
    """Alternatives; empty: any type."""
    direction: Literal[-1, 0, 1]
    """1: from source to target."""
    clause: int
    """0-based MATCH clause: a relationship is used once within a clause."""
    low: int = 1
    high: int = 1
    ranged: bool = False
    """The variable is a list of relationships."""
    line: int = 0
    column: int = 0

    @property
    def named(self) -> bool:
        return not self.name.startswith("#")


@dataclass(frozen=True, slots=True)
class Path:
    name: str
    nodes: tuple[str, ...]
    hops: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A query ready to be counted, drawn, evaluated or written in a dialect."""

    nodes: tuple[NodeVar, ...]
    """In the order of their first mention."""
    hops: tuple[Hop, ...]
    paths: tuple[Path, ...]
    masks: tuple[tuple[str, ast.Expr], ...]
    """(variable, condition on it alone): nodes, relationships and variable-length relationships (on each edge)."""
    cross: tuple[ast.Expr, ...]
    """Every other condition: on several variables, on paths, with outer variables, or with a subquery."""
    returns: ast.Return | None
    outer: tuple[tuple[str, Kind], ...] = ()
    """Variables in scope from outside."""

    @cached_property
    def scope(self) -> dict[str, Kind]:
        """Kind of every variable."""
        kinds: dict[str, Kind] = dict(self.outer)
        kinds.update({node.name: "node" for node in self.nodes})
        kinds.update({hop.name: "relationships" if hop.ranged else "relationship" for hop in self.hops})
        kinds.update({path.name: "path" for path in self.paths})
        return kinds

    @cached_property
    def named_nodes(self) -> tuple[str, ...]:
        return tuple(node.name for node in self.nodes if node.named)

    @cached_property
    def named_hops(self) -> tuple[str, ...]:
        """Named relationships of fixed length."""
        return tuple(hop.name for hop in self.hops if hop.named and not hop.ranged)

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Node variable -> labels that it may have; empty: all."""
        return {node.name: node.labels or () for node in self.nodes}

    def node(self, name: str) -> NodeVar | None:
        return next((node for node in self.nodes if node.name == name), None)

    def hop(self, name: str) -> Hop | None:
        return next((hop for hop in self.hops if hop.name == name), None)

    @cached_property
    def components(self) -> list[list[str]]:
        """Node variables joined by hops, in the order of the text."""
        group = {node.name: {node.name} for node in self.nodes}
        for hop in self.hops:
            if group[hop.source] is not group[hop.target]:
                merged = group[hop.source] | group[hop.target]
                group.update(dict.fromkeys(merged, merged))
        seen: list[list[str]] = []
        for node in self.nodes:
            if not any(node.name in part for part in seen):
                seen.append([other.name for other in self.nodes if other.name in group[node.name]])
        return seen

    @cached_property
    def closing(self) -> list[Hop]:
        """Hops that close a cycle when hops are taken in the order of the text."""
        root = {node.name: node.name for node in self.nodes}

        def find(name: str) -> str:
            while root[name] != name:
                name = root[name]
            return name

        found = []
        for hop in self.hops:
            one, two = find(hop.source), find(hop.target)
            if one == two:
                found.append(hop)
            root[one] = two
        return found


def plan(
    query: ast.Query, *, outer: Mapping[str, Kind] | None = None, parameters: Mapping[str, Any] | None = None
) -> Plan:
    """Plan a query of nothing but MATCH clauses; `kg.cypher.pipeline` plans any.

    Args:
        query: what `parse_query` gave.
        outer: variables in scope from outside, with their kinds.
        parameters: values of `$name`; None: they stay, for a dialect that passes them on.

    Raises:
        TemplateError: unknown variable, one name for two kinds, unfilled parameter, unbounded length.
    """
    filled = query if parameters is None else fill(query, parameters)
    return _Builder(dict(outer or {})).build(filled)


def fill(part: P, parameters: Mapping[str, Any]) -> P:
    """The part with parameters replaced by their values."""
    if isinstance(part, ast.Parameter):
        if part.name not in parameters:
            raise wrong(part, f"parameter ${part.name} has no value")
        value = parameters[part.name]
        frozen = tuple(value) if isinstance(value, list) else value
        return ast.Literal(value=frozen, line=part.line, column=part.column)  # type: ignore[return-value]
    changes = {}
    for spec in fields(part):
        old = getattr(part, spec.name)
        new = _filled(old, parameters)
        if new is not old:
            changes[spec.name] = new
    return replace(part, **changes) if changes else part


def _filled(value: Any, parameters: Mapping[str, Any]) -> Any:
    if isinstance(value, ast.Part):
        return fill(value, parameters)
    if isinstance(value, tuple):
        new = tuple(_filled(item, parameters) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def variables(expression: ast.Expr, known: Iterable[str]) -> list[str]:
    """Names of `known` that occur free in an expression, in the order of the text."""
    names = ast.names_in(expression)
    return [name for name in names if name in set(known)]


Side = tuple[str, ast.Expr]
"""(node variable, expression on it alone)."""


def side(plan: Plan, expression: ast.Expr) -> Side | None:
    """An expression whose value is decided by one node; None: it is about more, or about the node itself."""
    names = list(ast.names_in(expression))
    if len(names) != 1 or plan.node(names[0]) is None:
        return None
    whole = any(isinstance(part, ast.Subquery | ast.Variable) for part in ast.walk(expression))
    return None if whole else (names[0], expression)


def equality(plan: Plan, expression: ast.Expr) -> tuple[Side, Side] | None:
    """`a.p = b.q`, or an equality of expressions of a and b alone: what joins parts of a pattern by value."""
    if not isinstance(expression, ast.Binary) or expression.op != "=":
        return None
    left, right = side(plan, expression.left), side(plan, expression.right)
    return None if left is None or right is None else (left, right)


def joins(plan: Plan) -> Iterator[tuple[str, str]]:
    """Pairs of node variables that an equality joins."""
    for condition in plan.cross:
        found = equality(plan, condition)
        if found is not None:
            yield found[0][0], found[1][0]


class _Builder:
    """Collects the variables of a query, clause by clause."""

    def __init__(self, outer: dict[str, Kind]) -> None:
        self.outer = outer
        self.nodes: dict[str, NodeVar] = {}
        self.hops: dict[str, Hop] = {}
        self.paths: dict[str, Path] = {}
        self.conditions: list[ast.Expr] = []
        self.masks: list[tuple[str, ast.Expr]] = []
        self.anonymous = 0

    def build(self, query: ast.Query) -> Plan:
        for number, clause in enumerate(query.matches):
            for pattern in clause.patterns:
                self._pattern(pattern, number)
            self.conditions.extend(ast.conjuncts(clause.where))
        known = {**self.outer, **dict.fromkeys([*self.nodes, *self.hops, *self.paths], "value")}
        cross = [condition for condition in self.conditions if not self._is_mask(condition, known)]
        return Plan(
            nodes=tuple(self.nodes.values()),
            hops=tuple(self.hops.values()),
            paths=tuple(self.paths.values()),
            masks=tuple(self.masks),
            cross=tuple(cross),
            returns=query.returns,
            outer=tuple(self.outer.items()),
        )

    def _pattern(self, pattern: ast.Pattern, clause: int) -> None:
        names = [self._node(node) for node in pattern.nodes]
        hops = []
        for k, relationship in enumerate(pattern.relationships):
            hops.append(self._hop(relationship, names[k], names[k + 1], clause))
        if pattern.name is not None:
            self._new(pattern.name, pattern, "path")
            self.paths[pattern.name] = Path(pattern.name, tuple(names), tuple(hops))

    def _new(self, name: str, part: ast.Part, kind: str) -> None:
        if name in self.hops and kind == "relationship":
            raise wrong(part, f"relationship `{name}` occurs twice: give each hop its own name")
        for other, taken in (("node", self.nodes), ("relationship", self.hops), ("path", self.paths)):
            if name in taken:
                raise wrong(part, f"`{name}` is already a {other}")
        if name in self.outer and kind != "node":
            raise wrong(part, f"`{name}` is already a variable: give the {kind} another name")

    def _node(self, node: ast.Node) -> str:
        name = node.name or self._anonymous("n")
        labels = tuple(dict.fromkeys(label.name for label in node.labels)) or None
        old = self.nodes.get(name)
        if old is None:
            self._new(name, node, "node")
            if self.outer.get(name, "node") != "node":
                raise wrong(node, f"`{name}` is a {spoken(self.outer[name])}: give the node another name")
            self.nodes[name] = NodeVar(name, labels, name in self.outer, node.line, node.column)
        elif labels is not None:
            both = labels if old.labels is None else tuple(label for label in old.labels if label in labels)
            self.nodes[name] = replace(old, labels=both)
        for key, value in node.properties:
            self.conditions.append(_equals(name, key, value, node))
        return name

    def _hop(self, relationship: ast.Relationship, source: str, target: str, clause: int) -> str:
        if relationship.high is None:
            raise wrong(
                relationship, f"an unbounded length is not in the portable subset; write *{relationship.low}..4"
            )
        if relationship.high < relationship.low:
            raise wrong(
                relationship, f"*{relationship.low}..{relationship.high} is empty: the bounds are the wrong way round"
            )
        name = relationship.name or self._anonymous("r")
        self._new(name, relationship, "relationship")
        self.hops[name] = Hop(
            name=name,
            source=source,
            target=target,
            types=tuple(dict.fromkeys(kind.name for kind in relationship.types)),
            direction=relationship.direction,
            clause=clause,
            low=relationship.low,
            high=relationship.high,
            ranged=relationship.ranged,
            line=relationship.line,
            column=relationship.column,
        )
        for key, value in relationship.properties:
            self._edge_property(name, key, value, relationship)
        return name

    def _edge_property(self, name: str, key: str, value: ast.Expr, relationship: ast.Relationship) -> None:
        if not relationship.ranged:
            self.conditions.append(_equals(name, key, value, relationship))
        elif ast.names_in(value):
            raise wrong(relationship, "a property of a variable-length hop must be a literal or a parameter")
        else:
            self.masks.append((name, _equals(name, key, value, relationship)))

    def _anonymous(self, letter: str) -> str:
        self.anonymous += 1
        return f"#{letter}{self.anonymous}"

    def _is_mask(self, condition: ast.Expr, known: Mapping[str, Any]) -> bool:
        """Whether a condition is on one variable alone; it is then kept as a mask."""
        names = ast.names_in(condition)
        subquery = any(isinstance(part, ast.Subquery) for part in ast.walk(condition))
        if not subquery:
            for name, part in names.items():
                if name not in known:
                    raise wrong(part, f"unknown variable `{name}`")
        if len(names) != 1 or subquery:
            return False
        name = next(iter(names))
        if name in self.outer or not (name in self.nodes or (name in self.hops and not self.hops[name].ranged)):
            return False
        self.masks.append((name, condition))
        return True


def _equals(name: str, key: str, value: ast.Expr, part: ast.Part) -> ast.Binary:
    left = ast.Property(variable=name, key=key, line=part.line, column=part.column)
    return ast.Binary(op="=", left=left, right=value, line=part.line, column=part.column)


def without(plan: Plan, hop: str, keep: str) -> Plan:
    """The plan without one hop and without all that it cuts off from a variable.

    Args:
        plan: of a template.
        hop: name of the hop, `Hop.name`.
        keep: node variable whose side stays, e.g. the answer's.
    """
    hops = tuple(other for other in plan.hops if other.name != hop)
    bare = replace(plan, hops=hops)
    kept = next(part for part in bare.components if keep in part)
    left = tuple(other for other in hops if other.source in kept and other.target in kept)
    names = {*kept, *(other.name for other in left), *(name for name, _ in plan.outer)}
    paths = tuple(path for path in plan.paths if names >= {*path.nodes, *path.hops})
    names |= {path.name for path in paths}
    return Plan(
        nodes=tuple(node for node in plan.nodes if node.name in kept),
        hops=left,
        paths=paths,
        masks=tuple(mask for mask in plan.masks if mask[0] in names),
        cross=tuple(part for part in plan.cross if set(variables(part, plan.scope)) <= names),
        returns=plan.returns,
        outer=plan.outer,
    )
