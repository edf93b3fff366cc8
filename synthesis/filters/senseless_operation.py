"""`senseless_operation`: arithmetic or order over what cannot be added, subtracted or ranked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from synthesis.filters import Candidate
from synthesis.filters.computing import adds, divides, subtracts
from synthesis.scene import View

LABELS: Final = re.compile(
    r"\b(?:ids?|identifier|number \(no|no\.|serial|registration|phone|fax|zip|postal|code|year|rank|ranking|latitude"
    r"|longitude|coordinates?|page"
    r"|version|section|chapter|docket|file number|commission|heading|direction|runway used|random seed|flight level"
    r"|observation time|time of day|local time|altimeter setting)\b",
    re.IGNORECASE,
)
"""Quantities whose numbers are names, places or orders."""
GRADED: Final = re.compile(
    r"^(?:the )?(?:highest|lowest|largest|smallest|maximum|minimum|first|last|most|least|longest|shortest)\b",
    re.IGNORECASE,
)
"""Quantities that are extremes already: "the highest lowest ceiling"."""
MOVED: Final = re.compile(
    r"^(?:net )?(?:increase|decrease|change|growth|decline|(?:decrease|increase)/\(?(?:increase|decrease)\)?)s?\b",
    re.IGNORECASE,
)
"""Quantities that are changes already: "the decrease in the decrease in cash"."""
CASH: Final = re.compile(r"(?:net )?changes? in\b.*\b(?:assets|liabilities|capital)\b", re.IGNORECASE)
"""Groups of a cash flow statement whose numbers are effects on cash."""
OUTFLOW: Final = re.compile(
    r"\b(?:expenses?|costs?|payments?|repayments?|purchases|repurchases|repurchased|dividends|withheld|depreciation"
    r"|amortization|claims)\b",
    re.IGNORECASE,
)
"""Quantities that are amounts by themselves: that they go out is said by the name, or by the sign that is printed."""
INTERVAL: Final = frozenset({"degree Celsius", "degree Fahrenheit"})
RANKED: Final = re.compile(r"\border\s+by\b|\b(?:max|min)\s*\(", re.IGNORECASE)
RANKING: Final = re.compile(r"\border\s+by\b|\b(?:max|min)\s*\(|[<>]", re.IGNORECASE)


@final
@dataclass(frozen=True, slots=True)
class SenselessOperation:
    """Operands have one unit (SQL compares print: one scale, too); sums and means only of additive quantities; no
    arithmetic on ids, ranks, years, codes, coordinates. "The sum of the pilot's age and the number of seats"
    is a number, not a question.
    """

    name: str = "senseless_operation"

    def reason(self, candidate: Candidate) -> str | None:
        if why := _of_cash(candidate):
            return why
        derive = candidate.header.derive
        if derive is None:
            return None
        if candidate.scene.own:
            return _added_labels(derive.sql or "")
        counting = candidate.header.answer_type == "count" and not RANKING.search(derive.sql or "")
        facts = tuple(view for view in (*candidate.operands, *candidate.members) if view.label == "Assertion")
        if derive.sympy is None and (counting or not RANKING.search(derive.sql or "")) and not adds(derive):
            return None
        numeric = tuple(view for view in facts if view.get("kind") == "number")
        for view in numeric:
            if found := LABELS.search(view.text("quantity")):
                return f"arithmetic on {view.text('quantity')!r} ({found[0]})"
        if why := self._twice(candidate, numeric) or _signed(candidate, numeric):
            return why
        if "formula" in (derive.sympy or ""):
            return None  # the formula decides which dimensions meet
        why = self._dimensions(candidate, numeric) or self._interval(candidate, numeric)
        return why or self._additive(candidate, numeric)

    def _twice(self, candidate: Candidate, facts: tuple[View, ...]) -> str | None:
        header = candidate.header
        ranked = header.closed is not None and RANKED.search((header.derive.sql if header.derive else "") or "")
        moved = subtracts(header.derive) and _moved(facts)
        for view in facts:
            if ranked and GRADED.search(view.text("quantity")):
                return f"an extreme of {view.text('quantity')!r}"
            if moved and MOVED.search(view.text("quantity")):
                return f"a change of {view.text('quantity')!r}"
        return None

    def _dimensions(self, candidate: Candidate, facts: tuple[View, ...]) -> str | None:
        if "/" in ((candidate.header.derive.unit if candidate.header.derive else None) or ""):
            return None  # a rate, pounds per horsepower: the derivation has checked that its unit is the result's
        printed = candidate.header.derive is not None and candidate.header.derive.sympy is None
        sql = (candidate.header.derive.sql if candidate.header.derive else "") or ""
        # What is only ordered is compared with its like: another quantity may ride along (the answer of a bridge).
        alone = printed and not re.search(r"[<>]|\b(?:max|min|sum|avg|total)\s*\(", sql, re.IGNORECASE)
        found: dict[str, set[tuple[str | None, int]]] = {}
        for view in facts:
            kind = view.get("unit"), int(view.get("scale") or 0) if printed else 0
            found.setdefault(view.text("quantity") if alone else "", set()).add(kind)
        for kinds in found.values():
            if len(kinds) > 1:
                said = sorted(f"{unit or 'bare number'} at scale {scale}" for unit, scale in kinds)
                return f"operands of different units: {', '.join(said)}"
        return None

    def _interval(self, candidate: Candidate, facts: tuple[View, ...]) -> str | None:
        """Twice as hot is no number of degrees Celsius: their zero is a convention."""
        if not divides(candidate.header.derive):
            return None
        unit = next((view.text("unit") for view in facts if view.text("unit") in INTERVAL), None)
        return f"a ratio of {unit}s" if unit else None

    def _additive(self, candidate: Candidate, facts: tuple[View, ...]) -> str | None:
        if not adds(candidate.header.derive):
            return None
        for view in facts:
            if not view.get("additive") and view.get("role") != "total":
                return f"{view.text('quantity')!r} cannot be added"
        return None


def _signed(candidate: Candidate, facts: tuple[View, ...]) -> str | None:
    """An outflow that is printed in parentheses: of expenses of (719) and (66) the larger number is the smaller."""
    derive = candidate.header.derive
    if derive is None or "abs(" in (derive.sql or "") + (derive.sympy or ""):
        return None
    for view in facts:
        quantity = view.text("quantity")
        if (view.get("number") or 0) < 0 and OUTFLOW.search(quantity) and "/(" not in quantity and " (" not in quantity:
            return f"{quantity!r} is printed as a negative number, {view.text('text')}: take abs(), or leave these out"
    return None


def _moved(facts: tuple[View, ...]) -> bool:
    """Whether the facts are one quantity of one subject at several times."""
    same = {(view.text("subject"), view.text("quantity")) for view in facts}
    return len(same) == 1 and len({view.text("period") for view in facts}) > 1


def _added_labels(sql: str) -> str | None:
    """A sum or mean of years, ranks or ids, told by the name of the property."""
    for added in re.finditer(r"\b(?:sum|avg|total)\s*\(\s*(?:\w+\.)?(\w+)", sql, re.IGNORECASE):
        if LABELS.search(added[1].replace("_", " ")):
            return f"{added[0]}): {added[1]!r} cannot be added"
    return None


def _of_cash(candidate: Candidate) -> str | None:
    """A cash flow statement prints what a change did to cash: 566 under inventories means that they fell by 566."""
    for view in candidate.scene.assertions():
        change = view.get("shape") == "statement" and view.text("quantity").startswith("change in ")
        if change and CASH.match(view.text("group")):
            return f"{view.text('quantity')!r} has the sign of its effect on cash"
    return None
