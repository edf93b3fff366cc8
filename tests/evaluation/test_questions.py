"""What is asked: splits of an export, and rows of the user's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.artefacts import write_rows
from schemas.errors import UsageError
from tests.scoring.samples import sample
from training.conversation import of_sample
from training.recipe import Wording
from training.rows import questions

CONTEXT = (
    {"element": "t1", "kind": "table", "text": "River\tkm\nA\t42"},
    {"element": "c1", "kind": "text", "text": "A."},
)


def export(folder: Path, **splits: int) -> Path:
    for split, count in splits.items():
        made = [
            sample(f"{split}-{n}", split=split, context=CONTEXT, choices=("42", "7")[: 2 * (n % 2)])
            for n in range(count)
        ]
        write_rows(folder / "data" / f"{split}.jsonl", made)
    return folder


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def test_by_default_every_split_but_train_is_asked(tmp_path: Path) -> None:
    found = questions.of_export(export(tmp_path, train=3, dev=2, test=2))
    assert [q.id for q in found] == ["dev-0", "dev-1", "test-0", "test-1"]
    assert {q.split for q in found} == {"dev", "test"}


def test_splits_are_asked_by_name(tmp_path: Path) -> None:
    folder = export(tmp_path, train=3, dev=2, test=2)
    assert [q.split for q in questions.of_export(folder, ("test", "train", "test"))] == ["test"] * 2 + ["train"] * 3


@pytest.mark.parametrize("wording", [Wording(), Wording(evidence=True), Wording(target="steps", system="Be brief.")])
def test_a_sample_is_asked_with_the_turns_that_students_are_trained_with(tmp_path: Path, wording: Wording) -> None:
    for n, question in enumerate(questions.of_export(export(tmp_path, test=2))):
        made = sample(f"test-{n}", context=CONTEXT, choices=("42", "7")[: 2 * (n % 2)])
        assert question.ask(wording).prompt == of_sample(made, wording).prompt


@pytest.mark.parametrize(
    ("splits", "asked", "line"),
    [
        ({"dev": 1, "train": 1}, ("test",), "{}: no split `test` in this export; it has dev, train"),
        ({"train": 1}, (), "{}: no split but train, which is not held out; --split train asks it all the same"),
        ({}, (), "{}: not an export of kgmine (no data/*.jsonl)"),
        ({"test": 0}, (), "{}/data/test.jsonl: no row of split `test`"),
    ],
)
def test_a_wrong_export_is_one_line(tmp_path: Path, splits: dict[str, int], asked: tuple[str, ...], line: str) -> None:
    with pytest.raises(UsageError) as raised:
        questions.of_export(export(tmp_path, **splits), asked)
    assert str(raised.value) == line.replace("{}", str(tmp_path))


OWN = {
    "question": "How long is A?",
    "answer": 42,
    "answer_aliases": ["forty-two"],
    "context": "A is 42 km.",
    "task": "rivers",
    "id": 7,
}
BARE = {"question": "Which is it?", "answer": "B", "choices": ["x", "y"], "evidence": ["x.", "y."], "source": "ours"}


def check(found: list[questions.Question]) -> None:
    first, second = found
    assert (first.id, first.task, first.text) == ("7", "rivers", "How long is A?")
    assert (first.expected.kind, first.expected.forms) == ("number", ("42", "forty-two"))
    assert first.passages == (("text", "A is 42 km."),)
    assert (second.task, second.expected.kind, second.expected.choices) == ("own", "choice", ("x", "y"))
    assert second.passages == (("text", "x."), ("text", "y."))
    assert len(second.id) == 16


def test_own_rows_are_read_from_json_lines(tmp_path: Path) -> None:
    check(questions.of_rows(lines(tmp_path / "rows.jsonl", OWN, "", BARE)))


def test_own_rows_are_read_from_parquet_and_datasets_folders(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from datasets import Dataset

    rows = [{**dict.fromkeys({**OWN, **BARE}), **row, "answer": str(row["answer"])} for row in (OWN, BARE)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    check(questions.of_rows(tmp_path / "rows.parquet"))
    Dataset.from_list(rows).save_to_disk(tmp_path / "set")
    check(questions.of_rows(tmp_path / "set"))


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"question": "Q?"}, "no answer"),
        ({"question": "Q?", "answer": " "}, "no answer"),
        ({"answer": "A"}, "no question"),
        ({"question": "Q?", "answer": ["A"]}, "answer must be a text or a number"),
        ({"question": "Q?", "answer": "A", "choices": {"a": 1}}, "choices must be a text or a list of texts"),
        ({"question": "Q?", "answer": "A", "kind": "colour"}, "kind colour: expected one of number, count, date, text, entity, set, boolean, formula, choice"),
        ([1], "expected an object with question and answer"),
        ("{", "not JSON (Expecting property name enclosed in double quotes: line 2 column 1 (char 2))"),
        ({"question": "P?", "answer": "A", "id": "one"}, "id one is that of {}:1, too"),
    ],
)  # fmt: skip
def test_a_wrong_own_row_is_named_by_file_and_line(tmp_path: Path, row: Any, line: str) -> None:
    path = lines(tmp_path / "rows.jsonl", {"question": "Q?", "answer": "A", "id": "one"}, row)
    with pytest.raises(UsageError) as raised:
        questions.of_rows(path)
    assert str(raised.value) == f"{path}:2: {line.replace('{}', str(path))}"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("none.jsonl", None, "no such file"),
        ("empty.jsonl", b"", "no rows"),
        ("bad.parquet", b"PAR0", "not Parquet"),
        ("latin.jsonl", b'{"question": "\xe9"}', "latin.jsonl:1: not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, line: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=line):
        questions.of_rows(tmp_path / name)


def test_a_folder_without_a_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of `datasets`"):
        questions.of_rows(tmp_path)


def test_what_was_asked_has_one_hash_whatever_its_order(tmp_path: Path) -> None:
    found = questions.of_rows(lines(tmp_path / "rows.jsonl", OWN, BARE))
    assert questions.data_sha(found) == questions.data_sha(found[::-1])
    other = questions.of_rows(lines(tmp_path / "rows.jsonl", OWN, {**BARE, "answer": "A"}))
    assert questions.data_sha(found) != questions.data_sha(other)


def test_the_first_so_many_lie_in_the_first_more(tmp_path: Path) -> None:
    found = questions.of_export(export(tmp_path, test=20))
    few, more = questions.first(found, 5), questions.first(found, 9)
    assert len(few) == 5
    assert {q.id for q in few} < {q.id for q in more}
    assert [q.id for q in more] == [q.id for q in found if q in more]
