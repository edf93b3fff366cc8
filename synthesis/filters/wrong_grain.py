"""`wrong_grain`: a computation that mixes parts and totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from synthesis.filters import Candidate

WHOLES = frozenset(("total", "mean", "rank", "note"))


@final
@dataclass(frozen=True, slots=True)
class WrongGrain:
    """No total, mean, rank or note among the members of a closed set; no comparison of a total with its parts.

    A share is the one computation that has a part and a total, one each.
    """

    name: str = "wrong_grain"
    few: int = 3
    """A set with fewer members has no highest, no count worth asking."""

    def reason(self, candidate: Candidate) -> str | None:
        header = candidate.header
        if header.closed is not None and header.derive is not None:
            for view in candidate.members:
                if view.label == "Assertion" and view.get("role") in WHOLES:
                    return f"the set has a {view.get('role')}: {view.text('quantity')!r} of {view.text('subject')!r}"
            things = {
                (view.text("subject"), view.text("quantity")) if view.label == "Assertion" else view.id
                for view in candidate.members
            }
            if len(things) < self.few:
                return f"a set of {len(things)}"
            return None
        if header.derive is None or header.task in (
            "share",
            "change",
            "percentage_change",
            "text_operand",
            "ratio",
            "formula",
        ):
            return None
        roles = {str(view.get("role") or "data") for view in candidate.operands if view.label == "Assertion"}
        if len(roles) > 1 and roles & WHOLES:
            return f"operands of different grain: {', '.join(sorted(roles))}"
        return None
