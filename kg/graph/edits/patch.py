"""Changes on top of tables that stay as they are: a few rows of a large graph, by id, by column, by ends."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import model
from kg.graph.diff import Change, Diff, Key, apply
from kg.graph.tables import Tables, edge_table, empty, infer, node_table, properties
from schemas.errors import GraphError

Row = dict[str, Any]
"""A row of a table: `id`, the ends of an edge (`:START_ID`, `:END_ID`), properties; null where there is no value."""
PROVENANCE: Final = "provenance"


class MisfitError(GraphError):
    """A value does not have the type of its property."""


@final
class Patch:
    """A graph with changes. Node ids are unique over all labels, edge ids over all types."""

    def __init__(self, tables: Tables) -> None:
        self.base = tables
        self._tables: dict[Key, pa.Table] = dict(_keyed(tables))
        self._types: dict[Key, dict[str, str]] = {key: properties(table) for key, table in self._tables.items()}
        self._now: dict[Key, dict[str, Row | None]] = {}
        self._known: dict[tuple[bool, str], tuple[Key, Row] | None] = {}

    # Reading ---------------------------------------------------------------------------------------------------------

    def load(self, nodes: Iterable[str] = (), edges: Iterable[str] = ()) -> None:
        """Read rows in one pass, so that `node` and `edge` need none."""
        for edge, ids in ((False, nodes), (True, edges)):
            new = {id_ for id_ in ids if (edge, id_) not in self._known}
            self._known.update(dict.fromkeys(((edge, id_) for id_ in sorted(new)), None))
            for key in self._keys(edge=edge) if new else ():
                for row in self._base_rows(key, "id", new):
                    self._known[edge, row["id"]] = key, row

    def old(self, id_: str, *, edge: bool = False) -> tuple[Key, Row] | None:
        """A row as it was before the changes."""
        if (edge, id_) not in self._known:
            self.load(edges=[id_]) if edge else self.load([id_])
        return self._known[edge, id_]

    def node(self, id_: str) -> tuple[str, Row] | None:
        """(label, row) of a node as it is now; the row is a copy."""
        found = self._current(id_, edge=False)
        return found and (found[0][0], found[1])

    def edge(self, id_: str) -> tuple[Key, Row] | None:
        """(key, row) of an edge as it is now; the row is a copy."""
        return self._current(id_, edge=True)

    def where(self, key: Key, column: str, values: Collection[Any]) -> list[Row]:
        """Rows of one table whose column has one of the values, as they are now; sorted by id."""
        now = self._now.get(key, {})
        rows = [row for row in self._base_rows(key, column, values) if row["id"] not in now]
        rows += [dict(row) for row in now.values() if row is not None and row.get(column) in values]
        return sorted(rows, key=lambda row: str(row["id"]))

    def old_where(self, key: Key, column: str, values: Collection[Any]) -> list[Row]:
        """`where`, before the changes."""
        return self._base_rows(key, column, values)

    def at(self, ids: Collection[str], *, types: Collection[str] | None = None) -> list[tuple[Key, Row]]:
        """Edges with an end among the nodes, each once, as they are now."""
        found: dict[str, tuple[Key, Row]] = {}
        for key in self._keys(edge=True) if ids else ():
            if types is None or key[0] in types:
                for column in (model.START, model.END):
                    found.update({row["id"]: (key, row) for row in self.where(key, column, ids)})
        return [found[id_] for id_ in sorted(found)]

    def types(self, key: Key) -> Mapping[str, str]:
        """Property -> type of a table; empty for one that is not there."""
        return self._types.get(key, {})

    def changed(self, label: str) -> Iterator[tuple[Row | None, Row]]:
        """(old row, row now) of the nodes of a label that changed or are new."""
        for id_, row in sorted(self._now.get((label,), {}).items()):
            if row is not None:
                found = self.old(id_)
                yield (found[1] if found and found[0] == (label,) else None), dict(row)

    def lost_edges(self, types: Collection[str]) -> list[tuple[Key, Row]]:
        """Edges of some types that were there and are not, or join other nodes now; as they were."""
        lost = []
        self._load_changed(types)
        for key, rows in self._now.items():
            for id_ in sorted(rows) if len(key) == 3 and key[0] in types else ():
                old, now = self.old(id_, edge=True), self.edge(id_)
                if old and old[0] == key and (now is None or _ends(now[1]) != _ends(old[1])):
                    lost.append(old)
        return lost

    def new_edges(self, types: Collection[str]) -> list[tuple[Key, Row]]:
        """Edges of some types that edits made or moved, as they are now."""
        new = []
        self._load_changed(types)
        for key, rows in self._now.items():
            for id_, row in sorted(rows.items()) if len(key) == 3 and key[0] in types else ():
                old = self.old(id_, edge=True)
                if row is not None and (old is None or (old[0], _ends(old[1])) != (key, _ends(row))):
                    new.append((key, dict(row)))
        return new

    def removed(self) -> frozenset[str]:
        """Ids of nodes that were there and are gone."""
        gone = {id_ for key, rows in self._now.items() if len(key) == 1 for id_, row in rows.items() if row is None}
        return frozenset(id_ for id_ in gone if self.node(id_) is None)

    # Writing ---------------------------------------------------------------------------------------------------------

    def put(self, key: Key, row: Row) -> None:
        """Add or replace a row as it is."""
        self._now.setdefault(key, {})[row["id"]] = row
        self._types.setdefault(key, {})

    def update(self, key: Key, id_: str, values: Mapping[str, Any]) -> None:
        """Give a row that is there other values; it is the user's from then on."""
        found = self._current(id_, edge=len(key) == 3)
        if found is None or found[0] != key:
            return
        if any(found[1].get(name) != value for name, value in values.items()):
            self.column(key, PROVENANCE, "string")
            self.put(key, {**found[1], **values, PROVENANCE: model.USER})

    def drop(self, key: Key, id_: str) -> None:
        """Remove a row."""
        self._now.setdefault(key, {})[id_] = None

    def column(self, key: Key, name: str, type_: str) -> None:
        """Make sure that a table has a property."""
        self._types.setdefault(key, {}).setdefault(name, type_)

    def tables(self) -> Tables:
        """The graph with its changes; tables without any are those of the base."""
        changes = {key: change for key in sorted(self._now) if (change := self._change(key)) is not None}
        nodes = {key[0]: change for key, change in changes.items() if len(key) == 1}
        edges = {(key[0], key[1], key[2]): change for key, change in changes.items() if len(key) == 3}
        return apply(self.base, Diff(nodes, edges, self.base.roles))

    # Insides ---------------------------------------------------------------------------------------------------------

    def _load_changed(self, types: Collection[str]) -> None:
        self.load(edges=[i for key, rows in self._now.items() if len(key) == 3 and key[0] in types for i in rows])

    def _keys(self, *, edge: bool) -> list[Key]:
        return [key for key in {**self._tables, **self._now} if (len(key) == 3) == edge]

    def _base_rows(self, key: Key, column: str, values: Collection[Any]) -> list[Row]:
        table = self._tables.get(key)
        if table is None or column not in table.column_names or not values:
            return []
        wanted = pa.array(sorted(values), type=table.schema.field(column).type)
        rows: list[Row] = table.filter(pc.is_in(table[column], value_set=wanted)).to_pylist()
        return rows

    def _current(self, id_: str, *, edge: bool) -> tuple[Key, Row] | None:
        for key in self._now:
            if (len(key) == 3) == edge and (row := self._now[key].get(id_)) is not None:
                return key, dict(row)
        found = self.old(id_, edge=edge)
        if found is None or id_ in self._now.get(found[0], {}):
            return None
        return found[0], dict(found[1])

    def _change(self, key: Key) -> Change | None:
        rows, types, edge = self._now[key], self._types[key], len(key) == 3
        base = self._tables.get(key)
        known = {row["id"] for row in self._base_rows(key, "id", list(rows))}
        make = edge_table if edge else node_table
        added = [row for id_, row in rows.items() if row is not None and id_ not in known]
        changed = [row for id_, row in rows.items() if row is not None and id_ in known]
        if base is None and not added:
            return None
        gone = pa.array(sorted(id_ for id_, row in rows.items() if row is None and id_ in known), pa.string())
        none = empty(types, edge=edge) if base is None else base
        removed = none.filter(pc.is_in(none["id"], value_set=gone))
        return Change(make(added, types), make(changed, types), removed)


