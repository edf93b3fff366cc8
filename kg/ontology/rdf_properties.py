"""Properties of an ontology: of node types, of relations, and relations themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from kg.ontology.nouns import property_name, relationship_label
from kg.ontology.rdf_classes import Classes, instances_of, is_own, union
from kg.ontology.rdf_names import KG, SCHEMA_ORG, Source, local
from kg.ontology.rules import OWN_PROPERTIES, RESERVED
from kg.values import unit as units
from schemas.ontology import VALUE_TYPES, NodeType, Pattern, PropertyType, RelationshipType

XSD_TYPES: Final = {
    "string": "STRING", "boolean": "BOOLEAN", "decimal": "FLOAT", "double": "FLOAT", "float": "FLOAT",
    "integer": "INTEGER", "int": "INTEGER", "long": "INTEGER", "short": "INTEGER", "byte": "INTEGER",
    "nonNegativeInteger": "INTEGER", "positiveInteger": "INTEGER", "negativeInteger": "INTEGER",
    "nonPositiveInteger": "INTEGER", "unsignedInt": "INTEGER", "unsignedLong": "INTEGER", "unsignedShort": "INTEGER",
    "unsignedByte": "INTEGER", "date": "DATE", "gYear": "DATE", "gYearMonth": "DATE", "dateTime": "ZONED_DATETIME",
    "dateTimeStamp": "ZONED_DATETIME", "time": "LOCAL_TIME", "duration": "DURATION", "dayTimeDuration": "DURATION",
    "yearMonthDuration": "DURATION",
}  # fmt: skip
"""Local name in XML Schema -> property type; all others are STRING."""
QUDT_UNITS: Final = {
    "M": "metre", "KiloM": "kilometre", "FT": "foot", "MI": "mile", "KiloGM": "kilogram", "GM": "gram", "LB": "pound",
    "SEC": "second", "MIN": "minute", "HR": "hour", "DAY": "day", "MO": "month", "YR": "year", "PERCENT": "%",
    "DEG_C": "degree Celsius", "DEG_F": "degree Fahrenheit", "K": "kelvin", "DEG": "degree", "KN": "knot",
    "M-PER-SEC": "metre/second", "KiloM-PER-HR": "kilometre/hour", "W": "watt", "HP": "horsepower", "V": "volt",
    "L": "litre", "PA": "pascal", "HZ": "hertz", "J": "joule", "N": "newton", "BYTE": "byte",
}  # fmt: skip


def with_properties(source: Source, classes: Classes) -> tuple[NodeType, ...]:
    """Node types with all properties that they have or inherit."""
    owners: dict[Any, list[tuple[Any, PropertyType]]] = {iri: [] for iri in classes.labels}
    for iri in _data_properties(source, classes):
        if source.graph.value(iri, _kg("onRelationship")) is not None:
            continue
        domain = _owners(source, iri, classes)
        if not domain:
            source.note(f"{local(iri)}: no class has it (no domain, no restriction); left out")
        for owner in domain:
            owners[owner].append((iri, _property(source, iri, owner, classes)))
    rows = []
    for iri, label in classes.labels.items():
        row: dict[str, Any] = {
            "label": label,
            "description": source.description(iri),
            "synonyms": source.synonyms(iri, label),
            "instances": instances_of(source, iri),
            "properties": _distinct(source, label, owners[iri]),
        }
        rows.append(NodeType.model_validate(row | _additional(source, iri)))
    return tuple(rows)


def relations_of(source: Source, classes: Classes) -> tuple[tuple[RelationshipType, ...], tuple[Pattern, ...]]:
    """Relationship types and patterns, sorted."""
    found: dict[str, RelationshipType] = {}
    patterns: set[Pattern] = set()
    for iri in _object_properties(source, classes):
        label = source.label(iri, relationship_label)
        if label in RESERVED:
            source.note(f"{label}: kgmine has a type of this name; called {label}_RELATION")
            label += "_RELATION"
        if not label or label in found:
            source.note(
                f"{iri}: {'has the label of another property' if label else 'no label can be made of it'}; left out"
            )
            continue
        ends = set(_ends(source, iri, classes))
        if not ends:
            source.note(f"{label}: no domain and range, so no pattern has it")
        patterns |= {(classes.labels[a], label, classes.labels[b]) for a, b in ends}
        own = sorted(source.graph.subjects(_kg("onRelationship"), iri), key=str)
        rows = [(one, _property(source, one, None, classes)) for one in own]
        row: dict[str, Any] = {
            "label": label,
            "description": source.description(iri),
            "synonyms": source.synonyms(iri, label),
            "properties": _distinct(source, label, rows),
        }
        found[label] = RelationshipType.model_validate(row | _additional(source, iri))
    return tuple(found[label] for label in sorted(found)), tuple(sorted(patterns))


def _additional(source: Source, iri: Any) -> dict[str, bool]:
    said = source.own(iri, "additionalProperties")
    return {} if said is None else {"additional_properties": said == "true"}


def _kg(name: str) -> Any:
    from rdflib import URIRef

    return URIRef(KG + name)


def _data_properties(source: Source, classes: Classes) -> list[Any]:
    from rdflib.namespace import OWL, RDF

    declared = {iri for iri in source.graph.subjects(RDF.type, OWL.DatatypeProperty) if is_own(iri)}
    plain = {iri for iri in source.graph.subjects(RDF.type, RDF.Property) if is_own(iri)}
    return sorted(declared | {iri for iri in plain if not _leads_to_class(source, iri, classes)}, key=str)


def _object_properties(source: Source, classes: Classes) -> list[Any]:
    from rdflib.namespace import OWL, RDF

    kinds = (OWL.ObjectProperty, OWL.SymmetricProperty, OWL.TransitiveProperty)
    declared = {iri for kind in kinds for iri in source.graph.subjects(RDF.type, kind) if is_own(iri)}
    plain = {iri for iri in source.graph.subjects(RDF.type, RDF.Property) if is_own(iri)}
    return sorted(declared | {iri for iri in plain if _leads_to_class(source, iri, classes)}, key=str)


def _leads_to_class(source: Source, iri: Any, classes: Classes) -> bool:
    return any(one in classes.labels for one in _range(source, iri))


def _stated(source: Source, iri: Any, name: str) -> list[Any]:
    """Domains or ranges that a property states: classes, unions of them, or schema.org's `…Includes`."""
    from rdflib import URIRef
    from rdflib.namespace import RDFS

    graph = source.graph
    values = list(graph.objects(iri, RDFS[name]))
    if len([value for value in values if is_own(value)]) > 1:
        source.note(f"{local(iri)}: several {name}s; taken as alternatives")
    found = {one for value in values for one in union(source, value)}
    for base in SCHEMA_ORG:
        found |= set(graph.objects(iri, URIRef(f"{base}{name}Includes")))
    return sorted(found, key=str)


