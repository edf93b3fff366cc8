"""The embedded store: canonical tables on disk, and a Ladybug database built from them when something is asked."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from kg.graph import disk, model
from kg.graph.diff import Diff, apply
from kg.graph.tables import EdgeKey, Tables, edge_table, node_table, properties
from kg.stores import Rows, generation
from kg.stores.generation import quoted
from schemas.errors import GraphError, TemplateError

if TYPE_CHECKING:
    from kg.cypher.dialects.strict import Columns
    from kg.snapshot.snapshot import Snapshot

QUERY_ERRORS: Final = tuple(
    f"{kind} exception" for kind in ("Binder", "Parser", "Catalog", "Conversion", "Runtime", "Overflow", "Function")
)
"""Beginnings of Ladybug's messages about the query, not about the database."""


def is_available() -> bool:
    """Whether Ladybug is installed (there are no wheels for every system)."""
    return importlib.util.find_spec("ladybug") is not None


@final
class LadybugStore:
    """A folder of tables with a Ladybug database beside it, `ladybug/gen-<hash>/graph.lbdb`."""

    def __init__(self, tables_dir: Path, folder: Path | None = None) -> None:
        """Args: tables_dir: canonical tables (none yet = an empty graph); folder: of generations, built when asked."""
        self._tables_dir = tables_dir
        self._folder = folder or tables_dir.parent / "ladybug"
        self._at: Path | None = None
        self._connection: Any = None
        self._snapshot: Snapshot | None = None
        self.note: str | None = None
        self._resources = ExitStack()
        # A second Database on one file in one process opens silently: one handle, one query at a time.
        self._lock = threading.Lock()

    def sync(self, change: Diff) -> None:
        self._snapshot = None
        with self._lock:
            self._disconnect()
            disk.write(apply(self.tables(), change), self._tables_dir)

    def tables(self) -> Tables:
        return disk.read(self._tables_dir) if self._tables_dir.exists() else Tables({}, {})

    def query(self, cypher: str, params: Mapping[str, Any] | None = None) -> Rows:
        """See `GraphStore`. What Ladybug cannot say or load, kgmine's own evaluator answers from the same tables."""
        from kg.cypher.dialects import ladybug as rewritten

        self.note = None
        try:
            text = rewritten(cypher, self._columns(params or {}))
            with self._lock:
                return self._run(text, dict(params or {}))
        except TemplateError as refused:
            why = refused.message
        except generation.OverwhelmedError as failed:
            why = str(failed)
        try:
            answer = self._evaluated(cypher, params)
        except TemplateError as wrong:  # in every dialect, with its line and column
            return self._passed(cypher, params, wrong)
        self.note = f"answered in memory: {why}"
        return answer

    def _columns(self, params: Mapping[str, Any]) -> Columns:
        from kg.cypher.dialects.strict import Columns

        files = disk.read_manifest(self._tables_dir)["files"] if self._tables_dir.exists() else []
        return Columns.of(((name, kind) for entry in files for name, kind in entry["columns"]), params)

    def _passed(self, cypher: str, params: Mapping[str, Any] | None, wrong: TemplateError) -> Rows:
        """The answer of Ladybug to a query of its own kind; where it has none, what is wrong with the query."""
        from kg.cypher.dialects import passes

        if not passes(wrong):
            raise wrong
        try:
            with self._lock:
                answer = self._run(cypher, dict(params or {}))
        except TemplateError:
            raise wrong from None
        self.note = f"not portable, answered as Ladybug means it: {wrong.message}"
        return answer

    def _evaluated(self, cypher: str, params: Mapping[str, Any] | None) -> Rows:
        from kg.snapshot.build import open_snapshot
        from kg.snapshot.evaluate_rows import run_query

        self._make()
        if self._snapshot is None:
            self._snapshot = open_snapshot(self._tables_dir)
        columns, rows = run_query(cypher, self._snapshot, dict(params or {}))
        return list(columns), [list(row) for row in rows]

    def loaded(self) -> Tables:
        """The graph as the database holds it, read back: equal to `tables()`, or Ladybug lost something."""
        expected = self.tables()
        with self._lock:
            self._connect()
            nodes = {label: self._nodes(label, properties(table)) for label, table in expected.nodes.items()}
            edges = {key: self._edges(key, properties(table)) for key, table in expected.edges.items()}
        return Tables(nodes, edges)

    def close(self) -> None:
        with self._lock:
            self._disconnect()

    def _connect(self) -> None:
        self._make()
        current = generation.ensure(self._tables_dir, self._folder, known=self._at)
        if current != self._at:
            self._disconnect()
            self._connection = self._resources.enter_context(
                generation.connect(current / generation.FILE, read_only=True)
            )
            self._at = current

    def _make(self) -> None:
        if not self._tables_dir.exists():
            disk.write(Tables({}, {}), self._tables_dir)

    def _disconnect(self) -> None:
        self._resources.close()
        self._at = self._connection = None

    def _run(self, text: str, params: dict[str, Any]) -> Rows:
        self._connect()
        try:
            columns, rows = self._execute(text, params)
        except RuntimeError as error:
            raise self._named(error, text) from error
        return columns, [[_value(value) for value in row] for row in rows]

    def _execute(self, text: str, params: dict[str, Any]) -> Rows:
        result = self._connection.execute(text, params)
        rows = []
        while result.has_next():
            rows.append(list(result.get_next()))
        return [str(name) for name in result.get_column_names()], rows

    def _named(self, error: RuntimeError, text: str) -> GraphError | TemplateError:
        """An engine's error as ours: the query's fault, or damage, which sets the database aside."""
        message = str(error).strip().splitlines()[0]
        if message.startswith(QUERY_ERRORS):
            return TemplateError(message, line=1, column=1, source=text.strip().splitlines()[0])
        if message.startswith(generation.FULL):
            return generation.OverwhelmedError("the query is too much for Ladybug's memory")
        at, content = self._at, str(disk.read_manifest(self._tables_dir)["hash"])
        self._disconnect()
        if at is None or generation.problem(at, content) is None:
            return GraphError(f"the embedded store cannot answer this query: {message}")
        aside = generation.quarantine(at) if at.exists() else at
        return GraphError(f"{aside}: {message}; damaged and set aside, the next query builds it again")

    def _nodes(self, label: str, types: Mapping[str, str]) -> Any:
        names = ["id", *types]
        wanted = ", ".join(f"n.{quoted(name)}" for name in names)
        _, rows = self._execute(f"MATCH (n:{quoted(label)}) RETURN {wanted}", {})
        return node_table((dict(zip(names, row, strict=True)) for row in rows), types)

    def _edges(self, key: EdgeKey, types: Mapping[str, str]) -> Any:
        kind, source, target = map(quoted, key)
        names = [model.START, model.END, "id", *types]
        wanted = ", ".join(["a.id", "b.id", *(f"r.{quoted(name)}" for name in ("id", *types))])
        _, rows = self._execute(f"MATCH (a:{source})-[r:{kind}]->(b:{target}) RETURN {wanted}", {})
        return edge_table((dict(zip(names, row, strict=True)) for row in rows), types)


def _value(value: Any) -> Any:
    """A value of a result as `kg.stores.Rows` says it."""
    if isinstance(value, list):
        return [_value(member) for member in value]
    if isinstance(value, Decimal):  # what Ladybug makes of a sum of whole numbers
        return int(value) if value == value.to_integral_value() else float(value)
    if not isinstance(value, dict):
        return value
    if "_NODES" in value:
        path: list[Any] = []
        for k, node in enumerate(value["_NODES"]):
            path += [_value(node), *map(_value, value["_RELS"][k : k + 1])]
        return path
    return value["id"] if "_LABEL" in value else value
