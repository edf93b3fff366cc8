"""What the labels of a graph mean where its owner did not say: by the names and lengths of their properties."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.formats.values import Note
from kg.graph.tables import Tables, properties
from schemas.mapping import ROLES, Mapping

NAMES: Final = ("name", "title", "label", "fullname", "displayname", "caption", "heading")
TEXTS: Final = ("text", "body", "content", "abstract", "description", "summary", "plot", "synopsis", "comment")
DOCUMENTS: Final = ("document", "doc", "article", "paper", "file", "page", "report", "publication", "source")
TABLES: Final = ("table",)
LONG: Final = 60
"""Characters from which the mean value of a property is a text, not a name."""


def completed(mapping: Mapping, tables: Tables, note: Note) -> Mapping:
    """The mapping with a role for every label that has a name or a text; what was guessed is noted."""
    found: dict[str, dict[str, str]] = {role: dict(getattr(mapping, role)) for role in ROLES}
    for label, table in tables.nodes.items():
        if label in mapping.roles() or not table.num_rows:
            continue
        role, property_ = _role(label, table)
        if property_:
            found[role][label] = property_
            note(f"{label}: taken as {role} by property {property_} (say it in `graph:` of kgmine.yaml)")
        else:
            note(f"{label}: no property looks like a name or a text; `graph:` in kgmine.yaml may name one")
    return mapping.model_copy(update=found)


def _role(label: str, table: pa.Table) -> tuple[str, str]:
    strings = [name for name, type_ in properties(table).items() if type_ == "string"]
    name = _named(label, strings) or _distinct(table, strings)
    long = {one: _mean(table[one]) for one in strings}
    text = next((name for one in TEXTS for name in strings if name.lower() == one and long[name] >= LONG), "")
    kind = label.lower()
    if kind in DOCUMENTS and name:
        return "documents", name
    if kind in TABLES and name:
        return "tables", name
    if text and (not name or long[name] >= LONG):
        return "texts", text
    return ("entities", name) if name and long[name] < LONG else ("texts", text or name)


def _named(label: str, strings: list[str]) -> str:
    plain = {name.lower().replace("_", ""): name for name in reversed(strings)}
    wanted = (*NAMES, f"{label.lower()}name", f"{label.lower()}title", label.lower())
    return next((plain[name] for name in wanted if name in plain), "")


def _distinct(table: pa.Table, strings: list[str]) -> str:
    """The first string property that is set and different on nearly every node."""
    for name in strings:
        values = table[name].drop_null()
        if len(values) >= 0.9 * table.num_rows and pc.count_distinct(values).as_py() >= 0.9 * table.num_rows:
            return name
    return ""


def _mean(values: Any) -> float:
    return float(pc.mean(pc.utf8_length(values)).as_py() or 0.0)
