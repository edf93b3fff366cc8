"""Not contested: no other place in the corpus says something else about the same thing.

Three tests:
    1. facts with the same fact key as an operand, or as a member of the closed set, agree; so do those whose quantity
       has the word `expense` more;
    2. no other text (chunk, caption) that holds all claim words of an operand states another value of its dimension. A
       text that also states the fact's own value agrees with it. Values count that a sentence gives as the amount of
       the quantity (`kg.proof.about`);
    3. a percentage that is computed agrees with the one that the corpus prints (`kg.proof.printed`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kg.proof.about import at_another_time, given
from kg.proof.case import PASS, Case, failed, not_applicable
from kg.proof.printed import other_percentage
from kg.proof.reading import Answer, agree, answer_at, fact_text, neighbours, subjects
from kg.proof.scan import Stated, sentences, stated
from kg.proof.words import all_holders, content
from kg.snapshot.evaluate_search import common
from kg.snapshot.snapshot import Snapshot
from kg.values import unit as units
from schemas.errors import DerivationError
from schemas.fact import Value
from schemas.sample import Check, Claim

MOST: Final = 400
"""Facts of a closed set that are looked at."""


def check_contested(case: Case) -> Check:
    """Fail with both sources where the corpus contradicts itself."""
    snapshot = case.snapshot
    if not case.house:
        return not_applicable("the graph is the source: what it says otherwise is another answer")
    facts = [node for node in case.operands if snapshot.label_of(node) == "Assertion"]
    for node in dict.fromkeys([*facts, *case.stated, *case.members[:MOST]]):
        other = same_key_disagrees(snapshot, node)
        other = near_synonym_disagrees(snapshot, node) if other is None else other
        if other is not None:
            return failed(f"{_said(snapshot, node)} against {_said(snapshot, other)}")
    for node in facts:
        found = next(contradictions(case, node), None)
        if found is not None:
            return failed(f"{_said(snapshot, node)} against {found}")
    printed = other_percentage(case)
    return PASS if printed is None else failed(printed)


def same_key_disagrees(snapshot: Snapshot, node: int) -> int | None:
    """A fact with the same fact key and another value."""
    key = snapshot.normal(node, "fact_key")
    if not key:
        return None
    own = _answer(snapshot, node)
    for other in snapshot.find("Assertion", "fact_key", key):
        if int(other) == node:
            continue
        theirs = _answer(snapshot, int(other))
        if own is not None and theirs is not None and not agree(own, theirs):
            return int(other)
    return None


def near_synonym_disagrees(snapshot: Snapshot, node: int) -> int | None:
    """A fact of the same subject and period whose quantity has the word `expense` more, with another value.

    `share-based compensation` in the statement of equity, `share-based compensation expense` in that of cash flows: who
    asks for the first may mean the second.
    """
    like = snapshot.find("Assertion", "quantity", f"{snapshot.normal(node, 'quantity')} expense")
    period, own = snapshot.normal(node, "period"), _answer(snapshot, node)
    if not len(like) or not period or own is None or own.value.kind != "number":
        return None
    whom = set(subjects(snapshot, node))
    for found in common(like, snapshot.find("Assertion", "period", period)):
        other = int(found)
        if not whom & set(subjects(snapshot, other)):
            continue
        theirs = _answer(snapshot, other)
        if theirs is not None and _same_dimension(own.value, theirs.value) and not agree(own, theirs):
            same = all(snapshot.normal(node, name) == snapshot.normal(other, name) for name in ("condition", "scope"))
            if same:
                return other
    return None


def _answer(snapshot: Snapshot, node: int) -> Answer | None:
    try:
        return answer_at(snapshot, node, "value")
    except DerivationError:
        return None


def contradictions(case: Case, node: int) -> Iterator[str]:
    """Texts that hold all claim words of a fact and state only other values of its dimension."""
    snapshot, words = case.snapshot, case.words
    own = _answer(snapshot, node)
    if own is None or own.value.kind not in {"number", "date"}:
        return
    quantity = content(snapshot.get(node, "quantity") or "")
    if not quantity:
        return
    period = str(snapshot.get(node, "period") or "")
    subject = content(str(snapshot.get(node, "subject") or ""))
    support = set(neighbours(snapshot, node, "SUPPORTED_BY", 1)) | {case.element_of(node)}
    for number in all_holders(words, fact_claims(snapshot, node), {"f": node}).tolist():
        piece = words.pieces[number]
        if piece.modality != "text" or piece.node in support:
            continue
        text = piece.text
        if any(agree(Answer(item.value), own) for item in stated(text)):
            continue
        near = (item for item in _near(text, quantity, subject, period) if _same_dimension(item.value, own.value))
        other = next(near, None)
        if other is not None:
            yield f"{other.value.text!r} in {_where(snapshot, piece.node)}: {text[:160]!r}"


def fact_claims(snapshot: Snapshot, node: int) -> list[Claim]:
    """What a text must hold to be about the same thing as a fact."""
    found = []
    for prop in ("subject", "quantity", "period", "condition", "scope"):
        value = snapshot.get(node, prop)
        if value:
            normal = snapshot.normal(node, prop)
            found.append(Claim(variable="f", property=prop, value=normal or str(value), surface=str(value)))
    return found


def _near(text: str, quantity: Sequence[str], subject: Collection[str], period: str) -> Iterator[Stated]:
    """Values that a sentence gives as the amount of the quantity at the time of the fact; see `kg.proof.about`."""
    for low, high in sentences(text):
        sentence = text[low:high]
        if not at_another_time(sentence, period):
            yield from given(sentence, quantity, subject)


def _same_dimension(one: Value, other: Value) -> bool:
    return one.kind == other.kind and (one.kind == "date" or units.dimension(one.unit) == units.dimension(other.unit))


def _said(snapshot: Snapshot, node: int) -> str:
    return f"{fact_text(snapshot, node)} ({_where(snapshot, node)})"


def _where(snapshot: Snapshot, node: int) -> str:
    document = snapshot.index_of(snapshot.get(node, "document") or "", "Document")
    path = snapshot.get(document, "path") if document is not None else snapshot.get(node, "document")
    page = snapshot.get(node, "page")
    return f"{path}, page {page}" if page is not None else str(path)
