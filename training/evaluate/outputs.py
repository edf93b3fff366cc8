"""Outputs on disk: one row per attempt. A run that is killed goes on, and what it gives is the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TextIO

from pydantic import ValidationError

from runtime.artefacts import read_rows, row_line, write_rows
from schemas.base import Row
from scoring.answers import Grade, grade
from training.answerers import Answer, Key
from training.rows.questions import Question

FILE: Final = "outputs.jsonl"
JOURNAL: Final = "answers.partial.jsonl"
"""Answers in the order in which they came; gone once `outputs.jsonl` is whole."""

Outcome = Literal["correct", "wrong", "unanswered", "unanswerable", "missing"]


class Output(Row):
    """One attempt at one question, graded."""

    id: str
    attempt: int
    question: str
    answer: str
    """The right one."""
    output: str | None
    finish: Literal["stop", "length", "unanswerable", "error"]
    reason: str
    error: str | None
    tokens: int | None
    outcome: Outcome
    """unanswered: the output is empty. unanswerable: the prompt does not fit. missing: lost by the transport."""
    grade: Grade
    task: str
    hops: int | None
    modalities: tuple[str, ...]
    answer_type: str
    split: str | None
    difficulty: dict[str, float]


def graded(question: Question, answer: Answer) -> Output:
    """An answer with its grade."""
    made = grade(answer.output, question.expected)
    return Output(
        **answer.model_dump(),
        question=question.text,
        answer=question.expected.text,
        outcome=_outcome(answer, made),
        grade=made,
        task=question.task,
        hops=question.hops,
        modalities=question.modalities,
        answer_type=question.answer_type,
        split=question.split,
        difficulty=dict(question.difficulty),
    )


def _outcome(answer: Answer, made: Grade) -> Outcome:
    if answer.error is not None:
        return "missing"
    if answer.finish == "unanswerable":
        return "unanswerable"
    if made.correct is None:
        return "unanswered"
    return "correct" if made.correct else "wrong"


def write(folder: Path, questions: Sequence[Question], answers: Mapping[Key, Answer], attempts: int) -> list[Output]:
    """All outputs in the order of the questions; the journal goes."""
    rows = [graded(q, answers[q.id, attempt]) for q in questions for attempt in range(attempts)]
    write_rows(folder / FILE, rows)
    (folder / JOURNAL).unlink(missing_ok=True)
    return rows


def read(folder: Path) -> list[Output]:
    """The outputs of an evaluation. Raises GraphError: missing or damaged."""
    return list(read_rows(folder / FILE, Output))


def known(folder: Path) -> dict[Key, Answer]:
    """What an earlier run was answered; what the transport lost is not known, and is asked again."""
    found: list[Answer] = []
    if (folder / FILE).exists():
        fields = set(Answer.model_fields)
        found += [Answer.model_validate(row.model_dump(include=fields)) for row in read(folder)]
    found += _journal(folder / JOURNAL)
    return {answer.key: answer for answer in found if answer.error is None}


def _journal(path: Path) -> Iterable[Answer]:
    """Rows of the journal; a last line that a kill cut off is left out."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            yield Answer.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError):
            continue


@contextmanager
def journal(folder: Path) -> Iterator[TextIO]:
    """The journal, for appending; begins a new line, so that one that was cut off costs no other."""
    with (folder / JOURNAL).open("a", encoding="utf-8") as out:
        out.write("\n")
        yield out


def note(out: TextIO, answer: Answer) -> None:
    """Append one answer: a kill of this process does not lose it."""
    out.write(row_line(answer) + "\n")
    out.flush()
