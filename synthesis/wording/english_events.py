"""English of event reports: an accident report tells of an aircraft, of its pilot, and of the accident itself.

    age of the pilot                       how old was the pilot of the Piper N5921D
    length of the runway in the accident   how long was the runway in the accident involving the Piper N5921D
    dew point at the time of the accident  what was the dew point at the time of the accident involving ...
    location of the accident               where did the accident involving ... happen

What is the event's is never said of the thing: an aircraft has no runway and no dew point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from synthesis.wording import english_nouns
from synthesis.wording.word_sets import words

EVENTS: Final = words("accident incident crash collision fire outage failure flood spill recall derailment")
PERSONS: Final = words("pilot copilot driver captain master patient engineer operator conductor skipper rider crew")
PLACES: Final = words("airport airfield station port harbor harbour road highway plant mine site")
TAIL: Final = re.compile(
    rf"^(?P<what>.+?) (?P<tail>(?:of|in|at the time of) the (?P<event>{'|'.join(sorted(EVENTS))}))$"
)
WHOSE: Final = re.compile(rf"^(?P<what>.+?) (?:of|by) the (?P<person>{'|'.join(sorted(PERSONS))})$")
DONE: Final = re.compile(
    rf"^(?P<what>.+) (?P<verb>used|occupied|worn|held|chosen) by the (?P<person>{'|'.join(sorted(PERSONS))})$"
)
VERBS: Final = {"used": "use", "occupied": "occupy", "worn": "wear", "held": "hold", "chosen": "choose"}
HELD: Final = re.compile(r"\b(?:certificate|certification|rating|licen[cs]e|permit)$")
FILED: Final = re.compile(r"^(?P<what>(?:type|kind|class) of .+) (?P<verb>filed|issued|requested)$")
FLOWN: Final = re.compile(
    rf"^(?P<total>total )?(?P<what>flight|flying|duty|driving) time of the (?P<person>{'|'.join(sorted(PERSONS))})$"
)
"""Time that a person has put in, counted in hours."""
SIZE: Final = re.compile(r"^(?P<size>age|length|width|depth) of the (?P<what>.+)$")
SIZES: Final = {
    "age": ("old", "older", "oldest", "younger", "youngest"),
    "length": ("long", "longer", "longest", "shorter", "shortest"),
    "width": ("wide", "wider", "widest", "narrower", "narrowest"),
    "depth": ("deep", "deeper", "deepest", "shallower", "shallowest"),
}
DEGREES: Final = ("", "higher", "highest", "lower", "lowest")
OF_EVENT: Final = re.compile(r" that had an? (?P<event>\w+) (?=in |on |near )")


@dataclass(frozen=True, slots=True)
class Told:
    """A quantity of an event report, taken apart."""

    what: str
    """Without the event: `dew point`."""
    tail: str
    """`at the time of the accident`; empty where the quantity is not the event's."""
    event: str
    person: str


def told(noun: str) -> Told:
    """`total flight time of the pilot` -> a person's; `dew point at the time of the accident` -> the event's."""
    found = TAIL.match(noun)
    what = found["what"] if found else noun
    whose = WHOSE.match(what)
    return Told(what, found["tail"] if found else "", found["event"] if found else "", whose["person"] if whose else "")


def once(noun: str, whom: str) -> str:
    """An event that the noun phrase names is not told again: `the accident involving the Cessna 210 in Arteaga`."""
    found = OF_EVENT.search(whom)
    return OF_EVENT.sub(" ", whom) if found and found["event"] in noun.split() else whom


def owned(noun: str, whom: str) -> str:
    """The noun phrase with its subject behind it: `involving` behind an event, else `of`; no subject, no clause."""
    if not whom:
        return english_nouns.definite(noun)
    joint = "involving" if told(noun).tail else "of"
    return f"{english_nouns.definite(noun)} {joint} {once(noun, whom)}"


