"""Figures of an evaluation, overall and by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from pydantic import Field

from schemas.base import Row
from training.evaluate.outputs import Outcome, Output
from training.evaluate.statistics import FEW, Interval, pass_at_k, wilson

OUTCOMES: Final[tuple[Outcome, ...]] = ("correct", "wrong", "unanswered", "unanswerable", "missing")
NOT_SCORED: Final = "not scored"
_THIRDS: Final = ((1 / 3, "easy"), (2 / 3, "medium"))


class Figures(Row):
    """Of a group of questions; None where nothing came back."""

    questions: int
    """n: those with an attempt that came back."""
    missing: int
    """Questions of which nothing came back."""
    accuracy: float | None
    low: float | None
    """95 % (Wilson)."""
    high: float | None
    exact_match: float | None
    soft_exact_match: float | None
    f1: float | None
    pass_at: dict[int, float] = {}
    """Unbiased pass@k, over the questions with at least k attempts that came back; empty with one attempt."""
    few: bool
    """Too few questions to say much."""

    @property
    def interval(self) -> Interval | None:
        """Accuracy with its interval."""
        if self.accuracy is None or self.low is None or self.high is None:
            return None
        return Interval(self.accuracy, self.low, self.high)


class Summary(Row):
    """Of one evaluation."""

    attempts: int = Field(ge=1)
    """Of each question."""
    outcomes: dict[Outcome, int]
    """Attempts by outcome."""
    cut: int
    """Attempts that ended at the limit of new tokens."""
    overall: Figures
    by: dict[str, dict[str, Figures]]
    """Dimension (task, hops, modality, difficulty, answer type, split) -> group -> figures."""


def by_question(rows: Iterable[Output]) -> dict[str, list[Output]]:
    """The attempts of each question, in the order of the rows."""
    found: dict[str, list[Output]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row)
    return dict(found)


def share_correct(attempts: Sequence[Output]) -> float | None:
    """c / m of one question; None where nothing came back."""
    back = [row for row in attempts if row.outcome != "missing"]
    return sum(row.outcome == "correct" for row in back) / len(back) if back else None


def figures(questions: Sequence[Sequence[Output]]) -> Figures:
    """Of some questions, each with its attempts."""
    back = [[row for row in attempts if row.outcome != "missing"] for attempts in questions]
    back = [attempts for attempts in back if attempts]
    n = len(back)
    interval = wilson(sum(share_correct(attempts) or 0.0 for attempts in back), n)
    most = max((len(attempts) for attempts in questions), default=1)
    return Figures(
        questions=n,
        missing=len(questions) - n,
        accuracy=_rounded(interval.value if interval else None),
        low=_rounded(interval.low if interval else None),
        high=_rounded(interval.high if interval else None),
        exact_match=_mean(back, lambda row: row.grade.exact_match),
        soft_exact_match=_mean(back, lambda row: row.grade.soft_exact_match),
        f1=_mean(back, lambda row: row.grade.f1),
        pass_at=_pass_at(back, most),
        few=n < FEW,
    )


def summarise(rows: Sequence[Output]) -> Summary:
    """Of all outputs of an evaluation."""
    questions = list(by_question(rows).values())
    by: dict[str, dict[str, Figures]] = {}
    for dimension, group in dimensions(rows).items():
        members: dict[str, list[list[Output]]] = defaultdict(list)
        for attempts in questions:
            members[group(attempts[0])].append(attempts)
        by[dimension] = {name: figures(members[name]) for name in sorted(members, key=_natural)}
    outcomes = Counter(row.outcome for row in rows)
    return Summary(
        attempts=max((len(attempts) for attempts in questions), default=1),
        outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
        cut=sum(row.finish == "length" for row in rows),
        overall=figures(questions),
        by=by,
    )


def dimensions(rows: Sequence[Output]) -> Mapping[str, Callable[[Output], str]]:
    """Name of a dimension -> the group of a row."""
    measures = sorted({name for row in rows for name in row.difficulty})
    found: dict[str, Callable[[Output], str]] = {
        "task": lambda row: row.task,
        "hops": lambda row: "not known" if row.hops is None else str(row.hops),
        "modality": lambda row: " + ".join(row.modalities) or "not known",
        "answer type": lambda row: row.answer_type,
        "split": lambda row: row.split or "own rows",
    }
    if not measures:
        found["difficulty"] = lambda _: NOT_SCORED
    for name in measures:
        label = "difficulty" if len(measures) == 1 else f"difficulty ({name})"
        found[label] = lambda row, name=name: _third(row.difficulty.get(name))  # type: ignore[misc]
    return found


def _third(value: float | None) -> str:
    if value is None:
        return NOT_SCORED
    return next((name for edge, name in _THIRDS if value < edge), "hard")


def _natural(name: str) -> tuple[int, int, str]:
    order = ("easy", "medium", "hard")
    return (order.index(name) if name in order else 3, int(name) if name.isdigit() else 0, name)


def _mean(questions: Sequence[Sequence[Output]], value: Callable[[Output], float | bool | None]) -> float | None:
    """Over questions, of the mean over attempts; what was not answered is 0."""
    means = [sum(float(value(row) or 0) for row in attempts) / len(attempts) for attempts in questions]
    return _rounded(sum(means) / len(means)) if means else None


def _pass_at(questions: Sequence[Sequence[Output]], most: int) -> dict[int, float]:
    if most == 1:
        return {}
    found: dict[int, float] = {}
    for k in sorted({1 << power for power in range(most.bit_length()) if 1 << power <= most} | {most}):
        counts = [(len(attempts), sum(row.outcome == "correct" for row in attempts)) for attempts in questions]
        each = [value for m, c in counts if (value := pass_at_k(m, c, k)) is not None]
        if each:
            found[k] = round(sum(each) / len(each), 6)
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
