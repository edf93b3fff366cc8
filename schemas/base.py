"""The base of every row, and the types that several rows share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float]
"""Points, origin top-left of the page, x0 <= x1 and y0 <= y1, rounded to 0.01."""

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]


class Row(BaseModel):
    """A frozen row that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Row):
    """Where something stands in its source file: a page box, a sheet cell, or a character span."""

    page: int | None = None
    """1-based page of a paged document."""
    box: Box | None = None
    sheet: str | None = None
    """Sheet name of a workbook; the file stem for CSV."""
    cell: str | None = None
    """A1 reference or range, e.g. `B3` or `B3:C3`."""
    path: tuple[str, ...] = ()
    """Heading path from the document's title down, for documents without pages."""
    block: int | None = None
    """0-based index of the block in document order, for documents without pages."""
    span: tuple[int, int] | None = None
    """Character span [start, end) in the text of the element that owns this place."""
