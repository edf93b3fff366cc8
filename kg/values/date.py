"""Dates: many spellings to ISO 8601. The precision of a date is the length of its ISO string."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, Literal

Precision = Literal["year", "month", "day"]

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MONTH_OF: Final = {spelling: n + 1 for n, m in enumerate(MONTHS) for spelling in (m.lower(), m[:3].lower())} | {
    "sept": 9
}

MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
"""Regular expression of an English month, to be used ignoring case."""

_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_YEAR: Final = r"(?P<y>1[5-9]\d\d|20\d\d|21\d\d)"
_TIME: Final = r"(?:,?\s+(?:at\s+)?\d{1,2}:?\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?)?"

_FORMS: Final = tuple(
    re.compile(f"^{_WEEKDAY}{form}{_TIME}$", re.IGNORECASE)
    for form in (
        rf"(?P<m>{MONTH})\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*{_YEAR}",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?\s*(?:of\s+)?(?P<m>{MONTH}),?\s*{_YEAR}",
        rf"(?P<d>\d{{1,2}})-(?P<m>{MONTH})-{_YEAR}",
        rf"{_YEAR}\s+(?P<m>{MONTH})\s+(?P<d>\d{{1,2}})",
        rf"{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:T[\d:.]+Z?)?",
        rf"{_YEAR}年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日",
        rf"(?P<m>{MONTH})\s*,?\s*{_YEAR}",
        rf"{_YEAR}[-/](?P<m>\d{{2}})",
        rf"(?P<m>0[1-9]|1[0-2])/{_YEAR}",
        rf"{_YEAR}年(?P<m>\d{{1,2}})月",
        rf"{_YEAR}年?",
    )
)
_NUMERIC: Final = re.compile(rf"^(\d{{1,2}})([/.\-])(\d{{1,2}})\2(\d{{4}}){_TIME}$", re.IGNORECASE)
_ISO: Final = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@lru_cache(maxsize=1 << 14)
def parse(text: str, *, day_first: bool | None = None) -> str | None:
    """`2007-12-08`, `2007-12` or `2007`; None where the text is not a date and nothing else (a time may follow).

    Args:
        text: the printed date.
        day_first: how `08/12/2007` is read; None: dots day first, slashes and dashes month first unless impossible.
    """
    text = " ".join(text.split()).strip(" .,;")
    for form in _FORMS:
        if match := form.match(text):
            return _iso(**match.groupdict())
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[3]), match[4]
        swap = match[2] == "." if day_first is None else day_first
        if first > 12:
            swap = True
        day, month = (first, second) if swap else (second, first)
        return _checked(int(year), month, day)
    return None


def _iso(y: str, m: str | None = None, d: str | None = None) -> str | None:
    if m is None:
        return y
    month = int(m) if m.isdigit() else _MONTH_OF[_month_key(m)]
    return _checked(int(y), month, int(d) if d else None)


def _month_key(text: str) -> str:
    word = text.lower().rstrip(".")
    return word if word in _MONTH_OF else word[:3]


def _checked(year: int, month: int, day: int | None) -> str | None:
    try:
        value = date(year, month, day or 1)
    except ValueError:
        return None
    return value.isoformat() if day else value.isoformat()[:7]


def precision(iso: str) -> Precision:
    """Of an ISO date as `parse` gives it. Raises: ValueError where it is none."""
    match = _ISO.match(iso)
    if not match:
        raise ValueError(f"not an ISO date: {iso!r}")
    return "day" if match[3] else "month" if match[2] else "year"


def spoken(iso: str) -> str:
    """`December 8, 2007`, `December 2007` or `2007`. Raises: ValueError where it is no ISO date."""
    kind = precision(iso)
    if kind == "year":
        return iso
    month = MONTHS[int(iso[5:7]) - 1]
    return f"{month} {iso[:4]}" if kind == "month" else f"{month} {int(iso[8:10])}, {iso[:4]}"
