"""The graph of `benchmarks.graph`, and how a step of it is measured."""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.powerlaw import power_law
from kg.graph import disk, model
from kg.graph.tables import Tables, sort_table

TABLES, SHUFFLED = "tables", "shuffled"
EXTRACTOR = "benchmark/1"
Row = dict[str, Any]


def generate(folder: Path, nodes: int, hub: float) -> Row:
    """Write the graph twice: canonical under `tables`, and with its rows in random order under `shuffled`.

    Ids are 24 hex characters as kgmine's own, chunks have texts, and every row has `provenance`, `extractor` and
    `confidence`, so a row is as long as one that was extracted.
    """
    plain = power_law(nodes, hub=hub)
    tables = Tables(
        {label: _dressed(table, text=label == "Chunk") for label, table in plain.nodes.items()},
        {key: _dressed(table) for key, table in plain.edges.items()},
    )
    disk.write(tables, folder / TABLES)
    rng = np.random.default_rng(7)
    (folder / SHUFFLED).mkdir()
    for key, table in [
        *((("n", k), t) for k, t in tables.nodes.items()),
        *((("e", *k), t) for k, t in tables.edges.items()),
    ]:
        pq.write_table(
            table.take(pa.array(rng.permutation(table.num_rows))), folder / SHUFFLED / f"{'.'.join(key)}.parquet"
        )
    return {"nodes": tables.node_count, "edges": tables.edge_count}


def _dressed(table: pa.Table, *, text: bool = False) -> pa.Table:
    n = table.num_rows
    for name in ("id", model.START, model.END):
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, _hex(table[name]))
    if text:
        words = [
            f"Observers describe in section {k} of the report how the figure of the table was found, and why."
            for k in range(n)
        ]
        table = table.append_column("text", pa.array(words))
    table = table.append_column("provenance", pa.array([model.SOURCE]).take(pa.array(np.zeros(n, np.int64))))
    table = table.append_column("extractor", pa.array([EXTRACTOR]).take(pa.array(np.zeros(n, np.int64))))
    return sort_table(table.append_column("confidence", pa.array(np.ones(n))))


def _hex(column: Any) -> Any:
    """Each id's digest."""
    coded = column.combine_chunks().dictionary_encode()
    made = [hashlib.blake2b(text.encode(), digest_size=12).hexdigest() for text in coded.dictionary.to_pylist()]
    return pa.array(made).take(coded.indices)


def shuffled(folder: Path) -> Iterator[tuple[tuple[str, ...], pa.Table]]:
    """((label,) or (type, source label, target label), table in random order)."""
    for path in sorted((folder / SHUFFLED).iterdir()):
        yield tuple(path.stem.split(".")[1:]), pq.read_table(path, use_threads=False)


def tables_of(parts: list[tuple[tuple[str, ...], pa.Table]]) -> Tables:
    """Tables of sorted parts."""
    nodes = {key[0]: table for key, table in parts if len(key) == 1}
    return Tables(nodes, {(key[0], key[1], key[2]): table for key, table in parts if len(key) == 3})


def with_new_document(tables: Tables) -> Tables:
    """The graph after one of its documents was changed: everything in it has another id."""
    homes = tables.nodes["Chunk"]["document"]
    home = homes[len(homes) // 2].as_py()
    mine = pa.concat_arrays(
        [
            table["id"].filter(pc.equal(table["document"], home)).combine_chunks()
            for table in tables.nodes.values()
            if "document" in table.column_names
        ]
    )

    def renamed(table: pa.Table) -> pa.Table:
        ends = [name for name in (model.START, model.END, "id") if name in table.column_names]
        hit = [pc.is_in(table[name], value_set=mine) for name in ends]
        if len(ends) == 3:  # an edge goes with either of its ends
            hit[2] = pc.or_(hit[0], hit[1])
        for name, where in zip(ends, hit, strict=True):
            column = pc.if_else(where, pc.binary_join_element_wise(table[name], "new", "-"), table[name])
            table = table.set_column(table.column_names.index(name), name, column)
        return sort_table(table)

    return Tables(
        {label: renamed(table) for label, table in tables.nodes.items()},
        {key: renamed(table) for key, table in tables.edges.items()},
    )


class Clock:
    """Seconds and CPU seconds of the blocks under `with clock:`, of this process, its children and a server."""

    def __init__(self, server: int | None = None) -> None:
        """Args: server: process id."""
        self.seconds = self.cpu = self.server_cpu = 0.0
        self.server = server

    def __enter__(self) -> None:
        self._begin = self._now()

    def __exit__(self, *_: object) -> None:
        seconds, cpu, server = (now - then for now, then in zip(self._now(), self._begin, strict=True))
        self.seconds, self.cpu, self.server_cpu = self.seconds + seconds, self.cpu + cpu, self.server_cpu + server

    def _now(self) -> tuple[float, float, float]:
        spent = os.times()
        cpu = spent.user + spent.system + spent.children_user + spent.children_system
        return time.perf_counter(), cpu, cpu_of(self.server) if self.server else 0.0


def cpu_of(pid: int) -> float:
    """CPU seconds of another process; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int | str = "self") -> float | None:
    """Largest resident memory of a process so far, in MB."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(found.split()[1]) / 1024)
    scale = 2**20 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale) if pid == "self" else None


def row(step: str, how: str, clock: Clock, rows: int, **more: Any) -> Row:
    """One line of the benchmark's table. Args: rows: nodes and edges that the step handled."""
    return {
        "step": step,
        "how": how,
        "seconds": round(clock.seconds, 2),
        "cpu_s": round(clock.cpu, 2),
        "server_cpu_s": round(clock.server_cpu, 2) if clock.server else None,
        "rows": rows,
        "rows_per_s": round(rows / max(clock.seconds, 1e-9)),
        "peak_mb": peak(),
        "server_mb": peak(clock.server) if clock.server else None,
        "note": "",
        **more,
    }
