"""Relations between entities that facts state: a header names the relation or the other end, a value the entity.

    moon | discoverer       a row's `discoverer` is a Person, and one pattern leads from Moon to Person: DISCOVERED_BY
    aircraft make: Piper    `aircraft make` is a synonym of MANUFACTURED_BY
    score, for Arabic       the axis of the condition is `language`, and one pattern leads from Model to Language

Nothing is guessed: where a header may mean two relations, or a value two things, the relation is pruned with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.corpus.resolve import Fragment
from kg.corpus.typing import Typing
from kg.graph.lookup import Lookup
from kg.values.name import normal
from kg.values.number import is_missing
from schemas.fact import Fact, Facts
from schemas.overlay import Overlay

SHAPES: Final = frozenset({"statement", "entities", "results", "form", "sentence"})
"""Shapes of facts that say how things relate; definitions, reasons and formulas do not."""
LONGEST: Final = 8
"""Words of a value that may be a name."""
Option = tuple[str, str | None, bool]
"""(relationship type, node type of the other end, forward)"""
_PARTS: Final = re.compile(r"\s*[;/,]\s*(?:and\s+)?|\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class Link:
    """One relation that a fact states, or why it does not."""

    fact: Fact
    subject: str
    """Entity id."""
    header: str | None
    """Quantity or axis that names the relation; None where only the name itself tells it."""
    name: str
    """Words of the other end."""
    relation: str = ""
    type: str | None = None
    """Node type of the other end; None where any will do."""
    forward: bool = True
    """False: from the other end to the fact's subject."""
    check: str = ""
    reason: str = ""

    @property
    def of_value(self) -> bool:
        """Whether the fact's own quantity names the relation."""
        return self.header == self.fact.quantity


class Known:
    """Entities of the overlay by id and by name, with their node types."""

    def __init__(self, overlay: Overlay) -> None:
        self.lookup = Lookup(overlay)
        self._named: dict[str, dict[str, None]] = {}
        for key, entity in overlay.resolution.items():
            if not key.startswith("document:"):
                self._named.setdefault(key.partition("|")[2], {})[entity] = None

    def type_of(self, entity: str | None) -> str | None:
        """Node type of an entity."""
        found = self.lookup.entities.get(entity or "")
        return found.type if found else None

    def types(self, name: str) -> tuple[str, ...]:
        """Node types of the entities of a name, sorted."""
        found = {self.type_of(entity) for entity in self._named.get(normal(name), {})}
        return tuple(sorted(type_ for type_ in found if type_))

    def only(self, name: str, type_: str | None = None) -> str | None:
        """The one entity of a name (and of a node type, where it is given)."""
        found = [e for e in self._named.get(normal(name), {}) if type_ is None or self.type_of(e) == type_]
        return found[0] if len(found) == 1 else None


def ends(fragments: Sequence[Fragment], overlay: Overlay, typing: Typing) -> list[tuple[str, str, str]]:
    """(document, kind, name) of the other ends of relations, which a corpus need not name anywhere else."""
    known = Known(overlay)
    return [
        (facts.document, typing.vocabulary.noun(link.type), link.name)
        for _, facts in fragments
        for link in links(facts, known, typing)
        if not link.check and link.type is not None
    ]


def links(facts: Facts, known: Known, typing: Typing) -> Iterator[Link]:
    """Every relation that the facts of a document state or fail to state."""
    event = facts.subject_facts.get("event", "").split()
    for fact in facts.facts:
        subject = known.lookup.subject(fact.document, fact.subject)
        if subject is None or fact.role != "data" or fact.shape not in SHAPES:
            continue
        for header, name in _candidates(fact, known, typing):
            phrases = said(header, event[-1] if event else None) if header else ()
            yield from _link(Link(fact, subject, header, name), phrases, known, typing)


def said(phrase: str, event: str | None) -> tuple[str, ...]:
    """A quantity, and the quantity without the event that the document is about: `airport in the accident`."""
    short = (
        re.sub(rf"\s+(?:of|in|at|on|for|during) the (?:time of the )?{re.escape(event)}$", "", phrase) if event else ""
    )
    return (phrase, short) if short and short != phrase else (phrase,)


def _candidates(fact: Fact, known: Known, typing: Typing) -> Iterator[tuple[str | None, str]]:
    """(quantity or axis, name) pairs in which a fact may name another entity.

    A bare number is a name only where the quantity names a relation outright: `model or series: 152`.
    """
    value = fact.value
    if value.kind in ("text", "entity"):
        for name in _names(value.text, known):
            yield fact.quantity, name
    elif value.kind == "number" and value.unit is None and typing.vocabulary.relations_named(fact.quantity):
        yield fact.quantity, value.text.strip()
    for axis, member in fact.qualifiers.conditions:
        yield axis or None, member
    yield None, fact.quantity


def _names(text: str, known: Known) -> list[str]:
    """The names that a value holds: several only where each of them is known by itself."""
    if is_missing(text) or len(text.split()) > LONGEST or not re.search(r"[^\W\d_]", text):
        return []
    parts = [part for part in _PARTS.split(text.strip()) if part]
    several = len(parts) > 1 and not known.types(text) and all(known.types(part) for part in parts)
    return parts if several else [text.strip()]


def _link(link: Link, phrases: Sequence[str], known: Known, typing: Typing) -> Iterator[Link]:
    source = known.type_of(link.subject)
    here = known.types(link.name)
    if not phrases:
        told: list[Option] = [(r, b, True) for b in here for r in typing.vocabulary.between(source or "", b)]
        if len(told) == 1:
            yield _made(link, told[0])
        return
    found, named = _named(source, phrases, typing)
    if not found:
        if named:
            wanted = f"[{source or 'untyped'}, {named}, …] is no pattern"
            yield _failed(link, "pattern", wanted)
        return
    if len(found) > 1:
        fitting = [option for option in found if option[1] in here]
        if len(fitting) != 1:
            options = "; ".join(" ".join(str(part) for part in option[:2]) for option in found)
            yield _failed(link, "ambiguous", f"{link.header!r} may mean {options}")
            return
        found = fitting
    yield _made(link, found[0])


def _named(source: str | None, phrases: Sequence[str], typing: Typing) -> tuple[list[Option], str | None]:
    """What a header may mean, and the relationship type that it names where no pattern allows it."""
    vocabulary = typing.vocabulary
    for phrase in phrases:
        if named := vocabulary.relations_named(phrase):
            found: list[Option] = [(r, b, True) for r in named for b in vocabulary.targets(source or "", r)]
            if not found and typing.schema.additional_patterns:
                found = [(relation, None, True) for relation in named]
            return found, named[0]
    for phrase in phrases:
        other = vocabulary.exactly(phrase)
        if other is not None and source is not None:
            found = [(r, other, True) for r in vocabulary.between(source, other)]
            return found or [(r, other, False) for r in vocabulary.between(other, source)], None
    return [], None


def _made(link: Link, option: Option) -> Link:
    relation, type_, forward = option
    return Link(link.fact, link.subject, link.header, link.name, relation, type_, forward)


def _failed(link: Link, check: str, reason: str) -> Link:
    return Link(link.fact, link.subject, link.header, link.name, check=check, reason=reason)
