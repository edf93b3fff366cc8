"""Pandoc tables to grids: spans, header rows, bold and indented cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from extraction.readers.pandoc_inlines import Node, Run
from schemas.base import Place
from schemas.element import Grid, GridCell
from schemas.errors import DocumentError

MAX_CELLS: Final = 200_000
INDENT: Final = 2
"""Leading hard spaces that make one level."""


@dataclass(slots=True)
class ParsedTable:
    """A grid with what its cells hold besides text."""

    grid: Grid
    runs: list[Run] = field(default_factory=list)
    nested: list[Node] = field(default_factory=list)
    """Tables that stand in cells."""


def a1(row: int, col: int) -> str:
    """The A1 reference of a 0-based position: (2, 27) -> `AB3`."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_table(content: list[Any], cell_run: Callable[[list[Node]], Run], place: Place) -> ParsedTable:
    """A pandoc table.

    Args:
        content: of the Table node: attributes, caption, column specs, head, bodies, foot.
        cell_run: text of a cell's blocks in one line.
        place: of the table; cells get it with their A1 reference in the table.
    """
    rows = list(_rows(content))
    parsed = ParsedTable(Grid(n_rows=0, n_cols=0, cells=()))
    taken: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    width = 0
    for index, (row, header, row_heads) in enumerate(rows):
        col = 0
        for attributes, _, row_span, col_span, blocks in row[1]:
            while (index, col) in taken:
                col += 1
            high = max(1, min(row_span, len(rows) - index))
            taken.update((index + down, col + right) for down in range(high) for right in range(max(1, col_span)))
            if len(taken) > MAX_CELLS:
                raise DocumentError("too_large", f"a table of more than {MAX_CELLS} cells")
            run = cell_run(blocks)
            parsed.runs.append(run)
            parsed.nested += [block for block in blocks if block["t"] == "Table"]
            cells.append(
                GridCell(
                    row=index,
                    col=col,
                    row_span=high,
                    col_span=max(1, col_span),
                    text=run.text,
                    header=header or col < row_heads,
                    bold=run.bold,
                    indent=float(run.indent // INDENT),
                    place=place.model_copy(update={"cell": a1(index, col)}),
                )
            )
            run.anchors += [attributes[0]] if attributes[0] else []
            col += max(1, col_span)
        width = max([width, *(right + 1 for down, right in taken if down == index)])
    parsed.grid = Grid(
        n_rows=len(rows),
        n_cols=width,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        header_rows=_leading(header for _, header, _ in rows),
    )
    return parsed


def _rows(content: list[Any]) -> Iterator[tuple[list[Any], bool, int]]:
    """(row, is a header row, leading header cells) of head, bodies and foot in order."""
    _, _, _, head, bodies, foot = content
    for row in head[1]:
        if any(cell[4] for cell in row[1]):
            # Pandoc gives a table without a header an empty one.
            yield row, True, 0
    for _, row_heads, between, body in bodies:
        for row in between:
            yield row, True, row_heads
        for row in body:
            yield row, False, row_heads
    for row in foot[1]:
        yield row, False, 0


def _leading(flags: Iterator[bool]) -> int:
    count = 0
    for flag in flags:
        if not flag:
            break
        count += 1
    return count
