"""One query, four readings: the evaluator, a literal enumeration, Neo4j verbatim, and Ladybug through its dialect.

Rows are compared as multisets, ordered ones as lists. Numbers are equal by value: a column of Ladybug has one type, so
that 1 may come as 1.0 there; sums of floats may differ in the last digits.
"""

from __future__ import annotations

import importlib.util
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from kg.cypher.parse import parse_query
from kg.cypher.plan import joins
from kg.cypher.template import loads
from kg.graph.diff import diff
from kg.graph.tables import tables_from
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate_rows import run_query
from kg.stores.ladybug import LadybugStore
from sampling.count import count
from sampling.population import population
from schemas.errors import TemplateError
from tests.cypher.brute import brute_rows
from tests.cypher.strategy import queries, random_rows, templates

GRAPHS = (1, 2, 3, 4)
EXAMPLES = int(os.environ.get("KGMINE_ORACLE", "60"))
"""Random queries per graph; four graphs make 240 templates and 240 queries."""
MOST_REFUSED = 0.15
NEEDS_LADYBUG = pytest.mark.skipif(importlib.util.find_spec("ladybug") is None, reason="no ladybug wheel here")
TEMPLATES, QUERIES = templates(), queries()
HEADER = "/*\ntask: t\ngiven: []\nquestion: q\n*/\n"


def key(value):
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(key, value))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(round(float(value), 9) + 0.0)
    return repr(value)


def comparable(text, rows):
    """Rows in their order where the query has one; else sorted. What is collected has no order either."""
    collected = "collect(" in text
    cells = [
        [key(sorted(map(key, cell))) if collected and isinstance(cell, list) else key(cell) for cell in row]
        for row in rows
    ]
    return cells if "ORDER BY" in text and not collected else sorted(cells)


def run(graph, strategy, check):
    """Run a check on random queries, the same ones each time."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(graph)
    @given(strategy)
    def each(text):
        check(text)

    each()


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_evaluator_the_count_and_the_ranks_are_the_literal_enumeration(graph):
    snapshot = snapshot_from(*random_rows(graph))

    def check(text):
        wanted = brute_rows(text, snapshot)
        found = [list(row) for row in run_query(text, snapshot)[1]]
        assert comparable(text, found) == comparable(text, wanted), text
        template = loads(HEADER + text)
        if apart(template.plan):  # every combination would match: refused
            with pytest.raises(TemplateError, match="joined to the rest of the pattern by nothing"):
                population(template, snapshot)
            return
        drawn = population(template, snapshot)
        assert len(drawn.enumerate()) == len(wanted), text
        assert count(template, snapshot).value == len(wanted), text

    run(graph, TEMPLATES, check)


def apart(made):
    """Whether neither hops nor equalities join the parts of a pattern, in some of its lengths."""
    group = {name: set(part) for part in made.components for name in part}
    for one, two in joins(made):
        merged = group[one] | group[two]
        group.update(dict.fromkeys(merged, merged))
    return len({frozenset(part) for part in group.values()}) > 1


@pytest.mark.neo4j
@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("strategy", [TEMPLATES, QUERIES], ids=["templates", "queries"])
def test_neo4j_has_the_same_rows_verbatim(graph, strategy, neo4j_server):
    nodes, edges = random_rows(graph)
    for node in nodes:
        made = {name: value for name, value in node.items() if name != "label"}
        neo4j_server.run(f"CREATE (n:{node['label']}) SET n = $made", made=made)
    for edge in edges:
        made = {name: value for name, value in edge.items() if name not in ("type", "source", "target")}
        neo4j_server.run(
            f"MATCH (a {{id: $a}}), (b {{id: $b}}) CREATE (a)-[r:{edge['type']}]->(b) SET r = $made",
            a=edge["source"],
            b=edge["target"],
            made=made,
        )
    snapshot = snapshot_from(nodes, edges)
    with neo4j_server.driver(notifications_min_severity="OFF") as driver:

        def check(text):
            found = driver.execute_query(text, database_="neo4j").records
            wanted = [[element(cell) for cell in record.values()] for record in found]
            rows = [list(row) for row in run_query(text, snapshot)[1]]
            assert comparable(text, rows) == comparable(text, wanted), text

        run(graph, strategy, check)


def element(value):
    """A value of the driver as `kg.stores.Rows` says it."""
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Path):
        steps = zip(value.relationships, value.nodes[1:], strict=True)
        return [value.nodes[0]["id"], *(part["id"] for step in steps for part in step)]
    if isinstance(value, Node | Relationship):
        return value["id"]
    return [element(part) for part in value] if isinstance(value, list) else value


@NEEDS_LADYBUG
@pytest.mark.parametrize("strategy", [TEMPLATES, QUERIES], ids=["templates", "queries"])
def test_ladybug_has_the_same_rows_or_refuses_by_name(strategy, tmp_path):
    asked: Counter[str] = Counter()
    for graph in GRAPHS:
        nodes, edges = random_rows(graph)
        snapshot = snapshot_from(nodes, edges)
        store = LadybugStore(tmp_path / str(graph) / "tables")
        store.sync(diff(store.tables(), tables_from(nodes, edges)))

        def check(text, store=store, snapshot=snapshot):
            wanted = [list(row) for row in run_query(text, snapshot)[1]]
            rows = store.query(text)[1]
            asked["queries"] += 1
            if store.note is None:
                assert comparable(text, rows) == comparable(text, wanted), text
                return
            asked["refused"] += 1
            fixed = not any(pattern.ranged for pattern in relationships(text))
            assert store.note.startswith("answered in memory: ")
            chain_or_tree = fixed and text.endswith(plain_return(text)) and "subquery" not in store.note
            assert not chain_or_tree, f"{store.note}\n{text}"

        run(graph, strategy, check)
        store.close()
    limit = MOST_REFUSED if strategy is TEMPLATES else 2 * MOST_REFUSED
    assert asked["refused"] <= limit * asked["queries"], asked


def relationships(text):
    from kg.cypher import ast

    return [part for part in ast.walk(parse_query(text)) if isinstance(part, ast.Relationship)]


def plain_return(text):
    """The RETURN of a template: every variable as it is."""
    names = [item.column_name for item in parse_query(text).returns.items]
    return f" RETURN {', '.join(names)}"
