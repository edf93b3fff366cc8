"""What was evaluated and how: the head of an evaluation's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from runtime.artefacts import read_json
from runtime.llm import Decoding
from runtime.settings import changed
from schemas.base import Row
from schemas.errors import GraphError, UsageError
from training.evaluate import outputs
from training.evaluate.subject import Adapter, Model
from training.recipe import Wording

ABOUT: Final = "evaluation.json"
SUMMARY: Final = "summary.json"


class Data(Row):
    """What was asked."""

    name: str
    """Of the export's folder, or of the file of own rows."""
    splits: tuple[str, ...]
    """Empty: own rows."""
    questions: int
    sha256: str
    """See `training.rows.questions.data_sha`."""


class About(Row):
    """What was evaluated and how; two runs with equal ones give equal outputs."""

    model: Model
    adapter: Adapter | None
    data: Data
    wording: Wording
    trained_wording: Wording | None
    """Of the student's own recipe, where its folder says so."""
    attempts: int
    temperature: float
    top_p: float
    seed: int
    max_new_tokens: int
    template_flags: bool
    """Whether the template was told if it thinks (`enable_thinking`)."""
    precision: Literal["bf16", "float32"] | None
    """None: the server's."""
    versions: dict[str, str]

    @property
    def decoding(self) -> Decoding:
        return Decoding(
            max_new_tokens=self.max_new_tokens, temperature=self.temperature, top_p=self.top_p, seed=self.seed
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation on disk."""

    folder: Path
    about: About
    rows: list[outputs.Output]


def load(folder: Path) -> Evaluation:
    """An evaluation with its outputs.

    Raises: UsageError: there is none, or two.
    """
    if not (folder / ABOUT).exists():
        inner = sorted(path.parent for path in folder.glob(f"*/{ABOUT}"))
        if inner:
            names = " and ".join(path.name for path in inner)
            raise UsageError(f"{folder}: holds {names}; name one of them, e.g. {inner[0]}")
        raise UsageError(f"{folder}: no evaluation here ({ABOUT}); `kgmine evaluate` writes one")
    if not (folder / outputs.FILE).exists():
        raise UsageError(f"{folder}: this evaluation was stopped; run its command again")
    try:
        about = About.model_validate(read_json(folder / ABOUT))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise GraphError(f"{folder / ABOUT}: {where}: {first['msg']}; evaluate again into a new folder") from None
    return Evaluation(folder, about, outputs.read(folder))


def difference(old: Any, new: Any) -> list[str]:
    """What differs between two descriptions, `wording.evidence false -> true`."""
    return [f"{name} {_said(was)} -> {_said(now)}" for name, was, now in changed(old, new)]


def _said(value: Any) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value) or '""'
