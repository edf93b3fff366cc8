"""Evaluations of the same questions in figures: each against the first, paired by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from schemas.base import Row
from training.evaluate.about import Evaluation, difference
from training.evaluate.outputs import Output
from training.evaluate.statistics import LEAST_CHANGES, holm, paired_difference, sign_test
from training.evaluate.summary import Figures, by_question, share_correct, summarise


class Change(Row):
    """After against before, over the questions that came back in both."""

    questions: int
    left_out: int
    """Missing in one of the two."""
    gained: int
    """Questions with a larger share of correct attempts after."""
    lost: int
    difference: float | None
    """Of the accuracies, after - before."""
    low: float | None
    """95 % (Agresti and Min)."""
    high: float | None
    p: float
    """Exact sign test of gained against lost; with one attempt each, McNemar's."""
    p_holm: float
    """Adjusted: of tasks within one comparison, overall within all comparisons."""
    too_few: bool
    """So few questions changed that the test cannot reach 0.05."""


class Pairing(Row):
    """One evaluation against the first."""

    name: str
    differs: tuple[str, ...]
    """What is not the same in evaluation.json."""
    overall: Change
    by_task: dict[str, Change]


class Comparison(Row):
    """All of them."""

    names: tuple[str, ...]
    data_sha256: str
    overall: dict[str, Figures]
    """By name."""
    by_task: dict[str, dict[str, Figures]]
    """Name -> task -> figures."""
    pairings: tuple[Pairing, ...]


class Changed(Row):
    """One question that was answered differently."""

    name: str
    direction: Literal["gained", "lost"]
    id: str
    task: str
    question: str
    answer: str
    before: str | None
    """First output that shows the change."""
    after: str | None


def compared(evaluations: Sequence[Evaluation], names: Sequence[str]) -> tuple[Comparison, list[Changed]]:
    """The figures, and every question that changed."""
    summaries = {name: summarise(one.rows) for name, one in zip(names, evaluations, strict=True)}
    before = evaluations[0]
    drafts = [_pairing(before, one, name) for one, name in zip(evaluations[1:], names[1:], strict=True)]
    adjusted = holm([draft.overall.p for draft in drafts])
    pairings = [
        draft.model_copy(update={"overall": draft.overall.model_copy(update={"p_holm": _digits(p)})})
        for draft, p in zip(drafts, adjusted, strict=True)
    ]
    made = Comparison(
        names=tuple(names),
        data_sha256=before.about.data.sha256,
        overall={name: one.overall for name, one in summaries.items()},
        by_task={name: one.by["task"] for name, one in summaries.items()},
        pairings=tuple(pairings),
    )
    changed = [
        row
        for one, name in zip(evaluations[1:], names[1:], strict=True)
        for row in _changed(by_question(before.rows), by_question(one.rows), name)
    ]
    return made, changed


def _pairing(before: Evaluation, after: Evaluation, name: str) -> Pairing:
    old, new = by_question(before.rows), by_question(after.rows)
    tasks: dict[str, list[str]] = {}
    for key, rows in old.items():
        tasks.setdefault(rows[0].task, []).append(key)
    by_task = {task: _change(old, new, tasks[task]) for task in sorted(tasks)}
    adjusted = dict(zip(by_task, holm([change.p for change in by_task.values()]), strict=True))
    return Pairing(
        name=name,
        differs=tuple(_differs(before, after)),
        overall=_change(old, new, list(old)),
        by_task={
            task: change.model_copy(update={"p_holm": _digits(adjusted[task])}) for task, change in by_task.items()
        },
    )


def _differs(before: Evaluation, after: Evaluation) -> list[str]:
    """What else is not the same; the adapter is what is compared."""
    was, now = (one.about.model_dump(mode="json", exclude={"adapter", "trained_wording"}) for one in (before, after))
    both = was["versions"].keys() & now["versions"].keys()  # peft comes with the adapter
    for one in (was, now):
        one["versions"] = {name: version for name, version in one["versions"].items() if name in both}
    return difference(was, now)


def _change(old: Mapping[str, Sequence[Output]], new: Mapping[str, Sequence[Output]], keys: Sequence[str]) -> Change:
    pairs = [(share_correct(old[key]), share_correct(new[key])) for key in keys]
    differences = [b - a for a, b in pairs if a is not None and b is not None]
    gained, lost = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    interval, p = paired_difference(differences), _digits(sign_test(gained, lost))
    return Change(
        questions=len(differences),
        left_out=len(pairs) - len(differences),
        gained=gained,
        lost=lost,
        difference=interval and round(interval.value, 6),
        low=interval and round(interval.low, 6),
        high=interval and round(interval.high, 6),
        p=p,
        p_holm=p,
        too_few=gained + lost < LEAST_CHANGES,
    )


def _digits(p: float) -> float:
    return float(f"{p:.6g}")


def _changed(old: Mapping[str, Sequence[Output]], new: Mapping[str, Sequence[Output]], name: str) -> list[Changed]:
    found = []
    for key, rows in old.items():
        a, b = share_correct(rows), share_correct(new[key])
        if a is None or b is None or a == b:
            continue
        up = b > a
        found.append(
            Changed(
                name=name,
                direction="gained" if up else "lost",
                id=key,
                task=rows[0].task,
                question=rows[0].question,
                answer=rows[0].answer,
                before=_first(rows, correct=not up),
                after=_first(new[key], correct=up),
            )
        )
    return found


def _first(rows: Sequence[Output], *, correct: bool) -> str | None:
    """The first output that is correct (or is not)."""
    back = [row for row in rows if row.outcome != "missing"]
    return next((row.output for row in back if (row.outcome == "correct") == correct), back[0].output)
