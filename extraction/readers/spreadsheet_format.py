"""Cell values as the sheet shows them, by their number format; what no rule covers is shown in full."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_QUOTED: Final = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]')
_CURRENCY: Final = re.compile(r"[$€£¥₹]|\bUSD\b|\bEUR\b")
_DIGITS: Final = re.compile(r"[#0?][#0?,]*(?:\.([#0?]+))?")
GENERAL_DIGITS: Final = 11
"""Significant digits that a spreadsheet shows without a format."""


def shown(value: object, number_format: str) -> str:
    """The text of a value; dates in ISO form at the precision that the format shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _date(value, number_format)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return " ".join(str(value).split())


def _date(value: dt.datetime, number_format: str) -> str:
    codes = _QUOTED.sub("", number_format).lower()
    if value.time() == dt.time():
        if "d" not in codes and "y" in codes:
            return f"{value:%Y-%m}" if "m" in codes else f"{value:%Y}"
        return value.date().isoformat()
    if "y" not in codes and "d" not in codes:
        return value.time().isoformat("seconds")
    return value.isoformat(" ", "minutes" if value.second == 0 else "seconds")


def _number(value: float, number_format: str) -> str:
    section = _section(value, number_format)
    digits = _DIGITS.search(_QUOTED.sub("", section))
    if digits is None or "E+" in section or "?/" in section:
        return general(value)
    literal = "".join(match[1] or match[2] or match[3] or "" for match in _QUOTED.finditer(section))
    percent = "%" in section
    thousands = re.search(r",+(?=[^#0?,]*$)", digits[0].partition(".")[0])
    scaled = Decimal(repr(value)) * (100 if percent else 1)
    if thousands and digits[0].rstrip(",") != digits[0]:
        # A trailing comma divides by a thousand.
        scaled /= Decimal(1000) ** len(thousands[0])
    places = len(digits[1] or "")
    rounded = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    optional = (digits[1] or "").count("#")
    body = f"{abs(rounded):,f}" if "," in digits[0].rstrip(",") else f"{abs(rounded):f}"
    if optional and "." in body:
        body = body[:-optional] + body[-optional:].rstrip("0")
        body = body.rstrip(".")
    sign = "-" if rounded < 0 and ";" not in number_format else ""
    currency = _CURRENCY.search(_QUOTED.sub("", section)) or _CURRENCY.search(literal)
    head = currency[0] if currency else ""
    if rounded < 0 and ";" in number_format:
        body = f"({head}{body})" if "(" in section else f"-{head}{body}"
        head = ""
    return f"{sign}{head}{body}{'%' if percent else ''}{_unit(literal, head)}"


def _section(value: float, number_format: str) -> str:
    """The part of `positive;negative;zero` that applies."""
    sections = (number_format or "General").split(";")
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 and _DIGITS.search(sections[2]) else sections[0]


def _unit(literal: str, currency: str) -> str:
    """A unit that the format adds behind the digits, `0.0 "km"`."""
    text = literal.replace(currency, "").strip("() -") if currency else literal.strip("() -")
    return f" {text}" if text and text.isprintable() and any(letter.isalpha() for letter in text) else ""


def general(value: float) -> str:
    """A number without a format: up to 11 significant digits, no exponent below 1e15."""
    if isinstance(value, int):
        return str(value)
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return str(value)
    exact = Decimal(repr(value))
    rounded = (
        exact
        if abs(exact) >= 10**GENERAL_DIGITS
        else +exact.normalize().__round__(max(0, GENERAL_DIGITS - 1 - max(exact.adjusted(), -6)))
    )
    text = f"{rounded:f}" if -7 < rounded.adjusted() < 15 else f"{rounded:E}"
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text
