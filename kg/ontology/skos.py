"""SKOS: concept schemes, or top concepts, as node types; their concepts as instances with all their labels."""

from __future__ import annotations

from typing import Any

from kg.ontology.nouns import node_label, singular_label
from kg.ontology.rdf_classes import Classes, instances, is_own
from kg.ontology.rdf_names import Source, local
from schemas.ontology import NodeType


def schemes_of(source: Source, classes: Classes) -> tuple[NodeType, ...]:
    """Node types of the concepts that are no individuals of a class, sorted by label."""
    from rdflib.namespace import RDF, SKOS

    graph = source.graph
    concepts = {c for c in graph.subjects(RDF.type, SKOS.Concept) if is_own(c)}
    for predicate in (SKOS.broader, SKOS.narrower, SKOS.broaderTransitive, SKOS.narrowerTransitive):
        concepts |= {c for pair in graph.subject_objects(predicate) for c in pair if is_own(c)}
    concepts |= {c for c in graph.subjects(SKOS.inScheme, None) if is_own(c)}
    concepts -= {c for c in concepts if any(kind in classes.labels for kind in graph.objects(c, RDF.type))}
    concepts -= set(classes.labels)
    groups: dict[Any, set[Any]] = {}
    for concept in sorted(concepts, key=str):
        for head in _heads(source, concept, concepts):
            groups.setdefault(head, set()).add(concept)
    found: dict[str, NodeType] = {}
    for head in sorted(groups, key=str):
        members = groups[head] - {head}
        row = _type(source, head, members or groups[head])
        if row.label in found:
            source.note(f"{head}: another scheme is called {row.label}; left out")
        found.setdefault(row.label, row)
    return tuple(found[label] for label in sorted(found))


def _heads(source: Source, concept: Any, concepts: set[Any]) -> list[Any]:
    """What a concept belongs to: its schemes, else the top concepts above it, else itself."""
    from rdflib.namespace import SKOS

    graph = source.graph
    schemes = {*graph.objects(concept, SKOS.inScheme), *graph.objects(concept, SKOS.topConceptOf)}
    schemes |= set(graph.subjects(SKOS.hasTopConcept, concept))
    above, stack = {concept}, [concept]
    while stack:
        current = stack.pop()
        wider = {*graph.objects(current, SKOS.broader), *graph.subjects(SKOS.narrower, current)}
        for one in sorted(wider & concepts, key=str):
            if one not in above:
                above.add(one)
                stack.append(one)
            schemes |= set(graph.objects(one, SKOS.inScheme)) | set(graph.objects(one, SKOS.topConceptOf))
            schemes |= set(graph.subjects(SKOS.hasTopConcept, one))
    own = {scheme for scheme in schemes if is_own(scheme)}
    if own:
        return sorted(own, key=str)
    tops = {
        one
        for one in above
        if not ({*graph.objects(one, SKOS.broader), *graph.subjects(SKOS.narrower, one)} & concepts)
    }
    lone = (
        tops == {concept}
        and not any(graph.objects(concept, SKOS.narrower))
        and not any(graph.subjects(SKOS.broader, concept))
    )
    return [SKOS.Concept] if lone else sorted(tops, key=str)


def _type(source: Source, head: Any, members: set[Any]) -> NodeType:
    from rdflib.namespace import SKOS

    if head == SKOS.Concept:
        return NodeType(label="Concept", instances=instances(source, members))
    name = next(iter(source.names(head)), local(head))
    label = singular_label(node_label(name)) or "Concept"
    source.note(f"{label}: the concepts of {name}; broader and narrower are not kept")
    return NodeType(
        label=source.own(head, "label") or label,
        description=source.description(head),
        synonyms=source.synonyms(head, label),
        instances=instances(source, members),
    )
