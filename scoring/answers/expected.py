"""What is expected: the answer of a sample, or of a user's own row, as the judges of one kind read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, Literal

from kg.values import date as dates
from kg.values import unit as units
from schemas.sample import Answered, Sample
from scoring.answers import formula
from scoring.answers.amount import Amount, only
from scoring.answers.clean import plain

Kind = Literal["number", "count", "date", "text", "entity", "set", "boolean", "formula", "choice"]

_BOOLEAN: Final = {"yes": "true", "no": "false", "true": "true", "false": "false"}
_KINDS: Final[dict[str, Kind]] = {
    "number": "number", "percent": "number", "count": "count", "date": "date", "text": "text", "entity": "entity",
    "set": "set", "boolean": "boolean",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The right answer and how it may be written."""

    text: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    question: str = ""
    value: str = ""
    """Canonical, see `Answered.answer_value`; empty for a user's own row."""
    unit: str | None = None
    """Canonical unit that the question names, so that a bare number is in it."""
    scale: int = 0
    """Power of ten that the question names."""
    tolerance: Fraction | None = None
    """In the printed unit and scale; None: the printed precision of the answer."""
    choices: tuple[str, ...] = ()
    language: str = "en"
    """Decides how `1.234` and `1,234` are read, which alone do not say what they mean."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Every spelling that is right."""
        return (self.text, *self.aliases)


def of_sample(sample: Sample | Answered) -> Expected:
    """The expected answer of a sample."""
    scale, unit = _named_unit(sample.answer_unit)
    choices = getattr(sample, "choices", ())
    kind: Kind = "choice" if choices else _KINDS[sample.answer_type]
    if kind == "text" and formula.is_formula(sample.answer):
        kind = "formula"
    return Expected(
        text=sample.answer,
        kind=kind,
        aliases=sample.answer_aliases,
        question=sample.question,
        value=sample.answer_value,
        unit=unit,
        scale=scale,
        tolerance=Fraction(sample.tolerance) if sample.tolerance else None,
        choices=choices,
        language=getattr(sample, "language", "en"),
    )


def of_text(
    answer: str,
    *,
    question: str = "",
    aliases: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    language: str = "en",
    kind: Kind | None = None,
) -> Expected:
    """The expected answer of a row that has text only: its kind is read from the answer, in doubt `text`."""
    kind = kind or ("choice" if choices else _kind_of(answer, language))
    return Expected(text=answer, kind=kind, aliases=aliases, question=question, choices=choices, language=language)


def _kind_of(answer: str, language: str) -> Kind:
    bare = plain(answer).strip().rstrip(".")
    if bare.casefold() in _BOOLEAN:
        return "boolean"
    if only(bare, language) is not None and not re.fullmatch(r"0\d+", bare):
        return "number"
    if dates.parse(bare):
        return "date"
    if formula.is_formula(answer):
        return "formula"
    return "set" if "|" in answer or ";" in answer else "text"


def _named_unit(words: str | None) -> tuple[int, str | None]:
    """(scale, unit) of `million US dollars`, `10^24 kilograms`, `%`; an unknown noun is a unit of its own."""
    if not words:
        return 0, None
    head, _, rest = words.partition(" ")
    power = re.fullmatch(r"10\^(-?\d{1,3})", head)
    scale = int(power[1]) if power else units.SCALE_WORDS.get(head.casefold(), 0)
    name = rest if scale else words
    return scale, (units.find(name) or name) if name else None


def target(expected: Expected) -> Amount | None:
    """The expected number with unit, scale and tolerance; None where the answer prints none."""
    printed = only(plain(expected.text), expected.language)
    value = _decimal(expected.value.partition(" ")[0])
    if value is None:
        value = printed.number if printed else formula.number(expected.text)
        if value is None:
            return None
    unit = expected.unit or (printed.unit if printed else None)
    scale = expected.scale
    if printed is not None and printed.scaled and not scale:
        scale = printed.scale if not expected.value else 0
    return Amount(number=value, unit=unit, scale=scale, decimals=printed.decimals if printed else 0, text=expected.text)


def _decimal(text: str) -> Fraction | None:
    try:
        return Fraction(Decimal(text)) if text else None
    except InvalidOperation:
        return None


def truth(expected: Expected) -> str | None:
    """`true` or `false` of a boolean answer."""
    return _BOOLEAN.get((expected.value or expected.text).strip().casefold().rstrip(".")) or _BOOLEAN.get(
        expected.text.strip().casefold().rstrip(".")
    )
