"""The folder of a student: what it says, when it may be written to, and when it is done.

student.json        base, method, recipe, seed, data, slice, volume, figures, versions, command
data/rows.jsonl     what it was trained on; rejected.jsonl: what was left out, and why
log.jsonl           one row a step
adapter/ or model/  what came out; merged/ with --merge
README.md           the model card
DONE                last
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from runtime.artefacts import fingerprint, is_done, read_json, row_line, set_done, sha256_file, write_json, write_rows
from runtime.settings import changed
from schemas.conversation import Conversation
from schemas.errors import GraphError, UsageError
from schemas.reject import Rejected
from training.recipe import Recipe

STUDENT: Final = "student.json"
SAME: Final = ("base", "data", "recipe", "backend", "precision")
"""What makes two trainings one: a killed run goes on only where these are equal."""
_PACKAGES: Final = ("kgmine", "torch", "transformers", "peft", "trl", "datasets", "accelerate", "safetensors")


@dataclass(frozen=True, slots=True)
class Student:
    """One folder."""

    folder: Path
    facts: dict[str, Any]
    """What student.json says; figures of the training come last."""

    @property
    def weights(self) -> Path:
        """Where what was trained lies."""
        return self.folder / ("model" if self.facts["recipe"]["method"] == "full" else "adapter")

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def mark(self) -> str:
        return fingerprint(*(self.facts[key] for key in SAME))

    @property
    def done(self) -> bool:
        return is_done(self.folder, self.mark)

    def begin(self, rows: Sequence[Conversation], rejected: Sequence[Rejected]) -> None:
        """Say what will be trained on what."""
        write_json(self.folder / STUDENT, self.facts)  # first: from here on the folder is this student's
        write_rows(self.folder / "data" / "rows.jsonl", rows)
        write_rows(self.folder / "rejected.jsonl", rejected)

    def finish(self, facts: dict[str, Any]) -> None:
        """Everything else is written: it is done, and checkpoints are no longer needed."""
        write_json(self.folder / STUDENT, facts)
        set_done(self.folder, self.mark)
        self.clean()

    def clean(self) -> None:
        shutil.rmtree(self.checkpoints, ignore_errors=True)

    def check(self) -> None:
        """Raises UsageError: the folder holds something else."""
        holds = self.folder / STUDENT
        if not holds.exists():
            if self.folder.exists() and any(not found.name.startswith(".") for found in self.folder.iterdir()):
                raise UsageError(f"{self.folder}: is not empty and no student's folder; take another --out")
            return
        try:
            theirs = read_json(holds)
        except GraphError as error:
            raise UsageError(str(error)) from None
        ours = {key: self.facts[key] for key in SAME}
        other = [name.removeprefix("recipe.") for name, _, _ in changed({key: theirs.get(key) for key in SAME}, ours)]
        if other:
            raise UsageError(
                f"{self.folder}: holds another student (other {', '.join(other[:3])}); take another --out, or delete it"
            )


def data_hash(rows: Sequence[Conversation]) -> str:
    """sha256 of data/rows.jsonl as it will be."""
    return hashlib.sha256("".join(f"{row_line(row)}\n" for row in rows).encode()).hexdigest()


def recipe_of(recipe: Recipe) -> dict[str, Any]:
    """A recipe as it is written down: of the user's own rows their content instead of their path."""
    made: dict[str, Any] = recipe.model_dump(mode="json")
    path = recipe.replay.rows
    if path is not None:
        made["replay"]["rows"] = path.name
        made["replay"]["sha256"] = sha256_file(path) if path.is_file() else None
    return made


def versions() -> dict[str, str]:
    """Of what trained it; None where a package is absent."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
