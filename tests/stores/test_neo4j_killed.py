"""kill -9 of the client and of the server during a sync: the next sync ends with the graph of an undisturbed one."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.graph import disk
from kg.graph.content import content_hash
from kg.graph.diff import diff
from kg.graph.tables import Tables, tables_from
from kg.stores.neo4j import Address, connect
from kg.stores.neo4j_schema import WHOLE, WRITING
from schemas.errors import GraphError

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from kg.graph import disk
from kg.graph.diff import diff
from kg.stores.neo4j import Address, connect

uri, password, folder = sys.argv[1:]
store, target = connect(Address(uri, password=password)), disk.read(Path(folder))
store.sync(diff(store.tables(), target), target=target, workspace="w", progress=lambda rows: print(rows, flush=True))
print("done", flush=True)
"""


def graph(first, last, word):
    """A graph over some numbers, of which others over some of the same numbers hold rows with other values."""
    nodes = [
        {"id": f"n{k}", "label": "A" if k % 3 else "B", "text": f"{word if k % 7 == 0 else ''} {k} " * 8, "n": k}
        for k in range(first, last)
    ]
    edges = [
        {"id": f"{kind}.{k}", "type": kind, "source": f"n{k}", "target": f"n{other}", "w": k + len(word) * (k % 5 == 0)}
        for k in range(first, last)
        for kind, other in (("R", max(first, k - 1)), ("HUB", first), ("R2", last - 1 - (k - first)))
    ]
    return tables_from(nodes, edges)


OLD, NEW = graph(0, 3_000, "old"), graph(1_000, 4_000, "newer")


def parts(tables):
    """Rows and content hash per label and per type."""
    nodes = {label: (t.num_rows, content_hash(Tables({label: t}, {}))) for label, t in tables.nodes.items()}
    return nodes | {key: (t.num_rows, content_hash(Tables({}, {key: t}))) for key, t in tables.edges.items()}


def begin(server, folder):
    """A client that syncs the tables of a folder."""
    call = [sys.executable, "-c", PROGRAM, server.uri, server.password, str(folder)]
    return subprocess.Popen(
        call, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )


def wait(client, batches):
    for _ in range(batches):
        assert client.stdout.readline() not in {"", "done\n"}


def opened(server):
    return connect(Address(server.uri, password=server.password))


def finished(store, target):
    store.sync(diff(store.tables(), target), target=target, workspace="w")
    assert store.state().state == WHOLE
    assert parts(store.tables()) == parts(target)
    assert not diff(store.tables(), target)


@pytest.mark.parametrize("batches", [1, 5, 9])
def test_a_killed_client_leaves_a_marked_graph_and_the_next_ends_it(neo4j_server, tmp_path, batches):
    disk.write(NEW, tmp_path / "new")
    store = opened(neo4j_server)
    store.sync(diff(Tables({}, {}), OLD), target=OLD, workspace="w")
    client = begin(neo4j_server, tmp_path / "new")
    wait(client, batches)
    time.sleep(0.05)  # into the next batch
    client.kill()
    client.wait()
    state = store.state()
    assert (state.state, state.content, state.target) == (WRITING, OLD.hash, NEW.hash)
    finished(store, NEW)
    store.close()


def test_a_killed_first_load_ends_like_an_undisturbed_one(neo4j_server, tmp_path):
    disk.write(OLD, tmp_path / "old")
    client = begin(neo4j_server, tmp_path / "old")
    wait(client, 2)
    client.kill()
    client.wait()
    store = opened(neo4j_server)
    assert store.state().content == ""
    finished(store, OLD)
    store.close()


def test_another_client_takes_over_and_the_first_one_stops(neo4j_server, tmp_path):
    disk.write(OLD, tmp_path / "old")
    client = begin(neo4j_server, tmp_path / "old")
    wait(client, 1)
    store = opened(neo4j_server)
    neo4j_server.run("MATCH (m:KgmineSync) SET m.run = 'another'")
    assert client.wait(60) != 0
    finished(store, OLD)
    store.close()


def test_a_killed_drop_leaves_nothing_that_looks_like_a_users_work(neo4j_server):
    store = opened(neo4j_server)
    store.sync(diff(Tables({}, {}), OLD), target=OLD, workspace="w")
    neo4j_server.run("MATCH (m:KgmineSync) DELETE m")  # as far as a drop got
    assert store.tables() == Tables({}, {})
    store.sync(diff(Tables({}, {}), NEW), target=NEW, workspace="w")
    assert parts(store.tables()) == parts(NEW)
    store.close()


@pytest.mark.parametrize("batches", [5])
def test_a_killed_server_is_ended_by_the_next_sync(own_neo4j, tmp_path, batches):
    own = own_neo4j()
    disk.write(NEW, tmp_path / "new")
    store = opened(own.server)
    store.sync(diff(Tables({}, {}), OLD), target=OLD, workspace="w")
    store.close()
    client = begin(own.server, tmp_path / "new")
    wait(client, batches)
    own.kill()
    assert client.wait(90) != 0
    with pytest.raises(GraphError, match="no Neo4j server answers"):
        opened(own.server)
    own.start()
    store = opened(own.server)
    assert store.state().state == WRITING
    finished(store, NEW)
    store.close()
