"""From a form's label to the noun phrase that a person would say, with what the heading adds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from extraction.extractors import phrases
from extraction.extractors.structure import EVENTS

ABBREVIATIONS: Final = {
    "max": "maximum", "max.": "maximum", "min": "minimum", "min.": "minimum", "avg": "average", "avg.": "average",
    "wt": "weight", "wt.": "weight", "no.": "number", "num.": "number", "temp": "temperature", "temp.": "temperature",
    "qty": "quantity", "qty.": "quantity", "est.": "estimated", "approx.": "approximate", "info": "information",
    "dept.": "department", "amt.": "amount", "alt.": "altitude", "dist.": "distance", "tel.": "telephone",
    "mfr.": "manufacturer", "mfg.": "manufacturing", "yr.": "year", "hrs.": "hours", "addl.": "additional",
}  # fmt: skip

HEADING_FILLER: Final = phrases.words(
    "information info details data facts particulars summary section general form record profile overview and"
)
EVENT_ATTRIBUTES: Final = phrases.words(
    "date time location place cause latitude longitude severity duration coordinates report investigator docket "
    "investigation finding day month year"
)
"""What an event has itself: `date of the accident`."""
EVENT_OUTCOMES: Final = phrases.words("injury damage death fatality casualty victim fire explosion loss")
"""What happens in an event: `aircraft damage in the accident`."""
PLACES: Final = phrases.words("airport airfield runway station port harbor harbour road site plant mine")
"""Headings over labels of the place where an event happened: none of it is the subject's."""
SIZES: Final = phrases.words("length width depth elevation")
WEATHER: Final = phrases.words("meteorological weather environmental climate atmospheric")
NOT_WEATHER: Final = phrases.words(
    "departure destination flight route clearance airspace arrival plan observation observed facility station"
)
"""Labels among weather labels that belong to the journey or to the instrument, not to the moment."""
ASSIGNED: Final = phrases.words(
    "number no code id identifier registration serial docket zip phone telephone used model series make name"
)
"""Heads and words of labels whose values are names although they may look like numbers."""
_PARTICIPLE: Final = re.compile(r"^(?P<noun>.+) (?P<verb>used|occupied|worn|held|operated|carried|chosen)$")
_TWO_PLACED: Final = re.compile(r"^(?:distance|direction|bearing|offset|difference) (?:from|to)\b")
_BARE_PLACE: Final = re.compile(
    r"\b(?P<prep>at|from|since|before|after|during|near) (?P<noun>(?!the\b|a\b|an\b|all\b|each\b)[a-z]+)\b"
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a label asks for: one noun phrase per part."""

    parts: tuple[str, ...]
    joint: str
    """`/`, `,`, `&` or `` for a single part."""

    @property
    def whole(self) -> str:
        """The parts as one noun phrase: `engine model or series`."""
        if len(self.parts) == 1:
            return self.parts[0]
        words = [part.split() for part in self.parts]
        shared = _shared(words)
        tails = [" ".join(w[shared:]) for w in words[1:]]
        word = " or " if self.joint == "/" else " and "
        return self.parts[0] + word + word.join(tails)


@dataclass(frozen=True, slots=True)
class Topic:
    """What the heading over a label says: `Pilot Information` -> ("pilot",)."""

    nouns: tuple[str, ...]

    @property
    def person(self) -> str | None:
        """The person that the labels are about, if it is one."""
        first = self.nouns[0] if self.nouns else ""
        return first if first in phrases.PERSONS and len(self.nouns) == 1 else None


def read_label(text: str) -> Label | None:
    """The noun phrases that a label names; None where it is none (ends with a preposition, is two-placed)."""
    text = re.sub(r"\(s\)", "", text).strip().rstrip(":").strip()
    text = re.sub(r"\s*\((?P<short>[A-Z]{2,6})\)$", _without_acronym, text)
    if not text or len(text.split()) > 10:
        return None
    joint = next((j for j in ("/", " & ", ",") if j in text), "")
    parts = [p.strip() for p in text.split(joint)] if joint else [text]
    if not all(parts) or len(parts) > 3:
        return None
    nouns = _distributed([_noun(part) for part in parts], joint)
    if any(_loose(noun) for noun in nouns):
        return None
    return Label(parts=tuple(nouns), joint=joint.strip())


def _without_acronym(match: re.Match[str]) -> str:
    """Drops an acronym of the label itself: `Investigator In Charge (IIC)`; other brackets qualify and stay."""
    initials = "".join(w[0] for w in match.string[: match.start()].split()).upper()
    return "" if match["short"] == initials else match[0]


def _noun(part: str) -> str:
    noun = " ".join(ABBREVIATIONS.get(word.lower(), word) for word in phrases.lowered(part).split())
    return _BARE_PLACE.sub(lambda m: f"{m['prep']} the {m['noun']}", re.sub(r"\bof last\b", "of the last", noun))


def _distributed(parts: list[str], joint: str) -> list[str]:
    """Words that the parts of a label share: `date/type of last inspection`, `runway length/width`."""
    last = parts[-1].split()
    tail = parts[-1].partition(" of ")
    if len(parts) > 1 and tail[1] and len(tail[0].split()) == 1 and all(len(p.split()) == 1 for p in parts[:-1]):
        return [f"{part} of {tail[2]}" for part in parts[:-1]] + [parts[-1]]
    first = parts[0].split()
    if joint == "," and len(parts) == 2 and len(first) > 1 and len(last) == 1:
        return [parts[0], f"{parts[1]} of the {parts[0]}"]
    if joint == "/" and len(first) > 1 and len(last) == 1:
        return [parts[0]] + [" ".join([*first[:-1], part]) for part in parts[1:]]
    return parts


def _shared(words: list[list[str]]) -> int:
    count = 0
    while all(len(w) > count + 1 for w in words) and len({w[count] for w in words}) == 1:
        count += 1
    return count


def _loose(noun: str) -> bool:
    words = noun.split()
    return words[-1] in phrases.STOP or bool(_TWO_PLACED.match(noun))


def read_topic(heading: str | None) -> Topic:
    """The nouns of a heading without its filler: `Aircraft and Owner/Operator Information` -> aircraft, owner/..."""
    if not heading or len(heading.split()) > 8 or EVENTS & set(heading.lower().split()):
        return Topic(())
    words = re.sub(r"^[\dIVX]+[.)]?\s+", "", heading).lower()
    conjuncts = re.split(r"\s+and\s+|\s*&\s*|,\s*", words)
    nouns = []
    for conjunct in conjuncts:
        kept = [w for w in conjunct.split() if w not in HEADING_FILLER]
        if kept:
            nouns.append(kept[-1] if kept[-1] in phrases.PERSONS else " ".join(kept))
    return Topic(tuple(nouns))


def qualified(noun: str, topic: Topic, *, event: str | None, subject_kind: str) -> str:
    """The noun phrase with what the heading adds, so that it can be said of the document's subject.

    Args:
        noun: of the label, e.g. `age`.
        topic: of the heading that it stands under.
        event: what happened to the subject, where the document reports an event: `aviation accident`.
        subject_kind: singular noun, `aircraft`.

    Returns:
        `age of the pilot`, `wind speed at the time of the accident`, `length of the runway in the accident`.
    """
    words = set(re.findall(r"[a-z]+", noun.lower()))
    happening = event.split()[-1] if event else None
    if topic.person:
        return noun if topic.person in words else _of_person(noun, topic.person)
    if happening is None or happening in words:
        return noun
    if subject_kind in topic.nouns[:1]:
        return noun
    head = phrases.head(noun)
    if topic.nouns and WEATHER & set(topic.nouns[0].split()):
        return noun if words & NOT_WEATHER else f"{noun} at the time of the {happening}"
    if topic.nouns and topic.nouns[0] in PLACES:
        return f"{_of_place(noun)} in the {happening}"
    outcome = {w.removesuffix("ies") + "y" if w.endswith("ies") else w for w in words} & EVENT_OUTCOMES
    if not outcome and (head in EVENT_ATTRIBUTES or words & phrases.PERSONS):
        return noun if words & NOT_WEATHER else f"{noun} of the {happening}"
    return f"{noun} in the {happening}" if outcome else noun


def _of_place(noun: str) -> str:
    """`runway length` -> `length of the runway`."""
    *place, size = noun.split()
    return f"{size} of the {' '.join(place)}" if place and size in SIZES else noun


def _of_person(noun: str, person: str) -> str:
    match = _PARTICIPLE.match(noun)
    if noun.endswith((" performed", " conducted")):
        return f"{noun} on the {person}"
    if match:
        return f"{match['noun']} {match['verb']} by the {person}"
    return f"{noun} of the {person}"


def is_assigned(noun: str) -> bool:
    """Whether the values of a label are assigned names: numbers of documents, codes, registrations."""
    words = noun.lower().split()
    return phrases.head(noun) in ASSIGNED or (bool(words) and words[-1] in ASSIGNED)


def is_plural(noun: str) -> bool:
    """Whether the head of a label counts things: `seats`, `engines`, `crew injuries`."""
    head = phrases.head(noun)
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "series", "gas", "status")) and len(head) > 3
