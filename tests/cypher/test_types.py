"""Queries that are odd but legal: a value of another type, null in odd places, names, signs, comments, long lists.

Each has Neo4j's rows in memory and in the embedded store, whose engine casts, takes null for false, or knows a path
where OPTIONAL MATCH found none.
"""

from __future__ import annotations

import importlib.util

import pytest

from kg.graph.diff import diff
from kg.graph.tables import tables_from
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate_rows import run_query
from kg.stores.ladybug import LadybugStore
from tests.cypher.odd import PARAMETERS, QUERIES
from tests.cypher.strategy import random_rows
from tests.cypher.test_oracle import comparable, element

NEEDS_LADYBUG = pytest.mark.skipif(importlib.util.find_spec("ladybug") is None, reason="no ladybug wheel here")


def memory(text, snapshot):
    return comparable(text, [list(row) for row in run_query(text, snapshot, PARAMETERS)[1]])


@NEEDS_LADYBUG
def test_the_embedded_store_gives_the_rows_of_the_memory_store(tmp_path):
    nodes, edges = random_rows(3, 9, 24)
    nodes[3]["name"] = "Straße, ŉ, ﬁn, İ"
    snapshot = snapshot_from(nodes, edges)
    store = LadybugStore(tmp_path / "tables")
    store.sync(diff(store.tables(), tables_from(nodes, edges)))
    for text in QUERIES:
        assert comparable(text, store.query(text, PARAMETERS)[1]) == memory(text, snapshot), text
    store.close()


@pytest.mark.neo4j
def test_neo4j_gives_the_same_rows(neo4j_server):
    nodes, edges = random_rows(3, 9, 24)
    nodes[3]["name"] = "Straße, ŉ, ﬁn, İ"
    snapshot = snapshot_from(nodes, edges)
    for node in nodes:
        made = {name: value for name, value in node.items() if name != "label"}
        neo4j_server.run(f"CREATE (n:{node['label']}) SET n = $made", made=made)
    for edge in edges:
        made = {name: value for name, value in edge.items() if name not in ("type", "source", "target")}
        text = f"MATCH (a {{id: $a}}), (b {{id: $b}}) CREATE (a)-[r:{edge['type']}]->(b) SET r = $made"
        neo4j_server.run(text, a=edge["source"], b=edge["target"], made=made)
    with neo4j_server.driver(notifications_min_severity="OFF") as driver:
        for text in QUERIES:
            found = driver.execute_query(text, PARAMETERS, database_="neo4j").records
            wanted = [[element(cell) for cell in record.values()] for record in found]
            assert memory(text, snapshot) == comparable(text, wanted), text


@NEEDS_LADYBUG
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("MATCH (a) WHERE a.position = '1' RETURN a", "a number and a string"),
        ("MATCH (a {position: '1'}) RETURN a", "a number and a string"),
        ("MATCH (a) WHERE a.name = $i RETURN a", "a number and a string"),
        ("MATCH (a) WITH a.position AS p WHERE p > '1' RETURN p", "a number and a string"),
        ("UNWIND [1, 'x'] AS x RETURN x", "a number and a string"),
        ("MATCH (a) RETURN coalesce(a.position, a.name) AS c", "a number and a string"),
        ("MATCH (a) WHERE any(t IN a.tags WHERE t = a.name) RETURN a", "whose condition may be null"),
        ("MATCH (a) OPTIONAL MATCH p = (a)-[:SUBJECT]->(b) RETURN length(p) AS n", "a path or a length"),
    ],
)
def test_what_ladybug_would_cast_is_answered_in_memory_and_says_so(text, what, tmp_path):
    nodes, edges = random_rows(3)
    store = LadybugStore(tmp_path / "tables")
    store.sync(diff(store.tables(), tables_from(nodes, edges)))
    store.query(text, PARAMETERS)
    assert store.note.startswith("answered in memory: ")
    assert what in store.note
    store.close()
