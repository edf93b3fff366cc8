"""A computed answer, and how it is stated in a proof pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kg.proof.reading import Answer
from schemas.fact import Value
from schemas.sample import AnswerType, Derivation, Step


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed answer.

    answers:   one, or the members of a set in order of their canonical form.
    canonical: as `Draft.answer_value` has it: number in the stated scale and rounding, ISO date, entity id, set by `|`.
    kind:      answer type, unless the header names another.
    unit, scale, decimals: of a number: canonical unit, power of ten in which it is stated, digits after the point.
    result:    exact result before rounding (decimal string or `p/q`), else the canonical form.
    operands:  ids of the facts that the computation names.
    members:   ids of the facts that the rows of the derivation were made of: the closed set.
    entities:  ids of the entities that the answer is.
    """

    answers: tuple[Answer, ...]
    canonical: str
    kind: AnswerType
    unit: str | None
    scale: int
    decimals: int | None
    lang: Literal["binding", "sql", "sympy"]
    code: str
    relations: dict[str, list[dict[str, Any]]]
    result: str
    steps: tuple[Step, ...]
    operands: tuple[str, ...]
    members: tuple[str, ...] = ()

    @property
    def value(self) -> Value:
        """The answer's value; of a set the first member's."""
        return self.answers[0].value

    @property
    def text(self) -> str:
        """The answer in words, for reasons: names where the canonical form has ids."""
        return " | ".join(a.value.text if a.entity is not None else a.canonical for a in self.answers)

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(answer.entity for answer in self.answers if answer.entity is not None)

    def derivation(self) -> Derivation:
        """The row for the proof pack."""
        return Derivation(
            lang=self.lang, code=self.code, relations=self.relations, result=self.result, steps=self.steps
        )


def answer_row(unit: str | None, scale: int, decimals: int | None, kind: str) -> list[dict[str, Any]]:
    """The reserved relation: how the result is stated."""
    return [{"unit": unit, "scale": scale, "decimals": decimals, "kind": kind}]
