"""Expressions as Python closures over a row: typed once, when they are compiled.

A row maps each variable to its value: a node is its index (int), a relationship its edge index (int), a variable-length
relationship a tuple of edge indices, a path a pair (node indices, edge indices). An index is told from a number by the
static kind of the expression (`kg.cypher.kinds`). Each of them may be null after OPTIONAL MATCH.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from kg.cypher import ast
from kg.cypher.functions import FUNCTIONS, GRAPH, OF_ANYTHING, unknown
from kg.cypher.kinds import ELEMENT, ELEMENTS, Kind, Scope, kind_of, spoken, wrong
from kg.cypher.operators import BINARY, conjunction, disjunction, exclusive, negation

Row = Mapping[str, Any]
Closure = Callable[[Row], Any]


class Graph(Protocol):
    """What expressions read of a graph; a snapshot is one."""

    def get(self, i: int, prop: str) -> Any: ...
    def id_of(self, i: int) -> str: ...
    def label_of(self, i: int) -> str: ...
    def edge_get(self, e: int, prop: str) -> Any: ...
    def edge(self, e: int) -> tuple[str, str, int, int]: ...


SubqueryCompiler = Callable[[ast.Subquery, Scope], Closure]
"""Compiles EXISTS and COUNT to a closure that gives the number of matches, counted up to 1 for EXISTS."""


def check_call(call: ast.Call) -> None:
    """Refuse functions that are not in the subset, and wrong numbers of arguments.

    Raises:
        TemplateError: says what to write instead.
    """
    if call.name in GRAPH:
        written, least, most = GRAPH[call.name][0], 1, 1
    elif call.name in FUNCTIONS:
        function = FUNCTIONS[call.name]
        written, least, most = function.name, function.least, function.most or len(call.arguments)
    else:
        raise wrong(call, unknown(call.name))
    if call.star:
        if call.name != "count":
            raise wrong(call, f"only count takes `*`, not {written}")
    elif not least <= len(call.arguments) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}" if most >= least else f"at least {least}"
        raise wrong(
            call, f"{written}() takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(call.arguments)}"
        )
    if call.distinct and not is_aggregate(call):
        raise wrong(call, f"DISTINCT stands only in aggregates, not in {written}()")


def is_aggregate(expression: ast.Part) -> bool:
    return isinstance(expression, ast.Call) and expression.name in FUNCTIONS and FUNCTIONS[expression.name].aggregate


@dataclass(frozen=True)
class Compiler:
    """Compiles expressions over one graph and one set of variables."""

    graph: Graph
    scope: Scope
    subqueries: SubqueryCompiler | None = None
    """None: EXISTS and COUNT are refused."""
    results: Mapping[ast.Expr, str] = field(default_factory=dict)
    """Expressions that are already computed, with the name of the row's entry that holds them (aggregates)."""

    def compile(self, expression: ast.Expr) -> Closure:
        """A closure that gives the value of the expression for a row; errors of type carry the place.

        Raises:
            TemplateError: unknown variable or function, wrong kind of argument, unfilled parameter.
        """
        if expression in self.results:
            name = self.results[expression]
            return lambda row: row[name]
        match expression:
            case ast.Literal(value=value):
                return lambda _: value
            case ast.Parameter(name=name):
                raise wrong(expression, f"parameter ${name} has no value")
            case ast.Variable():
                return self._variable(expression)
            case ast.Property():
                return self._property(expression)
            case ast.ListOf(items=items):
                kind_of(expression, self.scope)  # a list of nodes and values is refused
                parts = [self.compile(item) for item in items]
                return lambda row: [part(row) for part in parts]
            case ast.Not() | ast.Logic():
                return self._logic(expression)
            case ast.Negate(operand=operand):
                zero = ast.Literal(value=0, line=expression.line, column=expression.column)
                return self._binary(
                    ast.Binary(op="-", left=zero, right=operand, line=expression.line, column=expression.column)
                )
            case ast.Binary():
                return self._binary(expression)
            case ast.IsNull(operand=operand, negated=negated):
                inner = self.compile(operand)
                return lambda row: (inner(row) is None) != negated
            case ast.Call():
                return self._call(expression)
            case ast.Quantifier():
                return self._quantifier(expression)
            case ast.Subquery():
                return self._subquery(expression)
            case ast.Case():
                return self._case(expression)

    def predicate(self, expression: ast.Expr) -> Callable[[Row], bool]:
        """Whether WHERE keeps a row: null is not true."""
        closure = self.compile(expression)
        return lambda row: truth(closure(row), expression) is True

    def _known(self, name: str, part: ast.Part) -> Kind:
        if name not in self.scope:
            close = get_close_matches(name, list(self.scope), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            raise wrong(part, f"unknown variable `{name}`{hint}")
        return self.scope[name]

    def _variable(self, part: ast.Variable) -> Closure:
        self._known(part.name, part)
        name = part.name
        return lambda row: row[name]

    def _property(self, part: ast.Property) -> Closure:
        name, key, graph = part.variable, part.key, self.graph
        kind = self._known(name, part)
        if kind == "node":
            if key == "id":
                return lambda row: None if (i := row[name]) is None else graph.id_of(i)
            return lambda row: None if (i := row[name]) is None else graph.get(i, key)
        if kind == "relationship":
            if key == "id":
                return lambda row: None if (e := row[name]) is None else graph.edge(e)[0]
            return lambda row: None if (e := row[name]) is None else graph.edge_get(e, key)
        if kind == "relationships":
            raise wrong(part, f"`{name}` is a list of relationships; write all(x IN relationships(p) WHERE x.{key} …)")
        raise wrong(part, f"`{name}` is a {spoken(kind)}: it has no properties")

    def _logic(self, expression: ast.Not | ast.Logic) -> Closure:
        if isinstance(expression, ast.Not):
            operand, inner = expression.operand, self.compile(expression.operand)
            return lambda row: negation(truth(inner(row), operand))
        one, two = self.compile(expression.left), self.compile(expression.right)
        combine = {"AND": conjunction, "OR": disjunction, "XOR": exclusive}[expression.op]
        left, right = expression.left, expression.right
        return lambda row: combine(truth(one(row), left), truth(two(row), right))

    def _binary(self, expression: ast.Binary) -> Closure:
        left, right = self.compile(expression.left), self.compile(expression.right)
        kinds = (kind_of(expression.left, self.scope), kind_of(expression.right, self.scope))
        operation = BINARY[expression.op] if kinds == ("value", "value") else _on_elements(expression, kinds)

        def compute(row: Row) -> Any:
            try:
                return operation(left(row), right(row))
            except (TypeError, ZeroDivisionError, OverflowError) as error:
                raise wrong(expression, str(error)) from None

        return compute

    def _call(self, call: ast.Call) -> Closure:
        check_call(call)
        if is_aggregate(call):
            raise wrong(
                call, f"{call.name}() is an aggregate: it stands in RETURN and WITH, and WHERE may follow a WITH"
            )
        if call.name in GRAPH:
            return self._graph_call(call)
        function = FUNCTIONS[call.name]
        kind_of(call, self.scope)  # coalesce() of a node and a value is refused
        for argument in call.arguments:
            if kind_of(argument, self.scope) in ELEMENTS and call.name not in OF_ANYTHING:
                raise wrong(argument, f"{function.name}() needs a value: write a property, as in n.name")
        parts = [self.compile(argument) for argument in call.arguments]

        def compute(row: Row) -> Any:
            try:
                return function.compute(*[part(row) for part in parts])
            except (TypeError, OverflowError) as error:
                raise wrong(call, str(error)) from None

        return compute

    def _graph_call(self, call: ast.Call) -> Closure:
        written, wanted = GRAPH[call.name]
        argument, graph = call.arguments[0], self.graph
        found = kind_of(argument, self.scope)
        if found != wanted:
            hint = "; write size() for strings and lists" if call.name == "length" else ""
            raise wrong(call, f"{written}() needs a {wanted}, not a {spoken(found)}{hint}")
        inner = self.compile(argument)
        read: Callable[[Any], Any] = {
            "type": lambda e: graph.edge(e)[1],
            "labels": lambda i: [graph.label_of(i)],
            "length": lambda path: len(path[1]),
            "nodes": lambda path: path[0],
            "relationships": lambda path: path[1],
            "startnode": lambda e: graph.edge(e)[2],
            "endnode": lambda e: graph.edge(e)[3],
        }[call.name]
        return lambda row: None if (found := inner(row)) is None else read(found)

    def _case(self, part: ast.Case) -> Closure:
        """The first branch that fits; with a subject, the first whose value is equal to it, null to none."""
        kind_of(part, self.scope)  # branches that give a node and a value are refused
        tests = [self._when(part, when) for when, _ in part.branches]
        results = [self.compile(then) for _, then in part.branches]
        otherwise = self.compile(part.otherwise or ast.Literal(value=None))
        branches = list(zip(tests, results, strict=True))

        def compute(row: Row) -> Any:
            return next((result for test, result in branches if test(row)), otherwise)(row)

        return compute

    def _when(self, part: ast.Case, when: ast.Expr) -> Callable[[Row], bool]:
        if part.subject is None:
            return self.predicate(when)
        test = ast.Binary(op="=", left=part.subject, right=when, line=when.line, column=when.column)
        return self.predicate(test)

    def _quantifier(self, part: ast.Quantifier) -> Closure:
        source = self.compile(part.source)
        kind = ELEMENT.get(kind_of(part.source, self.scope), "value")
        inner = Compiler(self.graph, {**self.scope, part.variable: kind}, self.subqueries)
        test, name = inner.compile(part.where), part.variable

        def compute(row: Row) -> Any:
            items = source(row)
            if items is None:
                return None
            if not isinstance(items, list | tuple):
                raise wrong(part.source, f"{part.kind}() needs a list")
            return quantify(part.kind, [truth(test({**row, name: item}), part.where) for item in items])

        return compute

    def _subquery(self, part: ast.Subquery) -> Closure:
        if self.subqueries is None:
            raise wrong(part, "EXISTS and COUNT cannot stand here")
        count = self.subqueries(part, self.scope)
        return (lambda row: count(row) > 0) if part.kind == "exists" else count


def _on_elements(expression: ast.Binary, kinds: tuple[Kind, Kind]) -> Callable[[Any, Any], Any]:
    """Nodes, relationships and paths are equal when they are the same; a list holds the elements that it was made of.

    Raises:
        TemplateError: they are compared with what they can never be, or by an operator that they do not have.
    """
    left, right = kinds
    if expression.op == "IN":
        if left == ELEMENT.get(right):
            return BINARY["IN"]
        raise wrong(expression, f"a {spoken(left)} is never in a {spoken(right)}: compare their properties")
    if expression.op not in ("=", "<>"):
        raise wrong(expression, f"nodes and relationships have no order: compare their properties with {expression.op}")
    unequal = expression.op == "<>"
    if left == right:
        return BINARY[expression.op]
    return lambda a, b: None if a is None or b is None else unequal


def truth(value: Any, part: ast.Part) -> bool | None:
    """A value where a predicate must stand.

    Raises:
        TemplateError: it is neither a boolean nor null.
    """
    if value is None or isinstance(value, bool):
        return value
    raise wrong(part, "a condition must be true, false or null: compare this value with something")


def quantify(kind: str, truths: list[bool | None]) -> bool | None:
    """all, any, none and single in three-valued logic."""
    yes, unknown = truths.count(True), truths.count(None)
    no = len(truths) - yes - unknown
    if kind == "all":
        return False if no else None if unknown else True
    if kind == "any":
        return True if yes else None if unknown else False
    if kind == "none":
        return False if yes else None if unknown else True
    return False if yes > 1 else None if unknown else yes == 1
