"""Expressions in Ladybug's spelling, over the nodes and links of a shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg.cypher import ast
from kg.cypher.functions import written
from kg.cypher.kinds import ELEMENTS, Kind, kind_of, wrong
from kg.cypher.plan import fill

REFUSED: Final = {
    "tointeger": "toInteger",
    "tofloat": "toFloat",
    "tostring": "toString",
    "endnode": "endNode",
    "startnode": "startNode",
}
"""Functions that Ladybug lacks or means otherwise."""

MOST_CONDITIONS: Final = 200
SEVERAL: Final = "ßŉǰΐΰևẖẗẘẙẚﬀﬁﬂﬃﬄﬅﬆ"
"""Letters that are several in upper case. Those of polytonic Greek and of ligatures of Armenian are left out."""


def quoted(name: str) -> str:
    """A name in backticks: `Table` and `Column` are reserved words in Ladybug."""
    return "`" + name.replace("`", "``") + "`"


def with_dummies(query: ast.Query) -> ast.Query:
    """The query with null for each parameter, 0 for an amount: it can be planned before its values are known."""
    names = {part.name for part in ast.walk(query) if isinstance(part, ast.Parameter)}
    amounts = {
        part.name
        for each in ast.walk(query)
        if isinstance(each, ast.Return)
        for part in (each.skip, each.limit)
        if isinstance(part, ast.Parameter)
    }
    return fill(query, {name: 0 if name in amounts else None for name in names})


def refuse(part: ast.Part, what: str) -> Exception:
    """The error that makes the store answer in memory."""
    return wrong(part, f"the embedded store cannot say this: {what}; the memory store can")


@dataclass(frozen=True, slots=True)
class Env:
    """What Ladybug calls the variables of a query."""

    scope: Mapping[str, Kind] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Variable-length relationships: their links."""
    paths: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    """(nodes, links)."""
    folded: frozenset[str] = frozenset()
    """Links of which only columns are left after a WITH DISTINCT."""
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    """(link, property) -> column that the WITH DISTINCT must have; it grows as expressions are written."""


SubqueryWriter = Callable[[ast.Subquery, Env], str]


