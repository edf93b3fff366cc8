"""Readers: one file in, its elements in reading order out.

A reader knows one family of formats and nothing of facts. `reader_for` looks at the name and then at the first bytes,
so that a text file named `.pdf` is told apart before a parser sees it. Third parties add readers through the entry
point group `kgmine.readers`; its entries are named by the suffix they read (`.tei`), and come before the shipped ones.
"""

from __future__ import annotations

import functools
import importlib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, Protocol, cast

from extraction.readers.sniff import check_content
from schemas.element import Elements

ENTRY_POINTS: Final = "kgmine.readers"


class Reader(Protocol):
    """Reads one file. Implementations are frozen dataclasses whose fields are their configuration."""

    @property
    def name(self) -> str:
        """Short name, `pdf`."""

    @property
    def version(self) -> int:
        """Raised whenever equal bytes may give other elements."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Lower-case file suffixes with the dot."""

    def read(self, path: Path, blobs: Path) -> Elements:
        """Reads `path`; images go to `blobs/<sha256>` (the folder exists).

        `Elements.document.paths` is `(path.name,)`; the pipeline replaces it by the paths in the corpus.

        Raises:
            DocumentError: the file cannot be read; nothing was written but blobs.
        """


_PDF: Final = "extraction.readers.pdf:PdfReader"
_PANDOC: Final = "extraction.readers.pandoc:PandocReader"
_SPREADSHEET: Final = "extraction.readers.spreadsheet:SpreadsheetReader"

SHIPPED: Final[dict[str, str]] = {
    ".pdf": _PDF,
    **dict.fromkeys((".docx", ".odt", ".epub", ".fb2", ".rtf"), _PANDOC),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".md", ".markdown", ".tex", ".latex", ".rst", ".org"), _PANDOC),
    **dict.fromkeys((".ipynb", ".nxml", ".jats", ".dbk", ".docbook", ".mediawiki", ".wiki", ".typ"), _PANDOC),
    ".txt": "extraction.readers.text:TextReader",
    **dict.fromkeys((".xlsx", ".xlsm", ".csv", ".tsv"), _SPREADSHEET),
}
"""Suffix -> `module:class`, imported on first use: a run over PDFs never loads pandoc's reader."""


@functools.cache
def registry() -> dict[str, str]:
    """All readers that are installed: suffix -> `module:class`, sorted by suffix."""
    found = dict(SHIPPED)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value)):
        found[point.name.lower()] = point.value
    return dict(sorted(found.items()))


@functools.cache
def load(target: str) -> Reader:
    """The reader at `module:class`, built with its defaults."""
    module, _, name = target.partition(":")
    return cast("Reader", getattr(importlib.import_module(module), name)())


def reader_for(path: Path) -> Reader | None:
    """The reader for a file, None where no reader knows its suffix.

    Raises:
        DocumentError: the content is not what the suffix says (`not_a_pdf`, `not_a_docx`, `empty`, `encrypted`, ...).
    """
    suffix = path.suffix.lower()
    target = registry().get(suffix)
    if target is None:
        return None
    check_content(path, suffix)
    return load(target)
