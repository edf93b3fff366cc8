"""The own loop: torch, transformers and peft, nothing else."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, final

from training.backends import Job, checkpoints
from training.backends.optimiser import optimiser
from training.models.chat import IGNORED
from training.rows.lines import padded
from training.rows.order import chance

WEIGHTS: Final = "trainable.safetensors"
STATE: Final = "optimiser.pt"


@final
@dataclass(frozen=True, slots=True)
class Plain:
    """See `training.backends.Backend`."""

    name: Literal["plain"] = "plain"

    def train(self, job: Job) -> None:
        import torch

        adam, rates = optimiser(job.model, job.recipe.optimiser, job.schedule)
        last = checkpoints.latest(job.folder)
        begin = checkpoints.steps_of(last) if last else 0
        if last:
            _load(job, last, adam, rates)
        job.log.resume(begin)
        trainable = [weight for weight in job.model.parameters() if weight.requires_grad]
        job.model.train()
        for step in range(begin, job.schedule.steps):
            torch.manual_seed(chance(job.recipe.seed, step))
            loss = _forward_and_back(job, step)
            norm = torch.nn.utils.clip_grad_norm_(trainable, job.recipe.optimiser.max_grad_norm)
            adam.step()
            rates.step()
            adam.zero_grad()
            job.log.step(step, loss=loss, grad_norm=float(norm))
            done = step + 1
            if done % job.recipe.save_every == 0 and done < job.schedule.steps:
                _save(job, checkpoints.place(job.folder, done), adam, rates)


def _forward_and_back(job: Job, step: int) -> float:
    """Gradients of the mean loss over all target tokens of a step; returns it."""
    import torch

    micro = [[job.lines[i] for i in rows] for rows in job.schedule.step(step)]
    targets = sum(line.length - line.prompt for rows in micro for line in rows)
    total = torch.zeros((), device=job.device)
    for rows in micro:
        batch = {
            key: torch.from_numpy(value).to(job.device)
            for key, value in padded(rows, job.tokenizer.pad_token_id).items()
        }
        with _autocast(job):
            loss = _loss(job.model, batch) / targets
        loss.backward()
        total += loss.detach()
    return float(total)


def _loss(model: Any, batch: dict[str, Any]) -> Any:
    """Summed over the targets. Logits are made only where some row of the micro batch has a target: a vocabulary of
    150,000 makes them the largest tensor of all.
    """
    import torch

    following = batch["labels"][:, 1:]
    places = (following != IGNORED).any(dim=0).nonzero(as_tuple=True)[0]
    made = model(
        input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], logits_to_keep=places, use_cache=False
    )
    return torch.nn.functional.cross_entropy(
        made.logits.float().flatten(0, 1), following[:, places].flatten(), ignore_index=IGNORED, reduction="sum"
    )


def _autocast(job: Job) -> AbstractContextManager[Any]:
    import torch

    if job.precision != "bf16":
        return nullcontext()
    autocast: AbstractContextManager[Any] = torch.autocast(job.device.partition(":")[0], dtype=torch.bfloat16)
    return autocast


def _save(job: Job, checkpoint: Path, adam: Any, rates: Any) -> None:
    import torch
    from safetensors.torch import save_file

    checkpoint.mkdir(parents=True)
    weights = {name: weight.data for name, weight in job.model.named_parameters() if weight.requires_grad}
    save_file(weights, checkpoint / WEIGHTS)
    torch.save({"optimiser": adam.state_dict(), "rates": rates.state_dict()}, checkpoint / STATE)
    checkpoints.seal(checkpoint)


def _load(job: Job, checkpoint: Path, adam: Any, rates: Any) -> None:
    import torch
    from safetensors.torch import load_file

    saved = load_file(checkpoint / WEIGHTS, device=job.device)
    with torch.no_grad():
        for name, weight in job.model.named_parameters():
            if weight.requires_grad:
                weight.copy_(saved[name])
    state = torch.load(checkpoint / STATE, map_location=job.device, weights_only=True)
    adam.load_state_dict(state["optimiser"])
    rates.load_state_dict(state["rates"])
