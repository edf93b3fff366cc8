"""What kgmine owns on a server, what users make there, and that nothing of theirs is touched."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph import marks
from kg.graph.diff import diff
from kg.graph.roles import Roles
from kg.graph.tables import Tables, properties, sort_table, tables_from
from kg.stores.neo4j import Address, connect
from schemas.errors import GraphError
from tests.graph.graphs import LABELS, TEXT, TYPES, VALUES, graphs

pytestmark = pytest.mark.neo4j
EMPTY = Tables({}, {})
GRAPH = tables_from(
    [
        {"id": "a", "label": "Entity", "name": "Ada", "n": 1, "former_ids": ["x"]},
        {"id": "b", "label": "Entity", "name": "Bob", "n": 2, "former_ids": []},
        {"id": "c", "label": "Chunk", "text": "Ada met Bob", "score": 0.5},
    ],
    [
        {"id": "ca", "type": "MENTIONS", "source": "c", "target": "a", "at": 0},
        {"id": "cb", "type": "MENTIONS", "source": "c", "target": "b", "at": 8},
        {"id": "ab", "type": "KNOWS", "source": "a", "target": "b"},
    ],
)


@pytest.fixture
def store(neo4j_server):
    found = connect(Address(neo4j_server.uri, neo4j_server.user, neo4j_server.password))
    yield found
    found.close()


@pytest.fixture
def written(store):
    store.sync(diff(EMPTY, GRAPH), target=GRAPH, workspace="w")
    return store


def rows(tables):
    """Every row of every table: id -> (key, row without nulls)."""
    found = {}
    for key, table in [*tables.nodes.items(), *tables.edges.items()]:
        for row in table.to_pylist():
            found[row["id"]] = (key, {name: value for name, value in row.items() if value is not None})
    return found


def sync(store, target):
    store.sync(diff(store.tables(), target), target=target, workspace="w")


def test_the_state_says_whose_graph_it_is_and_that_it_is_whole(written):
    state = written.state()
    assert (state.workspace, state.state, state.content, state.target) == ("w", "whole", GRAPH.hash, GRAPH.hash)
    assert state.nodes() == {label: properties(table) for label, table in GRAPH.nodes.items()}


def test_every_element_carries_the_mark_of_its_row(written):
    for key, table in [*written.read().tables.nodes.items(), *written.read().tables.edges.items()]:
        expected = marks.marks(table, (key,) if isinstance(key, str) else key)
        assert table[marks.COLUMN].to_pylist() == expected.to_pylist()


def test_syncing_the_same_graph_again_writes_nothing(written):
    before = written.bookmark()
    assert not diff(written.tables(), GRAPH)
    assert written.bookmark() == before


def test_reading_leaves_the_bookmark_and_writing_moves_it(written, neo4j_server):
    before = written.bookmark()
    written.read()
    assert written.bookmark() == before
    neo4j_server.run("MATCH (n:Entity {id: 'a'}) SET n.n = 3")
    assert written.bookmark() != before


def test_what_users_made_is_read_where_a_path_leads_to_it(written, neo4j_server):
    neo4j_server.run(
        "MATCH (a:Entity {id: 'a'}) CREATE (a)-[:WORKS_AT {since: date('2020-02-01')}]->(:Company {name: 'ACME'})"
        "<-[:OWNS]-(:Person:Owner {id: 'own', name: 'Eve'})"
    )
    neo4j_server.run("CREATE (:Movie {title: 'x'})-[:BY]->(:Person {name: 'y'})")
    found = written.read()
    [company] = found.tables.nodes["Company"].to_pylist()
    assert (company["name"], company["provenance"], company[marks.COLUMN]) == ("ACME", "user", None)
    [owner] = found.tables.nodes["Owner"].to_pylist()
    assert (owner["id"], owner["labels"]) == ("own", ["Person"])
    [works] = found.tables.edges["WORKS_AT", "Entity", "Company"].to_pylist()
    assert (works[":START_ID"], works[":END_ID"], works["since"]) == ("a", company["id"], "2020-02-01")
    assert found.foreign == {"Movie": 1, "Person": 1}
    assert found.notes == ("2 nodes of others are no part of the graph: no path leads to them (Movie 1, Person 1)",)
    assert rows(written.read().tables) == rows(found.tables)


def test_nothing_of_users_is_changed_or_removed(written, neo4j_server):
    neo4j_server.run(
        "MATCH (a:Entity {id: 'a'}), (b:Entity {id: 'b'}) "
        "CREATE (a)-[:LIKES {w: 1}]->(b), (a)-[:HAS]->(:Note {id: 'n', text: 'mine'}), (:Movie {title: 'x'})"
    )
    sync(written, tables_from([{"id": "a", "label": "Entity", "name": "Ada L.", "n": 1}], []))
    assert neo4j_server.run("MATCH (a {id: 'a'})-[:HAS]->(n:Note) RETURN a.name, n.text") == [["Ada L.", "mine"]]
    assert neo4j_server.run("MATCH (m:Movie) RETURN m.title") == [["x"]]
    assert neo4j_server.run("MATCH ()-[r:LIKES]->() RETURN count(r)") == [[0]], "an end of it is no more"
    assert rows(written.tables())["n"][1]["text"] == "mine"
    written.drop()
    assert neo4j_server.run("MATCH (n) RETURN labels(n)[0] AS label ORDER BY label") == [["Movie"], ["Note"]]
    assert neo4j_server.run("SHOW CONSTRAINTS") == []
    assert written.state() is None


def test_users_values_labels_and_odd_values_are_read(written, neo4j_server):
    neo4j_server.run(
        "MATCH (a:Entity {id: 'a'}) SET a.name = 'Ada L.', a.n = 'one', a.former_ids = null, a.born = date('1815-12-10'), a:Poet"
    )
    neo4j_server.run("MATCH ()-[r:MENTIONS {id: 'ca'}]->() SET r.at = 2.5, r.by = 'me'")
    found = written.read()
    assert found.odd == {"a": {"n": "one"}, "ca": {"at": 2.5}}
    key, row = rows(found.tables)["a"]
    mark = row.pop(marks.COLUMN)
    assert (key, row) == ("Entity", {"id": "a", "name": "Ada L.", "born": "1815-12-10", "labels": ["Poet"]})
    assert mark == marks.marks(GRAPH.nodes["Entity"], ("Entity",))[0].as_py()
    assert rows(found.tables)["ca"][1]["by"] == "me"
    sync(written, GRAPH)
    assert rows(written.tables())["a"][1] == rows(GRAPH)["a"][1] | {"labels": ["Poet"]}
    assert not written.read().odd


def test_a_property_that_goes_goes_from_the_server(written, neo4j_server):
    sync(written, tables_from([{"id": "a", "label": "Entity", "name": "Ada"}, {"id": "b", "label": "Entity"}], []))
    assert neo4j_server.run("MATCH (n:Entity) UNWIND keys(n) AS k RETURN DISTINCT k ORDER BY k") == [
        ["_kgmine"],
        ["id"],
        ["name"],
    ]
    sync(written, GRAPH)
    assert written.tables().hash == GRAPH.hash


def test_a_copy_of_kgmines_element_is_a_users(written, neo4j_server):
    neo4j_server.run("MATCH (a:Entity {id: 'a'}) CREATE (c:Person) SET c = properties(a) CREATE (a)-[:SAME]->(c)")
    neo4j_server.run("MATCH (a)-[r:KNOWS]->(b) CREATE (b)-[s:KNOWS]->(a) SET s = properties(r)")
    tables = written.read().tables
    found = rows(tables)
    assert found["a"][0] == "Entity"
    assert found["ab"][1][":START_ID"] == "a"
    [copy] = tables.nodes["Person"].to_pylist()
    assert copy[marks.COLUMN] is None
    assert copy["id"] != "a"
    assert tables.edges["KNOWS", "Entity", "Entity"][marks.COLUMN].null_count == 1


def test_a_label_that_a_user_took_away_is_read_where_the_node_stands(written, neo4j_server):
    neo4j_server.run("MATCH (a:Entity {id: 'a'}) REMOVE a:Entity SET a:Company")
    found = rows(written.read().tables)
    assert found["a"][0] == "Company"
    assert found["a"][1][marks.COLUMN]
    assert found["ca"][0] == ("MENTIONS", "Chunk", "Company")
    sync(written, GRAPH)
    assert written.tables().hash == GRAPH.hash


def test_ids_that_a_merge_made_lists_are_the_survivors(written, neo4j_server):
    neo4j_server.run(
        "MATCH (a:Entity {id: 'a'}), (b:Entity {id: 'b'}) WITH a, b, [a.id, b.id] AS ids, [a._kgmine, b._kgmine] AS ms "
        "DETACH DELETE b SET a.id = ids, a._kgmine = ms, a.name = ['Ada', 'Bob']"
    )
    found = written.read()
    key, row = rows(found.tables)["a"]
    assert (key, found.odd) == ("Entity", {"a": {"name": ["Ada", "Bob"]}})
    assert row[marks.COLUMN] == marks.marks(GRAPH.nodes["Entity"], ("Entity",))[0].as_py()
    assert "b" not in rows(found.tables)
    sync(written, GRAPH)
    assert written.tables().hash == GRAPH.hash


def test_a_relationship_is_written_to_a_node_without_an_id(written, neo4j_server):
    neo4j_server.run("MATCH (a:Entity {id: 'a'}) CREATE (a)-[:AT]->(:Company {name: 'ACME'})")
    now = written.tables()
    company = now.nodes["Company"]["id"][0].as_py()
    edge = tables_from(
        [{"id": "b", "label": "Entity"}, {"id": company, "label": "Company"}],
        [{"id": "b-at", "type": "AT", "source": "b", "target": company, "provenance": "user"}],
    ).edges["AT", "Entity", "Company"]
    joined = sort_table(pa.concat_tables([now.edges["AT", "Entity", "Company"], edge]))
    target = Tables(now.nodes, {**now.edges, ("AT", "Entity", "Company"): joined})
    sync(written, target)
    assert written.tables().hash == target.hash
    assert neo4j_server.run("MATCH (n)-[:AT]->(c:Company {name: 'ACME'}) RETURN n.id ORDER BY n.id") == [["a"], ["b"]]


def test_a_relationship_that_moves_is_made_anew(written, neo4j_server):
    moved = tables_from(
        [row | {"label": label} for label, t in GRAPH.nodes.items() for row in t.to_pylist()],
        [
            {"id": "ca", "type": "MENTIONS", "source": "c", "target": "b", "at": 0},
            {"id": "cb", "type": "MENTIONS", "source": "c", "target": "b", "at": 9},
            {"id": "ab", "type": "KNOWS", "source": "b", "target": "a"},
        ],
    )
    sync(written, moved)
    assert written.tables().hash == moved.hash


def test_lists_with_a_null_are_refused_before_anything_is_written(store):
    graph = tables_from([{"id": "a", "label": "A", "names": ["x", None]}], [])
    with pytest.raises(GraphError, match=r"A\.names: Neo4j keeps no null in a list"):
        sync(store, graph)
    assert store.state() is None


def test_roles_and_empty_tables_come_back(store):
    graph = tables_from([{"id": "a", "label": "A", "name": "x"}], [], Roles(entities={"A": "name"}, closed_world=True))
    empty = graph.nodes["A"].slice(0, 0)
    graph = Tables({**graph.nodes, "B": empty}, {}, graph.roles)
    sync(store, graph)
    assert store.tables().hash == graph.hash


def test_a_database_without_a_graph_of_kgmines_reads_empty(store, neo4j_server):
    neo4j_server.run("CREATE (:Movie {title: 'x'})")
    assert store.tables() == EMPTY
    assert store.drop() == 0
    assert neo4j_server.run("MATCH (m:Movie) RETURN count(m)") == [[1]]


ANY = {**VALUES, "x": st.floats(), "xs": st.lists(st.floats(), max_size=3), "`a b`": TEXT}
PROPERTIES = st.fixed_dictionaries({}, optional=ANY)
MADE = st.lists(
    st.tuples(st.sampled_from((*LABELS, "Own")), PROPERTIES, st.sampled_from(TYPES), PROPERTIES, st.booleans()),
    max_size=4,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs(), made=MADE, values=PROPERTIES, other=graphs())
def test_what_users_make_survives_any_sync(store, neo4j_server, graph, made, values, other):
    """Nodes without ids, twins, loops and any values beside kgmine's: all are read, none is ever touched."""
    neo4j_server.wipe()
    tables = tables_from(*graph)
    sync(store, tables)
    first = graph[0][0]
    for label, properties_, kind, more, loop in made:
        neo4j_server.run(
            f"MATCH (a:`{first['label']}` {{id: $id}}) CREATE (a)-[r:`{kind}`]->(n:`{label}`) SET r = $more, n = $values "
            + (f"CREATE (n)-[:`{kind}`]->(n)" if loop else ""),
            id=first["id"],
            values=properties_,
            more=more,
        )
    now = store.read()
    assert not [note for note in now.notes if "no part" in note]
    marked = [table[marks.COLUMN].null_count for table in [*now.tables.nodes.values(), *now.tables.edges.values()]]
    assert sum(marked) == sum(2 + loop for *_, loop in made)
    assert now.without_marks().hash == store.read().without_marks().hash
    before = _own(neo4j_server)
    sync(store, tables_from(*other))
    kept = _own(neo4j_server)
    assert kept[0] == before[0], "nodes of users"
    assert all(edge in before[1] for edge in kept[1])


def _own(server):
    nodes = server.run(
        "MATCH (n) WHERE n._kgmine IS NULL AND NOT n:KgmineSync RETURN elementId(n), labels(n), properties(n)"
    )
    edges = server.run("MATCH ()-[r]->() WHERE r._kgmine IS NULL RETURN elementId(r), properties(r)")
    return sorted(map(repr, nodes)), sorted(map(repr, edges))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows_=st.lists(PROPERTIES, min_size=1, max_size=5))
def test_every_value_comes_back(store, rows_):
    nodes = [{"id": str(k), "label": "A", "properties": row} for k, row in enumerate(rows_)]
    edges = [{"type": "R", "source": "0", "target": "0", "properties": row} for row in rows_]
    target = tables_from(nodes, edges)
    sync(store, target)
    assert store.tables().hash == target.hash
    assert not diff(store.tables(), target)
