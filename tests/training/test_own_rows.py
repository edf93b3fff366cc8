"""A user's own rows: what is read, what is refused with its line, and how much is mixed in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.conversation import Conversation, Message
from schemas.errors import UsageError
from training.recipe import Wording
from training.rows import own as own_rows

CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Who are you?"},
    {"role": "assistant", "content": "A student."},
]


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def one(tmp_path: Path, row: Any, wording: Wording | None = None) -> Conversation:
    (found,) = own_rows.read(written(tmp_path / "own.jsonl", row), wording or Wording()).conversations
    return found


def test_a_question_is_asked_in_the_wording_of_the_samples(tmp_path: Path) -> None:
    made = one(tmp_path, {"question": "How long?", "answer": 24.7, "reasoning": "1. look", "more": 1})
    assert made.prompt[-1].content == "How long?\n\nAnswer with the final answer only."
    assert (made.answer, made.reasoning, made.origin) == ("24.7", "", "own")
    steps = one(tmp_path, {"question": "How long?", "answer": "9", "reasoning": "1. look"}, Wording(target="steps"))
    assert steps.reasoning == "1. look"
    assert steps.prompt[-1].content.endswith("step by step, then give the final answer.")


def test_a_row_without_steps_is_asked_for_its_answer_alone(tmp_path: Path) -> None:
    made = one(tmp_path, {"question": "How long?", "answer": "9"}, Wording(target="steps", thinking=True))
    assert made.prompt[-1].content.endswith("Answer with the final answer only.")


def test_of_a_chat_the_last_turn_is_learnt(tmp_path: Path) -> None:
    made = one(tmp_path, {"messages": CHAT})
    assert [m.role for m in made.prompt] == ["system", "user"]
    assert made.answer == "A student."
    assert one(tmp_path, {"prompt": CHAT[:2], "completion": CHAT[2:]}) == made
    thought = [*CHAT[:2], {**CHAT[2], "reasoning_content": "hm"}]
    assert one(tmp_path, {"messages": thought}).reasoning == "hm"


def test_prompt_and_completion_may_be_text(tmp_path: Path) -> None:
    made = one(tmp_path, {"prompt": "Hi", "completion": "Ho"})
    assert made.prompt == (Message(role="user", content="Hi"),)
    assert made.answer == "Ho"


@pytest.mark.parametrize("form", ["jsonl", "parquet", "saved", "saved-dict", "folder"])
def test_the_same_rows_are_read_from_every_kind_of_file(tmp_path: Path, form: str) -> None:
    import datasets
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{"messages": CHAT}, {"messages": CHAT[1:]}]
    path = tmp_path / {"jsonl": "own.jsonl", "parquet": "own.parquet"}.get(form, "own")
    if form == "jsonl":
        written(path, *rows)
    elif form == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif form == "folder":
        path.mkdir()
        pq.write_table(pa.Table.from_pylist(rows), path / "own.parquet")
    else:
        made = datasets.Dataset.from_list(rows)
        (datasets.DatasetDict(train=made, test=made) if form == "saved-dict" else made).save_to_disk(str(path))
    found = own_rows.read(path, Wording())
    assert [c.id for c in found.conversations] == [one(tmp_path, row).id for row in rows]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON (Expecting property name enclosed in double quotes: line 2 column 1 (char 2))"),
        ([1], "expected question and answer, messages, or prompt and completion"),
        ({"text": "x"}, "expected question and answer, messages, or prompt and completion; it has text"),
        ({"question": "", "answer": "x"}, "question: empty"),
        ({"question": "x", "answer": ["y"]}, "answer: expected text, not list"),
        ({"question": "x", "answer": "y", "choices": "z"}, "choices: expected a list of texts"),
        ({"messages": CHAT[:2]}, "the last turn is the user's; the assistant's is what is learnt"),
        ({"messages": CHAT[2:]}, "the turn before the assistant's last one is not the user's"),
        ({"messages": "hi"}, "messages: expected a list of messages with role and content"),
        ({"messages": [{"role": "tool", "content": "x"}, *CHAT[1:]]}, "role: Input should be 'system', 'user' or 'assistant'"),
        ({"messages": [{"role": "user", "content": [{"type": "image"}]}, CHAT[2]]}, "messages: content: expected text, not list"),
        ({"prompt": "x", "completion": CHAT}, "prompt and completion: both texts, or both lists of messages"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_reject_with_its_line(tmp_path: Path, row: Any, reason: str) -> None:
    found = own_rows.read(written(tmp_path / "own.jsonl", {"question": "a", "answer": "b"}, row), Wording())
    assert len(found.conversations) == 1
    assert [(r.item, r.stage, r.check, r.reason) for r in found.rejected] == [
        ("own.jsonl:2", "own_rows", "format", reason)
    ]


def test_a_row_that_comes_twice_counts_once(tmp_path: Path) -> None:
    row = {"question": "a", "answer": "b"}
    found = own_rows.read(written(tmp_path / "own.jsonl", row, row), Wording())
    assert len(found.conversations) == 1
    assert [(r.item, r.check) for r in found.rejected] == [("own.jsonl:2", "duplicate")]


def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(UsageError) as error:
            own_rows.read(path, Wording())
        return str(error.value).removeprefix(f"{tmp_path}/")

    assert said(tmp_path / "no.jsonl") == "no.jsonl: no such file (`replay.rows`)"
    assert said(written(tmp_path / "bad.jsonl", {"a": 1})) == (
        "bad.jsonl: none of its 1 rows can be trained on; the first: bad.jsonl:1: expected question and answer, "
        "messages, or prompt and completion; it has a"
    )
    assert said(written(tmp_path / "none.jsonl")) == "none.jsonl: none of its 0 rows can be trained on"
    (tmp_path / "bin.jsonl").write_bytes(b"\xff\xfe\x00")
    assert said(tmp_path / "bin.jsonl").startswith("bin.jsonl: none of its 1 rows can be trained on; the first: ")
    assert said(written(tmp_path / "x.parquet", "PAR")).startswith("x.parquet: not Parquet (")
    (tmp_path / "folder").mkdir()
    assert said(tmp_path / "folder").startswith("folder: no folder of `datasets` (save_to_disk), and no *.parquet")


def talk(name: str, origin: Any = "own") -> Conversation:
    return Conversation(id=name, prompt=(Message(role="user", content=name),), answer="a", origin=origin)


@given(samples=st.integers(1, 60), own=st.integers(0, 60), share=st.sampled_from([0.1, 0.25, 0.5, 0.8]))
def test_the_share_is_of_all_rows_and_a_shorter_slice_is_a_beginning(samples: int, own: int, share: float) -> None:
    chosen = [talk(f"s{n}", "sample") for n in range(samples)]
    theirs = own_rows.ordered([talk(f"o{n}") for n in range(own)], 0)
    made = own_rows.mixed(chosen, theirs, share)
    count = sum(row.origin == "own" for row in made)
    assert count == min(own, own_rows.wanted(samples, share))
    if count < own:
        assert abs(count - share * len(made)) <= 1
    assert [row for row in made if row.origin == "sample"] == chosen
    shorter = own_rows.mixed(chosen[: samples // 2], theirs, share)
    assert made[: len(shorter)] == shorter


def test_share_one_takes_own_rows_alone() -> None:
    theirs = [talk("a"), talk("b")]
    assert own_rows.mixed([talk("s", "sample")], theirs, 1.0) == theirs


def test_which_own_rows_are_taken_depends_on_the_seed_alone() -> None:
    rows = [talk(str(n)) for n in range(30)]
    assert own_rows.ordered(rows, 1) == own_rows.ordered(rows[::-1], 1)
    assert own_rows.ordered(rows, 1) != own_rows.ordered(rows, 2)
