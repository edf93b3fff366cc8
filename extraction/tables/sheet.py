"""One analysed table: what the builders of facts work on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from extraction.tables import header as headers
from extraction.tables import rows as rowviews
from extraction.tables import scale as scales
from extraction.tables.cell import Reading, read
from extraction.tables.header import Header
from extraction.tables.matrix import Matrix
from extraction.tables.phrase import Vocabulary
from extraction.tables.rows import RowView
from extraction.tables.scale import Scale
from kg.graph.ids import digest
from schemas.element import Element
from schemas.fact import Support


@dataclass(frozen=True)
class Sheet:
    """A table element with its header, rows, scale and the text around it."""

    element: Element
    matrix: Matrix
    header: Header
    rows: tuple[RowView, ...]
    key: int
    scale: Scale | None
    vocabulary: Vocabulary
    heading: str = ""
    """Heading of the section that the table stands in."""
    total_checked: bool | None = None

    @property
    def context(self) -> str:
        """Caption and the lines above the table."""
        return "\n".join(t for t in (self.element.caption, self.element.head) if t)

    @cached_property
    def data(self) -> tuple[RowView, ...]:
        """Rows of role data."""
        return tuple(r for r in self.rows if r.role == "data")

    @cached_property
    def value_columns(self) -> tuple[int, ...]:
        """Columns other than the key that hold anything below the head."""
        return tuple(
            c
            for c in range(self.matrix.n_cols)
            if c != self.key and any(self.reading(r.index, c).text for r in self.data)
        )

    def reading(self, row: int, col: int) -> Reading:
        """What a cell says."""
        cell = self.matrix.value_cell(row, col)
        return read(cell.text if cell else "")

    def readings(self, col: int) -> Iterator[Reading]:
        """What the data rows say in a column, blanks left out."""
        return (r for r in (self.reading(v.index, col) for v in self.data) if r.kind != "blank")

    def numeric(self, col: int) -> bool:
        """Whether four fifths of a column's data cells are numbers (or missing), at least one a number."""
        kinds = [r.kind for r in self.readings(col)]
        good = sum(k in ("number", "missing") for k in kinds)
        return "number" in kinds and 5 * good >= 4 * len(kinds)

    def path(self, col: int) -> tuple[str, ...]:
        """Header labels of a column, outside in."""
        return self.header.paths[col]

    def supports(self, row: RowView, col: int, *, subject: bool = False) -> tuple[Support, ...]:
        """The value cell, the row's label, its groups, the column's headers, and the scale line."""
        element = self.element.id
        cell = self.matrix.value_cell(row.index, col)
        found = [Support(element=element, row=cell.row if cell else row.index, col=col, role="value")]
        label = self.matrix.cell(row.index, self.key)
        if label is not None and label.text:
            found.append(
                Support(element=element, row=label.row, col=label.col, role="subject" if subject else "header")
            )
        found += [Support(element=element, row=r, col=self._label_col(r), role="header") for r in row.group_rows]
        found += [Support(element=element, row=r, col=c, role="header") for r, c in self.header.cells[col]]
        return tuple(found) + self._scale_support()

    def _label_col(self, row: int) -> int:
        return next(iter(self.matrix.filled(row)), self.key)

    def _scale_support(self) -> tuple[Support, ...]:
        if self.scale is None:
            return ()
        spots = [(r, c) for r in self.header.scale_rows for c in self.matrix.filled(r)]
        if spots:
            return tuple(Support(element=self.element.id, row=r, col=c, role="scale") for r, c in spots)
        role = "scale" if self.element.head and scales.parse(self.element.head) else "caption"
        return (Support(element=self.element.id, role=role),) if self.context else ()

    def fact_id(self, row: int, col: int, quantity: str) -> str:
        """Id of the fact that a cell states."""
        return digest("fact", self.element.document, self.element.id, str(row), str(col), quantity)


def analyse(
    element: Element,
    vocabulary: Vocabulary,
    *,
    heading: str = "",
    inherited: Scale | None = None,
    key: int | None = None,
) -> Sheet | None:
    """The table with header, roles and scale; None where it has no grid or no header."""
    if element.grid is None or not element.grid.cells:
        return None
    matrix = Matrix.of(element.grid)
    header = headers.of(matrix)
    if header is None:
        return None
    column = _key_column(matrix, header) if key is None else key
    rows = rowviews.of(matrix, header.rows, column)
    numbers = [c for c in range(matrix.n_cols) if c != column]
    scale = _scale(element, matrix, header) or inherited
    rows, checked = rowviews.with_totals(matrix, rows, numbers, rounded=scale is not None and scale.scale > 0)
    return Sheet(element, matrix, header, rows, column, scale, vocabulary, heading, checked)


def _scale(element: Element, matrix: Matrix, header: Header) -> Scale | None:
    inside = header.scale_text(matrix)
    corner = matrix.text(0, 0)
    if broken := _broken_scale(matrix, header):
        return broken
    for text in (t for row in range(header.rows) for t in matrix.row(row) if t):
        if token := re.search(rf"(?:^|\s)({scales.SUFFIX})(?:\s+restated\d?)?$", text, re.IGNORECASE):
            return scales.parse(token[1])
    for text in (inside, corner, *_sentences(element.head), *_sentences(element.caption), *element.notes):
        if text and (found := scales.parse(text)):
            return found
    return None


def _broken_scale(matrix: Matrix, header: Header) -> Scale | None:
    """A scale line that ran into two header cells: `April 30, 2023 (In` | `January 29, 2023 millions)`."""
    for row in range(header.rows):
        joined = " | ".join(t for t in matrix.row(row) if t)
        if match := re.search(r"\(\s*[Ii]n \|.*\b(thousands|millions|billions)\)$", joined):
            return scales.parse(f"in {match[1]}")
    return None


def _sentences(text: str | None) -> Sequence[str]:
    """Lines of a head from the last to the first: the scale stands next to the table."""
    return tuple(reversed(text.splitlines())) if text else ()


def _names_models(header: Header, col: int) -> bool:
    return bool(header.paths[col]) and bool(
        re.search(r"\b(?:backbone|model|system)s?$", header.paths[col][-1], re.IGNORECASE)
    )


def _key_column(matrix: Matrix, header: Header) -> int:
    """The first column of words; the second where that one tells the rows apart and the first does not; else 0."""
    found: list[tuple[int, bool]] = []
    for col in range(min(matrix.n_cols, 4)):
        texts = [t for t in matrix.column(col, header.rows) if t]
        if col == 0 and matrix.n_cols > 2 and header.corner.casefold() in ("code", "iso", "abbreviation", "symbol"):
            continue
        words = sum(read(t).kind == "text" for t in texts)
        spread = [matrix.spread(r, col) for r in range(header.rows, matrix.n_rows)]
        if texts and 2 * words >= len(texts) and 2 * sum(map(bool, spread)) >= (matrix.n_rows - header.rows):
            found.append((col, len(set(filter(None, spread))) == len(texts) and len(texts) == len(spread)))
    distinct = [col for col, clear in found if clear]
    if len(found) > 1 and distinct and not found[0][1] and found[1][0] == distinct[0]:
        return distinct[0]
    if (
        len(found) > 1
        and not found[0][1]
        and _names_models(header, found[1][0])
        and not _names_models(header, found[0][0])
    ):
        return found[1][0]
    return found[0][0] if found else 0
