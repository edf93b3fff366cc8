"""TRL's SFTTrainer on rows that are tokenised already: columns input_ids and labels, which it leaves as they are.

The rows are laid out in the order of the whole schedule (one long epoch, read in sequence), so that the order is ours;
no packing: rows of one batch stay apart, and without flash attention packing is slower than padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

from schemas.errors import UsageError
from training.backends import Job, checkpoints
from training.backends.optimiser import optimiser
from training.rows.order import chance


@final
@dataclass(frozen=True, slots=True)
class Trl:
    """See `training.backends.Backend`."""

    name: Literal["trl"] = "trl"

    def train(self, job: Job) -> None:
        import torch

        if job.device.startswith("cuda") and torch.cuda.device_count() > 1:
            raise UsageError(
                "--backend trl: several GPUs are visible, and kgmine trains on one: set CUDA_VISIBLE_DEVICES=0"
            )
        last = checkpoints.latest(job.folder)
        job.log.resume(checkpoints.steps_of(last) if last else 0)
        _trainer(job).train(resume_from_checkpoint=str(last) if last else None)


def _trainer(job: Job) -> Any:
    from trl import SFTTrainer

    trainer = SFTTrainer(
        model=job.model,
        args=_arguments(job),
        train_dataset=_rows(job),
        processing_class=job.tokenizer,
        optimizers=optimiser(job.model, job.recipe.optimiser, job.schedule),
        callbacks=[_steps(job)],
    )
    for name in ("PrinterCallback", "ProgressCallback"):
        for callback in list(trainer.callback_handler.callbacks):
            if type(callback).__name__ == name:
                trainer.remove_callback(callback)
    return trainer


def _arguments(job: Job) -> Any:
    from trl import SFTConfig

    rule, schedule = job.recipe.optimiser, job.schedule
    return SFTConfig(
        output_dir=str(job.folder),
        num_train_epochs=1,
        per_device_train_batch_size=rule.micro_batch,
        gradient_accumulation_steps=rule.batch // rule.micro_batch,
        train_sampling_strategy="sequential",
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
        packing=False,
        learning_rate=rule.learning_rate,
        max_grad_norm=rule.max_grad_norm,
        seed=job.recipe.seed,
        bf16=job.precision == "bf16",
        use_cpu=job.device == "cpu",
        gradient_checkpointing=False,  # switched on for both backends alike, see training.models.base
        dataloader_pin_memory=job.device != "cpu",
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="steps" if job.recipe.save_every < schedule.steps else "no",
        save_steps=job.recipe.save_every,
        report_to="none",
        disable_tqdm=True,
    )


def _rows(job: Job) -> Any:
    from datasets import Dataset

    made = Dataset.from_dict(
        {"input_ids": [line.ids for line in job.lines], "labels": [line.labels for line in job.lines]}
    )
    return made.select(list(job.schedule.stream()))


def _steps(job: Job) -> Any:
    """What happens at each step: its own chance, a log row, the mark of a checkpoint that is whole."""
    import torch
    from transformers import TrainerCallback

    class Steps(TrainerCallback):  # type: ignore[misc,unused-ignore]
        def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            del args, control, kwargs
            torch.manual_seed(chance(job.recipe.seed, state.global_step))

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            del args, kwargs
            if state.global_step >= job.schedule.steps:
                control.should_save = False  # the student itself is saved next

        def on_log(
            self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **kwargs: Any
        ) -> None:
            del args, control, kwargs
            if logs and "loss" in logs:
                job.log.step(state.global_step - 1, loss=logs["loss"], grad_norm=logs["grad_norm"])

        def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            del args, control, kwargs
            checkpoints.seal(checkpoints.place(Path(job.folder), state.global_step))

    return Steps()
