"""PDF reader: PyMuPDF's layout classes, reading order and tables, repaired and put together as elements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from extraction.readers.assemble import document_id
from extraction.readers.pdf_build import build
from extraction.readers.pdf_flow import flow
from extraction.readers.pdf_pages import Page, read_page
from extraction.readers.pdf_title import title_of
from runtime.pdf import Pdf, open_pdf
from schemas.element import Document, Elements
from schemas.errors import DocumentError

SHOWN_PAGES: Final = 5
"""Page numbers that a warning lists before it says `...`."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PdfReader:
    """Reads born-digital PDFs."""

    max_pages: int | None = None
    """Read only so many pages from the front, with a warning; None reads all."""
    name: str = "pdf"
    version: int = 1
    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, path: Path, blobs: Path) -> Elements:
        """Reads a PDF.

        Raises:
            DocumentError: `no_text_layer` where no page has text; else as `runtime.pdf.open_pdf`.
        """
        identity = document_id(path)
        with open_pdf(path) as pdf:
            count = pdf.page_count if self.max_pages is None else min(self.max_pages, pdf.page_count)
            pages, warnings = _read_pages(pdf, count)
            if count < pdf.page_count:
                warnings.append(f"only the first {count} of {pdf.page_count} pages were read (max_pages)")
            if pdf.repaired:
                warnings.append("the file's structure was damaged and has been rebuilt")
            title = title_of(pdf.metadata, path, pages)
            elements = build(pdf, pages, flow(pages), title, identity, blobs)
            document = Document(
                id=identity,
                paths=(path.name,),
                format="pdf",
                title=title,
                metadata=pdf.metadata,
                pages=pdf.page_count,
                warnings=tuple(warnings),
            )
        return Elements(document=document, reader=f"{self.name}/{self.version}", elements=elements)


def _read_pages(pdf: Pdf, count: int) -> tuple[list[Page], list[str]]:
    """Pages that could be read, and warnings for the others."""
    pages: list[Page] = []
    empty: list[int] = []
    warnings: list[str] = []
    for number in range(1, count + 1):
        try:
            page = read_page(pdf, number)
        except DocumentError as error:
            warnings.append(f"page left out: {error}")
            continue
        pages.append(page)
        if not page.words:
            empty.append(number)
    if len(empty) == count:
        raise DocumentError("no_text_layer", f"no text layer: {_pages(count)}")
    if not pages:
        raise DocumentError("damaged", warnings[0])
    if empty:
        shown = ", ".join(str(number) for number in empty[:SHOWN_PAGES]) + (", ..." if len(empty) > SHOWN_PAGES else "")
        warnings.insert(0, f"no text layer: {_pages(len(empty))} ({shown})")
    return pages, warnings


def _pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"
