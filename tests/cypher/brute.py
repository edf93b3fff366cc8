"""A slow, literal reading of a template: every assignment of nodes and relationships is tried, clause by clause."""

from __future__ import annotations

from kg.cypher.expressions import Compiler
from kg.cypher.parse import parse_query
from kg.cypher.plan import plan


def brute_rows(text, snapshot):
    """Rows of `MATCH … RETURN variables`: ids of nodes and relationships, paths as ids in turn."""
    query = parse_query(text)
    scope = plan(query).scope
    names = [item.column_name for item in query.returns.items]
    found = matches(query.matches, snapshot, {}, scope)
    return [[shown(row[name], scope[name], snapshot) for name in names] for row in found]


def matches(clauses, snapshot, row, scope):
    """Rows after some MATCH clauses; WHERE is tested behind them all, as rows do not depend on when."""
    compiler = Compiler(snapshot, scope, lambda part, outer: counted(part, snapshot, outer))
    tests = [compiler.predicate(clause.where) for clause in clauses if clause.where is not None]
    return [found for found in _clauses(list(clauses), snapshot, row, compiler) if all(test(found) for test in tests)]


def counted(part, snapshot, outer):
    from kg.cypher import ast

    named = {name: kind for name, kind in outer.items() if not name.startswith("#")}
    inner = {**outer, **plan(ast.Query(clauses=part.matches), outer=named).scope}
    return lambda row: len(matches(part.matches, snapshot, dict(row), inner))


def shown(value, kind, snapshot):
    if kind == "node":
        return snapshot.id_of(value)
    if kind == "relationship":
        return snapshot.edge(value)[0]
    if kind == "relationships":
        return [snapshot.edge(e)[0] for e in value]
    nodes, edges = value
    steps = zip(edges, nodes[1:], strict=True)
    return [snapshot.id_of(nodes[0]), *(x for e, i in steps for x in (snapshot.edge(e)[0], snapshot.id_of(i)))]


def _clauses(clauses, snapshot, row, compiler):
    if not clauses:
        yield row
        return
    for inner, _ in _patterns(list(clauses[0].patterns), snapshot, row, frozenset(), compiler):
        yield from _clauses(clauses[1:], snapshot, inner, compiler)


def _patterns(patterns, snapshot, row, used, compiler):
    if not patterns:
        yield row, used
        return
    pattern = patterns[0]
    for inner, now, nodes, edges in _pattern(pattern, snapshot, row, used, compiler):
        bound = inner if pattern.name is None else {**inner, pattern.name: (nodes, edges)}
        yield from _patterns(patterns[1:], snapshot, bound, now, compiler)


def _pattern(pattern, snapshot, row, used, compiler):
    for i in range(snapshot.n):
        for inner in _bind(pattern.nodes[0], i, snapshot, row, compiler):
            yield from _hops(pattern, 0, snapshot, inner, used, (i,), (), compiler)


def _bind(node, i, snapshot, row, compiler):
    if node.labels and snapshot.label_of(i) not in [label.name for label in node.labels]:
        return
    if any(_differs(snapshot.get(i, key), value, row, compiler) for key, value in node.properties):
        return
    if node.name is None:
        yield row
    elif row.get(node.name, i) == i:
        yield {**row, node.name: i}


def _differs(value, wanted, row, compiler):
    found = compiler.compile(wanted)(row)
    return value is None or found is None or value != found


def _hops(pattern, k, snapshot, row, used, nodes, edges, compiler):
    if k == len(pattern.relationships):
        yield row, used, nodes, edges
        return
    hop = pattern.relationships[k]
    for length in range(hop.low, hop.high + 1):
        for steps, passed in _walks(hop, nodes[-1], length, snapshot, used, row, compiler):
            inner = row if hop.name is None else {**row, hop.name: steps if hop.ranged else steps[0]}
            end = passed[-1] if passed else nodes[-1]
            for bound in _bind(pattern.nodes[k + 1], end, snapshot, inner, compiler):
                taken = used | set(steps)
                yield from _hops(pattern, k + 1, snapshot, bound, taken, nodes + passed, edges + steps, compiler)


def _walks(hop, start, length, snapshot, used, row, compiler):
    """(relationships, nodes after the start) of every trail of a length."""
    if length == 0:
        yield (), ()
        return
    for e in range(snapshot.m):
        _, kind, source, target = snapshot.edge(e)
        if e in used or (hop.types and kind not in [name.name for name in hop.types]):
            continue
        if any(_differs(snapshot.edge_get(e, key), value, row, compiler) for key, value in hop.properties):
            continue
        ends = {target} if hop.direction >= 0 and source == start else set()
        ends |= {source} if hop.direction <= 0 and target == start else set()
        for end in sorted(ends):
            for steps, passed in _walks(hop, end, length - 1, snapshot, used | {e}, row, compiler):
                yield (e, *steps), (end, *passed)
