"""`unstated_rounding`: a number whose unit, scale or rounding is anybody's guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from kg.values import unit as units
from kg.values.name import normal
from synthesis.filters import Candidate

ROUNDING: Final = re.compile(r"\b(?:rounded to|nearest|decimals?|decimal places?|whole number)\b", re.IGNORECASE)


@final
@dataclass(frozen=True, slots=True)
class UnstatedRounding:
    """Unit, scale and decimals stand in the question whenever the answer is a number that has or needs them.

    "What is the ratio?" -> 6.2217 cannot be graded.
    """

    name: str = "unstated_rounding"

    def reason(self, candidate: Candidate) -> str | None:
        answer = candidate.answer
        if answer.type not in ("number", "percent"):
            return None
        if answer.decimals is not None and not ROUNDING.search(candidate.question.text):
            return f"the answer has {answer.decimals} decimals, the question does not say so"
        if answer.unit is None and not answer.scale:
            return None
        said = f" {normal(candidate.question.text)} "
        words = (units.spoken(answer.unit, answer.scale), units.spoken(answer.unit, answer.scale, many=False))
        plain = {normal(form) for form in words} | {normal(form.replace("illion ", "illions of ")) for form in words}
        plain |= {normal(form.replace("thousand ", "thousands of ")) for form in words}
        if answer.unit == "%":
            plain |= {"percent", "percentage", "%", "share"}
        if answer.unit == "year" and "how old" in said:
            return None
        bare = {form.split()[0] for form in plain if form} if not answer.scale else set()
        if any(f" {form} " in said or f" {form}s " in said for form in plain | bare if form):
            return None
        return f"the unit {answer.unit_words!r} is not in the question"
