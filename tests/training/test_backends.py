"""Both backends: the same rows in the same order, and losses that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.progress import Progress
from schemas.conversation import Conversation, Message
from training import recipe
from training.backends.log import Log, read
from training.models import weights
from training.rows import lines as data
from training.rows import order

AGREE = 1e-5
"""Largest difference of a step's loss (nats) between the backends in float32: sums are taken in another order."""


def job(folder: Path, base: Path, *changes: str, precision: Any = "float32") -> Any:
    import torch

    from training.backends import Job
    from training.models import base as bases
    from training.models.chat import of_tokenizer

    torch.set_num_threads(1)
    made = recipe.load(
        None, ("lora.rank=8", "lora.alpha=16", "optimiser.batch=8", "optimiser.learning_rate=0.003", *changes)
    )
    tokenizer = weights.tokenizer(str(base))
    chat = of_tokenizer(tokenizer, name="tiny")
    lines = [data.encode(chat, row) for row in rows(21)]
    schedule = order.schedule(len(lines), made.optimiser, made.seed)
    log = Log(folder / "log.jsonl", schedule, lines, made.optimiser.learning_rate, Progress("train", schedule.steps))
    model = bases.load(str(base), made, device="cpu", precision=precision)
    return Job(model, tokenizer, lines, schedule, made, "cpu", precision, folder / "checkpoints", log)


def rows(count: int) -> list[Conversation]:
    return [
        Conversation(
            id=str(n),
            prompt=(Message(role="user", content="What is the length of day of Mars, in hours? " * (1 + n % 3)),),
            answer=f"{n * 7} hours" * (1 + n % 2),
        )
        for n in range(count)
    ]


def trained(name: Any, made: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    from training.backends import backend

    backend(name).train(made)
    weights_ = {key: weight.detach() for key, weight in made.model.named_parameters() if weight.requires_grad}
    return weights_, read(made.log.path)


@pytest.mark.parametrize(
    ("changes", "precision", "within"),
    [
        ((), "float32", AGREE),
        (("method=full",), "float32", AGREE),
        # bf16 keeps eight bits of a number
        pytest.param(("gradient_checkpointing=true",), "bf16", 0.01, marks=pytest.mark.slow),
    ],
)
def test_the_backends_losses_agree_step_by_step(
    tmp_path: Path, qwen3: Path, changes: tuple[str, ...], precision: str, within: float
) -> None:
    plain, ours = trained("plain", job(tmp_path / "plain", qwen3, *changes, precision=precision))
    trl, theirs = trained("trl", job(tmp_path / "trl", qwen3, *changes, precision=precision))
    assert len(ours) == len(theirs) == 8  # 63 rows in eights
    assert max(abs(a["loss"] - b["loss"]) for a, b in zip(ours, theirs, strict=True)) < within
    same = ("step", "epoch", "learning_rate", "tokens")
    assert [[row[key] for key in same] for row in ours] == [[row[key] for key in same] for row in theirs]
    assert ours[-1]["loss"] < ours[0]["loss"]
    assert plain.keys() == trl.keys()
    if precision == "float32":
        assert max(float((plain[key] - trl[key]).abs().max()) for key in plain) < 1e-4


def test_accumulation_does_not_change_the_loss_of_a_step(tmp_path: Path, qwen3: Path) -> None:
    from training.backends import backend

    losses = []
    for micro in (1, 4, 8):
        made = job(tmp_path / str(micro), qwen3, f"optimiser.micro_batch={micro}", "lora.dropout=0")
        backend("plain").train(made)
        losses.append([row["loss"] for row in read(made.log.path)])
    for other in losses[1:]:
        assert max(abs(a - b) for a, b in zip(losses[0], other, strict=True)) < AGREE


def test_logits_are_made_where_there_are_targets_and_the_loss_is_the_models_own(tmp_path: Path, qwen3: Path) -> None:
    import torch

    from training.backends.plain import _loss

    made = job(tmp_path, qwen3, "lora.dropout=0")
    batch = {key: torch.from_numpy(value) for key, value in data.padded(made.lines[:4], 0).items()}
    with torch.no_grad():
        theirs = made.model(**batch).loss
        ours = _loss(made.model, batch) / (batch["labels"] != -100).sum()
    assert abs(float(ours) - float(theirs)) < 1e-6


def test_a_loss_that_is_no_number_ends_the_training_in_one_line(tmp_path: Path, qwen3: Path) -> None:
    from schemas.errors import KgmineError

    made = job(tmp_path, qwen3)
    with pytest.raises(KgmineError, match=r"^step 3: the loss is nan \(gradient norm 1\); training diverged: lower "):
        made.log.step(2, loss=float("nan"), grad_norm=1.0)
