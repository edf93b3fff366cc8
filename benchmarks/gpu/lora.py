"""Throughput, peak memory and MFU of the plain backend's own step on random-initialised Qwen3 models.

    python -m benchmarks.gpu.lora --config 0.6b 8b --batch 1 4 8 --length 1024            # on a CUDA device
    python -m benchmarks.gpu.lora --device cpu --config tiny --batch 2 --length 64        # that it works at all

Needs torch, transformers and peft (2.11, 5.17, 0.21 or newer), not trl; from the repository's root, kgmine itself need
not be installed (numpy, pydantic and PyYAML must be). Weights are random: speed and memory do not depend on them.
Rows are random ids, the last quarter of each is the target. MFU is model FLOPs by peak FLOP/s, see
`benchmarks.gpu.configurations.flops`; `estimated_gib` is what `kgmine train --dry-run` would say.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from benchmarks.gpu.configurations import SHAPES, configuration, flops, peak
from benchmarks.report import RESULTS, report
from runtime.progress import Progress
from training import recipe
from training.backends import Job
from training.backends.log import Log
from training.backends.plain import Plain
from training.models import base, memory
from training.recipe import Recipe
from training.rows.lines import Line
from training.rows.order import schedule

PACKAGES: Final = ("torch", "transformers", "peft")
GIB: Final = 2**30
Row = dict[str, Any]


@dataclass(slots=True)
class Watch(Log):
    """A log that also notes when each step was over, device included."""

    cuda: bool = False
    ends: list[float] = field(default_factory=list)

    def step(self, step: int, *, loss: float, grad_norm: float) -> None:
        """See `Log.step`."""
        if self.cuda:
            import torch

            torch.cuda.synchronize()
        self.ends.append(time.perf_counter())
        Log.step(self, step, loss=loss, grad_norm=grad_norm)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is measured."""

    device: str
    name: str
    """Of the device, as it calls itself."""
    peak: float | None
    """FLOP/s."""

    @property
    def cuda(self) -> bool:
        return self.device.startswith("cuda")


def place_of(options: argparse.Namespace) -> Place:
    """The device, or the end of the program where there is none."""
    import torch

    if options.device.startswith("cuda") and not torch.cuda.is_available():
        sys.exit(
            f"--device {options.device}: this machine has no CUDA device; --device cpu --config tiny shows how it works"
        )
    name = torch.cuda.get_device_name(options.device) if options.device.startswith("cuda") else "CPU"
    return Place(options.device, name, options.peak * 1e12 if options.peak else peak(name))


def rule_of(options: argparse.Namespace, batch: int) -> Recipe:
    """The recipe of one measurement."""
    given = [f"method={options.method}", f"lora.rank={options.rank}", f"lora.alpha={2 * options.rank}",
             f"optimiser.batch={batch}", f"optimiser.micro_batch={batch}", "save_every=1000000",
             f"optimiser.max_steps={options.warm_up + options.steps}", f"max_length={max(16, options.length)}",
             f"precision={options.precision}"]  # fmt: skip
    return recipe.load(None, tuple(given))


def model_of(name: str, rule: Recipe, place: Place) -> Any:
    """A random model, as `training.models.base.load` makes one of a folder: frozen in the training precision, on its device."""
    import torch
    from transformers import AutoModelForCausalLM

    frozen = torch.bfloat16 if rule.precision == "bf16" and rule.method != "full" else torch.float32
    with torch.device(place.device):
        made = AutoModelForCausalLM.from_config(configuration(name), dtype=frozen)
    return base.trainable(made, rule)


