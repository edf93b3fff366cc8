"""One contract for every store. A new store is one line in `STORES`."""

import importlib.util
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import kg.stores
from kg.graph.diff import diff
from kg.graph.tables import Tables, tables_from
from kg.stores.ladybug import LadybugStore
from kg.stores.memory import MemoryStore
from kg.stores.neo4j import Address, connect
from schemas.errors import TemplateError
from tests.graph.graphs import graphs

NEEDS_LADYBUG = pytest.mark.skipif(importlib.util.find_spec("ladybug") is None, reason="no ladybug wheel here")


def _neo4j(folder, server):
    server.wipe()
    return connect(Address(server.uri, server.user, server.password))


STORES = [
    pytest.param(lambda folder: MemoryStore(), id="memory"),
    pytest.param(lambda folder: LadybugStore(folder / "tables"), id="ladybug", marks=NEEDS_LADYBUG),
    pytest.param(_neo4j, id="neo4j", marks=pytest.mark.neo4j),
]

SMALL = tables_from(
    [
        {"id": "a", "label": "Table", "name": "it's", "n": 1, "group": "x"},
        {"id": "b", "label": "Table", "name": None, "n": 2},
        {"id": "c", "label": "Column", "name": 'q"\n', "names": ["ü", "y"]},
    ],
    [
        {"id": "ab", "type": "NEXT", "source": "a", "target": "b", "w": 0.5},
        {"id": "ab2", "type": "NEXT", "source": "a", "target": "b"},
        {"id": "bb", "type": "NEXT", "source": "b", "target": "b"},
        {"id": "bc", "type": "CONTAINS", "source": "b", "target": "c"},
    ],
)

QUERIES = {
    "MATCH (n:Table) RETURN n, n.name, n.n": [["a", "it's", 1], ["b", None, 2]],
    "MATCH (n:Column) RETURN n.names": [[["ü", "y"]]],
    "MATCH (x:Table)-[r:NEXT]->(y) RETURN x, r, y": [["a", "ab", "b"], ["a", "ab2", "b"], ["b", "bb", "b"]],
    "MATCH (x)-[r:NEXT]-(y) RETURN x, r, y": [
        ["a", "ab", "b"], ["a", "ab2", "b"], ["b", "ab", "a"], ["b", "ab2", "a"], ["b", "bb", "b"],
    ],
    # A relationship is used once: not ab there and back.
    "MATCH (x:Table)-[r:NEXT]-(y:Table)-[s:NEXT]-(z:Table) WHERE x.n = 1 RETURN r, s, z": [
        ["ab", "ab2", "a"], ["ab", "bb", "b"], ["ab2", "ab", "a"], ["ab2", "bb", "b"],
    ],
    "MATCH (x:Table)-[r:NEXT]->(y)-[s:CONTAINS]->(z:Column) WHERE r.w IS NOT NULL RETURN x, z.name": [["a", 'q"\n']],
    "MATCH (n:Table|Column) WHERE n.name IS NULL RETURN n": [["b"]],
    "MATCH (n:Table) RETURN count(*) AS number": [[2]],
    "MATCH (n:Table) WHERE n.n > $least RETURN n": [["b"]],
}  # fmt: skip


class StoreContract:
    """What every store does. `make(folder)` opens an empty one."""

    @pytest.fixture(params=STORES)
    def make(self, request):
        if request.param is not _neo4j:
            return request.param
        return partial(_neo4j, server=request.getfixturevalue("neo4j_server"))

    @pytest.fixture
    def store(self, make, tmp_path):
        found = make(tmp_path)
        yield found
        found.close()

    def test_a_new_store_is_empty(self, store):
        assert store.tables() == Tables({}, {})

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(one=graphs(), other=graphs())
    def test_a_graph_comes_back_as_it_was(self, make, tmp_path_factory, one, other):
        store = make(tmp_path_factory.mktemp("store"))
        for graph in (one, other):
            wanted = tables_from(*graph)
            store.sync(diff(store.tables(), wanted))
            assert store.tables().hash == wanted.hash
        store.close()

    def test_rows_of_a_user_come_and_go_with_the_tables(self, store):
        mine = tables_from([{"id": "u", "label": "A", "provenance": "user"}], [])
        store.sync(diff(store.tables(), mine))
        assert store.tables().hash == mine.hash
        source = tables_from([{"id": "s", "label": "A", "provenance": "source"}], [])
        store.sync(diff(store.tables(), source))
        assert store.tables().nodes["A"]["id"].to_pylist() == ["s"]

    @pytest.mark.parametrize("cypher", QUERIES)
    def test_a_query_has_the_meaning_of_neo4j(self, store, cypher):
        store.sync(diff(store.tables(), SMALL))
        columns, rows = store.query(cypher, {"least": 1} if "$least" in cypher else None)
        assert sorted(map(repr, rows)) == sorted(map(repr, QUERIES[cypher]))
        assert len(columns) == len(QUERIES[cypher][0])

    def test_a_query_sees_the_last_sync(self, store):
        store.sync(diff(store.tables(), SMALL))
        assert store.query("MATCH (n:Table) RETURN count(*) AS n")[1] == [[2]]
        more = tables_from([{"id": "z", "label": "Table"}], [])
        store.sync(diff(store.tables(), more))
        assert store.query("MATCH (n:Table) RETURN n.id AS id") == (["id"], [["z"]])

    @pytest.mark.parametrize("cypher", ["MATCH (n:Table", "CREATE (n:Table)", "MATCH (n:Table) SET n.n = 3 RETURN n"])
    def test_what_is_no_portable_query_is_refused(self, store, cypher):
        store.sync(diff(store.tables(), SMALL))
        with pytest.raises(TemplateError):
            store.query(cypher)
        assert store.tables().hash == SMALL.hash

    def test_closing_twice_is_no_harm(self, store):
        store.close()
        store.close()


class TestStores(StoreContract):
    """Every store in `STORES`."""


def test_every_store_is_under_the_contract():
    files = {path.stem.partition("_")[0] for path in Path(kg.stores.__file__).parent.glob("[!_]*.py")}
    assert files - {"generation"} == {param.id for param in STORES}
