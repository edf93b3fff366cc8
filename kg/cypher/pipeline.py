"""The typed pipeline of a query: stages that turn rows into rows, as Cypher's clauses do.

A query of nothing but MATCH and RETURN has two stages: its plan, which is also what templates count and draw from, and
its projection. OPTIONAL MATCH, WITH and UNWIND add stages; variables of earlier stages are outer variables of a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from kg.cypher import ast
from kg.cypher.kinds import ELEMENT, Kind, kind_of, wrong
from kg.cypher.plan import Plan, fill, plan


@dataclass(frozen=True, slots=True)
class Matched:
    """MATCH clauses, or one OPTIONAL MATCH."""

    plan: Plan
    optional: bool


@dataclass(frozen=True, slots=True)
class Unwound:
    """UNWIND."""

    source: ast.Expr
    name: str
    scope: dict[str, Kind]
    """Before it."""


@dataclass(frozen=True, slots=True)
class Projected:
    """WITH or RETURN."""

    projection: ast.Return
    """`*` is written out."""
    where: ast.Expr | None
    scope: dict[str, Kind]
    """Before it."""
    last: bool
    """RETURN: elements of the graph become their ids."""


Stage = Matched | Unwound | Projected


@dataclass(frozen=True, eq=False)
class Pipeline:
    stages: tuple[Stage, ...]
    outer: tuple[str, ...]
    """Names in scope from outside."""

    @property
    def plans(self) -> list[Plan]:
        """Plans of the MATCH clauses, in the order of the text."""
        return [stage.plan for stage in self.stages if isinstance(stage, Matched)]


def pipeline(
    query: ast.Query, *, outer: Mapping[str, Kind] | None = None, parameters: Mapping[str, Any] | None = None
) -> Pipeline:
    """Plan any query.

    Args:
        query: what `parse_query` gave.
        outer: variables in scope from outside, with their kinds.
        parameters: values of `$name`; None: they stay, for a dialect that passes them on.

    Raises:
        TemplateError: no RETURN, unknown variable, one name for two things, unfilled parameter, unbounded length.
    """
    filled = query if parameters is None else fill(query, parameters)
    if filled.returns is None:
        raise wrong(query, "RETURN is missing: name what you want, e.g. RETURN e.name AS name")
    scope = dict(outer or {})
    stages: list[Stage] = []
    gone: set[str] = set()
    for _, group in groupby(enumerate(filled.clauses), _together):
        clauses = [clause for _, clause in group]
        _refuse_gone(clauses[0], scope, gone)
        stage = _stage(clauses, scope)
        stages.append(stage)
        before, scope = scope, _after(stage, scope)
        gone = (gone | before.keys()) - scope.keys()
    _refuse_gone(filled.returns, scope, gone)
    stages.append(Projected(_written_out(filled.returns, scope), None, scope, last=True))
    return Pipeline(tuple(stages), tuple(outer or {}))


def _together(numbered: tuple[int, ast.Clause]) -> int:
    """Neighbouring plain MATCH clauses are one plan."""
    number, clause = numbered
    return -1 if isinstance(clause, ast.MatchClause) and not clause.optional else number


def _stage(clauses: list[ast.Clause], scope: dict[str, Kind]) -> Stage:
    first = clauses[0]
    match first:
        case ast.MatchClause(optional=optional):
            plain = [replace(each, optional=False) for each in clauses if isinstance(each, ast.MatchClause)]
            query = ast.Query(clauses=tuple(plain), line=first.line, column=first.column)
            return Matched(plan(query, outer=scope), optional)
        case ast.Unwind(source=source, name=name):
            if name in scope:
                raise wrong(first, f"`{name}` is already a variable: give the members another name")
            return Unwound(source, name, scope)
        case ast.With(projection=projection, where=where):
            written = _written_out(projection, scope)
            for item in written.items:
                if item.alias is None and not isinstance(item.expression, ast.Variable):
                    raise wrong(item, f"`{item.text}` in WITH needs a name: {item.text} AS name")
            return Projected(written, where, scope, last=False)


def _refuse_gone(part: ast.Clause | ast.Return, scope: Mapping[str, Kind], gone: set[str]) -> None:
    """A variable that an earlier WITH did not name."""
    if isinstance(part, ast.MatchClause):
        return  # may declare the name anew
    for name, mention in ast.names_in(part).items():
        if name in gone and name not in scope and not any(name == item.alias for item in _items(part)):
            raise wrong(mention, f"`{name}` is gone after WITH: name it there, too")


def _items(part: ast.Clause | ast.Return) -> tuple[ast.Item, ...]:
    if isinstance(part, ast.With):
        return part.projection.items
    return part.items if isinstance(part, ast.Return) else ()


def _after(stage: Stage, scope: dict[str, Kind]) -> dict[str, Kind]:
    """Kinds of the variables in scope after a stage."""
    match stage:
        case Matched(plan=made):
            return {**scope, **{name: kind for name, kind in made.scope.items() if not name.startswith("#")}}
        case Unwound(source=source, name=name):
            return {**scope, name: ELEMENT.get(kind_of(source, scope), "value")}
        case Projected(projection=projection):
            return {item.column_name: _kind(item, scope) for item in projection.items}


def _kind(item: ast.Item, scope: dict[str, Kind]) -> Kind:
    assert item.expression is not None
    return kind_of(item.expression, scope)


def _written_out(projection: ast.Return, scope: dict[str, Kind]) -> ast.Return:
    """`*` as every variable, in the order of their names, as in Neo4j; no column twice."""
    items: list[ast.Item] = []
    for item in projection.items:
        if item.expression is not None:
            items.append(item)
            continue
        if not scope:
            raise wrong(item, "`*` stands for all variables, and there are none")
        names = sorted(scope)
        items += [ast.Item(expression=ast.Variable(name=name), alias=None, text=name) for name in names]
    seen: set[str] = set()
    for item in items:
        if item.column_name in seen:
            raise wrong(item, f"two columns are called `{item.column_name}`: name one with AS")
        seen.add(item.column_name)
    return replace(projection, items=tuple(items))
