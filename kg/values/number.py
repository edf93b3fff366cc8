"""Printed numbers: sign, parentheses, thousands, percent, currency, scale words, powers of ten, units."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from kg.values import unit as units
from schemas.fact import Value

MISSING: Final = frozenset(
    ["", "-", "–", "—", "−", "--", "---", "n/a", "na", "n.a.", "n.a", "n/m", "nm", "nil", "none", "…", "...", "*", "?",
     "/", "not available", "not applicable", "unknown", "✗", "x"]
)  # fmt: skip
"""Marks that say that no value stands there. Missing is not zero."""

_NUMBER: Final = re.compile(
    r"""^(?P<open>\()?\s*
    (?P<sign1>[-+−–])?\s*
    (?P<cur1>US\$|USD|\$USD|CA\$|C\$|A\$|RMB|EUR|GBP|CHF|[$€£¥₹₩])?\s*
    (?P<open2>\()?\s*
    (?P<sign2>[-+−–])?
    (?P<int>\d{1,3}(?:,\d{3})+|\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})+|\d+)?
    (?P<frac>\.\d+)?
    (?:(?:[eE](?P<exp>[-+−]?\d{1,3}))|(?:\s*[×x·*]\s*10(?:\^\{?(?P<pow>[-−+]?\d{1,3})\}?|(?P<sup>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))))?
    (?P<suffix>[KMBTk](?![\w/]))?
    \s*(?P<close2>\))?
    \s*(?P<rest>[^\d()]*?(?:\([^()]*\)|[\d²³].*)?)\s*
    (?P<close>\))?$""",
    re.VERBOSE,
)
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUFFIX: Final = {"K": 3, "k": 3, "M": 6, "B": 9, "T": 12}


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return text.strip().strip("$%").strip().casefold() in MISSING


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> Value | None:
    """The number that a text prints and nothing else, with its unit and scale; None where it is no plain number.

    `(1,234)` is negative, `$3.4 billion` has unit USD and scale 9, `5.97 × 10^24 kg` scale 24, `7B` scale 9. Bounds,
    approximations, ranges and unknown words beside the number give None.
    """
    printed = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    match = _NUMBER.match(printed)
    if match is None or not (match["int"] or match["frac"]):
        return None
    opened, closed = bool(match["open"] or match["open2"]), bool(match["close"] or match["close2"])
    signs = [s for s in (match["sign1"], match["sign2"]) if s]
    if opened != closed or len(signs) > 1 or (opened and signs):
        return None
    currency = units.find(match["cur1"]) if match["cur1"] else None
    tail = _tail(match["rest"].strip(), currency)
    if tail is None:
        return None
    scale, unit = tail
    unit = _joined(currency, unit)
    if unit == "?":
        return None
    number = Decimal(re.sub(r"\D", "", match["int"] or "0") + (match["frac"] or ""))
    if opened or any(s in "-−–" for s in signs):
        number = -number
    return Value(
        kind="number",
        text=printed,
        number=number,
        unit=unit,
        scale=scale + _power(match),
        decimals=max(len(match["frac"] or ".") - 1, 0),
    )


def _power(match: re.Match[str]) -> int:
    exponent = match["exp"] or match["pow"] or (match["sup"] or "").translate(_SUPERSCRIPT) or "0"
    return int(exponent.replace("−", "-")) + _SUFFIX.get(match["suffix"] or "", 0)


def _tail(rest: str, currency: str | None) -> tuple[int, str | None] | None:
    """(scale, unit) of what stands behind the number and its currency sign; None where it is not understood."""
    if not rest:
        return 0, None
    if rest == "(s)":
        return None
    word, _, more = rest.partition(" ")
    scale = units.SCALE_WORDS.get(word.casefold().rstrip("."), 0) if len(word) > 1 and word != "mm" else 0
    rest = more.strip() if scale else rest.lstrip("-")
    if not rest:
        return scale, None
    unit = units.find(f"{currency} {rest}" if currency and rest.startswith(("per ", "/")) else rest)
    return None if unit is None else (scale, unit)


def _joined(currency: str | None, unit: str | None) -> str | None:
    """One unit from a currency sign before and a unit behind the number; `?` where they contradict."""
    if currency is None or unit is None or currency == unit:
        return currency or unit
    if unit.startswith(f"{currency}/") or (currency == "USD" and unit in units.CURRENCIES):
        return unit
    return "?"


def decimals(text: str) -> int:
    """Digits after the point of the first number in a text: its printed precision."""
    match = re.search(r"\d\.(\d+)|(?<!\d)\.(\d+)", text)
    return len(match[1] or match[2]) if match else 0


def rounded(number: Decimal, places: int) -> Decimal:
    """Rounded half away from zero, as people round, to `places` digits after the point (negative: before it)."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_number(number: Decimal | int, places: int | None = None) -> str:
    """As a person writes it, `-1,234.5`: thousands commas, `places` digits after the point (None: as it is)."""
    value = Decimal(number)
    if places is not None:
        value = rounded(value, places)
    return f"{value:,f}"


def plain(number: Decimal) -> str:
    """Shortest decimal string without exponent: `12.1` for 12.10, `0` for -0."""
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text
