"""What must change in a store so that it holds other tables, rows that users wrote included (`kg.graph.edits`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import model
from kg.graph.roles import HOUSE, Roles
from kg.graph.tables import EdgeKey, Tables, empty, properties, sort_table

Key = tuple[str, ...]
"""(label,) of a node table, (type, source label, target label) of an edge table."""


@dataclass(frozen=True)
class Change:
    """What changes in one table."""

    added: pa.Table
    """New rows, in canonical order."""
    changed: pa.Table
    """Rows that are there with other values, with their new values."""
    removed: pa.Table
    """Rows that must go, with their old values."""
    dropped: bool = False
    """The table itself is not in the new graph."""

    def __bool__(self) -> bool:
        return self.dropped or any(table.num_rows for table in (self.added, self.changed, self.removed))


@dataclass(frozen=True)
class Diff:
    """Changes by table; tables without a change are left out, and so are labels that neither side has."""

    nodes: dict[str, Change]
    edges: dict[EdgeKey, Change]
    roles: Roles = HOUSE
    """Of the new graph."""

    def __bool__(self) -> bool:
        return bool(self.nodes or self.edges)

    def counts(self) -> dict[str, int]:
        """Rows `added`, `changed`, `removed` over all tables."""
        changes = [*self.nodes.values(), *self.edges.values()]
        return {name: sum(getattr(c, name).num_rows for c in changes) for name in ("added", "changed", "removed")}


def diff(old: Tables, new: Tables) -> Diff:
    """What turns `old` into `new`. Rows are the same by id, compared by value."""
    return Diff(dict(_changes(old.nodes, new.nodes)), dict(_changes(old.edges, new.edges)), new.roles)


def apply(tables: Tables, change: Diff) -> Tables:
    """The tables after a change: `apply(old, diff(old, new))` is `new`."""
    return Tables(_replaced(tables.nodes, change.nodes), _replaced(tables.edges, change.edges), change.roles)


def _changes(old: Mapping[Any, pa.Table], new: Mapping[Any, pa.Table]) -> Iterator[tuple[Any, Change]]:
    for key in sorted({*old, *new}):
        before, after = _aligned(old.get(key), new.get(key))
        change = _change(before, after, dropped=key not in new)
        # A table without rows, or with other columns, is a change, too.
        if change or key not in old or not new[key].schema.equals(old[key].schema):
            yield key, change


def _aligned(old: pa.Table | None, new: pa.Table | None) -> tuple[pa.Table, pa.Table]:
    """Both tables with the same columns: those of the newer one (the older one's rows are then all changed)."""
    if new is None:
        assert old is not None
        return old, old.slice(0, 0)
    if old is None:
        return new.slice(0, 0), new
    if old.schema.equals(new.schema):
        return old, new
    columns = [_as(old, field) for field in new.schema]
    return pa.Table.from_arrays(columns, schema=new.schema), new


def _as(table: pa.Table, field: Any) -> Any:
    if field.name in table.column_names and table.schema.field(field.name).type.equals(field.type):
        return table[field.name]
    return pa.nulls(table.num_rows, field.type)


def _change(old: pa.Table, new: pa.Table, *, dropped: bool) -> Change:
    if old.equals(new):  # nearly always
        return Change(new.slice(0, 0), new.slice(0, 0), old.slice(0, 0), dropped)
    place = pc.index_in(new["id"], value_set=old["id"].combine_chunks())
    known = new.filter(pc.is_valid(place))
    kept = place.drop_null()
    before = old.take(kept)
    gone = np.ones(old.num_rows, np.bool_)
    gone[kept.to_numpy()] = False
    return Change(
        added=new.filter(pc.is_null(place)),
        changed=known.filter(_differs(before, known)),
        removed=old.filter(pa.array(gone)),
        dropped=dropped,
    )


def _differs(one: pa.Table, other: pa.Table) -> Any:
    """Where rows of equal order differ in any column; null equals null, NaN equals NaN."""
    found = pa.array([False] * one.num_rows, pa.bool_())
    for name in one.column_names:
        a, b = one[name].combine_chunks(), other[name].combine_chunks()
        if pa.types.is_list(a.type):
            pairs = zip(a.to_pylist(), b.to_pylist(), strict=True)
            same = pa.array([x == y or repr(x) == repr(y) for x, y in pairs], pa.bool_())
        else:
            same = pc.fill_null(pc.equal(a, b), pc.and_(pc.is_null(a), pc.is_null(b)))
            if pa.types.is_floating(a.type):
                same = pc.or_(same, pc.fill_null(pc.and_(pc.is_nan(a), pc.is_nan(b)), False))
        found = pc.or_(found, pc.invert(same))
    return found


def _replaced(tables: Mapping[Any, pa.Table], changes: Mapping[Any, Change]) -> dict[Any, pa.Table]:
    found = dict(tables)
    for key, change in changes.items():
        found[key] = _applied(found.get(key), change)
        if change.dropped and not found[key].num_rows:
            del found[key]
    return found


def _applied(table: pa.Table | None, change: Change) -> pa.Table:
    schema = change.added.schema
    if table is None:
        table = empty(properties(change.added), edge=model.START in schema.names)
    table = pa.Table.from_arrays([_as(table, field) for field in schema], schema=schema)
    gone = pa.concat_arrays([c.combine_chunks() for c in (change.removed["id"], change.changed["id"])])
    kept = table.filter(pc.invert(pc.is_in(table["id"], value_set=gone)))
    return sort_table(cast("pa.Table", pa.concat_tables([kept, change.added, change.changed])))
