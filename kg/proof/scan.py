"""Values that running text states: numbers with unit and scale, dates. What cannot be read whole is not reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from kg.values import date as dates
from kg.values import number as numbers
from kg.values.name import singular
from schemas.fact import Value

_NUMBER: Final = re.compile(
    r"(?<![\w.,/\-])(?P<sign>[-−+]?)(?P<currency>US\$|[$€£¥₹]\s?)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<tail>\s?[%°$€£]|(?:[\s-][^\W\d_][\w²³/]*){1,4})?(?![\d,]*\d)"
)
# A look at the first character spares most places of a text the alternatives behind it: twice as fast.
_DATE: Final = re.compile(
    rf"(?=[jfmasond\d])\b(?:{dates.MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}|\d{{1,2}}\s+{dates.MONTH}\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?=[acefinprst\[])(?:\b(?:tables?|figures?|fig\.?|equations?|eq\.?|sections?|notes?|items?|parts?|pages?|chapters?"
    r"|appendix|steps?|no\.?|number|form|rule|exhibit)\s*\(?\d[\d.\-]*(?:\s*(?:,|and|to|-|–)\s*\d[\d.\-]*)*"
    r"|\[\d[\d,\s\-–]*\])",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+(?=[A-Z(\[“\"])")
_TOKEN: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?|[^\W_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and the characters [start, end) that state it."""

    value: Value
    start: int
    end: int


@lru_cache(maxsize=8192)
def stated(text: str) -> tuple[Stated, ...]:
    """Dates and numbers of a text, in order. Labels (`Table 3`), citations and the parts of dates are no numbers."""
    found, blocked = [], [match.span() for match in _LABEL.finditer(text)]
    for match in _DATE.finditer(text):
        iso = dates.parse(match[0])
        if iso:
            found.append(Stated(Value(kind="date", text=match[0], date=iso), *match.span()))
            blocked.append(match.span())
    for match in _NUMBER.finditer(text):
        start, end = match.span("number")
        if not any(low < end and start < high for low, high in blocked):
            found.append(_number(match))
    return tuple(sorted(found, key=lambda item: item.start))


def _number(match: re.Match[str]) -> Stated:
    """The longest reading of a number with what follows it."""
    head = f"{match['sign']}{match['currency'] or ''}{match['number']}"
    tail = match["tail"] or ""
    words = [""] + [tail[: end.end()] for end in re.finditer(r"[\s-]?[^\s-]+", tail)]
    for words_taken in reversed(words):
        value = numbers.parse((head + words_taken.replace("-", " ")).strip())
        if value is not None:
            return Stated(value, match.start(), match.start() + len(head) + len(words_taken))
    plain = numbers.parse(match["number"])
    assert plain is not None
    return Stated(plain, *match.span("number"))


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text: a full stop, a space and a capital part them; abbreviations may, too."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(text))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """Words in the form that the index compares: case folded, singular, thousands commas dropped."""
    import unicodedata

    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_token(match[0]) for match in _TOKEN.finditer(folded))


class Placed(NamedTuple):
    """A token of a text and the characters [start, end) that it is."""

    text: str
    start: int
    end: int


def placed(text: str) -> list[Placed]:
    """The tokens of a text with their places."""
    return [Placed(_folded(match[0]), *match.span()) for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    import unicodedata

    return _token(unicodedata.normalize("NFKC", word).casefold())


@lru_cache(maxsize=1 << 16)
def _token(word: str) -> str:
    if word[0].isdigit() or (word[0] == "-" and len(word) > 1):
        plain = word.replace(",", "").removeprefix("-")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return singular(word)
