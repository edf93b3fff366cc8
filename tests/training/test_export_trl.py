"""TRL takes the exported rows as they are, and its loss is over the same tokens as kgmine's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kgmine.export.students import write
from kgmine.export.trl import Trl
from schemas.sample import Derivation, Sample, Step
from tests.scoring.samples import sample
from training import recipe
from training.conversation import of_sample
from training.models.chat import IGNORED, of_tokenizer
from training.recipe import Recipe

STEPS = Derivation(
    lang="sympy",
    code="b - a",
    result="7",
    steps=(Step(op="look_up", text="a: 1"), Step(op="compute", text="b - a = 7")),
)
BARE = Derivation(lang="binding", code="x", result="42")
TABLE = {"element": "t1", "kind": "table", "text": "River\tLength\nRhine\t1,233 km"}
SAMPLES = [
    sample(f"{split}{n}", split=split, context=(TABLE,), derivation=(STEPS, BARE)[n % 2])
    for split, count in (("train", 8), ("dev", 2), ("test", 2))
    for n in range(count)
]
WORDINGS = (
    (),
    ("wording.target=steps", "wording.system=Be brief."),
    ("wording.target=steps", "wording.thinking=true", "wording.evidence=true"),
)
TINY = ("lora.rank=4", "lora.alpha=8", "optimiser.max_steps=1", "precision=float32", "optimiser.batch=4")


def exported(tmp_path: Path, made: Recipe, model: str) -> Path:
    write(Trl(recipe=made, model=model), SAMPLES, tmp_path / "out", source=tmp_path)
    return tmp_path / "out"


def trainer(out: Path, model: Path, where: Path) -> Any:
    import datasets
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    datasets.disable_progress_bars()
    rows = datasets.load_dataset(str(out), cache_dir=str(where / "cache"))
    config = SFTConfig(
        output_dir=str(where / "student"), max_steps=1, per_device_train_batch_size=4, max_length=1024, use_cpu=True, bf16=False,
        gradient_checkpointing=False, dataloader_pin_memory=False, report_to="none", disable_tqdm=True, save_strategy="no",
    )  # fmt: skip
    lora = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
    return SFTTrainer(model=str(model), args=config, train_dataset=rows["train"], peft_config=lora)


@pytest.mark.parametrize("wording", WORDINGS, ids=["answer", "steps", "thinking"])
def test_trl_trains_on_the_rows_with_kgmines_own_mask(qwen3: Path, tmp_path: Path, wording: tuple[str, ...]) -> None:
    import torch

    torch.set_num_threads(1)
    made = recipe.load(None, (*TINY, *wording))
    out = exported(tmp_path, made, str(qwen3))
    theirs = trainer(out, qwen3, tmp_path)
    chat = of_tokenizer(theirs.processing_class, name="tiny", thinking=made.wording.thinking)
    ours = [chat.encode(of_sample(row, made.wording)) for row in by_order(out)]
    assert len(theirs.train_dataset) == len(ours) == 8
    for row, mine in zip(theirs.train_dataset, ours, strict=True):
        length = len(mine.input_ids)
        assert list(row["input_ids"][:length]) == mine.input_ids
        assert list(row["labels"][:length]) == mine.labels
        assert sum(label != IGNORED for label in row["labels"][:length]) == mine.targets > 0
        assert theirs.processing_class.decode(row["input_ids"][length:]) == "\n"  # behind the end of the turn
    assert theirs.train().training_loss > 0


def by_order(out: Path) -> list[Sample]:
    import json

    named = {row.id: row for row in SAMPLES}
    lines = (out / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    return [named[json.loads(line)["id"]] for line in lines]


@pytest.mark.slow
def test_the_recipe_runs_as_the_card_says(qwen3: Path, tmp_path: Path) -> None:
    out = exported(tmp_path, recipe.load(None, TINY), str(qwen3))
    command = [sys.executable, "-m", "trl.scripts.sft", "--config", "recipe.yaml"]  # what `trl sft` launches
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (out / "student" / "adapter_model.safetensors").exists()
    adapter = yaml.safe_load((out / "student" / "adapter_config.json").read_text(encoding="utf-8"))
    assert (adapter["r"], adapter["lora_alpha"]) == (4, 8)
