"""Who is examined: a base, a base with an adapter, or a student's folder, which says how it was trained."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from runtime.artefacts import fingerprint, read_json, sha256_file
from schemas.base import Row
from schemas.errors import UsageError
from training.models import weights

CARD: Final = "student.json"
LOG: Final = "log.jsonl"


class Trained(Row):
    """What a student's folder says of its training."""

    volume: int
    """Rows of the slice that it was trained on."""
    data_sha256: str
    method: str
    seed: int
    final_loss: float


class Adapter(Row):
    """An adapter, or a student whose weights are its own (method full)."""

    name: str
    sha256: str
    """Of weights and configuration; 16 hex characters."""
    trained: Trained | None
    """None: not by kgmine."""


class Model(Row):
    """A base."""

    name: str
    """Of the folder, on the hub, or at the server."""
    identity: str | None
    """See `training.models.weights.identity`; None at a server, which does not say."""
    server: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Weights to load and where they come from."""

    weights: str
    adapter: Path | None = None
    student: Path | None = None
    """Folder with student.json."""
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> dict[str, Any]:
        """The part of its recipe that evaluation shares; empty where nothing says so."""
        return {"wording": self.card["recipe"]["wording"]} if self.card else {}

    @property
    def log(self) -> Path | None:
        """The student's training log."""
        path = self.student / LOG if self.student else None
        return path if path and path.exists() else None

    def model(self) -> Model:
        """The base as an evaluation records it: no path of this machine."""
        if self.student and self.adapter is None:
            base = self.card["base"]
            return Model(name=base["name"], identity=base["identity"])
        return Model(name=weights.called(self.weights), identity=weights.identity(self.weights))

    def described(self) -> Adapter | None:
        """The adapter, or None of a base alone."""
        folder = self.adapter or (Path(self.weights) if self.student else None)
        if folder is None:
            return None
        files = sorted(
            path for path in folder.glob("*") if path.suffix == ".safetensors" or path.name == "adapter_config.json"
        )
        return Adapter(
            name=_name((self.student or folder).resolve()),
            sha256=fingerprint([[path.name, sha256_file(path)] for path in files]),
            trained=_trained(self.card) if self.student else None,
        )


def resolve(model: str, adapter: Path | None) -> Subject:
    """The weights that two options name.

    Args:
        model: a base (folder or hub name), or the folder of a student that was trained whole.
        adapter: a PEFT folder, or the folder of a student.
    Raises: UsageError: a student's folder without what is asked for.
    """
    if adapter is not None:
        if not adapter.is_dir():
            raise UsageError(f"{adapter}: no such folder")
        inner = adapter / "adapter"
        if (adapter / CARD).exists() and not inner.is_dir():
            raise UsageError(f"{adapter}: this student has no adapter; --model {adapter} takes its own weights")
        folder = inner if inner.is_dir() else adapter
        student, card = _student(folder)
        return Subject(weights=model, adapter=folder, student=student, card=card)
    folder = Path(model)
    if (folder / CARD).exists() and not (folder / "model").is_dir():
        raise UsageError(f"{model}: this student is an adapter; name its base with --model and add --adapter {model}")
    whole = folder / "model" if (folder / CARD).exists() else folder
    if whole.name in ("model", "merged") and (whole.parent / CARD).exists():
        student, card = _student(whole)
        return Subject(weights=str(whole), student=student, card=card)
    return Subject(weights=model)


def _student(folder: Path) -> tuple[Path | None, dict[str, Any]]:
    parent = folder.resolve().parent
    if not (parent / CARD).exists():
        return None, {}
    if not (parent / "DONE").exists():
        raise UsageError(f"{parent}: this student's training is not done; run its command again")
    return parent, read_json(parent / CARD)


def _name(folder: Path) -> str:
    """Of a volume with that of its students' folder."""
    return f"{folder.parent.name}/{folder.name}" if folder.name.startswith("volume-") else folder.name


def _trained(card: dict[str, Any]) -> Trained:
    return Trained(
        volume=card["volume"],
        data_sha256=card["data"]["sha256"],
        method=card["method"],
        seed=card["seed"],
        final_loss=card["final_loss"],
    )
