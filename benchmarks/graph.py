"""Speed and memory of the graph's stations, each beside what its engine does alone in the same run.

    python -m benchmarks.graph [--nodes 1000000] [--hub 0.1] [--folder FOLDER] [--without-neo4j] [--steps NAME ...]

Canonical tables, snapshot, Ladybug, Neo4j over Bolt and back, on a typed power-law graph of so many nodes and five
times as many edges, one entity holding a share of all of them. Every step runs in a process of its own; `peak_mb` is
the largest resident memory of that process, `ratio` its seconds over those of the step's `raw` row, `cpu_ratio` the same of
CPU seconds (with the server's), which other programs on the machine do not disturb.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import graph_neo4j
from benchmarks.graph_data import TABLES, Clock, Row, generate, row, shuffled, tables_of, with_new_document
from benchmarks.report import report
from kg.graph import disk, model
from kg.graph.disk import ROW_GROUP
from kg.graph.tables import edge_table, node_table, properties, sort_table

PACKAGES = ("numpy", "pyarrow", "ladybug", "neo4j", "neo4j-rust-ext")
MADE = "made"
"""Folder of what a step makes."""


def rows_kgmine(folder: Path) -> list[Row]:
    """Rows as dicts, as a graph is collected from documents, become sorted tables; one table at a time."""
    clock, total = Clock(), 0
    for _, table in shuffled(folder):
        rows, types = table.to_pylist(), properties(table)
        make = edge_table if model.START in table.column_names else node_table
        with clock:
            total += make(rows, types).num_rows
    return [row("rows to tables", "kgmine", clock, total)]


def rows_raw(folder: Path) -> list[Row]:
    """The same by Arrow alone."""
    clock, total = Clock(), 0
    for _, table in shuffled(folder):
        rows = table.to_pylist()
        keys = [(name, "ascending") for name in (model.START, model.END, "id") if name in table.column_names]
        with clock:
            made = pa.Table.from_pylist(rows, schema=table.schema)
            total += made.take(pc.sort_indices(made, sort_keys=keys)).num_rows
    return [row("rows to tables", "raw: from_pylist, sort", clock, total)]


def write_kgmine(folder: Path) -> list[Row]:
    """Columns in any order become sorted, checked, hashed files."""
    clock = Clock()
    given = list(shuffled(folder))
    with clock:
        tables = tables_of([(key, sort_table(table)) for key, table in given])
        disk.write(tables, folder / MADE / "tables")
    assert tables.hash == disk.read_manifest(folder / TABLES)["hash"]
    return [row("columns to files", "kgmine", clock, tables.node_count + tables.edge_count)]


def write_raw(folder: Path) -> list[Row]:
    """Arrow's sort and Parquet's writer alone."""
    clock, total = Clock(), 0
    given = list(shuffled(folder))
    with clock:
        for k, (_, table) in enumerate(given):
            keys = [(name, "ascending") for name in (model.START, model.END, "id") if name in table.column_names]
            ordered = table.take(pc.sort_indices(table, sort_keys=keys))
            pq.write_table(ordered, folder / MADE / f"{k}.parquet", row_group_size=ROW_GROUP, compression="zstd")
            total += ordered.num_rows
    return [row("columns to files", "raw: sort, write_table", clock, total)]


def read_kgmine(folder: Path) -> list[Row]:
    """Files become tables, every byte checked."""
    clock = Clock()
    with clock:
        tables = disk.read(folder / TABLES)
    return [row("files to tables", "kgmine", clock, tables.node_count + tables.edge_count)]


def read_raw(folder: Path) -> list[Row]:
    """Parquet's reader alone."""
    clock, total = Clock(), 0
    with clock:
        kept = [pq.read_table(path, use_threads=False) for path in sorted((folder / TABLES).rglob("*.parquet"))]
    total = sum(table.num_rows for table in kept)
    return [row("files to tables", "raw: read_table", clock, total)]


