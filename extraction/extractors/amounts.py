"""Amounts of a company at a time: "As of D, the Company had NP of $A", "NP was $A and $B for P and Q, respectively"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.extractors import phrases
from extraction.extractors.clauses import sentences, stands_alone, trimmed
from extraction.extractors.told import Told
from kg.values import number as numbers
from kg.values.date import MONTH
from kg.values.period import parse_period, spoken_period
from schemas.fact import Fact, Qualifiers

_DAY: Final = rf"(?:{MONTH}\s+\d{{1,2}},\s+\d{{4}}|(?:19|20)\d\d)"
_SPAN: Final = (
    r"(?:the )?(?:(?:three|six|nine|twelve) months ended|fiscal years?(?: ended)?|year ended|quarter ended"
    r"|(?:first|second|third|fourth) quarters? of(?: fiscal years?)?)"
)
_VALUE: Final = (
    r"(?:US)?\$\s?\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion))?(?: per share)?"
    r"|\d[\d,]*(?:\.\d+)?(?:%| percent| (?:million|billion) shares| years| days| hours)"
)
_WHEN: Final = (
    rf"(?P<prep>for|as of|in|during|at)\s+(?:both\s+)?(?P<one>(?:{_SPAN}\s+)?{_DAY})"
    rf"(?:\s+and\s+(?P<two>(?:{_SPAN}\s+)?{_DAY}))?"
)
_NOUN: Final = r"(?P<noun>(?:[A-Za-z][\w’'&/-]*,? ){0,11}?[A-Za-z][\w’'&/-]*)"
_PAIR: Final = rf"(?P<a>{_VALUE})(?:\s+and\s+(?P<b>{_VALUE}))?"
_END: Final = r"(?:,\s+respectively)?(?=[,.; ]|$)"
PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_WHEN},\s+(?:the company|we)\s+had\s+(?:an? )?(?:outstanding )?{_NOUN}\s+of\s+{_PAIR}{_END}",
        rf"^{_WHEN},\s+(?:(?:the company|we)\s+had|there (?:was|were))\s+{_PAIR}\s+(?:of|in)\s+{_NOUN}"
        r"(?=\.|;|$|,\s+(?:respectively|an?|all|which|with|of)\b)",
        rf"^{_WHEN},\s+(?:the |our )?{_NOUN}(?:, based on [^,]+,)?\s+(?:was|were|totaled)\s+{_PAIR}{_END}",
        rf"^(?:the |our )?{_NOUN}\s+(?:was|were|totaled|decreased to|increased to)\s+{_PAIR}\s+{_WHEN}{_END}",
        rf"^(?:the |our )?{_NOUN}\s+{_WHEN}\s+(?:was|were|totaled)\s+{_PAIR}{_END}",
    )
)
_BROKEN: Final = re.compile(r"\b(?:we|our|us|which|for an?|company|respective|an additional)\b", re.IGNORECASE)


def amounts(told: Told) -> Iterator[Fact]:
    """Amounts that a company states of itself, each with its period."""
    if not told.company:
        return
    text = told.chunk.text
    for sentence in sentences(text):
        start, end = trimmed(text, sentence)
        match = next((m for pattern in PATTERNS if (m := pattern.match(text[start:end]))), None)
        if match is not None and bool(match["b"]) == bool(match["two"]):
            yield from _of_match(told, match, start)


def _of_match(told: Told, match: re.Match[str], start: int) -> Iterator[Fact]:
    subject, noun = told.own(), _tidy(told, match["noun"])
    periods = _periods(match["one"], match["two"])
    if noun is None or subject is None or None in periods:
        return
    for group, period in zip(("a", "b"), periods, strict=False):
        value = numbers.parse(match[group])
        if value is None or period is None:
            return
        span = (start + match.start(group), start + match.end(group))
        qualifiers = Qualifiers(period=period, period_text=spoken_period(period))
        yield told.fact(subject, "sentence", noun, value, span, qualifiers=qualifiers)


def _periods(one: str, two: str | None) -> list[str | None]:
    """Normal periods; the second takes the words of the first that it leaves out ("fiscal years 2024 and 2023")."""
    first = re.sub(r"\b(year|quarter)s\b", r"\1", one)
    found = [parse_period(first)]
    if two:
        lead = re.sub(rf"{_DAY}$", "", first, flags=re.IGNORECASE)
        found.append(parse_period(two) if re.match(_SPAN, two, re.IGNORECASE) else parse_period(lead + two))
    return found


def _tidy(told: Told, noun: str) -> str | None:
    """The noun phrase as it is said of the company, None where it is none."""
    noun = re.sub(r"^(?:the|our|an?|total number of)\s+", "", noun.strip(" ,"), flags=re.IGNORECASE)
    noun = re.sub(r"^(?:the )?Company[’']s\s+", "", noun)
    noun = re.sub(r"\b(?:the )?Company[’']s\s+", "the ", noun)
    # `Data Center revenue` and `Gaming revenue` are names; `Income tax expense` only opens its sentence.
    opens = re.match(r"[A-Z][a-z]+(?=$| [a-z(])", noun)
    if opens and opens[0] not in told.proper:
        noun = noun[0].lower() + noun[1:]
    if not phrases.is_noun_phrase(noun) or not stands_alone(noun) or _BROKEN.search(noun):
        return None
    return noun
