"""WITH and RETURN: columns, groups and aggregates, DISTINCT, ORDER BY, SKIP, LIMIT."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.cypher import ast
from kg.cypher.expressions import Closure, Compiler, Graph, Row, SubqueryCompiler, check_call, is_aggregate
from kg.cypher.kinds import ELEMENT, Kind, kind_of, wrong
from kg.cypher.operators import INTEGERS, kind, sort_key
from kg.cypher.pipeline import Projected
from schemas.errors import TemplateError

Traced = tuple[tuple[str, int], ...]
"""(variable, node) pairs that a row was made of."""
TRACE: Final = "#of"
"""Entry of a row that holds them."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate, computed over the rows of a group."""

    call: ast.Call
    argument: Closure | None
    """None: `count(*)`."""

    def compute(self, rows: Sequence[Row]) -> Any:
        if self.argument is None:
            return len(rows)
        values = [value for row in rows if (value := self.argument(row)) is not None]
        if self.call.distinct:
            values = list({group_key(value): value for value in values}.values())
        try:
            return FOLDS[self.call.name](values)
        except TypeError as error:
            raise wrong(self.call, str(error)) from None


def _numbers(name: str, values: Sequence[Any]) -> None:
    for value in values:
        if kind(value) != "number":
            raise TypeError(f"{name}() needs numbers, not a {kind(value)}")


def _sum(values: Sequence[Any]) -> int | float:
    """Whole numbers stay exact; floats are summed without depending on the order of rows."""
    _numbers("sum", values)
    if not all(isinstance(value, int) for value in values):
        return _float_sum(values)
    total = int(sum(values))
    return total if total in INTEGERS else float(total)


def _average(values: Sequence[Any]) -> float | None:
    _numbers("avg", values)
    if not values:
        return None
    total = _float_sum(values)
    return total / len(values) if math.isfinite(total) else _float_sum([value / len(values) for value in values])


def _float_sum(values: Sequence[Any]) -> float:
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # beyond the largest float, or infinities of both signs
        return float(sum(map(float, values)))


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
    """A compiled WITH or RETURN."""

    columns: tuple[str, ...]
    keys: tuple[Closure, ...]
    """Closures of the items without aggregate: the group."""
    aggregates: tuple[tuple[str, Aggregate], ...]
    """(name of the row's entry, aggregate)."""
    values: tuple[Closure, ...]
    """The items, over a row that holds the aggregates."""
    out: tuple[Closure, ...]
    """The items as they leave the evaluator: over a row that holds the columns."""
    order: tuple[tuple[Closure, bool], ...]
    """(closure over a row with columns, descending)."""
    distinct: bool
    skip: int
    limit: int | None
    keep: Callable[[Row], bool] | None
    """The WHERE of a WITH, over a row with columns."""

    def rows(self, incoming: Iterator[Row], *, strict: bool = False) -> list[Row]:
        """The rows after the projection; each holds its columns, and the trace of what it was made of.

        Args:
            incoming: the rows before it.
            strict: refuse a LIMIT or SKIP that cuts between rows of equal order.

        Raises:
            TemplateError: a type does not fit; with `strict`, a tie at the cut.
        """
        found = [(row, tuple(value(row) for value in self.values)) for row in self._grouped(incoming)]
        if self.distinct:
            found = _distinct(found)
        seen = [({**row, **dict(zip(self.columns, values, strict=True))}, values) for row, values in found]
        for closure, descending in reversed(self.order):
            seen.sort(key=lambda pair: sort_key(closure(pair[0])), reverse=descending)
        stop = None if self.limit is None else self.skip + self.limit
        if strict:
            for cut in (self.skip, len(seen) if stop is None else stop):
                self._tie(seen, cut)
        chosen = seen[self.skip : stop]
        if self.keep is not None:
            chosen = [pair for pair in chosen if self.keep(pair[0])]
        return [self._named(row, values) for row, values in chosen]

    def _named(self, row: Row, values: tuple[Any, ...]) -> Row:
        named = dict(zip(self.columns, values, strict=True))
        return {**named, TRACE: row[TRACE]} if TRACE in row else named

    def _tie(self, seen: Sequence[tuple[Row, tuple[Any, ...]]], cut: int) -> None:
        if not 0 < cut < len(seen):
            return
        (before, one), (after, two) = seen[cut - 1 : cut + 1]
        if group_key(one) == group_key(two):
            return
        if all(sort_key(closure(before)) == sort_key(closure(after)) for closure, _ in self.order):
            raise TemplateError(f"tie: LIMIT and SKIP cut between rows of equal order, {one} and {two}")

    def _grouped(self, incoming: Iterator[Row]) -> Iterator[Row]:
        if not self.aggregates:
            yield from incoming
            return
        groups: dict[Any, list[Row]] = {}
        for row in incoming:
            groups.setdefault(tuple(group_key(key(row)) for key in self.keys), []).append(row)
        if not groups and not self.keys:
            groups[()] = []  # an aggregate over nothing is one row
        for rows in groups.values():
            first = {**rows[0], **_traces(rows)} if rows else {}
            yield {**first, **{name: part.compute(rows) for name, part in self.aggregates}}


