"""English of documents as a set, and of the event that one of them reports.

seven aircraft accidents whose reports state the age of the pilot
the aircraft accident on a flight from Quincy, FL
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthesis.wording import english_asking, english_events, english_nouns, sibling
from synthesis.wording.english_asking import REPORT, be, case, having, inside, past, reference
from synthesis.wording.english_clauses import conditioned, spoken
from synthesis.wording.english_degrees import degree
from synthesis.wording.english_values import count_word

FLIGHT = frozenset(("departure point", "departure time", "destination"))
"""What the journey has, not the thing that makes it."""


def is_event(report: str) -> bool:
    """Whether documents of a kind report events: `accident report`."""
    found = REPORT.match(report)
    return found is not None and found["event"] in english_events.EVENTS


def documents(kind: str, report: str, total: int, stated: Sequence[str] = ()) -> str:
    """See `synthesis.wording.Language.documents`."""
    things = f"{count_word(total)} {english_nouns.plural(case(kind, report))}"
    if not stated:
        return f"{things} on file"
    return (
        f"{things} whose {'reports' if is_event(report) else english_nouns.plural(report)} state {' and '.join(stated)}"
    )


def stated(quantity: str, condition: str, report: str) -> str:
    """What the documents of a set state: `the total flight time of the pilot in all aircraft`."""
    return f"{english_nouns.definite(inside(quantity, report))}{conditioned(condition)}"


def in_which(report: str) -> str:
    """`in which` of events, `for which` of things."""
    return "in which" if is_event(report) else "for which"


def extreme(quantity: str, word: str, condition: str, closed: str, report: str) -> str:
    """`was the pilot the oldest`; `was it the highest` where the set is named by the quantity."""
    return _ranked(quantity, word, condition, closed, report, "the ")


def beyond(quantity: str, word: str, condition: str, closed: str, report: str) -> str:
    """`was the pilot older`; `was it higher` where the set is named by the quantity."""
    return _ranked(quantity, word, condition, closed, report, "")


def _ranked(quantity: str, word: str, condition: str, closed: str, report: str, article: str) -> str:
    noun, verb = inside(quantity, report), be(quantity)
    if found := english_events.sized(noun, word):
        return f"{verb} {english_nouns.definite(found[0])} {article}{found[1]}"
    return f"{verb} {_named(quantity, condition, closed, report)} {article}{degree(quantity, word)}"


def _named(quantity: str, condition: str, closed: str, report: str) -> str:
    """The quantity, or a pronoun where the words of the set hold it."""
    said = stated(quantity, condition, report)
    if said in closed:
        return "they" if be(quantity) in ("were", "are") else "it"
    return said


def peer(subject: str, report: str) -> str:
    """One member of the set: `in the one involving the Cessna 172 N1458U`, `for Saturn`."""
    whom = reference(subject)
    found = REPORT.match(report)
    return (
        f"in the one involving {english_events.once(found['event'], whom)}"
        if found and is_event(report)
        else f"for {whom}"
    )


def picked(quantity: str, value: str, opening: str, closed: str, kind: str, report: str) -> str:
    """Which, or how many, of a set have a value.

    `which of the ten aircraft accidents on file happened on December 23, 2007`,
    `in which of the seven aircraft accidents whose reports state the landing gear type was it listed as Tailwheel`.

    Args:
        opening: `which of the`, `how many of the`; without `of the` where the sentence has named the set.
    """
    said = f"{opening} {closed}" if opening.endswith(" of the") else opening
    if not is_event(report):
        return f"{said} {'had' if past(quantity) else 'have'} {having(quantity, value)}"
    told = english_events.told(inside(quantity, report))
    if (clause := english_events.handle(told.what, english_events.calm(spoken(value)), kind)) is not None:
        return f"{said} {clause[1]}"
    named = _named(quantity, "", closed, report)
    if sibling(value, "kind") == "number":
        return f"in {said} {be(quantity)} {named} {spoken(value)}"
    return f"in {said} {be(quantity)} {named} listed as {spoken(value)}"


def happening(quantity: str, value: str, kind: str, report: str, that: str = "") -> str:
    """An event singled out by one of its facts: `aircraft accident in Tallahassee, FL`.

    `accident involving an aircraft operated by Wausau Flying Service`, `aircraft accident in which the x was y`.

    Args:
        that: `that` for a relative clause: `aircraft accident that happened in Tallahassee, FL`.
    """
    noun, what = case(kind, report), inside(quantity, report)
    clause = english_events.handle(what, english_events.calm(spoken(value)), kind)
    if clause is None:
        return f"{noun} in which the {what} {be(quantity)} {spoken(value)}"
    event = REPORT.match(report)
    noun = event["event"] if event and clause[0].startswith("involving") else noun
    return f"{noun} {that} {clause[1]}" if that else f"{noun} {clause[0]}"


def ask_in(quantity: str, report: str, kind: str) -> str:
    """A question inside an event that the sentence names: `how old was the pilot`, `who was the operator`.

    Args:
        quantity: slot of the quantity that is asked for.
        report: kind of the document: `accident report`.
        kind: of the event's subject: `aircraft`.
    """
    noun, full = inside(quantity, report), english_nouns.phrase(quantity)
    value, parts = str(sibling(quantity, "kind")), english_events.told(full)
    event = REPORT.match(report)
    own = (
        not parts.tail and not parts.person and not _elsewhere(full) and not (event and event["event"] in full.split())
    )
    whom = f"the {'flight' if noun in FLIGHT else kind}" if own else ""
    counted = english_asking.COUNT_OF.match(noun)
    if value == "number" and counted:
        return f"how many {counted['what']} did {whom} have" if whom else f"how many {counted['what']} were there"
    if (opening := english_events.asked(noun, value, whom, past=past(quantity))) is not None:
        return opening
    dated = english_asking.DATE_OF.match(noun)
    if value == "date" and dated:
        return f"when {'was' if past(quantity) else 'is'} {english_events.owned(dated['what'], whom)}"
    word = "who" if value in ("text", "entity") and english_asking.PERSONS.match(noun) else "what"
    return f"{word} {be(quantity)} {english_events.owned(noun, whom)}"


def _elsewhere(noun: str) -> bool:
    """Whether a noun phrase says of whom it is: of a person, of the flight."""
    people = "|".join(sorted(english_events.PERSONS))
    return bool(re.search(rf"\b(?:of|by|on|to) the (?:{people})\b", noun))


def gap(quantity: str, subject: str) -> str:
    """Behind "how much": `older was the pilot of the Piper N5921D`, `higher was the dew point at the time of ...`."""
    noun, whom = english_nouns.phrase(quantity), reference(subject)
    if found := english_events.sized(noun, "higher"):
        return f"{found[1]} {be(quantity)} {english_events.owned(found[0], whom)}"
    return f"{degree(quantity, 'higher')} {be(quantity)} {english_asking.of(quantity, subject)}"


def rival(quantity: str, subject: str) -> str:
    """Behind `gap`: `than that of the Cessna 172 N1458U`, of its pilot or of itself; else as `twin`."""
    noun = english_nouns.phrase(quantity)
    person = english_events.told(noun).person
    return (
        f"that of {reference(subject)}"
        if person and english_events.sized(noun, "higher")
        else english_asking.twin(quantity, subject)
    )


def of_two(quantity: str) -> str:
    """`in which of the two accidents` where the quantity is the event's, else `for which of the two`."""
    parts = english_events.told(english_nouns.phrase(quantity))
    return f"in which of the two {english_nouns.plural(parts.event)}" if parts.tail else "for which of the two"


