"""Evidence of a draft as far as the graph knows it: node, element, document, page, text. The proof adds the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.sample import Evidence, Modality
from synthesis.scene import Scene, View

MODALITY: Final[dict[str, Modality]] = {
    "Cell": "table",
    "Table": "table",
    "Row": "table",
    "Chunk": "text",
    "Formula": "formula",
    "Image": "image",
}


def sources(facts: Iterable[View]) -> tuple[View, ...]:
    """Nodes that facts stand on, each once, the elements that hold them included."""
    found: dict[int, View] = {}
    for fact in facts:
        if not fact.roles.house:
            continue
        for node, _ in fact.neighbours("SUPPORTED_BY") if fact.label == "Assertion" else ((fact, -1),):
            found.setdefault(node.index, node)
            element = _element(node)
            if element is not None:
                found.setdefault(element.index, element)
    return tuple(found.values())


def evidence_of(scene: Scene, facts: Iterable[View]) -> tuple[Evidence, ...]:
    """One row for each support of each fact, in the order of facts, doubles left out; in a user's own graph facts have
    no supports, and the proof cites them themselves.
    """
    rows = [row for fact in facts if fact.roles.house for row in _rows(scene, fact)]
    return tuple({(row.node, row.kind): row for row in reversed(rows)}.values())[::-1]


def _rows(scene: Scene, fact: View) -> Iterator[Evidence]:
    document = scene.document(fact)
    if document is None:
        return
    if fact.label != "Assertion":
        yield _row(document, fact, "value")
        return
    for node, edge in fact.neighbours("SUPPORTED_BY"):
        yield _row(document, node, str(scene.graph.edge_get(edge, "role") or "value"))


def _row(document: View, node: View, kind: str) -> Evidence:
    element = _element(node)
    page = node.get("page")
    return Evidence(
        document=document.id,
        path=document.text("path"),
        page=None if page is None else int(page),
        node=node.id,
        element=element.id if element is not None else node.id,
        kind=kind,
        modality=MODALITY.get(node.label, "text"),
        text=node.text("text") or node.text("title"),
        sha256=document.id,
    )


def _element(node: View) -> View | None:
    """The table of a cell; every other node is its own element."""
    if node.label != "Cell":
        return node
    index = node.graph.index_of(node.text("table"))
    return None if index is None else View.of(node.graph, index)
