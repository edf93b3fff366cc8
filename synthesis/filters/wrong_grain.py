"""`wrong_grain`: a computation that mixes parts and totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import final

from kg.proof.relations import ANSWER
from kg.proof.sql import run
from schemas.errors import DerivationError
from synthesis.filters import Candidate
from synthesis.filters.computing import divides
from synthesis.filters.value_parts import overlapping
from synthesis.scene import View

RANKED = re.compile(r"\border\s+by\b|\b(?:max|min)\s*\(", re.IGNORECASE)
EXTREME = re.compile(r"\bORDER\s+BY\b.*\bLIMIT\s+\d+\s*$", re.IGNORECASE | re.DOTALL)
WHOLES = frozenset(("total", "mean", "rank", "note"))


@final
@dataclass(frozen=True, slots=True)
class WrongGrain:
    """No total, mean, rank or note among the members of a closed set; no comparison of a total with its parts; no
    count by a value that is a part of another's.

    What is divided, a share or a rate, may have a part and a total.
    """

    name: str = "wrong_grain"
    few: int = 3
    """A set with fewer members has no highest, no count worth asking."""

    def reason(self, candidate: Candidate) -> str | None:
        header = candidate.header
        if candidate.scene.own:
            return self._too_few(candidate)
        if (why := overlapping(candidate)) is not None:
            return why
        if header.closed is not None and header.derive is not None:
            for view in candidate.members:
                if view.label == "Assertion" and view.get("role") in WHOLES:
                    return f"the set has a {view.get('role')}: {view.text('quantity')!r} of {view.text('subject')!r}"
            things = {
                (view.text("subject"), view.text("quantity"), view.text("condition"))
                if view.label == "Assertion"
                else view.id
                for view in candidate.members
            }
            if len(things) < self.few:
                return f"a set of {len(things)}"
            if (left := _left(candidate)) is not None and left < self.few:
                return f"a set of {left}: the SQL leaves out the others"
            return _variants(candidate) or _under_more(candidate)
        derive = header.derive
        if derive is None or divides(derive) or "formula(" in (derive.sympy or ""):
            return None
        if len({view.text("quantity") for view in candidate.operands}) < 2:
            return None
        roles = {str(view.get("role") or "data") for view in candidate.operands if view.label == "Assertion"}
        if len(roles) > 1 and roles & WHOLES:
            return f"operands of different grain: {', '.join(sorted(roles))}"
        return None

    def _too_few(self, candidate: Candidate) -> str | None:
        """In a user's own graph the rows are those that count: of two there is no highest, of one no list."""
        derive, header = candidate.header.derive, candidate.header
        if header.closed is None or derive is None or header.answer_type == "boolean":
            return None
        least = self.few if RANKED.search(derive.sql or "") else 2
        size = max((len(candidate.rows.get(name, ())) for name in derive.rows), default=least)
        return f"a set of {size}" if size < least else None


def _left(candidate: Candidate) -> int | None:
    """Rows that compete for an extreme among those that a matched fact picks: the query without ORDER BY and LIMIT.

    None where no extreme is asked for, or where the whole set competes: "which fell most", though one alone fell.
    """
    derive = candidate.header.derive
    code = (derive.sql if derive else None) or ""
    relations = {name: rows for name, rows in candidate.rows.items() if name != ANSWER}
    if derive is None or not EXTREME.search(code) or relations.keys() <= derive.rows.keys():
        return None
    try:
        return len(run(EXTREME.sub("", code), relations, tie="set").rows)
    except DerivationError:
        return None  # what is ordered and cut inside a subquery does not stand alone without


def _variants(candidate: Candidate) -> str | None:
    """Counting models and the same models with an addition together counts neither."""
    if candidate.header.answer_type not in ("count", "set"):
        return None
    names = sorted({view.text("subject") for view in candidate.members if view.label == "Assertion"})
    for name in names:
        base, joint, addition = name.partition(" with ")
        if joint and base in names:
            return f"the set has {base!r} and the same with {addition!r}"
    return None


def _under_more(candidate: Candidate) -> str | None:
    """The condition under which other rows of the set's columns stand, beyond that of the members; None where none do.

    `methods compared` of which some were fine-tuned on one data set: without saying so, the question is about all rows,
    and the members are only those that the table says nothing of.
    """
    members = [view for view in candidate.members if view.label == "Assertion"]
    places = {(view.text("element"), view.get("col"), view.text("quantity")) for view in members}
    held = [_parts(view) for view in members]
    shared = frozenset.intersection(*held) if held else frozenset()
    if not members or any(parts != shared for parts in held):
        return None
    table = candidate.scene.views.get(candidate.header.closed or "")
    for view, _ in table.neighbours("STATES") if table is not None else ():
        place = (view.text("element"), view.get("col"), view.text("quantity"))
        if place in places and view.get("role") == "data" and shared < _parts(view):
            return f"other rows stand under {', '.join(sorted(_parts(view) - shared))}"
    return None


def _parts(view: View) -> frozenset[str]:
    return frozenset(part.strip() for part in view.text("condition").split(";") if part.strip())
