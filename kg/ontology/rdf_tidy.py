"""An imported schema without what our rules refuse: synonyms that mean two things."""

from __future__ import annotations

from collections.abc import Sequence

from kg.ontology.nouns import words
from kg.ontology.rdf_names import Source
from kg.ontology.vocabulary import noun
from kg.values.name import normal
from schemas.ontology import Instance, NodeType, PropertyType, RelationshipType, Schema


def tidy(schema: Schema, source: Source) -> Schema:
    """Without ambiguous synonyms; each one that goes is noted."""
    taken = {normal(noun(type_)): type_.label for type_ in schema.node_types}
    nodes = []
    for type_ in schema.node_types:
        kept = _kept(type_.label, type_.synonyms, taken, source)
        update = {
            "synonyms": kept,
            "properties": _properties(type_, source),
            "instances": _instances(type_, source),
        }
        nodes.append(type_.model_copy(update=update))
    relations = [r.model_copy(update={"properties": _properties(r, source)}) for r in schema.relationship_types]
    return schema.model_copy(update={"node_types": tuple(nodes), "relationship_types": tuple(relations)})


def _kept(owner: str, synonyms: Sequence[str], taken: dict[str, str], source: Source) -> tuple[str, ...]:
    kept = []
    for name in synonyms:
        if not normal(name):
            continue
        if taken.setdefault(normal(name), owner) == owner:
            kept.append(name)
        else:
            source.note(f"{owner}: {name!r} means {taken[normal(name)]}, too; kept there only")
    return tuple(kept)


def _properties(owner: NodeType | RelationshipType, source: Source) -> tuple[PropertyType, ...]:
    taken = {normal(words(row.name)): row.name for row in owner.properties}
    return tuple(
        row.model_copy(update={"synonyms": _kept(row.name, row.synonyms, taken, source)}) for row in owner.properties
    )


def _instances(type_: NodeType, source: Source) -> tuple[Instance, ...]:
    taken = {normal(row.name): row.name for row in reversed(type_.instances)}
    rows = [row for row in type_.instances if taken.get(normal(row.name)) == row.name and normal(row.name)]
    for row in type_.instances:
        if row not in rows:
            source.note(f"{type_.label}: {row.name!r} has no name of its own; left out")
    return tuple(row.model_copy(update={"synonyms": _kept(row.name, row.synonyms, taken, source)}) for row in rows)
