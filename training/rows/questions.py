"""What students are examined with: held-out splits of an export, or test rows of the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from runtime.artefacts import fingerprint
from schemas.conversation import Conversation
from schemas.errors import UsageError
from schemas.sample import Sample
from scoring.answers import Expected, of_sample, of_text
from scoring.answers.expected import Kind
from training.conversation import prompt
from training.recipe import Wording
from training.rows import splits as exported
from training.rows.files import Unread, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its right answer, and what it is grouped by."""

    id: str
    text: str
    expected: Expected
    passages: tuple[tuple[str, str], ...] = ()
    """(kind, text) of what holds the evidence."""
    task: str = "own"
    hops: int | None = None
    modalities: tuple[str, ...] = ()
    answer_type: str
    split: str | None = None
    difficulty: Mapping[str, float] = field(default_factory=dict)
    """0 (easy) to 1 by name of the measure; empty: not scored."""

    def ask(self, wording: Wording) -> Conversation:
        """What the model reads; the same turns that a student is trained with."""
        passages = self.passages if wording.evidence else ()
        turns = prompt(self.text, wording, choices=self.expected.choices, passages=passages)
        return Conversation(id=self.id, prompt=turns, answer=self.expected.text)


def data_sha(questions: Iterable[Question]) -> str:
    """What was asked: ids, questions, passages and right answers, whatever their order; 16 hex characters."""
    rows = [[q.id, q.text, list(q.passages), *q.expected.forms, list(q.expected.choices)] for q in questions]
    return fingerprint(sorted(rows, key=lambda row: str(row[0])))


def first(questions: Sequence[Question], count: int | None) -> list[Question]:
    """A part, in the old order: those whose ids have the smallest hashes, so that a smaller part lies in a larger."""
    if count is None:
        return list(questions)
    chosen = {q.id for q in sorted(questions, key=lambda q: fingerprint(q.id))[:count]}
    return [q for q in questions if q.id in chosen]


def of_export(folder: Path, splits: Sequence[str] = ()) -> list[Question]:
    """The questions of an export.

    Args:
        folder: with data/<split>.jsonl.
        splits: which ones; empty: every one but train.
    Raises: UsageError: no export, no such split, or a split without rows.
    """
    wanted = list(dict.fromkeys(splits)) or [name for name in exported.names(folder) if name != "train"]
    if not wanted:
        raise UsageError(f"{folder}: no split but train, which is not held out; --split train asks it all the same")
    return [_of_sample(sample, name) for name in wanted for sample in exported.read(folder, name)]


def _of_sample(sample: Sample, split: str) -> Question:
    return Question(
        id=sample.id,
        text=sample.question,
        expected=of_sample(sample),
        passages=tuple((part["kind"], part["text"]) for part in sample.context),
        task=sample.task,
        hops=sample.hops,
        modalities=sample.modalities,
        answer_type=sample.answer_type,
        split=split,
        difficulty={name: value for name, value in sorted(sample.difficulty.items()) if value is not None},
    )


def of_rows(path: Path) -> list[Question]:
    """The user's own test rows.

    Args:
        path: JSON lines, Parquet, or a folder of `datasets` (its split `test`). A row has `question` and
            `answer`, and may have `answer_aliases`, `choices`, `context` or `evidence` (a text or a list of texts),
            `task`, `id`, `kind` (of the answer: number, date, set, ...) and `language`; other fields are left alone.
    Raises: UsageError: names file and row.
    """
    questions: list[Question] = []
    seen: dict[str, str] = {}
    for place, row in rows(path, split="test", what="--rows"):
        inside = path.is_dir() and not place.startswith(f"{path.name}:")
        where = str((path if inside else path.parent) / place)
        made = _own(row, where)
        if made.id in seen:
            raise UsageError(f"{where}: id {made.id} is that of {seen[made.id]}, too")
        seen[made.id] = where
        questions.append(made)
    if not questions:
        raise UsageError(f"{path}: no rows")
    return questions


def _own(row: Any, where: str) -> Question:
    if isinstance(row, Unread):
        raise UsageError(f"{where}: {row.reason}")
    if not isinstance(row, dict):
        raise UsageError(f"{where}: expected an object with question and answer")
    text, answer = (_text(row, name, where) for name in ("question", "answer"))
    kind = row.get("kind")
    if kind is not None and kind not in get_args(Kind):
        raise UsageError(f"{where}: kind {kind}: expected one of {', '.join(get_args(Kind))}")
    aliases, choices = (_texts(row.get(name), name, where) for name in ("answer_aliases", "choices"))
    passages = [*_texts(row.get("context"), "context", where), *_texts(row.get("evidence"), "evidence", where)]
    expected = of_text(
        answer, question=text, aliases=aliases, choices=choices, language=row.get("language") or "en", kind=kind
    )
    return Question(
        id=str(row.get("id") or fingerprint(text, answer, choices, passages)),
        text=text,
        expected=expected,
        passages=tuple(("text", passage) for passage in passages),
        task=str(row.get("task") or "own"),
        answer_type=expected.kind,
    )


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        said = f"no {name}" if value is None else f"{name} must be a text or a number"
        raise UsageError(f"{where}: {said}")
    if not str(value).strip():
        raise UsageError(f"{where}: no {name}")
    return str(value)


def _texts(value: Any, name: str, where: str) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return tuple(str(item) for item in value)
    raise UsageError(f"{where}: {name} must be a text or a list of texts")