def _above(source: Source, iri: Any) -> list[Any]:
    """A property and those that it refines."""
    from rdflib.namespace import RDFS

    found = [iri]
    for one in found:
        found += [p for p in sorted(source.graph.objects(one, RDFS.subPropertyOf), key=str) if p not in found]
    return found


def _domain(source: Source, iri: Any) -> list[Any]:
    return next((stated for one in _above(source, iri) if (stated := _stated(source, one, "domain"))), [])


def _range(source: Source, iri: Any) -> list[Any]:
    return next((stated for one in _above(source, iri) if (stated := _stated(source, one, "range"))), [])


def _owners(source: Source, iri: Any, classes: Classes) -> list[Any]:
    """Classes that have a property: its domains with their subclasses, and classes that restrict it."""
    tops = {one for one in _domain(source, iri) if one in classes.labels}
    tops |= {one for one in classes.labels if any(r.property == iri for r in classes.restrictions[one])}
    tops |= {one for one in classes.labels if iri in classes.keys[one]}
    return [one for one in classes.labels if tops & set(classes.above[one])]


def _ends(source: Source, iri: Any, classes: Classes) -> Iterator[tuple[Any, Any]]:
    """(source class, target class) pairs of an object property, subclasses included."""
    from rdflib.namespace import OWL

    domain = [one for one in _domain(source, iri) if one in classes.labels]
    range_ = [one for one in _range(source, iri) if one in classes.labels]
    inverses = {*source.graph.objects(iri, OWL.inverseOf), *source.graph.subjects(OWL.inverseOf, iri)}
    for other in sorted(inverses, key=str) if not (domain and range_) else ():
        domain = domain or [one for one in _range(source, other) if one in classes.labels]
        range_ = range_ or [one for one in _domain(source, other) if one in classes.labels]
    for owner in classes.labels:
        demanded = [one for one in classes.demanded(owner) if one.property == iri]
        only = [c for one in demanded for c in one.only if c in classes.labels]
        some = [c for one in demanded for c in one.some if c in classes.labels]
        general = range_ if set(domain) & set(classes.above[owner]) else []
        for target in only or [*general, *some]:
            for below in classes.below(target):
                yield owner, below


def _property(source: Source, iri: Any, owner: Any | None, classes: Classes) -> PropertyType:
    name = source.own(iri, "label") or source.label(iri, property_name)
    demanded = [] if owner is None else [one for one in classes.demanded(owner) if one.property == iri]
    keys = {key for above in classes.above.get(owner, ()) for key in classes.keys[above]}
    return PropertyType.model_validate(
        {
            "name": name or "property",
            "type": _type(source, iri),
            "description": source.description(iri),
            "required": any(one.required for one in demanded) or source.own(iri, "required") == "true",
            "unique": iri in keys or _is_inverse_functional(source, iri) or source.own(iri, "unique") == "true",
            "unit": _unit(source, iri),
            "synonyms": source.synonyms(iri, name),
        }
    )


def _type(source: Source, iri: Any) -> str:
    said = source.own(iri, "type")
    if said in VALUE_TYPES:
        return said
    kinds = {XSD_TYPES.get(local(one), "STRING") for one in _range(source, iri)}
    return kinds.pop() if len(kinds) == 1 else "STRING"


def _unit(source: Source, iri: Any) -> str | None:
    said = source.own(iri, "unit")
    for predicate, value in source.graph.predicate_objects(iri):
        if said is None and local(predicate) in ("unit", "hasUnit", "hasUnitCode", "unitText", "unitOfMeasure"):
            said = QUDT_UNITS.get(local(value), str(value))
    found = units.find(said) if said else None
    if said and found is None:
        source.note(f"{local(iri)}: no unit {said}; left out")
    return found


def _is_inverse_functional(source: Source, iri: Any) -> bool:
    from rdflib.namespace import OWL, RDF

    return (iri, RDF.type, OWL.InverseFunctionalProperty) in source.graph


def _distinct(source: Source, owner: str, rows: Iterable[tuple[Any, PropertyType]]) -> tuple[PropertyType, ...]:
    """One property per name, sorted; a relation's may not be called like one of kgmine's own."""
    found: dict[str, PropertyType] = {}
    for iri, row in rows:
        if row.name in found and found[row.name] != row:
            source.note(f"{iri}: {owner} has a property {row.name} already; left out")
        if owner.isupper() and row.name in OWN_PROPERTIES:
            source.note(f"{owner}.{row.name}: kgmine has a property of this name; left out")
            continue
        found.setdefault(row.name, row)
    return tuple(found[name] for name in sorted(found))
