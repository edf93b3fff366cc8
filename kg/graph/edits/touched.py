"""What differs between the tables that kgmine wrote and those that a server holds, element by element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from kg.graph import marks, model
from kg.graph.diff import Change, Key, diff
from kg.graph.edits.patch import PROVENANCE, Row
from kg.graph.tables import EdgeKey, Tables

ENDS: Final = (model.START, model.END)
KEYS: Final = frozenset({"id", *ENDS, PROVENANCE, marks.COLUMN})
"""Columns that are no properties; who wrote a row is not for users to say."""


@dataclass(frozen=True)
class Touched:
    """What users did since kgmine wrote, nodes and edges apart by `len(key)`: 1 or 3."""

    values: dict[tuple[bool, str], tuple[Key, dict[str, Any]]] = field(default_factory=dict)
    """(is an edge, id) -> key and the properties that have other values now."""
    new: dict[tuple[bool, str], tuple[Key, Row]] = field(default_factory=dict)
    """Elements that kgmine did not write, or that join other nodes or have another label now."""
    gone: dict[tuple[bool, str], tuple[Key, Row]] = field(default_factory=dict)
    """Elements that are not there any more, as they were; those that join other nodes now, too."""

    def nodes(self, which: Mapping[tuple[bool, str], tuple[Key, Any]]) -> dict[str, tuple[Key, Any]]:
        return {id_: found for (edge, id_), found in which.items() if not edge}

    def edges(self, which: Mapping[tuple[bool, str], tuple[Key, Any]]) -> dict[str, tuple[Key, Any]]:
        return {id_: found for (edge, id_), found in which.items() if edge}


def touched(written: Tables, now: Tables, odd: Mapping[str, Mapping[str, Any]]) -> Touched:
    """What turns `written` into `now`.

    Args: odd: element -> property -> value of another type than the property's.
    """
    found = Touched()
    before, after = aligned(written, now), aligned(now, written)
    change = diff(before, after)
    for key, one in [*(((label,), c) for label, c in change.nodes.items()), *change.edges.items()]:
        edge = len(key) == 3
        for row in one.added.to_pylist():
            found.new[edge, row["id"]] = key, row
        for row in one.removed.to_pylist():
            found.gone[edge, row["id"]] = key, row
        for old, row in _pairs(before, key, one):
            if [old.get(end) for end in ENDS] != [row.get(end) for end in ENDS]:
                found.new[edge, row["id"]], found.gone[edge, row["id"]] = (key, row), (key, old)
                continue
            values = {name: row[name] for name in row if name not in KEYS and not equal(row[name], old[name])}
            if values:
                found.values[edge, row["id"]] = key, values
    _add_odd(found, now, odd)
    return found


def equal(one: Any, other: Any) -> bool:
    """Whether two values of a property are the same; not-a-number is itself."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a row that have a value."""
    return {name: row[name] for name in sorted(row) if name not in KEYS and row[name] is not None}


def aligned(tables: Tables, other: Tables) -> Tables:
    """The tables without who wrote a row, and with the columns of another graph, too: rows of both can be compared."""
    nodes = {label: _columns(table, other.nodes.get(label)) for label, table in tables.nodes.items()}
    edges: dict[EdgeKey, Any] = {key: _columns(table, other.edges.get(key)) for key, table in tables.edges.items()}
    return Tables(nodes, edges, tables.roles)


def _columns(table: Any, other: Any) -> Any:
    hidden = {PROVENANCE, marks.COLUMN}
    fields = {field.name: field for field in table.schema if field.name not in hidden}
    for name in other.schema.names if other is not None else ():
        if name not in hidden:
            fields.setdefault(name, other.schema.field(name))
    keys = [name for name in (*ENDS, "id") if name in fields]
    names = [*keys, *sorted(name for name in fields if name not in keys)]
    columns = [table[n] if n in table.column_names else pa.nulls(table.num_rows, fields[n].type) for n in names]
    return pa.Table.from_arrays(columns, schema=pa.schema([(name, fields[name].type) for name in names]))


def _pairs(before: Tables, key: Key, change: Change) -> Iterator[tuple[Row, Row]]:
    """(row before, row now) of the rows that changed."""
    if not change.changed.num_rows:
        return
    table = before.nodes[key[0]] if len(key) == 1 else before.edges[key[0], key[1], key[2]]
    wanted = pa.compute.is_in(table["id"], value_set=change.changed["id"].combine_chunks())
    old = {row["id"]: row for row in table.filter(wanted).to_pylist()}
    for row in change.changed.to_pylist():
        yield old[row["id"]], row


def _add_odd(found: Touched, now: Tables, odd: Mapping[str, Mapping[str, Any]]) -> None:
    if not odd:
        return
    for key, table in [*(((label,), t) for label, t in now.nodes.items()), *now.edges.items()]:
        for id_ in table["id"].to_pylist():
            if id_ in odd:
                _, values = found.values.setdefault((len(key) == 3, id_), (key, {}))
                values.update(odd[id_])
