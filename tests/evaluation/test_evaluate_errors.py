"""What is wrong with a `kgmine evaluate` is one line, and nothing half-made counts as done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.world import evaluate, export, kgmine, knows
from tests.llm.double import serve

pytest.importorskip("openai", reason="the extra `llm` is not installed")

SERVER = ("--server", "http://127.0.0.1:9", "--model", "m")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("{e}", *SERVER, "--split", "gold"), "{e}: no split `gold` in this export; it has test"),
        (("{e}",), "--model: name a folder of weights, a model of the hub, or with --server a model of that server"),
        (SERVER, "name one export folder, or your own test rows with --rows FILE"),
        (("{e}", *SERVER, "--rows", "{r}"), "--rows stands instead of SPLITS and --split"),
        (("--rows", "{r}", *SERVER), "{r}:2: no answer"),
        (
            ("{e}", *SERVER, "-k", "4", "--temperature", "0"),
            "-k 4 at temperature 0 is one answer 4 times; raise --temperature",
        ),
        (("{e}", *SERVER, "--temperature", "0", "--top-p", "0.9"), "--top-p needs a --temperature above 0"),
        (("{e}", *SERVER, "--batch", "4"), "--batch is for a model in this process; a server loads what it serves"),
        (
            ("{e}", *SERVER, "--adapter", "{e}"),
            "--adapter is for a model in this process; a server loads what it serves",
        ),
        (("{e}", "--model", "m", "--timeout", "4"), "--timeout goes with --server"),
        (("{e}", *SERVER, "--set", "wording.evidnce=true"), "recipe: wording.evidnce: unknown key"),
        (
            ("{e}", "--server", "localhost", "--model", "m"),
            "--server localhost: expected http://HOST:PORT or https://HOST/v1",
        ),
        (("{e}", "--model", "m", "--adapter", "{e}/none"), "{e}/none: no such folder"),
        (("--compare", "{e}"), "--compare needs two evaluations or more; the first one is before"),
        (("--compare", "{e}", "{r}"), "{e}: no evaluation here (evaluation.json); `kgmine evaluate` writes one"),
        (
            ("--compare", "{e}", "{e}", "--model", "m"),
            "--compare takes evaluations that are there; --model does not go with it",
        ),
    ],
)
def test_a_wrong_command_is_one_line(tmp_path: Path, capsys: Any, arguments: tuple[str, ...], line: str) -> None:
    made = {"e": str(export(tmp_path / "e", 2)), "r": str(tmp_path / "rows.jsonl")}
    (tmp_path / "rows.jsonl").write_text('{"question": "Q?", "answer": "A"}\n{"question": "Q?"}\n')
    out = tmp_path / "out"
    assert kgmine("evaluate", *(argument.format(**made) for argument in arguments), "--out", out) == 2
    assert capsys.readouterr().err.strip() == f"kgmine: {line.format(**made)}"
    assert not (out / "DONE").exists()


def test_rows_without_passages_cannot_be_asked_with_evidence(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"question": "Q?", "answer": "A", "id": "one"}\n{"question": "Q?", "answer": "A", "context": "x"}\n'
    )
    assert kgmine("evaluate", "--rows", path, *SERVER, "--evidence", "--out", tmp_path / "o") == 2
    line = "rows.jsonl: 1 of 2 questions have no passages (first one), so they cannot be asked with evidence"
    assert capsys.readouterr().err.strip() == f"kgmine: {line}"


def test_a_folder_keeps_to_one_evaluation(tmp_path: Path, capsys: Any) -> None:
    folder = export(tmp_path / "e", 3)
    with serve(knows(lambda n: True)) as double:
        assert evaluate(folder, double.url, tmp_path / "o") == 0
        assert evaluate(folder, double.url, tmp_path / "o", "--evidence") == 2
    line = f"kgmine: {tmp_path}/o: holds another evaluation (wording.evidence false -> true); take another --out, or delete it"
    assert capsys.readouterr().err.strip().splitlines()[-1] == line


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, capsys: Any) -> None:
    folder = export(tmp_path / "e", 3)
    with serve(knows(lambda n: True)) as double:
        assert evaluate(folder, double.url, folder) == 2
    assert capsys.readouterr().err.strip() == f"kgmine: {folder}: not empty, and no evaluation; take another --out"


def test_evaluations_of_different_data_are_not_compared(tmp_path: Path, capsys: Any) -> None:
    folder = export(tmp_path / "e", 3, dev=2)
    with serve(knows(lambda n: True)) as double:
        assert evaluate(folder, double.url, tmp_path / "a") == 0
        assert evaluate(folder, double.url, tmp_path / "b", "--split", "test") == 0
        assert evaluate(folder, double.url, tmp_path / "both", "--evidence", "--closed-book") == 0
    capsys.readouterr()
    sha = {name: json.loads((tmp_path / name / "evaluation.json").read_text())["data"]["sha256"] for name in "ab"}
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c") == 2
    line = (
        f"kgmine: {tmp_path}/a and {tmp_path}/b were not asked the same questions (5 of e dev+test, hash {sha['a']}; "
        f"3 of e test, hash {sha['b']}): evaluate both on the same data"
    )
    assert capsys.readouterr().err.strip() == line
    assert not (tmp_path / "c").exists()
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "both", "--out", tmp_path / "c") == 2
    line = (
        f"kgmine: {tmp_path}/both: holds closed-book and evidence; name one of them, e.g. {tmp_path}/both/closed-book"
    )
    assert capsys.readouterr().err.strip() == line
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "a", "--out", tmp_path / "c") == 2
    assert capsys.readouterr().err.strip() == "kgmine: --compare: the same folder twice"
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "both" / "evidence", "--out", tmp_path / "a") == 2
    assert (
        capsys.readouterr().err.strip()
        == f"kgmine: {tmp_path}/a: holds an evaluation; take another --out for the comparison"
    )


def test_a_damaged_evaluation_is_named(tmp_path: Path, capsys: Any) -> None:
    with serve(knows(lambda n: True)) as double:
        for name in "ab":
            assert evaluate(export(tmp_path / "e", 3), double.url, tmp_path / name) == 0
    capsys.readouterr()
    (tmp_path / "b" / "outputs.jsonl").unlink()
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c") == 2
    assert (
        capsys.readouterr().err.strip() == f"kgmine: {tmp_path}/b: this evaluation was stopped; run its command again"
    )
    (tmp_path / "b" / "outputs.jsonl").write_text('{"id": "test-000"}\n')
    assert kgmine("evaluate", "--compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c") == 1
    assert f"{tmp_path}/b/outputs.jsonl:1: attempt: Field required" in capsys.readouterr().err
