"""A small export, a scripted server that answers it, and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgmine.cli.main import run
from runtime.artefacts import write_rows
from schemas.sample import Sample
from tests.llm.double import Reply, said
from tests.scoring.samples import sample

TASKS = ("value", "bridge", "count")
CONTEXT = ({"element": "t1", "kind": "table", "text": "River\tkm\nA\t42"},)


def rivers(count: int, split: str = "test") -> list[Sample]:
    """Questions whose right answer is their number plus 100."""
    return [
        sample(
            f"{split}-{n:03d}",
            question=f"What is the length of river {n} of {split}, in kilometres?",
            answer=str(100 + n),
            answer_value=str(100 + n),
            task=TASKS[n % 3],
            hops=n % 2,
            modalities=("table",) if n % 4 else ("table", "text"),
            split=split,
            context=CONTEXT,
        )
        for n in range(count)
    ]


def export(folder: Path, count: int = 12, **splits: int) -> Path:
    """`test` with `count` samples, and more splits by name."""
    for split, size in {"test": count, **splits}.items():
        write_rows(folder / "data" / f"{split}.jsonl", rivers(size, split))
    return folder


def number(body: dict[str, Any]) -> int:
    """Which river a request asks for."""
    return int(body["messages"][-1]["content"].split("river ")[1].split(" ")[0])


def knows(right: Callable[[int], bool]) -> Callable[[int, dict[str, Any]], Reply]:
    """A script that answers these rivers right, and the others wrong."""
    return lambda _, body: said(str(100 + number(body)) if right(number(body)) else f"no river {number(body)}")


def kgmine(*arguments: Any) -> int:
    """The command; its exit code."""
    with pytest.raises(SystemExit) as ended:
        run([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def evaluate(export_: Path, url: str, out: Path, *more: Any) -> int:
    return kgmine("evaluate", export_, "--server", url, "--model", "m", "--out", out, "--retries", 0, *more)


def files(folder: Path) -> dict[str, bytes]:
    """Every file, by its path within."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
