"""The only import of PyMuPDF: pages as words, regions, tables, rules, links and pictures.

Boxes are points with the origin top-left of the page; pages are 1-based. Every analysis takes a fresh page object,
because PyMuPDF's layout and table analyses leave state behind on the page that changes what the next one finds.
PyMuPDF (AGPL-3.0) carries its layout models in its wheel; nothing is downloaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Self

from runtime.pdf_model import Analysis, Mark, PdfLink, Picture, RawCell, RawTable, Region, Rule, inside
from runtime.pdf_words import Glyph, Word, glyphs_of, words_of
from schemas.base import Box
from schemas.errors import DocumentError

MAX_BYTES: Final = 1 << 30
"""Larger files are refused before they are read."""
MAX_SIDE: Final = 14_400.0
"""Points; the largest page side that the PDF standard's own implementation limits allow (200 inches)."""
MAX_GLYPHS: Final = 200_000
"""Glyphs on one page; a full page of 4-point text has about 30,000."""
MAX_DRAWINGS: Final = 50_000
"""Paths on one page that are looked at for rules; more is a drawing, not a table."""
MAX_PIXELS: Final = 40_000_000
"""Pixels of one rendered picture."""


@cache
def _library() -> Any:
    """PyMuPDF, imported on first use, quiet, with one ONNX thread per process."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    return pymupdf


@contextmanager
def _named_errors(page: int) -> Iterator[None]:
    """PyMuPDF's errors on a page become ours."""
    library = _library()
    try:
        yield
    except (library.mupdf.FzErrorBase, RuntimeError, ValueError, IndexError) as error:
        raise DocumentError("damaged", f"page {page}: {_line(error)}") from error