class Writer:
    """Writes expressions."""

    def __init__(self, env: Env, subqueries: SubqueryWriter) -> None:
        self.env, self.subqueries = env, subqueries

    def expression(self, part: ast.Expr) -> str:
        match part:
            case ast.Literal(value=value):
                return self.literal(value)
            case ast.Parameter(name=name):
                return f"${name}"
            case ast.Variable(name=name):
                return self.variable(name)
            case ast.Property(variable=variable, key=key):
                return self.property(variable, key)
            case ast.ListOf(items=items):
                return "[" + ", ".join(self.expression(item) for item in items) + "]"
            case ast.Not(operand=operand):
                return f"(NOT {self.expression(operand)})"
            case ast.Negate(operand=operand):
                return f"(-{self.expression(operand)})"
            case ast.Logic(op=op):
                return self.joined(part, list(ast.operands(part, op)), op)
            case ast.Binary():
                return self.binary(part)
            case ast.IsNull(operand=operand, negated=negated):
                return f"({self.expression(operand)} IS {'NOT ' if negated else ''}NULL)"
            case ast.Call():
                return self.call(part)
            case ast.Quantifier():
                return self.quantifier(part)
            case ast.Subquery():
                return self.subqueries(part, self.env)
            case ast.Case():
                return self.case(part)

    def joined(self, part: ast.Expr, parts: Sequence[ast.Expr], op: str) -> str:
        """Conditions on one level; Ladybug's time grows with the square of their number."""
        if len(parts) > MOST_CONDITIONS:
            raise refuse(part, f"more than {MOST_CONDITIONS} conditions or members of a list")
        return f"({f' {op} '.join(map(self.expression, parts))})"

    def case(self, part: ast.Case) -> str:
        """A subject is written into each branch: Ladybug holds null equal to null there."""
        texts = []
        for when, then in part.branches:
            test = when if part.subject is None else ast.Binary(op="=", left=part.subject, right=when)
            texts.append(f"WHEN {self.expression(test)} THEN {self.expression(then)}")
        texts += [] if part.otherwise is None else [f"ELSE {self.expression(part.otherwise)}"]
        return " ".join(["CASE", *texts, "END"])

    def literal(self, value: object) -> str:
        if value is None or isinstance(value, bool):
            return {None: "NULL", True: "true", False: "false"}[value]
        if isinstance(value, tuple):
            return "[" + ", ".join(self.literal(item) for item in value) + "]"
        if isinstance(value, str):
            return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return repr(value)

    def variable(self, name: str) -> str:
        """A value, or the ids of an element of the graph, as results show it."""
        env = self.env
        if name in env.nodes:
            return f"{quoted(env.nodes[name])}.`id`"
        if name in env.links:
            return self.link(env.links[name], "id")
        if name in env.lists:
            return self.ids([self.link(link, "id") for link in env.lists[name]])
        if name in env.paths:
            nodes, links = env.paths[name]
            out = [f"{quoted(nodes[0])}.`id`"]
            for link, node in zip(links, nodes[1:], strict=True):
                out += [self.link(link, "id"), f"{quoted(node)}.`id`"]
            return self.ids(out)
        return quoted(name)

    def ids(self, parts: list[str]) -> str:
        return f"[{', '.join(parts)}]" if parts else "CAST([] AS STRING[])"

    def property(self, variable: str, key: str) -> str:
        if variable in self.env.links:
            return self.link(self.env.links[variable], key)
        return f"{quoted(self.env.nodes.get(variable, variable))}.{quoted(key)}"

    def link(self, name: str, key: str) -> str:
        if name not in self.env.folded:
            return f"{quoted(name)}.{quoted(key)}"
        return quoted(self.env.columns.setdefault((name, key), f"{name}.{key}"))

    def binary(self, part: ast.Binary) -> str:
        if part.op == "IN":
            items = _members(part.right)
            if items is not None:  # Ladybug's IN takes no notice of null
                tests = [ast.Binary(op="=", left=part.left, right=item) for item in items]
                return self.joined(part, tests, "OR") if tests else "false"
        left, right = self.expression(part.left), self.expression(part.right)
        text = f"({left} {part.op} {right})"
        if part.op == "CONTAINS":  # nothing contains '' there
            return f"({text} OR ({right} = '' AND {left} IS NOT NULL))"
        if part.op != "+" or any(_is_number(side) for side in (part.left, part.right)):
            return text
        return f"(CASE WHEN {left} IS NULL OR {right} IS NULL THEN NULL ELSE {text} END)"  # it joins null as ''

    def call(self, part: ast.Call) -> str:
        if part.star:
            return "count(*)"
        if part.name in REFUSED:
            raise refuse(part, f"{REFUSED[part.name]}()")
        graph = self._graph_call(part)
        if graph is not None:
            return graph
        arguments = [self.expression(argument) for argument in part.arguments]
        first = arguments[0]
        match part.name:
            case "head":
                return f"list_extract({first}, 1)"
            case "last":
                return f"list_extract({first}, -1)"
            case "round" if len(arguments) == 1:
                return f"floor({first} + 0.5)"
            case "toupper" | "tolower":
                return f"{written(part.name)}({_in_letters(first, part.name)})"
            case "sum":
                return f"coalesce(sum({'DISTINCT ' if part.distinct else ''}{first}), 0)"
        return f"{written(part.name)}({'DISTINCT ' if part.distinct else ''}{', '.join(arguments)})"

    def _graph_call(self, part: ast.Call) -> str | None:
        """Functions of graph elements, where the shape knows what they give."""
        argument, env = part.arguments[0], self.env
        name = argument.name if isinstance(argument, ast.Variable) else ""
        match part.name:
            case "type" if name in env.links:
                link = env.links[name]
                return self.link(link, ":type") if link in env.folded else f"label({quoted(link)})"
            case "labels" if name in env.nodes:
                label = f"label({quoted(env.nodes[name])})"
                return f"CASE WHEN {label} IS NULL THEN NULL ELSE [{label}] END"  # after OPTIONAL MATCH
            case "length" if name in env.paths:
                return str(len(env.paths[name][1]))
            case "nodes" if name in env.paths:
                return self.ids([f"{quoted(node)}.`id`" for node in env.paths[name][0]])
            case "relationships" if name in env.paths:
                return self.ids([self.link(link, "id") for link in env.paths[name][1]])
            case "type" | "labels" | "length" | "nodes" | "relationships":
                raise refuse(part, f"{written(part.name)}() of this")
            case "size" if name in env.lists:
                return str(len(env.lists[name]))
        return None

    def quantifier(self, part: ast.Quantifier) -> str:
        """Over a path each element by its name; over a list of values Ladybug's own."""
        elements = self._elements(part.source)
        if elements is None:
            if any(isinstance(inner, ast.Quantifier | ast.Subquery) for inner in ast.walk(part.where)):
                raise refuse(part, "a condition inside a quantifier's condition")
            source, where = self.expression(part.source), self.expression(part.where)
            return f"{part.kind}({quoted(part.variable)} IN {source} WHERE {where})"
        kind, names = elements
        tests = [self._about(part, kind, name).expression(part.where) for name in names]
        if part.kind == "single":
            return _single(tests)
        joined = f"({(' AND ' if part.kind == 'all' else ' OR ').join(tests)})" if tests else ""
        if not joined:
            return "false" if part.kind == "any" else "true"
        return f"(NOT {joined})" if part.kind == "none" else joined

    def _elements(self, source: ast.Expr) -> tuple[Kind, tuple[str, ...]] | None:
        if isinstance(source, ast.Call) and source.name in ("nodes", "relationships"):
            argument = source.arguments[0]
            if isinstance(argument, ast.Variable) and argument.name in self.env.paths:
                nodes, links = self.env.paths[argument.name]
                return ("node", nodes) if source.name == "nodes" else ("relationship", links)
        if isinstance(source, ast.Variable) and source.name in self.env.lists:
            return "relationship", self.env.lists[source.name]
        if kind_of(source, self.env.scope) != "value":
            raise refuse(source, "a quantifier over elements that are no path's")
        return None

    def _about(self, part: ast.Quantifier, kind: Kind, name: str) -> Writer:
        env = self.env
        changed = replace(env, scope={**env.scope, part.variable: kind})
        if kind == "node":
            changed = replace(changed, nodes={**env.nodes, part.variable: name})
        else:
            changed = replace(changed, links={**env.links, part.variable: name})
        return Writer(changed, self.subqueries)


