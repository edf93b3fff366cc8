"""Edges of what elements name and point to: mentions, symbols, references, citations, links."""

from __future__ import annotations

from kg.graph.collect import Collector
from kg.graph.grid import CellIds
from kg.graph.ids import digest
from kg.graph.lookup import Lookup
from kg.values.name import normal
from schemas.element import Element, Elements
from schemas.fact import Facts, Mention


def add_mentions(out: Collector, facts: Facts, lookup: Lookup, cells: CellIds) -> None:
    """MENTIONS: one edge per element and entity, with the first mention's words. Unresolved names have none."""
    for mention in facts.mentions:
        entity = _mentioned(mention, lookup)
        if entity is None:
            continue
        span = mention.span or (None, None)
        properties = {"text": mention.name, "span_start": span[0], "span_end": span[1]}
        sources = [mention.element]
        if mention.row is not None and mention.col is not None:
            cell = cells.get((mention.element, mention.row, mention.col))
            sources += [cell] if cell else []
        for source in sources:
            if out.allows("MENTIONS", source, entity):
                out.edge("MENTIONS", source, entity, properties, extractor=_name(facts))


def _mentioned(mention: Mention, lookup: Lookup) -> str | None:
    names = [mention.name, *([mention.alias_of] if mention.alias_of else [])]
    found = (lookup.entity(mention.kind, name) for name in names)
    return next((entity for entity in found if entity), None) or lookup.only(mention.name)


def add_symbols(out: Collector, facts: Facts, lookup: Lookup) -> None:
    """Symbols of formulas. A symbol that the text explains in two ways is two symbols."""
    meaning = {(found.formula, found.symbol): found for found in facts.symbols}
    used = {reading.element: dict.fromkeys(reading.symbols) for reading in facts.formulas}
    for formula, symbol in meaning:
        used.setdefault(formula, {})[symbol] = None
    for formula, symbols in used.items():
        for symbol in symbols:
            found = meaning.get((formula, symbol))
            denotes = found.denotes if found else None
            id_ = digest(facts.document, "symbol", symbol, normal(denotes or ""))
            first = out.nodes["Symbol"].get(id_, {}).get("denotes", denotes)
            properties = {"document": facts.document, "name": symbol, "denotes": first}
            out.node("Symbol", id_, properties, extractor=_name(facts))
            out.edge("USES", formula, id_, extractor=_name(facts))
            entity = lookup.only(denotes) if denotes else None
            if entity:
                out.edge("DENOTES", id_, entity, extractor=_name(facts))
            if found and found.element and out.allows("DEFINED_IN", id_, found.element):
                span = found.span or (None, None)
                where = {"span_start": span[0], "span_end": span[1]}
                out.edge("DEFINED_IN", id_, found.element, where, extractor=_name(facts))


def add_references(out: Collector, elements: Elements) -> None:
    """REFERS_TO and CITES: links that the reader resolved, or whose label one element of the document has."""
    labelled: dict[str, list[Element]] = {}
    for element in elements.elements:
        if element.label:
            labelled.setdefault(element.label, []).append(element)
    kinds = {element.id: element for element in elements.elements}
    for element in elements.elements:
        for link in element.links:
            same = labelled.get(link.label, []) if link.label else []
            target = kinds.get(link.target or "") or (same[0] if len(same) == 1 else None)
            if target is None or target.id == element.id:
                continue
            kind = "CITES" if target.role == "reference" else "REFERS_TO"
            span = link.span or (None, None)
            properties = {"text": link.text, "span_start": span[0], "span_end": span[1]}
            if out.allows(kind, element.id, target.id):
                out.edge(kind, element.id, target.id, properties, extractor=elements.reader)


def add_links(out: Collector, lookup: Lookup) -> None:
    """LINKS_TO: links between documents. A link to an element of another document is a link to the document."""
    for source, target, text in lookup.overlay.links:
        label = out.label_of.get(target, "Document")
        document = target if label == "Document" else str(out.nodes[label][target]["document"])
        if out.allows("LINKS_TO", source, document):
            out.edge("LINKS_TO", source, document, {"text": text}, extractor="corpus/1")


def _name(facts: Facts) -> str:
    """The extractors' names: mentions and symbols do not say which of them it was."""
    return facts.extractors[-1] if len(facts.extractors) == 1 else "extractors"
