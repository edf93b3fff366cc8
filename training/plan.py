"""What a training will do, in figures: the same lines before every run and for `--dry-run`, without any weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from training.models import memory
from training.models.chat import IGNORED
from training.models.memory import PARTS, Kept, Peak, Sizes
from training.models.weights import Precision
from training.recipe import Recipe
from training.rows.lines import Line, Tokens, tokens
from training.rows.order import Schedule, schedule

MIB: Final = 2**20
GIB: Final = 2**30
_SEARCH: Final = 2000
"""Steps that the largest micro batch is looked for in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that follows from data, recipe and configuration."""

    tokens: Tokens
    schedule: Schedule
    size: Sizes
    peak: Peak

    def facts(self, recipe: Recipe) -> dict[str, Any]:
        """The derived numbers, for student.json."""
        return {
            "steps": self.schedule.steps,
            "warmup": self.schedule.warmup,
            "tokens": {
                "prompt": self.tokens.prompt,
                "target": self.tokens.target,
                "longest": self.tokens.longest,
                "mean": self.tokens.mean,
            },
            "parameters": {"base": self.size.total, "trainable": self.size.trainable},
            "lora_scale": None if recipe.method == "full" else recipe.lora.alpha / recipe.lora.rank,
        }


def plan(lines: Sequence[Line], recipe: Recipe, config: Any, size: Sizes | None = None) -> Plan:
    """Count.

    Args:
        lines: the rows of a student.
        recipe: how it is trained.
        config: of the base.
        size: where it was counted before.
    """
    made = schedule(len(lines), recipe.optimiser, recipe.seed)
    return Plan(tokens(lines), made, size or memory.sizes(config, recipe), _peak(lines, made))


def _peak(lines: Sequence[Line], made: Schedule) -> Peak:
    """Of the micro batches as they will come: the most padded tokens, and the most places with logits."""
    rows = length = targets = 0
    for step in range(min(made.steps, _SEARCH)):
        for part in made.step(step):
            longest = max(lines[i].length for i in part)
            if len(part) * longest > rows * length:
                rows, length = len(part), longest
            places: set[int] = set()
            for i in part:
                places.update(np.flatnonzero(lines[i].labels != IGNORED).tolist())
            targets = max(targets, len(places) * len(part))
    return Peak(rows, length, targets)


def say(
    made: Plan, recipe: Recipe, config: Any, report: dict[str, Any], *, device: str, precision: Precision, limit: int
) -> list[str]:
    """The lines that a user reads.

    Args:
        made: of `plan`.
        recipe: how it is trained.
        config: of the base.
        report: of `Data.report`.
        device: where.
        precision: in what.
        limit: tokens that a row may have.
    """
    t, s, rule = made.tokens, made.schedule, recipe.optimiser
    length = f"{rule.max_steps} steps" if rule.max_steps else f"{rule.epochs:g} epochs"
    lines = [*_data(report), f"rows      {t.rows:,}: {t.prompt:,} prompt and {t.target:,} target tokens an epoch; "
             f"a row has {t.mean:g} on average, {t.longest:,} at most (room for {limit:,})"]  # fmt: skip
    lines.append(
        f"steps     {s.steps:,} ({length}, {rule.batch} rows each: {rule.batch // rule.micro_batch} x "
        f"{rule.micro_batch}), {s.seen:,} rows in all; warm-up {s.warmup}, then a cosine from {rule.learning_rate:g}"
    )
    if recipe.method != "full":
        lora = recipe.lora
        named = lora.targets if isinstance(lora.targets, str) else ", ".join(lora.targets)
        lines.append(
            f"{recipe.method:<9} rank {lora.rank}, alpha {lora.alpha}: updates are scaled by "
            f"{lora.alpha / lora.rank:g}; dropout {lora.dropout:g}; on {named}"
        )
    every = made.size.total + (0 if recipe.method == "full" else made.size.trainable)
    lines.append(
        f"weights   {made.size.trainable:,} of {every:,} are trained ({made.size.trainable / every:.2%}); base "
        f"{made.size.total:,}"
    )
    lines.append(f"device    {device}, {precision}")
    return lines + _memory(made, recipe, config, device, precision)


def _data(report: dict[str, Any]) -> list[str]:
    part, own = report["slice"], report["own"]
    lines = []
    if part["read"]:
        dropped = ", ".join(f"{check} {count}" for check, count in part["dropped"].items()) or "none"
        best = "" if part["used"] == part["kept"] else f"; the best of {part['kept']:,}"
        lines.append(
            f"slice     {part['used']:,} of {part['read']:,} samples (dropped: {dropped}{best}); largest task "
            f"{part['largest_task_share']:.0%}, largest document {part['largest_document_share']:.0%}"
        )
    if own["asked"]:
        short = "" if abs(own["share"] - own["asked"]) < 0.01 else f", less than the {own['asked']:.0%} asked for"
        few = f": all {own['usable']:,} usable rows" if short and own["used"] == own["usable"] else ""
        refused = f"; {own['rejected']:,} refused, see rejected.jsonl" if own["rejected"] else ""
        lines.append(f"own rows  {own['used']:,}, a share of {own['share']:.1%}{short}{few}{refused}")
    return lines


def _memory(made: Plan, recipe: Recipe, config: Any, device: str, precision: Precision) -> list[str]:
    """A table of parts: every way to keep the frozen weights, the one that is used marked."""
    kinds: list[Kept] = ["bf16", "float32"] if recipe.method == "full" else ["bf16", "float32", "4-bit"]
    used: Kept = "4-bit" if recipe.method == "qlora" else precision
    again = recipe.checkpointing(device)
    mask = 1 if device.startswith("cuda") else 4

    def of(kind: Kept, *, checkpointing: bool) -> dict[str, int | None]:
        return memory.parts(config, recipe, made.size, made.peak, kind, checkpointing=checkpointing, mask=mask)

    columns = {kind: of(kind, checkpointing=again) for kind in kinds}
    other = {kind: of(kind, checkpointing=not again)["activations"] for kind in kinds}
    sums = {kind: _sum(columns[kind]) for kind in kinds}
    swapped = {kind: _sum({**columns[kind], "activations": other[kind]}) for kind in kinds}
    small = max(value or GIB for value in sums.values()) < GIB

    def row(name: str, values: dict[Kept, int | None]) -> str:
        said = ("?" if v is None else f"{v / (MIB if small else GIB):.2f}" for v in values.values())
        return f"          {name:<28}{''.join(f'{value:>10}' for value in said)}"

    unit = "MiB" if small else "GiB"
    head = "".join(f"{kind + ('*' if kind == used else ''):>10}" for kind in kinds)
    lines = [f"memory    {'estimated ' + unit + ' (* this run)':<28}{head}"]
    for part in PARTS:
        name = f"{part}, checkpointed" if part == "activations" and again else part
        lines.append(row(name, {kind: columns[kind][part] for kind in kinds}))
    lines.append(row("sum (device: its own besides)", sums))
    lines.append(row(f"sum, if {'not ' if again else ''}checkpointed", swapped))
    return lines


def _sum(parts: dict[str, int | None]) -> int | None:
    known = [value for value in parts.values() if value is not None]
    return sum(known) if len(known) == len(parts) else None
