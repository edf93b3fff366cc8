"""Facts from key-value forms: the document's own subject has the value that stands beside a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from extraction.extractors import form_pairs, form_values, phrases
from extraction.extractors.form_labels import Label, Topic, is_assigned, is_plural, qualified, read_label, read_topic
from extraction.extractors.form_pairs import Pair
from extraction.extractors.form_values import Part
from kg.graph.ids import digest
from kg.values.name import normal
from schemas.element import Element, Elements
from schemas.fact import Fact, Facts, Qualifiers, Subject, Value

LONGEST_VALUE: Final = 90
"""Characters of a text value; longer ones are prose."""
DEFAULT_UNITS: Final = {"age": "year", "latitude": "degree", "longitude": "degree"}
"""Units that forms leave out."""
_DATED: Final = re.compile(r"\b(?:date|year|day|month|time|born|since|period|expiry|deadline)\b")
_KIND_HEADS: Final = phrases.words("condition type kind status description category class")
_PEOPLE: Final = re.compile(r"\b(?:persons|people|parties|participants|members|contacts)\b")
"""Labels whose values list persons with their offices: no single answer."""
_LAST: Final = re.compile(r"^(?:last|past|previous) (?P<span>\d+ \w+)$")


@dataclass(frozen=True, slots=True)
class _Said:
    """A value under its noun phrase, before the heading is added."""

    noun: str
    part: Part


@dataclass(frozen=True, slots=True)
class _Context:
    subject: Subject
    event: str | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormsExtractor:
    """Key-value tables and runs of `Label: value` lines."""

    name: str = "forms"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """See `extraction.extractors.Extractor`; adds facts of shape `form` and what was rejected."""
        found, rejected = [], []
        context = _Context(Subject(kind=earlier.subject.kind if earlier.subject else "thing"), _event(earlier))
        for pair, heading in _pairs(elements, earlier):
            if earlier.subject is None:
                rejected.append((pair.supports[0].element, "no_subject", f"form without a subject: {pair.label}"))
                continue
            label = read_label(pair.label)
            if label is None:
                rejected.append((pair.supports[0].element, "label", f"not a noun phrase: {pair.label}"))
                continue
            if form_values.is_missing(pair.value):
                rejected.append((pair.supports[0].element, "missing", f"no value: {pair.label}"))
                continue
            topic = read_topic(pair.group or heading)
            said = list(_said(label, pair.value, elements))
            if not said:
                rejected.append((pair.supports[0].element, "value", f"not a value of {pair.label} {pair.value[:60]}"))
            found += [self._fact(elements, pair, one, topic, context) for one in said]
        kept, dropped = _single(found)
        return Facts(
            document=elements.document.id, extractors=(), facts=tuple(kept), rejected=tuple(rejected + dropped)
        )

    def _fact(self, elements: Elements, pair: Pair, said: _Said, topic: Topic, context: _Context) -> Fact:
        event, value = context.event, _with_unit(said)
        noun, conditions, text = _conditions(said, event)
        quantity = qualified(noun, topic, event=event, subject_kind=context.subject.kind)
        place = pair.supports[0]
        key = (
            elements.document.id,
            place.element,
            str(place.row),
            str(place.col),
            str(place.span),
            quantity,
            text or "",
        )
        return Fact(
            id=digest("fact", "form", *key, value.text),
            document=elements.document.id,
            subject=context.subject,
            shape="form",
            quantity=quantity,
            qualifiers=Qualifiers(conditions=conditions, condition_text=text),
            value=value,
            supports=pair.supports,
            additive=quantity.startswith(("number of ", "total number of ")),
            group=pair.group,
            extractor=f"{self.name}/{self.version}",
        )


def _event(earlier: Facts) -> str | None:
    return earlier.subject_facts.get("event")


def _pairs(elements: Elements, earlier: Facts) -> Iterator[tuple[Pair, str | None]]:
    """Each pair with the heading of the section that it stands in."""
    headings = {e.id: e.text for e in elements.elements if e.kind == "section"}
    structures = {s.element: s for s in earlier.structures}
    run: list[Element] = []
    for element in elements.elements:
        if element.kind == "chunk" and (not run or run[-1].parent == element.parent):
            run.append(element)
            continue
        yield from ((p, headings.get(run[0].parent or "")) for p in form_pairs.lines(run))
        run = [element] if element.kind == "chunk" else []
        if element.kind == "table":
            heading = headings.get(element.parent or "")
            yield from ((p, heading) for p in form_pairs.pairs(element, structures.get(element.id)))
    yield from ((p, headings.get(run[0].parent or "")) for p in form_pairs.lines(run) if run)


def _said(label: Label, text: str, elements: Elements) -> Iterator[_Said]:
    if len(label.parts) > 1:
        for noun, piece in _assigned(label, text):
            yield from _single_label(noun, piece, elements)
    else:
        yield from _single_label(label.parts[0], text, elements)


def _assigned(label: Label, text: str) -> list[tuple[str, str]]:
    """(part of the label, piece of the value); a lone piece goes to the part that its type fits."""
    pieces = form_values.split(text, label.joint, len(label.parts))
    if len(pieces) == len(label.parts):
        return [(noun, piece) for noun, piece in zip(label.parts, pieces, strict=True) if piece]
    value = form_values.plain(text)
    dated = [noun for noun in label.parts if _DATED.search(noun)]
    others = [noun for noun in label.parts if noun not in dated]
    if value.kind == "date" or form_values.is_time(text):
        return [(dated[0], text)] if dated else []
    named = value.kind == "text" or all(is_assigned(noun) for noun in label.parts)
    if named and label.joint == "/" and not dated:
        return [(label.whole, text)]
    return [(others[0], text)] if others else []


def _single_label(noun: str, text: str, elements: Elements) -> Iterator[_Said]:
    """What one label says, by the form of its value."""
    if is_assigned(noun) or ("time" in noun.split() and form_values.is_time(text)):
        yield from _text(noun, text)
        return
    if parts := form_values.listed(text):
        yield from (_Said(noun, part) for part in parts)
        return
    if is_plural(noun) and (parts := form_values.counted(text)):
        yield from _counts(noun, parts, elements)
        return
    pieces = [p.strip() for p in re.split(r",\s+|\s+/\s+", text)]
    named = [p for p in pieces if p.lower() in form_values.SELF_NAMING]
    if named and len(pieces) == 2:
        for piece in pieces:
            attribute = form_values.SELF_NAMING.get(piece.lower(), noun)
            yield _Said(attribute, Part(form_values.plain(piece)))
        return
    if len(pieces) == 2 and " / " in text:
        yield from _text_and_measure(noun, pieces)
        return
    if part := form_values.measured(text):
        bare = part.value.unit is None and part.value.decimals == 0
        yield _Said(f"number of {noun}" if bare and is_plural(noun) else noun, part)
        return
    yield from _text(noun, text)


def _text_and_measure(noun: str, pieces: list[str]) -> Iterator[_Said]:
    """`Broken / 9000 ft agl`: the measure, unless the label asks for a kind of thing."""
    measures = [part for piece in pieces if (part := form_values.measured(piece)) and part.value.unit]
    texts = [piece for piece in pieces if form_values.measured(piece) is None and piece]
    if phrases.head(noun) in _KIND_HEADS and len(texts) == 1:
        yield from _text(noun, texts[0])
    elif len(measures) == 1 and len(texts) == 1:
        yield _Said(noun, measures[0])


def _counts(noun: str, parts: tuple[Part, ...], elements: Elements) -> Iterator[_Said]:
    """`1 Reciprocating` engines: a count, and a type where other labels speak of the engine; else a count by kind."""
    one = form_values.singular_of(noun)
    spoken_of = any(
        cell.text.lower().startswith(f"{one} ")
        for e in elements.elements
        if e.grid is not None
        for cell in e.grid.cells
    )
    for part in parts:
        kind = part.counted or ""
        if form_values.is_missing(kind):
            continue
        if spoken_of and len(parts) == 1:
            yield _Said(f"number of {noun}", part)
            yield _Said(f"{one} type", Part(form_values.as_text(kind)))
        else:
            total = "total " if noun.startswith("total ") else ""
            yield _Said(f"{total}number of {kind.lower()} {noun.removeprefix('total ')}", part)


def _text(noun: str, text: str) -> Iterator[_Said]:
    assigned = is_assigned(noun) or form_values.is_time(text)
    value = form_values.as_text(text) if assigned else form_values.plain(text)
    if value.kind == "date" and not _DATED.search(noun):
        noun = f"date of the {noun}"
    prose = len(text) > LONGEST_VALUE or (text.endswith(".") and len(text.split()) > 6)
    people = ";" in text and bool(_PEOPLE.search(noun))
    if prose or people or not re.search(r"\w", value.text) or ("time" in noun.split() and not re.search(r"\d", text)):
        return
    yield _Said(noun, Part(value))


def _with_unit(said: _Said) -> Value:
    value = said.part.value
    default = DEFAULT_UNITS.get(said.noun)
    if value.kind == "number" and value.unit is None and default:
        return value.model_copy(update={"unit": default})
    return value


def _conditions(said: _Said, event: str | None) -> tuple[str, tuple[tuple[str, str], ...], str | None]:
    """(noun phrase, conditions, condition text): `Total` and `agl` join the noun, the rest are said behind it.

    The span of time is said last: `in all aircraft in the 90 days before the accident`.
    """
    notes = [note for note in said.part.note if note.lower() not in ("total", "")]
    noun = said.noun
    if len(notes) < len(said.part.note) and not noun.startswith("total "):
        noun = f"total {noun}"
    for note in [note for note in notes if note.lower() in form_values.SUFFIXES]:
        noun = f"{noun} {form_values.SUFFIXES[note.lower()]}"
        notes.remove(note)
    spoken = [_spoken(note, event) for note in sorted(notes, key=lambda note: bool(_LAST.match(note.lower())))]
    conditions = tuple(sorted(("", normal(note)) for note in notes))
    return noun, conditions, " ".join(spoken) or None


def _spoken(note: str, event: str | None) -> str:
    """A qualifier with its preposition: `in all aircraft`, `as pilot in command`, `at the time of the accident`."""
    low = note.lower()
    if match := _LAST.match(low):
        return f"in the {match['span']} before the {event.split()[-1]}" if event else f"in the last {match['span']}"
    first, _, rest = low.partition(" ")
    if first == "all":
        return f"in {low}"
    if first == "this":
        return f"in the same {rest}"
    if first in phrases.PERSONS:
        return f"as {low}"
    if re.match(r"(?:at|on|in|per|as|since|from|before|after)$", first):
        return re.sub(r"\b(at|of) (?=(?:time|\w+)$|time of)", r"\1 the ", low)
    return f"for {low}"


def _single(found: list[Fact]) -> tuple[list[Fact], list[tuple[str, str, str]]]:
    """Facts whose label says one thing only in this document; a label with two values is refused."""
    by_key: dict[tuple[str, tuple[tuple[str, str], ...]], list[Fact]] = {}
    for fact in found:
        by_key.setdefault((normal(fact.quantity), fact.qualifiers.conditions), []).append(fact)
    kept: list[Fact] = []
    dropped: list[tuple[str, str, str]] = []
    for facts in by_key.values():
        if len({normal(f.value.text) for f in facts}) == 1:
            kept.append(facts[0])
        else:
            values = ", ".join(sorted({f.value.text for f in facts})[:3])
            dropped.append((facts[0].supports[0].element, "ambiguous_label", f"{facts[0].quantity}: {values}"))
    return kept, dropped
