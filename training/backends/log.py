"""`log.jsonl`: one row a step. A run that goes on from a checkpoint drops the rows behind it first."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.artefacts import dump, write_text
from runtime.progress import Progress
from schemas.errors import KgmineError
from training.rows.lines import Line
from training.rows.order import Schedule


@dataclass(slots=True)
class Log:
    """Told by a backend of every step."""

    path: Path
    schedule: Schedule
    lines: Sequence[Line]
    rate: float
    """Peak learning rate."""
    bar: Progress
    _tokens: int = field(default=0, init=False)

    def resume(self, steps: int) -> None:
        """Keep the rows of so many steps."""
        kept = [row for row in read(self.path) if row["step"] <= steps] if steps else []
        write_text(self.path, "".join(f"{dump(row)}\n" for row in kept))
        self._tokens = kept[-1]["tokens"] if kept else 0
        self.bar.resume(steps)

    def step(self, step: int, *, loss: float, grad_norm: float) -> None:
        """One more is done.

        Args:
            step: 0-based.
            loss: mean over the target tokens of the step, nats.
            grad_norm: before clipping.
        Raises: KgmineError: the loss is not a finite number.
        """
        if not (math.isfinite(loss) and math.isfinite(grad_norm)):
            raise KgmineError(
                f"step {step + 1}: the loss is {loss:g} (gradient norm {grad_norm:g}); training diverged: lower "
                "optimiser.learning_rate and train into a new folder"
            )
        self._tokens += sum(self.lines[i].length for rows in self.schedule.step(step) for i in rows)
        row: dict[str, Any] = {
            "step": step + 1,
            "epoch": round(self.schedule.epoch(step), 6),
            "loss": round(loss, 8),
            "learning_rate": float(f"{self.rate * self.schedule.factor(step):.8g}"),
            "grad_norm": round(grad_norm, 6),
            "tokens": self._tokens,
        }
        with self.path.open("a", encoding="utf-8") as out:
            out.write(f"{dump(row)}\n")
        self.bar.step(f"loss {loss:.3f}")


def read(path: Path) -> list[dict[str, Any]]:
    """Rows of a log; a last line that a kill cut off is left out."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(text))
        except json.JSONDecodeError:
            break
    return rows
