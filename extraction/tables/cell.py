"""What one cell says, once footnote marks, stars and trailing annotations are off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from kg.values import date as dates
from kg.values import number as numbers
from schemas.fact import Value

CellKind = Literal["blank", "missing", "number", "date", "mark", "text"]

_FOOTNOTE: Final = re.compile(
    r"(?:\s*\((?:\d{1,2}|[a-f])\)|\s*[*†‡§¶]+|\s*\[(?:\d{1,2}|[a-z])\]|(?<=[^\s\d])[¹²³⁴⁵⁶⁷⁸⁹]+)+\s*:?$"
)
_STARS: Final = re.compile(r"[*†‡§¶‹›↑↓]+$|^[*†‡§¶]+")
_ANNOTATION: Final = re.compile(
    r"^(?P<value>.*?\d\s*%?)\s*\((?:[+\-−–±Δ↑↓]\s*[\d.]+%?|\d+(?:\.\d+)?\s*[↑↓])\)$|^(?P<v2>.*?\d)\s*[↑↓]\s*[\d.]*$"
)
_SPREAD: Final = re.compile(r"^(?P<value>[-−]?\d+(?:\.\d+)?)\s*(?:±|\+/-)\s*\d+(?:\.\d+)?$")
_CITATION: Final = re.compile(
    r"\s*\(\s*[^()\d]{2,60}?(?:et\s+al\.?|and\s+\w[\w\-]+|&\s*\w[\w\-]+|[A-Z][\w\-]+)\s*,?\s*\(?(?:19"
    r"|20)\d\d[a-z]?\)?\s*\)"
    r"|\s*\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]"
    r"|\s+[A-Z][\w\-]+(?:\s+et\s+al\.?|\s+and\s+[A-Z][\w\-]+)?\s*\((?:19|20)\d\d[a-z]?\)"
)
_MARKS: Final = {"✓": "yes", "✔": "yes", "✅": "yes", "✗": "no", "✘": "no", "❌": "no", "×": "no"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says; `value` for numbers, dates and texts."""

    kind: CellKind
    text: str
    value: Value | None = None


def without_footnote(text: str) -> str:
    """A label without trailing footnote marks: `Services (3)` -> `Services`; trade marks go too."""
    text = re.sub(r"\s*[®™©]", "", text).strip()
    previous = None
    while previous != text:
        previous, text = text, _FOOTNOTE.sub("", text).strip()
        text = text or previous
        if text == previous:
            break
    return text


def without_citation(text: str) -> str:
    """A name without a citation: `APPS (Hendrycks et al., 2021a)` -> `APPS`."""
    return " ".join(_CITATION.sub("", text).split()) or text


@lru_cache(maxsize=1 << 15)
def read(text: str) -> Reading:
    """Reads one data cell. A date is a date only with its year; a bare year is a number."""
    printed = " ".join(text.split())
    if not printed:
        return Reading("blank", "")
    if printed in _MARKS:
        return Reading("mark", _MARKS[printed])
    if numbers.is_missing(printed) or re.fullmatch(r"[$€£]?\s*[—–-]\s*%?", printed):
        return Reading("missing", printed)
    if value := _number(printed):
        return Reading("number", value.text, value)
    if (iso := dates.parse(printed)) and len(iso) > 4:
        return Reading("date", printed, Value(kind="date", text=printed, date=iso))
    return Reading("text", printed, Value(kind="text", text=without_footnote(printed)))


def _number(printed: str) -> Value | None:
    """The number of a cell, also with stars, a change in brackets, a deviation or a lost currency sign around it."""
    for candidate in _candidates(printed):
        value = numbers.parse(candidate)
        if value is not None:
            return value
    return None


def _candidates(printed: str) -> tuple[str, ...]:
    plain = _STARS.sub("", printed).strip()
    found = [printed, plain, re.sub(r"\s*\$$", "", plain)]
    if match := _ANNOTATION.match(plain):
        found.append((match["value"] or match["v2"]).strip())
    if match := _SPREAD.match(plain):
        found.append(match["value"])
    if re.match(r"^\(?[$\d.,\s()%−-]+\)?\s*(?:\((?:\d|[a-z])\))$", plain) and not plain.startswith("("):
        found.append(re.sub(r"\s*\((?:\d|[a-z])\)$", "", plain))
    return tuple(found)
