"""Judges of numbers: the number that a statement gives, against the expected one, its unit, scale and tolerance."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from kg.values import unit as units
from kg.values.name import normal, singular
from scoring.answers import dated, formula
from scoring.answers.amount import Amount, amounts
from scoring.answers.clean import plain
from scoring.answers.expected import Expected, target
from scoring.answers.words import UNITS

_DOWN: Final = re.compile(
    r"\b(?:decreas|declin|fell\b|fall|drop|reduc|shr[aiu]nk|went\s+down|loss|sank|gesunken|baiss)", re.IGNORECASE
)
_UP: Final = re.compile(r"\b(?:increas|rose\b|ris|grew\b|grow|gain|went\s+up|climb|gestiegen|hauss)", re.IGNORECASE)
_TABLE_SCALE: Final = re.compile(
    r"\bin\s+(thousands|millions|billions)\b|\((thousands|millions|billions)\)", re.IGNORECASE
)
_RESULT: Final = re.compile(r"[=≈]|\b(?:so|therefore|thus|hence|i\.e\.|that\s+is|giving|gives|making)\b", re.IGNORECASE)
_ACCOUNTING: Final = re.compile(r"\A\s*([$€£]?)\s?\(\s?([$€£]?\s?\d[\d.,’']*)\s?\)\s*([^\d()]*)$")
"""`(505)`, `($505) million`: negative, as in accounts."""
_NAMED: Final = re.compile(
    r"\b(?:increase|decrease|difference|total|change|rise|decline|drop|sum|result|ratio)\s*(?:of|is|was|:|by)\s*"
    r"(?:about|approximately|around|roughly)?\s*$",
    re.IGNORECASE,
)
"""What names a result directly before its number."""
_FROM_TO: Final = re.compile(
    r"\bfrom\s+[^.;\n]{1,60}?\s+to\s+[^.;\n]{1,60}|\bbetween\s+[^.;\n]{1,60}?\s+and\s+[^.;\n]{1,60}", re.IGNORECASE
)
_COUNTED: Final = frozenset(["share", "token", "parameter", "person", "employee"])
_TAIL: Final = re.compile(r"^\s?(?P<noun>[^\W\d_][\w-]*)\s*[.!]?$")
_HARMLESS: Final = frozenset(
    ["higher", "lower", "more", "less", "greater", "larger", "smaller", "longer", "shorter", "older", "younger",
     "approximately", "approx", "about", "total", "overall", "exactly", "rounded", "respectively", "times", "x",
     "fold", "apart", "earlier", "later", "ago", "faster", "slower"]
)  # fmt: skip
SAME_DIGITS: Final = 3
"""Digits behind the point from which a rounded decimal stands for a fraction: 0.333 for 1/3."""


def judge(text: str, expected: Expected) -> bool | None:
    """Whether a statement gives the expected number; None where it gives none.

    A bare number is in the unit and scale of the question. Numbers that the question states, dates, and both ends of
    `from ... to ...` are no answers where another number stands; what remains must agree as a whole.
    """
    right = target(expected)
    if right is None:
        return None
    clean = _ACCOUNTING.sub(r"-\1\2 \3", plain(text))
    exact = formula.number(text) if re.search(r"\\(?:frac|dfrac|tfrac|sqrt|pi|cdot|times)|[√π]", text) else None
    found = _said(clean, expected) if exact is None else [Amount(number=exact, decimals=12, fraction=True)]
    if not found:
        return None
    sign = _direction(clean, expected.question)
    return all(
        _right(replace(amount, number=amount.number * (sign if amount.number > 0 else 1)), right, expected, clean)
        for amount in found
    )


def _said(text: str, expected: Expected) -> list[Amount]:
    """The numbers of a statement that may be its answer."""
    found = _outside(amounts(text, expected.language), dated.spans(text, full_only=True))
    if len(found) > 1 and (signs := list(_RESULT.finditer(text))):
        behind = [amount for amount in found if amount.start >= signs[-1].end()]
        found = behind or found
    found = [amount for amount in found if not _error_bar(text, amount)] or found
    found = _outside(found, [match.span() for match in _FROM_TO.finditer(text)])
    if len(found) > 1:
        asked = {amount.value for amount in amounts(expected.question, expected.language)}
        found = [amount for amount in found if amount.value not in asked] or found
    right = target(expected)
    fitting = [a for a in found if a.unit is None or right is None or _fits(a, right)]
    found = _without_asides(fitting or found, text)
    named = [amount for amount in found if _NAMED.search(text[: amount.start])]
    return named or found


def _fits(amount: Amount, right: Amount) -> bool:
    """Whether a number with a unit may be the answer at all, by its dimension."""
    return right.unit is None or units.dimension(amount.unit) == units.dimension(right.unit)


def _outside(found: list[Amount], spans: list[tuple[int, int]]) -> list[Amount]:
    kept = [a for a in found if not any(start <= a.start and a.end <= end for start, end in spans)]
    return kept or found


def _error_bar(text: str, amount: Amount) -> bool:
    return re.search(r"[±]\s*$|\+/-\s*$", text[: amount.start]) is not None


def _without_asides(found: list[Amount], text: str) -> list[Amount]:
    """Without numbers in parentheses behind another one: those that restate it agree, a calculation is no answer."""
    kept: list[Amount] = []
    for amount in found:
        inside = text[: amount.start].rfind("(") > text[: amount.start].rfind(")") and kept
        if not inside:
            if not (kept and _other_words(kept[0], amount) and _restates(kept[0], amount)):
                kept.append(amount)
            continue
        main = kept[0]
        same = units.dimension(amount.unit) == units.dimension(main.unit)
        aside = text[text.rfind("(", 0, amount.start) : text.find(")", amount.end) + 1]
        if (
            re.search(r"[-−–+×*/÷]\s?\d|\d\s?[-−–+×*/÷]|\b(?:from|versus|vs|compared|rounded|up|down|out)\b", aside)
            or not same
        ):
            continue
        if not _restates(main, amount):
            kept.append(amount)
        elif _step(amount) < _step(main) and len(kept) == 1:
            kept = [amount]  # `about $1.1 billion ($1,095 million)`
    return kept


def _other_words(one: Amount, other: Amount) -> bool:
    """Whether two numbers are in other units, scales or notations, so that one may say the other again."""
    same = units.dimension(one.unit) == units.dimension(other.unit)
    return same and (one.unit, one.scale, one.fraction) != (other.unit, other.scale, other.fraction)


def _restates(one: Amount, other: Amount) -> bool:
    step = max(_step(one), _step(other))
    return abs(one.base - other.base) * 2 <= step


def _step(amount: Amount) -> Fraction:
    return Fraction(10) ** (amount.scale - amount.decimals) * Fraction(units.factor(amount.unit))


def _direction(text: str, question: str) -> int:
    """-1 where the statement names the other direction than the question: `fell by 5` for a change of -5."""
    down, up = bool(_DOWN.search(text)), bool(_UP.search(text))
    if down == up:
        return 1
    asked_down, asked_up = bool(_DOWN.search(question)), bool(_UP.search(question))
    lower = re.search(r"\b(?:lower|less|fewer|smaller|shorter|below)\b", question, re.IGNORECASE) is not None
    if down and not asked_down and not lower and (asked_up or re.search(r"(?i)\bchang", question)):
        return -1
    return -1 if up and asked_down and not asked_up else 1


def _right(amount: Amount, right: Amount, expected: Expected, text: str) -> bool:
    if expected.kind == "count" and re.match(r"\s?[x×](?!\w)", text[amount.end :]):
        return False
    if amount.bound and not re.search(r"[<>≤≥]|than|least|most|over|under", expected.text):
        return False
    said = _in_units_of(amount, right, expected, text)
    if said is None:
        return False
    return _equal(said, right, amount, expected)


def _in_units_of(amount: Amount, right: Amount, expected: Expected, text: str) -> Fraction | None:
    """The number in the expected unit and scale; None where the units do not fit."""
    scale = Fraction(10) ** right.scale
    if amount.unit is None:
        if right.unit and amount.end and _strange_unit(text[amount.end :], expected):
            return None
        if amount.scaled:
            return amount.value / scale
        if amount.fraction and right.unit == "%":
            return amount.number if amount.number > 1 else amount.number * 100
        if (
            right.unit == "%"
            and expected.unit is None
            and amount.decimals
            and abs(right.number - amount.number * 100) < Fraction(1, 10**9)
        ):
            return right.number  # the question names no unit: 0.125 for 12.5 %
        table = _TABLE_SCALE.search(text)
        named = units.SCALE_WORDS[(table[1] or table[2]).casefold()] if table else right.scale
        return amount.number * Fraction(10) ** named / scale
    if right.unit is None:
        return (
            amount.value * (Fraction(1, 100) if amount.unit == "%" else 1) / scale
            if _unit_is_free(amount, expected)
            else None
        )
    if units.dimension(amount.unit) != units.dimension(right.unit):
        return None
    value = amount.value
    table = _TABLE_SCALE.search(text)
    if table and not amount.scaled and right.scale:
        value *= Fraction(10) ** units.SCALE_WORDS[(table[1] or table[2]).casefold()]
    return value * Fraction(units.factor(amount.unit)) / Fraction(units.factor(right.unit)) / scale


def _strange_unit(rest: str, expected: Expected) -> bool:
    """Whether one unknown word closes the statement where a unit would stand: `16.1 zorkmids`."""
    match = _TAIL.match(rest)
    if match is None:
        return False
    noun = match["noun"].casefold()
    return noun not in _HARMLESS and singular(noun) not in {
        singular(word) for word in normal(expected.question).split()
    }


def _unit_is_free(amount: Amount, expected: Expected) -> bool:
    """Whether a unit may stand where none is asked for: percent, counted things, the question's own words."""
    assert amount.unit is not None
    if amount.unit == "%":
        return expected.kind != "count"
    spoken = {singular(word) for word in normal(units.spoken(amount.unit)).split()} | {amount.unit}
    asked = {singular(word) for word in normal(expected.question).split()}
    foreign = {units.find(UNITS[word]) for word in expected.question.casefold().split() if word in UNITS}
    return amount.unit in foreign or amount.unit in _COUNTED or spoken <= asked


def _equal(said: Fraction, right: Amount, amount: Amount, expected: Expected) -> bool:
    if said == right.number:
        return True
    if expected.kind == "count":
        return False
    if right.unit is None and not right.scale and right.number.denominator == 1 and not right.decimals:
        return False  # counted things: 10.7 is not 11
    if expected.tolerance is not None:
        return abs(said - right.number) < expected.tolerance
    if right.decimals and not right.fraction:
        return (amount.fraction or amount.decimals >= right.decimals) and abs(said - right.number) * 2 < Fraction(
            10
        ) ** -right.decimals
    if right.number.denominator != 1 and amount.decimals >= SAME_DIGITS and not amount.scaled:
        return abs(said - right.number) * 2 <= Fraction(10) ** -amount.decimals
    return False
