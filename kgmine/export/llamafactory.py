"""Files for LLaMA-Factory: `dataset_info.json`, ShareGPT messages by split, images, and a recipe.

Written for LLaMA-Factory 0.9.5 (its `data/README.md` is what the format is checked against). Its templates, not the
model's, decide how a row is rendered; `qwen3` puts an empty thought into the prompt where a row has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import yaml
from pydantic import Field

from kgmine.export import Exported
from kgmine.export.students import MODEL, ROWS, Told, Turned, law, said, turned, write_readme, write_splits
from runtime.artefacts import write_bytes, write_json, write_text
from schemas.conversation import Conversation, Message
from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample
from training.conversation import spoken
from training.recipe import Recipe

IMAGE: Final = "<image>"
"""Stands in a message for each image; a text that contains it would be counted as one."""
SLOTS: Final = (IMAGE, "<video>", "<audio>")
SUFFIXES: Final = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"RIFF": ".webp", b"BM": ".bmp"}
"""First bytes -> suffix of what Pillow opens."""
HOW: Final = """Train with LLaMA-Factory 0.9.5 or newer, in this folder:

```
llamafactory-cli train recipe.yaml
```

To mix with data sets of your own, copy their entries into `dataset_info.json` and name them behind a comma in
`dataset:`. Rows longer than `cutoff_len` are cut there; `kgmine train` rejects them instead."""


class Shared(Told):
    """One row in ShareGPT form with OpenAI's tags."""

    messages: tuple[Message, ...]
    images: tuple[str, ...] | None = Field(default=None, exclude_if=lambda value: value is None)
    """Paths from the export's folder; left out of files without images."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LlamaFactory:
    """LLaMA-Factory; where evidence has images, a student that sees."""

    recipe: Recipe
    model: str = MODEL
    """Base, for the recipe only."""
    blobs: Path | None = None
    """Folder of images by sha256; None: images are left out."""
    prefix: str = "kgmine"
    """Of the data sets' names in `dataset_info.json`."""
    template: str = "qwen3"
    """With images `_vl` is put behind it."""

    def export(self, samples: Sequence[Sample], out: Path) -> Exported:
        """See `Exporter`."""
        data = turned(samples, self.recipe)
        shown = self.recipe.wording.evidence and any(sample.images for sample in data.samples)
        sees = shown and self.blobs is not None
        made, rejected = self._rows(data.rows, out, sees=sees)
        counts = write_splits(out, made)
        write_json(out / "dataset_info.json", {self._name(split): _entry(split, sees=sees) for split in counts})
        title = "Training data for LLaMA-Factory"
        write_readme(out, title, HOW, data.samples, counts, self.recipe.wording)
        header = f"# {title}: {said(self.recipe.wording)}. Run in this folder: llamafactory-cli train recipe.yaml\n"
        write_text(out / "recipe.yaml", header + yaml.safe_dump(self._config(counts, sees=sees), sort_keys=False))
        notes = [law(data.samples)]
        if sees:
            notes.append(f"rows have images: the recipe's template is {self.template}_vl, name a model that sees")
        elif shown:
            notes.append("images are left out: these students read text")
        rejects = (*data.rejected, *rejected)
        return Exported(counts, rejects, tuple(notes), f"cd {out} && llamafactory-cli train recipe.yaml")

    def _rows(
        self, rows: Mapping[str, Sequence[Turned]], out: Path, *, sees: bool
    ) -> tuple[dict[str, list[Shared]], list[Rejected]]:
        made: dict[str, list[Shared]] = {split: [] for split in rows}
        rejected: list[Rejected] = []
        for split, found in rows.items():
            for row in found:
                images = tuple(_copied(name, self.blobs or out, out) for name in row.images) if sees else None
                messages = self._messages(row.conversation)
                if why := _unfit(messages, sees=sees):
                    check, reason = why
                    rejected.append(Rejected(item=row.conversation.id, stage="export", check=check, reason=reason))
                    continue
                asked = messages[-2].model_copy(update={"content": IMAGE * len(images or ()) + messages[-2].content})
                shown = (*messages[:-2], asked, messages[-1])
                made[split].append(Shared(**row.told(), messages=shown, images=images))
        return made, rejected

    def _messages(self, conversation: Conversation) -> tuple[Message, ...]:
        answer = spoken(conversation)
        if self.recipe.wording.thinking and conversation.reasoning:
            answer = f"<think>\n{conversation.reasoning}\n</think>\n\n{conversation.answer}"
        return (*conversation.prompt, Message(role="assistant", content=answer))

    def _name(self, split: str) -> str:
        return f"{self.prefix}_{split}"

    def _config(self, counts: Mapping[str, int], *, sees: bool) -> dict[str, Any]:
        rule, lora = self.recipe.optimiser, self.recipe.lora
        config: dict[str, Any] = {
            "model_name_or_path": self.model,
            "stage": "sft",
            "do_train": True,
            "finetuning_type": "full" if self.recipe.method == "full" else "lora",
            "dataset_dir": ".",
            "dataset": self._name(self.recipe.slice.split),
            "template": f"{self.template}_vl" if sees else self.template,
            # None: rows with a thought are thought, rows without have an empty one in the prompt
            "enable_thinking": None if self.recipe.wording.thinking else False,
            "mask_history": True,  # of the user's own rows: the last turn alone is learnt
            "cutoff_len": self.recipe.max_length,
            "output_dir": "student",
            "per_device_train_batch_size": rule.micro_batch,
            "gradient_accumulation_steps": rule.batch // rule.micro_batch,
            "learning_rate": rule.learning_rate,
            "num_train_epochs": rule.epochs,
            "max_steps": rule.max_steps or -1,
            "lr_scheduler_type": "cosine",
            "warmup_ratio": rule.warmup_share,
            "weight_decay": rule.weight_decay,
            "max_grad_norm": rule.max_grad_norm,
            "disable_gradient_checkpointing": self.recipe.gradient_checkpointing is False,
            "bf16": self.recipe.precision != "float32",
            "save_steps": self.recipe.save_every,
            "logging_steps": 10,
            "plot_loss": True,
            "report_to": "none",
            "seed": self.recipe.seed,
        }
        if self.recipe.method != "full":
            targets = "all" if isinstance(lora.targets, str) else ",".join(lora.targets)
            config |= {"lora_rank": lora.rank, "lora_alpha": lora.alpha, "lora_dropout": lora.dropout}
            config |= {"lora_target": targets}
        if self.recipe.method == "qlora":
            config |= {"quantization_bit": 4, "quantization_method": "bnb", "double_quantization": True}
        if "dev" in counts:
            config |= {"eval_dataset": self._name("dev"), "eval_strategy": "epoch", "per_device_eval_batch_size": 1}
        return config


