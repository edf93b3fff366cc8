"""What a schema must not say, and what it says in vain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from kg.ontology.problem import Loc, Places, Problem
from kg.ontology.vocabulary import kind_names, property_names
from kg.values import unit as units
from kg.values.name import normal
from schemas.ontology import NodeType, PropertyType, RelationshipType, Schema

RESERVED: Final = frozenset(
    {"ABOUT", "CITES", "CONTAINS", "DEFINED_IN", "DENOTES", "DEPICTS", "HAS_CELL", "HAS_COLUMN", "HAS_ROW", "IN_COLUMN"}
    | {"LINKS_TO", "MENTIONS", "NEXT", "OBJECT", "PLOTS", "REFERS_TO", "SAME_AS", "SIMILAR_TO", "STATES", "SUBJECT"}
    | {"SUPPORTED_BY", "USES"}
)
"""Relationship types that kgmine makes itself, with a meaning of their own."""
OWN_PROPERTIES: Final = frozenset({"id", "text", "document", "supports", "provenance", "extractor", "confidence"})
"""Properties of every relation that kgmine writes."""
_LABEL: Final = re.compile(r"[^\W\d]\w*")


def problems_of(schema: Schema, places: Places) -> Iterator[Problem]:
    """Errors and warnings of a schema whose form is right."""
    yield from _labels(schema.node_types, "node_types", places)
    yield from _labels(schema.relationship_types, "relationship_types", places)
    for index, relation in enumerate(schema.relationship_types):
        loc: Loc = ("relationship_types", index)
        if relation.label in RESERVED:
            said = f"{relation.label} is a relationship type of kgmine's own; give yours another name"
            yield places.problem((*loc, "label"), said)
        yield from _properties(relation.properties, loc, places, reserved=OWN_PROPERTIES)
    for index, type_ in enumerate(schema.node_types):
        yield from _properties(type_.properties, ("node_types", index), places)
        yield from _instances(type_, index, places)
    yield from _ambiguous_kinds(schema, places)
    yield from _patterns(schema, places)
    yield from _in_vain(schema, places)


def _labels(rows: Sequence[NodeType | RelationshipType], key: str, places: Places) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        loc: Loc = (key, index, "label")
        if not _LABEL.fullmatch(row.label):
            shown = re.sub(r"\W+", "_", row.label).strip("_") or "Label"
            yield places.problem(loc, f"{row.label!r} is no label: letters, digits and _ only, as in {shown}")
        if row.label in first:
            yield places.problem(loc, f"{row.label} stands twice; first as number {first[row.label] + 1} of {key}")
        first.setdefault(row.label, index)


def _properties(
    rows: Sequence[PropertyType], owner: Loc, places: Places, *, reserved: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for index, row in enumerate(rows):
        loc = (*owner, "properties", index)
        if not _LABEL.fullmatch(row.name):
            yield places.problem((*loc, "name"), f"{row.name!r} is no property name: letters, digits and _ only")
        if row.name in reserved:
            yield places.problem((*loc, "name"), f"{row.name} is a property of kgmine's own; give yours another name")
        for name in property_names(row):
            if name in names:
                said = f"{name!r} means two properties: {names[name]} and {row.name}"
                yield places.problem((*loc, "synonyms" if name != normal(row.name) else "name"), said)
            names.setdefault(name, row.name)
        if row.unit is not None:
            yield from _unit(row, loc, places)


def _unit(row: PropertyType, loc: Loc, places: Places) -> Iterator[Problem]:
    unit = row.unit or ""
    if units.find(unit) is None:
        near = get_close_matches(unit, list(units.UNITS), n=1, cutoff=0.5)
        yield places.problem((*loc, "unit"), f"no unit {unit}" + (f"; did you mean {near[0]}?" if near else ""))
    if row.type not in ("FLOAT", "INTEGER", "DURATION", "LIST"):
        yield places.problem((*loc, "type"), f"{row.name} has a unit, so it is FLOAT or INTEGER, not {row.type}")


def _instances(type_: NodeType, index: int, places: Places) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for number, instance in enumerate(type_.instances):
        loc: Loc = ("node_types", index, "instances", number)
        for place, name in enumerate((instance.name, *instance.synonyms)):
            at = (*loc, "name") if place == 0 else (*loc, "synonyms", place - 1)
            if not normal(name):
                yield places.problem(at, f"{name!r} is no name")
            elif names.setdefault(normal(name), instance.name) != instance.name:
                yield places.problem(
                    at, f"{name!r} means two instances of {type_.label}: {names[normal(name)]} and {instance.name}"
                )


def _ambiguous_kinds(schema: Schema, places: Places) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for index, type_ in enumerate(schema.node_types):
        for name in kind_names(type_):
            if owner.setdefault(name, type_.label) != type_.label:
                place = next((n for n, text in enumerate(type_.synonyms) if normal(text) == name), None)
                at: Loc = ("node_types", index, "label") if place is None else ("node_types", index, "synonyms", place)
                yield places.problem(at, f"{name!r} means two node types: {owner[name]} and {type_.label}")


def _patterns(schema: Schema, places: Places) -> Iterator[Problem]:
    labels = [type_.label for type_ in schema.node_types]
    relations = [type_.label for type_ in schema.relationship_types]
    for index, pattern in enumerate(schema.patterns):
        for place, (name, known, what) in enumerate(
            zip(pattern, (labels, relations, labels), ("node type", "relationship type", "node type"), strict=True)
        ):
            if name in known or "?" in pattern:
                continue
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else f"; add it to {what.replace(' ', '_')}s"
            yield places.problem(("patterns", index, place), f"no {what} {name}{hint}")
    for pattern, count in Counter(schema.patterns).items():
        if count > 1 and "?" not in pattern:
            last = len(schema.patterns) - 1 - schema.patterns[::-1].index(pattern)
            yield places.problem(("patterns", last), f"[{', '.join(pattern)}] stands twice", level="warning")
    if not schema.additional_patterns and schema.additional_relationship_types:
        said = "additional_patterns: false needs additional_relationship_types: false, or no relation is ever allowed"
        yield places.problem(("additional_patterns",), said)


def _in_vain(schema: Schema, places: Places) -> Iterator[Problem]:
    used = {relation for _, relation, _ in schema.patterns}
    for index, relation in enumerate(schema.relationship_types):
        if relation.label not in used and not schema.additional_patterns:
            said = f"no pattern has {relation.label}, so no such relation is kept"
            yield places.problem(("relationship_types", index), said, level="warning")
        for place, property_ in enumerate(relation.properties):
            if property_.required:
                said = f"required is not checked on relations: {relation.label}.{property_.name}"
                yield places.problem(("relationship_types", index, "properties", place), said, level="warning")
    if schema == Schema():
        yield places.problem((), "an empty schema allows everything", level="warning")
