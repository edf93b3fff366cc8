"""Numbers as models write them, in several locales: digits, sign, scale, unit, and where they stand in a text.

    1,234.5   1.234,5   1 234,5   1’234.5   12,34,567   1.5e9   5.97 × 10^24   3/4   1 3/4   ½   twenty-one

A single separator with three digits behind it (`1.234`, `1,234`) means two things; the language of the sample decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from kg.values import unit as units
from scoring.answers import words

COMMA_LANGUAGES: Final = frozenset(
    ["de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "no", "fi", "cs", "tr", "el", "id", "uk", "ro"]
)
"""Languages that write the decimal comma."""

_LONG: Final = frozenset(["de", "fr", "es"])
_GROUPED: Final = r"\d{1,3}(?:[\u00a0 ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[,.'’_]\d+)*|[.,]\d+"
_POWER: Final = (
    r"(?:[eE](?P<exp>[-+−]?\d{1,3})(?!\w)|(?:\s*[×x·*]\s*|[^\S\n](?=10\^))10(?:\s*\^\s*[{(]?(?P<pow>[-−+]?\d{1,3})[})]?"
    r"|(?P<sup>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\*\*(?P<star>-?\d{1,3})))"
)
_NUMBER: Final = re.compile(
    rf"""(?P<sign1>[-+−–][^\S\n]?)?
    (?:(?P<cur>US\$|USD|\$USD|CA\$|C\$|A\$|RMB|EUR|GBP|CHF|[$€£¥₹₩])\s?)?
    (?P<sign2>[-+−–])?
    (?:(?P<digits>{_GROUPED})(?:\^[{{(]?(?P<raised>-?\d{{1,2}})[)}}]?)?
    (?:\s?(?P<vulgar>[½⅓⅔¼¾⅕⅛⅜⅝⅞])|\s+(?P<mixed>\d{{1,4}})\s?[/⁄]\s?(?P<mixed2>\d{{1,4}})(?![\d/])|\s?[/⁄]\s?(?P<over>\d+)(?![\d/]))?|(?P<alone>[½⅓⅔¼¾⅕⅛⅜⅝⅞]))
    {_POWER}?""",
    re.VERBOSE,
)
_VULGAR: Final = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8),
                  "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}  # fmt: skip
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_LETTERS: Final = {"K": 3, "k": 3, "M": 6, "B": 9, "T": 12, "bn": 9, "mn": 6, "mm": 6}
_BOUND: Final = re.compile(
    r"(?:\b(?:more|less|fewer|greater|higher|lower|larger|smaller|longer|shorter|older|other)\s+than|\bat\s+(?:least|most)"
    r"|\b(?:over|under|above|below|nearly|almost|exceeding|up\s+to|no\s+more\s+than|not|isn['’]t|mehr\s+als|plus\s+de"
    r"|más\s+de|fast)|[<>≤≥≠])\s*(?:[~≈$€£]\s*)?$",
    re.IGNORECASE,
)
_NOT_UNITS: Final = frozenset(["a", "in", "s", "pts"])
_HIGHEST_BASE: Final = 1000
"""Of `10^6`: exponents have two digits, so that numbers stay small."""
_MINUS: Final = re.compile(r"\b(?:minus|negative|moins|menos|meno)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One number of a text. `number * 10**scale` is the amount in `unit`."""

    number: Fraction
    unit: str | None = None
    """Canonical unit (`kg.values.unit`); None for a bare number."""
    scale: int = 0
    scaled: bool = False
    """A scale word or a power of ten stands with it."""
    decimals: int = 0
    fraction: bool = False
    """Written as `p/q`."""
    bound: bool = False
    """`more than`, `<`, `not`: a bound or a denial, not the value."""
    text: str = ""
    start: int = 0
    end: int = 0

    @property
    def value(self) -> Fraction:
        """Without the printed scale, in the unit."""
        return self.number * Fraction(10) ** self.scale

    @property
    def base(self) -> Fraction:
        """In the base of the unit's dimension."""
        return self.value * Fraction(units.factor(self.unit))


def only(text: str, language: str = "en") -> Amount | None:
    """The number that a text is and nothing else but its unit and `about`; None otherwise."""
    text = text.strip()
    found = amounts(text, language)
    if len(found) != 1:
        return None
    before = re.sub(
        r"(?i)\b(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|etwa|environ)\b|[~≈=]",
        "",
        text[: found[0].start],
    )
    after = text[found[0].end :].strip(" .!")
    if before.strip() == "(" and after == ")" and not found[0].bound:
        return replace(found[0], number=-abs(found[0].number))
    return None if before.strip() or after else found[0]