def asked(noun: str, kind: str, whom: str, *, past: bool) -> str | None:
    """The opening of a question where English has a better one than "what was the ..."; None where it has none.

    Args:
        noun: the quantity as running text.
        kind: of the value: number, date, text, entity.
        whom: the subject as said; empty where the sentence has named the event.
        past: whether it happened.
    """
    is_, parts = ("was" if past else "is"), told(noun)
    if parts.event and (opening := _circumstance(parts, kind)):
        happening = f"the {parts.event} involving {once(noun, whom)}" if whom else "it"
        return f"{opening} did {happening} happen"
    if kind == "number" and (flown := FLOWN.match(noun)):
        hours = f"how many {flown['total'] or ''}{flown['what']} hours"
        return f"{hours} {'did' if past else 'does'} {owned(flown['person'], whom)} have"
    if kind == "number" and (sized := SIZE.match(noun)):
        return f"how {SIZES[sized['size']][0]} {is_} {owned(sized['what'], whom)}"
    if kind in ("text", "entity"):
        return _deed(noun, parts, whom)
    return None


def _circumstance(parts: Told, kind: str) -> str | None:
    """`where`, `when`, `at what time`, `at which airport`: what an event has by itself."""
    if parts.what in ("location", "place"):
        return "where"
    if parts.what in ("date", "day") and kind == "date":
        return "when"
    if parts.what in ("time", "local time"):
        return "at what time"
    return f"at which {parts.what}" if parts.what in PLACES and kind in ("text", "entity") else None


def _deed(noun: str, parts: Told, whom: str) -> str | None:
    """What somebody held, used or filed: `what certificate did the pilot of the Piper N5921D hold`."""
    if done := DONE.match(noun):
        return f"what {done['what']} did {owned(done['person'], whom)} {VERBS[done['verb']]}"
    whose = WHOSE.match(noun)
    if whose and HELD.search(whose["what"]):
        return f"what {whose['what']} did {owned(whose['person'], whom)} hold"
    if filed := FILED.match(noun):
        return f"what {filed['what']} was {filed['verb']}" + (f" for {whom}" if whom else "")
    if re.search(r"\b(?:fire|explosion)$", parts.what) and (parts.tail or not whom):
        where = f" {parts.tail}" + (f" involving {once(noun, whom)}" if whom else "") if parts.tail else ""
        return f"what kind of {parts.what} was there{where}"
    return None


def sized(noun: str, degree: str) -> tuple[str, str] | None:
    """(`pilot`, `older`) of the age of the pilot; None for quantities without an adjective of their own."""
    found = SIZE.match(noun)
    if found is None or degree not in DEGREES:
        return None
    return found["what"], SIZES[found["size"]][DEGREES.index(degree)]


def twin(noun: str, whom: str) -> str | None:
    """The same of another event or person: `that at the time of the accident involving ...`, `that of the pilot of`."""
    parts = told(noun)
    pronoun = "those" if english_nouns.is_plural(noun) else "that"
    if parts.tail:
        return f"{pronoun} {parts.tail} involving {once(noun, whom)}"
    return f"{pronoun} of the {parts.person} of {whom}" if parts.person else None


def handle(what: str, value: str, kind: str) -> tuple[str, str] | None:
    """(clause behind the event's noun, the same as a predicate) for facts that single an event out by a circumstance.

    Args:
        what: the quantity without its event: `location`, `departure point`.
        value: as said: `Tallahassee, FL`, `December 8, 2007`.
        kind: noun of the event's subject: `aircraft`.

    Returns:
        `in Tallahassee, FL` and `happened in Tallahassee, FL`; None for other quantities.
    """
    thing = english_nouns.article(kind)
    happened = {
        "location": f"in {value}",
        "place": f"in {value}",
        "date": f"{'on' if re.search(r'[0-9],', value) else 'in'} {value}",
        "departure point": f"on a flight from {value}",
        "destination": f"on a flight to {value}",
        "airport": f"at {value}",
    }
    involved = {
        "registration": f"the {kind} {value}",
        kind: english_nouns.article(value),
        "operator": f"{thing} operated by {value}",
        "registered owner": f"{thing} registered to {value}",
    }
    if what in happened:
        return happened[what], f"happened {happened[what]}"
    if what in involved:
        return f"involving {involved[what]}", f"involved {involved[what]}"
    return None


def calm(text: str) -> str:
    """A name in capitals as people write it: `HOUSTON, TX` -> `Houston, TX`; other text stays."""
    if not text.isupper() or not re.search(r"[A-Z]{4}", text):
        return text
    return re.sub(r"[A-Z]{3,}", lambda match: match[0].title(), text)
