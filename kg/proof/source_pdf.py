"""Words inside boxes of a PDF, read by PDFium (extraction reads with MuPDF)."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, final

from kg.proof.compare_text import letters, occurs, threaded
from schemas.base import Box
from schemas.sample import Evidence

MARGINS: Final = (1.0, 3.0)
"""Points added around a box: glyph boxes of two programs differ by about one; the wider one is tried second."""
PAGES: Final = 24
FORMULA_SHARE: Final = 0.6
"""Share of a formula's letters and digits that must be seen in its box: signs and fonts have no common text form."""


@final
class PdfSource:
    """One open PDF."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._pages: OrderedDict[int, tuple[Any, Any]] = OrderedDict()

    @classmethod
    def open(cls, path: Path) -> PdfSource | str:
        import pypdfium2

        try:
            return cls(pypdfium2.PdfDocument(path))
        except pypdfium2.PdfiumError as error:
            return f"PDFium cannot open it: {error}"

    def missing(self, rows: Sequence[Evidence]) -> str | None:
        for row in rows:
            if row.page is None:
                return f"{row.kind} {row.text[:60]!r} has no page"
            if not 1 <= row.page <= len(self._document):
                return f"there is no page {row.page}"
            if not any(_stands(row, self.text(row.page, row.box, margin)) for margin in MARGINS):
                seen = " ".join(self.text(row.page, row.box, MARGINS[0]).split())[:80]
                return f"page {row.page}: {row.kind} {row.text[:80]!r} is {seen!r} in the source"
        return None

    def text(self, page: int, box: Box | None, margin: float) -> str:
        """Text in a box (points, origin top-left of the page as displayed), or of the whole page."""
        sheet, words = self._page(page)
        if box is None:
            return str(words.get_text_range())
        left, bottom, right, top = _to_pdf(sheet, box, margin)
        return str(words.get_text_bounded(left=left, bottom=bottom, right=right, top=top))

    def _page(self, number: int) -> tuple[Any, Any]:
        if number not in self._pages:
            page = self._document[number - 1]
            self._pages[number] = (page, page.get_textpage())
            if len(self._pages) > PAGES:
                _, (old, words) = self._pages.popitem(last=False)
                words.close()
                old.close()
        self._pages.move_to_end(number)
        return self._pages[number]


def _stands(row: Evidence, seen: str) -> bool:
    if row.modality != "formula":
        return occurs(row.text, seen) or (row.kind not in {"value", "set"} and threaded(row.text, seen))
    wanted = Counter(letters(re.sub(r"\\[a-zA-Z]+", " ", row.text)))
    have = Counter(letters(seen))
    total = sum(wanted.values())
    return total > 0 and sum((wanted & have).values()) >= FORMULA_SHARE * total


def _to_pdf(page: Any, box: Box, margin: float) -> tuple[float, float, float, float]:
    """A box of the displayed page in PDF user space, whose origin is at the lower left of the unrotated page."""
    x0, y0, x1, y1 = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
    left, bottom, right, top = page.get_cropbox() or page.get_mediabox()
    width, height = right - left, top - bottom
    corners = {
        0: ((x0, height - y1), (x1, height - y0)),
        90: ((y0, x0), (y1, x1)),
        180: ((width - x1, y0), (width - x0, y1)),
        270: ((width - y1, height - x1), (width - y0, height - x0)),
    }[page.get_rotation() % 360]
    (a, b), (c, d) = corners
    return a + left, b + bottom, c + left, d + bottom
