"""`nobody_cares`: an operation or a quantity that nobody asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate

META: Final = re.compile(
    r"\b(?:first|second|third|fourth|last|next|previous) (?:column|row|entry|cell|line)\b"
    r"|\bhow many (?:words|letters|characters|rows|columns|pages|cells|tables|figures|lines)\b",
    re.IGNORECASE,
)
"""Questions about the layout. People ask for values, changes, shares, superlatives, counts, comparisons and reasons."""

ADMINISTRATIVE: Final = re.compile(
    r"\b(?:publish(?:ed)? date|report date|date of publication|additional participating|investigation docket|page count"
    r"|file name|document id|footer|irs employer|commission file|area code|telephone|zip code|trading symbol|signature"
    r"|copyright|isbn|doi|url|e-?mail|observation (?:time|facility)|check ?mark|elt|random seeds?)s?\b",
    re.IGNORECASE,
)
"""Quantities of a document's administration."""


@final
@dataclass(frozen=True, slots=True)
class NobodyCares:
    """The question is about the world, not the layout ("the third column") or the paperwork ("the publish date")."""

    name: str = "nobody_cares"
    longest_list: int = 6
    """Members of a list that a person would still ask for and write down."""

    def reason(self, candidate: Candidate) -> str | None:
        if found := META.search(candidate.question.text):
            return f"{found[0]!r} asks for the layout"
        if candidate.answer.type == "set" and not 2 <= candidate.answer.value.count("|") + 1 <= self.longest_list:
            return f"a list of {candidate.answer.value.count('|') + 1}"
        for said in candidate.question.said:
            if said.prop == "quantity" and (
                found := ADMINISTRATIVE.search(candidate.scene.views[said.variable].text("quantity"))
            ):
                return f"{found[0]!r} is paperwork"
        return None
