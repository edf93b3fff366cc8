"""What was exported comes back equal: types, nulls, empty tables, roles and every character included."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph.formats import read_csv, read_jsonl, write_csv, write_jsonl
from kg.graph.roles import HOUSE, Roles
from kg.graph.tables import ARROW, Tables, edge_table, node_table, tables_from
from tests.graph.graphs import TEXT, graphs


def by_csv(tables, folder):
    write_csv(tables, folder / "csv")
    return read_csv(folder / "csv").tables


def by_jsonl(tables, folder):
    write_jsonl(tables, folder / "graph.jsonl")
    return read_jsonl(folder / "graph.jsonl").tables


WAYS = pytest.mark.parametrize("there_and_back", [by_csv, by_jsonl])
FRESH = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def same(found, wanted):
    for key, table in {**wanted.nodes, **wanted.edges}.items():
        back = {**found.nodes, **found.edges}[key]
        assert back.schema == table.schema, key
        assert repr(back.to_pylist()) == repr(table.to_pylist()), key
    assert found.hash == wanted.hash


@WAYS
@settings(max_examples=150, **FRESH)
@given(graph=graphs())
def test_any_graph(there_and_back, tmp_path_factory, graph):
    wanted = tables_from(*graph)
    same(there_and_back(wanted, tmp_path_factory.mktemp("g")), wanted)


FLOATS = st.floats(allow_nan=True, allow_infinity=True).map(lambda x: float("nan") if math.isnan(x) else x)
VALUES = {
    "string": TEXT,
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": FLOATS,
    "bool": st.booleans(),
    "list<string>": st.lists(TEXT | st.sampled_from(["", ";", "|", "a;b"]), max_size=3),
    "list<int64>": st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
    "list<float64>": st.lists(FLOATS, max_size=3),
}
NAMES = TEXT.filter(lambda n: n not in ("", "id")) | st.sampled_from(
    ["a(b)", "{c}", "x:int", ":ID", "labels", "%28", "type"]
)
WORDS = TEXT.filter(bool) | st.sampled_from(["A", "B", "a", "A;B", "x=y", "P:Q", "n0"])


@st.composite
def typed_tables(draw):
    """Tables with any names, types, labels, empty tables and columns without a value."""
    labels = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    ids = draw(st.lists(TEXT, max_size=6, unique=True))
    home = {id_: draw(st.sampled_from(labels)) for id_ in ids}

    def rows(keys, types):
        return [{**key, **{n: draw(st.none() | VALUES[t]) for n, t in types.items()}} for key in keys]

    def types():
        found = draw(st.dictionaries(NAMES, st.sampled_from(sorted(ARROW)), max_size=3))
        return {name: "list<string>" if name == "labels" else kind for name, kind in found.items()}

    nodes = {}
    for label in labels:
        columns = types()
        nodes[label] = node_table(rows([{"id": i} for i in ids if home[i] == label], columns), columns)
    edges, number = {}, 0
    for key in draw(
        st.lists(st.tuples(WORDS, st.sampled_from(labels), st.sampled_from(labels)), max_size=3, unique=True)
    ):
        columns, keys = types(), []
        sources, targets = ([i for i in ids if home[i] == label] for label in key[1:])
        if sources and targets:
            for _ in range(draw(st.integers(0, 3))):
                number += 1
                ends = draw(st.sampled_from(sources)), draw(st.sampled_from(targets))
                keys.append({":START_ID": ends[0], ":END_ID": ends[1], "id": f"e{number}"})
        edges[key] = edge_table(rows(keys, columns), columns)
    roles = draw(st.sampled_from([HOUSE, Roles(), Roles(entities={labels[0]: "name"}, closed_world=True)]))
    return Tables(nodes, edges, roles)


@WAYS
@settings(max_examples=300, **FRESH)
@given(tables=typed_tables())
def test_any_tables(there_and_back, tmp_path_factory, tables):
    same(there_and_back(tables, tmp_path_factory.mktemp("t")), tables)
