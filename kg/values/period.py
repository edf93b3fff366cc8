"""Periods: instants and durations, from headers and phrases to a normal form, and back to words.

normal                what it is                            as people say it
`2022-06-25`          instant                               as of June 25, 2022
`P3M/2022-06-25`      duration that ends on that day        in the three months ended June 25, 2022
`P1Y/2019-12-31`      (days W, M, Y as in ISO 8601)         in the year ended December 31, 2019
`P3M/2022-06`         end known to the month                in the three months ended June 2022
`FY2024`, `FY2024-Q1` fiscal year, its quarter or half      in fiscal year 2024, in the first quarter of fiscal year ...
`2007-Q1`, `2007-H1`  quarter or half of a year             in the first quarter of 2007
`2007`, `2007-06`     calendar year or month                in 2007, in June 2007
`2007/2010`           from year to year                     from 2007 to 2010
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from kg.values import date as dates

_COUNTS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "twenty six": 26, "twenty-six": 26, "thirty nine": 39,
    "thirty-nine": 39, "fifty two": 52, "fifty-two": 52, "fifty three": 53, "fifty-three": 53,
}  # fmt: skip
_WORDS: Final = {n: w.replace(" ", "-") for w, n in _COUNTS.items()}
_ORDINALS: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_ORDINAL_WORDS: Final = ("", "first", "second", "third", "fourth")

_COUNT: Final = "|".join(sorted(_COUNTS, key=len, reverse=True)) + r"|\d{1,2}"
_DURATION: Final = re.compile(
    rf"\b(?:(?P<n>{_COUNT})[\s-]+(?P<u>weeks?|months?|years?)(?:\s+periods?)?"
    r"|(?P<fq>(?:fiscal\s+|financial\s+)?(?P<q>quarters?|half[\s-]years?|years?|months?|weeks?)(?:\s+periods?)?))"
    r"\s*(?:ended|ending|to|end)\b",
    re.IGNORECASE,
)
_YEAR: Final = r"(?:1[5-9]\d\d|20\d\d|21\d\d)"
_DAY: Final = re.compile(
    rf"\b(?:{dates.MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*{_YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{dates.MONTH},?\s*{_YEAR}"
    rf"|{dates.MONTH},?\s*{_YEAR}|{_YEAR}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}})",
    re.IGNORECASE,
)
_SPLIT_DAY: Final = re.compile(rf"^(?P<y>{_YEAR})\W+(?P<md>{dates.MONTH}\s*\d{{1,2}}),?$", re.IGNORECASE)
_AS_OF: Final = re.compile(r"\b(?:as\s+(?:of|at)|balance\s+at|balances\s+as\s+of)\b", re.IGNORECASE)
_FISCAL: Final = r"(?:fiscal(?:\s+year)?s?|financial\s+year|fy|f\.y\.)"
_FISCAL_YEAR: Final = re.compile(
    rf"^(?:the\s+)?{_FISCAL}\s*['’]?(?P<y>{_YEAR}|\d\d)$|^(?P<y2>{_YEAR})\s+{_FISCAL}$", re.IGNORECASE
)
_PART: Final = re.compile(
    r"^(?:the\s+)?(?:(?P<p>[qh])(?P<n>[1-4])|(?P<n2>[1-4])(?P<p2>[qh])|(?P<o>first|second|third|fourth|[1-4](?:st|nd|rd|th))[\s-]+"
    r"(?P<w>quarter|half))\s*[,/\-]?\s*(?:of\s+)?(?:the\s+)?"
    rf"(?P<fy>{_FISCAL})?\s*['’]?(?P<y>{_YEAR}|\d\d)$",
    re.IGNORECASE,
)
_PART_LAST: Final = re.compile(
    rf"^(?P<fy>{_FISCAL})?\s*['’]?(?P<y>{_YEAR})\s*[,\-–]?\s*(?P<p>[qh])(?P<n>[1-4])$", re.IGNORECASE
)
_RANGE: Final = re.compile(
    rf"^(?:from\s+|between\s+)?(?P<a>{_YEAR})\s*(?:[-–—/]|to|and|through|until)\s*(?P<b>{_YEAR}|\d\d)$", re.IGNORECASE
)
_FILLER: Final = re.compile(
    r"\((?:un)?audited\)|\b(?:for|in|during|the|at|on|as|of|and|restated|actual)\b|[,.;:()\s]+|\*+", re.IGNORECASE
)
_NORMAL: Final = re.compile(
    r"^(?:P(?P<n>\d+)(?P<u>[DWMY])/(?P<end>\d{4}(?:-\d\d){0,2})|(?P<fy>FY)?(?P<y>\d{4})(?:-(?P<p>[QH])(?P<k>[1-4]))?"
    r"|(?P<a>\d{4})/(?P<b>\d{4})|(?P<date>\d{4}-\d\d(?:-\d\d)?))$"
)


def parse_period(text: str | Sequence[str]) -> str | None:
    """The normal form of a period that a header, a header path (outside in) or a phrase names, or None.

    The whole text must be the period: `Change` or `Three Months Ended` alone give None.
    """
    return _parse(text if isinstance(text, str) else " ".join(text))


@lru_cache(maxsize=1 << 14)
def _parse(text: str) -> str | None:
    text = " ".join(text.split()).strip(" ,.;:*")
    if duration := _DURATION.search(text):
        return _duration(text, duration)
    instant = bool(_AS_OF.search(text))
    bare = re.sub(
        r"^(?:for|in|during|at|on|from)\s+(?:the\s+)?(?!\d{4}\s+to)",
        "",
        _AS_OF.sub(" ", text).strip(),
        flags=re.IGNORECASE,
    )
    bare = re.sub(r"\s*\((?:un)?audited\)|\s*\*+$", "", bare.strip(), flags=re.IGNORECASE).strip(" ,.;:")
    if iso := _day(bare):
        return iso
    if instant:
        return None
    return _named(bare)


def _duration(text: str, match: re.Match[str]) -> str | None:
    rest = (text[: match.start()] + " " + text[match.end() :]).strip()
    end = _day(rest)
    if end is None:
        rest = _FILLER.sub(" ", rest).strip()
        end = dates.parse(rest) if rest else None
    if end is None:
        return None
    if match["n"]:
        count = _COUNTS.get(match["n"].lower()) or int(match["n"])
        letter = match["u"][0].upper()
    else:
        word = match["q"].lower()
        count, letter = {"q": (3, "M"), "h": (6, "M"), "y": (1, "Y"), "m": (1, "M"), "w": (1, "W")}[word[0]]
    if (count, letter) == (12, "M"):
        count, letter = 1, "Y"
    return f"P{count}{letter}/{end}"


def _day(text: str) -> str | None:
    """The ISO day or month that the text is, but for filler words and with the year before or behind."""
    if match := _SPLIT_DAY.match(text):
        return dates.parse(f"{match['md']}, {match['y']}")
    match = _DAY.search(text)
    if match is None or _FILLER.sub("", text[: match.start()] + " " + text[match.end() :]):
        return None
    return dates.parse(match[0])


def _named(text: str) -> str | None:
    """Years, fiscal years, quarters and ranges of years."""
    if re.fullmatch(rf"(?:(?:calendar\s+)?years?\s+)?({_YEAR})[AE]?", text, re.IGNORECASE):
        return text.rstrip("AEae")[-4:]
    if match := _FISCAL_YEAR.match(text):
        return f"FY{_full(match['y'] or match['y2'])}"
    if match := _PART.match(text):
        part = (match["p"] or match["p2"] or match["w"][0]).upper()
        number = int(match["n"] or match["n2"] or 0) or _ORDINALS[match["o"].lower()]
        return f"{'FY' if match['fy'] else ''}{_full(match['y'])}-{part}{number}"
    if match := _PART_LAST.match(text):
        return f"{'FY' if match['fy'] else ''}{match['y']}-{match['p'].upper()}{match['n']}"
    if match := _RANGE.match(text):
        last = match["b"] if len(match["b"]) == 4 else match["a"][:2] + match["b"]
        return f"{match['a']}/{last}" if int(last) > int(match["a"]) else None
    return None


def _full(year: str) -> str:
    if len(year) == 4:
        return year
    return ("20" if int(year) < 70 else "19") + year


def is_instant(normal: str) -> bool:
    """Whether a normal period is a point in time."""
    return len(normal) == 10 and normal[4] == "-"


def spoken_period(normal: str) -> str:
    """As people say it, with its preposition. Raises: ValueError where it is no normal period."""
    match = _NORMAL.match(normal)
    if match is None:
        raise ValueError(f"not a normal period: {normal!r}")
    if match["n"]:
        return _spoken_duration(int(match["n"]), match["u"], match["end"])
    if match["date"]:
        return f"{'as of' if is_instant(normal) else 'in'} {dates.spoken(normal)}"
    if match["a"]:
        return f"from {match['a']} to {match['b']}"
    year = f"fiscal year {match['y']}" if match["fy"] else match["y"]
    if match["p"]:
        return f"in the {_ORDINAL_WORDS[int(match['k'])]} {'quarter' if match['p'] == 'Q' else 'half'} of {year}"
    return f"in {year}"


def _spoken_duration(count: int, letter: str, end: str) -> str:
    unit = {"D": "day", "W": "week", "M": "month", "Y": "year"}[letter]
    amount = unit if count == 1 else f"{_WORDS.get(count, str(count))} {unit}s"
    return f"in the {amount} ended {dates.spoken(end)}"


def end_of(normal: str) -> str:
    """The last day, month or year of a period as an ISO date: what periods are ordered by."""
    if "/" in normal:
        return normal.split("/", 1)[1]
    year = normal.removeprefix("FY")
    if match := re.fullmatch(r"(\d{4})-([QH])(\d)", year):
        return f"{match[1]}-{int(match[3]) * (3 if match[2] == 'Q' else 6):02d}"
    return year


def day_of(normal: str | None) -> int | None:
    """The last day of a period as a number, so that periods can be set apart in days; None where no day is known."""
    if not normal:
        return None
    try:
        return date.fromisoformat(end_of(normal)).toordinal()
    except ValueError:
        return None
