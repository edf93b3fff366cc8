"""A schema as text: YAML as a person would write it, JSON for neo4j-graphrag, Turtle; and the format's JSON Schema."""

from __future__ import annotations

import json
from typing import Any, Final

import yaml

from kg.ontology.json_schema import json_schema
from schemas.ontology import Schema

FORMS: Final = ("yaml", "json", "json-schema", "turtle")
_FLAT: Final = ("name", "type", "unit", "required", "unique")


def export(schema: Schema, form: str = "yaml") -> str:
    """The schema in one of `FORMS`; the text ends with a newline.

    `json` spells everything out, so that neo4j-graphrag's `GraphSchema.from_file` reads it; kgmine's further keys stay.
    `json-schema` describes the format and needs no schema.
    """
    if form == "yaml":
        return to_yaml(schema)
    if form == "json":
        return json.dumps(_long(schema), ensure_ascii=False, indent=2) + "\n"
    if form == "json-schema":
        return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    from kg.ontology.turtle import turtle

    return turtle(schema)


class _Row(dict[str, Any]):
    """A mapping on one line."""


class _Line(list[Any]):
    """A list on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented under their key."""
        del indentless
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True)
)
_Dumper.add_representer(
    _Line, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)


def to_yaml(schema: Schema) -> str:
    """Short forms where they say it all; one property, pattern or list of synonyms per line.

    Every property says its type: neo4j-graphrag, which reads the same file, wants that.
    """
    data = schema.model_dump(mode="json")
    for key in ("node_types", "relationship_types"):
        if key in data:
            data[key] = [_short(row) for row in data[key]]
    if "patterns" in data:
        data["patterns"] = [_Line(row) for row in data["patterns"]]
    if not data:
        return "{}\n"
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118, default_flow_style=False)


def _short(row: dict[str, Any]) -> Any:
    if set(row) == {"label"}:
        return row["label"]
    made = dict(row)
    if "synonyms" in made:
        made["synonyms"] = _Line(made["synonyms"])
    if "instances" in made:
        rows = [_instance(one) for one in made["instances"]]
        made["instances"] = _Line(rows) if all(isinstance(one, str) for one in rows) else rows
    if "properties" in made:
        made["properties"] = [_property(one) for one in made["properties"]]
    return made


def _instance(row: dict[str, Any]) -> Any:
    return row["name"] if set(row) == {"name"} else _Row({**row, "synonyms": _Line(row["synonyms"])})


def _property(row: dict[str, Any]) -> Any:
    row = {"type": "STRING", **row}
    flat: dict[str, Any] = {key: row[key] for key in _FLAT if key in row}
    rest = {key: _Line(value) if key == "synonyms" else value for key, value in row.items() if key not in flat}
    return _Row({**flat, **rest}) if len(str(row)) < 110 else {**flat, **rest}


def _long(schema: Schema) -> dict[str, Any]:
    """Everything spelled out, as neo4j-graphrag writes it; a node type has at least the property `name` there."""
    data = schema.model_dump(mode="json")
    data["patterns"] = [{"source": a, "relationship": r, "target": b} for a, r, b in schema.patterns]
    for rows, types in (("node_types", schema.node_types), ("relationship_types", schema.relationship_types)):
        data[rows] = [
            {**type_.model_dump(mode="json"), "additional_properties": type_.additional_properties} for type_ in types
        ]
        for row in data[rows]:
            row["properties"] = [{"type": "STRING", **one} for one in row.get("properties", [])]
    for row in data["node_types"]:
        row["properties"] = row["properties"] or [{"name": "name", "type": "STRING"}]
    data["constraints"] = [
        {"type": "UNIQUENESS", "node_type": type_.label, "property_name": property_.name}
        | {"property_names": [property_.name]}
        for type_ in schema.node_types
        for property_ in type_.properties
        if property_.unique
    ]
    for key in ("additional_node_types", "additional_relationship_types", "additional_patterns"):
        data[key] = getattr(schema, key)
    return data
