"""`kgmine train` as a whole: what is written, said, refused, and the same again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from runtime.artefacts import read_json, write_rows
from schemas.errors import KgmineError, UsageError
from schemas.sample import Derivation, Step
from tests.scoring.samples import evidence, sample
from training import recipe
from training.models import weights

SMALL = ("lora.rank=4", "lora.alpha=8", "optimiser.batch=4", "optimiser.micro_batch=2", "optimiser.epochs=1")


def export(folder: Path, count: int = 12) -> Path:
    """An export with a train split."""
    rows = [
        sample(
            f"s{n:02}",
            question=f"What is the length of river {n} in kilometres?",
            answer=str(100 + n),
            rank=n + 1,
            license="CC0",
            task=f"t{n % 3}",
            evidence=(evidence(document=f"d{n % 4}"),),
            context=({"element": "e", "kind": "text", "text": f"River {n} runs for {100 + n} km."},),
            derivation=Derivation(
                lang="binding", code="f", result="1", steps=(Step(op="look_up", text=f"river {n} = {100 + n} km"),)
            ),
        )
        for n in range(count)
    ]
    write_rows(folder / "data" / "train.jsonl", rows)
    return folder


def student(out: Path, base: Path, *changes: str, splits: Path | None = None, **request: Any) -> list[str]:
    """Train; what was said."""
    import torch

    from training.train import Request, train

    torch.set_num_threads(1)
    said: list[str] = []
    made = recipe.load(None, (*SMALL, *changes))
    source = splits or export(out.parent / "export")
    plain: dict[str, Any] = {"backend": "plain", **request}
    train(Request(splits=source, model=str(base), out=out, recipe=made, say=said.append, **plain))
    return said


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_student_has_its_rows_log_figures_card_and_adapter(tmp_path: Path, qwen3: Path) -> None:
    said = student(tmp_path / "s", qwen3, command="kgmine train export --out s")
    made = contents(tmp_path / "s")
    assert sorted(made) == [
        "DONE", "README.md", "adapter/adapter_config.json", "adapter/adapter_model.safetensors", "adapter/kgmine.json",
        "data/rows.jsonl", "log.jsonl", "rejected.jsonl", "student.json",
    ]  # fmt: skip
    facts = read_json(tmp_path / "s" / "student.json")
    assert (facts["steps"], facts["volume"], facts["warmup"], facts["lora_scale"]) == (3, 12, 1, 2.0)
    rows = [json.loads(line) for line in made["log.jsonl"].splitlines()]
    assert [row["step"] for row in rows] == [1, 2, 3]
    assert rows[-1]["tokens"] == facts["tokens"]["prompt"] + facts["tokens"]["target"]
    assert facts["final_loss"] == rows[-1]["loss"]
    card = made["README.md"].decode()
    for fact in ("base_model: ", "library_name: peft", facts["data"]["sha256"], "`kgmine train export --out s`", "CC0"):
        assert fact in card
    whole = b"".join(made.values())
    assert str(tmp_path).encode() not in whole, "a path of this machine"
    assert any("updates are scaled by 2" in line for line in said)


def test_the_same_recipe_and_seed_give_the_same_bytes_and_another_seed_others(tmp_path: Path, qwen3: Path) -> None:
    student(tmp_path / "a", qwen3)
    student(tmp_path / "b", qwen3)
    student(tmp_path / "c", qwen3, "seed=1")
    a, b, c = (contents(tmp_path / name) for name in "abc")
    assert a == b
    assert a["adapter/adapter_model.safetensors"] != c["adapter/adapter_model.safetensors"]
    assert a["data/rows.jsonl"] == c["data/rows.jsonl"]


@pytest.mark.parametrize("backend", ["plain", pytest.param("trl", marks=pytest.mark.slow)])
@pytest.mark.parametrize("family", ["qwen3", "qwen2_5", "llama3_2"])
def test_every_family_trains_by_its_own_template_and_merges(tmp_path: Path, family: str, backend: Any) -> None:
    from tests.training import tiny

    base = tiny.folder(tmp_path / family, family)
    said = student(tmp_path / "s", base, "wording.target=steps", "wording.thinking=true", backend=backend, merge=True)
    merged = next(line for line in said if line.startswith("merged"))
    difference, bound = (float(x) for x in re.findall(r"differ by (\S+) at most .*bound (\S+)\)", merged)[0])
    assert difference < bound <= 1e-3
    assert (tmp_path / "s" / "merged" / "tokenizer.json").exists()
    weights.base(str(tmp_path / "s" / "merged"), device="cpu", precision="float32")


def test_an_adapter_read_back_answers_as_the_trained_model_did(tmp_path: Path, qwen3: Path) -> None:
    from tests.training.test_backends import job
    from training import adapters
    from training.backends.plain import Plain

    made = job(tmp_path, qwen3, "lora.dropout=0")
    Plain().train(made)
    before = adapters.logits(made.model, made.lines, 0, "cpu")
    adapters.save(made.model, tmp_path / "adapter", str(qwen3))
    fresh = weights.base(str(qwen3), device="cpu", precision="float32")
    untrained = adapters.logits(fresh, made.lines, 0, "cpu")
    after = adapters.logits(weights.with_adapter(fresh, tmp_path / "adapter", str(qwen3)), made.lines, 0, "cpu")
    assert float((before - after).abs().max()) == 0.0
    assert float((before - untrained).abs().max()) > 0.01


def test_full_training_writes_a_plain_model(tmp_path: Path, qwen3: Path) -> None:
    import torch

    student(tmp_path / "s", qwen3, "method=full", "optimiser.learning_rate=0.001")
    trained = weights.base(str(tmp_path / "s" / "model"), device="cpu", precision="float32")
    base = weights.base(str(qwen3), device="cpu", precision="float32")
    changed = [not torch.equal(a, b) for a, b in zip(trained.parameters(), base.parameters(), strict=True)]
    assert all(changed)
    assert "library_name: transformers" in (tmp_path / "s" / "README.md").read_text()
    with pytest.raises(UsageError, match=r"^--merge: a full training has no adapter to merge"):
        student(tmp_path / "t", qwen3, "method=full", merge=True)


@pytest.mark.slow
def test_bf16_trains_and_keeps_adapters_in_float32(tmp_path: Path, qwen3: Path) -> None:
    from safetensors import safe_open

    student(tmp_path / "s", qwen3, "precision=bf16", "gradient_checkpointing=true", merge=True)
    with safe_open(tmp_path / "s" / "adapter" / "adapter_model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"F32"}  # noqa: SIM118
    with safe_open(tmp_path / "s" / "merged" / "model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {"BF16"}  # noqa: SIM118


@pytest.mark.slow
def test_a_merge_that_answers_differently_is_not_kept(
    tmp_path: Path, qwen3: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training import adapters

    monkeypatch.setattr(adapters, "BOUNDS", {"float32": -1.0})
    with pytest.raises(KgmineError, match=r"merged: the merged model differs from base and adapter by .* not kept$"):
        student(tmp_path / "s", qwen3, merge=True)
    assert [path.name for path in (tmp_path / "s").iterdir() if "merged" in path.name] == []
    assert (tmp_path / "s" / "DONE").exists()  # the student itself is whole
    monkeypatch.undo()
    said = student(tmp_path / "s", qwen3, merge=True)
    assert any(line.endswith("s: trained already") for line in said)
    assert any(line.startswith("merged") for line in said)


def test_evidence_stands_in_the_prompt_where_the_recipe_says_so(tmp_path: Path, qwen3: Path) -> None:
    student(tmp_path / "s", qwen3, "wording.evidence=true", "optimiser.max_steps=1")
    first = json.loads((tmp_path / "s" / "data" / "rows.jsonl").read_text().splitlines()[0])
    assert "River 0 runs for 100 km." in first["prompt"][0]["content"]


def test_volumes_are_beginnings_of_one_slice_with_own_rows_at_one_share(tmp_path: Path, qwen3: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps({"question": f"q{n}", "answer": "a"}) + "\n" for n in range(9)))
    replay = (f"replay.rows={own}", "replay.share=0.25")
    said = student(tmp_path / "v", qwen3, *replay, volumes=(6, 12))
    read = {v: (tmp_path / "v" / f"volume-{v}" / "data" / "rows.jsonl").read_text().splitlines() for v in (6, 12)}
    assert {v: len(rows) for v, rows in read.items()} == {6: 8, 12: 16}
    assert read[12][:8] == read[6]
    assert [line for line in said if line.startswith("own")] == [
        "own rows  2, a share of 25.0%",
        "own rows  4, a share of 25.0%",
    ]
    facts = read_json(tmp_path / "v" / "volume-6" / "student.json")
    assert (facts["volume"], facts["slice"]["report"]["used"], facts["data"]["own"]) == (6, 6, 2)
    assert facts["recipe"]["replay"]["rows"] == "own.jsonl"
    with pytest.raises(UsageError, match=r"^--volumes 13: there are 12 rows to take them from$"):
        student(tmp_path / "w", qwen3, volumes=(13,))


def test_a_share_that_is_not_reached_is_said(tmp_path: Path, qwen3: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"question": "q", "answer": "a"}\n{"bad": 1}\n')
    said = student(tmp_path / "s", qwen3, f"replay.rows={own}", "replay.share=0.5", dry_run=True)
    assert (
        "own rows  1, a share of 7.7%, less than the 50% asked for: all 1 usable rows; 1 refused, see rejected.jsonl"
    ) in said


def test_own_rows_alone_need_no_export(tmp_path: Path, qwen3: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps({"question": f"q{n}", "answer": "a"}) + "\n" for n in range(5)))
    student(tmp_path / "s", qwen3, f"replay.rows={own}", "replay.share=1", splits=tmp_path / "none")
    assert read_json(tmp_path / "s" / "student.json")["data"]["own"] == 5


def test_a_row_that_is_too_long_is_rejected_and_the_rest_trains(tmp_path: Path, qwen3: Path) -> None:
    source = export(tmp_path / "export")
    path = source / "data" / "train.jsonl"
    path.write_text(path.read_text().replace("river 3 in", "river 3 " + "and its many arms " * 99 + "in"))
    student(tmp_path / "s", qwen3, "max_length=200", splits=source)
    rejected = [json.loads(line) for line in (tmp_path / "s" / "rejected.jsonl").read_text().splitlines()]
    assert [(r["item"], r["stage"], r["check"]) for r in rejected] == [("s03", "slice", "max_length")]
    assert re.fullmatch(r"\d+ tokens, more than max_length 200", rejected[0]["reason"])
    assert read_json(tmp_path / "s" / "student.json")["data"]["rows"] == 11


def test_a_dry_run_loads_no_weights_and_writes_nothing(tmp_path: Path, qwen3: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for path in qwen3.iterdir():
        if path.suffix != ".safetensors":
            (bare / path.name).write_bytes(path.read_bytes())
    said = student(tmp_path / "s", bare, dry_run=True)
    assert not (tmp_path / "s").exists()
    text = "\n".join(said)
    for figure in (
        "12 of 12 samples",
        "steps     3 (1 epochs",
        "warm-up 1",
        "scaled by 2",
        "weights   9,728 of",
        "optimiser",
    ):
        assert figure in text
    assert said[-1] == "dry run: nothing was written, no weights were loaded"
    with pytest.raises(UsageError, match=r"bare: no weights in this folder \(\*\.safetensors\)"):
        student(tmp_path / "s", bare)
    assert not (tmp_path / "s").exists()


def test_without_trl_the_plain_loop_serves(tmp_path: Path, qwen3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("trl", "datasets"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails from here on
    student(tmp_path / "s", qwen3, "optimiser.max_steps=1", backend="auto")
    assert read_json(tmp_path / "s" / "student.json")["backend"] == "plain"
    with pytest.raises(UsageError, match=r"^--backend trl: trl is not installed: pip install 'kgmine\[train\]', or "):
        student(tmp_path / "t", qwen3, backend="trl")


def test_a_run_that_was_killed_in_its_first_write_goes_on(tmp_path: Path, qwen3: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / ".student.json.7.partial").write_text("{")
    student(tmp_path / "s", qwen3, "optimiser.max_steps=1")
    assert (tmp_path / "s" / "DONE").exists()


def test_a_hub_name_is_taken_from_the_cache(tmp_path: Path, qwen3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    from huggingface_hub import constants

    snapshot = tmp_path / "models--some--base" / "snapshots" / "abc"
    shutil.copytree(qwen3, snapshot)
    (tmp_path / "models--some--base" / "refs").mkdir()
    (tmp_path / "models--some--base" / "refs" / "main").write_text("abc")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    student(tmp_path / "s", Path("some/base"), "optimiser.max_steps=1")
    facts = read_json(tmp_path / "s" / "student.json")
    assert facts["base"] == {"name": "some/base", "identity": weights.identity(str(qwen3))}
    assert read_json(tmp_path / "s" / "adapter" / "adapter_config.json")["base_model_name_or_path"] == "some/base"
