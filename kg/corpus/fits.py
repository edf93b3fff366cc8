"""Whether a value is what a property of the schema wants."""

from __future__ import annotations

from typing import Final

from kg.values import unit as units
from schemas.fact import Value
from schemas.ontology import PropertyType

_DATES: Final = frozenset({"DATE", "LOCAL_DATETIME", "ZONED_DATETIME"})
_TIMES: Final = frozenset({"time", "calendar"})
"""Dimensions of spans of time: years are no number of seconds, but they are time."""


def misfit(value: Value, property_: PropertyType) -> tuple[str, str] | None:
    """(check, reason) where a value does not fit; None where it does. Every value is a STRING or a LIST of one.

    An amount without a printed unit fits every unit: a table may say it elsewhere.
    """
    wanted = property_.type
    if wanted in ("INTEGER", "FLOAT", "DURATION") and value.number is None:
        return "property_type", f"is {wanted}, and this is no number: {value.text!r}"
    if wanted == "INTEGER" and value.number is not None and value.number.scaleb(value.scale) % 1:
        return "property_type", f"is INTEGER, and this is not whole: {value.text!r}"
    if wanted == "DURATION" and units.dimension(value.unit) not in _TIMES:
        return "unit", f"is DURATION, and this is none: {value.text!r}"
    if wanted in _DATES and value.date is None:
        return "property_type", f"is {wanted}, and this is no date: {value.text!r}"
    if wanted == "BOOLEAN" and value.kind != "boolean":
        return "property_type", f"is BOOLEAN, and this is neither yes nor no: {value.text!r}"
    if property_.unit and value.number is not None and value.unit is not None:
        have, want = units.dimension(value.unit), units.dimension(property_.unit)
        if have != want and not {have, want} <= _TIMES:
            return "unit", f"is in {units.spoken(property_.unit)}, and this is in {units.spoken(value.unit)}"
    return None
