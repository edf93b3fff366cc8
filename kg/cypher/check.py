"""Compile a plan without a graph: unknown functions, wrong kinds of arguments, variables that a subquery lacks."""

from __future__ import annotations

from typing import Any, NoReturn

from kg.cypher import ast
from kg.cypher.expressions import Closure, Compiler
from kg.cypher.kinds import Scope
from kg.cypher.pipeline import Matched, Pipeline, Projected, Unwound
from kg.cypher.plan import Plan, plan
from kg.cypher.project import compiled
from schemas.errors import TemplateError


def check_plan(made: Plan) -> None:
    """Compile all conditions of a plan.

    Raises:
        TemplateError: with the place of the expression that does not compile.
    """
    compiler = Compiler(_NoGraph(), made.scope, _subquery)
    for name, condition in made.masks:
        kind: Scope = {name: "node" if made.node(name) is not None else "relationship"}
        Compiler(_NoGraph(), kind, _subquery).compile(condition)
    for condition in made.cross:
        compiler.compile(condition)


def check_pipeline(made: Pipeline) -> None:
    """Compile all stages of a pipeline.

    Raises:
        TemplateError: as `check_plan`, and as `kg.cypher.project.compiled` for WITH and RETURN.
    """
    for stage in made.stages:
        match stage:
            case Matched(plan=made_plan):
                check_plan(made_plan)
            case Unwound(source=source, scope=scope):
                Compiler(_NoGraph(), scope, _subquery).compile(source)
            case Projected():
                compiled(stage, _NoGraph(), _subquery)


def _subquery(part: ast.Subquery, scope: Scope) -> Closure:
    named = {name: kind for name, kind in scope.items() if not name.startswith("#")}
    check_plan(plan(ast.Query(clauses=part.matches, line=part.line, column=part.column), outer=named))
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