def lines_of(config: Any, rows: int, length: int) -> list[Line]:
    """Random rows of one length; the last quarter is the target."""
    rng = np.random.default_rng(0)
    ids = rng.integers(0, config.vocab_size, (rows, length), dtype=np.int32)
    return [Line(row, length - length // 4) for row in ids]


def measure(name: str, options: argparse.Namespace, place: Place) -> Iterator[Row]:
    """One row for each batch size and way to keep activations; the model is made once."""
    import torch

    model = model_of(name, rule_of(options, 1), place)
    for again in options.checkpointing:
        if again:
            base.checkpoint(model, rule_of(options, 1))
        for batch in options.batch:
            row = {"config": name, "method": options.method, "batch": batch, "length": options.length,
                   "checkpointing": "on" if again else "off"}  # fmt: skip
            try:
                row |= timed(name, model, options, place, batch, again=again)
            except torch.OutOfMemoryError:
                row |= dict.fromkeys(FIGURES) | {"outcome": "out of memory"}
            gc.collect()
            if place.cuda:
                torch.cuda.empty_cache()
            yield row


FIGURES: Final = ("step_s", "tokens_per_s", "mfu", "model_tflop", "peak_gib", "estimated_gib", "trained", "loss")


def timed(name: str, model: Any, options: argparse.Namespace, place: Place, batch: int, *, again: bool) -> Row:
    """Figures of the backend's own step: forward, backward, clipping and AdamW."""
    import torch

    rule, config = rule_of(options, batch), configuration(name)
    lines = lines_of(config, 4 * batch, options.length)
    plan = schedule(len(lines), rule.optimiser, rule.seed)
    if place.cuda:
        torch.cuda.reset_peak_memory_stats()
    with tempfile.TemporaryDirectory() as folder:
        bar = Progress(name, plan.steps, unit="steps", out=io.StringIO())
        watch = Watch(Path(folder) / "log.jsonl", plan, lines, rule.optimiser.learning_rate, bar, cuda=place.cuda)
        job = Job(
            model=model, tokenizer=SimpleNamespace(pad_token_id=0), lines=lines, schedule=plan, recipe=rule,
            device=place.device, precision=options.precision, folder=Path(folder), log=watch,
        )  # fmt: skip
        Plain().train(job)
        loss = float(watch.path.read_text(encoding="utf-8").rpartition('"loss":')[2].partition(",")[0])
    model.zero_grad(set_to_none=True)
    step = statistics.median(np.diff(watch.ends[options.warm_up - 1 :]).tolist())
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    full, places = options.method == "full", options.length // 4
    done = flops(config, rows=batch, length=options.length, places=places, adapters=0 if full else trained, full=full)
    return {
        "step_s": round(step, 4),
        "tokens_per_s": round(batch * options.length / step),
        "mfu": round(done / step / place.peak, 4) if place.peak else None,
        "model_tflop": round(done / 1e12, 6),
        "peak_gib": round(torch.cuda.max_memory_allocated() / GIB, 2) if place.cuda else None,
        "estimated_gib": estimate(config, model, rule, batch, options, again=again),
        "trained": trained,
        "loss": round(loss, 3),
        "outcome": "ok",
    }


def estimate(
    config: Any, model: Any, rule: Recipe, batch: int, options: argparse.Namespace, *, again: bool
) -> float | None:
    """Memory by `training.models.memory`, GiB."""
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    every = sum(weight.numel() for weight in model.parameters())
    size = memory.Sizes(every if rule.method == "full" else every - trained, trained, 0)
    highest = memory.Peak(batch, options.length, batch * (options.length // 4))
    kept = "bf16" if options.precision == "bf16" else "float32"
    parts = memory.parts(config, rule, size, highest, kept, checkpointing=again)
    known = [value for value in parts.values() if value is not None]
    return round(sum(known) / GIB, 2) if len(known) == len(parts) else None


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", nargs="+", choices=list(SHAPES), default=["0.6b", "8b"])
    parser.add_argument("--method", choices=["lora", "full"], default="lora")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 4, 8], help="rows of a step")
    parser.add_argument("--length", type=int, default=1024, help="tokens of a row")
    parser.add_argument("--rank", type=int, default=128)
    parser.add_argument("--steps", type=int, default=8, help="that are timed")
    parser.add_argument("--warm-up", type=int, default=3, help="before those; at least 1")
    parser.add_argument("--checkpointing", choices=["on", "off", "both"], default="both")
    parser.add_argument("--precision", choices=["bf16", "float32"], default="bf16")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--peak", type=float, help="TFLOP/s of the device, where the table does not have it")
    parser.add_argument("--name", default="gpu-lora", help="of the results file")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the results file")
    options = parser.parse_args(given)
    options.checkpointing = {"on": [True], "off": [False], "both": [False, True]}[options.checkpointing]
    options.warm_up = max(1, options.warm_up)
    return options


def main(given: Sequence[str] | None = None) -> int:
    """Measures, prints, writes after each configuration."""
    options = arguments(given)
    place = place_of(options)
    rows: list[Row] = []
    for name in options.config:
        for row in measure(name, options, place):
            rows.append({"device": place.name, **row, "peak_tflops": place.peak and round(place.peak / 1e12, 1)})
            print(rows[-1], file=sys.stderr, flush=True)
        report(options.name, rows, PACKAGES, results=options.results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
