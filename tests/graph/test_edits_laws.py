"""Laws of edits on random graphs: what the server shows is what the graph is, however users came to it."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.graph.edits import Version, apply_edits, harvest, read_edits, write_edits
from kg.graph.roles import Roles
from kg.graph.tables import Tables, tables_from
from tests.graph.graphs import LABELS, TYPES, VALUES, graphs
from tests.graph.server import Server, content

NEW = {**VALUES, "x": st.floats(width=32), "ns": st.lists(st.integers(0, 3), min_size=1), "new": st.integers(0, 3)}
"""What users write; an empty list has no type of its own."""


def labelled(graph):
    """With ids that say the label: no node changes it from one version to the next."""
    name = {node["id"]: f"{node['label']} {node['id']}" for node in graph[0]}
    nodes = [{**node, "id": name[node["id"]]} for node in graph[0]]
    return nodes, [{**edge, "source": name[edge["source"]], "target": name[edge["target"]]} for edge in graph[1]]


def pure_of(graph):
    nodes, edges = ([{n: v for n, v in row.items() if v not in (None, [])} for row in rows] for rows in graph)
    tables = tables_from(nodes, edges)
    return Tables(tables.nodes, tables.edges, Roles())


@st.composite
def steps(draw, most=8):
    """What users do, as (kind, choices); the choices pick among what is there."""
    kinds = ["set", "set", "remove", "remove", "add", "join", "join", "merge", "move", "cut", "relabel", "undo"]
    return draw(
        st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 99), st.integers(0, 99), _values()), max_size=most)
    )


def _values():
    return st.fixed_dictionaries({}, optional=NEW)


def step(server, kind, one, other, values):
    """One change by a user."""
    nodes, edges = list(server.nodes), list(server.edges)
    if kind == "add":
        server.add(
            LABELS[one % 3],
            values,
            f"mine {one}" if other % 3 == 0 and f"mine {one}" not in server.ids()[0].values() else None,
        )
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


@settings(max_examples=120, deadline=None)
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


def people(names, version, years):
    """A graph whose nodes are told apart by name; their ids change with every version, as a changed document's do."""
    nodes = [{"id": f"{n}/{version}", "label": "Person", "name": n, "year": years.get(n, 10)} for n in names]
    edges = [
        {"type": "KNOWS", "source": f"{a}/{version}", "target": f"{b}/{version}", "since": 1}
        for a, b in pairwise(names)
    ]
    tables = tables_from(nodes or [{"id": "-", "label": "Nobody"}], edges)
    return Tables(tables.nodes, tables.edges, Roles())


NAMES = ["Ada", "Bob", "Cyd", "Dan", "Eve", "Fay"]
DEEDS = st.lists(
    st.tuples(st.sampled_from(["year", "remove", "know", "forget"]), *[st.sampled_from(NAMES)] * 2, st.integers(0, 9)),
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(
    deeds=DEEDS,
    stay=st.sets(st.sampled_from(NAMES), min_size=1),
    years=st.dictionaries(st.sampled_from(NAMES), st.integers(20, 29)),
)
def test_edits_are_found_again_under_new_ids_or_wait(deeds, stay, years):
    """Against an oracle that knows nothing of ids: what was said of a name is said of it again."""
    pure = people(NAMES, 1, {})
    server = Server()
    server.push(pure)
    said, gone = {}, set()
    knows = {("KNOWS", a, b): 1 for a, b in pairwise(NAMES)}
    first = dict(knows)
    for deed, one, other, number in deeds:
        place = {node.values["name"]: k for k, node in server.nodes.items()}
        if one not in place or other not in place:
            continue
        if deed == "year":
            server.set(server.nodes[place[one]], year=number)
            said[one] = number
        elif deed == "remove":
            server.detach(place[one])
            gone.add(one)
            knows = {key: v for key, v in knows.items() if one not in key}
        elif deed == "know" and ("LIKES", one, other) not in knows:
            server.join("LIKES", place[one], place[other])
            knows["LIKES", one, other] = None
        elif deed == "forget" and ("KNOWS", one, other) in knows:
            edge = next(
                k for k, e in server.edges.items() if (e.label, e.start, e.end) == ("KNOWS", place[one], place[other])
            )
            del server.edges[edge]
            del knows["KNOWS", one, other]
    edits = harvest(server.read(), Version(pure, pure, ()), ())
    if any(edit.op == "merge" for edit in edits):
        return  # what looks like a merge is tested elsewhere
    left = [name for name in NAMES if name in stay]
    later = people(left, 2, {name: year for name, year in years.items() if name in stay})
    applied = apply_edits(later, edits)
    people_found = {row["name"]: row["year"] for row in applied.tables.nodes["Person"].to_pylist()}
    assert people_found == {name: said.get(name, years.get(name, 10)) for name in left if name not in gone}
    name_of = {row["id"]: row["name"] for row in later.nodes["Person"].to_pylist()}
    found = {
        (key[0], name_of[row[":START_ID"]], name_of[row[":END_ID"]])
        for key, table in applied.tables.edges.items()
        for row in table.to_pylist()
    }
    extracted = {("KNOWS", a, b) for a, b in pairwise(left)}
    forgotten = {key for key in first if key not in knows}
    liked = {key for key in knows if key[0] == "LIKES"}
    alive = {name for name in left if name not in gone}
    assert found == {key for key in (extracted - forgotten) | liked if set(key[1:]) <= alive}
    assert len(applied.applied) + len(applied.rejected) == len(edits)


@settings(max_examples=120, deadline=None)
@given(before=graphs(), later=graphs(), changes=steps(5), most=st.integers(0, 25), after=st.booleans())
def test_a_sync_that_was_cut_off_anywhere_loses_no_edit(before, later, changes, most, after):
    pure, newer = pure_of(labelled(before)), pure_of(labelled(later))
    server = Server()
    server.push(pure)
    synced = Version(pure, pure, ())
    for change in changes:
        step(server, *change)
    edits = harvest(server.read(), synced, ())
    target = apply_edits(newer, edits)
    server.push(target.tables, most=most)
    touched = None
    if after:
        marked = sorted(k for k, node in server.nodes.items() if node.mark)
        touched = marked[0] if marked else None
        if touched is not None:
            server.set(server.nodes[touched], name="after the crash")
    now = server.read()
    found = harvest(now, synced, edits, interrupted=Version(target.tables, newer, edits))
    if touched is None:
        assert content(apply_edits(newer, found).tables) == content(target.tables)
    else:
        id_ = server.ids()[0][touched]
        rows = [r for t in apply_edits(newer, found).tables.nodes.values() for r in t.to_pylist() if r["id"] == id_]
        assert all(row["name"] == "after the crash" for row in rows)


def test_edits_come_back_from_their_file(tmp_path):
    pure = people(NAMES, 1, {})
    server = Server()
    server.push(pure)
    for change in [("set", 1, 0, {"x": float("nan"), "names": ["a"]}), ("remove", 2, 0, {}), ("join", 0, 3, {"n": 1})]:
        step(server, *change)
    edits = harvest(server.read(), Version(pure, pure, ()), ())
    write_edits(tmp_path / "edits.jsonl", edits)
    again = read_edits(tmp_path / "edits.jsonl")
    assert again == edits
    assert [edit.id for edit in again] == [edit.id for edit in edits]
    write_edits(tmp_path / "edits.jsonl", ())
    assert not (tmp_path / "edits.jsonl").exists()
    assert read_edits(tmp_path / "edits.jsonl") == ()
