"""Typed values out of nodes: the value of a fact, of an entity, of any property, with its unit, scale and precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from kg.proof.things import called, is_name, thing_text
from kg.snapshot.snapshot import Snapshot
from kg.values import canonical, compatible
from kg.values import number as numbers
from kg.values import unit as units
from kg.values.name import normal
from schemas.errors import DerivationError
from schemas.fact import Value

VALUE_PROPERTIES = frozenset({"value", "text", "number", "exact", "date"})
"""Properties of an Assertion that stand for its value."""
KEPT: Final = 256
"""Facts whose values are kept: several checks of one draft ask for the same ones."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR: Final = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its value, and the entity that it is, if it is one."""

    value: Value
    entity: str | None = None
    exact: bool = False
    """A word of the user's own graph: a part of another is another answer (`crime drama`, `drama`)."""

    @property
    def canonical(self) -> str:
        """As `Draft.answer_value` has it: a number in its printed scale, an ISO date, an entity id, a normal text."""
        if self.entity is not None:
            return self.entity
        if self.value.number is not None:
            return format(self.value.number, "f")
        return canonical(self.value) or self.value.text


def agree(one: Answer, other: Answer) -> bool:
    """Whether two answers are one. Entities are one when they are the same node; all else as `kg.values.compatible`."""
    if one.entity is not None and other.entity is not None:
        return one.entity == other.entity
    if one.exact and other.exact:
        return normal(one.value.text) == normal(other.value.text)
    return compatible(one.value, other.value)


def agree_all(one: tuple[Answer, ...], other: tuple[Answer, ...]) -> bool:
    """Whether two answers, single or sets, are one: every member has its counterpart, both ways."""
    if len(one) == len(other) == 1:
        return agree(one[0], other[0])
    return (
        len(one) == len(other)
        and all(any(agree(a, b) for b in other) for a in one)
        and all(any(agree(a, b) for a in one) for b in other)
    )


def answer_at(snapshot: Snapshot, node: int, prop: str) -> Answer:
    """The value of a property as an answer.

    Raises:
        DerivationError: the node has no such value.
    """
    label = snapshot.label_of(node)
    if label == "Assertion" and prop in VALUE_PROPERTIES:
        return _fact(snapshot, node)
    value = snapshot.get(node, prop)
    if value is None or value == "":
        raise DerivationError(f"{label}.{prop} has no value")
    if label == "Entity" and prop in {"name", "described", "id"}:
        return Answer(Value(kind="entity", text=str(snapshot.get(node, "name") or value)), snapshot.id_of(node))
    if isinstance(value, bool):
        return Answer(Value(kind="boolean", text="yes" if value else "no"))
    if isinstance(value, int | float):
        return Answer(_number(snapshot, node, prop, Decimal(str(value))))
    if isinstance(value, list):
        return Answer(Value(kind="text", text="|".join(sorted(str(part) for part in value))))
    return Answer(Value(kind="text", text=str(value)))


def answers_at(snapshot: Snapshot, thing: int, prop: str, kind: str | None = None) -> tuple[Answer, ...]:
    """The value of a property as answers: one, or of a list in a user's own graph its members.

    Args:
        kind: the answer type that the header names; `date` reads a number as a year.

    Raises:
        DerivationError: there is no such value.
    """
    if snapshot.roles.house:
        return (answer_at(snapshot, thing, prop),)
    value = snapshot.get(thing, prop)
    if value is None or value in ("", []):
        raise DerivationError(f"{prop} of {called(snapshot, thing)} has no value")
    if is_name(snapshot, thing, prop):
        return (Answer(Value(kind="entity", text=" ".join(str(value).split())), snapshot.id_of(thing)),)
    unit = snapshot.roles.unit_of(snapshot.label_of(thing), prop)
    parts = value if isinstance(value, list) else [value]
    found = {answer.canonical: answer for answer in (own_value(part, unit, kind) for part in parts)}
    return tuple(found[key] for key in sorted(found))