def _in_letters(text: str, function: str) -> str:
    """What upper() and lower() turn into several letters, which Ladybug leaves as it is."""
    turned = ((a, a.upper()) for a in SEVERAL) if function == "toupper" else (("İ", "İ".lower()),)
    for letter, letters in turned:
        text = f"replace({text}, '{letter}', '{letters}')"
    return text


def _is_number(part: ast.Expr) -> bool:
    return isinstance(part, ast.Literal) and isinstance(part.value, int | float)


def _members(part: ast.Expr) -> tuple[ast.Expr, ...] | None:
    """The members of a list that is written out."""
    if isinstance(part, ast.Literal) and isinstance(part.value, tuple):
        return tuple(ast.Literal(value=value) for value in part.value)
    return part.items if isinstance(part, ast.ListOf) else None


def _single(tests: list[str]) -> str:
    """Exactly one of the tests: false from two on, else null where one is null."""
    if not tests:
        return "false"
    count = " + ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in tests)
    unknown = " OR ".join(f"({test}) IS NULL" for test in tests)
    return f"(CASE WHEN ({count}) > 1 THEN false WHEN {unknown} THEN NULL ELSE ({count}) = 1 END)"


def is_element(expression: ast.Expr, env: Env) -> bool:
    """Whether an expression gives a node, a relationship or a path."""
    return kind_of(expression, env.scope) in ELEMENTS
