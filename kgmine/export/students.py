"""What the exporters of training files share: rows in a keyed order, one file for each split, a README that says so."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from kgmine.export import Exported, Exporter
from runtime.artefacts import fingerprint, set_done, sha256_file, write_json, write_rows, write_text
from schemas.base import Row
from schemas.conversation import Conversation
from schemas.errors import UsageError
from schemas.sample import Sample
from training.conversation import of_sample
from training.recipe import Recipe, Wording

MODEL: Final = "Qwen/Qwen3-0.6B"
FIRST: Final = ("train", "dev", "test")
ROWS: Final = "data/{split}.jsonl"
MARK: Final = "export.json"
"""What was exported and how; written first, so that a killed export is known as one and may be written again."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A sample and what a student reads and is to say."""

    sample: Sample
    conversation: Conversation


def turned(samples: Iterable[Sample], recipe: Recipe) -> dict[str, list[Turned]]:
    """Rows by split; a sample without a split is training data.

    The order is that of a keyed hash: exports come by rank and task, and the first rows of a file (`--max-samples`, a
    quick look) should be like the rest.

    Raises: UsageError: no row of the split that is trained on.
    """
    found: dict[str, list[Turned]] = {}
    for sample in samples:
        split = sample.split or recipe.slice.split
        found.setdefault(split, []).append(Turned(sample, of_sample(sample, recipe.wording)))
    if recipe.slice.split not in found:
        there = ", ".join(sorted(found)) or "none"
        raise UsageError(f"no row of split `{recipe.slice.split}` to train on; splits of this export: {there}")
    names = sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return {name: sorted(found[name], key=lambda row: _key(recipe.seed, row.sample.id)) for name in names}


def _key(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


class Told(Row):
    """What stands in each exported row beside what is trained on, so that it is found again in the benchmark."""

    id: str
    """Of the sample."""
    task: str
    hops: int
    split: str | None
    leak_free: bool


def told(sample: Sample) -> dict[str, Any]:
    """The fields of `Told`."""
    return {name: getattr(sample, name) for name in Told.model_fields}


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
