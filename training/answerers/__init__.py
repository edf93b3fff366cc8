"""Who answers: a model in this process, or one behind a server. One seam, so that both are evaluated alike.

local    transformers, in batches
remote   an `LLM`, several requests at once
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator

from runtime.artefacts import fingerprint
from schemas.base import Row
from schemas.conversation import Conversation

Key = tuple[str, int]
"""Id of the question, number of the attempt from 0."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One attempt at one question."""

    conversation: Conversation
    attempt: int = 0

    @property
    def key(self) -> Key:
        return self.conversation.id, self.attempt


class Answer(Row):
    """What came of it: an output, or why there is none."""

    id: str
    attempt: int
    output: Annotated[str | None, AfterValidator(lambda said: said and said.strip())]
    """As generated, thinking included, without blanks at its ends, which some servers strip; None: there is none."""
    finish: Literal["stop", "length", "unanswerable", "error"]
    """length: cut at the limit of new tokens. unanswerable: the prompt does not fit the context."""
    reason: str = ""
    """Why a question is unanswerable."""
    error: str | None = None
    """Of the transport: the answer is missing, and the next run asks again."""
    tokens: int | None = None
    """New tokens."""

    @property
    def key(self) -> Key:
        return self.id, self.attempt


class Answerer(Protocol):
    """A model that answers."""

    def answer(self, asks: Sequence[Ask], known: AbstractSet[Key] = frozenset()) -> Iterator[Answer]:
        """Answers as they come, in any order.

        Args:
            asks: everything that is asked, so that batches are the same in a run that goes on.
            known: what has been answered; not yielded again.
        """
        ...


def draw_seed(seed: int, key: Key) -> int:
    """The seed of one attempt, 32 bits: draws depend on question and attempt alone, never on order or batch."""
    return int(fingerprint(seed, *key)[:8], 16)
