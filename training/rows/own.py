"""The user's own rows: read as they are, one way or the other, and mixed in at a stated share.

    {"question": …, "answer": …}       in the wording of the recipe; `reasoning`, `choices` if there are any
    {"messages": [{role, content}…]}   the last turn is the assistant's and is learnt, the rest is the prompt
    {"prompt": …, "completion": …}     text, or lists of messages

as JSON lines, Parquet, or a folder that `datasets` saved. A row that is none of these is a reject with file and line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from runtime.artefacts import fingerprint
from schemas.conversation import Conversation, Message
from schemas.errors import UsageError
from schemas.reject import Rejected
from training.conversation import prompt
from training.recipe import Wording
from training.rows.files import Unread, rows

FORMS = "question and answer, messages, or prompt and completion"


@dataclass(frozen=True, slots=True)
class Own:
    """What was read."""

    conversations: tuple[Conversation, ...]
    """Each content once, in the order of the file."""
    places: Mapping[str, str]
    """Id -> file and line."""
    rejected: tuple[Rejected, ...]


def read(path: Path, wording: Wording) -> Own:
    """The rows of a file or folder.

    Raises: UsageError: the file is not there, cannot be read, or no row of it can be used.
    """
    made: dict[str, Conversation] = {}
    places: dict[str, str] = {}
    rejected: list[Rejected] = []
    for where, row in rows(path, split="train", what="replay.rows"):
        try:
            found = _conversation(row, wording)
        except (_WrongRowError, ValidationError) as error:
            rejected.append(_reject(where, "format", _reason(error)))
            continue
        if found.id in made:
            rejected.append(_reject(where, "duplicate", "the same row came before"))
            continue
        made[found.id], places[found.id] = found, where
    if not made:
        why = f"; the first: {rejected[0].item}: {rejected[0].reason}" if rejected else ""
        raise UsageError(f"{path}: none of its {len(rejected)} rows can be trained on{why}")
    return Own(tuple(made.values()), places, tuple(rejected))


def ordered(rows: Sequence[Conversation], seed: int) -> list[Conversation]:
    """The order in which they are taken: by keyed hash, so that more of them are the same ones and some more."""
    return sorted(rows, key=lambda row: (fingerprint(seed, "own", row.id), row.id))


def wanted(samples: int, share: float) -> int:
    """How many own rows make up a share of all rows, beside so many samples; share < 1."""
    return math.floor(samples * share / (1 - share) + 0.5)


def mixed(samples: Sequence[Conversation], own: Sequence[Conversation], share: float) -> list[Conversation]:
    """Own rows spread evenly among the samples, so that a shorter slice is mixed as the beginning of a longer one is.

    Args:
        samples: in the order of the slice.
        own: of `ordered`; as many as are needed are taken, or all there are.
        share: own rows of all; 1: own rows alone.
    """
    if share == 1:
        return list(own)
    made: list[Conversation] = []
    used = 0
    for count, sample in enumerate(samples, 1):
        made.append(sample)
        due = min(wanted(count, share), len(own))
        made.extend(own[used:due])
        used = due
    return made


class _WrongRowError(ValueError):
    """This row is none of the forms."""


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)


def _reject(where: str, check: str, reason: str) -> Rejected:
    return Rejected(item=where, stage="own_rows", check=check, reason=reason)


def _conversation(row: Any, wording: Wording) -> Conversation:
    if not isinstance(row, Mapping):
        raise _WrongRowError(row.reason if isinstance(row, Unread) else f"expected {FORMS}")
    row = {key: value for key, value in row.items() if value is not None}
    if "question" in row and "answer" in row:
        return _asked(row, wording)
    if "messages" in row:
        turns = _messages(row["messages"], "messages")
        return _told(turns[:-1], turns[-1])
    if "prompt" in row and "completion" in row:
        return _completed(row["prompt"], row["completion"])
    raise _WrongRowError(f"expected {FORMS}; it has {', '.join(sorted(row)) or 'nothing'}")


def _asked(row: Mapping[str, Any], wording: Wording) -> Conversation:
    steps = _text(row.get("reasoning", ""), "reasoning") if wording.target == "steps" else ""
    # a row without steps is asked for its answer alone, as it will not show any
    said = wording if steps else wording.model_copy(update={"target": "answer", "thinking": False})
    choices = row.get("choices", ())
    if isinstance(choices, str) or not all(isinstance(choice, str) for choice in choices):
        raise _WrongRowError("choices: expected a list of texts")
    turns = prompt(_text(row["question"], "question", filled=True), said, choices=choices)
    return _made(turns, steps, _text(row["answer"], "answer", filled=True))


def _told(before: Sequence[Mapping[str, Any]], last: Mapping[str, Any]) -> Conversation:
    if last["role"] != "assistant":
        raise _WrongRowError(f"the last turn is the {last['role']}'s; the assistant's is what is learnt")
    if not before or before[-1]["role"] != "user":
        raise _WrongRowError("the turn before the assistant's last one is not the user's")
    turns = tuple(Message(role=turn["role"], content=turn["content"]) for turn in before)
    return _made(turns, last.get("reasoning_content") or "", _text(last["content"], "the last turn", filled=True))


def _completed(asked: Any, answer: Any) -> Conversation:
    if isinstance(asked, str) and isinstance(answer, str):
        user = Message(role="user", content=_text(asked, "prompt", filled=True))
        return _made((user,), "", _text(answer, "completion", filled=True))
    if isinstance(asked, str) or isinstance(answer, str):
        raise _WrongRowError("prompt and completion: both texts, or both lists of messages")
    turns, said = _messages(asked, "prompt"), _messages(answer, "completion")
    return _told([*turns, *said[:-1]], said[-1])


def _messages(value: Any, key: str) -> list[Mapping[str, Any]]:
    turns = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    if not turns or not all(isinstance(turn, Mapping) and {"role", "content"} <= turn.keys() for turn in turns):
        raise _WrongRowError(f"{key}: expected a list of messages with role and content")
    for turn in turns:
        _text(turn["content"], f"{key}: content")
    return turns


def _text(value: Any, key: str, *, filled: bool = False) -> str:
    if not isinstance(value, str):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise _WrongRowError(f"{key}: expected text, not {type(value).__name__}")
    if filled and not value.strip():
        raise _WrongRowError(f"{key}: empty")
    return value


def _made(turns: tuple[Message, ...], reasoning: str, answer: str) -> Conversation:
    said = [(turn.role, turn.content) for turn in turns]
    return Conversation(
        id=fingerprint(said, reasoning, answer), prompt=turns, reasoning=reasoning, answer=answer, origin="own"
    )
