"""What a schema calls things, indexed: kinds, names, quantities and relations by their normal form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import final

from kg.ontology.nouns import relation_words, words
from kg.values.name import normal
from schemas.ontology import Instance, NodeType, PropertyType, RelationshipType, Schema, Term


@dataclass(frozen=True, slots=True)
class Known:
    """A member of the gazetteer."""

    type: str
    instance: Instance

    @property
    def name(self) -> str:
        """As the schema spells it."""
        return self.instance.name


def noun(type_: NodeType) -> str:
    """The noun of a node type: `reward model`."""
    return words(type_.label)


def kind_names(type_: NodeType) -> tuple[str, ...]:
    """Normal forms of the nouns that mean a node type."""
    return tuple(dict.fromkeys(normal(name) for name in (noun(type_), *type_.synonyms)))


def property_names(property_: PropertyType) -> tuple[str, ...]:
    """Normal forms of what a property is called."""
    return tuple(dict.fromkeys(normal(name) for name in (words(property_.name), *property_.synonyms)))


def relation_names(type_: RelationshipType) -> tuple[str, ...]:
    """Normal forms of what a relationship type is called."""
    return tuple(dict.fromkeys([*relation_words(type_.label), *(normal(name) for name in type_.synonyms)]))


def terms(schema: Schema) -> tuple[Term, ...]:
    """Every spelling of every instance, for the extractor that looks for them; sorted."""
    found = {
        Term(kind=noun(type_), spelling=spelling)
        for type_ in schema.node_types
        for instance in type_.instances
        for spelling in (instance.name, *instance.synonyms)
    }
    return tuple(sorted(found))


@final
class Vocabulary:
    """A schema, indexed."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.types = {type_.label: type_ for type_ in schema.node_types}
        self.relations = {type_.label: type_ for type_ in schema.relationship_types}
        self._kinds = {name: type_.label for type_ in schema.node_types for name in kind_names(type_)}
        self._known: dict[str, list[Known]] = {}
        for type_ in schema.node_types:
            for instance in type_.instances:
                for name in dict.fromkeys(normal(text) for text in (instance.name, *instance.synonyms)):
                    self._known.setdefault(name, []).append(Known(type_.label, instance))
        self._relations: dict[str, list[str]] = {}
        for relation in schema.relationship_types:
            for name in relation_names(relation):
                self._relations.setdefault(name, []).append(relation.label)
        self._properties = {
            type_.label: {name: property_ for property_ in type_.properties for name in property_names(property_)}
            for type_ in schema.node_types
        }

    def noun(self, label: str) -> str:
        """The noun of a declared node type."""
        return noun(self.types[label])

    def type_of(self, kind: str) -> str | None:
        """Node type that a kind means: `accident aircraft` ends with the noun of `Aircraft`. The longest noun wins."""
        said = normal(kind).split(" of ")[0].split()
        tails = (" ".join(said[start:]) for start in range(len(said)))
        return self._kinds.get(normal(kind)) or next((self._kinds[tail] for tail in tails if tail in self._kinds), None)

    def exactly(self, phrase: str) -> str | None:
        """Node type whose noun a phrase is: the header `planet`, not the header `nearest planet`."""
        return self._kinds.get(normal(phrase))

    def known(self, name: str, type_: str | None = None) -> Known | None:
        """The one member of the gazetteer that a name means; of one type, where it is given."""
        found = [known for known in self._known.get(normal(name), ()) if type_ in (None, known.type)]
        return found[0] if len(found) == 1 else None

    def relations_named(self, phrase: str) -> tuple[str, ...]:
        """Relationship types that a quantity or an axis names."""
        return tuple(self._relations.get(normal(phrase), ()))

    def between(self, source: str, target: str) -> tuple[str, ...]:
        """Relationship types that the patterns allow from one node type to another, in their order."""
        return tuple(dict.fromkeys(r for a, r, b in self.schema.patterns if (a, b) == (source, target)))

    def targets(self, source: str, relation: str) -> tuple[str, ...]:
        """Node types that a relationship type leads to from another, by the patterns."""
        return tuple(dict.fromkeys(b for a, r, b in self.schema.patterns if (a, r) == (source, relation)))

    def allows(self, pattern: tuple[str | None, str, str | None]) -> bool:
        """Whether a relation may join nodes of these types (None: a node that has no declared type)."""
        return self.schema.additional_patterns or pattern in self.schema.patterns

    def property_of(self, label: str, phrases: Iterable[str]) -> PropertyType | None:
        """Property of a node type that the first fitting phrase names."""
        named = self._properties[label]
        return next((found for phrase in phrases if (found := named.get(normal(phrase)))), None)

    def near_property(self, label: str, phrase: str) -> str | None:
        """The property of a node type whose name looks most like a phrase."""
        near = get_close_matches(normal(phrase), list(self._properties[label]), n=1, cutoff=0.75)
        return self._properties[label][near[0]].name if near else None
