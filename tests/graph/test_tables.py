import pytest
from hypothesis import given, settings

from kg.graph import disk
from kg.graph.tables import Tables, node_table, read, tables_from
from schemas.errors import GraphError
from tests.graph.graphs import graphs


@settings(max_examples=40, deadline=None)
@given(graph=graphs())
def test_tables_come_back_from_disk_as_they_were(graph, tmp_path_factory):
    tables = tables_from(*graph)
    folder = tmp_path_factory.mktemp("tables") / "t"
    tables.write(folder)
    found = read(folder)
    assert found.nodes == tables.nodes
    assert found.edges == tables.edges
    assert Tables(found.nodes, found.edges).hash == tables.hash == found.hash


@settings(max_examples=40, deadline=None)
@given(graph=graphs())
def test_the_order_of_rows_is_immaterial(graph):
    nodes, edges = graph
    named = [{"id": f"e{k}", **edge} for k, edge in enumerate(edges)]
    assert tables_from(nodes, named).hash == tables_from(nodes[::-1], named[::-1]).hash


def test_the_same_tables_are_the_same_bytes(tmp_path):
    tables = tables_from([{"id": "b", "label": "A", "x": 1.5}, {"id": "a", "label": "A"}], [])
    tables.write(tmp_path / "one")
    tables.write(tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


@pytest.mark.parametrize(
    "other",
    [
        [{"id": "a", "label": "A", "x": 2}],
        [{"id": "a", "label": "A", "y": 1}],
        [{"id": "a", "label": "B", "x": 1}],
        [{"id": "b", "label": "A", "x": 1}],
        [{"id": "a", "label": "A", "x": None}],
        [{"id": "a", "label": "A", "x": "1"}],
    ],
)
def test_any_other_content_is_another_hash(other):
    assert tables_from([{"id": "a", "label": "A", "x": 1}], []).hash != tables_from(other, []).hash


def test_a_null_is_not_an_empty_text():
    rows = [{"id": "a", "s": ""}, {"id": "b", "s": None}]
    swapped = [{"id": "a", "s": None}, {"id": "b", "s": ""}]
    types = {"s": "string"}
    assert Tables({"A": node_table(rows, types)}, {}).hash != Tables({"A": node_table(swapped, types)}, {}).hash


def test_two_nodes_cannot_have_one_id():
    with pytest.raises(GraphError, match="a comes twice"):
        node_table([{"id": "a"}, {"id": "a"}], {})
    with pytest.raises(GraphError):
        tables_from([{"id": "a", "label": "A"}, {"id": "a", "label": "B"}], [])


def test_an_edge_needs_both_ends():
    with pytest.raises(GraphError, match="an end is missing"):
        tables_from([{"id": "a", "label": "A"}], [{"type": "R", "source": "a", "target": "z"}])


def test_a_property_has_one_type():
    with pytest.raises(GraphError, match="property x is"):
        tables_from([{"id": "a", "label": "A", "x": 1}, {"id": "b", "label": "A", "x": "1"}], [])


@pytest.fixture
def folder(tmp_path):
    tables_from([{"id": "a", "label": "A"}], [{"type": "R", "source": "a", "target": "a"}]).write(tmp_path / "t")
    return tmp_path / "t"


def test_a_damaged_file_is_named(folder):
    path = folder / "nodes" / "A.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(GraphError, match=r"A.parquet: damaged"):
        read(folder)


def test_a_cut_file_is_named(folder):
    path = folder / "edges" / "R.A.A.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(GraphError, match=r"R.A.A.parquet: damaged"):
        read(folder)


def test_a_missing_file_is_named(folder):
    (folder / "nodes" / "A.parquet").unlink()
    with pytest.raises(GraphError, match=r"A.parquet: missing"):
        read(folder)


def test_a_folder_without_tables_says_so(tmp_path):
    with pytest.raises(GraphError, match="no graph there"):
        read(tmp_path)


def test_a_damaged_manifest_is_named(folder):
    (folder / disk.MANIFEST).write_text("{")
    with pytest.raises(GraphError, match=r"tables.json: damaged"):
        read(folder)


def test_labels_that_differ_in_case_only_are_different_files(tmp_path):
    tables = tables_from(
        [{"id": "1", "label": "Table"}, {"id": "2", "label": "TABLE"}, {"id": "3", "label": "../x"}], []
    )
    tables.write(tmp_path / "t")
    files = [path.name.casefold() for path in (tmp_path / "t" / "nodes").iterdir()]
    assert len(set(files)) == 3
    assert read(tmp_path / "t").hash == tables.hash
