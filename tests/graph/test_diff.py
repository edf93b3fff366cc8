from hypothesis import given, settings

from kg.graph.diff import apply, diff
from kg.graph.summary import summarise
from kg.graph.tables import Tables, tables_from
from tests.graph.graphs import graphs

NOTHING = Tables({}, {})


@settings(max_examples=60, deadline=None)
@given(one=graphs(), other=graphs())
def test_a_diff_turns_one_graph_into_the_other(one, other):
    old, new = tables_from(*one), tables_from(*other)
    assert apply(old, diff(old, new)).hash == new.hash
    assert apply(NOTHING, diff(NOTHING, new)).hash == new.hash
    assert not diff(new, new)


def test_nan_equals_nan_in_lists_too():
    one, same = (tables_from([{"id": "a", "label": "A", "xs": [float("nan"), 1.0]}], []) for _ in range(2))
    assert not diff(one, same)


def test_a_diff_counts_rows():
    old = tables_from([{"id": "a", "label": "A", "x": 1}, {"id": "b", "label": "A", "x": 1}], [])
    new = tables_from([{"id": "b", "label": "A", "x": 2}, {"id": "c", "label": "A", "x": 1}], [])
    assert diff(old, new).counts() == {"added": 1, "changed": 1, "removed": 1}


def test_not_a_number_is_not_a_change():
    graph = tables_from([{"id": "a", "label": "A", "x": float("nan")}], [])
    assert not diff(graph, tables_from([{"id": "a", "label": "A", "x": float("nan")}], []))


def test_rows_of_a_user_are_rows_like_others():
    mine = {"label": "A", "provenance": "user"}
    old = tables_from([{"id": "a", "x": 1, **mine}, {"id": "b", "x": 1, **mine}], [])
    new = tables_from([{"id": "a", "x": 2, "label": "A", "provenance": "source"}], [])
    assert diff(old, new).counts() == {"added": 0, "changed": 1, "removed": 1}


def test_a_label_without_rows_goes_when_the_new_graph_does_not_know_it():
    old = tables_from([{"id": "a", "label": "A"}], [])
    assert list(apply(old, diff(old, NOTHING)).nodes) == []


def test_a_summary_counts_and_shows_the_most_frequent_values():
    nodes = [{"id": str(k), "label": "A", "word": word} for k, word in enumerate(["b", "a", "b", "c", "d", None])]
    found = summarise(tables_from([*nodes, {"id": "z", "label": "B"}], [{"type": "R", "source": "0", "target": "z"}]))
    assert [(row.label, row.count) for row in found.labels] == [("A", 6), ("B", 1)]
    assert [(row.type, row.source, row.target, row.count) for row in found.types] == [("R", "A", "B", 1)]
    (word,) = found.properties
    assert (word.owner, word.name, word.kind, word.null_share) == ("A", "word", "string", round(1 / 6, 4))
    assert word.examples == ("b", "a", "c")
