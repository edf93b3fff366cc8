"""Nodes and edges of one document's elements: sections, chunks, tables down to cells, formulas, images."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from kg.graph import places
from kg.graph.collect import Collector
from kg.graph.grid import CellIds, Table
from kg.graph.lookup import Lookup
from schemas.element import Document, Element, Elements
from schemas.fact import Facts, FormulaReading, TableStructure

LABELS: Final = {"section": "Section", "chunk": "Chunk", "table": "Table", "formula": "Formula", "image": "Image"}
NOT_READ_ON: Final = frozenset({"header", "footer", "footnote"})
"""Roles of chunks that interrupt the text: NEXT passes over them."""


def add_document(out: Collector, elements: Elements, facts: Facts, lookup: Lookup) -> CellIds:
    """Add one document with everything that its elements are and contain."""
    document, reader = elements.document, elements.reader
    out.node("Document", document.id, _document(document, lookup), extractor=reader)
    structures = {structure.element: structure for structure in facts.structures}
    readings = {reading.element: reading for reading in facts.formulas}
    cells: CellIds = {}
    for element in sorted(elements.elements, key=lambda e: e.order):
        properties = _element(element, structures.get(element.id), readings.get(element.id), lookup)
        out.node(LABELS[element.kind], element.id, properties, extractor=reader, confidence=element.confidence)
        if element.grid is not None:
            cells |= Table(out, element, element.grid, structures.get(element.id), reader).add()
    known = {element.id: element.kind for element in elements.elements}
    for element in elements.elements:
        # A parent that is no section of this document would leave the element without a way down from its document.
        parent = element.parent if element.parent and known.get(element.parent) == "section" else document.id
        out.edge("CONTAINS", parent, element.id, extractor=reader)
    _add_next(out, elements)
    return cells


def _document(document: Document, lookup: Lookup) -> dict[str, object]:
    view = lookup.view(document.id)
    return {
        "title": view.title if view else document.title,
        "kind": view.kind if view else None,
        "reference": view.reference if view else None,
        "format": document.format,
        "path": document.paths[0] if document.paths else None,
        "paths": list(document.paths),
        "pages": document.pages,
        "language": document.language,
    }


def _element(
    element: Element, structure: TableStructure | None, reading: FormulaReading | None, lookup: Lookup
) -> dict[str, object]:
    common = {
        "document": element.document,
        "position": element.order,
        "page": element.places[0].page if element.places else None,
        "places": places.to_text(element.places),
    }
    if element.kind == "section":
        return {**common, "title": element.text, "level": element.level}
    boilerplate = element.id in lookup.boilerplate
    if element.kind == "chunk":
        return {**common, "text": element.text, "role": element.role, "boilerplate": boilerplate}
    common |= {"text": element.text, "label": element.label}
    caption = places.to_text([element.caption_place]) if element.caption_place else None
    if element.kind == "table":
        head = places.to_text([element.head_place]) if element.head_place else None
        extra = {"caption_places": caption, "head_places": head, "boilerplate": boilerplate}
        return {**common, **extra, **_table(element, structure)}
    if element.kind == "formula":
        found = (reading.name, reading.sympy, reading.target) if reading else (None, None, None)
        return {**common, **dict(zip(("name", "sympy", "target"), found, strict=True))}
    return {**common, "caption": element.caption, "caption_places": caption, "blob": element.blob}


def _table(element: Element, structure: TableStructure | None) -> dict[str, object]:
    grid = element.grid
    return {
        "caption": element.caption,
        "head": element.head,
        "shape": structure.shape if structure else None,
        "kind": structure.kind if structure else None,
        "set": structure.set if structure else None,
        "rows": grid.n_rows if grid else None,
        "columns": grid.n_cols if grid else None,
        "cut": grid.cut if grid else None,
        "rows_agree": grid.rows_agree if grid else None,
        "total_checked": structure.total_checked if structure else None,
    }


def _add_next(out: Collector, elements: Elements) -> None:
    chunks = [e for e in elements.elements if e.kind == "chunk" and e.role not in NOT_READ_ON]
    chunks.sort(key=lambda e: e.order)
    for one, other in pairwise(chunks):
        out.edge("NEXT", one.id, other.id, extractor=elements.reader)
