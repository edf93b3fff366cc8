"""`closed: graph`: the closed set is what the graph knows, where its owner says that the graph is complete.

The mapping says so (`closed_world: true`): a relationship that is not there does not hold. Beside that, every value
that the rows compare or return must be there: a film without a runtime may be the longest. So the rows' pattern is
searched for a match whose WHERE comes out null, or is true of a returned value that is null. `x.runtime IS NOT NULL`
before a comparison is no way out, since the question does not say it; on its own it asks for what is known, and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from kg.cypher import ast
from kg.cypher.kinds import Kind
from kg.cypher.parse import parse_query
from kg.cypher.plan import Plan, plan
from kg.proof.case import PASS, Case, failed, not_applicable
from kg.proof.relations import Nodes
from kg.proof.things import called
from kg.snapshot.evaluate import engine
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Check

GRAPH: Final = "graph"
"""Name of the closed set in a template's header."""
Pairs = frozenset[tuple[str, str]]
"""(variable, property)."""


def check_graph_closed(case: Case) -> Check:
    """Fail with `open_set` and the reason."""
    header, spec = case.header, case.header.derive
    if header.closed is None:
        if spec is not None and spec.rows and not set(case.members) <= set(case.nodes.values()):
            return failed("open_set: the derivation runs over rows, and the template names no closed set")
        return not_applicable()
    if header.closed != GRAPH:
        return failed(f"open_set: a graph without documents knows one closed set, `graph`, not {header.closed}")
    if not case.snapshot.roles.closed_world:
        return failed("open_set: nobody says that the graph is complete; its owner may (`closed_world: true`)")
    for _, text in sorted(spec.rows.items()) if spec is not None else ():
        why = unknown(text, case.snapshot, case.nodes)
        if why is not None:
            return failed(f"open_set: {why}")
    return PASS


def unknown(text: str, snapshot: Snapshot, nodes: Nodes) -> str | None:
    """A value that is missing and may decide over the rows, in words; None where there is none."""
    query = parse_query(text)
    parts: list[ast.Part] = [m for part in ast.walk(query) if isinstance(part, ast.Subquery) for m in part.matches]
    if not query.plain:
        parts += [*query.clauses, *([query.returns] if query.returns is not None else [])]
    why = _missing_anywhere(query, parts, snapshot, nodes)
    if why is not None or not query.plain:
        return why
    scope: tuple[tuple[str, Kind], ...] = tuple(
        (name, "node" if thing >= 0 else "relationship") for name, thing in sorted(nodes.items())
    )
    made, read = _doubtful(text, scope)
    if made is None:
        return None
    bound: dict[str, Any] = {name: thing if thing >= 0 else ~thing for name, thing in nodes.items()}
    used = {name: bound[name] for name in made.scope if name in bound}
    for search in engine(snapshot).searches(made):
        for state in engine(snapshot).states(search, used):
            for name, prop in sorted(read):
                slot = search.shape.variables.get(name)
                thing = state.nodes[slot] if slot is not None else ~_edge(search.shape.relationships[name], state)
                if snapshot.get(thing, prop) is None:
                    return f"{called(snapshot, thing)} has no {prop}"
            return "a condition that cannot be decided"
    return None


def _edge(link: int | tuple[int, ...], state: Any) -> int:
    assert isinstance(link, int)
    return int(state.edges[link])


@lru_cache(maxsize=512)
def _doubtful(text: str, scope: tuple[tuple[str, Kind], ...]) -> tuple[Plan | None, Pairs]:
    """The plan of the matches that a missing value leaves in doubt, and the properties whose values matter."""
    query, outer = parse_query(text), {name for name, _ in scope}
    conditions = [part for match in query.matches for part in _conditions(match)]
    returned = frozenset(_values(query.returns, outer)) if query.returns is not None else frozenset[tuple[str, str]]()
    read = returned | {pair for part in conditions for pair in _values(part, outer)}
    if not read:
        return None, read
    held = _all([_unguarded(part, read) for part in conditions])
    missing: list[ast.Expr] = [ast.IsNull(operand=_property(*pair), negated=False) for pair in sorted(returned)]
    doubt: ast.Expr = ast.IsNull(operand=held, negated=False)
    for part in missing:
        doubt = ast.Logic(op="OR", left=doubt, right=ast.Logic(op="AND", left=held, right=part))
    bare = [replace(match, where=None, patterns=tuple(map(_bare, match.patterns))) for match in query.matches]
    bare[-1] = replace(bare[-1], where=doubt)
    names = {*ast.names_in(query)} | {node.name for match in query.matches for p in match.patterns for node in p.nodes}
    return plan(ast.Query(clauses=tuple(bare)), outer={name: kind for name, kind in scope if name in names}), read


