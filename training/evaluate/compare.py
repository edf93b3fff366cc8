"""Evaluations of the same questions side by side, paired by question; the first one is before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from runtime.artefacts import write_json, write_rows
from schemas.errors import UsageError
from training.evaluate import compare_report
from training.evaluate.about import ABOUT, SUMMARY, Evaluation, load
from training.evaluate.pairing import Comparison, compared

CHANGED: Final = "changed.jsonl"


def compare(folders: Sequence[Path], out: Path) -> Comparison:
    """Compare evaluations and write summary.json, changed.jsonl, report.md and plots.

    Raises: UsageError: fewer than two, no evaluation, or evaluations of different data.
    """
    if len(folders) < 2:
        raise UsageError("--compare needs two evaluations or more; the first one is before")
    evaluations = [load(folder) for folder in folders]
    _same(evaluations)
    names = labels(folders)
    if (out / ABOUT).exists():
        raise UsageError(f"{out}: holds an evaluation; take another --out for the comparison")
    made, changed = compared(evaluations, names)
    write_json(out / SUMMARY, made.model_dump(mode="json"))
    write_rows(out / CHANGED, changed)
    compare_report.write(out, made, changed, dict(zip(names, evaluations, strict=True)))
    return made


def _same(evaluations: Sequence[Evaluation]) -> None:
    first = evaluations[0]
    for other in evaluations[1:]:
        if other.about.data.sha256 != first.about.data.sha256:
            raise UsageError(
                f"{first.folder} and {other.folder} were not asked the same questions ({_asked(first)}; "
                f"{_asked(other)}): evaluate both on the same data"
            )


def _asked(one: Evaluation) -> str:
    data = one.about.data
    return f"{data.questions} of {data.name}{' ' + '+'.join(data.splits) if data.splits else ''}, hash {data.sha256}"


def labels(folders: Sequence[Path]) -> list[str]:
    """The shortest ends of the paths that tell them apart.

    Raises: UsageError: one folder twice.
    """
    parts = [folder.resolve().parts for folder in folders]
    if len(set(parts)) < len(parts):
        raise UsageError("--compare: the same folder twice")
    depth = 1
    while len({part[-depth:] for part in parts}) < len(parts):
        depth += 1
    return ["/".join(part[-depth:]) for part in parts]
