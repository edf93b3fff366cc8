"""What a student reads and says: the rows that training, evaluation and exports share."""

from __future__ import annotations

from typing import Literal

from schemas.base import Row


class Message(Row):
    """One turn."""

    role: Literal["system", "user", "assistant"]
    content: str


class Conversation(Row):
    """One question as a student sees it, and what it should say."""

    id: str
    """Of the sample; of a user's own row its content hash."""
    prompt: tuple[Message, ...]
    """Turns before the answer; the last one is the user's."""
    reasoning: str = ""
    """Steps before the answer, one a line; empty where the answer alone is the target."""
    answer: str
    origin: Literal["sample", "own"] = "sample"
    """own: a row of the user's data, mixed in."""
