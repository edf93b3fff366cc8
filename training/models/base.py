"""The model as it goes into training: the base, what is trainable of it, and gradient checkpointing."""

from __future__ import annotations

from typing import Any

from schemas.errors import UsageError
from training.models import weights
from training.models.weights import Precision
from training.recipe import Lora, Recipe


def load(name: str, recipe: Recipe, *, device: str, precision: Precision) -> Any:
    """A model that is ready to train.

    Frozen weights are kept in the training precision; trainable ones in float32, where small updates are not lost
    (under bf16 the products alone are rounded, by autocast).
    Raises: UsageError: 4 bits without CUDA; a LoRA target that this model does not have.
    """
    quantised = recipe.method == "qlora"
    if quantised:
        check_four_bits(device)
    kept: Precision = "float32" if recipe.method == "full" else precision
    model = weights.base(name, device=device, precision=kept, quantised=quantised)
    model = trainable(model, recipe)
    if quantised:
        import torch

        for weight in model.parameters():  # as TRL has it, after Dettmers et al. 2023, section 3
            if weight.requires_grad:
                weight.data = weight.data.to(torch.bfloat16)
    if recipe.checkpointing(device):
        checkpoint(model, recipe)
    return model


def checkpoint(model: Any, recipe: Recipe) -> None:
    """Compute activations again instead of keeping them."""
    base = model if recipe.method == "full" else model.get_base_model()
    # the older name goes in transformers 6
    enable = getattr(base, "activation_checkpointing_enable", None) or base.gradient_checkpointing_enable
    enable({"use_reentrant": False})


def trainable(model: Any, recipe: Recipe) -> Any:
    """Adapters on a model (the same ones for the same seed), or all of it trainable."""
    import torch

    torch.manual_seed(recipe.seed)
    if recipe.method == "full":
        return model.requires_grad_(True)
    from peft import get_peft_model

    try:
        return get_peft_model(model, adapters(recipe.lora))
    except ValueError as error:
        said = str(error).splitlines()[0]
        raise UsageError(f"lora.targets: {said[:300]}") from None


def adapters(rule: Lora) -> Any:
    """PEFT's configuration."""
    from peft import LoraConfig

    return LoraConfig(
        r=rule.rank,
        lora_alpha=rule.alpha,
        lora_dropout=rule.dropout,
        target_modules=rule.targets if isinstance(rule.targets, str) else sorted(rule.targets),
        task_type="CAUSAL_LM",
    )


def check_four_bits(device: str) -> None:
    """Raises UsageError where a model cannot be held in 4 bits."""
    from importlib.util import find_spec

    if not device.startswith("cuda"):
        raise UsageError(
            "method: qlora needs CUDA (4-bit weights run there only), and this is a CPU; take `method: lora`"
        )
    if find_spec("bitsandbytes") is None:
        raise UsageError("method: qlora needs bitsandbytes: pip install bitsandbytes")
