"""`header_salad`: headers glued together instead of a phrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.filters.noun_phrase import flaw, salad

PHRASES: Final = ("quantity", "set", "kind", "group")
"""Properties that must read as noun phrases."""


@final
@dataclass(frozen=True, slots=True)
class HeaderSalad:
    """Every quantity, set and kind that the question says is a noun phrase: no clipped headers, no symbols.

    "What is the 2022 Avg Var of Model?" is made of headers; nobody says it.
    """

    name: str = "header_salad"
    max_words: int = 12
    """Words of a quantity; longer ones are several headers in a row."""

    def reason(self, candidate: Candidate) -> str | None:
        for said in candidate.question.said:
            if said.prop not in PHRASES or said.variable not in candidate.scene.views:
                continue
            if candidate.scene.views[said.variable].get("shape") == "reason":
                continue  # a clause, not a phrase
            text = candidate.scene.views[said.variable].text(said.prop)
            if why := salad(text) or flaw(text):
                return f"{said.variable}.{said.prop} {text!r}: {why}"
            if said.prop == "quantity" and len(text.split()) > self.max_words:
                return f"{said.variable}.quantity {text!r}: {len(text.split())} words"
        return None
