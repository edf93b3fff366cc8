"""The Neo4j steps of `benchmarks.graph`: kgmine's store, the driver alone, and neo4j-admin, each on a fresh server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pc_csv

from benchmarks.graph_data import TABLES, Clock, Row, row, with_new_document
from kg.graph import disk
from kg.graph.tables import Tables, properties
from kg.stores.generation import quoted

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

SERVER = Path(__file__).parents[1] / ".ci" / "neo4j" / "server.py"
MEMORY = ("--heap", "2g", "--pagecache", "1g")
BATCH = 10_000
LOAD, READ = "tables to Neo4j", "Neo4j to tables"
CSV_TYPES = {"string": "string", "int64": "long", "float64": "double", "bool": "boolean"}


@contextmanager
def server(home: Path) -> Iterator[tuple[str, int]]:
    """A fresh server without authentication: its URI and process id."""
    shutil.rmtree(home, ignore_errors=True)
    call = [sys.executable, str(SERVER)]
    start = [*call, "start", "--home", str(home), "--no-auth", *MEMORY]
    done = subprocess.run(start, check=True, capture_output=True, text=True)
    try:
        yield done.stdout.strip().splitlines()[-1], json.loads((home / "server.json").read_text())["pid"]
    finally:
        subprocess.run([*call, "kill", "--home", str(home)], check=True, capture_output=True)
        shutil.rmtree(home)


def raw(folder: Path) -> list[Row]:
    """UNWIND and CREATE in batches through the official driver, then every row back as the driver gives it."""
    from neo4j import GraphDatabase

    tables = disk.read(folder / TABLES)
    total = tables.node_count + tables.edge_count
    with (
        server(folder / "neo4j-raw") as (uri, pid),
        GraphDatabase.driver(uri) as driver,
        driver.session(database="neo4j", fetch_size=BATCH) as session,
    ):
        load, back = Clock(pid), Clock(pid)
        with load:
            create_all(session, tables)
        loaded = row(LOAD, "raw: UNWIND, CREATE", load, total)
        seen = 0
        with back:
            for text in _readings(tables):
                seen += sum(1 for record in session.run(text) if record.values())
        assert seen == total
        return [loaded, row(READ, "raw: records", back, total)]


def create_all(session: Session, tables: Tables) -> None:
    """All nodes and edges into an empty database."""
    for label in tables.nodes:
        session.run(f"CREATE CONSTRAINT FOR (n:{quoted(label)}) REQUIRE n.id IS UNIQUE").consume()
    session.run("CALL db.awaitIndexes()").consume()
    for text, table in _creations(tables):
        for begin in range(0, table.num_rows, BATCH):
            rows = table.slice(begin, BATCH).to_pylist()
            session.execute_write(_create, text, rows)


def _create(tx: ManagedTransaction, text: str, rows: list[Row]) -> None:
    tx.run(text, rows=rows).consume()


def _creations(tables: Tables) -> Iterator[tuple[str, pa.Table]]:
    for label, table in tables.nodes.items():
        yield f"UNWIND $rows AS row CREATE (n:{quoted(label)}) SET n = row", table
    for (kind, source, target), table in tables.edges.items():
        names = ["a", "b", *table.column_names[2:]]
        values = ", ".join(f"{quoted(name)}: row.{quoted(name)}" for name in names[2:])
        ends = f"MATCH (a:{quoted(source)} {{id: row.a}}) MATCH (b:{quoted(target)} {{id: row.b}})"
        text = f"UNWIND $rows AS row {ends} CREATE (a)-[:{quoted(kind)} {{{values}}}]->(b)"
        yield text, table.rename_columns(names)


def _readings(tables: Tables) -> Iterator[str]:
    for label, table in tables.nodes.items():
        wanted = ", ".join(f"n.{quoted(name)}" for name in table.column_names)
        yield f"MATCH (n:{quoted(label)}) RETURN {wanted}"
    for (kind, source, target), table in tables.edges.items():
        wanted = ", ".join(["a.id", "b.id", *(f"r.{quoted(name)}" for name in table.column_names[2:])])
        yield f"MATCH (a:{quoted(source)})-[r:{quoted(kind)}]->(b:{quoted(target)}) RETURN {wanted}"


def kgmine(folder: Path) -> list[Row]:
    """Load into an empty database, sync again, replace one document, and read everything back."""
    from kg.graph.diff import diff
    from kg.stores.neo4j import Address, connect

    tables = disk.read(folder / TABLES)
    total = tables.node_count + tables.edge_count
    with server(folder / "neo4j") as (uri, pid):
        load, again, back = Clock(pid), Clock(pid), Clock(pid)
        store = connect(Address(uri))
        with load:
            store.sync(diff(Tables({}, {}), tables), target=tables, workspace="benchmark")
        rows = [row(LOAD, "kgmine", load, total)]
        mark = store.bookmark()
        with again:
            store.sync(diff(tables, tables), target=tables, workspace="benchmark")
        note = "nothing was written" if store.bookmark() == mark else "the database was written to"
        rows.append(row("sync the same graph again", "kgmine", again, total, note=note))
        other = tables
        for step in ("replace one document", "replace another one"):  # the server plans each statement once
            new, replace = with_new_document(other), Clock(pid)
            change = diff(other, new)
            counts = change.counts()
            with replace:
                store.sync(change, target=new, workspace="benchmark")
            rows.append(row(step, "kgmine", replace, sum(counts.values()), note=json.dumps(counts)[1:-1]))
            other = new
        with back:
            found = store.tables()
        assert found.hash == other.hash
        rows.append(row(READ, "kgmine", back, total))
        store.close()
    return rows


def admin(folder: Path) -> list[Row]:
    """`neo4j-admin database import` of CSV files into a database that is not running: no client can be as fast."""
    tables = disk.read(folder / TABLES)
    files, home = folder / "csv", folder / "neo4j-admin"
    files.mkdir(exist_ok=True)
    command = ["database", "import", "full", "neo4j", "--multiline-fields=true"]
    for number, (key, table) in enumerate([*(((k,), t) for k, t in tables.nodes.items()), *tables.edges.items()]):
        path = files / f"{number}.csv"
        types = properties(table)
        ids = [":START_ID", ":END_ID", "id:string"] if len(key) == 3 else ["id:ID"]
        heads = [*ids, *(f"{name}:{CSV_TYPES[kind]}" for name, kind in types.items())]
        pc_csv.write_csv(table.rename_columns(heads), path)
        command.append(f"--{'relationships' if len(key) == 3 else 'nodes'}={key[0]}={path}")
    total = tables.node_count + tables.edge_count
    del tables, table
    clock = Clock()
    with clock:
        call = [sys.executable, str(SERVER), "admin", "--home", str(home), *MEMORY, "--", *command]
        done = subprocess.run(call, check=True, capture_output=True, text=True)
    shutil.rmtree(home)
    shutil.rmtree(files)
    used = next((line for line in done.stdout.splitlines() if line.startswith("Peak memory")), "")
    return [row(LOAD, "neo4j-admin import", clock, total, note=used)]


STEPS: dict[str, Callable[[Path], list[Row]]] = {"neo4j-raw": raw, "neo4j": kgmine, "neo4j-admin": admin}
