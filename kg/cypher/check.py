"""Compile a plan without a graph: unknown functions, wrong kinds of arguments, variables that a subquery lacks."""

from __future__ import annotations

from typing import Any, NoReturn

from kg.cypher import ast
from kg.cypher.expressions import Closure, Compiler, Scope, is_aggregate
from kg.cypher.plan import Plan, plan
from schemas.errors import TemplateError


def check_plan(made: Plan) -> None:
    """Compile all conditions and results of a plan.

    Raises:
        TemplateError: with the place of the expression that does not compile.
    """
    compiler = Compiler(_NoGraph(), made.scope, _subquery)
    for name, condition in made.masks:
        kind: Scope = {name: "node" if made.node(name) is not None else "relationship"}
        Compiler(_NoGraph(), kind, _subquery).compile(condition)
    for condition in made.cross:
        compiler.compile(condition)
    for item in made.returns.items if made.returns is not None else ():
        if item.expression is not None:
            _result(item.expression, compiler)


def _result(expression: ast.Expr, compiler: Compiler) -> None:
    """Aggregates are checked by their arguments; what stands around them has no other errors to find here."""
    if not any(is_aggregate(part) for part in ast.walk(expression)):
        compiler.compile(expression)
        return
    for part in ast.walk(expression):
        if isinstance(part, ast.Call) and is_aggregate(part):
            for argument in part.arguments:
                compiler.compile(argument)


def _subquery(part: ast.Subquery, scope: Scope) -> Closure:
    named = {name: kind for name, kind in scope.items() if not name.startswith("#")}
    check_plan(plan(ast.Query(matches=part.matches, line=part.line, column=part.column), outer=named))
    return lambda _: 0


class _NoGraph:
    """Compiling reads nothing of a graph."""

    def get(self, i: int, prop: str) -> Any:
        self._never(i, prop)

    def id_of(self, i: int) -> str:
        self._never(i)

    def label_of(self, i: int) -> str:
        self._never(i)

    def edge_get(self, e: int, prop: str) -> Any:
        self._never(e, prop)

    def edge(self, e: int) -> tuple[str, str, int, int]:
        self._never(e)

    def _never(self, *_: object) -> NoReturn:
        raise TemplateError("an expression was evaluated while it was being checked")
