"""Shapes of Qwen3 models, as their published config.json has them, and what devices can do at most."""

from __future__ import annotations

from typing import Any, Final

SHAPES: Final[dict[str, dict[str, Any]]] = {
    "tiny": {
        "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
        "intermediate_size": 192, "vocab_size": 512, "tie_word_embeddings": True,
    },
    "0.6b": {
        "hidden_size": 1024, "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8,
        "head_dim": 128, "intermediate_size": 3072, "vocab_size": 151936, "tie_word_embeddings": True,
    },
    "8b": {
        "hidden_size": 4096, "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 8,
        "head_dim": 128, "intermediate_size": 12288, "vocab_size": 151936, "tie_word_embeddings": False,
    },
    "32b": {
        "hidden_size": 5120, "num_hidden_layers": 64, "num_attention_heads": 64, "num_key_value_heads": 8,
        "head_dim": 128, "intermediate_size": 25600, "vocab_size": 151936, "tie_word_embeddings": False,
    },
}  # fmt: skip
"""Name -> shape. Qwen3 technical report (arXiv 2505.09388), table 1, and the published configurations."""

PEAKS: Final = {
    "H200 NVL": 835e12,
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100 NVL": 835e12,
    "H100": 989e12,
    "A100": 312e12,
}
"""Part of a device's name -> dense bf16 FLOP/s of its data sheet (half of what it prints for sparse ones); the first
that fits counts.
"""


def configuration(name: str) -> Any:
    """A `transformers` configuration.

    Args: name: of `SHAPES`.
    """
    from transformers import Qwen3Config

    more = {"max_position_embeddings": 40960, "rms_norm_eps": 1e-6, "use_cache": False}
    return Qwen3Config(**SHAPES[name], **more)


def peak(device: str) -> float | None:
    """FLOP/s of a device by its name; None: not in the table."""
    return next((value for part, value in PEAKS.items() if part in device), None)


def flops(config: Any, *, rows: int, length: int, places: int, adapters: int, full: bool) -> float:
    """Model FLOPs of one step, forward and backward, without what checkpointing computes again.

    PaLM (arXiv 2204.02311, appendix B) counts 6 N for each token and 12 L H Q T for attention: 2 N forward, 2 N for the
    gradients of activations, 2 N for those of weights; attention has no weights. LoRA makes no gradients of frozen
    weights: 4 N, and 6 for each adapter weight. N leaves out the embedding, which is looked up, and counts the output
    head only where logits are made.

    Args:
        config: of the model.
        rows: of the step.
        length: tokens of a row.
        places: of a row at which logits are made.
        adapters: weights of the adapters; 0 for a full training.
        full: all weights are trained.
    """
    h, heads, each = config.hidden_size, config.num_attention_heads, config.head_dim
    q, k = heads * each, config.num_key_value_heads * each
    layer = h * (q + 2 * k) + q * h + 3 * h * config.intermediate_size
    each_weight = 6 if full else 4
    tokens, layers = rows * length, config.num_hidden_layers
    linear = each_weight * tokens * layers * layer + 6 * tokens * adapters
    attention = 12 * layers * q * length * tokens
    return float(linear + attention + each_weight * rows * places * h * config.vocab_size)
