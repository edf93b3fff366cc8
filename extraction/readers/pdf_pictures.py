"""The bytes of a picture: as embedded where one raster fills the region, else drawn from the page."""

from __future__ import annotations

from typing import Final

from extraction.readers.pdf_pages import Block, share
from runtime.pdf import Pdf

DPI: Final = 150
"""Resolution of drawn pictures; text of 6 points stays readable."""
FILLS: Final = 0.8
"""Share of the region that a raster must cover, and share of the raster that must lie in the region."""


def picture_bytes(pdf: Pdf, block: Block) -> bytes:
    """PNG, JPEG or what is embedded.

    Raises:
        DocumentError: the region cannot be drawn.
    """
    for picture in pdf.pictures(block.page):
        if share(block.box, picture.box) > FILLS and share(picture.box, block.box) > FILLS:
            return picture.data
    return pdf.png(block.page, block.box, dpi=DPI)
