"""`kgmine evaluate` with a server: outputs, figures, what is missing, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.artefacts import read_json
from tests.evaluation.world import evaluate, export, files, kgmine, knows, number
from tests.llm.double import Reply, failed, said, serve
from training.evaluate import outputs

pytest.importorskip("openai", reason="the extra `llm` is not installed")
pytest.importorskip("matplotlib", reason="plots are part of an evaluation")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "outputs.jsonl").read_text().splitlines()]


def test_outputs_stand_in_the_order_of_the_questions_with_their_grades(tmp_path: Path) -> None:
    with serve(knows(lambda n: n < 9)) as double:
        assert evaluate(export(tmp_path / "e"), double.url, tmp_path / "o") == 0
    found = rows(tmp_path / "o")
    assert [row["id"] for row in found] == [f"test-{n:03d}" for n in range(12)]
    assert [row["outcome"] for row in found] == ["correct"] * 9 + ["wrong"] * 3
    assert found[4]["output"] == "104"
    assert (found[4]["task"], found[4]["hops"], found[4]["modalities"]) == ("bridge", 0, ["table", "text"])
    assert set(files(tmp_path / "o")) == {
        "DONE",
        "accuracy.png",
        "evaluation.json",
        "outputs.jsonl",
        "report.md",
        "summary.json",
    }


def test_figures_are_those_of_the_outputs(tmp_path: Path) -> None:
    with serve(knows(lambda n: n < 9)) as double:
        evaluate(export(tmp_path / "e"), double.url, tmp_path / "o")
    made = read_json(tmp_path / "o" / "summary.json")
    assert made["overall"]["accuracy"] == 0.75
    assert (made["overall"]["low"], made["overall"]["high"]) == (0.467695, 0.911058)  # Wilson of 9 in 12, by scipy
    assert {task: one["accuracy"] for task, one in made["by"]["task"].items()} == {
        "bridge": 0.75,
        "count": 0.75,
        "value": 0.75,
    }
    assert made["by"]["hops"]["0"]["questions"] == 6
    assert {name: one["questions"] for name, one in made["by"]["modality"].items()} == {"table": 9, "table + text": 3}
    assert list(made["by"]["difficulty"]) == ["not scored"]
    assert made["overall"]["few"]
    assert made["overall"]["pass_at"] == {}


def test_unanswered_unanswerable_and_missing_are_told_apart(tmp_path: Path) -> None:
    def script(_: int, body: dict[str, Any]) -> Reply:
        n = number(body)
        if n == 0:
            return said("  ")
        if n == 1:
            return failed(400, "maximum context length is 16 tokens")
        return failed(500, "boom") if n == 2 else said(str(100 + n))

    with serve(script) as double:
        assert evaluate(export(tmp_path / "e"), double.url, tmp_path / "o") == 3
    made = read_json(tmp_path / "o" / "summary.json")
    assert made["outcomes"] == {"correct": 9, "wrong": 0, "unanswered": 1, "unanswerable": 1, "missing": 1}
    assert (made["overall"]["questions"], made["overall"]["missing"]) == (11, 1)
    assert made["overall"]["accuracy"] == round(9 / 11, 6)
    said_ = (tmp_path / "o" / "report.md").read_text()
    assert "missing: HTTP 500: boom" in said_
    assert "maximum context length is 16 tokens" in said_
    assert not (tmp_path / "o" / "DONE").exists()


def test_the_same_command_asks_again_only_for_what_is_missing(tmp_path: Path, capsys: Any) -> None:
    folder = export(tmp_path / "e")
    broken = lambda n, body: failed(503, "busy") if number(body) % 3 == 0 else said(str(100 + number(body)))  # noqa: E731
    with serve(broken) as double:
        assert evaluate(folder, double.url, tmp_path / "o") == 3
    assert "4 answers are missing, not wrong" in capsys.readouterr().out
    with serve(knows(lambda n: True)) as double:
        assert evaluate(folder, double.url, tmp_path / "o") == 0
        assert sorted(number(body) for body in double.asked) == [0, 3, 6, 9]
        assert evaluate(folder, double.url, tmp_path / "whole") == 0
        assert len(double.asked) == 16
        assert evaluate(folder, double.url, tmp_path / "o") == 0  # done: nothing is asked
        assert len(double.asked) == 16
    assert files(tmp_path / "o") == files(tmp_path / "whole")


def test_a_server_that_is_not_there_is_one_line_and_exit_code_1(tmp_path: Path, capsys: Any) -> None:
    with serve(knows(lambda n: True)) as double:
        url = double.url
    assert evaluate(export(tmp_path / "e", 40), url, tmp_path / "o") == 1
    said_ = capsys.readouterr().err.strip().splitlines()[-1]
    assert said_.startswith("kgmine: m: no answer to any of 40 questions (")
    assert said_.endswith("run the same command once the server is there")
    assert {row["outcome"] for row in rows(tmp_path / "o")} == {"missing"}
    assert not (tmp_path / "o" / "DONE").exists()


def test_after_many_lost_requests_in_a_row_the_rest_is_not_asked(tmp_path: Path) -> None:
    with serve(lambda n, body: failed(500, "boom")) as double:
        assert evaluate(export(tmp_path / "e", 60), double.url, tmp_path / "o", "--concurrency", 2) == 1
    assert 8 <= len(double.asked) <= 10
    assert rows(tmp_path / "o")[-1]["error"] == "not asked: 8 requests in a row were lost (HTTP 500: boom)"


def test_a_wrong_key_stops_at_once_and_keeps_what_came(tmp_path: Path, capsys: Any) -> None:
    script = lambda n, body: failed(401, "bad key") if n >= 5 else said(str(100 + number(body)))  # noqa: E731
    folder = export(tmp_path / "e", 40)
    with serve(script) as double:
        assert evaluate(folder, double.url, tmp_path / "o", "--concurrency", 1) == 2
    assert "HTTP 401: bad key; the key comes from KGMINE_API_KEY or OPENAI_API_KEY" in capsys.readouterr().err
    assert len(outputs.known(tmp_path / "o")) == 5
    assert len(double.asked) < 12


def test_outputs_do_not_depend_on_how_many_requests_run_at_once(tmp_path: Path) -> None:
    folder = export(tmp_path / "e")
    with serve(lambda n, body: said(str(body["seed"]))) as double:
        for out, jobs in (("one", 1), ("eight", 8)):
            assert evaluate(folder, double.url, tmp_path / out, "-k", 3, "--concurrency", jobs) == 0
    assert files(tmp_path / "one") == files(tmp_path / "eight")
    assert len({row["output"] for row in rows(tmp_path / "one")}) == 36  # every draw has a seed of its own


def test_k_samples_are_k_requests_and_give_pass_at_k(tmp_path: Path) -> None:
    """Of 4 attempts each the first 2 asked are right: pass@1 1/2, pass@2 1 - C(2,2)/C(4,2) = 5/6, pass@4 1."""
    seen: dict[int, int] = {}

    def script(_: int, body: dict[str, Any]) -> Reply:
        n = number(body)
        seen[n] = seen.get(n, 0) + 1
        return said(str(100 + n) if seen[n] <= 2 else "no idea")

    with serve(script) as double:
        assert evaluate(export(tmp_path / "e"), double.url, tmp_path / "o", "-k", 4, "--concurrency", 1) == 0
        assert len(double.asked) == 48
        assert {body["temperature"] for body in double.asked} == {0.7}
    made = read_json(tmp_path / "o" / "summary.json")
    assert made["overall"]["accuracy"] == 0.5
    assert made["overall"]["pass_at"] == {"1": 0.5, "2": round(5 / 6, 6), "4": 1.0}
    assert made["overall"]["questions"] == 12


def test_closed_book_and_with_evidence_are_two_result_sets_of_one_data(tmp_path: Path) -> None:
    script = lambda n, body: said("A" if "km" in body["messages"][-1]["content"].split("River")[-1] else "B")  # noqa: E731
    with serve(script) as double:
        assert evaluate(export(tmp_path / "e"), double.url, tmp_path / "o", "--closed-book", "--evidence") == 0
    closed, open_ = (read_json(tmp_path / "o" / name / "evaluation.json") for name in ("closed-book", "evidence"))
    assert (closed["wording"]["evidence"], open_["wording"]["evidence"]) == (False, True)
    assert closed["data"] == open_["data"]
    with_passages = [body for body in double.asked if "River\tkm" in body["messages"][-1]["content"]]
    assert len(with_passages) == 12


def test_the_server_is_told_what_the_template_is_told_in_process(tmp_path: Path) -> None:
    with serve(knows(lambda n: True)) as double:
        evaluate(export(tmp_path / "e", 1), double.url, tmp_path / "a")
        evaluate(
            export(tmp_path / "e", 1),
            double.url,
            tmp_path / "b",
            "--set",
            "wording.target=steps",
            "--set",
            "wording.thinking=true",
        )
        evaluate(export(tmp_path / "e", 1), double.url, tmp_path / "c", "--no-template-flags")
    assert [body.get("chat_template_kwargs", {}).get("enable_thinking") for body in double.asked] == [False, True, None]
    assert [body["max_tokens"] for body in double.asked] == [256, 2048, 256]


def test_own_rows_are_asked_for_transfer(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"question": "How long is river 5 now?", "answer": "105 km", "task": "mine"}\n')
    with serve(knows(lambda n: True)) as double:
        assert kgmine("evaluate", "--rows", path, "--server", double.url, "--model", "m", "--out", tmp_path / "o") == 0
    (row,) = rows(tmp_path / "o")
    assert (row["task"], row["split"], row["hops"], row["answer_type"]) == ("mine", None, None, "number")


def test_neither_the_key_nor_the_servers_address_is_in_any_file(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("KGMINE_API_KEY", "s3cret")
    with serve(lambda n, body: failed(500, "s3cret") if n == 3 else knows(lambda n: True)(n, body)) as double:
        evaluate(export(tmp_path / "e"), double.url, tmp_path / "o")
    for name, data in files(tmp_path / "o").items():
        assert b"s3cret" not in data, name
        assert b"127.0.0.1" not in data, name


def test_a_cut_off_line_of_the_journal_costs_one_question(tmp_path: Path) -> None:
    folder, out = export(tmp_path / "e"), tmp_path / "o"
    with serve(lambda n, body: failed(401, "x") if n >= 6 else said(str(100 + number(body)))) as double:
        assert evaluate(folder, double.url, out, "--concurrency", 1) == 2
    journal = out / outputs.JOURNAL
    journal.write_bytes(journal.read_bytes()[:-9])
    assert len(outputs.known(out)) == 5
    with serve(knows(lambda n: True)) as double:
        assert evaluate(folder, double.url, out) == 0
        assert len(double.asked) == 7
        assert evaluate(folder, double.url, tmp_path / "whole") == 0
    assert files(out) == files(tmp_path / "whole")


def test_killed_and_run_again_gives_the_same_files(tmp_path: Path) -> None:
    folder, out = export(tmp_path / "e", 30), tmp_path / "o"
    gone: list[int] = []

    def script(_: int, body: dict[str, Any]) -> Reply:
        n = number(body)
        if n == 12 and not gone:
            gone.append(process.pid)
            os.kill(process.pid, signal.SIGKILL)
        return said(str(100 + n))

    with serve(script) as double:
        command = ["evaluate", folder, "--server", double.url, "--model", "m", "--concurrency", "1"]
        code = "from kgmine.cli.main import run; run()"
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, command), "--out", str(out)], stderr=subprocess.DEVNULL
        )
        assert process.wait() == -signal.SIGKILL
        assert 0 < len(outputs.known(out)) <= 12
        assert not (out / outputs.FILE).exists()
        before = len(double.asked)
        assert kgmine(*command, "--out", out) == 0
        assert len(double.asked) - before < 30
        assert kgmine(*command, "--out", tmp_path / "whole") == 0
    assert files(out) == files(tmp_path / "whole")
