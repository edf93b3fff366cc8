"""JSON lines as APOC writes them, triples, and every mistake in one line with file and line."""

import json

import pytest

from kg.graph.formats import read, read_jsonl, write_jsonl
from kg.graph.tables import tables_from
from schemas.errors import GraphError
from schemas.mapping import Mapping


@pytest.fixture
def graph(tmp_path):
    """A function that imports rows written as JSON lines."""

    def take(*lines, **mapping):
        path = tmp_path / "graph.jsonl"
        path.write_text("".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines), encoding="utf-8")
        return read_jsonl(path, Mapping(**mapping))

    return take


def node(id_, *labels, **properties):
    return {"type": "node", "id": id_, "labels": list(labels), "properties": properties}


def edge(label, start, end, id_="0", **properties):
    ends = {"start": {"id": start, "labels": []}, "end": {"id": end, "labels": []}}
    return {"type": "relationship", "id": id_, "label": label, "properties": properties, **ends}


def test_an_export_of_apoc_is_read(graph):
    found = graph(
        node(
            "0",
            "Person",
            "User",
            name="Ann",
            born="1990-01-01",
            place={"crs": "wgs-84", "latitude": 55, "longitude": 12},
        ),
        edge("KNOWS", "0", "1", since=1993),
        node("1", "User", name="Bob"),
        edge("KNOWS", "1", "1"),
    )
    user = found.tables.nodes["User"].to_pylist()
    assert sorted((row["name"], row["labels"], row["place"]) for row in user) == [
        ("Ann", ["Person"], [12.0, 55.0]), ("Bob", None, None),
    ]  # fmt: skip
    assert found.tables.edges["KNOWS", "User", "User"]["since"].to_pylist().count(None) == 1
    assert any("taken as User" in note for note in found.notes)
    assert any("a database's own" in note for note in found.notes)
    assert all(len(row["id"]) == 24 for row in user)


def test_ids_that_are_no_numbers_stay(graph):
    found = graph(node("a", "X"), node("7", "X"), edge("R", "a", "7", id_="r1"))
    assert found.tables.nodes["X"]["id"].to_pylist() == ["7", "a"]
    assert found.tables.edges["R", "X", "X"]["id"].to_pylist() == ["r1"]


def test_a_property_id_is_the_id(graph):
    found = graph(node("0", "X", id="x"), node("1", "X", id=5), node("2", "X", id="x", n=1), node("3", "Y", id="y"))
    ids = found.tables.nodes["X"]["id"].to_pylist()
    assert "5" in ids
    assert "x" not in ids
    assert sorted(found.tables.nodes["X"]["own_id"].to_pylist()) == ["5", "x", "x"]
    assert found.tables.nodes["Y"]["id"].to_pylist() == ["y"]
    assert any("some nodes share their id" in note for note in found.notes)


def test_twins_keep_their_ids_in_any_order(graph):
    lines = [node("a", "X"), edge("R", "a", "a", w=2), edge("R", "a", "a", w=1), edge("R", "a", "a", w=1)]
    one = graph(*lines).tables
    other = graph(*reversed(lines)).tables
    assert one.hash == other.hash
    assert one.edges["R", "X", "X"].num_rows == 3


def test_odd_values_become_what_a_property_holds(graph):
    found = graph(
        node("a", "X", big=2**70, nest={"b": [1]}, mixed=[1, "x"], holes=[1, None, 2], lists=[[1], [2]], flags=[True]),
        node("b", "X", big=1, mixed=[], holes=[0.5]),
    )
    a, b = found.tables.nodes["X"].to_pylist()
    assert (a["big"], b["big"]) == (str(2**70), "1")
    assert a["nest"] == '{"b": [1]}'
    assert (a["mixed"], b["mixed"]) == (["1", "x"], [])
    assert (a["holes"], b["holes"]) == ([1.0, 2.0], [0.5])
    assert a["lists"] == ["[1]", "[2]"]
    assert a["flags"] == ["true"]
    assert len(found.notes) >= 6