def _keyed(tables: Tables) -> Iterator[tuple[Key, pa.Table]]:
    for label, table in tables.nodes.items():
        yield (label,), table
    yield from tables.edges.items()


def _ends(row: Row) -> tuple[str, str]:
    return row[model.START], row[model.END]


@final
class Columns:
    """Types of properties, those that users add included: a type has one set of properties, whatever it connects."""

    def __init__(self, tables: Tables) -> None:
        self._types: dict[tuple[bool, str], dict[str, str]] = {}
        self._values: dict[tuple[bool, str, str], list[Any]] = {}
        for key, table in _keyed(tables):
            owner = self._types.setdefault((len(key) == 3, key[0]), {})
            for name, kind in properties(table).items():
                owner.setdefault(name, kind)

    def learn(self, key: Key, values: Mapping[str, Any]) -> None:
        """Take note of values of properties that no table has; what fits to none before it is left to `fit`."""
        owner = (len(key) == 3, key[0])
        for name, value in values.items():
            if name not in self._types.get(owner, {}) and value is not None:
                seen = self._values.setdefault((*owner, name), [])
                try:
                    infer([{name: other} for other in (*seen, value)], ())
                except GraphError:
                    continue
                seen.append(value)

    def type_of(self, key: Key, name: str) -> str:
        """Type of a property of a label or type; string where nothing is known of it."""
        owner = (len(key) == 3, key[0])
        known = self._types.get(owner, {}).get(name)
        return known or infer([{name: value} for value in self._values.get((*owner, name), [None])], ())[name]

    def fit(self, key: Key, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as their properties hold them.

        Raises:
            MisfitError: a value has another type; names property, type and value.
        """
        return {name: fit(name, value, self.type_of(key, name)) for name, value in values.items()}


def fit(name: str, value: Any, type_: str) -> Any:
    """A value as a property of a type holds it: whole numbers are good numbers with a point, and the other way round.

    Raises:
        MisfitError: it cannot.
    """
    if value is None:
        return None
    if type_.startswith("list<"):
        if isinstance(value, list | tuple):
            return [fit(name, member, type_[5:-1]) for member in value]
    elif type_ == "bool":
        if isinstance(value, bool):
            return value
    elif isinstance(value, str):
        if type_ == "string":
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if type_ == "float64":
            return float(value)
        whole = isinstance(value, int) or (math.isfinite(value) and value.is_integer())
        if type_ == "int64" and whole and -(2**63) <= value < 2**63:
            return int(value)
    raise MisfitError(f"{name} is of type {type_}, {value!r} is not")
