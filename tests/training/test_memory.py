"""Weights and memory: counted from configurations, and held against what PyTorch really keeps."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from training import recipe
from training.models.memory import FOUR_BITS, Peak, parts, sizes

QWEN3 = {  # as published with the models
    "0.6B": {"hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16, "tie_word_embeddings": True},
    "8B": {"hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36, "num_attention_heads": 32, "tie_word_embeddings": False},
    "32B": {"hidden_size": 5120, "intermediate_size": 25600, "num_hidden_layers": 64, "num_attention_heads": 64, "tie_word_embeddings": False},
}  # fmt: skip


def config(**shape: Any) -> Any:
    from transformers import Qwen3Config

    usual = {"vocab_size": 151936, "head_dim": 128, "num_key_value_heads": 8, "max_position_embeddings": 40960}
    return Qwen3Config(**{**usual, **shape})


@pytest.mark.parametrize(
    ("name", "total"),
    [("0.6B", 596_049_920), ("8B", 8_190_735_360), ("32B", 32_762_123_264)],  # of the published safetensors
)
def test_the_weights_of_qwen3_are_counted_without_loading_them(name: str, total: int) -> None:
    shape = QWEN3[name]
    made = recipe.load(None)
    found = sizes(config(**shape), made)
    assert found.total == total
    h, i, layers = shape["hidden_size"], shape["intermediate_size"], shape["num_hidden_layers"]
    q, k = shape["num_attention_heads"] * 128, 8 * 128
    pairs = [(h, q), (h, k), (h, k), (q, h), (h, i), (h, i), (i, h)]
    assert found.linear == layers * sum(a * b for a, b in pairs)
    assert found.trainable == layers * sum(128 * (a + b) for a, b in pairs)


def test_full_training_trains_every_weight() -> None:
    found = sizes(config(**QWEN3["0.6B"]), recipe.load(None, ("method=full",)))
    assert found.trainable == found.total == 596_049_920


def test_weights_gradients_and_optimiser_states_are_exact() -> None:
    shape, made, peak = config(**QWEN3["8B"]), recipe.load(None), Peak(4, 1024, 64)
    size = sizes(shape, made)
    bf16 = parts(shape, made, size, peak, "bf16", checkpointing=True)
    assert bf16["weights"] == 2 * size.total + 4 * size.trainable
    assert (bf16["gradients"], bf16["optimiser"]) == (4 * size.trainable, 8 * size.trainable)
    assert bf16["logits"] == 64 * 151936 * 10
    four = parts(shape, made, size, peak, "4-bit", checkpointing=True)
    embedded = size.total - size.linear
    assert four["weights"] == 2 * embedded + round(FOUR_BITS * size.linear) + 2 * size.trainable
    assert 0.515 < FOUR_BITS < 0.517  # Dettmers et al. 2023, section 3: 0.127 bits of constants a weight
    full = parts(shape, recipe.load(None, ("method=full",)), size, peak, "bf16", checkpointing=True)
    assert full["weights"] == 4 * size.trainable


def kept(shape: Any, made: Any, precision: str, peak: Peak) -> int:
    """Bytes that PyTorch keeps for the way back, weights aside, of one more layer."""
    import torch
    from transformers import AutoModelForCausalLM

    from training.models.base import trainable

    def of(layers: int) -> int:
        shape.num_hidden_layers, shape.layer_types = layers, ["full_attention"] * layers
        frozen = torch.float32 if made.method == "full" or precision == "float32" else torch.bfloat16
        model = trainable(AutoModelForCausalLM.from_config(shape, dtype=frozen), made)
        if made.checkpointing("cpu"):
            base = model if made.method == "full" else model.get_base_model()
            base.activation_checkpointing_enable({"use_reentrant": False})
        own = {w.untyped_storage().data_ptr() for w in [*model.parameters(), *model.buffers()]}
        seen: dict[int, tuple[Any, int]] = {}
        trained = {tuple(w.shape)[::-1] for w in model.parameters() if w.requires_grad}

        def pack(tensor: Any) -> Any:
            storage = tensor.untyped_storage()
            if storage.data_ptr() not in own and not (
                tensor.dtype == torch.bfloat16 and tuple(tensor.shape) in trained
            ):
                seen[storage.data_ptr()] = (tensor, storage.nbytes())
            return tensor

        ids, mask = torch.zeros((peak.rows, peak.length), dtype=torch.long), torch.ones((peak.rows, peak.length))
        mask[0, -3:] = 0
        auto = torch.autocast("cpu", dtype=torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor), auto:
            model.train()(input_ids=ids, attention_mask=mask, logits_to_keep=1, use_cache=False)
        return sum(size for _, size in seen.values())

    return of(3) - of(2)


@pytest.mark.parametrize("precision", ["bf16", "float32"])
@pytest.mark.parametrize("changes", [("lora.dropout=0.1",), ("lora.dropout=0",), ("method=full",)])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_the_estimate_of_activations_is_what_pytorch_keeps_or_a_little_more(
    precision: Any, changes: tuple[str, ...], checkpointing: bool
) -> None:
    made = recipe.load(None, ("lora.rank=6", f"gradient_checkpointing={checkpointing}", *changes))
    shape = config(
        vocab_size=300, hidden_size=112, intermediate_size=272, num_attention_heads=6, num_key_value_heads=2,
        head_dim=16, num_hidden_layers=2, tie_word_embeddings=False,
    )  # fmt: skip
    peak = Peak(3, 70, 3)
    measured = kept(shape, made, precision, peak)
    size = sizes(shape, made)

    def estimate(layers: int) -> int:
        shape.num_hidden_layers, shape.layer_types = layers, ["full_attention"] * layers
        return parts(shape, made, size, peak, precision, checkpointing=checkpointing, mask=4)["activations"] or 0

    said = estimate(3) - estimate(2)
    assert measured <= said <= 1.15 * measured, said / measured


def test_an_architecture_of_another_shape_has_no_estimate_of_activations() -> None:
    from transformers import GPT2Config

    shape = GPT2Config(n_embd=64, n_layer=2, n_head=4, vocab_size=300)
    made = recipe.load(None)
    assert parts(shape, made, sizes(shape, made), Peak(1, 8, 1), "bf16", checkpointing=False)["activations"] is None