def _conditions(match: ast.MatchClause) -> Iterator[ast.Expr]:
    """WHERE and the property maps of named nodes and relationships, one by one."""
    yield from ast.conjuncts(match.where)
    for pattern in match.patterns:
        parts: tuple[ast.Node | ast.Relationship, ...] = (*pattern.nodes, *pattern.relationships)
        for part in parts:
            for key, value in part.properties if part.name else ():
                yield ast.Binary(op="=", left=_property(str(part.name), key), right=value)


def _bare(pattern: ast.Pattern) -> ast.Pattern:
    """The pattern without the property maps that `_conditions` has taken out."""
    nodes = tuple(replace(node, properties=()) if node.name else node for node in pattern.nodes)
    links = tuple(replace(link, properties=()) if link.name else link for link in pattern.relationships)
    return replace(pattern, nodes=nodes, relationships=links)


def _property(variable: str, key: str) -> ast.Property:
    return ast.Property(variable=variable, key=key)


def _values(part: ast.Part, outer: Collection[str]) -> Iterator[tuple[str, str]]:
    """Properties whose value is used; `IS NULL` and `coalesce` say themselves what a missing one means."""
    if isinstance(part, ast.IsNull | ast.Subquery) or (isinstance(part, ast.Call) and part.name == "coalesce"):
        return
    if isinstance(part, ast.Property):
        if part.variable not in outer and part.key != "id":
            yield part.variable, part.key
        return
    if isinstance(part, ast.Node | ast.Relationship) and part.name and part.name not in outer:
        yield from ((part.name, key) for key, _ in part.properties)
    for child in ast.children(part):
        yield from _values(child, outer)


def _unguarded(part: ast.Expr, read: Pairs) -> ast.Expr:
    """A condition without `x.p IS NOT NULL` where the value of x.p is used beside."""
    match part:
        case ast.IsNull(operand=ast.Property() as found, negated=True) if (found.variable, found.key) in read:
            return ast.Literal(value=True)
        case ast.Logic():
            return replace(part, left=_unguarded(part.left, read), right=_unguarded(part.right, read))
        case ast.Not():
            return replace(part, operand=_unguarded(part.operand, read))
    return part


def _all(parts: list[ast.Expr]) -> ast.Expr:
    held: ast.Expr = ast.Literal(value=True)
    for part in parts:
        held = ast.Logic(op="AND", left=held, right=part)
    return held


def _missing_anywhere(
    query: ast.Query, parts: Iterable[ast.Part], snapshot: Snapshot, outer: Collection[str]
) -> str | None:
    """For parts that are more than one MATCH: all of a label or type must have each value that they use."""
    kinds: dict[str, tuple[str, ...]] = {}
    for part in ast.walk(query):
        if isinstance(part, ast.Node | ast.Relationship) and part.name:
            said = part.labels if isinstance(part, ast.Node) else part.types
            every = snapshot.labels if isinstance(part, ast.Node) else snapshot.types
            if said or part.name not in kinds:
                kinds[part.name] = tuple(kind.name for kind in said) or tuple(every)
    for name, prop in sorted({pair for part in parts for pair in _values(part, outer)}):
        for kind in kinds.get(name, ()):
            thing = _without(snapshot, kind, prop)
            if thing is not None:
                return f"{called(snapshot, thing)} has no {prop}"
    return None


@lru_cache(maxsize=1024)
def _without(snapshot: Snapshot, kind: str, prop: str) -> int | None:
    """The first thing of a label or type that has no value of a property."""
    if kind in snapshot.ranges:
        has = prop in snapshot.properties(kind)
        return next((int(node) for node in snapshot.find(kind, prop, "")), None) if has else None
    base = 0
    for group in snapshot.groups:
        edges = range(base, base + group.count) if group.type == kind else range(0)
        found = next((edge for edge in edges if snapshot.edge_get(edge, prop) is None), None)
        if found is not None:
            return ~found
        base += group.count
    return None
