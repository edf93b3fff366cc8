"""Language models behind one seam: turns in, one completion out.

http    any OpenAI-compatible server

Several samples of one prompt are several requests: servers are known to ignore `n`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from schemas.conversation import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How tokens are chosen."""

    max_new_tokens: int = 256
    temperature: float = 0.0
    """0: greedy."""
    top_p: float = 1.0
    """Nucleus sampling (Holtzman et al. 2020): the smallest set of tokens with at least this probability."""
    seed: int = 0
    """Of every draw, together with the id of the question and the number of the attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model wrote."""

    text: str
    """Thinking, if any, stands between <think> and </think> before the answer."""
    finish: Literal["stop", "length"]
    """length: the limit of new tokens was reached."""
    tokens: int | None = None
    """New tokens; None where the server does not say."""


class LLM(Protocol):
    """A chat model."""

    def complete(self, messages: Sequence[Message], decoding: Decoding) -> Completion:
        """One completion.

        Args:
            messages: the turns so far, the last one of the user.
            decoding: how tokens are chosen; its seed is the draw's own.

        Raises:
            TransportError: no answer after all retries.
            RefusedError: this prompt will never be answered.
            UsageError: no prompt will: wrong key, unknown model, a request that the server does not understand.
        """
        ...