def _distinct(found: list[tuple[Row, tuple[Any, ...]]]) -> list[tuple[Row, tuple[Any, ...]]]:
    groups: dict[Any, list[tuple[Row, tuple[Any, ...]]]] = {}
    for row, values in found:
        groups.setdefault(group_key(values), []).append((row, values))
    return [({**pairs[0][0], **_traces([row for row, _ in pairs])}, pairs[0][1]) for pairs in groups.values()]


def _traces(rows: Sequence[Row]) -> Mapping[str, Traced]:
    """What a group was made of, each node once."""
    if not rows or TRACE not in rows[0]:
        return {}
    return {TRACE: tuple(dict.fromkeys(pair for row in rows for pair in row[TRACE]))}


def group_key(value: Any) -> Any:
    """A hashable key: equal for values that DISTINCT and groups hold together: 1 and 1.0, null and null, never NaN."""
    if isinstance(value, list | tuple):
        return tuple(group_key(item) for item in value)
    return object() if isinstance(value, float) and math.isnan(value) else sort_key(value)


def compiled(stage: Projected, graph: Graph, subqueries: SubqueryCompiler) -> Projection:
    """Compile a WITH or RETURN.

    Raises:
        TemplateError: unknown variable or function, an aggregate where none can stand, an order that is gone.
    """
    projection, scope = stage.projection, stage.scope
    items = projection.items
    columns = tuple(item.column_name for item in items)
    expressions = [item.expression for item in items if item.expression is not None]
    plain = Compiler(graph, scope, subqueries)
    found = aggregates_in([*expressions, *(part.expression for part in projection.order)])
    names: dict[ast.Expr, str] = {call: f"#{k}" for k, call in enumerate(found)}
    full = Compiler(graph, scope, subqueries, names)
    after: dict[str, Kind] = {name: kind_of(part, scope) for name, part in zip(columns, expressions, strict=True)}
    grouped = [part for part in expressions if not aggregates_in([part])]
    if found:
        _check_groups(expressions, grouped, scope)
    if found or projection.distinct:
        _check_order(projection, columns, expressions)
    ordering = Compiler(graph, {**scope, **after}, subqueries, names)
    filtering = Compiler(graph, after if found or projection.distinct else {**scope, **after}, subqueries)
    return Projection(
        columns=columns,
        keys=tuple(plain.compile(part) for part in grouped),
        aggregates=tuple((names[call], _aggregate(call, plain)) for call in found),
        values=tuple(full.compile(part) for part in expressions),
        out=tuple(_out(name, after[name], graph) for name in columns),
        order=tuple((_order_closure(part, items, ordering), part.descending) for part in projection.order),
        distinct=projection.distinct,
        skip=_amount(projection.skip) or 0,
        limit=_amount(projection.limit),
        keep=None if stage.where is None else filtering.predicate(stage.where),
    )


def aggregates_in(expressions: Sequence[ast.Expr]) -> list[ast.Call]:
    """Aggregate calls, each once."""
    found = [part for expression in expressions for part in ast.walk(expression) if is_aggregate(part)]
    return list(dict.fromkeys(part for part in found if isinstance(part, ast.Call)))


