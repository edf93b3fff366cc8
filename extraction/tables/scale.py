"""Scale lines: `(In millions, except number of shares, which are reflected in thousands, and per-share amounts)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.values import unit as units
from kg.values.name import normal

_SCALE: Final = (
    r"(?P<power>hundreds|thousands|millions|billions|trillions|thousand|million|billion|mn|bn|000s?|'000s?|’000s?)"
)
_HEAD: Final = re.compile(
    rf"(?:(?P<cur>US\$|U\.S\.\s+dollars?|\$|€|£|¥|USD|EUR|GBP|dollars?|euros?)\s*)?(?:amounts?\s+|expressed\s+"
    rf"|dollars\s+|all\s+figures\s+)*"
    rf"\bin\s+(?P<cur2>US\$|U\.S\.|\$|€|£|¥|USD|EUR|GBP)?\s*{_SCALE}(?:\s+of\s+(?P<cur3>U\.?S\.?\s+dollars?"
    rf"|dollars?|euros?|yen|USD|EUR))?",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(
    r"^\(?\s*(?P<cur>US\$|\$|€|£|¥)\s*(?P<s>m|mn|million|bn|billion|k|000s?|'000s?|’000s?|thousands?)\s*\)?$",
    re.IGNORECASE,
)
SUFFIX: Final = r"\(?(?:US\$|[$€£¥])\s*(?:m|mn|million|bn|billion|k|'000|’000|000|thousand)s?\)?"
"""Regular expression of a scale behind a period in a header: `2019 €m`."""
_POWERS: Final = {"m": 6, "000": 3, "000s": 3, "'000": 3, "'000s": 3, "’000": 3, "’000s": 3}
_EXCEPT: Final = re.compile(r"\b(?:except|excluding|other\s+than)\b(.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a scale line says. `scale` is a power of ten."""

    scale: int = 0
    unit: str | None = None
    shares: int | None = None
    """Power of ten of numbers of shares, where the line makes an exception for them; 0 = as printed."""
    per_share: bool = False
    """Per-share amounts are as printed."""
    stated: bool = False


def power(word: str) -> int:
    """Power of ten of a scale word as `_SCALE` matches it."""
    word = word.casefold()
    return units.SCALE_WORDS.get(word) or _POWERS.get(word, 0)


def parse(text: str) -> Scale | None:
    """What a scale line says, None where it says nothing of scale or currency."""
    match = _HEAD.search(text)
    if match is None:
        short = _SHORT.match(text.strip())
        if short is None:
            return None
        return Scale(scale=power(short["s"]), unit=units.find(short["cur"]), stated=True)
    currency = match["cur"] or match["cur2"] or match["cur3"]
    unit = (
        units.find(currency.replace("U.S.", "U.S. dollars") if currency == "U.S." else currency) if currency else None
    )
    scale = power(match["power"])
    excepted = _EXCEPT.search(text[match.end() :])
    apart = re.search(r"\bshares\s+(?:are\s+)?in\s+(thousand|million|billion)s?", text, re.IGNORECASE)
    shares, per_share = _exceptions(excepted[1]) if excepted else (None, False)
    if apart and shares is None:
        shares = power(apart[1])
    return Scale(scale=scale, unit=unit, shares=shares, per_share=per_share, stated=True)


def _exceptions(text: str) -> tuple[int | None, bool]:
    low = normal(text)
    per_share = "per share" in low or "per unit" in low or "per rsu" in low
    rest = re.sub(r"per\s+(?:common\s+)?shares?(?:\s+(?:amount|data|price|value)s?)?", " ", low)
    shares: int | None = None
    if "share" in rest:
        inner = re.search(r"shares?[^.;]*?\bin (thousand|million|billion)s?", rest)
        shares = power(inner[1]) if inner else 0
    return shares, per_share


def is_scale_row(texts: list[str]) -> bool:
    """Whether the cells of a header row, joined, only state the scale: `(In` | `millions)`."""
    filled = [t for t in texts if t]
    if len(set(filled)) == 1 and _SHORT.match(filled[0].strip()):
        return True
    joined = " ".join(filled).strip()
    return (
        bool(joined)
        and bool(
            re.match(r"^\(?\s*(?:US)?[$€£]?\s*(?:amounts |dollars )?(?:in\b|[$€£]|’000|'000)", joined, re.IGNORECASE)
        )
        and parse(joined) is not None
    )


def of_header(text: str) -> tuple[str, str | None, int]:
    """(label, unit, scale) of a header with a unit in brackets or behind a comma: `Mass (10^24 kg)`.

    The label is the header without the bracket. Unknown brackets stay in the label.
    """
    text = re.sub(r"\s*[↑↓]$", "", text)
    match = re.search(r"\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*$", text)
    inner, label = (match[1], text[: match.start()].strip()) if match else ("", text)
    if match is None and (comma := re.match(r"^(.{3,}),\s*([^,]{1,20})$", text)):
        inner, label = comma[2], comma[1].strip()
    if inner:
        unit, scale, known = _inner(inner)
        if known:
            return label or text, unit, scale
    whole = units.find(text)
    if whole and ("/" in whole or text.strip() in ("%", "$")):
        return text, whole, 0
    return text, None, 0


def _inner(text: str) -> tuple[str | None, int, bool]:
    """(unit, scale, understood) of the inside of a unit bracket."""
    text = re.sub(r"^in\s+", "", text)
    word, _, rest = text.partition(" ")
    line = parse(text if text.lower().startswith(("$", "€", "£", "us$")) else f"in {text}")
    if line and (line.unit or not rest):
        return line.unit, line.scale, True
    lost = re.match(r"^10(\d{1,2})\s+(\S.*)$", text)
    if lost and units.find(lost[2]):
        return units.find(lost[2]), int(lost[1]), True
    power_of_ten = re.match(r"^(?:×\s*)?10(?:\^\{?([-−]?\d+)\}?|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))\s*(.*)$", text)
    scale = 0
    if power_of_ten:
        digits = power_of_ten[1] or power_of_ten[2].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        scale, text = int(digits.replace("−", "-")), power_of_ten[3].strip()
    elif rest and word.casefold() in units.SCALE_WORDS and len(word) > 2:
        scale, text = units.SCALE_WORDS[word.casefold()], rest.strip()
    unit = units.find(text) if text else None
    return unit, scale, unit is not None or (scale != 0 and not text)
