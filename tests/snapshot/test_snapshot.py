import json
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from kg.graph import disk
from kg.graph.tables import tables_from
from kg.snapshot.build import load, open_snapshot, snapshot_from, snapshot_of
from schemas.errors import GraphError
from tests.graph.graphs import graphs


def triples(csr, lo=0):
    """(row, neighbour, edge) of every place of a CSR."""
    for row in range(len(csr.indptr) - 1):
        for k in range(csr.indptr[row], csr.indptr[row + 1]):
            yield row + lo, int(csr.indices[k]), int(csr.edge_ids[k])


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_a_snapshot_says_what_the_dicts_say(graph):
    nodes, edges = graph
    s = snapshot_from(nodes, edges)
    assert (s.n, s.m) == (len(nodes), len(edges))
    for node in nodes:
        i = s.index_of(node["id"])
        assert (s.id_of(i), s.get(i, "id"), s.label_of(i)) == (node["id"], node["id"], node["label"])
        assert s.index_of(node["id"], node["label"]) == i
        for name in s.properties(node["label"]):
            assert same(s.get(i, name), node.get(name))
    found = Counter((t, s.id_of(a), s.id_of(b)) for _, t, a, b in map(s.edge, range(s.m)))
    assert found == Counter((e["type"], e["source"], e["target"]) for e in edges)
    assert s.index_of("no such id") is None or any(n["id"] == "no such id" for n in nodes)


def same(found, given):
    if given is None or found is None:
        return found is given
    return found == pytest.approx(given) if isinstance(given, float) else found == given


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_columns_are_aligned_with_the_nodes_of_their_label(graph):
    s = snapshot_from(*graph)
    for label, (lo, hi) in s.ranges.items():
        for name in ["id", *s.properties(label)]:
            column = s.column(label, name)
            assert len(column) == hi - lo
            for i in range(lo, hi):
                value, found = s.get(i, name), column[i - lo]
                assert (
                    (math.isnan(found) if found is not None and not isinstance(found, str) else found is None)
                    if value is None
                    else found == pytest.approx(value)
                    if isinstance(value, float)
                    else found == value
                )


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_adjacency_is_every_edge_once_each_way_and_a_loop_once(graph):
    s = snapshot_from(*graph)
    ends = [s.edge(e)[1:] for e in range(s.m)]
    forward = sorted((a, b, e) for e, (_, a, b) in enumerate(ends))
    assert sorted(triples(s.adjacency(None, 1))) == forward
    backward = sorted((b, a, e) for e, (_, a, b) in enumerate(ends))
    assert sorted(triples(s.adjacency(None, -1))) == backward
    both = sorted({*forward, *backward})
    assert sorted(triples(s.adjacency(None, 0))) == both
    for type_ in s.types:
        wanted = [(a, b, e) for a, b, e in both if ends[e][0] == type_]
        assert sorted(triples(s.adjacency([type_], 0))) == wanted
    sources, targets = s.ends()
    assert [(int(a), int(b)) for a, b in zip(sources, targets, strict=True)] == [(a, b) for _, a, b in ends]


@settings(max_examples=40, deadline=None)
@given(graph=graphs())
def test_the_edges_between_two_labels_are_rows_of_a_label(graph):
    s = snapshot_from(*graph)
    assert sum(s.connections.values()) == s.m
    for (source, type_, target), count in s.connections.items():
        for direction, label in ((1, source), (-1, target)):
            csr = s.csr(source, type_, target, direction)
            lo, hi = s.ranges[label]
            assert len(csr.indptr) == hi - lo + 1
            found = list(triples(csr, lo))
            assert len(found) == count
            for a, b, e in found:
                assert s.edge(e)[1:] == ((type_, a, b) if direction > 0 else (type_, b, a))


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_find_is_a_scan_over_normal_forms(graph):
    s = snapshot_from(*graph)
    for label, (lo, hi) in s.ranges.items():
        for name, kind in s.properties(label).items():
            if kind.startswith("list<"):
                continue
            for i in range(lo, hi):
                normal = s.normal(i, name)
                wanted = [j for j in range(lo, hi) if s.normal(j, name) == normal]
                assert s.find(label, name, normal).tolist() == wanted


@settings(max_examples=30, deadline=None)
@given(graph=graphs())
def test_the_snapshot_on_disk_is_the_one_in_memory(graph, tmp_path_factory):
    folder = tmp_path_factory.mktemp("s")
    tables = tables_from(*graph)
    tables.write(folder / "tables")
    one, other = snapshot_of(tables), open_snapshot(folder / "tables")
    assert other.hash == tables.hash
    assert other.ranges == one.ranges
    for i in range(one.n):
        assert other.id_of(i) == one.id_of(i)
        assert all(other.get(i, p) == one.get(i, p) for p in one.properties(one.label_of(i)))
    for e in range(one.m):
        assert other.edge(e) == one.edge(e)
        assert all(other.edge_get(e, p) == one.edge_get(e, p) for p in one.edge_properties(one.edge(e)[1]))
        assert one.edge_index(one.edge(e)[0]) == e


