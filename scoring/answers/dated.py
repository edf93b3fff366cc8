"""Judges of dates: every date of a statement, in several languages, against the expected one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.values import date as dates
from scoring.answers.clean import bare, plain
from scoring.answers.expected import Expected
from scoring.answers.words import MONTHS

_FOREIGN: Final = re.compile(rf"(?<!\w)({'|'.join(sorted(MONTHS, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_JOIN: Final = re.compile(
    r"(?<=\d)\s+(?:de|del|di|of)\s+|(?<=\d)(?:er|º|ª|º)(?=\s)|\b(?:de|del|di)\s+(?=(?:1[5-9]|20)\d\d)"
)
_WORD: Final = re.compile(r"\S+")
_LONGEST: Final = 5
"""Words of the longest date: `Sunday, 2 of July 1985`."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text."""

    iso: str
    start: int
    end: int


def judge(text: str, expected: Expected) -> bool | None:
    """Whether a statement gives the expected date; None where it gives none.

    A finer date than the expected one is right (a day for a year), a coarser one is not. Dates of the question are
    no answers where another date stands. `08/12/2007` is read month first, `08.12.2007` day first, as `kg.values` does.
    """
    right = _iso(expected)
    if right is None:
        return None
    if any(bare(text).casefold() == bare(form).casefold() for form in expected.forms):
        return True
    found = found_in(text, expected.language)
    asked = {dated.iso for dated in found_in(expected.question, expected.language)}
    said = [dated.iso for dated in found if dated.iso not in asked] or [dated.iso for dated in found]
    if not said:
        return None
    if re.search(r"(?i)\b(?:not|before|after|since|until|or|either)\b", plain(text)):
        return False
    finest = [iso for iso in said if not any(other != iso and other.startswith(iso) for other in said)]
    return all(iso.startswith(right) for iso in finest)


def _iso(expected: Expected) -> str | None:
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", expected.value):
        return expected.value
    return dates.parse(_english(expected.text))


def spans(text: str, *, full_only: bool = False) -> list[tuple[int, int]]:
    """Where dates stand in a text; `full_only`: bare years and plain digits are left out."""
    found = found_in(text, "en")
    return [
        (dated.start, dated.end)
        for dated in found
        if not full_only
        or re.search(
            r"[^\W\d_]{3}|^\d{4}-\d\d-\d\d$|^\d{1,2}[/.]\d{1,2}[/.]\d{4}$", text[dated.start : dated.end].strip(" .,;")
        )
    ]


def found_in(text: str, language: str) -> list[Dated]:
    """The dates of a text from left to right, the longest reading at each place."""
    text = _english(plain(text) if "\\" in text or "*" in text else text)
    text = re.sub(r"(\d{4}年\d{1,2}月(?:\d{1,2}日)?)", r" \1 ", text)
    words = list(_WORD.finditer(text))
    found, at = [], 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            phrase = text[start:end].strip("()[]\"'“”’.,;:!?")
            iso = dates.parse(phrase, day_first=True if language[:2] not in {"en", "zh", "ja", "ko"} else None)
            if iso is not None and not (size > 1 and dates.parse(words[at][0].strip(".,;()")) == iso):
                found.append(Dated(iso, start, end))
                at += size - 1
                break
        at += 1
    return found


def _english(text: str) -> str:
    """The text with foreign months in English and the small words between day, month and year gone."""
    if _FOREIGN.search(text):
        text = _FOREIGN.sub(lambda match: MONTHS[match[1].casefold()], _JOIN.sub(" ", text))
        text = re.sub(r"(?<=[a-z])\s+de(?:l)?\s+(?=\d{4})", " ", text)
    return text
