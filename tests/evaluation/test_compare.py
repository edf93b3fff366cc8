"""`kgmine evaluate --compare`: pairs by question, exact tests, what changed, plots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.artefacts import read_json, write_json
from tests.evaluation.world import evaluate, export, files, kgmine, knows, number
from tests.llm.double import failed, serve
from training.evaluate.compare import labels
from training.evaluate.statistics import holm, sign_test

pytest.importorskip("openai", reason="the extra `llm` is not installed")
pytest.importorskip("matplotlib", reason="plots are part of a comparison")


def compared(tmp_path: Path, before: Any, after: Any, count: int = 36) -> dict[str, Any]:
    folder = export(tmp_path / "e", count)
    for name, script in (("before", before), ("after", after)):
        with serve(script) as double:
            assert evaluate(folder, double.url, tmp_path / name) in (0, 3)
    assert kgmine("evaluate", "--compare", tmp_path / "before", tmp_path / "after", "--out", tmp_path / "c") == 0
    made: dict[str, Any] = read_json(tmp_path / "c" / "summary.json")
    return made


def test_gains_and_losses_are_counted_by_question_and_tested_exactly(tmp_path: Path) -> None:
    made = compared(tmp_path, knows(lambda n: n < 12), knows(lambda n: n >= 9))
    overall = made["pairings"][0]["overall"]
    assert (overall["questions"], overall["gained"], overall["lost"], overall["left_out"]) == (36, 24, 9, 0)
    assert overall["difference"] == round(15 / 36, 6)
    assert overall["p"] == pytest.approx(sign_test(24, 9), rel=1e-5)
    assert overall["p_holm"] == overall["p"]
    assert (made["overall"]["before"]["accuracy"], made["overall"]["after"]["accuracy"]) == (round(12 / 36, 6), 0.75)


def test_tasks_are_corrected_by_holm(tmp_path: Path) -> None:
    made = compared(tmp_path, knows(lambda n: n % 3 == 2 and n < 6), knows(lambda n: n % 3 == 0 or n >= 30))
    tasks = made["pairings"][0]["by_task"]
    assert {task: (one["gained"], one["lost"]) for task, one in tasks.items()} == {
        "bridge": (2, 0),
        "count": (2, 2),
        "value": (12, 0),
    }
    adjusted = holm([sign_test(2, 0), sign_test(2, 2), sign_test(12, 0)])
    assert [tasks[task]["p_holm"] for task in ("bridge", "count", "value")] == pytest.approx(adjusted, rel=1e-5)
    assert [tasks[task]["too_few"] for task in ("bridge", "count", "value")] == [True, True, False]


def test_every_change_is_kept_with_both_outputs(tmp_path: Path) -> None:
    compared(tmp_path, knows(lambda n: n < 12), knows(lambda n: n >= 9))
    rows = [json.loads(line) for line in (tmp_path / "c" / "changed.jsonl").read_text().splitlines()]
    lost = [row for row in rows if row["direction"] == "lost"]
    assert [row["id"] for row in lost] == [f"test-{n:03d}" for n in range(9)]
    assert (lost[3]["before"], lost[3]["after"]) == ("103", "no river 3")
    assert len(rows) == 33
    said = (tmp_path / "c" / "report.md").read_text()
    assert "Right only now, 5 of 24:" in said
    assert "Right only before, 5 of 9:" in said


def test_what_is_missing_in_one_of_them_is_left_out_of_the_pairs(tmp_path: Path) -> None:
    lossy = lambda n, body: failed(500, "x") if number(body) < 4 else knows(lambda n: True)(n, body)  # noqa: E731
    overall = compared(tmp_path, knows(lambda n: False), lossy)["pairings"][0]["overall"]
    assert (overall["questions"], overall["left_out"], overall["gained"], overall["lost"]) == (32, 4, 32, 0)


def test_closed_book_against_evidence_is_a_comparison_that_says_what_differs(tmp_path: Path) -> None:
    script = lambda n, body: knows(lambda _: "River\tkm" in body["messages"][-1]["content"])(n, body)  # noqa: E731
    with serve(script) as double:
        assert evaluate(export(tmp_path / "e"), double.url, tmp_path / "o", "--closed-book", "--evidence") == 0
    assert (
        kgmine(
            "evaluate",
            "--compare",
            tmp_path / "o" / "closed-book",
            tmp_path / "o" / "evidence",
            "--out",
            tmp_path / "c",
        )
        == 0
    )
    made = read_json(tmp_path / "c" / "summary.json")
    assert made["names"] == ["closed-book", "evidence"]
    assert made["pairings"][0]["differs"] == ["wording.evidence false -> true"]
    assert (made["pairings"][0]["overall"]["gained"], made["pairings"][0]["overall"]["lost"]) == (12, 0)


def test_equal_evaluations_give_equal_comparisons_to_the_byte(tmp_path: Path) -> None:
    compared(tmp_path, knows(lambda n: n < 12), knows(lambda n: n >= 9))
    assert kgmine("evaluate", "--compare", tmp_path / "before", tmp_path / "after", "--out", tmp_path / "d") == 0
    assert files(tmp_path / "c") == files(tmp_path / "d")
    assert set(files(tmp_path / "c")) == {"before_after.png", "changed.jsonl", "report.md", "summary.json"}


def student(folder: Path, volume: int) -> None:
    """Turns an evaluation into that of a student: what the evaluation of a real one records."""
    about = read_json(folder / "evaluation.json")
    trained = {"volume": volume, "data_sha256": "d" * 16, "method": "lora", "seed": 0, "final_loss": 0.5}
    about["adapter"] = {"name": f"volume-{volume}", "sha256": "a" * 16, "trained": trained}
    write_json(folder / "evaluation.json", about)
    rows = [
        {"step": step, "loss": 4 / step, "epoch": 0.1, "learning_rate": 1e-4, "grad_norm": 1.0, "tokens": step}
        for step in range(1, 50)
    ]
    (folder / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def test_students_of_several_volumes_get_loss_and_volume_curves_and_holm_over_all(tmp_path: Path) -> None:
    folder = export(tmp_path / "e", 36)
    for name, right in (("base", 3), ("few", 12), ("many", 27)):
        with serve(knows(lambda n, right=right: n < right)) as double:
            assert evaluate(folder, double.url, tmp_path / name) == 0
    student(tmp_path / "few", 500)
    student(tmp_path / "many", 2000)
    names = [tmp_path / name for name in ("base", "few", "many")]
    assert kgmine("evaluate", "--compare", *names, "--out", tmp_path / "c") == 0
    assert {"before_after.png", "loss.png", "volume.png"} < set(files(tmp_path / "c"))
    made = read_json(tmp_path / "c" / "summary.json")
    adjusted = holm([sign_test(9, 0), sign_test(24, 0)])
    assert [one["overall"]["p_holm"] for one in made["pairings"]] == pytest.approx(adjusted, rel=1e-5)
    for name in ("before_after.png", "loss.png", "volume.png"):
        assert f"]({name})" in (tmp_path / "c" / "report.md").read_text()


def test_names_are_the_shortest_ends_that_tell_folders_apart() -> None:
    assert labels([Path("x/before"), Path("y/after")]) == ["before", "after"]
    assert labels([Path("x/evidence"), Path("y/evidence")]) == ["x/evidence", "y/evidence"]
