"""`edits.jsonl`: one edit per line. Users may write lines themselves; what the server shows is harvested into it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from runtime.artefacts import write_text
from schemas.edit import Edit
from schemas.errors import ConfigError

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "set": ("on", "properties"),
    "remove": ("on",),
    "add": ("on",),
    "merge": ("on", "into"),
    "split": ("surfaces",),
    "ignore": ("on",),
}
"""Operation -> fields that it cannot do without."""


def read_edits(path: Path) -> tuple[Edit, ...]:
    """The edits of a file, each once, in its order; none where there is no file.

    Raises:
        ConfigError: a line is no edit: names file, line and field.
    """
    if not path.exists():
        return ()
    found: dict[str, Edit] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            edit = Edit.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "line"
            raise ConfigError(f"{path}:{number}: {where}: {first['msg']}") from None
        missing = [name for name in NEEDS[edit.op] if not getattr(edit, name)]
        if missing:
            raise ConfigError(f"{path}:{number}: {edit.op} needs {' and '.join(missing)}")
        found.setdefault(edit.id, edit)
    return tuple(found.values())


def write_edits(path: Path, edits: Iterable[Edit]) -> None:
    """Write the edits; the file is whole or the old one. Without edits there is no file."""
    lines = [f"{edit.line}\n" for edit in edits]
    if lines:
        write_text(path, "".join(lines))
    else:
        path.unlink(missing_ok=True)
