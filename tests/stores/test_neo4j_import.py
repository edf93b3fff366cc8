"""A user's own database becomes tables: several labels, no ids, dates, points, mixed types, bytes."""

from pathlib import Path

import pytest

from kg.graph.formats import read_csv, write_csv
from kg.stores.neo4j import Address, connect
from kg.stores.neo4j_import import read_database
from schemas.errors import ConfigError, GraphError
from schemas.mapping import Mapping

pytestmark = pytest.mark.neo4j

MOVIES = Path(__file__).parents[2] / "examples" / "movies"


@pytest.fixture
def imported(neo4j_server):
    """A function that fills the database by Cypher and imports it under a mapping."""

    def read(cypher, /, parameters=None, **mapping):
        if cypher:
            neo4j_server.run(cypher, **(parameters or {}))
        store = connect(Address(neo4j_server.uri, neo4j_server.user, neo4j_server.password, "neo4j"))
        try:
            return read_database(store, Mapping(**mapping))
        finally:
            store.close()

    return read


def rows(found, label):
    return [
        {name: value for name, value in row.items() if name != "id"} for row in found.tables.nodes[label].to_pylist()
    ]


def test_a_node_of_several_labels_belongs_to_one(imported):
    found = imported(
        "CREATE (:Person {name: 'A'})-[:ACTED_IN {roles: ['x', 'y']}]->(:Film {title: 'F'})<-[:DIRECTED]-"
        "(:Director:Person:Writer {name: 'B'})"
    )
    assert rows(found, "Person") == [
        {"name": "A", "labels": None},
        {"name": "B", "labels": ["Director", "Writer"]},
    ] or (rows(found, "Person") == [{"name": "B", "labels": ["Director", "Writer"]}, {"name": "A", "labels": None}])
    assert any("taken as Person" in note for note in found.notes)
    assert sorted(found.tables.edges) == [("ACTED_IN", "Person", "Film"), ("DIRECTED", "Person", "Film")]
    assert found.tables.roles.entities == {"Film": "title", "Person": "name"}
    again = imported("", primary=("Writer",))
    assert [row["labels"] for row in rows(again, "Writer")] == [["Director", "Person"]]


def test_values_of_neo4j_become_plain(imported):
    found = imported(
        "CREATE (:V {day: date('2020-02-03'), at: datetime('2020-02-03T04:05:06Z'), span: duration('P1Y2M'), "
        "place: point({longitude: 12.5, latitude: 55.0}), flat: point({x: 1, y: 2, z: 3}), flags: [true, false], "
        "days: [date('2020-01-01')], none: [], raw: $raw})",
        {"raw": b"ab"},
    )
    [row] = rows(found, "V")
    assert row == {
        "day": "2020-02-03",
        "at": "2020-02-03T04:05:06.000000000+00:00",
        "span": "P1Y2M",
        "place": [12.5, 55.0],
        "flat": [1.0, 2.0, 3.0],
        "flags": ["true", "false"],
        "days": ["2020-01-01"],
        "none": [],
    }
    assert any("byte arrays are left out" in note for note in found.notes)
    assert any("day (Date) is read as text" in note for note in found.notes)


def test_mixed_types_are_strings_and_said(imported):
    found = imported("UNWIND [1, 'two', 3.5, true] AS x CREATE (:M {x: x, n: toInteger(1)})")
    assert sorted(row["x"] for row in rows(found, "M")) == ["1", "3.5", "true", "two"]
    assert any(note.startswith("M.x: ") for note in found.notes)


def test_ids_are_the_users_own_or_made_from_content(imported):
    found = imported("CREATE (:A {id: 'a'}), (:A {id: 7}), (:A {n: 1}), (:A {n: 1}), (:A)")
    ids = found.tables.nodes["A"]["id"].to_pylist()
    assert {"a", "7"} <= set(ids)
    assert len(set(ids)) == 5
    assert imported("").tables.hash == found.tables.hash
    with pytest.raises(GraphError, match=r"graph\.key: A\.n is null"):
        imported("", key={"A": "n"})


def test_a_declared_key_is_the_id(imported):
    found = imported("CREATE (:A {code: 'x', id: '1'})-[:R]->(:A {code: 'y', id: '1'})", key={"A": "code"})
    assert found.tables.nodes["A"].to_pylist() == [
        {"id": "x", "code": "x", "own_id": "1"},
        {"id": "y", "code": "y", "own_id": "1"},
    ]


def test_parallel_edges_and_loops_stay_apart(imported):
    found = imported(
        "CREATE (a:A {id: 'a'}) CREATE (a)-[:R {w: 1}]->(a) CREATE (a)-[:R {w: 2}]->(a) CREATE (a)-[:R]->(a)"
    )
    table = found.tables.edges["R", "A", "A"]
    assert sorted(table["w"].to_pylist(), key=str) == [1, 2, None]
    assert len(set(table["id"].to_pylist())) == 3


def test_only_the_named_labels_and_types_are_read(imported):
    found = imported(
        "CREATE (:A {name: 'a'})-[:R]->(:B {name: 'b'})-[:S]->(:C {name: 'c'})", labels=("A", "B"), types=("R", "S")
    )
    assert sorted(found.tables.nodes) == ["A", "B"]
    assert sorted(found.tables.edges) == [("R", "A", "B")]
    assert any("S: 1 relationships are left out" in note for note in found.notes)


def test_a_label_that_is_not_there_is_named(imported):
    with pytest.raises(ConfigError, match=r"graph\.entities\.Film: no node has this label; the graph has A"):
        imported("CREATE (:A {name: 'a'})", entities={"Film": "title"})


def test_what_was_exported_and_loaded_comes_back(imported, neo4j_server, tmp_path):
    wanted = read_csv(MOVIES / "graph", Mapping(primary=("Movie",)))
    for label, table in wanted.tables.nodes.items():
        neo4j_server.run(f"UNWIND $rows AS r CREATE (n:`{label}`) SET n = r", rows=table.to_pylist())
    for (kind, source, target), table in wanted.tables.edges.items():
        ends = [{"a": r.pop(":START_ID"), "b": r.pop(":END_ID"), "r": r} for r in table.to_pylist()]
        neo4j_server.run(
            f"UNWIND $rows AS x MATCH (a:`{source}` {{id: x.a}}), (b:`{target}` {{id: x.b}}) CREATE (a)-[r:`{kind}`]->(b) SET r = x.r",
            rows=ends,
        )
    found = imported("", primary=("Movie",))
    for key, table in {**wanted.tables.nodes, **wanted.tables.edges}.items():
        back = {**found.tables.nodes, **found.tables.edges}[key]
        assert back.select(table.column_names).to_pylist() == table.to_pylist()
    write_csv(found.tables, tmp_path / "out")
    assert read_csv(tmp_path / "out").tables.hash == found.tables.hash
