"""Queries with RETURN: rows, aggregates, order. For `derive: rows` and `kgmine query`.

A node in a result is its id, a relationship its id, a path the list of ids of its nodes and relationships in turn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kg.cypher import ast
from kg.cypher.expressions import Closure, Compiler, Kind, Row, check_call, is_aggregate, kind_of, wrong
from kg.cypher.operators import sort_key
from kg.cypher.parse import located, parse_query
from kg.cypher.plan import Plan, plan
from kg.snapshot.evaluate import Binding, engine
from kg.snapshot.snapshot import Snapshot
from schemas.errors import TemplateError

Scopes = tuple[tuple[str, Kind], ...]


def evaluate_rows(text: str, snapshot: Snapshot, binding: Binding) -> list[dict[str, Any]]:
    """Rows of a query in which the variables of a match are in scope, as in a correlated subquery.

    Args:
        text: `MATCH … RETURN expression AS column, …`.
        snapshot: the graph.
        binding: the match; its named variables may be used in the pattern and in expressions.

    Returns: one dict per row, columns in the order of RETURN.

    Raises:
        TemplateError: the query does not parse, uses an unknown variable, or compares what has no order.
    """
    nodes: list[tuple[str, Kind]] = [(name, "node") for name in binding.nodes if not name.startswith("#")]
    edges: list[tuple[str, Kind]] = [
        (name, "relationships" if isinstance(found, tuple) else "relationship")
        for name, found in binding.edges.items()
        if not name.startswith("#")
    ]
    made = _planned(text, tuple(nodes + edges))
    columns, rows = _run(made, snapshot, {**binding.nodes, **binding.edges}, text)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def run_query(
    text: str, snapshot: Snapshot, params: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of a query of the portable subset.

    Raises:
        TemplateError: the query does not parse, a parameter has no value, a type does not fit.
    """
    try:
        made = plan(_with_return(parse_query(text)), parameters=params)
    except TemplateError as error:
        raise located(error, text, "query") from None
    return _run(made, snapshot, {}, text)


@lru_cache(maxsize=512)
def _planned(text: str, outer: Scopes) -> Plan:
    try:
        return plan(_with_return(parse_query(text)), outer=dict(outer))
    except TemplateError as error:
        raise located(error, text, "query") from None


def _with_return(query: ast.Query) -> ast.Query:
    if query.returns is None:
        raise wrong(query, "RETURN is missing: name what you want, e.g. RETURN e.name AS name")
    return query


