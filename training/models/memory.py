"""How many weights, and how much memory a training takes: from the configuration alone, nothing is loaded.

    weights       frozen ones in the training precision (or 4 bits), trainable ones in float32
    copies        of trainable weights in bf16, which autocast keeps through a step
    gradients, optimiser    of trainable weights: 4 and 8 bytes each (under 4 bits, adapters are in bf16: 2 and 4)
    activations   what a micro batch keeps for the way back, see `_layer`; with checkpointing, what enters each layer
                  and one layer's worth of the rest
    logits        where there are targets, three times: as computed, in float32, and their gradient

An upper estimate for decoder layers of the Llama kind (RMSNorm, grouped-query attention without a stored score matrix,
SwiGLU); the tests hold it against what PyTorch really keeps. Not counted: the device's own context, fragmentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from training.recipe import Recipe

Kept = Literal["bf16", "float32", "4-bit"]
FOUR_BITS: Final = (4 + 8 / 64 + 32 / (64 * 256)) / 8
"""Bytes a weight in NF4 with double quantisation: a scale of 8 bits for 64, one of 32 for 256 of those."""
PARTS: Final = ("weights", "copies", "gradients", "optimiser", "activations", "logits")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a model, in weights."""

    total: int
    """Of the base; tied ones once."""
    trainable: int
    """Of the adapters, or all of the base."""
    linear: int
    """Of the base, in linear layers other than the output head: what 4 bits apply to."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest micro batch."""

    rows: int
    length: int
    """Tokens of a row, padded."""
    targets: int
    """Places at which logits are made."""


def sizes(config: Any, recipe: Recipe) -> Sizes:
    """Counted on PyTorch's meta device, which keeps shapes and no values."""
    import torch
    from transformers import AutoModelForCausalLM

    from training.models.base import trainable

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
        total = sum(weight.numel() for weight in model.parameters())
        head = model.get_output_embeddings()
        linear = sum(
            module.weight.numel()
            for module in model.modules()
            if isinstance(module, torch.nn.Linear) and module is not head
        )
        ready = trainable(model, recipe)
    return Sizes(total, sum(w.numel() for w in ready.parameters() if w.requires_grad), linear)


def parts(
    config: Any, recipe: Recipe, size: Sizes, peak: Peak, kept: Kept, *, checkpointing: bool, mask: int = 1
) -> dict[str, int | None]:
    """Bytes by part; None where the architecture does not say its shape the usual way.

    Args:
        config: of the model.
        recipe: method, LoRA rank and dropout.
        size: of `sizes`.
        peak: the largest micro batch.
        kept: precision of the frozen weights; 4-bit computes in bf16.
        checkpointing: activations are computed again instead of kept.
        mask: bytes of one place of a dropout mask: 1 on CUDA, 4 on a CPU.
    """
    full, quantised, short = recipe.method == "full", kept == "4-bit", kept != "float32"
    work = 2 if short else 4
    trained = 2 if quantised else 4
    frozen = 0 if full else (size.total - size.linear) * work + round(size.linear * (FOUR_BITS if quantised else work))
    return {
        "weights": frozen + size.trainable * trained,
        "copies": 2 * size.trainable if short and not quantised else 0,
        "gradients": size.trainable * trained,
        "optimiser": 2 * size.trainable * trained,
        "activations": _activations(config, recipe, peak, work, checkpointing=checkpointing, mask=mask),
        "logits": peak.targets * config.vocab_size * (work + 4 + 4),
    }


def _activations(config: Any, recipe: Recipe, peak: Peak, work: int, *, checkpointing: bool, mask: int) -> int | None:
    layer = _layer(config, recipe, peak, work, mask)
    if layer is None:
        return None
    layers, hidden = config.num_hidden_layers, config.hidden_size
    if not checkpointing:
        return int(layers * layer)
    enters = peak.rows * peak.length * hidden * (4 if recipe.method == "full" else work)
    return int(layers * enters + layer)


def _layer(config: Any, recipe: Recipe, peak: Peak, work: int, mask: int) -> int | None:
    """Bytes that one layer keeps.

    h, i: width of the residual stream and of the gated unit; q: of all query heads (keys and values are repeated to
    it); k: of all key heads. Per token:
      inputs      of the seven linear maps (h five times, q, i): kept for the gradient of their weights. Rounding and
                  dropout make a copy for each map; in float32 without dropout equal ones are shared
      norms       their inputs in float32, and what they scale where that is learnt
      attention   queries, keys, values, result, one number a head; and once a layer the padding mask, length x length
      gate        its three factors
    """
    heads, i, h = (getattr(config, k, None) for k in ("num_attention_heads", "intermediate_size", "hidden_size"))
    if not (heads and i and h and getattr(config, "num_hidden_layers", None)):
        return None
    each = getattr(config, "head_dim", None) or h // heads
    q, k = heads * each, (getattr(config, "num_key_value_heads", None) or heads) * each
    full, rule = recipe.method == "full", recipe.lora
    copied = work == 2 or (not full and rule.dropout > 0)
    inputs = 5 * h + q + i if copied else 2 * h + i
    token = work * inputs + 4 * (2 * h + q + k) + work * (4 * q + 3 * i) + 4 * (3 * heads + 2)
    token += (4 * 2 * h + work * (q + k)) if full else work * 7 * rule.rank
    if not full and rule.dropout:
        token += mask * (5 * h + q + i)
    return int(peak.rows * (peak.length * token + peak.length**2 * work))
