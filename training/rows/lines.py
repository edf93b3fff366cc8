"""Rows as ids, kept small: what a backend reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schemas.conversation import Conversation
from training.models.chat import IGNORED, Chat, Encoded


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    ids: Any
    """shape: (length,), int32."""
    prompt: int
    """How many of them are the prompt, which the loss leaves out."""

    @property
    def length(self) -> int:
        return len(self.ids)

    @property
    def labels(self) -> Any:
        """shape: (length,), int32; IGNORED over the prompt."""
        made = self.ids.copy()
        made[: self.prompt] = IGNORED
        return made


@dataclass(frozen=True, slots=True)
class Room:
    """How many tokens a row may have."""

    max_length: int
    """Of the recipe."""
    context: int | None
    """Of the model; None: it does not say."""

    def unfit(self, line: Line) -> tuple[str, str] | None:
        """Check and reason of a row that is too long."""
        target = line.length - line.prompt
        if self.context is not None and target > self.context:
            return "context", f"its answer alone has {target} tokens, more than the model's context of {self.context}"
        if self.context is not None and line.length > self.context:
            return "context", f"{line.length} tokens, more than the model's context of {self.context}"
        if line.length > self.max_length:
            return "max_length", f"{line.length} tokens, more than max_length {self.max_length}"
        return None


def line(row: Encoded) -> Line:
    """From lists to arrays."""
    return Line(np.asarray(row.input_ids, np.int32), len(row.input_ids) - row.targets)


def encode(chat: Chat, conversation: Conversation) -> Line:
    """A conversation as ids."""
    return line(chat.encode(conversation))


@dataclass(frozen=True, slots=True)
class Tokens:
    """What there is to learn, in tokens."""

    rows: int
    prompt: int
    target: int
    longest: int
    mean: float


def tokens(lines: Sequence[Line]) -> Tokens:
    """Counts over the rows of one epoch."""
    prompt, all_ = sum(row.prompt for row in lines), sum(row.length for row in lines)
    return Tokens(
        rows=len(lines),
        prompt=prompt,
        target=all_ - prompt,
        longest=max(row.length for row in lines),
        mean=round(all_ / len(lines), 1),
    )


def padded(lines: Iterable[Line], pad: int) -> dict[str, Any]:
    """A micro batch, padded on the right. shape of each: (rows, longest), int64."""
    rows = list(lines)
    shape = (len(rows), max(row.length for row in rows))
    ids, labels = np.full(shape, pad, np.int64), np.full(shape, IGNORED, np.int64)
    mask = np.zeros(shape, np.int64)
    for place, row in enumerate(rows):
        ids[place, : row.length], labels[place, : row.length], mask[place, : row.length] = row.ids, row.labels, 1
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}
