"""Scorers: one dimension each. `Scorer.score(sample) -> Score`; None where it could not be judged.

Rules and structure only; nothing here calls a model. Each scorer declares its range and direction, and one generic test
(`tests/scoring`) checks the laws for all of them.
"""

from __future__ import annotations

from typing import ClassVar, Final, Protocol

from schemas.sample import Sample
from schemas.score import Score
from scoring.scorers.rules import AnswerBrevity, QuestionLength, Specificity
from scoring.scorers.structure import EvidenceSpread, HopCount, ModalityCount, OperationDepth, SetSize


class Scorer(Protocol):
    """One dimension of a sample. Implementations are frozen dataclasses whose fields are their configuration."""

    name: ClassVar[str]
    low: ClassVar[float]
    high: ClassVar[float]
    larger_is_better: ClassVar[bool]

    def score(self, sample: Sample) -> Score:
        """The score of one sample, within [low, high] or None."""


SHIPPED: Final[tuple[Scorer, ...]] = (
    QuestionLength(),
    AnswerBrevity(),
    Specificity(),
    HopCount(),
    ModalityCount(),
    EvidenceSpread(),
    OperationDepth(),
    SetSize(),
)


def scores(sample: Sample, scorers: tuple[Scorer, ...] = SHIPPED) -> dict[str, float | None]:
    """All scores of one sample, rounded to 4 digits so that they print the same everywhere."""
    values = {scorer.name: scorer.score(sample).value for scorer in scorers}
    return {name: None if value is None else round(value, 4) for name, value in values.items()}