def _run(made: Plan, snapshot: Snapshot, outer: Row, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        projection = _projection(made, snapshot)
        return list(projection.columns), projection.rows(_matches(made, snapshot, outer))
    except TemplateError as error:
        raise located(error, text, "query") from None


def _matches(made: Plan, snapshot: Snapshot, outer: Row) -> Iterator[Row]:
    compiled = engine(snapshot)
    bound = {name: outer[name] for name, _ in made.outer}
    for search in compiled.searches(made):
        for state in compiled.states(search, bound):
            yield dict(search.fill(state))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of a RETURN, computed over the rows of a group."""

    name: str
    argument: Closure | None
    """None: `count(*)`."""
    distinct: bool

    def compute(self, rows: Sequence[Row]) -> Any:
        if self.argument is None:
            return len(rows)
        values = [value for row in rows if (value := self.argument(row)) is not None]
        if self.distinct:
            values = list({_key(value): value for value in values}.values())
        return FOLDS[self.name](values)


def _numbers(name: str, values: Sequence[Any]) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TemplateError(f"{name}() needs numbers, not {value!r}")


def _sum(values: Sequence[Any]) -> int | float:
    """Whole numbers stay exact; floats are summed without depending on the order of rows."""
    _numbers("sum", values)
    return sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values)


def _average(values: Sequence[Any]) -> float | None:
    _numbers("avg", values)
    return math.fsum(values) / len(values) if values else None


FOLDS: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "count": len,
    "sum": _sum,
    "avg": _average,
    "min": lambda values: min(values, key=sort_key, default=None),
    "max": lambda values: max(values, key=sort_key, default=None),
    "collect": list,
}


@dataclass(frozen=True, slots=True)
class Projection:
    """RETURN … ORDER BY … SKIP … LIMIT, compiled."""

    columns: tuple[str, ...]
    new: tuple[bool, ...]
    """Columns that are not a variable under its own name: these ORDER BY sees instead of variables."""
    keys: tuple[Closure, ...]
    """Closures of the items without aggregate: the group."""
    aggregates: tuple[tuple[str, Aggregate], ...]
    """(name of the row's entry, aggregate)."""
    values: tuple[Closure, ...]
    """The items, over a row that holds the aggregates."""
    order: tuple[tuple[Closure, bool], ...]
    """(closure over a row with columns, descending)."""
    distinct: bool
    skip: int
    limit: int | None

    def rows(self, matches: Iterator[Row]) -> list[tuple[Any, ...]]:
        """The rows of the result."""
        found = [(row, tuple(value(row) for value in self.values)) for row in self._grouped(matches)]
        if self.distinct:
            found = list({_key(values): (row, values) for row, values in reversed(found)}.values())[::-1]
        for closure, descending in reversed(self.order):
            found.sort(key=lambda pair: sort_key(closure(self._named(*pair))), reverse=descending)
        stop = None if self.limit is None else self.skip + self.limit
        return [values for _, values in found[self.skip : stop]]

    def _named(self, row: Row, values: tuple[Any, ...]) -> Row:
        named = zip(self.columns, values, self.new, strict=True)
        return {**row, **{name: value for name, value, new in named if new}}

    def _grouped(self, matches: Iterator[Row]) -> Iterator[Row]:
        if not self.aggregates:
            yield from matches
            return
        groups: dict[Any, list[Row]] = {}
        for row in matches:
            groups.setdefault(tuple(_key(key(row)) for key in self.keys), []).append(row)
        if not groups and not self.keys:
            groups[()] = []  # an aggregate over nothing is one row
        for rows in groups.values():
            yield {**(rows[0] if rows else {}), **{name: part.compute(rows) for name, part in self.aggregates}}


def _projection(made: Plan, snapshot: Snapshot) -> Projection:
    returns = made.returns
    assert returns is not None
    items = [item for written in returns.items for item in _everything(written, made)]
    columns = tuple(item.column_name for item in items)
    if len(set(columns)) < len(columns):
        twice = next(item for k, item in enumerate(items) if item.column_name in columns[:k])
        raise wrong(twice, f"two columns are called `{twice.column_name}`: name one with AS")
    expressions = [item.expression for item in items if item.expression is not None]
    compiled = engine(snapshot)
    plain = Compiler(snapshot, made.scope, compiled.subquery)
    found = _aggregates([*expressions, *(part.expression for part in returns.order)])
    names: dict[ast.Expr, str] = {call: f"#{k}" for k, call in enumerate(found)}
    full = Compiler(snapshot, made.scope, compiled.subquery, names)
    new = tuple(item.expression != ast.Variable(name=item.column_name) for item in items)
    shadows: dict[str, Kind] = dict.fromkeys((name for name, fresh in zip(columns, new, strict=True) if fresh), "value")
    ordering = Compiler(snapshot, {**made.scope, **shadows}, compiled.subquery, names)
    plain_items = [part for part in expressions if not _aggregates([part])]
    if found or returns.distinct:
        _check_order(returns, columns, expressions)
    return Projection(
        columns=columns,
        new=new,
        keys=tuple(_value(part, plain, made, snapshot) for part in plain_items),
        aggregates=tuple((names[call], _aggregate(call, plain)) for call in found),
        values=tuple(_value(part, full, made, snapshot) for part in expressions),
        order=tuple((_order_closure(part, items, ordering, columns), part.descending) for part in returns.order),
        distinct=returns.distinct,
        skip=_amount(returns.skip) or 0,
        limit=_amount(returns.limit),
    )


def _everything(item: ast.Item, made: Plan) -> list[ast.Item]:
    """`*` written out: every named variable, in the order of their names, as in Neo4j."""
    if item.expression is not None:
        return [item]
    names = sorted(name for name in made.scope if not name.startswith("#"))
    return [ast.Item(expression=ast.Variable(name=name), alias=None, text=name) for name in names]


def _aggregates(expressions: Sequence[ast.Expr]) -> list[ast.Call]:
    """Aggregate calls, each once."""
    found = [part for expression in expressions for part in ast.walk(expression) if is_aggregate(part)]
    return list(dict.fromkeys(part for part in found if isinstance(part, ast.Call)))


def _aggregate(call: ast.Call, compiler: Compiler) -> Aggregate:
    check_call(call)
    if any(is_aggregate(part) for argument in call.arguments for part in ast.walk(argument)):
        raise wrong(call, "an aggregate inside an aggregate means nothing")
    argument = None if call.star else _value(call.arguments[0], compiler, None, None)
    return Aggregate(call.name, argument, call.distinct)


def _check_order(returns: ast.Return, columns: tuple[str, ...], expressions: Sequence[ast.Expr]) -> None:
    """After DISTINCT or an aggregate only what is returned can order the rows."""
    for part in returns.order:
        for name, mention in ast.names_in(part.expression).items():
            if name not in columns and part.expression not in expressions and not _aggregates([part.expression]):
                raise wrong(mention, f"`{name}` is gone after DISTINCT or an aggregate: order by a column of RETURN")


def _order_closure(part: ast.Order, items: Sequence[ast.Item], compiler: Compiler, columns: tuple[str, ...]) -> Closure:
    for item, name in zip(items, columns, strict=True):
        if item.expression == part.expression:
            return _entry(name)
    return compiler.compile(part.expression)


def _entry(name: str) -> Closure:
    return lambda row: row[name]


def _value(expression: ast.Expr, compiler: Compiler, made: Plan | None, snapshot: Snapshot | None) -> Closure:
    """The closure of an item; graph elements become ids where a result leaves the evaluator."""
    closure = compiler.compile(expression)
    if made is None or snapshot is None:
        return closure
    kind = kind_of(expression, made.scope)
    graph = snapshot
    if kind == "node":
        return lambda row: graph.id_of(closure(row))
    if kind == "relationship":
        return lambda row: graph.edge(closure(row))[0]
    if kind == "nodes":
        return lambda row: [graph.id_of(i) for i in closure(row)]
    if kind == "relationships":
        return lambda row: [graph.edge(e)[0] for e in closure(row)]
    if kind == "path":
        return lambda row: _path_ids(graph, *closure(row))
    return closure


def _path_ids(graph: Snapshot, nodes: tuple[int, ...], edges: tuple[int, ...]) -> list[str]:
    out = [graph.id_of(nodes[0])]
    for node, edge in zip(nodes[1:], edges, strict=True):
        out += [graph.edge(edge)[0], graph.id_of(node)]
    return out


def _amount(part: ast.Expr | None) -> int | None:
    if part is None:
        return None
    if not isinstance(part, ast.Literal) or not isinstance(part.value, int) or part.value < 0:
        raise wrong(part, "SKIP and LIMIT take a whole number of at least 0")
    return part.value


def _key(value: Any) -> Any:
    """A hashable key: equal for values that DISTINCT and groups hold together."""
    return sort_key(value) if not isinstance(value, tuple) else tuple(_key(item) for item in value)
