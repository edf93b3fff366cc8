"""What turns weights: `trl` (its SFTTrainer) and `plain` (an own loop, where trl is absent).

Both see the same rows in the same order under the same schedule, start from the same weights and draw the same chance,
so that their losses agree; each gives the same bytes however often it was killed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

from schemas.errors import UsageError
from training.backends.log import Log
from training.models.weights import Precision
from training.recipe import Recipe
from training.rows.lines import Line
from training.rows.order import Schedule

Name = Literal["trl", "plain"]


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a backend needs."""

    model: Any
    """Ready to train: adapters on it, what is frozen is frozen; on its device. Its weights change."""
    tokenizer: Any
    lines: Sequence[Line]
    schedule: Schedule
    recipe: Recipe
    device: str
    precision: Precision
    folder: Path
    """Of the checkpoints."""
    log: Log


class Backend(Protocol):
    """Trains."""

    @property
    def name(self) -> Name: ...

    def train(self, job: Job) -> None:
        """Turn the weights of the model, from the last whole checkpoint on if there is one."""
        ...


def backend(asked: Literal["auto", "trl", "plain"]) -> Backend:
    """A backend by name; auto: trl where it is installed.

    Raises: UsageError: trl is asked for and absent.
    """
    from training.backends.plain import Plain
    from training.backends.sft import Trl

    there = find_spec("trl") is not None and find_spec("datasets") is not None
    if asked == "trl" and not there:
        raise UsageError("--backend trl: trl is not installed: pip install 'kgmine[train]', or take --backend plain")
    return Plain() if asked == "plain" or not there else Trl()
