"""`unstated_rounding`: a number whose unit, scale or rounding is anybody's guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from kg.values import unit as units
from kg.values.name import normal
from synthesis.filters import Candidate
from synthesis.scene import View

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
            return self._unprinted(candidate)
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

    def _unprinted(self, candidate: Candidate) -> str | None:
        """A form that leaves out the unit that others of its kind print: 160 of what?"""
        view = candidate.scene.views.get((candidate.header.answer or "").partition(".")[0])
        find = getattr(view.graph, "find", None) if view is not None else None
        if view is None or find is None or view.get("shape") != "form":
            return None
        same = (View.of(view.graph, int(i)) for i in find("Assertion", "quantity", normal(view.text("quantity"))))
        units_ = sorted({other.text("unit") for other in same} - {""})
        return f"the unit is not printed; others of {view.text('quantity')!r} have {units_[0]}" if units_ else None
