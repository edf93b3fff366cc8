"""Percentages that are computed and also printed: of 1,868 of 8,288 million, where the filing prints 22.6 %.

A share has its twin in a fact that is a percentage of the same subject and period and whose quantity names both
operands: `income from operations as a percentage of revenue`. A percentage change has its twin in the change column of
the row that holds both operands. Filings round from figures that they do not print; where the two do not agree at the
coarser rounding, nobody can say which one a reader would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.proof.case import Case
from kg.proof.reading import neighbours, number_of, subjects
from kg.proof.words import content
from kg.snapshot.snapshot import Snapshot
from kg.values import compatible
from kg.values import number as numbers
from kg.values.compare import amount
from schemas.fact import Value

_PERCENTAGE: Final = re.compile(
    r"^(?P<part>.+?),? as an? (?:percentage|percent|share|%) of (?P<whole>.+)$", re.IGNORECASE
)
_CHANGE: Final = re.compile(r"\b(?:change|growth|increase|decrease|variance)\b", re.IGNORECASE)


def other_percentage(case: Case) -> str | None:
    """How the corpus prints the computed percentage otherwise; None where it does not print it, or agrees."""
    derived = case.derived
    operands = [node for node in case.operands if case.snapshot.label_of(node) == "Assertion"]
    if derived.lang != "sympy" or derived.unit != "%" or len(operands) != 2 or derived.value.number is None:
        return None
    if len({case.snapshot.get(node, "quantity") for node in operands}) == 1:
        printed = list(_changes(case.snapshot, *operands))
    else:
        printed = list(_shares(case.snapshot, *operands))
    own = derived.value.model_copy(update={"unit": "%", "scale": 0})
    if not printed or any(_agree(own, value) for value, _ in printed):
        return None
    value, where = printed[0]
    return f"computed {derived.canonical} %, printed {value.text!r} {where}"


def _agree(own: Value, printed: Value) -> bool:
    """A fall is printed negative or in brackets; it is asked for as a change with its sign, or as a positive number."""
    signed = {"number": printed.number, "unit": "%", "scale": 0}
    positive = {**signed, "number": abs(printed.number or 0)}
    return any(compatible(own, printed.model_copy(update=each)) for each in (signed, positive))


def _shares(snapshot: Snapshot, one: int, two: int) -> Iterator[tuple[Value, str]]:
    """Facts that are the percentage of one operand in the other."""
    part, whole = (_bare(str(snapshot.get(node, "quantity") or "")) for node in (one, two))
    whom, period = set(subjects(snapshot, one)), snapshot.normal(one, "period")
    if not period:
        return
    for found in snapshot.find("Assertion", "period", period):
        node = int(found)
        if snapshot.get(node, "unit") != "%" or not whom & set(subjects(snapshot, node)):
            continue
        named = _PERCENTAGE.match(str(snapshot.get(node, "quantity") or ""))
        if named is not None and (_bare(named["part"]), _bare(named["whole"])) == (part, whole):
            yield number_of(snapshot, node), f"as {snapshot.get(node, 'quantity')!r}"


def _bare(quantity: str) -> frozenset[str]:
    return frozenset(content(quantity)) - {"total", "net"}


def _changes(snapshot: Snapshot, one: int, two: int) -> Iterator[tuple[Value, str]]:
    """Percentages in the change columns of every row that holds both operands."""
    rows = _from(snapshot, one, "STATES", "Row") & _from(snapshot, two, "STATES", "Row")
    for row in sorted(rows):
        found = list(_change_cells(snapshot, row))
        # One change column per pair of periods; where three periods share two, nobody says which are compared.
        if len(neighbours(snapshot, row, "STATES", 1)) == 2 * len(found):
            yield from ((value, "in the change column") for value in found)


def _change_cells(snapshot: Snapshot, row: int) -> Iterator[Value]:
    """Percentages of a row that stand in change columns."""
    for cell in neighbours(snapshot, row, "HAS_CELL", 1):
        columns = neighbours(snapshot, cell, "IN_COLUMN", 1)
        if any(_CHANGE.search(str(snapshot.get(column, "path") or "")) for column in columns):
            value = numbers.parse(str(snapshot.get(cell, "text") or ""))
            if value is not None and value.unit == "%" and amount(value) != 0:
                yield value


def _from(snapshot: Snapshot, node: int, type_: str, label: str) -> set[int]:
    return {other for other in neighbours(snapshot, node, type_, -1) if snapshot.label_of(other) == label}