def _aggregate(call: ast.Call, compiler: Compiler) -> Aggregate:
    check_call(call)
    if any(is_aggregate(part) for argument in call.arguments for part in ast.walk(argument)):
        raise wrong(call, "an aggregate inside an aggregate means nothing: compute the inner one in a WITH before")
    if call.star:
        return Aggregate(call, None)
    argument = call.arguments[0]
    if call.name not in ("count", "collect") and kind_of(argument, compiler.scope) != "value":
        raise wrong(argument, f"{call.name}() needs values: write a property, as in n.number")
    return Aggregate(call, compiler.compile(argument))


def _check_groups(expressions: Sequence[ast.Expr], grouped: Sequence[ast.Expr], scope: Mapping[str, Kind]) -> None:
    """Beside an aggregate only what the rows are grouped by has one value."""
    for expression in expressions:
        if expression not in grouped:
            for part in _outside(expression, grouped):
                name = part.name if isinstance(part, ast.Variable) else f"{part.variable}.{part.key}"
                if (part.name if isinstance(part, ast.Variable) else part.variable) in scope:
                    raise wrong(part, f"`{name}` beside an aggregate must be a column of its own, to group by")


def _outside(expression: ast.Part, grouped: Sequence[ast.Expr]) -> Iterator[ast.Variable | ast.Property]:
    """Variables and properties outside aggregates that are no column."""
    if is_aggregate(expression) or (isinstance(expression, ast.Variable | ast.Property) and expression in grouped):
        return
    if isinstance(expression, ast.Property) and ast.Variable(name=expression.variable) in grouped:
        return
    if isinstance(expression, ast.Variable | ast.Property):
        yield expression
    for child in ast.children(expression):
        yield from _outside(child, grouped)


def _check_order(projection: ast.Return, columns: tuple[str, ...], expressions: Sequence[ast.Expr]) -> None:
    """After DISTINCT or an aggregate only what is returned can order the rows."""
    for part in projection.order:
        if part.expression in expressions:
            continue
        for call in aggregates_in([part.expression]):
            if call not in expressions:
                raise wrong(call, "ORDER BY takes an aggregate only if it is a column, too: name it with AS")
        for name, mention in ast.names_in(part.expression).items():
            if name not in columns:
                raise wrong(mention, f"`{name}` is gone after DISTINCT or an aggregate: order by a column")


def _order_closure(part: ast.Order, items: Sequence[ast.Item], compiler: Compiler) -> Closure:
    """A column by its name, a column as it is written, or an expression over columns and what was before them."""
    new = {item.column_name for item in items if item.expression != ast.Variable(name=item.column_name)}
    if isinstance(part.expression, ast.Variable) and kind_of(part.expression, compiler.scope) != "value":
        name = part.expression.name
        raise wrong(part, f"`{name}` has no order: order by a property of it, e.g. {name}.id")
    if not new & set(ast.names_in(part.expression)):
        for item in items:
            if item.expression == part.expression:
                return _entry(item.column_name)
    return compiler.compile(part.expression)


def _entry(name: str) -> Closure:
    return lambda row: row[name]


def _out(name: str, found: Kind, graph: Graph) -> Closure:
    """A column as a result shows it: graph elements become ids."""
    one: dict[Kind, Callable[[Any], Any]] = {
        "node": graph.id_of,
        "relationship": lambda e: graph.edge(e)[0],
        "path": lambda path: path_ids(graph, *path),
    }
    if found in ELEMENT:
        member = one[ELEMENT[found]]
        return lambda row: None if row[name] is None else [None if x is None else member(x) for x in row[name]]
    if found == "value":
        return _entry(name)
    whole = one[found]
    return lambda row: None if row[name] is None else whole(row[name])


def path_ids(graph: Graph, nodes: tuple[int, ...], edges: tuple[int, ...]) -> list[str]:
    """A path as the ids of its nodes and relationships in turn."""
    out = [graph.id_of(nodes[0])]
    for node, edge in zip(nodes[1:], edges, strict=True):
        out += [graph.edge(edge)[0], graph.id_of(node)]
    return out


def _amount(part: ast.Expr | None) -> int | None:
    if part is None:
        return None
    if isinstance(part, ast.Parameter):
        raise wrong(part, f"parameter ${part.name} has no value")
    value = part.value if isinstance(part, ast.Literal) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise wrong(part, "SKIP and LIMIT take a whole number of at least 0")
    return value