@dataclass(eq=False)
class Pdf:
    """An open PDF; a context manager."""

    path: Path
    _document: Any = field(repr=False)
    page_count: int
    metadata: dict[str, str]
    repaired: bool
    """The file's structure was damaged and has been rebuilt while opening."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def _page(self, page: int) -> Any:
        return self._document[page - 1]

    def size(self, page: int) -> tuple[float, float]:
        """(width, height) in points.

        Raises:
            DocumentError: `damaged` page, or `page_size` beyond `MAX_SIDE`.
        """
        with _named_errors(page):
            rect = self._page(page).rect
        if not (0 < rect.width <= MAX_SIDE and 0 < rect.height <= MAX_SIDE):
            raise DocumentError("page_size", f"page {page} is {rect.width:.0f} x {rect.height:.0f} points")
        return float(rect.width), float(rect.height)

    def glyphs(self, page: int) -> list[Glyph]:
        """Glyphs of the page in the order of the file, upright text only.

        Raises:
            DocumentError: `glyphs` beyond `MAX_GLYPHS`, or `damaged`.
        """
        library = _library()
        # 512 asks for boxes around the ink; without the CID flag glyphs without Unicode arrive as U+FFFD.
        flags = library.TEXT_PRESERVE_WHITESPACE | library.TEXT_CID_FOR_UNKNOWN_UNICODE | 512
        with _named_errors(page):
            raw = self._page(page).get_text("rawdict", flags=flags)
        found = glyphs_of(raw)
        if len(found) > MAX_GLYPHS:
            raise DocumentError("glyphs", f"page {page} has {len(found)} glyphs, more than {MAX_GLYPHS}")
        return found

    def words(self, page: int) -> list[Word]:
        """Words of the page in the order of the file, upright text only."""
        return words_of(self.glyphs(page))

    def words_in(self, page: int, box: Box) -> list[Word]:
        """Words whose middle lies in the box."""
        return [word for word in self.words(page) if inside(word.box, box)]

    def has_text(self, page: int) -> bool:
        """Whether the page has a text layer with at least one visible character."""
        with _named_errors(page):
            return bool(self._page(page).get_text("text").strip())

    def analyse(self, page: int) -> Analysis:
        """Layout regions in reading order and tables, from one pass of the layout model."""
        with _named_errors(page):
            return _analyse(self._page(page))

    def rules(self, page: int) -> list[Rule]:
        """Lying and standing rules, thin filled rectangles included."""
        with _named_errors(page):
            drawings = self._page(page).get_drawings()
        return sorted(_rules(drawings[:MAX_DRAWINGS]), key=lambda r: (r.y0, r.x0, r.y1, r.x1))

    def links(self, page: int) -> list[PdfLink]:
        """Link annotations, top to bottom."""
        library = _library()
        with _named_errors(page):
            raw = self._page(page).get_links()
            found = [_link(item, library, lambda number: self._page(number + 1).rect.height) for item in raw]
        return sorted(filter(None, found), key=lambda k: (k.box[1], k.box[0]))

    def pictures(self, page: int) -> list[Picture]:
        """Raster images on the page, with their embedded bytes."""
        with _named_errors(page):
            infos = self._page(page).get_image_info(xrefs=True)
            return [
                Picture(_box(info["bbox"]), data)
                for info in infos
                if info["xref"] and (data := self._embedded(info["xref"]))
            ]

    def graphics(self, page: int) -> list[Box]:
        """Boxes of rasters and of clusters of vector drawings, top to bottom; page-wide backgrounds are left out."""
        with _named_errors(page):
            sheet = self._page(page)
            found = [info["bbox"] for info in sheet.get_image_info()]
            drawings = sheet.get_drawings()
            if len(drawings) <= MAX_DRAWINGS:
                found.extend(sheet.cluster_drawings(drawings=drawings, x_tolerance=8, y_tolerance=8))
            limit = 0.8 * sheet.rect.width * sheet.rect.height
        boxes = [_box(values) for values in found]
        return sorted(b for b in boxes if 0 < (b[2] - b[0]) * (b[3] - b[1]) < limit)

    def _embedded(self, xref: int) -> bytes | None:
        found = self._document.extract_image(xref)
        return bytes(found["image"]) if found else None

    def png(self, page: int, box: Box | None = None, *, dpi: int = 110, marks: Sequence[Mark] = ()) -> bytes:
        """The page, or the part in `box`, as PNG; `marks` are drawn over it. Equal input gives equal bytes.

        Raises:
            DocumentError: `pixels` beyond `MAX_PIXELS`.
        """
        library = _library()
        with _named_errors(page):
            sheet = self._page(page)
            clip = sheet.rect if box is None else library.Rect(box) & sheet.rect
            if clip.width * clip.height * (dpi / 72) ** 2 > MAX_PIXELS:
                raise DocumentError("pixels", f"page {page} at {dpi} dpi is too large to draw")
            for mark in marks:
                sheet.draw_rect(
                    library.Rect(mark.box),
                    color=mark.colour,
                    fill=mark.colour,
                    width=mark.width,
                    fill_opacity=mark.fill,
                    stroke_opacity=0.9,
                )
            pixmap = sheet.get_pixmap(clip=clip, dpi=dpi, alpha=False)
            pixmap.set_dpi(dpi, dpi)
            data = pixmap.tobytes("png")
        if marks:
            self._reload()
        return bytes(data)

    def _reload(self) -> None:
        """Drops what `png` drew."""
        self._document.close()
        self._document = _library().open(self.path)


def open_pdf(path: Path) -> Pdf:
    """Opens a PDF from disk.

    Raises:
        DocumentError: `unreadable`, `empty`, `too_large`, `not_a_pdf`, `truncated`, `encrypted`, `damaged`, `no_pages`.
    """
    head, tail = _ends(path)
    if not head.strip(b"\0 \t\r\n"):
        raise DocumentError("empty", "no content")
    if b"%PDF-" not in head:
        raise DocumentError("not_a_pdf", "no %PDF- mark in the first 1024 bytes")
    library = _library()
    try:
        document = library.open(path, filetype="pdf")
    except (library.mupdf.FzErrorBase, RuntimeError, ValueError) as error:
        if b"%%EOF" not in tail:
            raise DocumentError("truncated", "the file ends before its end mark and cannot be rebuilt") from error
        raise DocumentError("damaged", _line(error)) from error
    if document.needs_pass:
        document.close()
        raise DocumentError("encrypted", "needs a password")
    repaired = bool(document.is_repaired)
    if repaired and b"%%EOF" not in tail:
        # A rebuilt prefix would look like the whole document.
        document.close()
        raise DocumentError("truncated", "the file ends before its end mark")
    if document.page_count < 1:
        document.close()
        raise DocumentError("no_pages", "no page could be found")
    metadata = {key: str(value) for key, value in sorted((document.metadata or {}).items()) if value}
    return Pdf(path, document, document.page_count, metadata, repaired)


@lru_cache(maxsize=2)
def version() -> str:
    """Version of PyMuPDF."""
    return str(_library().VersionBind)


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first 1024 and the last 2048 bytes."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError("too_large", f"{size} bytes, more than {MAX_BYTES}")
        with path.open("rb") as file:
            head = file.read(1024)
            file.seek(max(0, size - 2048))
            return head, file.read()
    except OSError as error:
        raise DocumentError("unreadable", error.strerror or "cannot be opened") from error


def _line(error: BaseException) -> str:
    """The first line of an error's text."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _box(values: Sequence[float]) -> Box:
    x0, y0, x1, y1 = (round(float(v), 2) for v in values[:4])
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _analyse(page: Any) -> Analysis:
    """One call of the table finder computes the raw layout and leaves it on the page."""
    from pymupdf4llm.helpers.utils import find_reading_order

    finder = page.find_tables(union=True, refine=True)
    layout = [group for group in page.layout_information or [] if isinstance(group, dict)]
    boxes = [
        (*(float(v) for v in group["group_bbox"][:4]), group["class_name"])
        for group in layout
        if group["group_bbox"][2] - group["group_bbox"][0] > 2 and group["group_bbox"][3] - group["group_bbox"][1] > 2
    ]
    blocks = page.get_text("dict")["blocks"]
    ordered = find_reading_order(page.rect, blocks, boxes)
    return Analysis(
        tuple(Region(_box(item), str(item[4])) for item in ordered),
        tuple(_table(item) for item in finder.tables),
        tuple(_lattice(group) for group in layout if group["class_name"] == "table" and group.get("table_grid")),
    )


