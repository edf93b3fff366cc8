import json
import os

import pytest
from hypothesis import given, settings

from kg.cypher.dialects import ladybug as rewritten
from kg.graph.diff import diff
from kg.graph.tables import Tables, tables_from
from kg.stores import generation, memory, open_store
from kg.stores.ladybug import LadybugStore
from schemas.errors import GraphError, TemplateError
from tests.graph.graphs import graphs

pytest.importorskip("ladybug", reason="no ladybug wheel here")

GRAPH = tables_from([{"id": "a", "label": "A"}], [{"type": "R", "source": "a", "target": "a"}])


@settings(max_examples=8, deadline=None)
@given(graph=graphs())
def test_ladybug_holds_every_value_edge_and_loop(graph, tmp_path_factory):
    store = LadybugStore(tmp_path_factory.mktemp("l") / "tables")
    tables = tables_from(*graph)
    store.sync(diff(store.tables(), tables))
    assert store.loaded().hash == tables.hash
    store.close()


@pytest.fixture
def folder(tmp_path):
    GRAPH.write(tmp_path / "tables")
    return tmp_path


def built(folder):
    return generation.ensure(folder / "tables", folder / "ladybug")


def test_nothing_is_built_before_something_is_asked(folder):
    LadybugStore(folder / "tables").tables()
    assert not (folder / "ladybug").exists()


def test_a_generation_is_built_once(folder):
    file = built(folder) / generation.FILE
    before = file.stat().st_mtime_ns
    assert built(folder) / generation.FILE == file
    assert file.stat().st_mtime_ns == before


def test_another_graph_is_another_generation_and_the_old_one_goes(folder):
    first = built(folder)
    tables_from([{"id": "b", "label": "B"}], []).write(folder / "tables")
    assert built(folder) != first
    assert not first.exists()


@pytest.mark.parametrize("harm", ["cut", "empty", "flip", "gone", "manifest"])
def test_a_damaged_generation_is_set_aside_and_built_again(folder, harm):
    found = built(folder)
    file = found / generation.FILE
    data = bytearray(file.read_bytes())
    if harm == "gone":
        file.unlink()
    elif harm == "manifest":
        (found / generation.MANIFEST).write_text("{")
    else:
        data[len(data) // 2] ^= 255
        file.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "flip": data}[harm])
    store = LadybugStore(folder / "tables")
    assert store.loaded().hash == GRAPH.hash
    store.close()
    assert len(list((folder / "ladybug" / "quarantine").iterdir())) == 1


def test_what_an_interrupted_build_left_is_no_generation(folder):
    partial = folder / "ladybug" / (generation.name_of(GRAPH.hash) + ".partial")
    partial.mkdir(parents=True)
    (partial / generation.FILE).write_bytes(b"half")
    assert generation.problem(built(folder), GRAPH.hash) is None
    assert not partial.exists()


def test_the_manifest_counts_what_is_inside(folder):
    manifest = json.loads((built(folder) / generation.MANIFEST).read_text())
    assert (manifest["nodes"], manifest["edges"], manifest["tables"]) == (1, 1, GRAPH.hash)


def test_a_database_cannot_be_written_through_a_store(folder):
    connected = generation.connect(built(folder) / generation.FILE, read_only=True)
    with connected as connection, pytest.raises(RuntimeError):
        connection.execute("CREATE (:`A` {id: 'z'})")


@pytest.mark.skipif(os.name == "nt", reason="folders with quotes are no names there")
def test_folders_may_have_any_name(tmp_path):
    folder = tmp_path / 'it\'s a "folder" ü'
    GRAPH.write(folder / "tables")
    assert generation.problem(built(folder), GRAPH.hash) is None


def test_a_type_with_two_types_of_one_property_is_named(tmp_path):
    nodes = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]
    edges = [{"type": "R", "source": "a", "target": "a", "p": 1}, {"type": "R", "source": "a", "target": "b", "p": "x"}]
    with pytest.raises(GraphError, match="property p is"):
        tables_from(nodes, edges)
    one, other = tables_from(nodes, edges[:1]), tables_from(nodes, edges[1:])
    Tables(one.nodes, {**one.edges, **other.edges}).write(tmp_path / "tables")
    with pytest.raises(GraphError, match=r"R\.p is"):
        built(tmp_path)


