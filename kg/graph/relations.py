"""Relations that the user's schema declares, as edges between entities with the facts that state them."""

from __future__ import annotations

from kg.graph.collect import Collector
from kg.graph.lookup import Lookup
from schemas.errors import GraphError


def add_relations(out: Collector, lookup: Lookup) -> None:
    """Add the overlay's relations, after all facts.

    Raises:
        GraphError: a relation rests on a fact that is not in the graph, or on no schema.
    """
    constraint = lookup.overlay.constraint
    for relation in constraint.relations if constraint else ():
        missing = [id_ for id_ in relation.facts if id_ not in lookup.assertions]
        if missing:
            raise GraphError(f"{relation.type} of {relation.source} rests on the fact {missing[0]}: not there")
        supports = sorted({lookup.assertions[id_] for id_ in relation.facts})
        properties = {"text": relation.text, "document": relation.document, "supports": supports}
        out.edge(
            relation.type,
            relation.source,
            relation.target,
            {**properties, **dict(relation.properties)},
            extractor="corpus/1",
            confidence=relation.confidence,
            twin="|".join(f"{name}={value}" for name, value in relation.properties),
        )
