"""Laws of edits on random graphs: what the server shows is what the graph is, however users came to it."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.graph.edits import Version, apply_edits, harvest, read_edits, write_edits
from kg.graph.roles import Roles
from kg.graph.tables import Tables, tables_from
from tests.graph.graphs import LABELS, TYPES, VALUES, graphs
from tests.graph.server import Server, content

NEW = {**VALUES, "x": st.floats(width=32), "ns": st.lists(st.integers(0, 3), min_size=1), "new": st.integers(0, 3)}
"""What users write; an empty list has no type of its own."""


def pure_of(graph):
    nodes, edges = ([{n: v for n, v in row.items() if v not in (None, [])} for row in rows] for rows in graph)
    tables = tables_from(nodes, edges)
    return Tables(tables.nodes, tables.edges, Roles())


@st.composite
def steps(draw, most=8):
    """What users do, as (kind, choices); the choices pick among what is there."""
    kinds = ["set", "set", "remove", "remove", "add", "join", "join", "merge", "move", "cut", "relabel", "undo"]
    return draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 99), st.integers(0, 99), _values()), max_size=most))


def _values():
    return st.fixed_dictionaries({}, optional=NEW)


def step(server, kind, one, other, values):
    """One change by a user."""
    nodes, edges = list(server.nodes), list(server.edges)
    if kind == "add":
        server.add(LABELS[one % 3], values, f"mine {one}" if other % 3 == 0 and f"mine {one}" not in server.ids()[0].values() else None)
    if not nodes:
        return
    a, b = nodes[one % len(nodes)], nodes[other % len(nodes)]
    if kind == "set":
        element = server.edges[edges[one % len(edges)]] if edges and other % 2 else server.nodes[a]
        if element.label in LABELS or element.label in TYPES:
            server.set(element, **values)
    elif kind == "undo":
        server.set(server.nodes[a], **dict.fromkeys(values))
    elif kind == "remove":
        server.detach(a)
    elif kind == "join":
        server.join(TYPES[other % 3], a, b, values)
    elif kind == "merge" and a != b and server.nodes[a].label == server.nodes[b].label:
        server.merge(a, b, how="hand" if one % 2 else "refactor")
    elif kind == "relabel":
        server.nodes[a].label = LABELS[other % 3]
    elif edges:
        edge = edges[one % len(edges)]
        if kind == "cut":
            del server.edges[edge]
        elif kind == "move":
            server.edges[edge] = replace(server.edges[edge], start=a, mark=None)


def ignored(edits):
    return {edit.on.id for edit in edits if edit.op == "ignore"}


@settings(max_examples=150, deadline=None)
@given(graph=graphs(), rounds=st.lists(st.tuples(steps(), st.booleans()), min_size=1, max_size=4))
def test_the_graph_is_what_the_server_shows_after_any_changes(graph, rounds):
    assume(all(node["id"] for node in graph[0]))
    pure = pure_of(graph)
    server = Server()
    server.push(pure)
    version, edits = Version(pure, pure, ()), ()
    for changes, pushed in rounds:
        for change in changes:
            step(server, *change)
        now = server.read()
        edits = harvest(now, version, edits)
        applied = apply_edits(pure, edits)
        assert applied.rejected == ()
        assert content(applied.tables) == content(now, ignored(edits))
        if pushed:
            server.push(applied.tables)
            version = Version(applied.tables, pure, edits)
            assert harvest(server.read(), version, edits) == edits
