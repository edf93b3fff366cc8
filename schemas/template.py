"""The header of a path template: the YAML in its leading comment."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field, field_validator

from schemas.base import Row


class Derive(Row):
    """A computation over what was matched. Exactly one of `sql` and `sympy`.

    `rows` names relations: each is a Cypher `MATCH ... WHERE ... RETURN expr AS column, ...` in which the variables of
    the template's own MATCH are in scope (correlated, as in EXISTS { }). It is evaluated on the snapshot by kgmine.
    `sql` runs in SQLite over these relations; besides, each matched variable is a one-row relation with the columns of
    its label (`f.number`, `e.name`). `sympy` is an arithmetic expression over `var.number` (exact rationals), or
    `formula(x, s = p.number, ...)` where x is a matched Formula and s a matched Symbol of it (or the symbol's own
    name, `a = p.number`): the formula is solved for the one symbol that has no value. A matched Symbol must denote the
    quantity of its fact. Units are converted, and what does not fit the formula is refused; physical constants are
    facts like others, or the formula is not computed.
    """

    rows: dict[str, str] = {}
    sql: str | None = None
    sympy: str | None = None
    unit: str | None = None
    """Unit of the result: a canonical unit, or `same` (as `answer_of`), None for a bare number or a name. Of a formula
    None is the usual unit of the dimension that the operands give."""
    decimals: int | None = None
    """Digits after the point of a numeric result; None: as the operands print (of a formula as many significant digits
    as the least precise operand has, 2 to 4)."""
    tie: Literal["reject", "set"] = "reject"
    """Several rows in the result: reject as ambiguous, or answer with the set of them."""


NUMBER: Final = re.compile(r"\s*(>=|<=|=|<|>)?\s*(\d+)\s*|\s*(\d+)\s*\.\.\s*(\d+)\s*")


class Expect(Row):
    """What `kgmine template test` holds true of a template on the graph that it was written for.

    A number is `29` (at least), `= 29`, `>= 10`, `< 5` or `10..20`.
    """

    matches: str | None = None
    """Number of matches."""
    samples: str | None = None
    """Number of different proved samples among the drawn matches."""
    draws: int = Field(default=200, ge=1)
    """Matches that are drawn, with seed 0."""
    questions: tuple[str, ...] = ()
    """Questions that proved samples must ask, word for word."""
    answers: dict[str, str] = {}
    """Question of a proved sample -> its answer, with or without the unit, or one of its other names."""

    @field_validator("answers", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        plain = (int, float)  # as YAML reads 48
        return (
            {k: str(v) if isinstance(v, plain) else v for k, v in value.items()} if isinstance(value, dict) else value
        )

    @field_validator("matches", "samples", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if isinstance(text, str) and NUMBER.fullmatch(text):
            return text.strip()
        raise ValueError("write a number such as 29 (at least), '= 29', '>= 10', '< 5' or '10..20'")

    @field_validator("questions", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


Scalar = bool | int | float | str | None


class TemplateHeader(Row):
    """What a template says about itself beside its pattern."""

    task: str
    """The task type that this template targets: value, change, percentage_change, share, superlative, count, ..."""
    given: tuple[str, ...]
    """Claims `variable.property` that the question makes. Every other property is hidden."""
    answer: str | None = None
    """`variable.property` that is asked for, where there is no derivation."""
    derive: Derive | None = None
    """A computation instead of `answer`."""
    question: tuple[str, ...]
    """Jinja paraphrases of one meaning; one is chosen by the seed."""
    answer_type: Literal["number", "percent", "date", "text", "entity", "set", "count", "boolean"] | None = None
    """None: from the kind of the answer's value."""
    closed: str | None = None
    """The closed set that the derivation runs over: a variable (a Table), `kind(e)` (all documents whose subject is of
    the kind of e) or `stating(f, ...)` (those documents of f's kind that state what f states, and what the
    others do). Needs a certificate."""
    parameters: dict[str, Scalar | tuple[Scalar, ...]] = {}
    """Values of the pattern's `$name`: text, numbers, truth values, null, or a list of them."""
    evidence: tuple[str, ...] = ()
    """Variables whose supports are the evidence; default: every Assertion, Chunk and Formula variable."""
    operands: tuple[str, ...] = ()
    """Numeric `variable.number` operands; default: those that the derivation names."""
    strata: tuple[str, ...] = ()
    """`document`, `split`, `answer`, `variable.property` or `degree(variable)` (its power-of-two band), outermost
    first."""
    shares: Literal["equal", "proportional"] = "equal"
    """Of the strata: one match of each in turn, or as many as each has of all matches."""
    law: Literal["uniform", "inverse_degree", "evidence"] = "uniform"
    """Weight of a match. `inverse_degree`: the product of 1 / degree over its nodes, so that hubs do not fill the list.
    `evidence`: the product over the evidence variables of confidence times number of supports (at least 1)."""
    symmetric: Literal["each", "once"] = "each"
    """`once`: matches that differ only by a symmetry of the pattern, `(a)--(b)` read both ways, count as one."""
    limit_per: dict[str, int] = {}
    """Stratum -> most matches drawn per value: `{document: 20, answer: 3}`."""
    expect: Expect | None = None
    """What `kgmine template test` checks."""
    description: str = ""
    """One sentence for people."""
    weight: float = Field(default=1.0, gt=0)
    """Share of the run's draws that this template gets, relative to the others."""

    @field_validator("parameters", mode="before")
    @classmethod
    def _values(cls, value: object) -> object:
        for name, given in value.items() if isinstance(value, dict) else ():
            for part in given if isinstance(given, list) else (given,):
                if not isinstance(part, bool | int | float | str | None):
                    kind = type(part).__name__
                    raise ValueError(f"`{name}` is a {kind}: write text in quotes, a number or a list")  # noqa: TRY004
        return value

    @field_validator("question", "given", "strata", "evidence", "operands", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
