"""The user's schema: which types of things and relations the graph may hold, in the shape of `schema.yaml`.

Names and defaults are those of neo4j-graphrag's `GraphSchema`, so that its files are read here and ours there; beside
them a schema says how documents spell its types (`synonyms`, `instances`) and what amounts are measured in (`unit`).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from schemas.base import Row

ValueType = Literal[
    "BOOLEAN", "DATE", "DURATION", "FLOAT", "INTEGER", "LIST", "LOCAL_DATETIME", "LOCAL_TIME", "POINT", "STRING",
    "ZONED_DATETIME", "ZONED_TIME",
]  # fmt: skip
"""Property types of Cypher."""

VALUE_TYPES: tuple[str, ...] = get_args(ValueType)

Pattern = tuple[str, str, str]
"""(label of the source, relationship type, label of the target)."""


class _Short(Row):
    """A row that is written without what has its default."""

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        usual = self._usual()
        return {key: value for key, value in written.items() if getattr(self, key) != usual.get(key)}

    def _usual(self) -> dict[str, Any]:
        """Field -> its default where the other fields are as they are."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            name: field.get_default(call_default_factory=True, validated_data=given)
            for name, field in type(self).model_fields.items()
            if not field.is_required()
        }


def _none_of(key: str) -> Any:
    """Additional things are allowed where none are declared."""
    return Field(default_factory=lambda data: not data.get(key))


class PropertyType(_Short):
    """One property of a node or relationship type."""

    name: str
    type: ValueType = "STRING"
    description: str = ""
    required: bool = False
    """A node without it is pruned."""
    unique: bool = False
    """No two nodes of the type share a value: where two do, they may be one (`SAME_AS`)."""
    unit: str | None = None
    """Unit of the amounts, as `kg.values.unit` names it: `foot`, `USD`, `%`."""
    synonyms: tuple[str, ...] = ()
    """How documents call it: `make` for `manufacturer`."""


class Instance(_Short):
    """A known member of a node type: a row of the gazetteer."""

    name: str
    synonyms: tuple[str, ...] = ()


class NodeType(_Short):
    """One type of thing."""

    label: str
    description: str = ""
    synonyms: tuple[str, ...] = ()
    """Singular nouns that documents use for it: `airplane` for `Aircraft`."""
    instances: tuple[Instance, ...] = ()
    properties: tuple[PropertyType, ...] = ()
    additional_properties: bool = _none_of("properties")
    """Whether facts of other quantities are kept."""


class RelationshipType(_Short):
    """One type of relation between things."""

    label: str
    description: str = ""
    synonyms: tuple[str, ...] = ()
    """What documents call the other end or the relation: `operator`, `operated by`."""
    properties: tuple[PropertyType, ...] = ()
    additional_properties: bool = _none_of("properties")


class Schema(_Short):
    """What the graph may hold. What is not allowed is pruned, and listed with the reason."""

    node_types: tuple[NodeType, ...] = ()
    relationship_types: tuple[RelationshipType, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    additional_node_types: bool = _none_of("node_types")
    """Whether things of other types are kept, without a type."""
    additional_relationship_types: bool = _none_of("relationship_types")
    additional_patterns: bool = _none_of("patterns")
    """Whether a declared relationship type may join any two nodes."""

    @property
    def sha(self) -> str:
        """SHA-256 of what the schema says; comments, order of keys and short forms do not count."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Term(NamedTuple):
    """One spelling that the gazetteer looks for; lists of them go to every worker, so it is a plain tuple."""

    kind: str
    """Noun of the node type: `manufacturer`."""
    spelling: str


class Pruned(Row):
    """What the schema does not allow, and why; or what it found doubtful and kept."""

    element: str
    """Id of an entity or a fact."""
    what: Literal["entity", "fact", "relation", "property"]
    name: str
    """As a person reads it: `Cessna`, `aircraft make of N5921D: Piper`."""
    check: str
    """Name of the rule: `node_type`, `property`, `unit`, `pattern`, `required`, `unique`, ..."""
    reason: str
    document: str | None = None


class Relation(Row):
    """An asserted relation between two entities."""

    type: str
    source: str
    """Entity id."""
    target: str
    """Entity id."""
    text: str
    """The words of the target, as the first fact prints them."""
    document: str
    """Of the first fact."""
    facts: tuple[str, ...]
    """Ids of the facts that state it, sorted."""
    confidence: float
    """Of the surest of them, 0..1."""
    properties: tuple[tuple[str, str], ...] = ()
    """Declared properties with the values that the facts' periods and conditions give."""


class Constraint(Row):
    """What a schema made of a corpus; beside the overlay's entities, which it has typed and pruned."""

    relations: tuple[Relation, ...] = ()
    dropped: tuple[str, ...] = ()
    """Ids of facts that the schema does not allow, sorted."""
    properties: dict[str, str] = {}
    """Fact id -> name of the declared property, or type of the relationship, that the fact gives."""
    pruned: tuple[Pruned, ...] = ()
