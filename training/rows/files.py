"""Rows of the user's own, wherever they lie: JSON lines, Parquet, folders of `datasets`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of a row."""

    reason: str


def rows(path: Path, *, split: str, what: str) -> Iterator[tuple[str, Any]]:
    """Where each row stands, and what it holds: an object, or `Unread`.

    Args:
        path: JSON lines, Parquet, a folder of such files, or one that `datasets` saved.
        split: which one is read where a folder of `datasets` has several.
        what: the option that named the file, for errors.
    Raises: UsageError: the file is not there or cannot be read.
    """
    try:
        if not path.exists():
            raise UsageError(f"{path}: no such file (`{what}`)")
        if path.is_dir():
            yield from _folder(path, split)
        elif path.suffix == ".parquet":
            yield from _parquet(path)
        else:
            yield from _lines(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from None


def _lines(path: Path) -> Iterator[tuple[str, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield f"{path.name}:{number}", json.loads(line)
                except ValueError as error:
                    yield f"{path.name}:{number}", Unread(f"not JSON ({error})")


def _parquet(path: Path) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        number = 0
        for batch in pq.ParquetFile(path).iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield f"{path.name}:{number}", row
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path}: not Parquet ({str(error).splitlines()[0]})") from None


def _folder(path: Path, split: str) -> Iterator[tuple[str, Any]]:
    parquet, lines = sorted(path.glob("*.parquet")), sorted(path.glob("*.jsonl"))
    if parquet or lines:
        for file in parquet:
            yield from _parquet(file)
        for file in lines:
            yield from _lines(file)
        return
    if not (path / "dataset_info.json").exists() and not (path / "dataset_dict.json").exists():
        raise UsageError(f"{path}: no folder of `datasets` (save_to_disk), and no *.parquet or *.jsonl in it")
    yield from _saved(path, split)


def _saved(path: Path, split: str) -> Iterator[tuple[str, Any]]:
    try:
        import datasets
    except ImportError:
        raise UsageError(f"{path}: reading it needs datasets: pip install 'kgmine[train]'") from None
    try:
        found = datasets.load_from_disk(str(path))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: `datasets` cannot load it ({str(error).splitlines()[0]})") from None
    if isinstance(found, datasets.DatasetDict):
        if split not in found:
            raise UsageError(f"{path}: a set of splits without `{split}`; it has {', '.join(found)}")
        found = found[split]
    for number, row in enumerate(found, 1):
        yield f"{path.name}:{number}", row