def test_triples_are_nodes_by_name(graph):
    found = graph(
        {
            "subject": "Alien",
            "predicate": "DIRECTED_BY",
            "object": "Ridley Scott",
            "subject_type": "Film",
            "year": 1979,
        },
        {"head": "Alien", "relation": "runtime", "tail": 117},
        {"subject": "Alien", "predicate": "tagline", "object": "In space no one can hear you scream."},
        {"subject": "Alien", "predicate": "genre", "object": "horror"},
        {"subject": "Alien", "predicate": "genre", "object": "science fiction"},
        {"subject": "Ridley Scott", "predicate": "DIRECTED", "object": "Alien"},
        literals=("tagline", "genre"),
    )
    assert found.tables.nodes["Film"].to_pylist() == [
        {"id": "Alien", "genre": ["horror", "science fiction"], "name": "Alien", "runtime": 117,
         "tagline": "In space no one can hear you scream."}
    ]  # fmt: skip
    assert found.tables.edges["DIRECTED_BY", "Film", "Entity"]["year"].to_pylist() == [1979]
    assert found.tables.nodes["Entity"]["id"].to_pylist() == ["Ridley Scott"]
    assert found.tables.roles.entities == {"Entity": "name", "Film": "name"}


def test_a_folder_of_files_is_one_graph(tmp_path):
    for name, row in (("a", node("x", "X")), ("b", edge("R", "x", "y")), ("c", node("y", "X"))):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row))
    assert list(read(tmp_path).tables.edges) == [("R", "X", "X")]


def test_an_export_that_was_edited_by_hand_is_read(tmp_path):
    path = tmp_path / "g.jsonl"
    write_jsonl(tables_from([{"id": "a", "label": "A", "n": 1}], []), path)
    with path.open("a") as file:
        file.write(json.dumps(node("b", "A", n=2, more="x")) + "\n")
    assert read_jsonl(path).tables.nodes["A"].to_pylist() == [
        {"id": "a", "n": 1, "more": None}, {"id": "b", "n": 2, "more": "x"},
    ]  # fmt: skip
    with path.open("a") as file:
        file.write(json.dumps(node("c", "A", n="three")) + "\n")
    with pytest.raises(GraphError, match=r"g\.jsonl:3:1: A\.n: 'three' does not fit"):
        read_jsonl(path)


MISTAKES = {
    "no JSON": (['{"a": \n'], "graph.jsonl:1:6: Expecting value; one JSON object per line is expected"),
    "a list": (["\n[1]\n"], "graph.jsonl:2:1: one JSON object per line is expected, not list"),
    "another object": ([{"name": "x"}], "graph.jsonl:1:1: neither"),
    "labels": ([{"type": "node", "labels": "X"}], "graph.jsonl:1:1: labels must be a list of texts"),
    "properties": ([{"type": "node", "properties": []}], "graph.jsonl:1:1: properties must be an object"),
    "an id": ([{"type": "node", "id": [1]}], "graph.jsonl:1:1: an id is a text or a whole number, not [1]"),
    "an id twice": ([node("a", "X"), node("a", "X")], "graph.jsonl:2:1: a second node with the id 'a'"),
    "no label": ([{"type": "relationship"}], "graph.jsonl:1:1: a relationship needs its type as `label`"),
    "no start": ([{"type": "relationship", "label": "R"}], "graph.jsonl:1:1: a relationship needs the id of its start"),
    "no end": ([node("a", "X"), edge("R", "a", "b")], "graph.jsonl:2:1: R: no node has the id 'b'"),
    "no subject": ([{"subject": 1, "predicate": "p", "object": "o"}], "graph.jsonl:1:1: subject must be a text, not 1"),
    "no object": ([{"head": "a", "relation": "p", "tail": None}], "graph.jsonl:1:1: tail must be a text, a number"),
    "half a character": ([node("a", "X", t="\ud800")], "graph.jsonl:1:1: X.t: '\\ud800' does not fit"),
    "nesting": (["[" * 100_000 + "\n"], "graph.jsonl:1:1: maximum recursion depth"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_with_its_place(graph, tmp_path, mistake):
    lines, message = MISTAKES[mistake]
    with pytest.raises(GraphError) as error:
        graph(*lines)
    assert message in str(error.value).replace(f"{tmp_path}/", "")
    assert "\n" not in str(error.value)


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(GraphError, match=r"neither \.csv, .* nor \.jsonl"):
        read(tmp_path)
