"""`co_mention`: a hop over a mere mention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from synthesis.filters import Candidate

SUBJECT_ONLY = frozenset(("name", "scope", "described", "kind"))
"""Claims that say whom a fact is about, not what it says."""


@final
@dataclass(frozen=True, slots=True)
class CoMention:
    """Every matched fact, text or formula supplies an operand, the answer, a member or a condition that is said.

    "Text + table" where the text merely mentions the entity of the table is one look-up with a decoration.
    """

    name: str = "co_mention"

    def reason(self, candidate: Candidate) -> str | None:
        header, scene = candidate.header, candidate.scene
        answer = (header.answer or "").partition(".")[0]
        used = {view.index for view in (*candidate.operands, *candidate.members)}
        code = (
            " ".join((header.derive.sql or "", header.derive.sympy or "", *header.derive.rows.values()))
            if header.derive
            else ""
        )
        facts = {view.index for view in scene.assertions()}
        for variable, view in scene.views.items():
            if view.label not in ("Assertion", "Chunk", "Formula") or variable == answer or view.index in used:
                continue
            if f"{variable}." in code or f"({variable}" in code or f"{variable}," in code:
                continue
            if any(fact.index in facts for fact, _ in view.neighbours("STATES")):
                continue  # where a matched fact stands: the fact is judged, in its own turn
            conditions = [
                dotted
                for dotted in header.given
                if dotted.startswith(f"{variable}.") and dotted.partition(".")[2] not in SUBJECT_ONLY
            ]
            if not conditions:
                why = f"{variable} supplies neither an operand nor a condition"
                return f"{why}: take it out of the MATCH, or say something of it"
        return None
