"""Rules on the wording: what a reader sees before any graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from schemas.sample import Sample
from schemas.score import Score


@final
@dataclass(frozen=True, slots=True)
class QuestionLength:
    """1 for a question of comfortable length, falling to 0 for one that nobody reads to its end."""

    name: ClassVar[str] = "question_length"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0
    larger_is_better: ClassVar[bool] = True

    comfortable: tuple[int, int] = (8, 30)
    """Words. TAT-QA's human questions: median 12, nine of ten under 25."""
    longest: int = 70

    def score(self, sample: Sample) -> Score:
        words = len(sample.question.split())
        least, most = self.comfortable
        if words < least:
            return Score(value=words / least)
        if words <= most:
            return Score(value=1.0)
        return Score(value=max(0.0, 1 - (words - most) / (self.longest - most)))


@final
@dataclass(frozen=True, slots=True)
class AnswerBrevity:
    """1 for an answer of one to five words, falling with its length: short answers grade reliably."""

    name: ClassVar[str] = "answer_brevity"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0
    larger_is_better: ClassVar[bool] = True

    short: int = 5
    longest: int = 60

    def score(self, sample: Sample) -> Score:
        words = len(sample.answer.split())
        if not words:
            return Score(value=None, reason="empty answer")
        return Score(value=min(1.0, max(0.0, 1 - (words - self.short) / (self.longest - self.short))))


@final
@dataclass(frozen=True, slots=True)
class Specificity:
    """Share of the question's words that its claims account for: the rest is scaffolding."""

    name: ClassVar[str] = "specificity"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0
    larger_is_better: ClassVar[bool] = True

    def score(self, sample: Sample) -> Score:
        words = sample.question.lower().split()
        if not words or not sample.claims:
            return Score(value=None, reason="no claims")
        said = {word for claim in sample.claims for word in claim.surface.lower().split()}
        return Score(value=sum(word.strip(".,?!\"'") in said for word in words) / len(words))
