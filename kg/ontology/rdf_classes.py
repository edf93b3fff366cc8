"""Classes and individuals of an ontology."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from kg.ontology.nouns import node_label
from kg.ontology.rdf_names import Source, local
from schemas.ontology import Instance

FOREIGN: Final = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/2004/02/skos/core#",
)
"""Vocabularies whose classes are no types of the user's."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a class demands of one property."""

    property: Any
    required: bool = False
    only: tuple[Any, ...] = ()
    """Classes that its values must belong to."""
    some: tuple[Any, ...] = ()
    """Classes that one of its values belongs to."""


@dataclass(slots=True)
class Classes:
    """Classes by IRI."""

    labels: dict[Any, str] = field(default_factory=dict)
    """IRI -> label of the node type, in the order of the labels."""
    above: dict[Any, tuple[Any, ...]] = field(default_factory=dict)
    """IRI -> itself and all its superclasses."""
    restrictions: dict[Any, tuple[Restriction, ...]] = field(default_factory=dict)
    keys: dict[Any, frozenset[Any]] = field(default_factory=dict)
    """IRI -> properties that single a member out."""

    def below(self, top: Any) -> list[Any]:
        """A class and all its subclasses, in the order of the labels."""
        return [iri for iri in self.labels if top in self.above[iri]]

    def demanded(self, iri: Any) -> Iterator[Restriction]:
        """Restrictions of a class and of its superclasses."""
        for above in self.above[iri]:
            yield from self.restrictions.get(above, ())


def classes_of(source: Source) -> Classes:
    """All classes that are declared or used as domain, range or superclass."""
    from rdflib.namespace import OWL, RDF, RDFS

    graph, found = source.graph, set()
    for kind in (OWL.Class, RDFS.Class):
        found |= {iri for iri in graph.subjects(RDF.type, kind) if is_own(iri)}
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf):
        for iri, value in graph.subject_objects(predicate):
            found |= {one for one in union(source, value) if is_own(one)}
            found |= {iri} if predicate == RDFS.subClassOf and is_own(iri) else set()
    found -= set(graph.subjects(RDF.type, RDFS.Datatype))
    old = {iri for iri in found if str(graph.value(iri, OWL.deprecated)).lower() == "true"}
    for iri in sorted(old, key=str):
        source.note(f"{local(iri)}: deprecated, left out")
    classes = Classes(_labels(source, found - old))
    for iri in classes.labels:
        classes.above[iri] = tuple(_above(source, iri, classes.labels))
        classes.restrictions[iri] = tuple(_restrictions(source, iri))
        classes.keys[iri] = frozenset(_keys(source, iri))
    _say_hierarchy(source, classes)
    return classes


def is_own(iri: Any) -> bool:
    """Whether an IRI is the user's: no blank node, no literal, no part of RDF itself."""
    from rdflib import URIRef

    return isinstance(iri, URIRef) and not str(iri).startswith(FOREIGN)


def union(source: Source, value: Any) -> list[Any]:
    """A class, or the members of a union of classes; sorted."""
    from rdflib import BNode
    from rdflib.collection import Collection
    from rdflib.namespace import OWL

    if not isinstance(value, BNode):
        return [value]
    members = source.graph.value(value, OWL.unionOf)
    if members is None:
        return []
    return sorted({one for member in Collection(source.graph, members) for one in union(source, member)}, key=str)


def instances_of(source: Source, iri: Any) -> tuple[Instance, ...]:
    """Individuals of a class, sorted by name; not those of its subclasses."""
    from rdflib import BNode
    from rdflib.collection import Collection
    from rdflib.namespace import OWL, RDF

    graph = source.graph
    members = {one for one in graph.subjects(RDF.type, iri) if is_own(one)}
    for same in (iri, *graph.objects(iri, OWL.equivalentClass)):
        listed = graph.value(same, OWL.oneOf) if isinstance(same, BNode) or same == iri else None
        members |= {one for one in Collection(graph, listed) if is_own(one)} if listed is not None else set()
    return instances(source, members)


