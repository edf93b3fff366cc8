"""Canonical forms: what an expression or a pattern says, without its place in the text and the names in it.

Two forms are equal only where the meaning is; the reverse holds for what people change without thinking of it: white
space, comments, names of variables, the order of alternatives and of what AND, OR, XOR, `=` and `<>` join.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from kg.cypher import ast
from kg.cypher.plan import Hop, Plan

FLIPPED: Final = {">": "<", ">=": "<="}
SIDELESS: Final = ("=", "<>")


def form(value: Any, names: Mapping[str, str]) -> Any:
    """An expression as nested tuples, with other names for its variables."""
    match value:
        case tuple():
            return tuple(form(item, names) for item in value)
        case ast.Literal():
            return "Literal", repr(value.value)
        case ast.Variable():
            return "Variable", names.get(value.name, value.name)
        case ast.Property():
            return "Property", names.get(value.variable, value.variable), value.key
        case ast.Logic():
            return value.op, *sorted((form(part, names) for part in ast.operands(value, value.op)), key=repr)
        case ast.Binary():
            return _binary(value, names)
        case ast.Quantifier():
            inner = {**names, value.variable: f"it{len(names)}"}
            return value.kind, form(value.source, names), form(value.where, inner)
        case ast.Subquery():
            inner = _inner(value, names)
            return value.kind, *(form(clause, inner) for clause in value.matches)
        case ast.Node():
            return "Node", names.get(value.name or ""), _alternatives(value.labels), _map(value.properties, names)
        case ast.Relationship():
            bounds = value.direction, value.low, value.high, value.ranged
            return names.get(value.name or ""), _alternatives(value.types), bounds, _map(value.properties, names)
        case ast.Part():
            parts = ((spec.name, getattr(value, spec.name)) for spec in fields(value) if spec.compare)
            return type(value).__name__, *((name, form(part, names)) for name, part in parts)
    return value


def pattern_form(plan: Plan) -> tuple[Any, dict[str, str]]:
    """The matches of a plan as nested tuples, and the names of its variables there.

    Variables are numbered in the order of the text. What a plan returns is no part of it, nor is a path that no
    condition is about.
    """
    names = {node.name: f"n{k}" for k, node in enumerate(plan.nodes)}
    names |= {hop.name: f"r{k}" for k, hop in enumerate(plan.hops)}
    for path in plan.paths:
        names[path.name] = repr([names[part] for part in (*path.nodes, *path.hops)])
    nodes = [(None if node.labels is None else sorted(node.labels), node.outer) for node in plan.nodes]
    hops = [_hop(hop, names) for hop in plan.hops]
    conditions = {repr(form(part, names)) for part in (*(part for _, part in plan.masks), *plan.cross)}
    return (nodes, hops, sorted(conditions)), names


def _hop(hop: Hop, names: Mapping[str, str]) -> tuple[Any, ...]:
    ends = names[hop.source], names[hop.target]
    if not hop.ranged and (hop.direction < 0 or (hop.direction == 0 and ends[1] < ends[0])):
        ends = ends[::-1]
    direction = hop.direction if hop.ranged else abs(hop.direction)
    return *ends, sorted(hop.types), direction, hop.clause, hop.low, hop.high, hop.ranged


def _binary(value: ast.Binary, names: Mapping[str, str]) -> Any:
    left, right = form(value.left, names), form(value.right, names)
    if value.op in FLIPPED:
        return FLIPPED[value.op], right, left
    if value.op in SIDELESS and repr(right) < repr(left):
        return value.op, right, left
    return value.op, left, right


def _inner(part: ast.Subquery, names: Mapping[str, str]) -> dict[str, str]:
    """The names of a subquery: those from outside, and its own in the order of the text."""
    found = dict(names)
    for each in ast.walk(part):
        if isinstance(each, ast.Node | ast.Relationship | ast.Pattern) and each.name is not None:
            found.setdefault(each.name, f"it{len(found)}")
    return found


def _alternatives(names: tuple[ast.Variable, ...]) -> list[str]:
    return sorted({part.name for part in names})


def _map(properties: tuple[tuple[str, ast.Expr], ...], names: Mapping[str, str]) -> list[Any]:
    return sorted(((key, form(part, names)) for key, part in properties), key=repr)
