"""Files that are whole or absent: atomic writes, JSON lines, and the `DONE` mark that a stage leaves last."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.errors import GraphError

R = TypeVar("R", bound=BaseModel)


def write_bytes(path: Path, data: bytes) -> None:
    """Write so that a reader (or a killed writer) sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def write_text(path: Path, text: str) -> None:
    """UTF-8, newline at the end as given."""
    write_bytes(path, text.encode())


def dump(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, unicode as is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_json(path: Path, value: Any) -> None:
    """Readable canonical JSON, two spaces, sorted keys."""
    write_text(path, json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """Raises GraphError where the file is missing or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GraphError(f"{path}: missing; run the stage that writes it") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}: damaged ({error}); delete it and run again") from None


def row_line(row: BaseModel) -> str:
    """One row as one canonical line, without the newline; fields in the order of the schema."""
    return row.model_dump_json()


def write_rows(path: Path, rows: Iterable[BaseModel]) -> int:
    """Write rows as JSON lines; returns how many."""
    lines = [row_line(row) for row in rows]
    write_text(path, "".join(f"{line}\n" for line in lines))
    return len(lines)


def read_rows(path: Path, model: type[R]) -> Iterator[R]:
    """Rows of a JSON-lines file, checked against their schema; GraphError names file and line."""
    if not path.exists():
        raise GraphError(f"{path}: missing; run the stage that writes it")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield model.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise GraphError(f"{path}:{number}: {where}: {first['msg']}") from None


def write_packed(path: Path, row: BaseModel) -> None:
    """One row, gzip without a time stamp."""
    write_bytes(path, gzip.compress(row.model_dump_json().encode(), 6, mtime=0))


def read_packed(path: Path, model: type[R]) -> R:
    """The row of `write_packed`; GraphError where it is damaged."""
    try:
        return model.model_validate_json(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValidationError, ValueError) as error:
        raise GraphError(f"{path}: damaged ({type(error).__name__}); delete it and run again") from None


def sha256_file(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def fingerprint(*parts: object) -> str:
    """16 hex characters over canonical JSON of the parts."""
    return hashlib.sha256(dump(parts).encode()).hexdigest()[:16]


def is_done(folder: Path, mark: str) -> bool:
    """True if the stage in this folder finished with this fingerprint."""
    done = folder / "DONE"
    return done.exists() and done.read_text(encoding="utf-8").strip() == mark


def set_done(folder: Path, mark: str) -> None:
    """Written last, by a stage that finished."""
    write_text(folder / "DONE", mark + "\n")