def test_names_meet_in_their_normal_form():
    s = snapshot_from([{"id": "a", "label": "A", "name": "The Moons"}, {"id": "b", "label": "A", "name": "moon"}], [])
    assert s.find("A", "name", "moon").tolist() == [0, 1]
    assert s.find("A", "name", "sun").tolist() == []


def test_null_and_empty_are_found_by_the_empty_form():
    nodes = [
        {"id": "a", "label": "A", "p": ""},
        {"id": "b", "label": "A", "p": None},
        {"id": "c", "label": "A", "p": "x"},
    ]
    s = snapshot_from(nodes, [])
    assert s.find("A", "p", "").tolist() == [0, 1]
    assert s.find("A", "no such property", "").tolist() == [0, 1, 2]
    assert s.find("A", "no such property", "x").tolist() == []
    assert s.find("No such label", "p", "x").tolist() == []


def test_a_list_is_found_by_each_member():
    s = snapshot_from([{"id": "a", "label": "A", "l": ["One", "Two"]}, {"id": "b", "label": "A", "l": []}], [])
    assert s.find("A", "l", "two").tolist() == [0]
    assert s.find("A", "l", "").tolist() == [1]


def test_amounts_meet_across_scales_and_not_across_units():
    def fact(id_, number, scale, unit):
        value = {"kind": "number", "text": str(number), "number": float(number), "exact": str(number)}
        return {"id": id_, "label": "F", "scale": scale, "unit": unit, **value}

    s = snapshot_from([fact("a", 19604, 6, "USD"), fact("b", "19.604", 9, "USD"), fact("c", 19604, 6, None)], [])
    assert s.normal(0, "number") == s.normal(1, "number") == s.normal(0, "text") == "19604000000 USD"
    assert s.find("F", "number", s.normal(0, "number")).tolist() == [0, 1]


def test_integers_beyond_float_are_exact():
    s = snapshot_from([{"id": "a", "label": "A", "n": 2**60 + 1}], [])
    assert s.column("A", "n")[0] == s.get(0, "n") == 2**60 + 1


def test_unknown_names_have_no_edges_and_no_values():
    s = snapshot_from([{"id": "a", "label": "A"}], [])
    assert s.adjacency(["R"], 0).indptr.tolist() == [0, 0]
    assert s.csr("A", "R", "A", 1).indptr.tolist() == [0, 0]
    assert s.get(0, "p") is None
    with pytest.raises(GraphError, match="no property p in A"):
        s.column("A", "p")
    with pytest.raises(IndexError):
        s.get(1, "p")


def test_an_edge_to_nowhere_names_the_table():
    good = tables_from(
        [{"id": "a", "label": "A"}, {"id": "b", "label": "A"}], [{"type": "R", "source": "a", "target": "b"}]
    )
    good.nodes["A"] = good.nodes["A"].slice(0, 1)
    with pytest.raises(GraphError, match=r"R.A.A: there is no A with id b"):
        snapshot_of(good)


def test_two_labels_cannot_share_an_id():
    one = tables_from([{"id": "a", "label": "A"}], [])
    one.nodes["B"] = one.nodes["A"]
    with pytest.raises(GraphError, match="have one id"):
        snapshot_of(one)


@pytest.fixture
def written(tmp_path):
    tables_from([{"id": "a", "label": "A", "p": "x"}], [{"type": "R", "source": "a", "target": "a"}]).write(
        tmp_path / "t"
    )
    open_snapshot(tmp_path / "t")
    (folder,) = (tmp_path / "snapshots").iterdir()
    return folder


def test_a_cut_snapshot_is_named_and_built_again(written):
    arrays = written / "arrays.bin"
    arrays.write_bytes(arrays.read_bytes()[:-1])
    with pytest.raises(GraphError, match=r"arrays.bin: damaged"):
        load(written)
    assert open_snapshot(written.parent.parent / "t").get(0, "p") == "x"
    assert load(written).get(0, "p") == "x"


def test_a_snapshot_of_another_version_is_built_again(written):
    head = json.loads((written / "snapshot.json").read_text())
    (written / "snapshot.json").write_text(json.dumps({**head, "format": 0}))
    with pytest.raises(GraphError, match="not written by this version"):
        load(written)
    assert open_snapshot(written.parent.parent / "t").m == 1


def test_the_same_tables_give_the_same_snapshot_bytes(tmp_path, written):
    disk.read(tmp_path / "t").write(tmp_path / "u" / "t")
    open_snapshot(tmp_path / "u" / "t")
    for path in written.iterdir():
        assert path.read_bytes() == (tmp_path / "u" / "snapshots" / written.name / path.name).read_bytes()


def test_arrays_cannot_be_written_to(written):
    s = load(written)
    with pytest.raises(ValueError):
        s.adjacency(None, 1).indices[0] = np.int32(5)
    with pytest.raises(ValueError):
        s.column("A", "p")[0] = "y"