def _unfit(messages: Sequence[Message], *, sees: bool) -> tuple[str, str] | None:
    """Check and reason of a row that LLaMA-Factory would drop, or count wrong images in."""
    turns = [message.role for message in messages if message.role != "system"]
    if turns != ["user", "assistant"] * (len(turns) // 2) or any(m.role == "system" for m in messages[1:]):
        return "turns", "user and assistant do not take turns, as LLaMA-Factory asks"
    slots = [slot for slot in SLOTS if any(slot in message.content for message in messages)] if sees else []
    return ("placeholder", f"its text contains {slots[0]}, which LLaMA-Factory takes for a medium") if slots else None


def _entry(split: str, *, sees: bool) -> dict[str, Any]:
    """What `dataset_info.json` says of one split."""
    tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}
    return {
        "file_name": ROWS.format(split=split),
        "formatting": "sharegpt",
        "columns": {"messages": "messages", **({"images": "images"} if sees else {})},
        "tags": {**tags, "system_tag": "system"},
    }


def _copied(name: str, blobs: Path, out: Path) -> str:
    """The image under a name with a suffix; returns its path from the export's folder."""
    source = blobs / name
    try:
        data = source.read_bytes()
    except OSError:
        raise UsageError(
            f"{source}: this image of a sample is missing; name the workspace that has it with --workspace WS, or "
            "leave images out with --no-images"
        ) from None
    suffix = next((suffix for head, suffix in SUFFIXES.items() if data.startswith(head)), "")
    target = f"images/{name}{suffix}"
    if not (out / target).exists():
        write_bytes(out / target, data)
    return target
