"""One evaluation from questions to report: ask what is not known yet, grade all, say what it comes to."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.artefacts import fingerprint, is_done, read_json, set_done, write_json
from runtime.progress import Progress
from schemas.errors import KgmineError, UsageError
from training.answerers import Answer, Answerer, Ask, Key
from training.evaluate import outputs, report
from training.evaluate.about import ABOUT, SUMMARY, About, difference
from training.evaluate.subject import LOG
from training.evaluate.summary import Summary, summarise
from training.rows.questions import Question


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
