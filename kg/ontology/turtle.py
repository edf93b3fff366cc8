"""A schema as an OWL ontology in Turtle. What OWL cannot say stands in annotations of our own, so nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from kg.ontology.nouns import words
from kg.ontology.rdf_names import KG
from kg.ontology.rdf_properties import XSD_TYPES
from schemas.ontology import NodeType, PropertyType, RelationshipType, Schema

BASE: Final = "urn:kgmine:ontology#"
RANGES: Final = {
    "STRING": "string", "BOOLEAN": "boolean", "FLOAT": "double", "INTEGER": "integer", "DATE": "date",
    "ZONED_DATETIME": "dateTime", "LOCAL_TIME": "time", "DURATION": "duration",
}  # fmt: skip
"""Property type -> XML Schema; the others keep their name in an annotation."""


def turtle(schema: Schema, *, base: str = BASE) -> str:
    """The same text for the same schema. `kg.ontology.rdf` reads it back.

    Args:
        schema: what to say.
        base: namespace of the ontology, ends with `#` or `/`.
    """
    writer = _Writer(base)
    writer.ontology(schema)
    for node in schema.node_types:
        writer.node(node)
    for relation in schema.relationship_types:
        writer.relation(relation, schema)
    return str(writer.graph.serialize(format="turtle"))


class _Writer:
    """Statements of one ontology. Blank nodes are numbered, so that texts are equal."""

    def __init__(self, base: str) -> None:
        from rdflib import Graph, Namespace
        from rdflib.namespace import OWL, SKOS

        self.graph: Any = Graph()
        self.base, self.kg = Namespace(base), Namespace(KG)
        for prefix, namespace in (("", self.base), ("kg", self.kg), ("owl", OWL), ("skos", SKOS)):
            self.graph.bind(prefix, namespace)
        self._numbers = count()

    def say(self, subject: Any, predicate: Any, value: Any) -> None:
        from rdflib import Literal
        from rdflib.term import Identifier

        self.graph.add((subject, predicate, value if isinstance(value, Identifier) else Literal(value)))

    def iri(self, *names: str) -> Any:
        return self.base[".".join(quote(name, safe="") for name in names)]

    def ontology(self, schema: Schema) -> None:
        from rdflib import URIRef
        from rdflib.namespace import OWL, RDF

        subject = URIRef(str(self.base).rstrip("#/"))
        self.say(subject, RDF.type, OWL.Ontology)
        written = schema.model_dump()
        for key, name in (
            ("additional_node_types", "additionalNodeTypes"),
            ("additional_relationship_types", "additionalRelationshipTypes"),
            ("additional_patterns", "additionalPatterns"),
        ):
            if key in written:
                self.say(subject, self.kg[name], written[key])

    def node(self, row: NodeType) -> None:
        from rdflib.namespace import OWL, RDF

        subject = self.iri(row.label)
        self.say(subject, RDF.type, OWL.Class)
        self._named(subject, row.label, words(row.label), row.description, row.synonyms)
        self._additional(subject, row)
        for property_ in row.properties:
            self._data_property(property_, row.label, subject)
        for instance in row.instances:
            one = self.iri(row.label, "", instance.name)
            self.say(one, RDF.type, OWL.NamedIndividual)
            self.say(one, RDF.type, subject)
            self._named(one, None, instance.name, "", instance.synonyms)

    def relation(self, row: RelationshipType, schema: Schema) -> None:
        from rdflib.namespace import OWL, RDF, RDFS

        subject = self.iri(row.label)
        self.say(subject, RDF.type, OWL.ObjectProperty)
        self._named(subject, row.label, words(row.label), row.description, row.synonyms)
        self._additional(subject, row)
        for property_ in row.properties:
            iri = self._data_property(property_, row.label, None)
            self.say(iri, self.kg.onRelationship, subject)
        targets: dict[str, tuple[str, ...]] = {}
        for source, relation, target in schema.patterns:
            if relation == row.label:
                targets[source] = tuple(sorted({*targets.get(source, ()), target}))
        if targets:
            self.say(subject, RDFS.domain, self._union(targets))
        if len(set(targets.values())) == 1:
            self.say(subject, RDFS.range, self._union(next(iter(targets.values()))))
            return
        for source, found in targets.items():
            self._restrict(self.iri(source), subject, OWL.allValuesFrom, self._union(found))

    def _additional(self, subject: Any, row: NodeType | RelationshipType) -> None:
        written = row.model_dump()
        if "additional_properties" in written:
            self.say(subject, self.kg.additionalProperties, written["additional_properties"])

    def _named(self, subject: Any, label: str | None, name: str, description: str, synonyms: Iterable[str]) -> None:
        from rdflib.namespace import RDFS, SKOS

        if label is not None:
            self.say(subject, self.kg.label, label)
        self.say(subject, RDFS.label, name)
        if description:
            self.say(subject, RDFS.comment, description)
        for synonym in synonyms:
            self.say(subject, SKOS.altLabel, synonym)

    def _data_property(self, row: PropertyType, owner: str, owner_iri: Any | None) -> Any:
        from rdflib import Literal
        from rdflib.namespace import OWL, RDF, RDFS, XSD

        subject = self.iri(owner, row.name)
        self.say(subject, RDF.type, OWL.DatatypeProperty)
        self._named(subject, row.name, words(row.name), row.description, row.synonyms)
        xsd = RANGES.get(row.type)
        if xsd is not None and XSD_TYPES.get(xsd) == row.type:
            self.say(subject, RDFS.range, XSD[xsd])
        else:
            self.say(subject, self.kg.type, row.type)
        if row.unit:
            self.say(subject, self.kg.unit, row.unit)
        if owner_iri is None:
            for name, holds in (("required", row.required), ("unique", row.unique)):
                if holds:
                    self.say(subject, self.kg[name], True)
            return subject
        self.say(subject, RDFS.domain, owner_iri)
        if row.required:
            one = Literal(1, datatype=XSD.nonNegativeInteger)
            self._restrict(owner_iri, subject, OWL.minCardinality, one)
        if row.unique:
            self.say(owner_iri, OWL.hasKey, self._list([subject]))
        return subject

    def _restrict(self, owner: Any, property_: Any, predicate: Any, value: Any) -> None:
        from rdflib.namespace import OWL, RDF, RDFS

        node = self._blank()
        self.say(owner, RDFS.subClassOf, node)
        self.say(node, RDF.type, OWL.Restriction)
        self.say(node, OWL.onProperty, property_)
        self.say(node, predicate, value)

    def _union(self, labels: Iterable[str]) -> Any:
        from rdflib.namespace import OWL, RDF

        members = [self.iri(label) for label in sorted(set(labels))]
        if len(members) == 1:
            return members[0]
        node = self._blank()
        self.say(node, RDF.type, OWL.Class)
        self.say(node, OWL.unionOf, self._list(members))
        return node

    def _list(self, members: list[Any]) -> Any:
        from rdflib.namespace import RDF

        rest: Any = RDF.nil
        for member in reversed(members):
            node = self._blank()
            self.say(node, RDF.first, member)
            self.say(node, RDF.rest, rest)
            rest = node
        return rest

    def _blank(self) -> Any:
        from rdflib import BNode

        return BNode(f"b{next(self._numbers):05d}")
