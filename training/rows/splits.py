"""Samples of a split: from a kgmine export, or from a file of such rows."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import UsageError
from schemas.sample import Sample


def read(splits: Path, split: str) -> list[Sample]:
    """The samples of one split, in the order of the file.

    Args:
        splits: export folder (`data/<split>.jsonl`), or a JSON-lines file of samples, of which those of the split (and
            those without one) are taken.
        split: name.
    Raises: UsageError: no such file, a line that is no sample, or no row.
    """
    path = _file(splits, split)
    try:
        found = [_sample(line, path, number) for number, line in enumerate(path.open("rb"), 1) if line.strip()]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    chosen = [sample for sample in found if sample.split in (split, None)]
    if not chosen:
        others = sorted({sample.split for sample in found if sample.split})
        there = f"; it has rows of {', '.join(others)}" if others else ""
        raise UsageError(f"{path}: no row of split `{split}`{there}")
    return chosen


def names(export: Path) -> list[str]:
    """The splits of an export, sorted. Raises UsageError: it is none."""
    found = sorted(path.stem for path in (export / "data").glob("*.jsonl"))
    if not found:
        raise UsageError(f"{export}: not an export of kgmine (no data/*.jsonl)")
    return found


def _file(splits: Path, split: str) -> Path:
    if not splits.is_dir():
        if not splits.exists():
            raise UsageError(f"{splits}: no such export folder or file (`kgmine run CORPUS --out {splits}` makes one)")
        return splits
    there = names(splits)
    if split not in there:
        raise UsageError(f"{splits}: no split `{split}` in this export; it has {', '.join(there)}")
    return splits / "data" / f"{split}.jsonl"


def _sample(line: bytes, path: Path, number: int) -> Sample:
    try:
        return Sample.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path}:{number}: not a sample of kgmine: {where}: {first['msg']}") from None
    except ValueError as error:
        raise UsageError(f"{path}:{number}: not JSON ({error})") from None
