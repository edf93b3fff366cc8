"""The corpus folder and its manifest: one Document per content, with its sorted paths."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.artefacts import read_json, sha256_file, write_json
from schemas.base import Row
from schemas.errors import UsageError
from schemas.reject import Rejected


@dataclass(frozen=True, slots=True)
class Source:
    """One content of the corpus."""

    sha256: str
    paths: tuple[str, ...]
    """NFC POSIX paths relative to the corpus folder, sorted."""
    file: Path
    """One file with this content, to be read."""
    size: int


class Entry(Row):
    """One line of the manifest: a document and the keys of its fragments."""

    document: str
    paths: tuple[str, ...]
    format: str
    elements: str
    facts: str


class Manifest(Row):
    """`corpus.json`: the live fragments. Fragments are fetched by key from here, never by listing a folder."""

    root: str
    """Folder of the corpus, absolute; of this machine, so never exported."""
    documents: tuple[Entry, ...]
    rejected: tuple[Rejected, ...] = ()
    imported: str | None = None
    """Generation of a graph that was imported, not extracted: there are no documents then."""

    def write(self, path: Path) -> None:
        write_json(path, self.model_dump(mode="json", exclude_none=True))

    @classmethod
    def read(cls, path: Path) -> Manifest:
        return cls.model_validate(read_json(path))


def scan(root: Path, *, first: int | None = None) -> tuple[list[Source], list[Rejected]]:
    """Every file of the corpus, once per content, in the order of its smallest path.

    Links that lead back to a folder above them are reported and not followed; hidden files are not documents.

    Raises: UsageError: the folder does not exist, is no folder or holds no file.
    """
    if not root.exists():
        raise UsageError(f"{root}: no such folder; give the folder that holds your documents")
    if not root.is_dir():
        raise UsageError(f"{root}: not a folder; give the folder that holds your documents")
    rejected: list[Rejected] = []
    files = sorted(_walk(root, root, (root.resolve(),), rejected))
    if not files:
        raise UsageError(f"{root}: no documents in this folder")
    by_content: dict[str, list[tuple[str, Path]]] = {}
    for name, path in files[: first or None]:
        try:
            by_content.setdefault(sha256_file(path), []).append((name, path))
        except OSError as error:
            rejected.append(_reject(name, "unreadable", error.strerror or str(error)))
    sources = [
        Source(sha, tuple(name for name, _ in found), found[0][1], found[0][1].stat().st_size)
        for sha, found in by_content.items()
    ]
    return sources, rejected


def _walk(root: Path, folder: Path, above: tuple[Path, ...], rejected: list[Rejected]) -> Iterator[tuple[str, Path]]:
    for entry in sorted(os.scandir(folder), key=lambda item: item.name):
        path = Path(entry.path)
        name = unicodedata.normalize("NFC", path.relative_to(root).as_posix())
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_symlink() and not path.exists():
            rejected.append(_reject(name, "broken_link", "the link leads nowhere"))
        elif entry.is_dir():
            real = path.resolve()
            if real in above:
                rejected.append(_reject(name, "directory_loop", "a link to a folder above it; not followed"))
                continue
            yield from _walk(root, path, (*above, real), rejected)
        elif entry.is_file():
            yield name, path


def _reject(name: str, check: str, reason: str) -> Rejected:
    return Rejected(item=name, stage="ingest", check=check, reason=reason, document=name)
