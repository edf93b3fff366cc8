"""From a sample (or a user's own row) to what the student reads and is to say. Training and evaluation share it.

The passages of one question come in an order that their content decides, so that where the answer stands tells nothing.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final

from runtime.artefacts import fingerprint
from schemas.conversation import Conversation, Message
from schemas.sample import Sample
from training.recipe import Wording

ANSWER_ONLY: Final = "Answer with the final answer only."
WITH_STEPS: Final = "Work it out step by step, then give the final answer."
PASSAGES: Final = "Use these passages."


def of_sample(sample: Sample, wording: Wording) -> Conversation:
    """A sample in the wording of a recipe; `reasoning` is empty where the target is the answer alone."""
    passages = [(part["kind"], part["text"]) for part in sample.context] if wording.evidence else []
    return Conversation(
        id=sample.id,
        prompt=prompt(sample.question, wording, choices=sample.choices, passages=passages),
        reasoning=reasoning(sample) if wording.target == "steps" else "",
        answer=_answer(sample),
    )


def prompt(
    question: str,
    wording: Wording,
    *,
    choices: Sequence[str] = (),
    passages: Sequence[tuple[str, str]] = (),
) -> tuple[Message, ...]:
    """The turns before the answer.

    Args:
        question: as the sample asks it.
        wording: what else the student reads.
        choices: of a multiple-choice question; lettered here.
        passages: (kind, text) of each element that holds evidence.
    """
    ordered = sorted(passages, key=lambda passage: fingerprint(question, *passage))
    parts = [PASSAGES, *(f"[{n}] ({kind})\n{text}" for n, (kind, text) in enumerate(ordered, 1))] if ordered else []
    parts.append(question)
    if choices:
        parts.append("\n".join(f"{letter}. {choice}" for letter, choice in zip(_LETTERS, choices, strict=False)))
    parts.append(WITH_STEPS if wording.target == "steps" else ANSWER_ONLY)
    system = (Message(role="system", content=wording.system),) if wording.system else ()
    return (*system, Message(role="user", content="\n\n".join(parts)))


def reasoning(sample: Sample) -> str:
    """The derivation's chain of intermediate values, one a line: the structured query that a student learns from."""
    return "\n".join(f"{n}. {step.text}" for n, step in enumerate(sample.derivation.steps, 1))


def spoken(conversation: Conversation) -> str:
    """The answer as it is said where no thinking tags hold the steps: behind them, if there are any."""
    if not conversation.reasoning:
        return conversation.answer
    return f"{conversation.reasoning}\nAnswer: {conversation.answer}"


_LETTERS: Final = string.ascii_uppercase


def _answer(sample: Sample) -> str:
    """The answer as a person would write it; of a multiple-choice question with its letter."""
    if sample.answer in sample.choices:
        return f"{_LETTERS[sample.choices.index(sample.answer)]}. {sample.answer}"
    return sample.answer
