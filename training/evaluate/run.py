"""One evaluation from questions to report: ask what is not known yet, grade all, say what it comes to."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from runtime.artefacts import fingerprint, is_done, read_json, set_done, write_json
from runtime.llm import Decoding
from runtime.progress import Progress
from schemas.base import Row
from schemas.errors import GraphError, KgmineError, UsageError
from training.answerers import Answer, Answerer, Ask, Key
from training.evaluate import outputs, report
from training.evaluate.subject import LOG, Adapter, Model
from training.evaluate.summary import Summary, summarise
from training.recipe import Wording
from training.rows.questions import Question

ABOUT: Final = "evaluation.json"
SUMMARY: Final = "summary.json"


class Data(Row):
    """What was asked."""

    name: str
    """Of the export's folder, or of the file of own rows."""
    splits: tuple[str, ...]
    """Empty: own rows."""
    questions: int
    sha256: str
    """See `training.rows.questions.data_sha`."""


class About(Row):
    """What was evaluated and how; two runs with equal ones give equal outputs."""

    model: Model
    adapter: Adapter | None
    data: Data
    wording: Wording
    trained_wording: Wording | None
    """Of the student's own recipe, where its folder says so."""
    attempts: int
    temperature: float
    top_p: float
    seed: int
    max_new_tokens: int
    template_flags: bool
    """Whether the template was told if it thinks (`enable_thinking`)."""
    precision: Literal["bf16", "float32"] | None
    """None: the server's."""
    versions: dict[str, str]

    @property
    def decoding(self) -> Decoding:
        return Decoding(
            max_new_tokens=self.max_new_tokens, temperature=self.temperature, top_p=self.top_p, seed=self.seed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One evaluation to be made."""

    out: Path
    about: About
    questions: Sequence[Question]
    answerer: Callable[[], Answerer]
    """Called only if something is to be asked: nothing is loaded for a run that is done."""
    log: Path | None = None
    """The student's training log; goes along, so that a loss curve can be drawn from the evaluation alone."""
    title: str = "evaluate"
    """Of the progress line."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation on disk."""

    folder: Path
    about: About
    rows: list[outputs.Output]


def run(job: Job) -> Summary:
    """Make an evaluation, or go on with one.

    Raises:
        UsageError: the folder holds another evaluation, or see the answerer.
        KgmineError: not one answer came back.
    """
    _begin(job)
    asks = [
        Ask(question.ask(job.about.wording), attempt)
        for question in job.questions
        for attempt in range(job.about.attempts)
    ]
    answers = outputs.known(job.out)
    answers.update((answer.key, answer) for answer in _asked(job, asks, answers))
    rows = outputs.write(job.out, job.questions, answers, job.about.attempts)
    if all(row.outcome == "missing" for row in rows):
        error = Counter(row.error for row in rows).most_common(1)[0][0]
        raise KgmineError(
            f"{job.about.model.name}: no answer to any of {len(job.questions)} questions ({error}); "
            "run the same command once the server is there"
        )
    if job.log:
        shutil.copyfile(job.log, job.out / LOG)
    summary = summarise(rows)
    write_json(job.out / SUMMARY, summary.model_dump(mode="json"))
    report.write(job.out, job.about, summary, rows)
    if not summary.outcomes["missing"]:
        set_done(job.out, fingerprint(job.about.model_dump(mode="json")))
    return summary


def _begin(job: Job) -> None:
    """evaluation.json, and that the folder holds no other."""
    about = job.about.model_dump(mode="json")
    path = job.out / ABOUT
    if path.exists():
        old = read_json(path)
        if old != about:
            raise UsageError(
                f"{job.out}: holds another evaluation ({difference(old, about)[0]}); take another --out, or delete it"
            )
    elif job.out.is_dir() and any(job.out.iterdir()):
        raise UsageError(f"{job.out}: not empty, and no evaluation; take another --out")
    if not is_done(job.out, fingerprint(about)):
        (job.out / "DONE").unlink(missing_ok=True)
    write_json(path, about)


def _asked(job: Job, asks: Sequence[Ask], known: dict[Key, Answer]) -> Iterator[Answer]:
    """Answers to what is not known yet, each in the journal before it is passed on."""
    total = sum(ask.key not in known for ask in asks)
    if not total:
        return
    answerer = job.answerer()
    with Progress(job.title, total, unit="answers") as bar, outputs.journal(job.out) as out:
        for answer in answerer.answer(asks, known.keys()):
            outputs.note(out, answer)
            bar.step("no answer" if answer.error else "")
            yield answer


def load(folder: Path) -> Evaluation:
    """An evaluation with its outputs.

    Raises: UsageError: there is none, or two.
    """
    if not (folder / ABOUT).exists():
        inner = sorted(path.parent for path in folder.glob(f"*/{ABOUT}"))
        if inner:
            names = " and ".join(path.name for path in inner)
            raise UsageError(f"{folder}: holds {names}; name one of them, e.g. {inner[0]}")
        raise UsageError(f"{folder}: no evaluation here ({ABOUT}); `kgmine evaluate` writes one")
    if not (folder / outputs.FILE).exists():
        raise UsageError(f"{folder}: this evaluation was stopped; run its command again")
    try:
        about = About.model_validate(read_json(folder / ABOUT))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise GraphError(f"{folder / ABOUT}: {where}: {first['msg']}; evaluate again into a new folder") from None
    return Evaluation(folder, about, outputs.read(folder))


def difference(old: Any, new: Any, name: str = "") -> list[str]:
    """What differs between two nested values, `wording.evidence false -> true`."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted({*old, *new})
        return [line for key in keys for line in difference(old.get(key), new.get(key), f"{name}.{key}".lstrip("."))]
    return [] if old == new else [f"{name} {_said(old)} -> {_said(new)}"]


def _said(value: Any) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value) or '""'
