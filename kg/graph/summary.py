"""What one needs to know to write a template: labels, types, what connects what, properties with examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.tables import Tables, properties

EXAMPLES: Final = 3
SHORT: Final = 40
"""Characters of an example that are shown."""


@dataclass(frozen=True)
class PropertySummary:
    """One property of one label or type."""

    name: str
    type: str
    nulls: float | None
    """Share of rows without a value, 0..1; None where there is no row."""
    examples: tuple[str, ...] = ()
    """Up to 3 distinct values: the most frequent ones, ties by the smallest; long ones cut."""


@dataclass(frozen=True)
class LabelSummary:
    label: str
    count: int
    properties: tuple[PropertySummary, ...]


@dataclass(frozen=True)
class TypeSummary:
    type: str
    count: int
    connections: tuple[tuple[str, str, int], ...]
    """(source label, target label, number of edges), those without edges left out."""
    properties: tuple[PropertySummary, ...]


@dataclass(frozen=True)
class Summary:
    """A graph at a glance."""

    labels: tuple[LabelSummary, ...] = field(default=())
    types: tuple[TypeSummary, ...] = field(default=())


def summarize(tables: Tables, *, examples: int = EXAMPLES) -> Summary:
    """Labels and types with their counts, in order of name."""
    labels = tuple(
        LabelSummary(label, table.num_rows, _properties([table], examples)) for label, table in tables.nodes.items()
    )
    kinds = sorted({kind for kind, _, _ in tables.edges})
    return Summary(labels, tuple(_type(tables, kind, examples) for kind in kinds))


def _type(tables: Tables, kind: str, examples: int) -> TypeSummary:
    found = [(source, target, table) for (name, source, target), table in tables.edges.items() if name == kind]
    connections = tuple((source, target, table.num_rows) for source, target, table in found if table.num_rows)
    edges = [table for _, _, table in found]
    return TypeSummary(kind, sum(table.num_rows for table in edges), connections, _properties(edges, examples))


def _properties(tables: list[pa.Table], examples: int) -> tuple[PropertySummary, ...]:
    """Properties over several tables, in order of first appearance."""
    types: dict[str, str] = {}
    for table in tables:
        types = {**types, **properties(table)}
    found = []
    for name, kind in types.items():
        chunks = [chunk for table in tables if name in table.column_names for chunk in table[name].chunks]
        column = pa.chunked_array(chunks)
        found.append(_property(name, kind, column, examples) if len(column) else PropertySummary(name, kind, None))
    return tuple(found)


def _property(name: str, kind: str, column: Any, examples: int) -> PropertySummary:
    values = column.drop_null()
    if kind.startswith("list<"):
        values = pc.list_flatten(values).drop_null()
    nulls = round(column.null_count / len(column), 4)
    counted = pc.value_counts(values)
    table = pa.table({"count": counted.field("counts"), "value": counted.field("values")})
    order = pc.sort_indices(table, sort_keys=[("count", "descending"), ("value", "ascending")])
    best = table["value"].take(order[:examples]).to_pylist()
    return PropertySummary(name, kind, nulls, tuple(_short(value) for value in best))


def _short(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"
