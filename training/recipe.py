"""The recipe of a student: one short YAML. Defaults come from the papers; unknown keys are refused by name.

LoRA rank 128, alpha 256: M2RAG (arXiv 2411.16365, section 5). Answers with their steps as targets: FM2DS
(arXiv 2412.07030, section 3.6, query-guided distillation). Mixing with real rows: Source2Synth (arXiv 2409.08239, 4.3).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from runtime import settings
from runtime.settings import Section


class Slice(Section):
    """Which samples of a split a student is trained on: gates first, then best rank first under the quotas."""

    split: str = "train"
    top: int | None = Field(default=None, ge=1)
    """At most this many; None: all that gates and quotas leave."""
    proved: bool = True
    """Only samples whose checks have no fail and no unknown."""
    gates: dict[str, float] = {}
    """Least value of a score, by name (`quality: 0.4`); a sample that could not be scored does not pass."""
    tasks: tuple[str, ...] = ()
    """Only these task types; empty: all."""
    max_task_share: float = Field(default=1.0, gt=0, le=1)
    """No task type gets more than this share of the slice."""
    max_document_share: float = Field(default=1.0, gt=0, le=1)
    """No document (of the first evidence) gets more than this share of the slice."""


class Wording(Section):
    """What the student reads and what it is to say. Evaluation uses the same."""

    evidence: bool = False
    """True: the passages that hold the evidence stand before the question; False: closed book."""
    target: Literal["answer", "steps"] = "answer"
    """steps: the derivation's chain of intermediate values, then the answer."""
    thinking: bool = False
    """Steps go between thinking tags where the model's template knows them; else they are said before the answer."""
    system: str = ""
    """System message; empty: none (the template's own default stays)."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.thinking and self.target == "answer":
            raise ValueError("thinking needs `target: steps`: there would be nothing to think")
        return self


class Replay(Section):
    """The user's own rows, mixed in: against forgetting, or as the real data of a volume curve."""

    rows: Path | None = None
    """JSON lines (question and answer, messages, or prompt and completion), or a folder of `datasets`."""
    share: float = Field(default=0.0, ge=0, le=1)
    """Of all training rows."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.rows is None) != (self.share == 0):
            raise ValueError("rows and share belong together: name a file and a share above 0")
        return self


class Lora(Section):
    """Low-rank adapters (Hu et al. 2021, arXiv 2106.09685)."""

    rank: int = Field(default=128, ge=1)
    alpha: int = Field(default=256, ge=1)
    """The update is scaled by alpha / rank."""
    dropout: float = Field(default=0.05, ge=0, lt=1)
    targets: Literal["all-linear"] | tuple[str, ...] = "all-linear"
    """Names of linear layers; all-linear: every one but the output head."""


class Optimiser(Section):
    """AdamW with a warm-up and a cosine to zero."""

    learning_rate: float = Field(default=1e-4, gt=0)
    epochs: float = Field(default=3.0, gt=0)
    max_steps: int | None = Field(default=None, ge=1)
    """Instead of epochs."""
    batch: int = Field(default=16, ge=1)
    """Rows of one step."""
    micro_batch: int = Field(default=4, ge=1)
    """Rows that go through the model at once; divides `batch`."""
    warmup_share: float = Field(default=0.03, ge=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.batch % self.micro_batch:
            raise ValueError(f"micro_batch {self.micro_batch} must divide batch {self.batch}")
        return self


class Recipe(Section):
    """Everything that shapes a student but base, data and seed."""

    slice: Slice = Slice()
    wording: Wording = Wording()
    replay: Replay = Replay()
    method: Literal["lora", "qlora", "full"] = "lora"
    """qlora: the base in 4 bits (NF4, double quantisation: Dettmers et al. 2023); needs CUDA."""
    lora: Lora = Lora()
    optimiser: Optimiser = Optimiser()
    max_length: int = Field(default=4096, ge=16)
    """Tokens of prompt and target; a longer row is rejected, never cut."""
    precision: Literal["auto", "bf16", "float32"] = "auto"
    """auto: bf16 on CUDA, float32 on a CPU."""
    gradient_checkpointing: bool | None = None
    """Less memory for about a third more time; None: on CUDA only."""
    save_every: int = Field(default=100, ge=1)
    """Steps between checkpoints, from which a killed run goes on."""
    seed: int = 0

    def checkpointing(self, device: str) -> bool:
        """Whether activations are computed again instead of kept."""
        return device.startswith("cuda") if self.gradient_checkpointing is None else self.gradient_checkpointing


def load(path: Path | None, overrides: tuple[str, ...] = (), **direct: Any) -> Recipe:
    """The recipe of a file with overrides, see `runtime.settings.load`."""
    return settings.load(Recipe, path, overrides, what="recipe", **direct)
