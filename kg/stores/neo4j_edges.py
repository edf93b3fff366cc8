"""The relationships of a graph on a server: kgmine's type by type, then those that users made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import marks, model
from kg.graph.tables import EdgeKey, empty, sort_table
from kg.stores.generation import quoted
from kg.stores.neo4j_columns import Columns
from kg.stores.neo4j_connection import FETCH
from kg.stores.neo4j_nodes import MARK, Nodes, Scan, returned
from kg.stores.neo4j_users import Loose, Names, Numbers, is_fitting, own_id, properties_of


@final
class Edges:
    """Relationships while they are read."""

    def __init__(self, run: Scan, types: dict[EdgeKey, dict[str, str]]) -> None:
        """Args: types: edge key -> property -> type, of what kgmine wrote."""
        self._run = run
        self._known = types
        by_kind: dict[str, dict[str, str]] = {}
        for (kind, _, _), found in types.items():
            by_kind.setdefault(kind, {}).update(found)
        self._columns = {kind: Columns(found) for kind, found in by_kind.items()}
        self._ends: dict[str, list[Numbers]] = {kind: [] for kind in by_kind}
        self._loose: list[tuple[int, int, int, str, dict[str, Any]]] = []
        self._users: Numbers = np.empty((0, 3), np.int64)
        self.merged = 0

    def read_owned(self) -> tuple[Numbers, Numbers]:
        """Read what kgmine wrote, and which relationships users made. Returns: numbers of both ends of all of them."""
        for kind, columns in self._columns.items():
            for piece in self._run(
                f"MATCH (a)-[n:{quoted(kind)}]->(b) WHERE n.{MARK} IS NOT NULL "
                f"RETURN [id(a), id(b), id(n), {returned(columns.types)}]",
                known=["id", marks.PROPERTY, *columns.types],
            ):
                self._add(kind, piece)
        found = [np.array(piece, np.int64).reshape(-1, 3) for piece in self._run(
            f"MATCH (a)-[n]->(b) WHERE n.{MARK} IS NULL OR NOT type(n) IN $known RETURN [id(a), id(b), id(n)]",
            known=[*self._columns],
        )]  # fmt: skip
        self._users = np.concatenate([self._users, *found])
        loose = np.array([row[:2] for row in self._loose], np.int64).reshape(-1, 2)
        ends = [piece for pieces in self._ends.values() for piece in pieces]
        every = np.concatenate([self._users[:, :2], loose, *ends])
        return every[:, 0], every[:, 1]

    def read_users(self, nodes: Nodes) -> int:
        """Read the properties of those that users made in the graph. Returns: how many are left out."""
        inside = (nodes.find(self._users[:, 0])[0] >= 0) & (nodes.find(self._users[:, 1])[0] >= 0)
        wanted = self._users[inside, 2].tolist()
        for begin in range(0, len(wanted), FETCH):
            for piece in self._run(
                "MATCH (a)-[n]->(b) WHERE id(n) IN $numbers RETURN [id(a), id(b), id(n), type(n), properties(n)]",
                numbers=wanted[begin : begin + FETCH],
            ):
                self._loose += [(a, b, number, kind, properties) for a, b, number, kind, properties in piece]
        self._place(nodes)
        return int((~inside).sum())

    def tables(self, nodes: Nodes) -> dict[EdgeKey, pa.Table]:
        """The tables, with those that kgmine wrote without rows."""
        found: dict[EdgeKey, pa.Table] = {}
        for kind, columns in self._columns.items():
            found |= self._split(kind, columns, nodes)
        for key, types in self._known.items():
            if key not in found:
                none = empty(types, edge=True)
                found[key] = none.append_column(marks.COLUMN, pa.array([], pa.string()))
        return found

    def odd(self) -> dict[str, dict[str, Any]]:
        """Id -> property -> a value that does not fit its column."""
        return {
            columns.ids()[row].as_py(): values
            for columns in self._columns.values()
            for row, values in columns.odd.items()
        }

    def _add(self, kind: str, piece: Sequence[Any]) -> None:
        rows: list[Any] = [row for row in piece if self._is_plain(kind, row)]
        if rows:
            sources, targets, _, ids, found, more, *columns = zip(*rows, strict=True)
            further = {k: dict(pairs) for k, pairs in enumerate(more) if pairs}
            self._columns[kind].extend(ids, found, columns, further)
            self._ends[kind].append(np.array([sources, targets], np.int64).T)

    def _is_plain(self, kind: str, row: Sequence[Any]) -> bool:
        source, target, number, id_, mark, more, *values = row
        if type(id_) is str and type(mark) is str:
            return True
        named = dict(zip(self._columns[kind].types, values, strict=True)) | dict(more)
        properties = {name: value for name, value in named.items() if value is not None}
        self._loose.append((source, target, number, kind, {**properties, "id": id_, marks.PROPERTY: mark}))
        return False

    def _place(self, nodes: Nodes) -> None:
        """Give each relationship that was kept apart an id."""
        self._part_twins(nodes)
        taken = [id_ for columns in self._columns.values() for id_ in columns.ids().to_pylist()] if self._loose else []
        names = Names(taken)
        for a, b, number, kind, found in sorted(self._loose, key=lambda row: row[2]):
            labels, rows = nodes.find(np.array([a, b], np.int64))
            if min(labels) < 0:
                continue  # between others' nodes: a copy of kgmine's outside its graph
            own = own_id(found.get("id"))
            mark = own_id(found.get(marks.PROPERTY)) if own is not None else None
            properties = {name: value for name, value in found.items() if name != marks.PROPERTY and value is not None}
            edge = Loose(number, kind, properties, mark, tuple(nodes.ids(rows).to_pylist()))
            id_ = names.name(edge)
            if own != id_:
                edge = replace(edge, mark=None)
            self.merged += edge.is_merged
            self._columns.setdefault(kind, Columns({})).append(id_, edge.mark, properties_of(edge))
            self._ends.setdefault(kind, []).append(np.array([[a, b]], np.int64))

    def _part_twins(self, nodes: Nodes) -> None:
        """Of several relationships with one id the one that kgmine wrote keeps it."""
        ids = pa.chunked_array([c for columns in self._columns.values() for c in columns.ids().chunks], pa.string())
        if pc.count_distinct(ids).as_py() == len(ids):
            return
        names = Names(ids.to_pylist())
        seen: dict[str, tuple[str, int]] = {}
        for kind, columns in self._columns.items():
            for row, id_ in enumerate(columns.ids().to_pylist()):
                if id_ not in seen:
                    seen[id_] = (kind, row)
                    continue
                copy = (kind, row)
                if self._fits(*copy, id_, nodes) and not self._fits(*seen[id_], id_, nodes):
                    copy, seen[id_] = seen[id_], copy
                properties = {**self._columns[copy[0]].row(copy[1]), "id": id_}
                _, ends = self._key(*copy, nodes)
                self._columns[copy[0]].disown(copy[1], names.name(Loose(0, copy[0], properties, None, ends)))

    def _fits(self, kind: str, row: int, id_: str, nodes: Nodes) -> bool:
        mark = self._columns[kind].mark(row)
        key, ends = self._key(kind, row, nodes)
        return mark is not None and is_fitting(mark, {**self._columns[kind].row(row), "id": id_}, key, ends)

    def _key(self, kind: str, row: int, nodes: Nodes) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Key and ends of one row."""
        labels, rows = nodes.find(np.concatenate(self._ends[kind])[row])
        names = nodes.labels()
        return (kind, *(names[code] for code in labels.tolist())), tuple(nodes.ids(rows).to_pylist())

    def _split(self, kind: str, columns: Columns, nodes: Nodes) -> dict[EdgeKey, pa.Table]:
        """The table of each pair of labels that a type connects."""
        ends = np.concatenate([np.empty((0, 2), np.int64), *self._ends[kind]])
        (sources, source_rows), (targets, target_rows) = nodes.find(ends[:, 0]), nodes.find(ends[:, 1])
        table = columns.table()
        labels, found = nodes.labels(), {}
        for pair in np.unique(np.stack([sources, targets], axis=1), axis=0).tolist():
            if min(pair) < 0:
                continue  # between others' nodes: a copy of kgmine's relationship outside its graph
            rows = np.flatnonzero((sources == pair[0]) & (targets == pair[1]))
            key = (kind, labels[pair[0]], labels[pair[1]])
            part = table.take(pa.array(rows))
            start, end = nodes.ids(source_rows[rows]), nodes.ids(target_rows[rows])
            part = part.add_column(0, model.START, start).add_column(1, model.END, end)
            found[key] = sort_table(_fitting(part, self._known.get(key), columns.types))
        return found


def _fitting(table: pa.Table, own: dict[str, str] | None, shared: dict[str, str]) -> pa.Table:
    """The columns of a table: what kgmine wrote there, and what else has values in it."""
    wanted = own if own is not None else shared
    keys = (model.START, model.END, "id")
    further = [
        name
        for name in table.column_names
        if name not in wanted and name not in (*keys, marks.COLUMN) and table[name].null_count < table.num_rows
    ]
    return table.select([*keys, *wanted, *further, marks.COLUMN])