def amounts(text: str, language: str = "en") -> list[Amount]:
    """All numbers of a text in order, digits and words; digits inside names (`GPT-4`, `M15`) are no numbers."""
    text = unicodedata.normalize("NFKC", text) if _odd_digits(text) else text
    found = []
    for match in _NUMBER.finditer(text):
        amount = _amount(text, match, language)
        if amount is not None:
            found.append(amount)
    found += [amount for amount in _spelled(text, language) if not any(_overlap(amount, other) for other in found)]
    if not found and (value := words.number_of(text.strip(" ."), language)) is not None:
        found.append(Amount(number=value, text=text, start=0, end=len(text)))
    return sorted(found, key=lambda amount: amount.start)


def _overlap(one: Amount, other: Amount) -> bool:
    return one.start < other.end and other.start < one.end


def _spelled(text: str, language: str) -> list[Amount]:
    """Numbers in words; `five and seven` are two."""
    found = []
    for match in words.NUMBER_PHRASE.finditer(text):
        start = match.start()
        parts = [match[0]] if words.number_of(match[0], language) is not None else re.split(r"(\s+and\s+)", match[0])
        for part in parts:
            value = words.number_of(part, language)
            if value is not None:
                spelled = Amount(
                    number=value,
                    fraction=value.denominator != 1,
                    bound=bool(_BOUND.search(text[:start])),
                    start=start,
                    end=start + len(part),
                )
                amount = _with_tail(text, spelled, language)
                found += [amount] if amount else []
            start += len(part)
    return found


def _odd_digits(text: str) -> bool:
    """Full-width or non-Latin digits; NFKC would also turn `½` and superscripts, so it is used for these alone."""
    return any(char.isdigit() and not char.isascii() and char not in "⁰¹²³⁴⁵⁶⁷⁸⁹" for char in text)


def _amount(text: str, match: re.Match[str], language: str) -> Amount | None:
    start, digits = match.start(), match["digits"]
    before = text[:start]
    signed = match["sign1"] or match["sign2"]
    if (
        match["sign1"]
        and re.search(r"[\w)%][^\S\n]?\Z", before)
        and (not before.endswith(" ") or match["sign1"].endswith(" "))
    ):
        start, signed = match.start() + len(match["sign1"]), match["sign2"]  # `5-6`, `2 - 1`: no sign
        if re.search(r"[^\W\d_]\Z", before):  # `GPT-4`
            return None
    elif re.search(r"[^\W_]\Z|\w[-_./]\Z", before) and not match["cur"]:
        return None
    value = (Fraction(0), 0) if match["alone"] else read_digits(digits, language)
    if value is None:
        return None
    exact = _fraction(match, *value)
    if exact is None:
        return None
    number, fraction = exact
    if match["raised"]:
        if not 0 < number <= _HIGHEST_BASE:
            return None
        number = number ** int(match["raised"])
    if (signed and signed.strip() in "-−–") or _MINUS.search(before):
        number = -number
    power = match["exp"] or match["pow"] or match["star"] or (match["sup"] or "").translate(_SUPERSCRIPT)
    amount = Amount(
        number=number,
        unit=units.find(match["cur"]) if match["cur"] else None,
        scale=int(power.replace("−", "-")) if power else 0,
        scaled=bool(power),
        decimals=value[1],
        fraction=fraction,
        bound=bool(_BOUND.search(text[: match.start()])),
        start=start,
        end=match.end(),
    )
    return _with_tail(text, amount, language)


def _fraction(match: re.Match[str], number: Fraction, decimals: int) -> tuple[Fraction, bool] | None:
    """(number, whether it is written as a fraction); None where it is divided by zero."""
    if match["vulgar"] or match["alone"]:
        return number + Fraction(*_VULGAR[match["vulgar"] or match["alone"]]), True
    bottom = int(match["mixed2"] or match["over"] or 1)
    if not bottom:
        return None
    if match["mixed"]:
        return number + Fraction(int(match["mixed"]), bottom), True
    return number / bottom, bool(match["over"]) and not decimals


