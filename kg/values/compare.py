"""One meaning of "equal": `compatible` for proof and grading, `canonical` for keys and postings."""

from __future__ import annotations

from decimal import Decimal

from kg.values import date as dates
from kg.values import number as numbers
from kg.values import unit as units
from kg.values.name import normal
from schemas.fact import Value


def amount(value: Value) -> Decimal:
    """The number of a value without its printed scale, in its unit. Raises: ValueError where it has none."""
    if value.number is None:
        raise ValueError(f"no number: {value.text!r}")
    return value.number.scaleb(value.scale)


def canonical(value: Value | str | float | Decimal | bool | None) -> str:
    """The form that keys, postings and `Draft.answer_value` use. Equal canonical forms are equal values.

    Numbers: decimal string with the scale applied, and the unit behind a space (`19604000000 USD`, `12.1 %`, `4`).
    Dates: ISO. Booleans: `true`, `false`. Texts, names: their normal form. None: `""`.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return numbers.plain(Decimal(str(value)))
    if isinstance(value, str):
        return normal(value)
    if value.kind == "number" and value.number is not None:
        text = numbers.plain(amount(value))
        return f"{text} {value.unit}" if value.unit else text
    if value.kind == "date" and value.date:
        return value.date
    return normal(value.text)


def compatible(a: Value | str, b: Value | str) -> bool:
    """Whether two answers are the same answer. Symmetric, reflexive, not transitive: compare pairwise, never cluster.

    Numbers: one dimension, equal at the coarser printed precision (a bare number given as text is read in the other's
    unit and scale). Dates: equal, or one the coarser of the two. Texts: equal, or one a contiguous part of the other.
    Texts with `|`: sets.
    """
    if isinstance(a, str) and isinstance(b, str):
        if "|" in a or "|" in b:
            return _same_sets(a, b)
        left, right = numbers.parse(a), numbers.parse(b)
        if left and right:
            return _numbers(left, right)
        return _texts(a, b)
    if isinstance(a, str):
        a, b = b, a
    assert isinstance(a, Value)
    if isinstance(b, str):
        b = _read_like(b, a)
    if a.kind == "number" and b.kind == "number":
        return _numbers(a, b)
    if a.kind == "date" and b.kind == "date" and a.date and b.date:
        return a.date.startswith(b.date) or b.date.startswith(a.date)
    if "number" in (a.kind, b.kind) or "date" in (a.kind, b.kind):
        return normal(a.text) == normal(b.text)
    if "entity" in (a.kind, b.kind) or "boolean" in (a.kind, b.kind):
        return normal(a.text) == normal(b.text)
    return _texts(a.text, b.text)


def _read_like(text: str, like: Value) -> Value:
    """A text as a value of the kind of another."""
    if like.kind == "number" and (value := numbers.parse(text)):
        if value.unit is None and value.scale == 0:
            return value.model_copy(update={"unit": like.unit, "scale": like.scale})
        if value.unit is None:
            return value.model_copy(update={"unit": like.unit})
        return value
    if like.kind == "date" and (iso := dates.parse(text)):
        return Value(kind="date", text=text, date=iso)
    return Value(kind="entity" if like.kind == "entity" else "text", text=text)


def _numbers(a: Value, b: Value) -> bool:
    if (a.number, a.scale, a.unit) == (b.number, b.scale, b.unit):
        return True
    if units.dimension(a.unit) != units.dimension(b.unit):
        return False
    left, right = amount(a) * units.factor(a.unit), amount(b) * units.factor(b.unit)
    return abs(left - right) * 2 <= max(_quantum(a), _quantum(b)) if _quantum(a) != _quantum(b) else left == right


def _quantum(value: Value) -> Decimal:
    """One unit of the last printed digit, in the base of the dimension."""
    return Decimal(1).scaleb(value.scale - value.decimals) * units.factor(value.unit)


def _texts(a: str, b: str) -> bool:
    left, right = f" {normal(a)} ", f" {normal(b)} "
    if not left.strip() or not right.strip():
        return left == right
    return left == right or left in right or right in left


def _same_sets(a: str, b: str) -> bool:
    left, right = ({normal(part) for part in text.split("|")} for text in (a, b))
    return left == right
