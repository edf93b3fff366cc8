"""Parts of a query as Cypher again: what `count`, `explain` and the gallery show of a pattern."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from kg.cypher import ast
from kg.cypher.functions import written
from kg.cypher.plan import Hop, NodeVar, Plan

_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_LOGIC: Final = {"OR": 1, "XOR": 2, "AND": 3}
_NOT: Final = 4
_ARITHMETIC: Final = {"+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "^": 8}
_COMPARE: Final = 5
_UNARY: Final = 9


def name(text: str) -> str:
    """A name, in backticks where it needs them; an anonymous one is empty."""
    if not text or text.startswith("#"):
        return ""
    return text if _NAME.fullmatch(text) else "`" + text.replace("`", "``") + "`"


def expression(part: ast.Expr, around: int = 0) -> str:
    """An expression; `around`: how tightly what stands around it binds."""
    text, level = _spelled(part)
    return f"({text})" if level < around else text


def _spelled(part: ast.Expr) -> tuple[str, int]:
    """(text, how tightly it binds)."""
    match part:
        case ast.Literal(value=value):
            return literal(value), _UNARY + (0 if isinstance(value, int | float) and value < 0 else 1)
        case ast.Parameter():
            return f"${part.name}", 10
        case ast.Variable():
            return name(part.name), 10
        case ast.Property():
            return f"{name(part.variable)}.{name(part.key)}", 10
        case ast.ListOf(items=items):
            return f"[{', '.join(map(expression, items))}]", 10
        case ast.Not(operand=operand):
            return f"NOT {expression(operand, _NOT)}", _NOT
        case ast.Negate(operand=operand):
            return f"-{expression(operand, _UNARY + 1)}", _UNARY
        case ast.Logic(op=op, left=left, right=right):
            level = _LOGIC[op]  # associative: a right side of the same kind needs no brackets
            return f"{expression(left, level)} {op} {expression(right, level)}", level
        case ast.Binary(op=op, left=left, right=right):
            return _infix(op, left, right, _ARITHMETIC.get(op, _COMPARE))
        case ast.IsNull(operand=operand, negated=negated):
            return f"{expression(operand, _COMPARE + 1)} IS {'NOT ' if negated else ''}NULL", _COMPARE
        case ast.Call():
            inside = "*" if part.star else ", ".join(map(expression, part.arguments))
            return f"{written(part.name)}({'DISTINCT ' if part.distinct else ''}{inside})", 10
        case ast.Quantifier():
            where = f"{name(part.variable)} IN {expression(part.source)} WHERE {expression(part.where)}"
            return f"{part.kind}({where})", 10
        case ast.Subquery():
            return f"{part.kind.upper()} {{ {' '.join(map(clause, part.matches))} }}", 10
        case ast.Case():
            return _case(part), 10


def _infix(op: str, left: ast.Expr, right: ast.Expr, level: int) -> tuple[str, int]:
    return f"{expression(left, level)} {op} {expression(right, level + 1)}", level


def _case(part: ast.Case) -> str:
    head = [] if part.subject is None else [expression(part.subject)]
    branches = [f"WHEN {expression(when)} THEN {expression(then)}" for when, then in part.branches]
    tail = [] if part.otherwise is None else [f"ELSE {expression(part.otherwise)}"]
    return " ".join(["CASE", *head, *branches, *tail, "END"])


def literal(value: object) -> str:
    """A value as Cypher writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return "'" + json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return repr(value)


def clause(part: ast.MatchClause) -> str:
    """One MATCH with its WHERE."""
    text = "MATCH " + ", ".join(map(_pattern, part.patterns))
    return text if part.where is None else f"{text} WHERE {expression(part.where)}"


def _pattern(part: ast.Pattern) -> str:
    out = f"{name(part.name)} = " if part.name else ""
    out += _node(part.nodes[0])
    for relationship, node in zip(part.relationships, part.nodes[1:], strict=True):
        types = tuple(kind.name for kind in relationship.types)
        length = _length(relationship.low, relationship.high or relationship.low, ranged=relationship.ranged)
        out += arrow(relationship.name or "", types, relationship.direction, length, relationship.properties)
        out += _node(node)
    return out


def _node(part: ast.Node) -> str:
    labels = "|".join(name(label.name) for label in part.labels)
    return bracketed("()", part.name or "", labels, part.properties)


def bracketed(
    ends: str, variable: str, labels: str, properties: Sequence[tuple[str, ast.Expr]] = (), length: str = ""
) -> str:
    """The inside of a node or relationship: `(e:Entity {kind: 'planet'})`."""
    said = name(variable) + (f":{labels}" if labels else "") + length
    entries = ", ".join(f"{name(key)}: {expression(value)}" for key, value in properties)
    inside = " ".join(text for text in (said, f"{{{entries}}}" if entries else "") if text)
    return f"{ends[0]}{inside}{ends[1]}"


def arrow(
    variable: str,
    types: Sequence[str],
    direction: int,
    length: str = "",
    properties: Sequence[tuple[str, ast.Expr]] = (),
) -> str:
    """A relationship, read from left to right."""
    inside = bracketed("[]", variable, "|".join(map(name, types)), properties, length)
    inside = "" if inside == "[]" else inside
    return f"{'<' if direction < 0 else ''}-{inside}-{'>' if direction > 0 else ''}"


def _length(low: int, high: int, *, ranged: bool) -> str:
    if not ranged:
        return ""
    return f"*{low}" if low == high else f"*{low}..{high}"


def named(plan: Plan, variable: str) -> str:
    """A node of a plan with its labels and property map."""
    node = next(node for node in plan.nodes if node.name == variable)
    return bracketed("()", node.name, "|".join(map(name, node.labels or ())), mapped(plan, node))


def hop_text(plan: Plan, hop: Hop, *, reverse: bool = False) -> str:
    """A hop of a plan, read from its source, or from its target."""
    direction = -hop.direction if reverse else hop.direction
    length = _length(hop.low, hop.high, ranged=hop.ranged)
    return arrow(hop.name, hop.types, direction, length, mapped(plan, hop))


def mapped(plan: Plan, element: NodeVar | Hop) -> tuple[tuple[str, ast.Expr], ...]:
    """The property map of a node or hop, as (property, value)."""
    return tuple(
        (condition.left.key, condition.right)
        for condition in maps(plan, element)
        if isinstance(condition, ast.Binary) and isinstance(condition.left, ast.Property)
    )


def maps(plan: Plan, element: NodeVar | Hop) -> tuple[ast.Expr, ...]:
    """The conditions that a property map wrote: they stand where the element stands."""
    place = element.line, element.column
    every: Iterable[ast.Expr] = (condition for variable, condition in plan.masks if variable == element.name)
    return tuple(condition for condition in every if (condition.line, condition.column) == place)
