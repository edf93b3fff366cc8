"""The loss mask, token by token against the models' own templates."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.conversation import Conversation, Message
from schemas.errors import UsageError
from training.models.chat import IGNORED, Chat, of_tokenizer

CONVERSATION = Conversation(
    id="c1",
    prompt=(Message(role="user", content="What is the length of day of Mars, in hours?"),),
    reasoning="1. Mars: length of day = 24.7 hours",
    answer="24.7",
)
BARE = CONVERSATION.model_copy(update={"reasoning": ""})


def chat(family: str, *, thinking: bool) -> Chat:
    from tests.training import tiny

    return of_tokenizer(tiny.tokenizer(family), name=family, thinking=thinking)


def learnt(made: Chat, conversation: Conversation) -> str:
    row = made.encode(conversation)
    ids = [i for i, label in zip(row.input_ids, row.labels, strict=True) if label != IGNORED]
    assert all(label in (IGNORED, i) for i, label in zip(row.input_ids, row.labels, strict=True))
    assert row.targets == len(ids)
    return str(made.tokenizer.decode(ids))


@pytest.mark.parametrize(
    ("family", "thinking", "conversation", "target"),
    [
        ("qwen3", False, BARE, "24.7<|im_end|>"),
        ("qwen3", True, CONVERSATION, "<think>\n1. Mars: length of day = 24.7 hours\n</think>\n\n24.7<|im_end|>"),
        ("qwen3", False, CONVERSATION, "1. Mars: length of day = 24.7 hours\nAnswer: 24.7<|im_end|>"),
        ("qwen2_5", False, BARE, "24.7<|im_end|>"),
        ("qwen2_5", True, CONVERSATION, "1. Mars: length of day = 24.7 hours\nAnswer: 24.7<|im_end|>"),
        ("llama3_2", False, BARE, "24.7<|eot_id|>"),
        ("llama3_2", True, CONVERSATION, "1. Mars: length of day = 24.7 hours\nAnswer: 24.7<|eot_id|>"),
    ],
)
def test_the_loss_is_over_the_answer_and_its_end(
    family: str, thinking: bool, conversation: Conversation, target: str
) -> None:
    assert learnt(chat(family, thinking=thinking), conversation) == target


def turns(conversation: Conversation, **more: str) -> list[dict[str, str]]:
    said = {"role": "assistant", "content": conversation.answer, **more}
    return [*({"role": m.role, "content": m.content} for m in conversation.prompt), said]


@pytest.mark.parametrize("family", ["qwen3", "llama3_2"])  # trl's marks for Qwen2.5 take in the turn's header, too
def test_the_mask_is_that_of_the_templates_own_generation_marks(family: str) -> None:
    from tests.training import tiny

    made, conversation, more = chat(family, thinking=True), CONVERSATION, {"reasoning_content": CONVERSATION.reasoning}
    if family == "llama3_2":  # trl marks the older template of Llama 3 only
        made.tokenizer.chat_template, conversation, more = tiny.template("llama3"), BARE, {}
    marked = tiny.template("qwen3_training" if family == "qwen3" else "llama3_training")
    row = made.encode(conversation)
    theirs = made.tokenizer.apply_chat_template(
        turns(CONVERSATION, **more), chat_template=marked, return_dict=True, return_assistant_tokens_mask=True
    )
    ours = [int(label != IGNORED) for label in row.labels]
    length = len(row.input_ids)
    assert theirs["input_ids"][:length] == row.input_ids
    assert theirs["assistant_masks"][:length] == ours
    rest = made.tokenizer.decode(theirs["input_ids"][length:])
    assert not rest.strip()  # a newline behind the end of the turn, which no model writes


def test_with_thinking_off_the_empty_thought_belongs_to_the_prompt() -> None:
    made = chat("qwen3", thinking=False)
    row = made.encode(BARE)
    head = made.tokenizer.decode(row.input_ids[: -row.targets])
    assert head.endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")


def test_the_head_of_a_row_is_what_the_model_is_asked_with() -> None:
    for family in ("qwen3", "qwen2_5", "llama3_2"):
        made = chat(family, thinking=False)
        row = made.encode(BARE)
        assert row.input_ids[: -row.targets] == made.prompt_ids(BARE, thinking=False)


def test_an_answer_ends_where_the_template_ends_a_turn() -> None:
    for family, end in (("qwen3", "<|im_end|>"), ("llama3_2", "<|eot_id|>")):
        made = chat(family, thinking=False)
        assert made.tokenizer.convert_tokens_to_ids(end) in made.ends


def test_llamas_prompt_is_the_same_every_day() -> None:
    assert "26 Jul 2024" in chat("llama3_2", thinking=False).prompt_text(BARE)


def test_a_tokenizer_without_a_template_is_refused_by_name() -> None:
    from tests.training import tiny

    bare: Any = tiny.tokenizer()
    bare.chat_template = None
    with pytest.raises(UsageError, match="some/base: its tokenizer has no chat template"):
        of_tokenizer(bare, name="some/base")


def test_a_template_that_rewrites_its_prompt_is_refused() -> None:
    from tests.training import tiny

    odd: Any = tiny.tokenizer()
    odd.chat_template = "{{ messages | length }}{% for m in messages %}{{ m.content }}{% endfor %}<|im_end|>"
    with pytest.raises(UsageError, match="writes a prompt differently"):
        of_tokenizer(odd, name="odd").encode(BARE)
