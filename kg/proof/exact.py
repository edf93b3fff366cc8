"""Exact rationals as text, and one rounding for every stated answer.

Rounding is ROUND_HALF_UP on the exact value (2.25 -> 2.3, -2.25 -> -2.3): what a person does who is asked for one
decimal, and what the printed percentages of filings follow. Half-even would differ from the printed figure on ties.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from schemas.errors import DerivationError

MAX_DIGITS = 400
"""Digits of a numerator or denominator: more is an attack or a mistake, not an answer."""


def rounded(value: Fraction, decimals: int) -> Decimal:
    """The value at `decimals` digits after the point, halves away from zero; decimals may be negative."""
    above, below = abs(value.numerator) * 10 ** max(decimals, 0), value.denominator * 10 ** max(-decimals, 0)
    whole = (2 * above + below) // (2 * below)
    sign = 1 if value < 0 and whole else 0
    digits = tuple(int(digit) for digit in str(whole))
    number = Decimal((sign, digits, -decimals))
    return number if decimals >= 0 else number.quantize(Decimal(1))


def to_text(value: Fraction) -> str:
    """A decimal string where the fraction ends, else `p/q`: nothing is lost, so rounding again gives the same."""
    guard(value)
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    return format(rounded(value, max(twos, fives)), "f")


def from_text(text: str) -> Fraction:
    """The inverse of `to_text`.

    Raises:
        DerivationError: not a decimal string or `p/q`.
    """
    try:
        value = Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise DerivationError(f"not a number: {text[:40]!r}") from error
    return guard(value)


def guard(value: Fraction) -> Fraction:
    """The value itself.

    Raises:
        DerivationError: its numerator or denominator has more than `MAX_DIGITS` digits.
    """
    if max(abs(value.numerator).bit_length(), value.denominator.bit_length()) > MAX_DIGITS * 3.33:
        raise DerivationError(f"a number of more than {MAX_DIGITS} digits")
    return value