def diff_kgmine(folder: Path) -> list[Row]:
    """What is new between two equal graphs: nothing, but every value is compared. Then, with one document changed."""
    from kg.graph.diff import diff

    clock, tables = Clock(), disk.read(folder / TABLES)
    again = disk.read(folder / TABLES)
    with clock:
        assert not diff(tables, again)
    rows = [row("diff of equal graphs", "kgmine", clock, tables.node_count + tables.edge_count)]
    other, changed = with_new_document(again), Clock()
    with changed:
        counts = diff(tables, other).counts()
    note = json.dumps(counts)[1:-1]
    return [
        *rows,
        row("diff, one document changed", "kgmine", changed, tables.node_count + tables.edge_count, note=note),
    ]


def diff_raw(folder: Path) -> list[Row]:
    """Arrow's join of two columns of ids alone."""
    clock, tables = Clock(), disk.read(folder / TABLES)
    again = disk.read(folder / TABLES)
    both = [(t, again.nodes[k]) for k, t in tables.nodes.items()] + [
        (t, again.edges[k]) for k, t in tables.edges.items()
    ]
    with clock:
        for one, other in both:
            pc.index_in(one["id"], value_set=other["id"].combine_chunks())
            assert one.equals(other)
    return [row("diff of equal graphs", "raw: index_in, equals", clock, tables.node_count + tables.edge_count)]


def snapshot_kgmine(folder: Path) -> list[Row]:
    """Tables on disk become a snapshot on disk; then it is opened."""
    from kg.snapshot.build import open_snapshot

    clock = Clock()
    with clock:
        found = open_snapshot(folder / TABLES, folder / MADE)
    built = row("files to snapshot", "kgmine", clock, found.n + found.m)
    again = Clock()
    with again:
        open_snapshot(folder / TABLES, folder / MADE)
    return [built, row("open the snapshot", "kgmine", again, found.n + found.m)]


def snapshot_raw(folder: Path) -> list[Row]:
    """Ends looked up by Arrow, sparse rows and columns by scipy, nothing else: no properties, no file."""
    from scipy.sparse import coo_matrix

    clock = Clock()
    with clock:
        manifest = disk.read_manifest(folder / TABLES)
        read = {
            tuple(e["key"]): pq.read_table(folder / TABLES / e["file"], use_threads=False) for e in manifest["files"]
        }
        for key, table in read.items():
            if len(key) == 3:
                ends = [
                    pc.index_in(table[name], value_set=read[label,]["id"].combine_chunks()).to_numpy()
                    for name, label in ((model.START, key[1]), (model.END, key[2]))
                ]
                shape = (read[key[1],].num_rows, read[key[2],].num_rows)
                matrix = coo_matrix((np.arange(table.num_rows), (ends[0], ends[1])), shape=shape)
                matrix.tocsr(), matrix.tocsc()
    total = sum(table.num_rows for table in read.values())
    return [row("files to snapshot", "raw: index_in, scipy", clock, total)]


def ladybug_kgmine(folder: Path) -> list[Row]:
    """The lazy build at the first query, counts and hash checked; then a query."""
    from kg.stores.ladybug import LadybugStore

    clock, asked = Clock(), Clock()
    store = LadybugStore(folder / TABLES, folder / MADE)
    manifest = disk.read_manifest(folder / TABLES)
    total = sum(entry["rows"] for entry in manifest["files"])
    with clock:
        store.query("MATCH (e:Entity) RETURN count(*) AS n")
    built = row("files to Ladybug", "kgmine", clock, total, note=store.note or "")
    with asked:
        _, rows = store.query(
            "MATCH (c:Chunk)-[:MENTIONS]->(e:Entity) RETURN e.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 1"
        )
    hub = row("query: the busiest entity", "kgmine", asked, rows[0][1], note=store.note or "")
    store.close()
    return [built, hub]


