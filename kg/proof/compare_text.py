"""Do these words stand in that text? The comparison of the source re-read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SIGNS: Final = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00ad": None}
)
SHORT: Final = 24
"""Characters up to which a text must match between word borders."""


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """NFKC, case folded, dashes and quotes unified, white space to single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).casefold().split())


@lru_cache(maxsize=8192)
def letters(text: str) -> str:
    """Letters and digits only, accents composed."""
    return "".join(char for char in plain(text) if char.isalnum())


INTRUDERS: Final = 2
"""Tokens of another line (a footnote mark, a line number) that may stand between the words of a label."""


def threaded(wanted: str, found: str) -> bool:
    """Whether the words of a label stand in a text in order, with at most `INTRUDERS` others in between.

    For headers, captions and scale lines only: boxes of several lines catch marks that belong elsewhere. Every word of
    the label is still demanded, so a changed one is seen.
    """
    want, have = _words(wanted), _words(found)
    if len(want) < 2:
        return False
    for start in (place for place, word in enumerate(have) if word == want[0]):
        at, extra = start + 1, 0
        for word in want[1:]:
            while at < len(have) and have[at] != word and extra <= INTRUDERS:
                at, extra = at + 1, extra + 1
            if at >= len(have) or extra > INTRUDERS:
                break
            at += 1
        else:
            return True
    return False


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text))


def occurs(wanted: str, found: str) -> bool:
    """Whether `wanted` stands in `found`. Numbers and short words match whole; longer texts by letters and digits."""
    want, have = plain(wanted), plain(found)
    if not want:
        return True
    if not letters(want):
        return want.replace(" ", "") in have.replace(" ", "")
    if not any(char.isalpha() for char in want) or len(want) <= SHORT:
        return whole(want, have) or squeezed(want) == squeezed(have) or _broken(want, have)
    return letters(want) in letters(have)


def whole(want: str, have: str) -> bool:
    """Contained between borders that are neither letter nor digit, nor a digit's point or comma."""
    before = r"(?<![^\W_])(?<!\d[.,])" if want[0].isalnum() else ""
    after = r"(?![^\W_])(?![.,]\d)" if want[-1].isalnum() else ""
    return re.search(before + re.escape(want).replace(r"\ ", r"\s*") + after, have) is not None


def squeezed(text: str) -> str:
    return text.replace(" ", "")


def _broken(want: str, have: str) -> bool:
    """A phrase that line ends, hyphens or footnote marks have cut: letters only, and long enough to mean something."""
    return any(char.isalpha() for char in want) and len(letters(want)) >= 4 and letters(want) in letters(have)
