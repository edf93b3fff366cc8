"""A slow, literal reading of MATCH: every assignment of nodes and relationships is tried, clause by clause."""

from __future__ import annotations

import random

from kg.cypher import ast
from kg.cypher.expressions import Compiler
from kg.cypher.parse import parse_query
from kg.cypher.plan import plan
from kg.snapshot.build import snapshot_from

LABELS, TYPES = ("Entity", "Chunk", "Assertion"), ("MENTIONS", "SUBJECT")


def random_graph(seed, nodes=6, edges=20):
    return snapshot_from(*random_rows(seed, nodes, edges))


def random_rows(seed, nodes=6, edges=20):
    """A multigraph with self-loops and parallel edges; `k` is an integer-valued property or null."""
    rng = random.Random(seed)
    made = [
        {
            "id": f"n{i}",
            "label": rng.choice(LABELS),
            "name": rng.choice(["x", "y", "z", None]),
            "document": rng.choice(["d1", "d2"]),
            "position": rng.choice([1, 2, 3, None]),
        }
        for i in range(nodes)
    ]
    for node in made:  # every label has every property
        node["confidence"] = 0.5
    links = [
        {
            "type": rng.choice(TYPES),
            "source": f"n{rng.randrange(nodes)}",
            "target": f"n{rng.randrange(nodes)}",
            "id": f"r{k}",
            "confidence": rng.choice([0.1, 0.9]),
        }
        for k in range(edges)
    ]
    return made, links


def brute(text, snapshot):
    """Multiset of (node variables by name, relationship variables by name), as a sorted list."""
    query = parse_query(text)
    found = []
    compiled = plan(query)
    tests = []
    compiler = Compiler(snapshot, compiled.scope)
    for clause in query.matches:
        if clause.where is not None:
            tests.append(compiler.predicate(clause.where))
    for row in _clauses(list(query.matches), snapshot, {}):
        if all(test(row) for test in tests):
            found.append(tuple(sorted((k, v) for k, v in row.items() if not k.startswith("_"))))
    return sorted(found)


def _clauses(clauses, snapshot, row):
    if not clauses:
        yield row
        return
    for inner, _ in _patterns(list(clauses[0].patterns), snapshot, row, frozenset()):
        yield from _clauses(clauses[1:], snapshot, inner)


def _patterns(patterns, snapshot, row, used):
    if not patterns:
        yield row, used
        return
    pattern = patterns[0]
    for inner, now, nodes, edges in _pattern(pattern, 0, snapshot, row, used, (), ()):
        bound = inner if pattern.name is None else {**inner, pattern.name: (nodes, edges)}
        yield from _patterns(patterns[1:], snapshot, bound, now)


def _pattern(pattern, k, snapshot, row, used, nodes, edges):
    for inner in _node(pattern.nodes[k], snapshot, row):
        yield from _from_node(pattern, k, snapshot, inner, used, nodes, edges)


def _node(node, snapshot, row):
    for i in range(snapshot.n):
        yield from _bind(node, i, snapshot, row)


def _bind(node, i, snapshot, row):
    if node.labels and snapshot.label_of(i) not in [x.name for x in node.labels]:
        return
    for key, value in node.properties:
        assert isinstance(value, ast.Literal)
        found = snapshot.get(i, key)
        if found is None or found != value.value:
            return
    if node.name is None:
        yield {**row, "_at": i}
    elif row.get(node.name, i) == i:
        yield {**row, node.name: i, "_at": i}


def _from_node(pattern, k, snapshot, row, used, nodes, edges):
    nodes = (*nodes, row["_at"])
    if k == len(pattern.relationships):
        yield row, used, nodes, edges
        return
    rel = pattern.relationships[k]
    for length in range(rel.low, rel.high + 1):
        for steps, middles, end in _walks(rel, row["_at"], length, snapshot, used):
            inner = row
            if rel.name is not None:
                inner = {**row, rel.name: steps if rel.ranged else steps[0]}
            for bound in _bind(pattern.nodes[k + 1], end, snapshot, inner):
                more = nodes + middles if length else nodes[:-1]
                yield from _from_node(pattern, k + 1, snapshot, bound, used | set(steps), more, edges + steps)


def _walks(rel, start, length, snapshot, used):
    if length == 0:
        yield (), (), start
        return
    for e in range(snapshot.m):
        _, kind, source, target = snapshot.edge(e)
        if e in used or (rel.types and kind not in [x.name for x in rel.types]):
            continue
        ends = set()
        if rel.direction in (1, 0) and source == start:
            ends.add(target)
        if rel.direction in (-1, 0) and target == start:
            ends.add(source)
        for end in sorted(ends):
            for steps, middles, last in _walks(rel, end, length - 1, snapshot, used | {e}):
                yield (e, *steps), (() if length == 1 else (end, *middles)), last


def random_pattern(seed):
    """A random query: chains, trees and cycles of 1 to 3 hops, lengths, several clauses, conditions."""
    rng = random.Random(seed)
    names = ["a", "b", "c", "d"]
    hops = rng.randint(1, 3)
    parts, used = [], ["a"]
    for k in range(hops):
        source = rng.choice(used)
        target = names[k + 1] if rng.random() < 0.85 or len(used) < 2 else rng.choice(used)
        if target not in used:
            used.append(target)
        parts.append(_node_text(rng, source) + _rel_text(rng, k) + _node_text(rng, target))
    if hops > 1 and rng.random() < 0.25:
        text = "MATCH " + ", ".join(parts[:-1]) + " MATCH " + parts[-1]
    else:
        text = "MATCH " + ", ".join(parts)
    condition = _condition(rng, used)
    return f"{text}{' WHERE ' + condition if condition else ''} RETURN {', '.join(used)}"


def _node_text(rng, name):
    labels = rng.sample(LABELS, rng.choice([0, 0, 0, 1, 2]))
    return f"({name}{':' + '|'.join(labels) if labels else ''})"


def _rel_text(rng, k):
    types = rng.sample(TYPES, rng.choice([0, 1, 1]))
    length = rng.choice(["", "", "", "", "*1..2", "*2", "*0..1"])
    body = f"[r{k}{':' + '|'.join(types) if types else ''}{length}]"
    return rng.choice([f"-{body}->", f"<-{body}-", f"-{body}-"])


def _condition(rng, used):
    x, y = rng.choice(used), rng.choice(used)
    if rng.random() < 0.4:
        return ""
    return rng.choice(
        [
            f"{x}.name = {y}.name",
            f"{x}.name <> {y}.name OR {x}.position IS NULL",
            f"{x}.position < {y}.position",
            f"NOT {x}.name IN ['x', 'y']",
            f"{x} <> {y}",
            f"coalesce({x}.name, '') = coalesce({y}.name, '') AND {x}.document = 'd1'",
            f"{x}.position + {y}.position > 3",
            f"{x}.name STARTS WITH 'x' XOR {y}.position >= 2",
            f"{x}.name = 'x' AND {y}.position = 1",
        ]
    )
