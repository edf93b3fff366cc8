"""graph = f(fragments, overlay): the canonical tables of a corpus."""

from __future__ import annotations

from collections.abc import Sequence

from kg.graph.assertions import add_facts
from kg.graph.collect import Collector
from kg.graph.document import add_document
from kg.graph.lookup import Lookup
from kg.graph.mentions import add_links, add_mentions, add_references, add_symbols
from kg.graph.relations import add_relations
from kg.graph.tables import Tables
from schemas.element import Elements
from schemas.errors import GraphError
from schemas.fact import Facts
from schemas.ontology import Schema
from schemas.overlay import Overlay

CORPUS: str = "corpus/1"


def build(fragments: Sequence[tuple[Elements, Facts]], overlay: Overlay, schema: Schema | None = None) -> Tables:
    """The tables of the graph, every label and type of `kg.graph.model` included. The fragments' order is immaterial.

    Args:
        fragments: elements and facts per document, each content once.
        overlay: what `kg.corpus` computed from all of them, under the same schema.
        schema: the user's; its relationship types have tables even where they have no rows.

    Raises:
        GraphError: a fragment contradicts itself (a fact without a place, two elements with one id); names both.
    """
    out, lookup = Collector(schema), Lookup(overlay)
    for entity in overlay.entities:
        properties = entity.model_dump(exclude={"id"}, mode="json")
        out.node("Entity", entity.id, properties, extractor=CORPUS)
    for elements, facts in sorted(fragments, key=lambda fragment: fragment[0].document.id):
        if facts.document != elements.document.id:
            raise GraphError(f"facts of document {facts.document} beside elements of {elements.document.id}")
        cells = add_document(out, elements, facts, lookup)
        if subject := lookup.document_subject(elements.document.id):
            out.edge("ABOUT", elements.document.id, subject, extractor=CORPUS)
        add_references(out, elements)
        add_mentions(out, facts, lookup, cells)
        add_symbols(out, facts, lookup)
        add_facts(out, facts, lookup, cells)
    add_links(out, lookup)
    add_relations(out, lookup)
    for one, other, evidence in overlay.same_as:
        out.edge("SAME_AS", min(one, other), max(one, other), {"text": evidence}, extractor=CORPUS)
    return out.tables()
