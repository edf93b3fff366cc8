"""Source re-read: back to the file by another way than extraction, and look whether the words stand where they should.

    pdf               pypdfium2: the words inside each evidence box, value, headers and scale line alike
    csv, tsv, xlsx    the csv module and openpyxl: the cell of sheet!cell
    docx              zipfile and XML: a table with the value and its headers, or the text of the paragraphs
    html, epub        html.parser (and zipfile): likewise
    anything else     the text of the file: the words in the order of the element, value and header on one line

Comparison is after NFKC, case and white space; a number must match whole (`604` does not stand in `19,604`). Longer
texts compare letters and digits only, since hyphenation at line ends and typographic signs differ between programs.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, final

from kg.proof.compare_text import occurs
from schemas.sample import Check, Evidence

REREAD: Final = frozenset({"value", "header", "scale", "caption", "subject", "set"})
"""Kinds of evidence that must be found again: all of them."""
OPEN: Final = 6
"""Source files that are kept open."""


class Source(Protocol):
    """One source file, opened by another engine than extraction's."""

    def missing(self, rows: Sequence[Evidence]) -> str | None:
        """What is not where the evidence of one element says; None where all of it is."""
        ...


@final
class SourceIndex:
    """Where the source files are, and those that are open.

    Args (of the constructor):
        root: the corpus folder.
        paths: document id (sha256 of the content) -> paths relative to the root.
    """

    def __init__(self, root: Path, paths: Mapping[str, Sequence[str]]) -> None:
        self.root, self.paths = root, dict(paths)
        self._open: OrderedDict[str, Source | str] = OrderedDict()

    def reread(self, evidence: Iterable[Evidence]) -> Check:
        """Go back to the sources of all evidence.

        Returns: pass; fail with the first disagreement; unknown where a file of the evidence has no text to compare
            (an image); not_applicable where there is no evidence with a place.
        """
        groups: dict[tuple[str, str], list[Evidence]] = {}
        for row in evidence:
            if row.kind in REREAD and row.modality != "image" and row.property is None:
                groups.setdefault((row.document, row.element), []).append(row)
        if not groups:
            return Check(result="not_applicable", reason="no evidence with words in a source file")
        for (document, _), rows in groups.items():
            source = self.source(document, rows[0].path)
            if isinstance(source, str):
                return Check(result="fail", reason=f"{rows[0].path}: {source}")
            why = source.missing(rows)
            if why is not None:
                return Check(result="fail", reason=f"{rows[0].path}: {why}")
        return Check(result="pass")

    def source(self, document: str, path: str) -> Source | str:
        """The opened file of a document, or why it cannot be opened."""
        if document not in self._open:
            self._open[document] = self._opened(document, path)
            if len(self._open) > OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(document)
        return self._open[document]

    def _opened(self, document: str, path: str) -> Source | str:
        for name in dict.fromkeys([*self.paths.get(document, ()), path]):
            file = self.root / name
            try:
                data = file.read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                continue
            if hashlib.sha256(data).hexdigest() == document:
                return open_source(file, data)
        return "the source file is missing or changed"


def open_source(path: Path, data: bytes) -> Source | str:
    """Open a file, whose bytes were just read, by its suffix; a string says why not."""
    suffix = path.suffix.lower()
    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        from kg.proof.source_pdf import PdfSource

        return PdfSource.open(path)
    if suffix in {".csv", ".tsv", ".tab"}:
        from kg.proof.source_sheet import open_delimited

        return open_delimited(data)
    if suffix in {".xlsx", ".xlsm"}:
        from kg.proof.source_sheet import open_workbook

        return open_workbook(data)
    from kg.proof.source_markup import open_markup

    return open_markup(data, suffix)


def reread(evidence: Sequence[Evidence], corpus_dir: Path) -> Check:
    """`SourceIndex.reread` for evidence that names its own paths."""
    return SourceIndex(corpus_dir, {row.document: (row.path,) for row in evidence}).reread(evidence)


__all__ = ["Source", "SourceIndex", "occurs", "open_source", "reread"]
