"""From `kg.cypher.ast` back to text, in Ladybug's spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from kg.cypher import ast
from kg.cypher.functions import written
from kg.cypher.kinds import wrong
from kg.cypher.plan import fill

REFUSED: Final = {
    "tointeger": "toInteger",
    "tofloat": "toFloat",
    "tostring": "toString",
    "startnode": "startNode",
    "endnode": "endNode",
    "sign": "sign",
}
"""Functions that Ladybug lacks or means otherwise."""

PRECEDENCE: Final = {"OR": 1, "XOR": 2, "AND": 3}


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
    return wrong(part, f"the embedded store cannot say this: {what}; the memory store can")


class Writer:
    """Writes expressions. `renamed` replaces a property of a relationship by a column that holds it."""

    def __init__(self, renamed: Mapping[tuple[str, str], str] | None = None) -> None:
        self.renamed = renamed or {}

    def expression(self, part: ast.Expr) -> str:
        match part:
            case ast.Literal(value=value):
                return self.literal(value)
            case ast.Parameter(name=name):
                return f"${name}"
            case ast.Variable(name=name):
                return self.renamed.get((name, "id"), quoted(name))
            case ast.Property(variable=variable, key=key):
                return self.renamed.get((variable, key), f"{quoted(variable)}.{quoted(key)}")
            case ast.ListOf(items=items):
                return "[" + ", ".join(self.expression(item) for item in items) + "]"
            case ast.Not(operand=operand):
                return f"(NOT {self.expression(operand)})"
            case ast.Negate(operand=operand):
                return f"(-{self.expression(operand)})"
            case ast.Logic(op=op, left=left, right=right):
                return f"({self.expression(left)} {op} {self.expression(right)})"
            case ast.Binary(op=op, left=left, right=right):
                return f"({self.expression(left)} {op} {self.expression(right)})"
            case ast.IsNull(operand=operand, negated=negated):
                return f"({self.expression(operand)} IS {'NOT ' if negated else ''}NULL)"
            case ast.Call():
                return self.call(part)
            case ast.Quantifier():
                return self.quantifier(part)
            case ast.Subquery():
                return self.subquery(part)
            case ast.Case(subject=subject, branches=branches, otherwise=otherwise):
                parts = [f"WHEN {self.expression(when)} THEN {self.expression(then)}" for when, then in branches]
                parts += [] if otherwise is None else [f"ELSE {self.expression(otherwise)}"]
                head = "CASE" if subject is None else f"CASE {self.expression(subject)}"
                return " ".join([head, *parts, "END"])

    def literal(self, value: object) -> str:
        if value is None or isinstance(value, bool):
            return {None: "NULL", True: "true", False: "false"}[value]
        if isinstance(value, tuple):
            return "[" + ", ".join(self.literal(item) for item in value) + "]"
        if isinstance(value, str):
            return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return repr(value)

    def call(self, part: ast.Call) -> str:
        if part.name in REFUSED:
            raise refuse(part, f"{REFUSED[part.name]}()")
        arguments = [self.expression(argument) for argument in part.arguments]
        if part.star:
            return "count(*)"
        first = arguments[0] if arguments else ""
        match part.name:
            case "type":
                return f"label({first})"
            case "labels":
                return f"[label({first})]"
            case "head":
                return f"({first})[1]"
            case "last":
                return f"({first})[-1]"
            case "round" if len(arguments) == 1:
                return f"floor({first} + 0.5)"
            case "sum":
                return f"coalesce(sum({'DISTINCT ' if part.distinct else ''}{first}), 0)"
        return f"{written(part.name)}({'DISTINCT ' if part.distinct else ''}{', '.join(arguments)})"

    def quantifier(self, part: ast.Quantifier) -> str:
        if any(isinstance(inner, ast.Quantifier | ast.Subquery) for inner in ast.walk(part.where)):
            raise refuse(part, "a condition inside a quantifier's condition")
        source = self.expression(part.source)
        return f"{part.kind}({quoted(part.variable)} IN {source} WHERE {self.expression(part.where)})"

    def subquery(self, part: ast.Subquery) -> str:
        from kg.cypher.dialects.rewrite import matches

        undirected = any(isinstance(p, ast.Relationship) and p.direction == 0 for p in ast.walk(part))
        if part.kind == "count" and undirected:
            raise refuse(part, "COUNT over an undirected hop, where it counts a self-loop twice")
        text, _ = matches(part.matches, self, prefix=f"_s{part.line}_{part.column}_")
        return f"{part.kind.upper()} {{ {text} }}"
