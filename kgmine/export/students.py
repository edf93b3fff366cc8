"""What the exporters of training files share: rows in a keyed order, one file for each split, a README that says so."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from kgmine.export import Exported, Exporter
from runtime.artefacts import fingerprint, set_done, sha256_file, write_json, write_rows, write_text
from schemas.base import Row
from schemas.conversation import Conversation
from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample
from training.conversation import of_sample
from training.recipe import Recipe, Wording
from training.rows import own as own_rows
from training.rows.slice import choose

MODEL: Final = "Qwen/Qwen3-0.6B"
FIRST: Final = ("train", "dev", "test")
ROWS: Final = "data/{split}.jsonl"
MARK: Final = "export.json"
"""What was exported and how; written first, so that a killed export is known as one and may be written again."""


class Told(Row):
    """What stands in each exported row beside what is trained on, so that it is found again in the benchmark."""

    id: str
    """Of the sample; of the user's own row its content hash."""
    origin: Literal["sample", "own"]
    task: str | None
    hops: int | None
    split: str | None
    leak_free: bool | None
    """None: own rows were not looked at."""


@dataclass(frozen=True, slots=True)
class Turned:
    """What a student reads and is to say, and the sample that it comes from."""

    conversation: Conversation
    sample: Sample | None
    """None: a row of the user's own."""

    @property
    def images(self) -> tuple[str, ...]:
        return self.sample.images if self.sample else ()

    def told(self) -> dict[str, Any]:
        """The fields of `Told`."""
        of_sample_ = {name: getattr(self.sample, name, None) for name in Told.model_fields}
        return {**of_sample_, "id": self.conversation.id, "origin": self.conversation.origin}


@dataclass(frozen=True, slots=True)
class Data:
    """Rows by split, and what the recipe leaves out of training."""

    rows: dict[str, list[Turned]]
    """In the order of training, dev, test, others; within a split by a keyed hash."""
    rejected: tuple[Rejected, ...]
    samples: tuple[Sample, ...]
    """Those of the rows."""


def turned(samples: Sequence[Sample], recipe: Recipe) -> Data:
    """What is exported: the recipe's slice with the user's own rows mixed in, and the other splits as they are.

    The order is that of a keyed hash: exports come by rank and task, and the first rows of a file (a quick look, a
    `max_samples`) should be like the rest.

    Raises: UsageError: no row of the split that is trained on, or a slice without rows.
    """
    train = recipe.slice.split
    splits: dict[str, list[Sample]] = {}
    for sample in samples:
        splits.setdefault(sample.split or train, []).append(sample)
    if train not in splits:
        raise UsageError(f"no row of split `{train}` to train on; splits of this export: {', '.join(sorted(splits))}")
    chosen = choose(splits[train], recipe.slice)
    splits[train] = list(chosen.samples)
    rows = {
        split: [Turned(of_sample(sample, recipe.wording), sample) for sample in found]
        for split, found in splits.items()
    }
    rejected = chosen.rejected
    if recipe.replay.rows is not None:
        own = own_rows.read(recipe.replay.rows, recipe.wording)
        named = {row.conversation.id: row for row in rows[train]}
        in_order = own_rows.ordered(own.conversations, recipe.seed)
        together = own_rows.mixed([row.conversation for row in rows[train]], in_order, recipe.replay.share)
        rows[train] = [named.get(row.id, Turned(row, None)) for row in together]
        rejected += own.rejected
    names = sorted(rows, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    shuffled = {name: sorted(rows[name], key=lambda row: _key(recipe.seed, row.conversation.id)) for name in names}
    kept = tuple(row.sample for found in shuffled.values() for row in found if row.sample)
    return Data(shuffled, rejected, kept)


def _key(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def write_splits(out: Path, rows: Mapping[str, Sequence[Row]]) -> dict[str, int]:
    """One JSON-lines file for each split; returns how many rows each has."""
    return {split: write_rows(out / ROWS.format(split=split), found) for split, found in rows.items()}


def law(samples: Sequence[Sample]) -> str:
    """Whether the splits leak, in one sentence."""
    if all(sample.leak_free for sample in samples):
        return "Leak-free: no fact, answer entity or evidence text of dev or test occurs in train"
    return "These splits may leak: the run asked for a softer mode (`leak_free: false` in its rows)"


def said(wording: Wording) -> str:
    """The wording in words."""
    book = "evidence in the prompt" if wording.evidence else "closed book"
    if wording.target == "answer":
        return f"{book}, answer only"
    return f"{book}, {'thinking' if wording.thinking else 'steps'}, then the answer"


def write_readme(
    out: Path, title: str, how: str, samples: Sequence[Sample], counts: Mapping[str, int], wording: Wording
) -> None:
    """The card: what is inside, by hash, what the splits promise and how it is used.

    The front matter makes `datasets.load_dataset(folder)` find the splits by their names.
    """
    files = [{"split": split, "path": ROWS.format(split=split)} for split in counts]
    front = {"configs": [{"config_name": "default", "data_files": files}]}
    table = "\n".join(
        f"| {split} | {count} | {sha256_file(out / ROWS.format(split=split))[:16]} |" for split, count in counts.items()
    )
    text = (
        f"---\n{yaml.safe_dump(front, sort_keys=False)}---\n\n# {title}\n\n"
        f"Questions of a kgmine export as training data: {said(wording)}. {law(samples)}. Rows are "
        "shuffled by a keyed hash; `id` is the sample's id in the export, where its proof stands.\n\n"
        f"| split | rows | sha256 of the file |\n|---|---|---|\n{table}\n\n{how}\n"
    )
    write_text(out / "README.md", text)


def write(exporter: Exporter, samples: Sequence[Sample], out: Path, *, source: Path) -> Exported:
    """Export into a folder that is new, empty, or of an earlier export, which goes first.

    Args:
        exporter: of the format.
        samples: of the export.
        out: folder.
        source: folder of the export that the samples come from.

    Raises: UsageError: the folder holds something else.
    """
    if out.resolve() == source.resolve():
        raise UsageError(f"--out {out}: that is the export itself; name a new folder")
    if out.is_dir() and any(out.iterdir()):
        if not (out / MARK).exists():
            raise UsageError(f"--out {out}: not empty, and not written by this command; name a new folder")
        (out / "DONE").unlink(missing_ok=True)
        for name in ("data", "images"):
            shutil.rmtree(out / name, ignore_errors=True)
    recipe = exporter.recipe.model_dump(mode="json", exclude={"replay"})
    files = {path.name: sha256_file(path) for path in sorted((source / "data").glob("*.jsonl"))}
    made = {"exporter": type(exporter).__name__, "recipe": recipe, "model": exporter.model, "data": files}
    write_json(out / MARK, made)
    exported = exporter.export(samples, out)
    write_rows(out / "rejected.jsonl", exported.rejected)
    set_done(out, fingerprint(made))
    return exported
