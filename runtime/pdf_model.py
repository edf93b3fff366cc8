"""What a PDF page is made of, as rows, and the geometry of boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.base import Box


@dataclass(frozen=True, slots=True)
class Region:
    """A box of the page layout: title, section-header, text, list-item, table, picture, caption, formula, ..."""

    box: Box
    kind: str


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the table finder sees it; positions in the table's own grid."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box
    text: str
    header: bool


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as the table finder sees it."""

    box: Box
    n_rows: int
    n_cols: int
    header_rows: int
    cells: tuple[RawCell, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Layout and tables of one page."""

    regions: tuple[Region, ...]
    """In reading order."""
    tables: tuple[RawTable, ...]
    lattices: tuple[tuple[Box, tuple[float, ...], tuple[float, ...]], ...]
    """(table region, inner x lines, inner y lines) as the layout model predicts them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line or thin filled rectangle: x0 < x1 and y0 == y1 when it lies, x0 == x1 when it stands."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def lies(self) -> bool:
        return self.y0 == self.y1


@dataclass(frozen=True, slots=True)
class PdfLink:
    """A link annotation: to a point of this document (`target` page and y) or to a URI."""

    box: Box
    uri: str | None = None
    target: int | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image placed on a page, with its bytes as embedded."""

    box: Box
    data: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle to draw over a page."""

    box: Box
    colour: tuple[float, float, float] = (0.86, 0.15, 0.15)
    """Red, green, blue in 0..1."""
    width: float = 1.2
    """Points of the outline."""
    fill: float = 0.12
    """Opacity of the filling, 0..1."""


def inside(inner: Box, outer: Box, slack: float = 1.0) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - slack <= x <= outer[2] + slack and outer[1] - slack <= y <= outer[3] + slack


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around at least one box."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
