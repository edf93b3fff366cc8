"""What one needs to know to write a template: labels, types, what connects what, properties with examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.tables import Tables, properties

EXAMPLES: Final = 3
SHORT: Final = 40
"""Characters of an example that are shown."""


@dataclass(frozen=True)
class LabelRow:
    """A label and how many nodes have it."""

    label: str
    count: int


@dataclass(frozen=True)
class TypeRow:
    """A type between two labels and how many edges there are."""

    type: str
    source: str
    target: str
    count: int


@dataclass(frozen=True)
class PropertyRow:
    """One property of one label or type."""

    owner: str
    """Label or type."""
    name: str
    kind: str
    """Property type, see `kg.graph.tables.ARROW`."""
    null_share: float
    """Share of rows without a value, 0..1; 1 where there is no row."""
    examples: tuple[str, ...] = ()
    """Up to 3 distinct values, the most frequent first, ties by the smallest; cut to 40 characters, on one line."""


@dataclass(frozen=True)
class Summary:
    """A graph at a glance, as rows to print. Labels first, in order of name."""

    labels: tuple[LabelRow, ...]
    types: tuple[TypeRow, ...]
    """Connections without an edge are left out."""
    properties: tuple[PropertyRow, ...]
    """Of labels, then of types; `id` left out. None of labels and types without rows."""


def summarise(tables: Tables, *, examples: int = EXAMPLES) -> Summary:
    """The rows of `kgmine schema`."""
    owned: dict[str, list[pa.Table]] = {label: [table] for label, table in tables.nodes.items()}
    kinds: dict[str, list[pa.Table]] = {}
    for (kind, _, _), table in tables.edges.items():
        kinds.setdefault(kind, []).append(table)
    rows = [row for found in (owned, kinds) for owner, group in found.items() for row in _rows(owner, group, examples)]
    return Summary(
        labels=tuple(LabelRow(label, table.num_rows) for label, table in tables.nodes.items()),
        types=tuple(TypeRow(*key, table.num_rows) for key, table in tables.edges.items() if table.num_rows),
        properties=tuple(rows),
    )


def _rows(owner: str, tables: list[pa.Table], examples: int) -> Iterator[PropertyRow]:
    """Properties over all tables of one owner, in order of first appearance."""
    types = {name: kind for table in tables for name, kind in properties(table).items()}
    total = sum(table.num_rows for table in tables)
    for name, kind in types.items() if total else ():
        chunks = [chunk for table in tables if name in table.column_names for chunk in table[name].chunks]
        values = pa.chunked_array(chunks).drop_null()
        nulls = round(1 - len(values) / total, 4)
        yield PropertyRow(owner, name, kind, nulls, _examples(values, kind, examples))


def _examples(values: Any, kind: str, examples: int) -> tuple[str, ...]:
    if kind.startswith("list<"):
        values = pc.list_flatten(values).drop_null()
    counted = pc.value_counts(values)
    table = pa.table({"count": counted.field("counts"), "value": counted.field("values")})
    order = pc.sort_indices(table, sort_keys=[("count", "descending"), ("value", "ascending")])
    return tuple(_short(value) for value in table["value"].take(order[:examples]).to_pylist())


def _short(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"
