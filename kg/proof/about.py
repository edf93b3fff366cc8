"""Does a sentence give a number as the amount of a quantity, or only name both?

    The mass of Earth is 6.4.                                     of `mass`
    $15.32 billion in cash, cash equivalents and securities       not of `cash and cash equivalents`: a part of the list
    an increase in net income of $33 million                      not of `net income`: a change of it
    outstanding inventory purchase obligations of $7.27 billion   not of `inventories`: another noun phrase

The words of the quantity must stand together as a whole phrase, near the number, and neither of them is a change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kg.proof.scan import Placed, Stated, placed, stated
from kg.proof.words import STOP
from kg.values import date as dates
from kg.values.period import end_of, is_instant

REACH: Final = 8
"""Words between a quantity and a number with a unit of its own."""
NEAR: Final = 4
"""Words between a quantity and a bare number, which fits any dimension."""
BEFORE: Final = 3
"""Words before a quantity that may turn it into a change."""
_MOVED: Final = re.compile(
    r"^(?:increas|decreas|declin|gr[eo]w|rose|rise|fell|fall|chang|effect|impact|reduc|higher|lower|improv|benefi|exce[ep]"
    r"|offset|includ|exclud|relat)"
)
_JOINING: Final = frozenset({"and", "or"})
_VERB: Final = re.compile(r"(?:ed|was|were|is|are|rose|fell|grew)$")


def given(sentence: str, quantity: Sequence[str], subject: Collection[str] = ()) -> Iterator[Stated]:
    """The values of a sentence that are said to be the amount of a quantity.

    Args:
        sentence: one sentence.
        quantity: the words of the quantity without the small ones, as `kg.proof.words.content` gives them.
        subject: words of the subject, which may stand right before the quantity: `Earth mass`.
    """
    words = placed(sentence)
    phrases = [run for run in _phrases(words, quantity) if _whole(sentence, words, *run, subject)]
    for item in stated(sentence) if phrases else ():
        if any(_gives(words, low, high, item) for low, high in phrases):
            yield item


def _gives(words: Sequence[Placed], low: int, high: int, item: Stated) -> bool:
    """Whether the run of words [low, high) is near a value and no change of the quantity."""
    if _changed(words, low, high, item):
        return False
    if words[high - 1].end <= item.start:
        between = [w for w in words[high:] if w.end <= item.start and w.text not in STOP]
    else:
        between = [w for w in words[:low] if w.start >= item.end and w.text not in STOP]
    bare = item.value.kind == "number" and item.value.unit is None and not item.value.scale
    return len(between) <= (NEAR if bare else REACH)


def at_another_time(sentence: str, period: str) -> bool:
    """Whether a sentence tells of a day where the fact is about the period that ends on it, or the other way round."""
    day = end_of(period) if period else ""
    if not is_instant(day):
        return False
    spoken = re.escape(dates.spoken(day))
    on_day = re.search(rf"\b(?:as of|at|on) {spoken}", sentence, re.IGNORECASE) is not None
    ended = re.search(rf"\bend(?:ed|ing) {spoken}", sentence, re.IGNORECASE) is not None
    return ended and not on_day if is_instant(period) else on_day and not ended


def _phrases(words: Sequence[Placed], quantity: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of words [low, high) that are the quantity, small words skipped."""
    for low, word in enumerate(words):
        if word.text != quantity[0]:
            continue
        at, taken = low, 0
        while at < len(words) and taken < len(quantity):
            if words[at].text == quantity[taken]:
                taken += 1
            elif words[at].text not in STOP:
                break
            at += 1
        if taken == len(quantity):
            yield low, at


def _whole(sentence: str, words: Sequence[Placed], low: int, high: int, subject: Collection[str]) -> bool:
    """The run is a noun phrase of its own: no noun right before or behind it, no member of a list."""
    if low:
        before = words[low - 1]
        touching = not sentence[before.end : words[low].start].strip()
        if before.text in _JOINING:
            return False
        if touching and before.text not in STOP and before.text not in subject and not before.text.isdigit():
            return False
    if high < len(words):
        after = words[high]
        touching = not sentence[words[high - 1].end : after.start].strip()
        if after.text in _JOINING:
            return False
        if touching and not (after.text in STOP or after.text[0].isdigit() or _VERB.search(after.text)):
            return False
    return True


def _changed(words: Sequence[Placed], low: int, high: int, item: Stated) -> bool:
    """Whether the number is a change: `an increase in X of 5`, `X rose by 5`; `X rose to 5` is the amount."""
    if any(_MOVED.match(word.text) for word in words[max(0, low - BEFORE) : low]):
        return True
    between = [w for w in words[high:] if w.end <= item.start]
    if any(_MOVED.match(word.text) for word in between):
        return not between or between[-1].text != "to"
    return False
