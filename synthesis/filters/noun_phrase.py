"""The noun-phrase test that `header_salad` and `fragment` share: rules on the surface instead of a tagger."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from synthesis.wording.word_sets import words

ABBREVIATED: Final = re.compile(
    r"(?i)\b(?:avg|var|num|no|qty|amt|pct|cfg|param|approx|std|dev|res|cls|cat|desc|misc|freq|dist|temp|exp|ref|diff|tot"
    r"|est|max|min)\."
    r"|\b(?:avg|qty|amt|pct|cfg|misc|freq)\b"
)
"""Clipped words that a person would spell out. `max` and `min` are words people say; with a dot they are clipped."""
SYMBOLS: Final = re.compile(r"[|#∆Δ↑↓→←✓✗■□●•=<>_{}\\]|\?\?|\.\.\.|…")
OPENING: Final = words(
    "of in on for from by with to and or but nor as at per than which that who whose where when because if is are was "
    "were be been has have had do does did not"
)
ENDING: Final = words(
    "of in on for from by with to and or but nor as at per than the a an which that who whose where when because if is "
    "are was were be been has have had not its their our"
)
CONTACTED: Final = re.compile(
    r"^(?:the|a|an)\s+\w+\s+(?:\w+(?:ed|ought|ew|ent|oke|ook|ame|ell)|was|were|is|are|has|had)$", re.IGNORECASE
)
WORD: Final = re.compile(r"[^\W\d_]{2,}")

MAX_WORDS: Final = 16


def flaw(text: str) -> str | None:
    """Why a phrase is no noun phrase; None where nothing speaks against it."""
    words = text.split()
    if not words or not WORD.search(text):
        return "no word"
    if len(words) > MAX_WORDS:
        return f"{len(words)} words"
    if unbalanced(text):
        return "unbalanced brackets or quotes"
    if words[0].lower().strip("(") in OPENING:
        return f"begins with {words[0]!r}"
    if words[-1].lower().strip(".,;:)") in ENDING:
        return f"ends with {words[-1]!r}"
    if CONTACTED.match(text):
        return "a clause that is cut off"
    return None


def salad(text: str) -> str | None:
    """Why a header is not yet words; None where it reads as a phrase."""
    if found := SYMBOLS.search(text):
        return f"symbol {found[0]!r}"
    if found := ABBREVIATED.search(text):
        return f"clipped word {found[0]!r}"
    if re.search(r"\w/\s*$|^\s*/|\s/\s", text):
        return "a slash between labels"
    words = [word.lower().strip("()[]") for word in text.split()]
    for one, two in pairwise(words):
        if one == two and one.isalpha():
            return f"{one!r} twice"
    single = [word for word in text.split() if re.fullmatch(r"[A-Za-z]", word) and word not in ("a", "A", "I")]
    if len(single) > 1:
        return f"single letters {single}"
    return None


def unbalanced(text: str) -> bool:
    """Whether a bracket or double quote is left open or closes nothing."""
    depth = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return True
    return depth != 0 or text.count('"') % 2 == 1 or text.count("“") != text.count("”")