def one_of_two(subject: str, quantity: str) -> str:
    """`the one involving the Piper N5921D` where the quantity is the event's, else the subject."""
    parts, whom = english_events.told(english_nouns.phrase(quantity)), reference(subject)
    return f"the one involving {english_events.once(parts.event, whom)}" if parts.tail else whom


def than(quantity: str, word: str, condition: str) -> str:
    """`was the dew point higher`, the event left out that `of_two` names."""
    noun, under = english_nouns.phrase(quantity), conditioned(condition)
    what = english_events.told(noun).what
    if found := english_events.sized(what, word):
        return f"{be(quantity)} {english_nouns.definite(found[0])}{under} {found[1]}"
    return f"{be(quantity)} {english_nouns.definite(what)}{under} {degree(quantity, word)}"


def whose_more(quantity: str, subject: str) -> str:
    """Which of two things, persons or events: `the pilot of which aircraft was older`.

    `in the accident involving which aircraft was the dew point higher`, `which aircraft had the higher rated power`.
    """
    noun = english_nouns.phrase(quantity)
    kind = str(sibling(subject, "kind") or "")
    parts = english_events.told(noun)
    if parts.tail:
        inner = english_events.sized(parts.what, "higher")
        named, word = inner or (parts.what, degree(quantity, "higher"))
        return f"in the {parts.event} involving which {kind} {be(quantity)} {english_nouns.definite(named)} {word}"
    if parts.person:
        found = english_events.sized(noun, "higher")
        whose = english_events.WHOSE.match(noun)
        had = f"had the {degree(quantity, 'higher')} {whose['what'] if whose else noun}"
        return f"the {parts.person} of which {kind} {f'{be(quantity)} {found[1]}' if found else had}"
    if sibling(quantity, "shape") == "form" and kind:
        return f"which {kind} {'had' if past(quantity) else 'has'} the {degree(quantity, 'higher')} {noun}"
    return english_asking.which_more(quantity, subject)
