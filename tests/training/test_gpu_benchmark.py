"""The GPU script works without a GPU, without trl, and counts the FLOPs that PyTorch counts."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gpu import configurations

ROOT = Path(__file__).parents[2]
ABSENT = ("trl", "datasets", "pymupdf", "pypdfium2", "lark", "rdflib", "neo4j", "openai", "matplotlib")
"""What a GPU image may lack."""
BLOCKED = f"""
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.partition('.')[0] in {ABSENT} else self.finder.find_spec(name, path, target)
    def __getattr__(self, name):
        return getattr(self.finder, name)
sys.meta_path = [Without(finder) for finder in sys.meta_path]
from benchmarks.gpu.lora import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_the_script_runs_with_torch_transformers_and_peft_alone(tmp_path: Path) -> None:
    options = [
        "--device",
        "cpu",
        "--config",
        "tiny",
        "--batch",
        "1",
        "2",
        "--length",
        "32",
        "--rank",
        "4",
        "--steps",
        "2",
        "--warm-up",
        "1",
        "--peak",
        "0.05",
    ]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *options, "--results", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads((tmp_path / "gpu-lora.json").read_text(encoding="utf-8"))
    assert found["machine"]["processor"]
    assert set(found["versions"]) == {"torch", "transformers", "peft"}
    rows = found["rows"]
    assert [(row["batch"], row["checkpointing"]) for row in rows] == [(1, "off"), (2, "off"), (1, "on"), (2, "on")]
    for row in rows:
        assert row["outcome"] == "ok"
        assert row["peak_gib"] is None  # a CPU's is not measured
        assert row["tokens_per_s"] == pytest.approx(row["batch"] * 32 / row["step_s"], rel=0.01)
        assert 0 < row["mfu"] < 1
        assert math.isfinite(row["loss"])


@pytest.mark.parametrize("full", [False, True])
def test_flops_are_those_that_pytorch_counts(full: bool) -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode
    from transformers import AutoModelForCausalLM, Qwen3Config

    from training import recipe
    from training.models import base

    config = Qwen3Config(**{**configurations.SHAPES["tiny"], "num_hidden_layers": 6})
    config._attn_implementation = "eager"  # its products are counted on a CPU
    rule = recipe.load(None, ("method=full" if full else "method=lora", "lora.rank=8", "lora.dropout=0"))
    model = base.trainable(AutoModelForCausalLM.from_config(config), rule)
    ids = torch.randint(0, config.vocab_size, (2, 48))
    with FlopCounterMode(display=False) as counter:
        model(input_ids=ids, logits_to_keep=12).logits.sum().backward()
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    ours = configurations.flops(config, rows=2, length=48, places=12, adapters=0 if full else trained, full=full)
    # the inputs of the first layer's q, k and v need no gradient, which the formula does not leave out
    assert 0.97 < counter.get_total_flops() / ours <= 1.0


def test_a_full_training_is_counted_as_palm_does() -> None:
    config = configurations.configuration("8b")
    length, layer = 2048, 4096 * (4096 + 2 * 1024) + 4096 * 4096 + 3 * 4096 * 12288
    weights = 36 * layer + 4096 * 151936
    palm = 6 * weights + 12 * 36 * 32 * 128 * length
    ours = configurations.flops(config, rows=1, length=length, places=length, adapters=0, full=True)
    assert ours == pytest.approx(palm * length)
    assert weights == pytest.approx(7.57e9, rel=0.01)  # 8.2e9 without the embedding


@pytest.mark.parametrize(
    ("name", "tflops"),
    [("NVIDIA H200", 989), ("NVIDIA H100 80GB HBM3", 989), ("NVIDIA H100 PCIe", 756), ("NVIDIA A100-SXM4-80GB", 312), ("CPU", None)],
)  # fmt: skip
def test_the_peak_goes_by_the_devices_name(name: str, tflops: int | None) -> None:
    assert configurations.peak(name) == (tflops and tflops * 1e12)
