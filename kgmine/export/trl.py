"""Files for TRL's SFTTrainer: conversational prompt and completion, and a recipe for `trl sft`.

`chat_template_kwargs` of a row switches the template's thinking on or off, so that one file may hold both. The loss is
over the completion (TRL's default for such rows): the same tokens as `training.models.chat`, and the newline behind the
last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, final

import yaml

from kgmine.export import Exported
from kgmine.export.students import MODEL, Told, Turned, law, said, turned, write_readme, write_splits
from runtime.artefacts import write_text
from schemas.base import Row
from schemas.conversation import Conversation, Message
from schemas.sample import Sample
from training.conversation import spoken
from training.recipe import Recipe

HOW = """Train with TRL 1.16 or newer, in this folder:

```
trl sft --config recipe.yaml
```

or in Python, `trl.SFTTrainer(train_dataset=datasets.load_dataset("FOLDER", split="train"), ...)`. For a model whose
template knows no thinking, export without it: the steps are then said before the answer. Rows longer than `max_length`
are cut there; `kgmine train` rejects them instead."""


class Completion(Row):
    """What the model is to say."""

    role: Literal["assistant"] = "assistant"
    content: str
    reasoning_content: str
    """Goes between the template's thinking tags; empty where there is none."""


class Pair(Told):
    """One row as SFTTrainer takes it."""

    prompt: tuple[Message, ...]
    completion: tuple[Completion, ...]
    chat_template_kwargs: dict[str, bool]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trl:
    """TRL, text students."""

    recipe: Recipe
    model: str = MODEL
    """Base, for the recipe only."""
    blobs: Path | None = None
    """Folder of images; unused: these students read text."""

    def export(self, samples: Sequence[Sample], out: Path) -> Exported:
        """See `Exporter`."""
        data = turned(samples, self.recipe)
        counts = write_splits(out, {split: [self._row(row) for row in found] for split, found in data.rows.items()})
        title = "Training data for TRL"
        write_readme(out, title, HOW, data.samples, counts, self.recipe.wording)
        header = f"# {title}: {said(self.recipe.wording)}. Run in this folder: trl sft --config recipe.yaml\n"
        write_text(out / "recipe.yaml", header + yaml.safe_dump(self._config(counts), sort_keys=False))
        seen = sum(bool(sample.images) for sample in data.samples) if self.recipe.wording.evidence else 0
        notes = (
            law(data.samples),
            *((f"images of {seen} samples are left out: these students read text",) if seen else ()),
        )
        return Exported(counts, data.rejected, notes, f"cd {out} && trl sft --config recipe.yaml")

    def _row(self, row: Turned) -> Pair:
        thinks = self.recipe.wording.thinking and bool(row.conversation.reasoning)
        return Pair(
            **row.told(),
            prompt=row.conversation.prompt,
            completion=(_completion(row.conversation, thinks=thinks),),
            chat_template_kwargs={"enable_thinking": thinks},
        )

    def _config(self, counts: dict[str, int]) -> dict[str, Any]:
        rule, lora = self.recipe.optimiser, self.recipe.lora
        config: dict[str, Any] = {
            "model_name_or_path": self.model,
            "dataset_name": "data/..",  # this folder; for `.` alone `datasets` knows no name
            "dataset_train_split": self.recipe.slice.split,
            "output_dir": "student",
            "max_length": self.recipe.max_length,
            "learning_rate": rule.learning_rate,
            "num_train_epochs": rule.epochs,
            "max_steps": rule.max_steps or -1,
            "per_device_train_batch_size": rule.micro_batch,
            "gradient_accumulation_steps": rule.batch // rule.micro_batch,
            "lr_scheduler_type": "cosine",
            "warmup_steps": rule.warmup_share,
            "weight_decay": rule.weight_decay,
            "max_grad_norm": rule.max_grad_norm,
            "gradient_checkpointing": self.recipe.gradient_checkpointing is not False,
            "bf16": self.recipe.precision != "float32",
            "save_steps": self.recipe.save_every,
            "seed": self.recipe.seed,
            "report_to": "none",
        }
        if "dev" in counts:  # never the test split, which is what these options default to
            config |= {"dataset_test_split": "dev", "eval_strategy": "epoch"}
        if self.recipe.method != "full":
            targets = lora.targets if isinstance(lora.targets, str) else list(lora.targets)
            config |= {"use_peft": True, "lora_r": lora.rank, "lora_alpha": lora.alpha, "lora_dropout": lora.dropout}
            config |= {"lora_target_modules": targets, "load_in_4bit": self.recipe.method == "qlora"}
        return config


def _completion(conversation: Conversation, *, thinks: bool) -> Completion:
    if thinks:
        return Completion(content=conversation.answer, reasoning_content=conversation.reasoning)
    return Completion(content=spoken(conversation), reasoning_content="")
