"""What `kgmine evaluate` is asked for, turned into evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from runtime import settings
from runtime.llm import Decoding, http
from schemas.errors import UsageError
from training.answerers import Answerer
from training.evaluate.about import About, Data
from training.evaluate.run import Job, run
from training.evaluate.subject import Model, Subject, resolve
from training.evaluate.summary import Summary
from training.models import chat, weights
from training.recipe import Recipe, Wording
from training.rows import questions
from training.rows.questions import Question

SETS = ("closed-book", "evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line; None: not given."""

    sources: tuple[Path, ...]
    out: Path
    split: tuple[str, ...]
    rows: Path | None
    model: str | None
    adapter: Path | None
    recipe: Path | None
    overrides: tuple[str, ...]
    evidence: bool
    closed_book: bool
    attempts: int
    temperature: float | None
    top_p: float | None
    seed: int
    max_new_tokens: int | None
    first: int | None
    batch: int | None
    device: str | None
    precision: str | None
    server: str | None
    concurrency: int | None
    timeout: float | None
    retries: int | None
    no_template_flags: bool


def evaluate(given: Options) -> list[tuple[Path, Summary]]:
    """All evaluations that are asked for, each with its folder.

    Raises: UsageError: options that do not fit together, or see what they name.
    """
    model = _check(given)
    name, splits, asked = _questions(given)
    subject = Subject(weights=model) if given.server else resolve(model, given.adapter)
    wordings = _wordings(given, subject)
    if any(wording.evidence for _, wording in wordings):
        without = [question for question in asked if not question.passages]
        if without:
            raise UsageError(
                f"{name}: {len(without)} of {len(asked)} questions have no passages (first {without[0].id}), so they "
                "cannot be asked with evidence"
            )
    if not given.server:
        weights.needed("evaluating a model in this process")
        weights.fetch(subject.weights)
    data = Data(name=name, splits=splits, questions=len(asked), sha256=questions.data_sha(asked))
    answerers = _Answerers(given, subject)
    done = []
    for folder, wording in wordings:
        about = _about(given, subject, data, wording)
        title = "evaluate" if folder == given.out else f"evaluate {folder.name}"
        job = Job(
            out=folder,
            about=about,
            questions=asked,
            answerer=lambda about=about: answerers.of(about.wording.thinking, about.decoding),  # type: ignore[misc]
            log=subject.log,
            title=title,
        )
        done.append((folder, run(job)))
    return done


def _check(given: Options) -> str:
    """The model; raises UsageError where options do not fit together."""
    if given.model is None:
        raise UsageError(
            "--model: name a folder of weights, a model of the hub, or with --server a model of that server"
        )
    local = {
        "--adapter": given.adapter,
        "--batch": given.batch,
        "--device": given.device,
        "--precision": given.precision,
    }
    remote = {
        "--concurrency": given.concurrency,
        "--timeout": given.timeout,
        "--retries": given.retries,
        "--no-template-flags": given.no_template_flags or None,
    }
    for flag, value in (local if given.server else remote).items():
        if value is not None:
            raise UsageError(
                f"{flag} is for a model in this process; a server loads what it serves"
                if given.server
                else f"{flag} goes with --server"
            )
    if given.attempts > 1 and given.temperature == 0:
        raise UsageError(
            f"-k {given.attempts} at temperature 0 is one answer {given.attempts} times; raise --temperature"
        )
    if given.temperature == 0 and given.top_p is not None:
        raise UsageError("--top-p needs a --temperature above 0")
    return given.model


def _questions(given: Options) -> tuple[str, tuple[str, ...], list[Question]]:
    """(name of the data, splits, questions)."""
    if given.rows is not None:
        if given.sources or given.split:
            raise UsageError("--rows stands instead of SPLITS and --split")
        return given.rows.name, (), questions.first(questions.of_rows(given.rows), given.first)
    if len(given.sources) != 1:
        raise UsageError("name one export folder, or your own test rows with --rows FILE")
    found = questions.of_export(given.sources[0], given.split)
    splits = tuple(dict.fromkeys(question.split for question in found if question.split))
    return given.sources[0].resolve().name, splits, questions.first(found, given.first)


def _wordings(given: Options, subject: Subject) -> list[tuple[Path, Wording]]:
    """Folder and wording of each result set: the recipe's, else that of the student's own recipe."""
    recipe = settings.load(Recipe, given.recipe, given.overrides, what="recipe", start=subject.recipe)
    if not (given.evidence or given.closed_book):
        return [(given.out, recipe.wording)]
    wanted = [name for name, on in zip(SETS, (given.closed_book, given.evidence), strict=True) if on]
    return [
        (
            given.out / name if len(wanted) > 1 else given.out,
            recipe.wording.model_copy(update={"evidence": name == "evidence"}),
        )
        for name in wanted
    ]


def _about(given: Options, subject: Subject, data: Data, wording: Wording) -> About:
    sampled = given.temperature != 0 and (given.attempts > 1 or given.temperature is not None)
    temperature = (0.7 if given.temperature is None else given.temperature) if sampled else 0.0
    trained = settings.load(Recipe, None, what="student.json", start=subject.recipe).wording if subject.recipe else None
    packages: tuple[str, ...] = ("kgmine",) if given.server else ("kgmine", "torch", "transformers")
    if subject.adapter:
        packages += ("peft",)
    precision = None
    if not given.server:
        precision = weights.precision_of(given.precision or "auto", weights.device_of(given.device or "auto"))
    return About(
        model=Model(name=subject.weights, identity=None, server=True) if given.server else subject.model(),
        adapter=None if given.server else subject.described(),
        data=data,
        wording=wording,
        trained_wording=trained,
        attempts=given.attempts,
        temperature=temperature,
        top_p=(0.95 if given.top_p is None else given.top_p) if sampled else 1.0,
        seed=given.seed if sampled else 0,
        max_new_tokens=given.max_new_tokens or (256 if wording.target == "answer" else 2048),
        template_flags=not given.no_template_flags,
        precision=precision,
        versions={package: version(package) for package in packages},
    )


class _Answerers:
    """Loads a model once for all result sets."""

    def __init__(self, given: Options, subject: Subject) -> None:
        self.given, self.subject = given, subject
        self.of = cache(self._make)

    def _make(self, thinking: bool, decoding: Decoding) -> Answerer:
        given = self.given
        if given.server:
            from training.answerers.remote import RemoteAnswerer

            llm = http.connect(
                given.server,
                self.subject.weights,
                timeout=given.timeout or 120.0,
                retries=5 if given.retries is None else given.retries,
                template={} if given.no_template_flags else chat.flags(thinking=thinking),
            )
            return RemoteAnswerer(llm=llm, decoding=decoding, concurrency=given.concurrency or 8)
        from training.answerers import local

        return local.load(
            self.subject.weights,
            adapter=self.subject.adapter,
            device=given.device or "auto",
            precision=given.precision or "auto",
            thinking=thinking,
            decoding=decoding,
            batch=given.batch,
        )


def missing(done: Sequence[tuple[Path, Summary]]) -> int:
    """Answers that the transport lost."""
    return sum(summary.outcomes["missing"] for _, summary in done)
