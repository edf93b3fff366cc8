"""Evidence of a draft: what its facts rest on, with the place in the source file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph import places
from kg.proof import own_evidence
from kg.proof.case import ELEMENTS, Case
from kg.proof.reading import subjects
from kg.snapshot.snapshot import Snapshot
from schemas.base import Place
from schemas.sample import Evidence

MOST_MEMBERS = 200
"""Members of a closed set that are cited one by one."""
NAMED = frozenset({"value", "subject"})
"""What is cited of a member: its value and its name."""


def evidence_of(case: Case) -> tuple[Evidence, ...]:
    """Supports of what the answer rests on, then of the other members of the closed set, which have the kind `set`.

    Each once; the first is the answer's own: of a set that one is chosen from, that of the chosen one. The matched fact
    only says what is asked of the set: where it is not the answer's, it is a member like the others.
    """
    snapshot = case.snapshot
    if not case.house:
        return own_evidence.evidence_of(case)
    chosen = [node for node in case.members if _is_answer(case, node)]
    passed = {node for node in case.members if node not in chosen} if chosen and case.header.closed else set()
    first = dict.fromkeys((*chosen, *(node for node in case.operands if node not in passed), *case.stated))
    rows = [row for node in first for row in rows_of(snapshot, node)]
    others = [node for node in case.members if node not in first]
    for node in others[:MOST_MEMBERS]:
        rows += [row.model_copy(update={"kind": "set"}) for row in rows_of(snapshot, node) if row.kind in NAMED]
    found: dict[tuple[object, ...], Evidence] = {}
    for row in rows:
        found.setdefault((row.node, row.kind, row.page, row.box, row.cell, row.span), row)
    cited = {row.node for row in found.values() if row.kind != "set"}
    return tuple(row for row in found.values() if row.kind != "set" or row.node not in cited)


def _is_answer(case: Case, node: int) -> bool:
    """Whether a member of the set states the answer: it is of the thing that was chosen, or its own label was."""
    if case.derived.kind == "text":
        return case.snapshot.normal(node, "quantity") == case.derived.canonical
    entities = case.derived.entities
    return bool(entities) and any(case.snapshot.id_of(subject) in entities for subject in subjects(case.snapshot, node))


def rows_of(snapshot: Snapshot, node: int) -> Iterator[Evidence]:
    """Evidence of one fact, or of one chunk, formula, image or cell by itself."""
    if snapshot.label_of(node) != "Assertion":
        yield from _placed(snapshot, node, "value", None)
        return
    csr = snapshot.adjacency(("SUPPORTED_BY",), 1)
    pairs = list(zip(csr.neighbours(node), csr.edges(node), strict=True))
    pairs.sort(key=lambda pair: (snapshot.edge_get(pair[1], "position") or 0, pair))
    for target, edge in pairs:
        start, end = snapshot.edge_get(edge, "span_start"), snapshot.edge_get(edge, "span_end")
        span = None if start is None or end is None else (int(start), int(end))
        yield from _placed(snapshot, target, str(snapshot.edge_get(edge, "role") or "value"), span)


def _placed(snapshot: Snapshot, node: int, kind: str, span: tuple[int, int] | None) -> Iterator[Evidence]:
    """One row per place: a paragraph over two pages stands in two boxes."""
    document = str(snapshot.get(node, "document") or "")
    index = snapshot.index_of(document, "Document")
    if index is None:
        return
    text, found = words_at(snapshot, node, kind)
    path = snapshot.get(index, "path") or (snapshot.get(index, "paths") or [""])[0]
    label, id_ = snapshot.label_of(node), snapshot.id_of(node)
    element = str(snapshot.get(node, "table") or id_) if label == "Cell" else id_
    for place in _covering(found, span) or (Place(page=snapshot.get(node, "page")),):
        yield Evidence(
            document=document,
            path=str(path),
            page=place.page,
            box=place.box,
            sheet=place.sheet,
            cell=place.cell,
            heading=place.path,
            block=place.block,
            span=span if kind == "value" else place.span,
            node=id_,
            element=element,
            kind=kind,
            modality=ELEMENTS.get(label, "text"),
            text=_part(text, place, span),
            sha256=document,
        )


def words_at(snapshot: Snapshot, node: int, kind: str) -> tuple[str, tuple[Place, ...]]:
    """Text and places of a node; of a table, of its caption or of the line above it, whichever the kind is about."""
    label = snapshot.label_of(node)
    if label in {"Table", "Image"} and kind != "value":
        names = ("caption", "head") if kind == "caption" else ("head", "caption")
        for name in names:
            text = snapshot.get(node, name)
            if text:
                return str(text), places.from_text(snapshot.get(node, f"{name}_places"))
    return snapshot.text(node), places.from_text(snapshot.get(node, "places"))


def _covering(found: Iterable[Place], span: tuple[int, int] | None) -> tuple[Place, ...]:
    """The places of a chunk that hold a span of its text; all where the places know no spans."""
    every = tuple(found)
    if span is None or any(place.span is None for place in every):
        return every[:1] if span is None and len(every) > 1 and every[0].span is None else every
    return tuple(p for p in every if p.span is not None and p.span[0] < span[1] and span[0] < p.span[1]) or every


def _part(text: str, place: Place, span: tuple[int, int] | None) -> str:
    """The words of the text that this place holds; of the span, where there is one."""
    low, high = place.span if place.span is not None else (0, len(text))
    if span is not None:
        low, high = max(low, span[0]), min(high, span[1])
    return text[low:high] if low < high else text
