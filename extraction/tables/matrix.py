"""A grid as a matrix: every position knows the cell that covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.element import Grid, GridCell


@dataclass(frozen=True, slots=True)
class Matrix:
    """Row-major view of a grid; positions without a cell are empty."""

    grid: Grid
    owner: dict[tuple[int, int], GridCell] = field(repr=False)
    """(row, col) -> the cell that covers the position."""

    @classmethod
    def of(cls, grid: Grid) -> Matrix:
        owner: dict[tuple[int, int], GridCell] = {}
        for cell in grid.cells:
            for row in range(cell.row, min(cell.row + cell.row_span, grid.n_rows)):
                for col in range(cell.col, min(cell.col + cell.col_span, grid.n_cols)):
                    owner.setdefault((row, col), cell)
        return cls(grid, owner)

    @property
    def n_rows(self) -> int:
        return self.grid.n_rows

    @property
    def n_cols(self) -> int:
        return self.grid.n_cols

    def cell(self, row: int, col: int) -> GridCell | None:
        """The cell that covers a position, None where there is none."""
        return self.owner.get((row, col))

    def text(self, row: int, col: int) -> str:
        """The text that stands at a position: of a spanning cell only at its top-left corner."""
        cell = self.owner.get((row, col))
        return cell.text.strip() if cell is not None and (cell.row, cell.col) == (row, col) else ""

    def value_cell(self, row: int, col: int) -> GridCell | None:
        """The cell that holds the value of a position: also one that spans rows, but not one that spans columns."""
        cell = self.owner.get((row, col))
        return cell if cell is not None and cell.col == col and (cell.row == row or cell.col_span == 1) else None

    def spread(self, row: int, col: int) -> str:
        """The text of the cell that covers a position."""
        cell = self.owner.get((row, col))
        return cell.text.strip() if cell is not None else ""

    def row(self, row: int) -> list[str]:
        """Texts of a row, spans at their first position only."""
        return [self.text(row, col) for col in range(self.n_cols)]

    def column(self, col: int, start: int = 0) -> list[str]:
        """Texts of a column from a row on, spans at their first position only."""
        return [self.text(row, col) for row in range(start, self.n_rows)]

    def filled(self, row: int) -> Iterator[int]:
        """Columns of a row where text stands."""
        return (col for col in range(self.n_cols) if self.text(row, col))
