"""The canonical tables: the graph itself. One Arrow table per label and per (type, source label, target label).

A node table has the columns `id`, properties; sorted by `id`. An edge table has `:START_ID`, `:END_ID`, `id`,
properties; sorted by these three. Strings sort by their UTF-8 bytes. Ids are unique over all labels (nodes) and over
all types (edges). `Tables.hash` is a hash of names, types and values: of content, never of files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import model
from kg.graph.distinct import all_distinct
from kg.graph.ids import digest
from kg.graph.roles import HOUSE, Roles
from schemas.errors import GraphError

EdgeKey = tuple[str, str, str]
"""(type, source label, target label)."""

ARROW: Final[dict[str, Any]] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<string>": pa.list_(pa.string()),
    "list<int64>": pa.list_(pa.int64()),
    "list<float64>": pa.list_(pa.float64()),
}
"""Property type -> Arrow type. No other type crosses a table's border."""

_NAMES: Final = {arrow: name for name, arrow in ARROW.items()}


@dataclass(frozen=True)
class Tables:
    """A graph as sorted tables. Make them with `node_table` and `edge_table`, which sort and check."""

    nodes: dict[str, pa.Table]
    """Label -> table, labels sorted."""
    edges: dict[EdgeKey, pa.Table]
    """(type, source label, target label) -> table, keys sorted."""
    roles: Roles = HOUSE
    """What the labels are for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", dict(sorted(self.nodes.items())))
        object.__setattr__(self, "edges", dict(sorted(self.edges.items())))

    @cached_property
    def hash(self) -> str:
        """sha256 (hex) of the content."""
        from kg.graph.content import content_hash

        return content_hash(self)

    def write(self, folder: Path) -> None:
        """Write as sorted Parquet, see `kg.graph.disk.write`."""
        from kg.graph import disk

        disk.write(self, folder)

    @property
    def node_count(self) -> int:
        return sum(table.num_rows for table in self.nodes.values())

    @property
    def edge_count(self) -> int:
        return sum(table.num_rows for table in self.edges.values())


def read(folder: Path) -> Tables:
    """The tables of a folder; GraphError names what is missing or damaged. See `kg.graph.disk.read`."""
    from kg.graph import disk

    return disk.read(folder)


def properties(table: pa.Table) -> dict[str, str]:
    """Property name -> type, in column order, keys left out."""
    keys = {"id", model.START, model.END}
    return {field.name: type_name(field.type) for field in table.schema if field.name not in keys}


def type_name(arrow: Any) -> str:
    """Name of a property's type.

    Raises:
        GraphError: the type is none of `ARROW`.
    """
    for known, name in _NAMES.items():
        if arrow.equals(known):
            return name
    raise GraphError(f"property type {arrow} is none of {', '.join(ARROW)}")


def node_table(rows: Iterable[Mapping[str, object]], types: Mapping[str, str]) -> pa.Table:
    """A sorted node table of rows that have `id` and some of the properties.

    Raises:
        GraphError: two rows have one id, or a value does not fit its type.
    """
    return _sorted(_columns(rows, ("id",), types), ("id",))


def edge_table(rows: Iterable[Mapping[str, object]], types: Mapping[str, str]) -> pa.Table:
    """A sorted edge table of rows that have `:START_ID`, `:END_ID`, `id` and some of the properties."""
    keys = (model.START, model.END, "id")
    return _sorted(_columns(rows, keys, types), keys)


def sort_table(table: pa.Table) -> pa.Table:
    """The table in canonical row order, in one chunk per column."""
    edge = model.START in table.column_names
    return _sorted(table, (model.START, model.END, "id") if edge else ("id",))


def empty(types: Mapping[str, str], *, edge: bool = False) -> pa.Table:
    """A table without rows."""
    return edge_table((), types) if edge else node_table((), types)


def tables_from(
    nodes: Sequence[Mapping[str, object]], edges: Sequence[Mapping[str, object]], roles: Roles = HOUSE
) -> Tables:
    """Tables of a small graph written as dicts; property types are inferred.

    Args:
        nodes: `id`, `label`, and properties as further keys (or under `properties`: one may be called `label`).
        edges: `type`, `source`, `target` (node ids), properties likewise; without `id` it is
            H(type, source, target, ordinal among the twins).
        roles: what the labels are for.

    Raises:
        GraphError: an end is missing, an id comes twice, or a property has two types.
    """
    label_of = {str(node["id"]): str(node["label"]) for node in nodes}
    if len(label_of) < len(nodes):
        raise GraphError("two nodes have one id")
    by_label: dict[str, list[dict[str, object]]] = {}
    for node in nodes:
        by_label.setdefault(str(node["label"]), []).append({"id": node["id"], **_flat(node, ("id", "label"))})
    by_key: dict[EdgeKey, list[dict[str, object]]] = {}
    twins: dict[tuple[str, str, str], int] = {}
    for edge in edges:
        kind, source, target = str(edge["type"]), str(edge["source"]), str(edge["target"])
        if source not in label_of or target not in label_of:
            raise GraphError(f"edge {kind} from {source} to {target}: an end is missing")
        ordinal = twins[kind, source, target] = twins.get((kind, source, target), -1) + 1
        key = (kind, label_of[source], label_of[target])
        row = {
            model.START: source,
            model.END: target,
            "id": edge.get("id") or digest(kind, source, target, str(ordinal)),
        }
        by_key.setdefault(key, []).append({**row, **_flat(edge, ("id", "type", "source", "target"))})
    # A type has one set of properties, whatever labels it connects: some databases hold it in one table.
    alike: dict[str, list[dict[str, object]]] = {}
    for key, rows in by_key.items():
        alike.setdefault(key[0], []).extend(rows)
    types = {kind: infer(rows, ("id", model.START, model.END)) for kind, rows in alike.items()}
    return Tables(
        {label: node_table(rows, infer(rows, ("id",))) for label, rows in by_label.items()},
        {key: edge_table(rows, types[key[0]]) for key, rows in by_key.items()},
        roles,
    )


def infer(rows: Iterable[Mapping[str, object]], keys: Sequence[str]) -> dict[str, str]:
    """Property -> type over all rows, names sorted. A property that is null everywhere is a string.

    Raises:
        GraphError: values of one property have types that do not fit together.
    """
    found: dict[str, str | None] = {}
    for row in rows:
        for name, value in row.items():
            if name not in keys:
                found[name] = _wider(name, found.get(name), _type_of(name, value))
    # An empty list fits every type of list; where all are empty, strings are as good as any.
    return {name: (found[name] or "string").replace("list<>", "list<string>") for name in sorted(found)}


def _flat(row: Mapping[str, object], reserved: Sequence[str]) -> dict[str, object]:
    nested = row.get("properties")
    found = {name: value for name, value in row.items() if name not in reserved and name != "properties"}
    return {**found, **nested} if isinstance(nested, Mapping) else found


def _type_of(name: str, value: object) -> str | None:
    if value is None:
        return None
    for python, type_ in ((bool, "bool"), (int, "int64"), (float, "float64"), (str, "string")):
        if isinstance(value, python):
            return type_
    if isinstance(value, list | tuple):
        inner = None
        for member in value:
            inner = _wider(name, inner, _type_of(name, member))
        if inner in {None, "string", "int64", "float64"}:
            return f"list<{inner or ''}>"
    raise GraphError(f"property {name}: {type(value).__name__} is no property type")


_WIDENS: Final = (
    ("float64", ("int64",)),
    ("list<string>", ("list<>",)),
    ("list<int64>", ("list<>",)),
    ("list<float64>", ("list<int64>", "list<>")),
)
"""(type, the types that fit into it)."""


def _wider(name: str, one: str | None, other: str | None) -> str | None:
    if one == other or other is None:
        return one
    if one is None:
        return other
    for wide, narrow in _WIDENS:
        if {one, other} <= {wide, *narrow}:
            return wide
    raise GraphError(f"property {name} is {one} in one row and {other} in another")


def _columns(rows: Iterable[Mapping[str, object]], keys: Sequence[str], types: Mapping[str, str]) -> pa.Table:
    rows = list(rows)
    clash = [name for name in types if name in keys]
    if clash:
        raise GraphError(f"property {clash[0]} is the name of a key")
    names: dict[str, Any] = {**dict.fromkeys(keys, pa.string()), **{name: ARROW[kind] for name, kind in types.items()}}
    arrays = []
    for name, arrow in names.items():
        try:
            arrays.append(pa.array([row.get(name) for row in rows], type=arrow))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError) as error:
            raise GraphError(f"property {name}: {error}") from error
    return pa.Table.from_arrays(arrays, schema=pa.schema(list(names.items())))


def _sorted(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    for key in keys:
        if table[key].null_count:
            raise GraphError(f"a row has no {key}")
    if not all_distinct(table["id"].chunks):
        counts = pc.value_counts(table["id"])
        twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
        raise GraphError(f"id {twice[0].as_py()} comes twice")
    order = pc.sort_indices(table, sort_keys=[(key, "ascending") for key in keys])
    return cast("pa.Table", table.take(order)).combine_chunks()
