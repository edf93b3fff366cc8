"""Samples that rest on what a user wrote: they say so, and claim no place in a source file.

A sample rests on the nodes and edges of its match, on the facts that its answer was computed from and those of its
closed set, on what these stand on (the nodes, and the edges that lead there), and on the facts behind a relation. If a
user made or changed one of them (`kg.graph.edits`), its evidence is node and property: the page may say something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kg.graph import model
from kg.proof.case import Case, not_applicable
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Evidence

USER_WROTE: Final = not_applicable("a user changed what this rests on: the source file does not say it")
PROPERTY: Final = {"Section": "title", "Entity": "name", "Document": "title"}
"""Label -> the property whose text is evidence; `text` of all others."""


def is_edited(case: Case, evidence: Iterable[Evidence]) -> bool:
    """Whether anything that the sample rests on was made or changed by a user."""
    snapshot, match = case.snapshot, case.draft.match
    if not snapshot.holds("provenance", model.USER):
        return False  # nobody edited anything: the usual case, and no index of edges is needed
    cited = [thing for row in evidence if (thing := snapshot.thing_of(row.node)) is not None]
    matched = [thing for id_ in (*match.nodes, *match.edges) if (thing := snapshot.thing_of(id_)) is not None]
    facts = [*case.operands, *case.stated, *case.members]
    things = {*case.nodes.values(), *matched, *facts, *cited, *_supports(snapshot, facts)}
    return any(snapshot.get(thing, "provenance") == model.USER for thing in things)


def _supports(snapshot: Snapshot, facts: Iterable[int]) -> Iterator[int]:
    """The edges from facts to what they rest on."""
    csr = snapshot.adjacency(("SUPPORTED_BY",), 1)
    for fact in facts:
        if fact >= 0:
            yield from (~edge for edge in csr.edges(fact))


def without_places(evidence: Iterable[Evidence], case: Case) -> tuple[Evidence, ...]:
    """The evidence as node and property, each once; that of operands without any support too."""
    rows: dict[Evidence, None] = {}
    for row in evidence:
        bare = {"page": None, "box": None, "sheet": None, "cell": None, "heading": (), "block": None, "span": None}
        rows[row.model_copy(update={**bare, "property": _property(case.snapshot, row)})] = None
    supported = {row.node for row in rows}
    own = (row for fact in (*case.operands, *case.stated) if (row := _own(case.snapshot, fact)).node not in supported)
    return tuple(rows) if rows else tuple(own)


def _property(snapshot: Snapshot, row: Evidence) -> str:
    node = snapshot.index_of(row.node)
    label = snapshot.label_of(node) if node is not None else ""
    if node is not None and label in ("Table", "Image") and row.kind != "value":
        return next((name for name in ("caption", "head") if snapshot.get(node, name) == row.text), "text")
    return PROPERTY.get(label, "text")


def _own(snapshot: Snapshot, node: int) -> Evidence:
    """What a fact says itself: a user made it, and it rests on nothing."""
    document = snapshot.index_of(str(snapshot.get(node, "document") or ""), "Document")
    id_ = snapshot.id_of(node)
    return Evidence(
        document=snapshot.id_of(document) if document is not None else "",
        path=str(snapshot.get(document, "path") or "") if document is not None else "",
        node=id_,
        property="text",
        element=id_,
        kind="value",
        modality="graph",
        text=str(snapshot.get(node, "text") or ""),
        sha256=snapshot.id_of(document) if document is not None else snapshot.hash,
    )
