"""A schema at a glance: rows to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from schemas.ontology import PropertyType, Schema

Sheet = tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]
"""(title, columns, rows)"""
MOST: Final = 6
"""Instances and synonyms that are named; the others are counted."""


def outline(schema: Schema) -> list[Sheet]:
    """Node types, relationship types, patterns, and whether more is allowed."""
    nodes = [
        (
            t.label,
            _some(t.synonyms),
            _properties(t.properties, more=t.additional_properties),
            _some([i.name for i in t.instances]),
        )
        for t in schema.node_types
    ]
    relations = [
        (
            r.label,
            _some(r.synonyms),
            _properties(r.properties, more=r.additional_properties),
            _patterns(schema, r.label),
        )
        for r in schema.relationship_types
    ]
    others = [
        ("node types", "kept, without a type" if schema.additional_node_types else "pruned"),
        ("relationship types", "allowed" if schema.additional_relationship_types else "pruned"),
        ("patterns", "allowed" if schema.additional_patterns else "pruned"),
    ]
    return [
        ("node types", ("label", "also called", "properties", "instances"), nodes),
        ("relationship types", ("type", "also called", "properties", "patterns"), relations),
        ("what the schema does not name", ("what", "is"), others),
    ]


def _properties(rows: Iterable[PropertyType], *, more: bool) -> str:
    said = [f"{row.name}{'!' if row.required else ''}{'*' if row.unique else ''}: {_kind(row)}" for row in rows]
    return "; ".join([*said, *(["…"] if more and said else [])]) or ("any" if more else "none")


def _kind(row: PropertyType) -> str:
    return f"{row.type} in {row.unit}" if row.unit else row.type


def _patterns(schema: Schema, relation: str) -> str:
    found = [f"{a} → {b}" for a, r, b in schema.patterns if r == relation]
    return "; ".join(found) or ("any" if schema.additional_patterns else "none")


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    rest = len(listed) - MOST
    return ", ".join(listed[:MOST]) + (f", … ({rest} more)" if rest > 0 else "")
