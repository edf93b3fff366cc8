"""A model's own chat template, and token by token what the loss is taken over.

A row is `prompt ids + target ids`, tokenised apart, so that its head is exactly what the model sees when it is asked.
The target ends with the token that ends a turn; the loss is over the target alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from schemas.conversation import Conversation
from schemas.errors import UsageError
from training.conversation import spoken

IGNORED: Final = -100
"""Label of a token that the loss leaves out (PyTorch's default)."""
_DAY: Final = "26 Jul 2024"
"""Llama's templates say today's date unless told another: the same bytes every day."""
_PROBE: Final = "kgmine-probe"


@dataclass(frozen=True, slots=True)
class Encoded:
    """One row as a model reads it."""

    input_ids: list[int]
    labels: list[int]
    """Same length; IGNORED over the prompt."""

    @property
    def targets(self) -> int:
        """How many tokens the loss is taken over."""
        return sum(label != IGNORED for label in self.labels)


@dataclass(frozen=True, slots=True)
class Chat:
    """A tokenizer with its chat template."""

    tokenizer: Any
    thinking: bool = False
    """Whether rows with reasoning are rendered with the template's thinking switched on."""
    thinks: bool = False
    """Whether the template knows reasoning of its own (Qwen3); else steps are said before the answer."""
    ends: tuple[int, ...] = ()
    """Ids that end an answer."""

    def prompt_text(self, conversation: Conversation, *, thinking: bool | None = None) -> str:
        """What the model is asked with, up to the first token that it writes itself."""
        on = self._on(conversation) if thinking is None else thinking
        return self._render(_turns(conversation), on=on, ask=True)

    def prompt_ids(self, conversation: Conversation, *, thinking: bool | None = None) -> list[int]:
        """`prompt_text` as ids."""
        return self._ids(self.prompt_text(conversation, thinking=thinking))

    def target_text(self, conversation: Conversation) -> str:
        """What the model is to write, the end of its turn included.

        Raises: UsageError: the template renders the same prompt differently once the answer is there.
        """
        on = self._on(conversation)
        asked = self._render(_turns(conversation), on=on, ask=True)
        said = {"role": "assistant", "content": self._said(conversation)}
        if on:
            said["reasoning_content"] = conversation.reasoning
        whole = self._render([*_turns(conversation), said], on=on, ask=False)
        if not whole.startswith(asked):
            raise UsageError(
                "the chat template of this model writes a prompt differently once its answer is there, so the loss "
                "cannot be kept to the answer; use a model whose template keeps it (Qwen3, Qwen2.5, Llama 3)"
            )
        return whole[len(asked) :].rstrip("\n")

    def encode(self, conversation: Conversation) -> Encoded:
        """Ids and labels of one row."""
        head, tail = self.prompt_ids(conversation), self._ids(self.target_text(conversation))
        return Encoded(head + tail, [IGNORED] * len(head) + tail)

    def _on(self, conversation: Conversation) -> bool:
        return self.thinking and self.thinks and bool(conversation.reasoning)

    def _said(self, conversation: Conversation) -> str:
        return conversation.answer if self._on(conversation) else spoken(conversation)

    def _render(self, turns: list[dict[str, str]], *, on: bool, ask: bool) -> str:
        return str(
            self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=ask, **flags(thinking=on))
        )

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


def of_tokenizer(tokenizer: Any, *, name: str, thinking: bool = False) -> Chat:
    """The chat of a model.

    Args:
        tokenizer: of `transformers`.
        name: of the model, for errors.
        thinking: see `Chat.thinking`.
    Raises: UsageError: there is no chat template, or it cannot render a question.
    """
    from jinja2 import TemplateError

    if not getattr(tokenizer, "chat_template", None):
        raise UsageError(
            f"{name}: its tokenizer has no chat template, so there is no telling how it is asked; take the instruct "
            "variant of the model, or put a chat_template.jinja into its folder"
        )
    chat = Chat(tokenizer, thinking=thinking)
    turns = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": "!", "reasoning_content": _PROBE},
    ]
    try:
        whole = chat._render(turns, on=True, ask=False)  # noqa: SLF001
        plain = chat._render([turns[0], {"role": "assistant", "content": "!"}], on=False, ask=False)  # noqa: SLF001
    except (TemplateError, TypeError, ValueError) as error:
        raise UsageError(f"{name}: its chat template cannot render a question: {error}") from None
    last = chat._ids(plain.rstrip("\n"))[-1:]  # noqa: SLF001
    special = set(tokenizer.all_special_ids)
    ends = {*(i for i in last if i in special), tokenizer.eos_token_id} - {None}
    return Chat(tokenizer, thinking=thinking, thinks=_PROBE in whole, ends=tuple(sorted(ends)))


def flags(*, thinking: bool) -> dict[str, bool | str]:
    """What templates are told; a server that is told the same renders the same prompt."""
    return {"enable_thinking": thinking, "date_string": _DAY}


def _turns(conversation: Conversation) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in conversation.prompt]
