"""The documents of one kind that state one quantity: the honest set where not all of a kind state it.

    "Of the seven aircraft accidents whose reports state the age of the pilot, in which was the pilot the oldest?"

The set is named by what its members state, so it is closed by its name. Two things can still be wrong with it, and both
open it: values that cannot be compared (two units, a word among numbers), and a silent document in which the label
stands beside something that extraction did not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.proof.reading import neighbours, subjects
from kg.snapshot.snapshot import Snapshot
from kg.values.name import normal
from kg.values.number import is_missing

SAME = ("quantity", "period", "condition")
"""Properties that make two facts statements of one quantity."""
NOTHING = frozenset({"", "unknown", "not applicable", "n a", "not reported"})
"""Normal forms of values that say nothing. "None" says something: that there is none, e.g. no ceiling."""


@dataclass(frozen=True, slots=True)
class Stating:
    """Documents of one kind, by what they state.

    facts:     the statements, in the snapshot's order.
    documents: those that state it -> their own subjects of the kind.
    silent:    those of the kind that do not.
    """

    facts: tuple[int, ...]
    documents: dict[int, frozenset[int]]
    silent: tuple[int, ...]

    @property
    def subjects(self) -> frozenset[int]:
        return frozenset(entity for found in self.documents.values() for entity in found)


def stating(snapshot: Snapshot, fact: int) -> Stating:
    """The documents of the kind of a fact's document that state what the fact states of their own subject.

    A document counts where its kind and the kind of its subject are those of the fact's.
    """
    own = subjects(snapshot, fact)
    kinds = {snapshot.normal(entity, "kind") for entity in own}
    home = snapshot.index_of(str(snapshot.get(fact, "document") or ""))
    report = snapshot.normal(home, "kind") if home is not None else ""
    about = {
        document: found for document, found in _about(snapshot, kinds).items() if _kind(snapshot, document) == report
    }
    said = {name: snapshot.normal(fact, name) for name in SAME}
    facts, documents = [], {}
    for other in map(int, snapshot.find("Assertion", "quantity", said["quantity"])):
        if any(snapshot.normal(other, name) != value for name, value in said.items()):
            continue
        document = snapshot.index_of(str(snapshot.get(other, "document") or ""))
        if document in about and about[document] & set(subjects(snapshot, other)):
            facts.append(other)
            documents[document] = about[document]
    silent = tuple(document for document in about if document not in documents)
    return Stating(tuple(facts), {document: about[document] for document in sorted(documents)}, silent)


def stating_all(snapshot: Snapshot, facts: Sequence[int]) -> tuple[Stating, tuple[Stating, ...]]:
    """The documents that state what each of some facts states, with all these statements; and those of each fact.

    "Of the six aircraft accidents whose reports state the landing gear type and the age of the pilot ..."
    """
    parts = tuple(stating(snapshot, fact) for fact in facts)
    shared = set.intersection(*(set(part.documents) for part in parts))
    ids = {snapshot.id_of(document) for document in shared}
    found = tuple(fact for part in parts for fact in part.facts if snapshot.get(fact, "document") in ids)
    documents = {document: own for document, own in parts[0].documents.items() if document in shared}
    every = {document for part in parts for document in (*part.documents, *part.silent)}
    return Stating(found, documents, tuple(sorted(every - shared))), parts


def _kind(snapshot: Snapshot, document: int) -> str:
    return snapshot.normal(document, "kind")


def _about(snapshot: Snapshot, kinds: set[str]) -> dict[int, frozenset[int]]:
    """Documents with their own subjects of some kinds."""
    found: dict[int, frozenset[int]] = {}
    for document in range(*snapshot.ranges.get("Document", (0, 0))):
        own = (
            entity for entity in neighbours(snapshot, document, "ABOUT", 1) if snapshot.normal(entity, "kind") in kinds
        )
        if of_kind := frozenset(own):
            found[document] = of_kind
    return found


def flaw(snapshot: Snapshot, found: Stating) -> str | None:
    """Why the set is not known to be complete and comparable; None where it is."""
    units = {
        (snapshot.get(fact, "kind"), snapshot.get(fact, "unit") or "", snapshot.get(fact, "scale") or 0)
        for fact in found.facts
    }
    if len(units) > 1 and any(kind == "number" for kind, _, _ in units):
        words = sorted(f"{kind} in {unit or 'no unit'}" for kind, unit, _ in units)
        return f"its values cannot be compared: {', '.join(words)}"
    labels = {snapshot.normal(label, "text") for fact in found.facts for label in _labels(snapshot, fact)}
    wanted = _condition_words(snapshot, found)
    for document in found.silent:
        for label in sorted(labels - {""}):
            if (text := _unread(snapshot, document, label, wanted)) is not None:
                return f"{snapshot.get(document, 'path')} has {label!r} with {text!r}, which states no such fact"
    return None


def _condition_words(snapshot: Snapshot, found: Stating) -> frozenset[str]:
    condition = str(snapshot.get(found.facts[0], "condition") or "") if found.facts else ""
    return frozenset(re.findall(r"\w+", normal(condition)))


def _labels(snapshot: Snapshot, fact: int) -> list[int]:
    """The cells that label a fact: its header cells in the row of its value."""
    row = snapshot.get(fact, "row")
    cells = [node for node in neighbours(snapshot, fact, "SUPPORTED_BY", 1) if snapshot.label_of(node) == "Cell"]
    at = snapshot.get(fact, "col")
    return [cell for cell in cells if snapshot.get(cell, "row") == row and snapshot.get(cell, "col") != at]


def _unread(snapshot: Snapshot, document: int, label: str, wanted: frozenset[str]) -> str | None:
    """What stands beside a label in a document that states no such fact; None where nothing does."""
    id_ = snapshot.id_of(document)
    for cell in map(int, snapshot.find("Cell", "text", label)):
        if snapshot.get(cell, "document") != id_:
            continue
        text = _beside(snapshot, cell)
        if (is_missing(text) and normal(text) != "none") or normal(text) in NOTHING or not re.search(r"\w", text):
            continue
        if wanted <= frozenset(re.findall(r"\w+", normal(text))):
            return text
    return None


def _beside(snapshot: Snapshot, cell: int) -> str:
    """The text of the cell to the right; empty where there is none."""
    after = (snapshot.get(cell, "col") or 0) + (snapshot.get(cell, "col_span") or 1)
    for row in neighbours(snapshot, cell, "HAS_CELL", -1):
        for other in neighbours(snapshot, row, "HAS_CELL", 1):
            if snapshot.get(other, "col") == after:
                return str(snapshot.get(other, "text") or "")
    return ""
