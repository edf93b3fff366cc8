"""Acronyms that a text defines: `reward model (RM)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BRACKET: Final = re.compile(r"\((?P<short>[A-Z][\w&-]{1,9}?)(?P<plural>s)?(?:[,;][^()]*)?\)")
_QUOTED: Final = re.compile(r"\((?:the |each an? |an? )?[“\"](?P<short>[^”\"()]{2,40})[”\"]\)")
_BREAKS: Final = re.compile(r"[.;:!?()\[\]“”\"]")


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form with its long form and where both stand."""

    short: str
    long: str
    span: tuple[int, int]
    """Of the short form."""
    long_span: tuple[int, int]


def acronyms(text: str) -> Iterator[Acronym]:
    """Short forms in brackets right behind their long form.

    Source: Schwartz and Hearst 2003, "A simple algorithm for identifying abbreviation definitions in biomedical text",
    with the long form kept inside its clause and within min(|A| + 5, 2 |A|) words.
    """
    for match in _BRACKET.finditer(text):
        short = match["short"]
        if sum(c.isupper() for c in short) < 2:
            continue
        before = text[: match.start()].rstrip()
        start = _long_start(before, short)
        if start is None:
            continue
        long = before[start:]
        words = long.split()
        if len(words) > min(len(short) + 5, 2 * len(short)) or len(long) <= len(short) or _BREAKS.search(long):
            continue
        yield Acronym(short, _singular(long, plural=bool(match["plural"])), match.span("short"), (start, len(before)))


def _long_start(before: str, short: str) -> int | None:
    """Where the long form begins: each character of the short form found from right to left, the first at a word."""
    words = list(re.finditer(r"[^\s-]+", before))[-len(short) :]
    if len(words) == len(short) and "".join(w[0][0] for w in words).lower() == short.lower():
        return words[0].start()
    at = len(before) - 1
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        while at >= 0 and (before[at].lower() != char or (index == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
        at -= 1
    start = at + 1
    # The long form begins at a word; a hit inside a hyphenated word takes the whole word.
    while start > 0 and not before[start - 1].isspace() and before[start - 1] not in '([“"':
        start -= 1
    return start


def _singular(long: str, *, plural: bool) -> str:
    return long[:-1] if plural and long.endswith("s") and not long.endswith("ss") else long
