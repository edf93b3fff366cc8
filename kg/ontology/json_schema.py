"""JSON Schema of schema.yaml: editors complete and check it while it is written."""

from __future__ import annotations

from typing import Any, Final

from kg.ontology.load import CONSTRAINTS
from kg.values import unit as units
from schemas.ontology import Schema

URI: Final = "urn:kgmine:schema.yaml"
_SHORT: Final = ("NodeType", "RelationshipType", "PropertyType", "Instance")
"""What may be said by its name alone."""


def json_schema() -> dict[str, Any]:
    """Draft 2020-12, short forms and neo4j-graphrag's spellings included."""
    made = Schema.model_json_schema()
    for name in _SHORT:
        definition = made["$defs"][name]
        definition["additionalProperties"] = False
        made["$defs"][name] = {"anyOf": [{"type": "string", "description": "its name alone"}, definition]}
    property_ = made["$defs"]["PropertyType"]["anyOf"][1]["properties"]
    property_["unit"] = {
        "type": "string",
        "description": "canonical unit, or a ratio of two: metre/second",
        "examples": list(units.UNITS),
    }
    pattern = {"type": "array", "prefixItems": [{"type": "string"}] * 3, "minItems": 3, "maxItems": 3}
    keys = ("source", "relationship", "target")
    mapping = {
        "type": "object",
        "properties": {key: {"type": "string"} for key in keys},
        "required": list(keys),
        "additionalProperties": False,
    }
    made["properties"]["patterns"]["items"] = {"anyOf": [pattern, mapping]}
    made["properties"]["constraints"] = {
        "type": "array",
        "description": "neo4j-graphrag's way to say `unique: true` and `required: true`",
        "items": {
            "type": "object",
            "properties": {
                "type": {"enum": list(CONSTRAINTS)},
                "node_type": {"type": "string"},
                "relationship_type": {"type": "string"},
                "property_name": {"type": "string"},
                "property_names": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["type"],
        },
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": URI, **made, "title": "kgmine schema"}
