"""A sample: a question with its answer and its proof. One record for every export."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.base import Box, Row

CheckName = Literal[
    "unique",
    "not_contested",
    "hops_needed",
    "modalities_needed",
    "closed_set",
    "not_said",
    "source_reread",
    "derivation",
]
CheckResult = Literal["pass", "fail", "not_applicable", "unknown"]
AnswerType = Literal["number", "percent", "date", "text", "entity", "set", "count", "boolean"]
Modality = Literal["text", "table", "formula", "image", "graph"]


class Check(Row):
    """What one check of the proof found. `proved` = no fail and no unknown."""

    result: CheckResult
    reason: str = ""
    """Empty on pass; else what was found, e.g. `3 answers: 1969, 1971, 1972`."""


class Claim(Row):
    """`variable.property` in normal form, as the question states it."""

    variable: str
    property: str
    value: str
    """Normal form (`kg.values`)."""
    surface: str
    """As the graph has it; the wording may inflect it."""


class Evidence(Row):
    """One place that the answer rests on."""

    document: str
    path: str
    """Path of the document relative to the corpus."""
    page: int | None = None
    box: Box | None = None
    sheet: str | None = None
    cell: str | None = None
    heading: tuple[str, ...] = ()
    block: int | None = None
    span: tuple[int, int] | None = None
    node: str
    """Id of the graph node (Cell, Chunk, Formula, ...), or of the relationship."""
    property: str | None = Field(default=None, exclude_if=lambda value: value is None)
    """Property of the node, or type of the relationship, where the graph itself is the source."""
    element: str
    """Id of the element that it belongs to (Table, Chunk, ...)."""
    kind: str
    """value, header, scale, subject, caption, set; of a graph without documents property, relation, set."""
    modality: Modality
    text: str
    """What stands there, as extracted."""
    sha256: str
    """Of the source file; where the graph itself is the source, its content hash."""


class Step(Row):
    """One step of the chain of intermediate values."""

    op: str
    """look_up, compute, select, count, compare."""
    text: str
    """Readable: `net sales of services, quarter ended June 25, 2022 = 19,604 million USD`."""
    value: str | None = None
    node: str | None = None


class Derivation(Row):
    """How the answer is computed; re-executed by `kgmine verify`."""

    lang: Literal["binding", "sql", "sympy"]
    code: str
    relations: dict[str, list[dict[str, Any]]] = {}
    """Rows that the code ran over: relation -> rows. Enough to run it again without the graph."""
    result: str
    """Canonical result before formatting."""
    steps: tuple[Step, ...] = ()


class SampleMatch(Row):
    """Where the sample comes from in the graph."""

    template: str
    template_sha: str
    snapshot: str
    rank: int
    bindings: dict[str, str]
    nodes: tuple[str, ...]
    edges: tuple[str, ...]


class Generator(Row):
    name: str = "deterministic"
    model: str | None = None
    prompt_sha: str | None = None
    seed: int = 0


class Answered(Row):
    """A question with a computed answer: what a draft and a sample share."""

    id: str
    """H(template, claims, answer)."""
    question: str
    answer: str
    """As a person would write it, without the unit where the question names the unit: `19,604`, `12.1`, `Hindi`."""
    answer_aliases: tuple[str, ...] = ()
    answer_type: AnswerType
    answer_unit: str | None = None
    """Unit with scale as said in the question: `million US dollars`, `%`, `hours`."""
    answer_value: str
    """Canonical: number as decimal at the stated rounding, ISO date, entity id, sorted set joined by `|`, text."""
    tolerance: str | None = None
    """Half a unit of the last stated digit, for graded numbers."""
    task: str
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    derivation: Derivation
    match: SampleMatch
    operands: tuple[str, ...] = ()
    """Assertion ids (of a user's own graph: node and relationship ids) that the computation uses."""
    set_members: tuple[str, ...] = ()
    """Assertion or entity ids of the closed set that the derivation ran over."""


class Draft(Answered):
    """Not proved yet. Only `kg.proof` turns a Draft into a Sample."""


class Sample(Answered):
    """One proved (or honestly unproved) sample."""

    choices: tuple[str, ...] = ()
    hops: int
    """Joins between evidence items or asserted relations that are needed; a look-up in one table is 0."""
    modalities: tuple[Modality, ...]
    images: tuple[str, ...] = ()
    context: tuple[dict[str, str], ...] = ()
    """Elements that hold the evidence, as text: {element, kind, text}."""
    fact_keys: tuple[str, ...] = ()
    """Fact keys of every operand and of the answer: what splits must not share."""
    answer_entities: tuple[str, ...] = ()
    provenance: Literal["source", "user"] = "source"
    checks: dict[CheckName, Check]
    proved: bool
    scores: dict[str, float | None] = {}
    difficulty: dict[str, float | None] = {}
    rank: int | None = None
    split: str | None = None
    split_group: str | None = None
    generator: Generator = Generator()
    license: str = ""
    language: str = "en"
    leak_free: bool = True
    extra: dict[str, str] = Field(default={})
