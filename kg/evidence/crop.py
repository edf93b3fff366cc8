"""A picture of the page with the evidence drawn in: what a person looks at to check an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.pdf import open_pdf
from runtime.pdf_model import Mark
from schemas.base import Box

ABOVE: Final = 150.0
"""Points shown above the evidence: room for the headers of most tables and the sentence before."""
BELOW: Final = 40.0
LEAST: Final = 220.0
"""Points; a crop is at least so tall, where the page is."""
PADDING: Final = 1.5
"""Points between the text's box and the drawn outline."""


@dataclass(frozen=True, slots=True)
class Crop:
    """What was drawn, or why nothing was."""

    path: Path | None
    reason: str = ""


def render(
    pdf_path: Path, page: int, boxes: Sequence[Box], out_png: Path, dpi: int = 110, context: Sequence[Box] = ()
) -> Crop:
    """Draws the part of a page around the evidence, in the page's full width, with the evidence boxes in red.

    Args:
        pdf_path: the document; anything but a PDF has no pages to draw.
        page: 1-based.
        boxes: evidence, points from the page's top left.
        out_png: where to write; equal input gives equal bytes.
        dpi: resolution, 72..300.
        context: more boxes that must be visible, e.g. of the whole table with its caption; they are not drawn.

    Returns:
        The path that was written, or the reason why there is no picture.

    Raises:
        DocumentError: the PDF cannot be opened or drawn.
    """
    if pdf_path.suffix.lower() != ".pdf":
        return Crop(None, f"{pdf_path.suffix.lower() or 'this format'} has no pages to draw")
    if not boxes:
        return Crop(None, "no box on this page")
    with open_pdf(pdf_path) as pdf:
        if not 1 <= page <= pdf.page_count:
            return Crop(None, f"page {page} is not one of the {pdf.page_count} pages")
        width, height = pdf.size(page)
        marks = [Mark(_padded(box)) for box in sorted(set(boxes))]
        data = pdf.png(page, _view(width, height, boxes, context), dpi=dpi, marks=marks)
    out_png.parent.mkdir(parents=True, exist_ok=True)
    out_png.write_bytes(data)
    return Crop(out_png)


def _padded(box: Box) -> Box:
    return (box[0] - PADDING, box[1] - PADDING, box[2] + PADDING, box[3] + PADDING)


def _view(width: float, height: float, boxes: Sequence[Box], context: Sequence[Box]) -> Box:
    """The strip of the page to show, over its full width."""
    top = min([box[1] for box in boxes]) - ABOVE
    bottom = max([box[3] for box in boxes]) + BELOW
    for box in context:
        top, bottom = min(top, box[1] - 10), max(bottom, box[3] + 10)
    missing = max(0.0, LEAST - (bottom - top)) / 2
    return (0.0, max(0.0, top - missing), width, min(height, bottom + missing))
