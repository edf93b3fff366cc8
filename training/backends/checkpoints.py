"""Checkpoints that are whole or absent: a mark is written last, and what lacks it is removed.

Layout: `FOLDER/checkpoint-<steps done>/`, which each backend fills in its own way, and `WHOLE` in it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

MARK: Final = "WHOLE"


def place(folder: Path, steps: int) -> Path:
    """Where the checkpoint after so many steps lies (the name that `transformers` gives it, too)."""
    return folder / f"checkpoint-{steps}"


def steps_of(checkpoint: Path) -> int:
    """Steps that were done."""
    return int(checkpoint.name.removeprefix("checkpoint-"))


def latest(folder: Path) -> Path | None:
    """The last whole checkpoint; half-written ones are removed."""
    whole = []
    for found in folder.glob("checkpoint-*"):
        if (found / MARK).exists():
            whole.append(found)
        else:
            shutil.rmtree(found)
    return max(whole, key=steps_of, default=None)


def seal(checkpoint: Path) -> None:
    """Mark a checkpoint as whole, then remove the older ones."""
    (checkpoint / MARK).touch()
    for found in checkpoint.parent.glob("checkpoint-*"):
        if steps_of(found) < steps_of(checkpoint):
            # without its mark first, so that a kill in between leaves nothing that looks whole
            (found / MARK).unlink(missing_ok=True)
            shutil.rmtree(found)