def _lattice(group: dict[str, Any]) -> tuple[Box, tuple[float, ...], tuple[float, ...]]:
    x0, y0 = group["group_bbox"][:2]
    grid = group["table_grid"]
    xs = tuple(sorted(round(float(v + x0), 2) for v in grid.v_lines))
    return _box(group["group_bbox"]), xs, tuple(sorted(round(float(v + y0), 2) for v in grid.h_lines))


def _table(table: Any) -> RawTable:
    cells: list[RawCell] = []
    taken: set[tuple[int, int]] = set()
    width = 0
    for row, placed in enumerate(table.placements):
        col = 0
        for cell in placed:
            while (row, col) in taken:
                col += 1
            spans = (max(1, int(cell.rowspan)), max(1, int(cell.colspan)))
            taken.update((row + i, col + j) for i in range(spans[0]) for j in range(spans[1]))
            cells.append(RawCell(row, col, *spans, _box(cell.bbox), str(cell.text or ""), cell.tag == "th"))
            col += spans[1]
            width = max(width, col)
    height = max((cell.row + cell.row_span for cell in cells), default=0)
    return RawTable(_box(table.bbox), height, width, int(table.header_rows or 0), tuple(cells))


def _rules(drawings: Sequence[dict[str, Any]]) -> Iterator[Rule]:
    for drawing in drawings:
        rect = drawing["rect"]
        # Compared by hand: PyMuPDF calls rectangles without height empty.
        if rect.x1 - rect.x0 > 2 and rect.y1 - rect.y0 < 1.5:
            y = round((rect.y0 + rect.y1) / 2, 2)
            yield Rule(round(rect.x0, 2), y, round(rect.x1, 2), y)
        elif rect.y1 - rect.y0 > 2 and rect.x1 - rect.x0 < 1.5:
            x = round((rect.x0 + rect.x1) / 2, 2)
            yield Rule(x, round(rect.y0, 2), x, round(rect.y1, 2))


def _link(item: dict[str, Any], library: Any, heights: Callable[[int], float]) -> PdfLink | None:
    box = _box(item["from"])
    if item["kind"] == library.LINK_URI:
        return PdfLink(box, uri=str(item.get("uri") or "") or None)
    page = item.get("page", -1)
    if item["kind"] not in (library.LINK_GOTO, library.LINK_NAMED) or not isinstance(page, int) or page < 0:
        return None
    to = item.get("to")
    if to is None:
        return PdfLink(box, target=page + 1)
    # PyMuPDF turns explicit destinations, but leaves named ones in the file's own coordinates (origin at the bottom).
    y = heights(page) - to.y if item["kind"] == library.LINK_NAMED else to.y
    return PdfLink(box, target=page + 1, point=(round(float(to.x), 2), round(float(y), 2)))
