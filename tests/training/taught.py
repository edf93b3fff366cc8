"""Tiny models whose outputs differ from question to question: one with large random weights, one that has learnt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.conversation import Conversation


def sharpen(folder: Path, *, seed: int = 3) -> Path:
    """Large random weights, in place: every prompt has an output of its own, some of them end by themselves.

    Special tokens but the end of a turn get no weight, so that an output reads the same with and without them.
    """
    import torch
    from safetensors.torch import load_file, save_file

    from tests.training import tiny
    from training.models import weights

    tensors = load_file(folder / "model.safetensors")
    generator = torch.Generator().manual_seed(seed)
    for name in sorted(tensors):
        if "norm" not in name:
            tensors[name] = torch.randn(tensors[name].shape, generator=generator) * 0.3
    tokenizer = weights.tokenizer(str(folder))
    silent = [tokenizer.convert_tokens_to_ids(token) for token in tiny.SPECIAL if token != tokenizer.eos_token]
    tensors["model.embed_tokens.weight"][silent] = 0.0
    tensors["model.embed_tokens.weight"][tokenizer.eos_token_id] *= 2.0
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def teach(
    folder: Path,
    rows: Sequence[Conversation],
    *,
    steps: int,
    rate: float = 5e-3,
    batch: int = 16,
    adapter: Path | None = None,
    rank: int = 16,
) -> Path:
    """A few steps of AdamW on the model of a folder, in place; with `adapter` LoRA matrices are learnt and saved there."""
    import torch

    from training.models import chat, weights

    torch.manual_seed(0)
    model = weights.base(str(folder), device="cpu", precision="float32")
    tokenizer = weights.tokenizer(str(folder))
    made = chat.of_tokenizer(tokenizer, name=str(folder))
    if adapter:
        from peft import LoraConfig, get_peft_model

        lora = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
        model = get_peft_model(model, lora)
    encoded = [made.encode(row) for row in rows]
    learnable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learnable, lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    model.train()
    for step in range(steps):
        rows_of_step = [encoded[(step * batch + place) % len(encoded)] for place in range(batch)]
        loss = model(**_batch(rows_of_step, tokenizer.pad_token_id)).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnable, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    model.eval().save_pretrained(adapter or folder)
    if adapter:
        weights.mark(adapter, str(folder))
    return adapter or folder


def _batch(rows: Sequence[Any], pad: int) -> dict[str, Any]:
    import torch

    width = max(len(row.input_ids) for row in rows)
    short = [width - len(row.input_ids) for row in rows]
    return {
        "input_ids": torch.tensor([row.input_ids + [pad] * n for row, n in zip(rows, short, strict=True)]),
        "attention_mask": torch.tensor(
            [[1] * len(row.input_ids) + [0] * n for row, n in zip(rows, short, strict=True)]
        ),
        "labels": torch.tensor([row.labels + [-100] * n for row, n in zip(rows, short, strict=True)]),
    }