def own_value(value: Any, unit: str | None = None, kind: str | None = None) -> Answer:
    """A value of a user's own graph as an answer.

    Args:
        unit: canonical unit of the property's numbers.
        kind: answer type; `date` reads a number as a year.
    """
    if isinstance(value, bool):
        return Answer(Value(kind="boolean", text="yes" if value else "no"))
    text = " ".join(str(value).split())
    if kind == "date" and _YEAR.fullmatch(text):
        return Answer(Value(kind="date", text=text, date=text))
    if isinstance(value, str):
        iso = text if _DAY.fullmatch(text) else None
        return Answer(Value(kind="date" if iso else "text", text=text, date=iso), exact=iso is None)
    number = Decimal(str(value))
    number = Decimal(int(number)) if number.is_finite() and number == number.to_integral_value() else number
    text = format(number, "f")
    return Answer(Value(kind="number", text=text, number=number, unit=unit, decimals=_digits(number)))


@lru_cache(maxsize=KEPT)
def _fact(snapshot: Snapshot, node: int) -> Answer:
    kind, text = snapshot.get(node, "kind"), snapshot.get(node, "text")
    if kind == "number":
        return Answer(number_of(snapshot, node))
    if text is None or text == "":
        raise DerivationError("a fact without a value")
    if kind == "date":
        return Answer(Value(kind="date", text=text, date=snapshot.get(node, "date")))
    if kind == "entity":
        found = objects(snapshot, node)
        return Answer(Value(kind="entity", text=text), snapshot.id_of(found[0]) if len(found) == 1 else None)
    return Answer(Value(kind="boolean" if kind == "boolean" else "text", text=text))


@lru_cache(maxsize=KEPT)
def number_of(snapshot: Snapshot, node: int) -> Value:
    """The printed number of a fact, exactly.

    Raises:
        DerivationError: it has none.
    """
    exact = snapshot.get(node, "exact")
    number = snapshot.get(node, "number")
    if exact is None and number is None:
        raise DerivationError(f"no number: {snapshot.get(node, 'text')!r}")
    decimal = Decimal(exact if exact is not None else repr(number))
    decimals = snapshot.get(node, "decimals")
    return Value(
        kind="number",
        text=str(snapshot.get(node, "text") or decimal),
        number=decimal,
        unit=snapshot.get(node, "unit") or None,
        scale=snapshot.get(node, "scale") or 0,
        decimals=decimals if decimals is not None else _digits(decimal),
    )


def _number(snapshot: Snapshot, node: int, prop: str, number: Decimal) -> Value:
    amount = prop == "number"
    return Value(
        kind="number",
        text=str(snapshot.get(node, "text") or number) if amount else str(number),
        number=number.normalize() if number == number.to_integral_value() and abs(number) < 10**6 else number,
        unit=snapshot.get(node, "unit") or None if amount else None,
        scale=snapshot.get(node, "scale") or 0 if amount else 0,
        decimals=_digits(number),
    )


def _digits(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def base(value: Value) -> Fraction:
    """The exact amount in the value's unit: number times its scale."""
    assert value.number is not None
    return Fraction(value.number) * Fraction(10) ** value.scale


def objects(snapshot: Snapshot, node: int) -> list[int]:
    """Entities that a fact's value is."""
    return neighbours(snapshot, node, "OBJECT", 1)


def neighbours(snapshot: Snapshot, node: int, type_: str, direction: int) -> list[int]:
    """Nodes joined to a node by edges of one type, in the order of the edges."""
    return snapshot.adjacency((type_,), direction).neighbours(node)


def subjects(snapshot: Snapshot, node: int) -> list[int]:
    """Entities that a fact is about."""
    return neighbours(snapshot, node, "SUBJECT", 1)


def said(value: Value) -> str:
    """A value with its unit as a person would say it: `19,604 million US dollars`."""
    if value.kind != "number" or value.number is None:
        return value.text
    text = numbers.format_number(value.number, value.decimals)
    spoken = units.spoken(value.unit, value.scale, many=text not in ("1", "-1"))
    return f"{text} {spoken}".strip()


def fact_text(snapshot: Snapshot, node: int) -> str:
    """A fact in one line: `Apple: net sales of services in the quarter ended ... = 19,604 million US dollars`."""
    if not snapshot.roles.house:
        return thing_text(snapshot, node)
    parts = [snapshot.get(node, name) for name in ("quantity", "condition_text", "period_text")]
    head = f"{snapshot.get(node, 'subject') or ''}: {' '.join(str(part) for part in parts if part)}".removeprefix(": ")
    try:
        return f"{head} = {said(_fact(snapshot, node).value)}"
    except DerivationError:
        return head
