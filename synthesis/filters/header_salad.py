"""`header_salad`: headers glued together instead of a phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.filters.noun_phrase import flaw, salad
from synthesis.scene import View

PHRASES: Final = ("quantity", "set", "kind", "group")
"""Properties that must read as noun phrases."""

EITHER: Final = re.compile(r"\bor (?!series\b|equivalent\b|more\b|less\b|later\b)\w+")
"""A label for either of two things: its value does not say of which it is."""


@final
@dataclass(frozen=True, slots=True)
class HeaderSalad:
    """Every quantity, set and kind that the question says is a noun phrase: no clipped headers, no symbols.

    "What is the 2022 Avg Var of Model?" is made of headers; nobody says it.
    """

    name: str = "header_salad"
    max_words: int = 12
    """Words of a quantity; longer ones are several headers in a row."""
    max_conditions: int = 3
    """Conditions, different ones, that a question may string together; more are a table read aloud."""

    def reason(self, candidate: Candidate) -> str | None:
        said_conditions = {
            part.strip()
            for said in candidate.question.said
            if said.prop == "condition" and said.variable in candidate.scene.views
            for part in candidate.scene.views[said.variable].text("condition").split(";")
            if part.strip()
        }
        if len(said_conditions) > self.max_conditions:
            return f"{len(said_conditions)} conditions: {', '.join(sorted(said_conditions))}"
        for said in candidate.question.said:
            if said.prop not in PHRASES or said.variable not in candidate.scene.views:
                continue
            if candidate.scene.views[said.variable].get("shape") == "reason":
                continue  # a clause, not a phrase
            text = candidate.scene.views[said.variable].text(said.prop)
            if why := salad(text) or flaw(text):
                return f"{said.variable}.{said.prop} {text!r}: {why}"
            if said.prop == "quantity" and self._either(candidate.scene.views[said.variable], text):
                return f"{said.variable}.quantity {text!r}: one of two"
            if said.prop == "quantity" and len(text.split()) > self.max_words:
                return f"{said.variable}.quantity {text!r}: {len(text.split())} words"
        return None

    def _either(self, view: View, text: str) -> bool:
        return view.get("shape") == "form" and view.get("kind") == "text" and bool(EITHER.search(text))