def test_without_ladybug_the_memory_store_serves_up_to_its_size(folder, monkeypatch):
    monkeypatch.setattr("kg.stores.ladybug.is_available", lambda: False)
    store, note = open_store(folder / "tables")
    assert isinstance(store, memory.MemoryStore)
    assert "no Ladybug" in note
    monkeypatch.setattr(memory, "MAX_EDGES", 0)
    with pytest.raises(GraphError, match="serves up to 0"):
        open_store(folder / "tables")


def test_with_ladybug_nothing_needs_saying(folder):
    store, note = open_store(folder / "tables")
    assert note is None
    store.close()


def test_an_error_of_the_engine_sets_only_a_damaged_database_aside(folder):
    store = LadybugStore(folder / "tables")
    store.loaded()
    error = store._named(RuntimeError("IO exception: Too many open files"), "MATCH (n) RETURN n")
    assert "cannot answer this query" in str(error)
    assert not (folder / "ladybug" / "quarantine").exists()
    store.loaded()
    (built(folder) / generation.FILE).write_bytes(b"")
    assert "set aside" in str(store._named(RuntimeError("Cannot read page"), "MATCH (n) RETURN n"))
    assert store.loaded().hash == GRAPH.hash
    store.close()


def test_a_mistake_of_the_query_is_the_users(folder):
    store = LadybugStore(folder / "tables")
    with pytest.raises(TemplateError, match="Nowhere"):
        store._run("MATCH (n:Nowhere) RETURN n", {})
    with pytest.raises(TemplateError):
        store._run("MATCH (n:A) RETURN 1 / 0", {})
    store.close()


WALKS = (
    [{"id": name, "label": "A"} for name in "abc"],
    [{"type": "R", "source": a, "target": b} for a, b in ("ab", "bc")],
)


def test_what_ladybug_cannot_say_is_answered_in_memory_with_a_note(tmp_path):
    store = LadybugStore(tmp_path / "tables")
    store.sync(diff(store.tables(), tables_from(*WALKS)))
    text = "MATCH (x:A)-[:R*1..2]->(y:A), (y)-[:R*0..1]->(z:A) RETURN x.id AS x, z.id AS z ORDER BY x, z"
    with pytest.raises(TemplateError, match="cannot say this"):
        rewritten(text)
    assert store.query(text)[1] == [["a", "b"], ["a", "c"], ["a", "c"], ["b", "c"]]
    assert "answered in memory" in store.note
    store.query("MATCH (x:A) RETURN x.id AS x")
    assert store.note is None
    store.close()


def test_what_no_store_can_answer_is_refused_as_a_query(folder):
    store = LadybugStore(folder / "tables")
    with pytest.raises(TemplateError):
        store.query("MATCH (x:A) RETURN nothing(x)")
    assert store.note is None
    store.close()


def star(n):
    """A hub at which n edges end."""
    nodes = [{"id": "hub", "label": "A"}, *({"id": f"n{k}", "label": "B"} for k in range(n))]
    return tables_from(nodes, [{"type": "R", "source": f"n{k}", "target": "hub"} for k in range(n)])


def test_a_graph_that_ladybug_cannot_load_is_answered_for_all_the_same(tmp_path, monkeypatch):
    star(20_000).write(tmp_path / "tables")
    monkeypatch.setattr(generation, "pool_for", lambda tables: 2 * 2**20)
    store = LadybugStore(tmp_path / "tables")
    assert store.query("MATCH (b:B)-[:R]->(a:A) RETURN count(*) AS n") == (["n"], [[20_000]])
    assert store.note == "answered in memory: the graph is too large for Ladybug on this machine"
    assert [path.suffix for path in sorted((tmp_path / "ladybug").glob("gen-*"))] == [".failed"]
    monkeypatch.setattr(generation, "_plan", None)  # it is not tried again
    assert LadybugStore(tmp_path / "tables").query("MATCH (a:A) RETURN a") == (["a"], [["hub"]])
    store.close()


def test_a_query_that_ladybug_cannot_answer_is_answered_all_the_same(folder, monkeypatch):
    store = LadybugStore(folder / "tables")
    store.loaded()

    def full(text, params):
        raise RuntimeError("Buffer manager exception: Unable to allocate memory!")

    monkeypatch.setattr(store, "_execute", full)
    assert store.query("MATCH (n:A) RETURN n") == (["n"], [["a"]])
    assert store.note == "answered in memory: the query is too much for Ladybug's memory"
    store.close()


def test_the_pool_grows_with_the_largest_table_of_edges():
    assert generation.pool_for(GRAPH) == generation.POOL