def read_digits(token: str, language: str = "en") -> tuple[Fraction, int] | None:
    """(number, digits after the decimal mark) of `1.234,5`; None where the grouping is impossible (`1,2,3`)."""
    comma = language[:2] in COMMA_LANGUAGES
    marks = re.findall(r"[^\d]", token)
    mark = ""
    if "." in marks and "," in marks:
        mark = "." if token.rfind(".") > token.rfind(",") else ","
        if marks.count(mark) > 1:
            return None
    elif marks and marks[-1] in ".," and marks.count(marks[-1]) == 1:
        head, tail = token.rsplit(marks[-1], 1)
        grouping = len(marks) == 1 and len(tail) == 3 and re.fullmatch(r"[1-9]\d{0,2}", head)
        if not grouping or (marks[-1] == ",") == comma:
            mark = marks[-1]
    whole, _, part = token.rpartition(mark) if mark else (token, "", "")
    groups = re.split(r"\D", whole)
    western = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    indian = (
        set(marks) <= {",", "."}
        and len(groups[-1]) == 3
        and all(len(g) == 2 for g in groups[1:-1])
        and len(groups[0]) <= 2
    )
    if len(groups) > 1 and not (western or indian):
        return None
    return Fraction(f"{''.join(groups) or 0}.{part or 0}"), len(part)


def _with_tail(text: str, amount: Amount, language: str) -> Amount | None:
    """The amount with the scale word and the unit behind it; None where letters make it a part of a name."""
    end, scale, scaled, unit = amount.end, amount.scale, amount.scaled, amount.unit
    rest = text[end:]
    if match := re.match(r"[\s\u00a0-]?(bn|mn|mm|[KMBTk])(?![\w/°])", rest):
        if (rest[0] not in " \u00a0" and not (match[1] == "mm" and not unit)) or (unit and match[1] != "T"):
            scale, scaled, end = scale + _LETTERS[match[1]], True, end + match.end()
    elif unit and (match := re.match(r"\s?m(?![\w/])", rest)):
        scale, scaled, end = scale + 6, True, end + match.end()
    if not scaled or amount.scaled:
        found = _scale_word(text[end:], language)
        while found:  # `200 thousand million`
            scale, scaled, end = scale + found[0], True, end + found[1]
            found = _scale_word(text[end:], language)
    named = _unit(text[end:], unit)
    if named is not None:
        unit, end = named[0], end + named[1]
    elif end == amount.end and re.match(r"(?![x×](?!\w))[^\W\d_]", text[end:]):
        return None
    return replace(amount, scale=scale, scaled=scaled, unit=unit, end=end, text=text[amount.start : end])


def _scale_word(rest: str, language: str) -> tuple[int, int] | None:
    match = re.match(r"[\s\u00a0-]?\s?([^\W\d_]+)\.?", rest)
    if match is None:
        return None
    word = match[1].casefold()
    english = language[:2] == "de" and match[1].islower()  # German has `Billion`, English `billion`
    if word in words.LONG_SCALE and language[:2] in _LONG and not english:
        return words.LONG_SCALE[word], match.end()
    if word in {"万", "億", "亿"} or len(word) > 2:
        power = units.SCALE_WORDS.get(word) or words.SCALES.get(word)
    elif word in {"bn", "mn"}:
        power = units.SCALE_WORDS[word]
    else:
        power = None
    if power is None and (found := re.match(r"[\s\u00a0]?(万|億|亿)", rest)):
        return words.SCALES[found[1]], found.end()
    if power is None:
        return None
    end = match.end() - (match[0].endswith(".") and word not in {"mio", "mrd", "тыс", "млн", "млрд"})
    return power, end


def _unit(rest: str, currency: str | None) -> tuple[str, int] | None:
    """(unit, length) of the longest unit that the text begins with; of money, `per ...` and a name of the same."""
    head = re.match(r"[\s\u00a0-]{0,2}(?:of\s+|de\s+|d['’])?", rest)
    assert head is not None
    line = re.split(r"[\n;:,!?)\]|]|\.(?:\s|$)", rest[head.end() :], maxsplit=1)[0][:60]
    cuts = [m.end() for m in re.finditer(r"[^\s\u00a0(]+(?:\s?\([^()]*\))?", line)][:6]
    for cut in reversed([*cuts]):
        phrase = line[:cut].strip()
        name = words.UNITS.get(phrase.casefold(), phrase)
        if phrase in _NOT_UNITS and not (phrase == "s" and len(cuts) == 1):
            continue
        unit = units.find(f"{currency} {name}" if currency and name.startswith(("per ", "/")) else name)
        if unit is None and name.endswith("."):
            unit = units.find(name[:-1])
        if unit is None or (currency and unit != currency and not _money(currency, unit)):
            continue
        return unit, head.end() + cut
    return None


def _money(currency: str, unit: str) -> bool:
    return unit.startswith(f"{currency}/") or (currency == "USD" and unit in units.CURRENCIES)
