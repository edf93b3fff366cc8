"""AdamW and its schedule, the same object for both backends."""

from __future__ import annotations

from typing import Any

from training.recipe import Optimiser
from training.rows.order import Schedule


def optimiser(model: Any, rule: Optimiser, schedule: Schedule) -> tuple[Any, Any]:
    """AdamW (Loshchilov and Hutter 2019; betas 0.9 and 0.999) over what is trainable, and its learning rates.

    Weight decay is for matrices alone, not for norms and biases.
    """
    import torch

    matrices = [weight for weight in model.parameters() if weight.requires_grad and weight.ndim > 1]
    vectors = [weight for weight in model.parameters() if weight.requires_grad and weight.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": rule.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    made = torch.optim.AdamW([group for group in groups if group["params"]], lr=rule.learning_rate)
    return made, torch.optim.lr_scheduler.LambdaLR(made, schedule.factor)
