"""Canonical tables -> JSON lines in the form of APOC's export, which read back equal.

One object per line: {"type": "node", "id", "labels", "properties"}, then {"type": "relationship", "id", "label",
"properties", "start": {"id", "labels"}, "end": {...}}. Null properties are left out, as in Neo4j. Beside it lies
`<name>.schema.json` with the types of all columns, so that what has no values comes back, too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from kg.graph import model
from kg.graph.formats.gather import FURTHER
from kg.graph.roles import manifest_entry
from kg.graph.tables import EdgeKey, Tables, properties

ROWS: Final = 10_000
"""Rows that are Python objects at once."""
FORMAT: Final = 1


def schema_path(path: Path) -> Path:
    """The file with the columns' types that belongs to a JSONL file."""
    return path.with_suffix(".schema.json")


def write_jsonl(tables: Tables, path: Path) -> None:
    """Write the file and its schema; a file that is there is replaced when the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        for label, table in tables.nodes.items():
            file.writelines(_line(_node(label, row)) for row in _rows(table))
        for key, table in tables.edges.items():
            file.writelines(_line(_edge(key, row)) for row in _rows(table))
    schema_path(path).write_text(json.dumps(_schema(tables), indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _schema(tables: Tables) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **manifest_entry(tables.roles),
        "nodes": [{"key": [label], "properties": properties(table)} for label, table in tables.nodes.items()],
        "edges": [{"key": list(key), "properties": properties(table)} for key, table in tables.edges.items()],
    }


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=ROWS):
        yield from batch.to_pylist()


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _node(label: str, row: dict[str, Any]) -> dict[str, Any]:
    further = row.get(FURTHER)
    labels = [label, *(f for f in further if f and f != label)] if isinstance(further, list) else [label]
    return {"type": "node", "id": row["id"], "labels": labels, "properties": _values(row, ())}


def _edge(key: EdgeKey, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "relationship",
        "id": row["id"],
        "label": key[0],
        "properties": _values(row, (model.START, model.END)),
        "start": {"id": row[model.START], "labels": [key[1]]},
        "end": {"id": row[model.END], "labels": [key[2]]},
    }


def _values(row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if value is not None and name not in keys}


def _plain(value: Any) -> Any:
    """JSON has no word for what is not finite: Java's, as a string."""
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
