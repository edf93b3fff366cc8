"""The real neo4j-admin takes kgmine's CSV, and the database that it makes is the same graph."""

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.graph.formats import read_csv, write_csv
from kg.graph.tables import tables_from
from kg.stores.neo4j import Address, connect
from kg.stores.neo4j_import import read_database
from schemas.mapping import Mapping
from tests.conftest import SERVER, OwnServer

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]

MOVIES = Path(__file__).parents[2] / "examples" / "movies" / "graph"
ODD = tables_from(
    [
        {"id": "a", "label": "Ägypten x", "name": 'it\'s "q"\nline, ; | \\', "n": 2**63 - 1, "x": math.nan,
         "tags": ["a;b", "c|d", ""], "labels": ["Land", "Two Words"]},
        {"id": "b", "label": "Ägypten x", "name": "", "n": None, "x": -math.inf, "tags": None},
        {"id": "c", "label": "A=B", "flag": True, "p:q": "w"},
    ],
    [
        {"id": "1", "type": "is of", "source": "a", "target": "b", "w": 0.1},
        {"id": "2", "type": "is of", "source": "a", "target": "b", "w": -1e300},
        {"id": "3", "type": "R", "source": "c", "target": "c", "ns": [1, -(2**63)]},
    ],
)  # fmt: skip


@pytest.fixture
def loaded(tmp_path):
    """A function that loads an export with neo4j-admin, starts a server on it and imports the graph again."""
    own = OwnServer(tmp_path / "home")

    def load(tables, **mapping):
        write_csv(tables, tmp_path / "csv")
        call = [sys.executable, str(SERVER), "admin", "--home", str(own.home), "--"]
        call += ["database", "import", "full", "neo4j", "@import.args"]
        done = subprocess.run(call, cwd=tmp_path / "csv", env=os.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        server = own.start()
        store = connect(Address(server.uri, server.user, server.password, "neo4j"))
        try:
            return read_database(store, Mapping(**mapping)).tables
        finally:
            store.close()

    yield load
    own.kill()


@pytest.mark.parametrize(
    ("tables", "primary"),
    [(ODD, ("Ägypten x", "A=B")), (read_csv(MOVIES, Mapping(primary=("Movie",))).tables, ("Movie",))],
    ids=["odd", "movies"],
)
def test_neo4j_admin_loads_an_export(loaded, tables, primary):
    found = loaded(tables, primary=primary)
    assert list(found.nodes) == list(tables.nodes)
    assert list(found.edges) == list(tables.edges)
    for key, table in {**tables.nodes, **tables.edges}.items():
        back = {**found.nodes, **found.edges}[key]
        assert repr(back.select(table.column_names).to_pylist()) == repr(table.to_pylist())
