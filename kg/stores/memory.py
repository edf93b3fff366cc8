"""The memory store: the reference. Queries run on a snapshot with kgmine's own evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, final

from kg.graph import disk
from kg.graph.diff import Diff, apply
from kg.graph.tables import Tables
from kg.snapshot.build import snapshot_of
from kg.snapshot.snapshot import Snapshot
from kg.stores import Rows
from schemas.errors import GraphError

MAX_EDGES: Final = 5_000_000
"""About 2 GB of memory while the snapshot is built."""


@final
class MemoryStore:
    """A graph in memory."""

    def __init__(self, tables: Tables | None = None) -> None:
        self._tables = tables or Tables({}, {})
        self._snapshot: Snapshot | None = None
        self.note: str | None = None
        _check(self._tables)

    @classmethod
    def open(cls, tables_dir: Path) -> MemoryStore:
        """The store of the tables in a folder.

        Raises:
            GraphError: no tables there, damaged ones, or more than `MAX_EDGES` edges.
        """
        return cls(disk.read(tables_dir))

    def sync(self, change: Diff) -> None:
        after = apply(self._tables, change)
        _check(after)
        self._tables, self._snapshot = after, None

    def tables(self) -> Tables:
        return self._tables

    def query(self, cypher: str, params: Mapping[str, Any] | None = None) -> Rows:
        from kg.snapshot.evaluate_rows import run_query

        columns, rows = run_query(cypher, self.snapshot(), dict(params or {}))
        return list(columns), [list(row) for row in rows]

    def snapshot(self) -> Snapshot:
        """The snapshot that queries run on."""
        if self._snapshot is None:
            self._snapshot = snapshot_of(self._tables)
        return self._snapshot

    def close(self) -> None:
        self._snapshot = None


def _check(tables: Tables) -> None:
    if tables.edge_count > MAX_EDGES:
        raise GraphError(f"{tables.edge_count:,} edges: the memory store serves up to {MAX_EDGES:,}; install ladybug")