def instances(source: Source, members: set[Any]) -> tuple[Instance, ...]:
    """Individuals or concepts as instances, one per name."""
    found: dict[str, set[str]] = {}
    for member in sorted(members, key=str):
        names = source.names(member) or [local(member).replace("_", " ")]
        found.setdefault(names[0], set()).update(names[1:])
    return tuple(Instance(name=name, synonyms=tuple(sorted(rest - {name}))) for name, rest in sorted(found.items()))


def _labels(source: Source, iris: set[Any]) -> dict[Any, str]:
    taken: dict[str, Any] = {}
    for iri in sorted(iris, key=str):
        label = source.label(iri, node_label)
        if not label:
            source.note(f"{iri}: no label can be made of it; left out")
        elif label in taken:
            source.note(f"{iri}: has the label {label} of {taken[label]}; left out")
        else:
            taken[label] = iri
    return {taken[label]: label for label in sorted(taken)}


def _above(source: Source, iri: Any, known: dict[Any, str]) -> Iterator[Any]:
    from rdflib.namespace import OWL, RDFS

    seen, stack = {iri: None}, [iri]
    while stack:
        current = stack.pop()
        parents = set(source.graph.objects(current, RDFS.subClassOf))
        for whole in source.graph.objects(current, OWL.equivalentClass):
            parents |= {whole} | set(_intersection(source, whole))
        for parent in sorted(parents, key=str):
            if parent in known and parent not in seen:
                seen[parent] = None
                stack.append(parent)
    yield from seen


def _intersection(source: Source, value: Any) -> list[Any]:
    from rdflib.collection import Collection
    from rdflib.namespace import OWL

    members = source.graph.value(value, OWL.intersectionOf)
    return [] if members is None else list(Collection(source.graph, members))


def _restrictions(source: Source, iri: Any) -> Iterator[Restriction]:
    from rdflib.namespace import OWL, RDFS

    graph = source.graph
    around = {*graph.objects(iri, RDFS.subClassOf), *graph.objects(iri, OWL.equivalentClass)}
    around |= {part for whole in list(around) for part in _intersection(source, whole)}
    found = []
    for node in around:
        property_ = graph.value(node, OWL.onProperty)
        if property_ is None:
            continue
        counts = (OWL.cardinality, OWL.minCardinality, OWL.qualifiedCardinality, OWL.minQualifiedCardinality)
        least = max((_count(graph.value(node, name)) for name in counts), default=0)
        some, only = graph.value(node, OWL.someValuesFrom), graph.value(node, OWL.allValuesFrom)
        on = graph.value(node, OWL.onClass)
        found.append(
            Restriction(
                property_,
                required=least > 0 or some is not None,
                only=tuple(union(source, only)) if only is not None else (),
                some=tuple(union(source, some if some is not None else on)) if (some, on) != (None, None) else (),
            )
        )
    yield from sorted(found, key=lambda one: (str(one.property), one.required, str(one.only), str(one.some)))


def _count(value: Any) -> int:
    return int(value) if value is not None and str(value).isdigit() else 0


def _keys(source: Source, iri: Any) -> Iterator[Any]:
    from rdflib.collection import Collection
    from rdflib.namespace import OWL

    for head in source.graph.objects(iri, OWL.hasKey):
        members = list(Collection(source.graph, head))
        if len(members) == 1:
            yield members[0]
        else:
            source.note(f"{local(iri)}: a key of {len(members)} properties together is not checked")


def _say_hierarchy(source: Source, classes: Classes) -> None:
    for iri, label in classes.labels.items():
        tops = sorted(classes.labels[above] for above in classes.above[iri] if above != iri)
        if tops:
            source.note(f"{label}: has the properties and patterns of {', '.join(tops)}, but is a type of its own")
