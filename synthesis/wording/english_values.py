"""English values: spoken numbers, dates and units, the clause that states unit and rounding."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kg.values import date as dates
from kg.values import number as numbers
from kg.values import unit as units

SCALES: Final = {3: "thousands", 6: "millions", 9: "billions", 12: "trillions"}
SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
CURRENCY: Final = re.compile(r"^([-−(]?)\s*(?:US\$|\$|€|£|¥)\s*")


def in_units(unit: str | None, scale: int) -> str:
    """Unit with scale, after "in": `millions of US dollars`, `hours`, `percent`; empty for a bare number."""
    words = units.spoken(unit or None)
    if scale in SCALES:
        return f"{SCALES[scale]} of {words}" if words else SCALES[scale]
    return words if not scale else units.spoken(unit or None, scale)


def rounding_words(decimals: int | None) -> str:
    """`rounded to one decimal`; empty for None."""
    if decimals is None:
        return ""
    if decimals == 0:
        return "rounded to the nearest whole number"
    return f"rounded to {count_word(decimals)} decimal{'' if decimals == 1 else 's'}"


def spoken_date(iso: str) -> str:
    """`2007-12-08` -> `December 8, 2007`; strings that are no ISO date stay."""
    try:
        return dates.spoken(iso)
    except ValueError:
        return iso


def figure(text: str, exact: Any) -> str:
    """A printed number without currency, percent sign and unit: `$ 19,604` -> `19,604`, `(1,2)` as its number.

    Args:
        text:  as printed.
        exact: the number as a decimal string, used where the print carries more than digits.
    """
    plain = CURRENCY.sub(r"\1", text.strip()).rstrip("% ").strip()
    if re.fullmatch(r"-?\d[\d,]*(?:\.\d+)?", plain) or exact in (None, ""):
        return plain
    try:
        return numbers.format_number(Decimal(str(exact)))
    except InvalidOperation:
        return plain


def count_word(number: int) -> str:
    """`two` .. `twelve`, then digits."""
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def grouped(number: str) -> str:
    """A number of a user's own graph as people write it: `98000000.0` -> `98,000,000`; other strings stay."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    return numbers.format_number(Decimal(int(value)) if value == value.to_integral_value() else value)


def amount(number: str, unit: str | None, scale: int) -> str:
    """`19,604 million US dollars`, `5.2%`, `85 years`, `1 hour`, `14`."""
    if unit == "%" and not scale:
        return f"{number}%"
    return f"{number} {units.spoken(unit or None, scale, many=number not in ('1', '-1'))}".strip()
