"""The static kind of an expression: a value, or an element of the graph that rows hold as an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from kg.cypher import ast
from schemas.errors import TemplateError

Kind = Literal["node", "relationship", "path", "nodes", "relationships", "paths", "value"]
Scope = Mapping[str, Kind]

ELEMENT: Final[dict[Kind, Kind]] = {"nodes": "node", "relationships": "relationship", "paths": "path"}
"""Kind of a list -> kind of its members."""
LISTS: Final[dict[Kind, Kind]] = {member: whole for whole, member in ELEMENT.items()}
ELEMENTS: Final = frozenset(LISTS)


def wrong(part: ast.Part, message: str) -> TemplateError:
    """An error at the place of a part."""
    return TemplateError(message, line=part.line, column=part.column)


def spoken(kind: Kind) -> str:
    """`node`, `list of nodes`."""
    return f"list of {kind}" if kind in ELEMENT else kind


def kind_of(expression: ast.Expr, scope: Scope) -> Kind:
    """Static kind of what an expression gives, null aside.

    Raises:
        TemplateError: it may give a node as well as a value, or a list of both.
    """
    match expression:
        case ast.Variable(name=name):
            return scope.get(name, "value")
        case ast.Call(name="nodes"):
            return "nodes"
        case ast.Call(name="relationships"):
            return "relationships"
        case ast.Call(name="startnode" | "endnode"):
            return "node"
        case ast.Call(name="head" | "last", arguments=(source,)):
            return ELEMENT.get(kind_of(source, scope), "value")
        case ast.Call(name="collect", arguments=(argument,)):
            return LISTS.get(kind_of(argument, scope), "value")
        case ast.Call(name="coalesce", arguments=arguments):
            return _common(expression, arguments, scope)
        case ast.Case(branches=branches, otherwise=otherwise):
            results = [then for _, then in branches]
            return _common(expression, results if otherwise is None else [*results, otherwise], scope)
        case ast.ListOf(items=items):
            return _list_of(expression, _common(expression, items, scope))
        case _:
            return "value"


def _list_of(part: ast.ListOf, member: Kind) -> Kind:
    if member in ELEMENT:
        raise wrong(part, f"a list of lists of {member} is not in the portable subset")
    return LISTS.get(member, "value")


def _common(part: ast.Expr, parts: Sequence[ast.Expr], scope: Scope) -> Kind:
    """The one kind of several expressions; null goes with each."""
    kinds = {kind_of(each, scope): each for each in reversed(parts) if each != ast.Literal(value=None)}
    if len(kinds) > 1:
        names = " and a ".join(sorted(map(spoken, kinds)))
        raise wrong(part, f"this gives a {names}: write properties, as in n.name, so that all are values")
    return next(iter(kinds), "value")
