"""LLaMA-Factory's format, against a schema of what its documentation says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kgmine.export import Exported
from kgmine.export.llamafactory import LlamaFactory
from kgmine.export.students import write
from schemas.errors import UsageError
from schemas.sample import Derivation, Sample, Step
from tests.exports.test_exporters import SAMPLES, rows
from training import recipe

SCHEMA = json.loads((Path(__file__).parent / "llamafactory.schema.json").read_text(encoding="utf-8"))
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(24)


def check(value: Any, part: str) -> None:
    jsonschema.validate(value, {**SCHEMA, "$ref": f"#/$defs/{part}"}, cls=jsonschema.Draft202012Validator)


def export(
    tmp_path: Path, *overrides: str, samples: list[Sample] = SAMPLES, blobs: Path | None = None
) -> tuple[Path, Exported]:
    out = tmp_path / "out"
    exporter = LlamaFactory(recipe=recipe.load(None, overrides), blobs=blobs)
    return out, write(exporter, samples, out, source=tmp_path)


@pytest.mark.parametrize("more", [(), ("wording.system=Be brief.",), ("wording.target=steps", "wording.thinking=true")])
def test_every_file_is_as_the_documentation_says(tmp_path: Path, more: tuple[str, ...]) -> None:
    out, _ = export(tmp_path, *more)
    info = json.loads((out / "dataset_info.json").read_text(encoding="utf-8"))
    check(info, "dataset_info")
    for split in ("train", "dev", "test"):
        assert info[f"kgmine_{split}"]["file_name"] == f"data/{split}.jsonl"
        for row in rows(out, split):
            check(row, "row")


@pytest.mark.parametrize(
    "broken",
    [
        {"messages": [{"role": "user", "content": "?"}]},
        {"messages": [{"role": "assistant", "content": "!"}, {"role": "user", "content": "?"}]},
        {"messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": ""}]},
        {"messages": [{"role": r, "content": "."} for r in ("user", "assistant")], "images": ["/abs/x.png"]},
        {"messages": [{"from": "human", "value": "?"}, {"from": "gpt", "value": "!"}]},
    ],
)
def test_the_schema_refuses_what_the_program_would_drop(broken: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(broken, "row")


def test_a_thought_stands_between_qwens_tags_and_rows_without_one_are_not_thought(tmp_path: Path) -> None:
    bare = SAMPLES[0].model_copy(update={"derivation": Derivation(lang="binding", code="x", result="42")})
    steps = Derivation(lang="sympy", code="x", result="42", steps=(Step(op="compute", text="a = 42"),))
    thought = SAMPLES[1].model_copy(update={"derivation": steps})
    out, _ = export(tmp_path, "wording.target=steps", "wording.thinking=true", samples=[bare, thought])
    said = {row["id"]: row["messages"][-1]["content"] for row in rows(out, "train")}
    assert said == {bare.id: "42", thought.id: "<think>\n1. a = 42\n</think>\n\n42"}
    config = yaml.safe_load((out / "recipe.yaml").read_text(encoding="utf-8"))
    assert config["enable_thinking"] is None  # true would teach an empty thought, false would remove the others


def test_the_recipe_is_that_of_kgmines_recipe(tmp_path: Path) -> None:
    out, _ = export(tmp_path, "lora.rank=16", "method=qlora", "optimiser.batch=8", "optimiser.micro_batch=2")
    config = yaml.safe_load((out / "recipe.yaml").read_text(encoding="utf-8"))
    assert (config["template"], config["enable_thinking"]) == ("qwen3", False)
    assert (config["finetuning_type"], config["lora_rank"], config["lora_alpha"]) == ("lora", 16, 256)
    assert (config["quantization_bit"], config["quantization_method"]) == (4, "bnb")
    assert (config["per_device_train_batch_size"], config["gradient_accumulation_steps"]) == (2, 4)
    assert (config["dataset"], config["eval_dataset"]) == ("kgmine_train", "kgmine_dev")


def seen(tmp_path: Path) -> tuple[list[Sample], Path]:
    blobs = tmp_path / "blobs"
    blobs.mkdir()
    (blobs / "ab12").write_bytes(PIXEL)
    return [SAMPLES[0].model_copy(update={"images": ("ab12", "ab12")}), *SAMPLES[1:]], blobs


def test_images_go_along_with_the_evidence_one_mark_for_each(tmp_path: Path) -> None:
    samples, blobs = seen(tmp_path)
    out, done = export(tmp_path, "wording.evidence=true", samples=samples, blobs=blobs)
    found = {row["id"]: row for row in rows(out, "train")}
    for row in found.values():
        check(row, "row")
        assert "".join(m["content"] for m in row["messages"]).count("<image>") == len(row["images"])
    assert found["train0"]["images"] == ["images/ab12.png"] * 2
    assert (out / "images" / "ab12.png").read_bytes() == PIXEL
    info = json.loads((out / "dataset_info.json").read_text(encoding="utf-8"))
    check(info, "dataset_info")
    assert info["kgmine_train"]["columns"] == {"messages": "messages", "images": "images"}
    assert yaml.safe_load((out / "recipe.yaml").read_text(encoding="utf-8"))["template"] == "qwen3_vl"
    assert any("name a model that sees" in note for note in done.notes)


def test_closed_book_shows_no_image(tmp_path: Path) -> None:
    samples, blobs = seen(tmp_path)
    out, _ = export(tmp_path, samples=samples, blobs=blobs)
    assert not (out / "images").exists()
    assert not any("images" in row for row in rows(out, "train"))


def test_without_the_blobs_images_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    samples, _ = seen(tmp_path)
    _, done = export(tmp_path, "wording.evidence=true", samples=samples)
    assert "images are left out: these students read text" in done.notes


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    samples, blobs = seen(tmp_path)
    (blobs / "ab12").unlink()
    with pytest.raises(UsageError, match=r"ab12: this image of a sample is missing.*--no-images"):
        export(tmp_path, "wording.evidence=true", samples=samples, blobs=blobs)


def test_a_text_that_contains_the_mark_is_left_out_where_images_are(tmp_path: Path) -> None:
    samples, blobs = seen(tmp_path)
    odd = samples[1].model_copy(update={"question": "What does the token <image> stand for?"})
    _, done = export(tmp_path, "wording.evidence=true", samples=[odd, *samples[2:], samples[0]], blobs=blobs)
    assert [(row.item, row.check) for row in done.rejected] == [("train1", "placeholder")]
    _, text_only = export(tmp_path, samples=[odd, *samples[2:]])
    assert text_only.rejected == ()


def test_own_rows_whose_turns_the_program_would_drop_are_left_out_by_name(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    turns = [{"role": role, "content": "."} for role in ("user", "user", "assistant")]
    own.write_text(json.dumps({"messages": turns}) + "\n", encoding="utf-8")
    _, done = export(tmp_path, f"replay.rows={own}", "replay.share=0.02")
    assert [row.check for row in done.rejected] == ["turns"]