def ladybug_raw(folder: Path) -> list[Row]:
    """CREATE and COPY of the same files alone."""
    import ladybug

    from kg.stores import generation

    manifest = disk.read_manifest(folder / TABLES)
    files = {tuple(entry["key"]): folder / TABLES / entry["file"] for entry in manifest["files"]}
    tables = disk.read(folder / TABLES)
    statements = [*generation.schema(tables), *generation.copies(tables, files)]
    total, pool = tables.node_count + tables.edge_count, generation.pool_for(tables)
    del tables
    clock = Clock()
    with clock:
        database = ladybug.Database(str(folder / MADE / "graph.lbdb"), buffer_pool_size=pool, max_num_threads=2)
        connection = ladybug.Connection(database)
        for statement in statements:
            connection.execute(statement)
        connection.close()
        database.close()
    return [row("files to Ladybug", "raw: COPY", clock, total)]


STEPS: dict[str, Callable[[Path], list[Row]]] = {
    "rows-raw": rows_raw,
    "rows": rows_kgmine,
    "write-raw": write_raw,
    "write": write_kgmine,
    "read-raw": read_raw,
    "read": read_kgmine,
    "diff-raw": diff_raw,
    "diff": diff_kgmine,
    "snapshot-raw": snapshot_raw,
    "snapshot": snapshot_kgmine,
    "ladybug-raw": ladybug_raw,
    "ladybug": ladybug_kgmine,
    **graph_neo4j.STEPS,
}


def measured(step: str, folder: Path) -> list[Row]:
    """The rows of a step, run in a process of its own; one row that says why where it fails."""
    call = [sys.executable, "-m", "benchmarks.graph", "--folder", str(folder), "--step", step]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"signal {-done.returncode}"]
        return [{**row(step, "failed", Clock(), 0), "seconds": None, "peak_mb": None, "note": lines[-1][:200]}]
    found: list[Row] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def with_ratios(rows: list[Row]) -> list[Row]:
    """Each row with its seconds, and with its CPU seconds, over those of the raw row of its step."""
    raw = {found["step"]: found for found in rows if found["how"].startswith("raw")}
    made = []
    for found in rows:
        limit = None if found["how"].startswith("raw") else raw.get(found["step"])
        ratios: dict[str, float | None] = {"ratio": None, "cpu_ratio": None}
        if limit and found["seconds"] is not None:
            ratios["ratio"] = round(found["seconds"] / limit["seconds"], 2)
            ratios["cpu_ratio"] = round(_cpu(found) / _cpu(limit), 2)
        made.append(
            {**{name: value for name, value in found.items() if name != "note"}, **ratios, "note": found["note"]}
        )
    return made


def _cpu(found: Row) -> float:
    return float(found["cpu_s"] + (found["server_cpu_s"] or 0.0))


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Speed and memory of the graph's stations.")
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--hub", type=float, default=0.1, help="share of all edges that end at one entity")
    parser.add_argument("--folder", type=Path, help="for the graph and what is made of it; default: a temporary one")
    parser.add_argument("--steps", nargs="*", choices=list(STEPS), help="only these")
    parser.add_argument("--without-neo4j", action="store_true", help="no server")
    parser.add_argument("--results", type=Path, help="folder for graph.json; default: benchmarks/results")
    parser.add_argument("--step", choices=[*STEPS, "generate"], help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Exit code 1 where a step failed."""
    options = arguments()
    if options.step:
        print("\n" + json.dumps(STEPS[options.step](options.folder)))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        return run(options, folder.resolve())


def run(options: argparse.Namespace, folder: Path) -> int:
    """Generate the graph where the folder has none, measure, report."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / TABLES).exists():
        print(f"{options.nodes:,} nodes: generating", flush=True)
        generate(folder, options.nodes, options.hub)
    steps = options.steps or [name for name in STEPS if not (options.without_neo4j and name.startswith("neo4j"))]
    rows: list[dict[str, Any]] = []
    for step in steps:
        shutil.rmtree(folder / MADE, ignore_errors=True)
        (folder / MADE).mkdir()
        print(f"{step} ...", flush=True)
        rows += measured(step, folder)
    where = {"results": options.results} if options.results else {}
    report("graph", with_ratios(rows), PACKAGES, **where)
    return int(any(found["how"] == "failed" for found in rows))


if __name__ == "__main__":
    raise SystemExit(main())
