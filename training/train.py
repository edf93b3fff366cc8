"""`kgmine train`: slice, plan, train, save; one student, or one for each volume."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from runtime.artefacts import write_text
from runtime.progress import Progress
from schemas.conversation import Conversation
from schemas.errors import UsageError
from training import adapters, disk, plan
from training.backends import Backend, Job, backend, log
from training.card import card
from training.models import base, weights
from training.models.chat import of_tokenizer
from training.models.memory import Sizes
from training.models.quiet import quiet
from training.models.weights import Precision
from training.plan import Plan
from training.recipe import Recipe
from training.rows.lines import Room
from training.rows.prepare import Data, prepare
from training.student import Student, data_hash, recipe_of, versions


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for."""

    splits: Path
    model: str
    out: Path
    recipe: Recipe
    backend: Literal["auto", "trl", "plain"] = "auto"
    device: str = "auto"
    volumes: tuple[int, ...] = ()
    merge: bool = False
    dry_run: bool = False
    command: str = "kgmine train"
    """As it may be said on another machine."""
    say: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all students of a run share."""

    request: Request
    device: str
    precision: Precision
    backend: Backend
    tokenizer: Any
    config: Any
    room: Room
    data: Data
    identity: str


def train(request: Request) -> list[Path]:
    """Train what is asked for; returns the students' folders.

    Raises: UsageError: anything about the user's input, before a weight is loaded where that can be known.
    KgmineError: the disk is full, the training diverged, or a merged model answers differently.
    """
    weights.needed()
    with quiet():
        return _students(_setting(request))


def _students(setting: _Setting) -> list[Path]:
    request = setting.request
    size: Sizes | None = None
    planned: list[tuple[Student, list[Conversation], Plan]] = []
    for volume in request.volumes or (None,):
        rows = setting.data.rows(volume)
        report = setting.data.report(rows, volume)
        lines = [setting.data.lines[row.id] for row in rows]
        made = plan.plan(lines, request.recipe, setting.config, size)
        size = made.size
        folder = request.out / f"volume-{volume}" if volume else request.out
        if volume:
            request.say(f"volume {volume:,}")
        for line in plan.say(
            made, request.recipe, setting.config, report,
            device=setting.device, precision=setting.precision, limit=_limit(setting),
        ):  # fmt: skip
            request.say(line)
        student = Student(folder, _facts(setting, rows, report, made, volume))
        if not request.dry_run:
            student.check()
        planned.append((student, rows, made))
    if request.dry_run:
        request.say("dry run: nothing was written, no weights were loaded")
        return []
    for student, rows, made in planned:
        _one(setting, student, rows, made)
    return [student.folder for student, _, _ in planned]


def _setting(request: Request) -> _Setting:
    recipe = request.recipe
    device = weights.device_of(request.device)
    if recipe.method == "qlora" and not request.dry_run:
        base.check_four_bits(device)
    if request.merge and recipe.method == "full":
        raise UsageError("--merge: a full training has no adapter to merge; its model/ is whole already")
    _check_out(request)
    tokenizer = weights.tokenizer(request.model)
    config = weights.config(request.model)
    chat = of_tokenizer(tokenizer, name=request.model, thinking=recipe.wording.thinking)
    if not request.dry_run:
        weights.fetch(request.model)
        weights.check(request.model)
    room = Room(recipe.max_length, getattr(config, "max_position_embeddings", None))
    data = prepare(request.splits, recipe, chat, room)
    if (last := max(int(line.ids.max()) for line in data.lines.values())) >= config.vocab_size:
        raise UsageError(
            f"{request.model}: its tokenizer writes token {last}, and its vocabulary has {config.vocab_size}; "
            "tokenizer and config.json do not belong together"
        )
    if too_large := [volume for volume in request.volumes if volume > data.largest]:
        raise UsageError(f"--volumes {too_large[0]}: there are {data.largest} rows to take them from")
    return _Setting(
        request=request,
        device=device,
        precision=weights.precision_of(recipe.precision, device),
        backend=backend(request.backend),
        tokenizer=tokenizer,
        config=config,
        room=room,
        data=data,
        identity=weights.identity(request.model),
    )


def _check_out(request: Request) -> None:
    """Volumes go beside each other, never into a student or something else."""
    out = request.out
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; --out names a folder")
    if request.volumes and out.is_dir() and any(not found.name.startswith(("volume-", ".")) for found in out.iterdir()):
        raise UsageError(f"{out}: holds something else than volumes; take another --out")


def _limit(setting: _Setting) -> int:
    return min(setting.room.max_length, setting.room.context or setting.room.max_length)


def _facts(
    setting: _Setting, rows: Sequence[Conversation], report: dict[str, Any], made: Plan, volume: int | None
) -> dict[str, Any]:
    recipe = setting.request.recipe
    own = report["own"]
    return {
        "base": {"name": weights.called(setting.request.model), "identity": setting.identity},
        "method": recipe.method,
        "recipe": recipe_of(recipe),
        "seed": recipe.seed,
        "backend": setting.backend.name,
        "precision": setting.precision,
        "data": {
            "sha256": data_hash(rows),
            "rows": len(rows),
            "samples": len(rows) - own["used"],
            "own": own["used"],
            "share": own["share"],
            "asked": own["asked"],
        },
        "slice": {"rule": recipe.slice.model_dump(mode="json"), "report": report["slice"]},
        "volume": volume or setting.data.largest,
        "licenses": report["licenses"],
        "languages": report["languages"],
        **made.facts(recipe),
        "versions": versions(),
        "command": setting.request.command,
    }


def _one(setting: _Setting, student: Student, rows: list[Conversation], made: Plan) -> None:
    request = setting.request
    if student.done:
        request.say(f"{student.folder}: trained already")
        student.clean()
    else:
        with disk.room(student.folder):
            student.begin(rows, setting.data.rejected)
            _train(setting, student, rows, made)
        request.say(f"saved     {student.weights}")
    if request.merge and not (student.folder / "merged").exists():
        difference, bound = adapters.merge(
            request.model,
            student.weights,
            student.folder / "merged",
            [setting.data.lines[row.id] for row in rows],
            device=setting.device,
            precision=setting.precision,
        )
        request.say(
            f"merged    {student.folder / 'merged'}: read back, its logits differ by {difference:.2g} at most from "
            f"base and adapter (bound {bound:.2g})"
        )


def _train(setting: _Setting, student: Student, rows: list[Conversation], made: Plan) -> None:
    request, recipe = setting.request, setting.request.recipe
    lines = [setting.data.lines[row.id] for row in rows]
    model = base.load(request.model, recipe, device=setting.device, precision=setting.precision)
    path = student.folder / "log.jsonl"
    with Progress("train", made.schedule.steps, unit="steps") as bar:
        setting.backend.train(
            Job(
                model=model,
                tokenizer=setting.tokenizer,
                lines=lines,
                schedule=made.schedule,
                recipe=recipe,
                device=setting.device,
                precision=setting.precision,
                folder=student.checkpoints,
                log=log.Log(path, made.schedule, lines, recipe.optimiser.learning_rate, bar),
            )
        )
    if recipe.method == "full":
        adapters.save_model(model, setting.tokenizer, student.weights, setting.precision)
    else:
        adapters.save(model, student.weights, request.model)
    del model
    gc.collect()
    losses = [row["loss"] for row in log.read(path)]
    facts = {**student.facts, "first_loss": losses[0], "final_loss": losses[-1]}
    write_text(student.folder / "README.md", card(facts))
    student.finish(facts)
    request.say(f"loss      {losses[0]:.4f} in the first step, {losses[-1]:.4f} in the last ({len(losses)} steps)")
