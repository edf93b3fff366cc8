"""Queries with RETURN, stage by stage. For `derive: rows` and `kgmine query`.

A node in a result is its id, a relationship its id, a path the list of ids of its nodes and relationships in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from kg.cypher.expressions import Compiler, Row
from kg.cypher.kinds import Kind
from kg.cypher.parse import located, parse_query
from kg.cypher.pipeline import Matched, Pipeline, Projected, Stage, Unwound, pipeline
from kg.cypher.project import TRACE, Projection, Traced, compiled
from kg.snapshot.evaluate import Binding, Engine, engine
from kg.snapshot.snapshot import Snapshot
from schemas.errors import TemplateError

Scopes = tuple[tuple[str, Kind], ...]


def evaluate_rows(text: str, snapshot: Snapshot, binding: Binding) -> list[dict[str, Any]]:
    """Rows of a query in which the variables of a match are in scope, as in a correlated subquery.

    Args:
        text: `MATCH … RETURN expression AS column, …`.
        snapshot: the graph.
        binding: the match; its named variables may be used in the pattern and in expressions.

    Returns: one dict per row, columns in the order of RETURN.

    Raises:
        TemplateError: the query does not parse, uses an unknown variable, or compares what has no order.
    """
    return [row for row, _ in evaluate_traced(text, snapshot, binding)]


def evaluate_traced(text: str, snapshot: Snapshot, binding: Binding) -> list[tuple[dict[str, Any], Traced]]:
    """As `evaluate_rows`, each row with the (variable, node) pairs of the query's own MATCH that it was made of.

    Raises:
        TemplateError: as above; and where LIMIT or SKIP cuts between rows of equal order, so that any would do.
    """
    outer = _scopes(binding)
    made = _planned(text, outer)
    row: dict[str, Any] = {**binding.nodes, **binding.edges}
    row = {name: row[name] for name, _ in outer}
    projection, rows = _run(made, snapshot, row, text, traced=True)
    columns, out = projection.columns, projection.out
    return [
        (dict(zip(columns, (value(found) for value in out), strict=True)), tuple(sorted(found.get(TRACE, ()))))
        for found in rows
    ]


def _scopes(binding: Binding) -> Scopes:
    nodes: list[tuple[str, Kind]] = [(name, "node") for name in binding.nodes if not name.startswith("#")]
    edges: list[tuple[str, Kind]] = [
        (name, "relationships" if isinstance(found, tuple) else "relationship")
        for name, found in binding.edges.items()
        if not name.startswith("#")
    ]
    return tuple(nodes + edges)


def run_query(
    text: str, snapshot: Snapshot, params: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of a query of the portable subset.

    Raises:
        TemplateError: the query does not parse, a parameter has no value, a type does not fit.
    """
    try:
        made = pipeline(parse_query(text), parameters=params or {})
    except TemplateError as error:
        raise located(error, text, "query") from None
    projection, rows = _run(made, snapshot, {}, text)
    return list(projection.columns), [tuple(value(row) for value in projection.out) for row in rows]


@lru_cache(maxsize=512)
def _planned(text: str, outer: Scopes) -> Pipeline:
    try:
        return pipeline(parse_query(text), outer=dict(outer))
    except TemplateError as error:
        raise located(error, text, "query") from None


def _run(
    made: Pipeline, snapshot: Snapshot, outer: Row, text: str, *, traced: bool = False
) -> tuple[Projection, list[Row]]:
    """The last projection and its rows."""
    rows: Iterable[Row] = [{**outer, TRACE: ()} if traced else outer]
    try:
        ready = _compiled(made, snapshot)
        for stage, projection in zip(made.stages, ready, strict=True):
            if projection is not None:
                rows = projection.rows(iter(rows), strict=traced)
            else:
                rows = _advanced(stage, engine(snapshot), rows)
        last = ready[-1]
        assert last is not None
        return last, list(rows)
    except TemplateError as error:
        raise located(error, text, "query") from None


@lru_cache(maxsize=512)
def _compiled(made: Pipeline, snapshot: Snapshot) -> tuple[Projection | None, ...]:
    """Projections of the stages, None for the other stages; what is wrong with one shows before anything runs."""
    subqueries = engine(snapshot).subquery
    return tuple(
        compiled(stage, snapshot, subqueries) if isinstance(stage, Projected) else None for stage in made.stages
    )


def _advanced(stage: Stage, made: Engine, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows after a stage that is no projection."""
    if isinstance(stage, Unwound):
        return _unwound(stage, made, rows)
    assert isinstance(stage, Matched)
    return _matched(stage, made, rows)


def _unwound(stage: Unwound, made: Engine, rows: Iterable[Row]) -> Iterator[Row]:
    source = Compiler(made.masks.snapshot, stage.scope, made.subquery).compile(stage.source)
    for row in rows:
        members = source(row)
        if members is None:
            continue
        for member in members if isinstance(members, list | tuple) else [members]:
            yield {**row, stage.name: member}


def _matched(stage: Matched, made: Engine, rows: Iterable[Row]) -> Iterator[Row]:
    plan = stage.plan
    names = [name for name, _ in plan.outer]
    new = [name for name in plan.scope if name not in names and not name.startswith("#")]
    own = [node.name for node in plan.nodes if node.named and node.name not in names]
    for row in rows:
        bound = {name: row[name] for name in names}
        found = False
        for search in made.searches(plan):
            for state in made.states(search, bound):
                found = True
                yield _joined(row, search.fill(state), new, own)
        if stage.optional and not found:
            yield {**row, **dict.fromkeys(new)}


def _joined(row: Row, state: Row, new: list[str], own: list[str]) -> Row:
    joined = {**row, **{name: state[name] for name in new}}
    if TRACE in row:
        joined[TRACE] = (*row[TRACE], *((name, state[name]) for name in own))
    return joined
