"""English of shares: `what percentage of Apple's total net sales came from iPad`."""

from __future__ import annotations

import re
from typing import Final

from synthesis.wording import english_nouns
from synthesis.wording.english_asking import be

EARNED: Final = re.compile(r"\b(?:sales|revenues?|turnover|income|margin|profits?|bookings)$", re.IGNORECASE)
"""Wholes whose parts come from somewhere; the parts of other wholes are what they are."""
SPENT: Final = re.compile(r"\b(?:expenses?|costs?)$", re.IGNORECASE)


def portion(part: str, whole: str) -> str:
    """The verb and the part of a share.

    `came from iPad` (net sales of iPad of total net sales), `were raw materials` (inventories of raw materials of total
    inventories), `went to marketing expenses` (of revenue), `was net income`.
    """
    noun, of = english_nouns.phrase(part), english_nouns.phrase(whole)
    stem = re.sub(r"^total ", "", of, flags=re.IGNORECASE)
    if noun.lower().startswith(f"{stem.lower()} of "):
        member = noun[len(stem) + 4 :]
        if SPENT.search(stem) or stem.lower().startswith("cost"):
            return f"was for {member}"
        verb = "came from" if EARNED.search(stem) else "were" if english_nouns.is_plural(member) else "was"
        return f"{verb} {member}"
    if EARNED.search(stem) and SPENT.search(noun):
        return f"went to {noun}"
    return f"{be(part)} {noun}"
