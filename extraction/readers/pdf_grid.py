"""Grids of table regions."""

from __future__ import annotations

from extraction.readers.pdf_lines import joined, lines_of
from extraction.readers.pdf_pages import Block
from runtime.pdf import RawCell, RawTable, inside, union
from runtime.pdf_words import Word
from schemas.base import Place
from schemas.element import Grid, GridCell


def grid_of(block: Block) -> Grid | None:
    if not block.tables:
        return None
    rows = 0
    cols = max(t.n_cols for t in block.tables)
    cells: list[GridCell] = []
    for table in block.tables:
        for cell in table.cells:
            words = [word for word in block.words if inside(word.box, cell.box, 0.0)]
            if words:
                cells.append(_cell(cell, words, rows, block.page))
        rows += table.n_rows
    return Grid(
        n_rows=rows,
        n_cols=cols,
        cells=tuple(sorted(cells, key=lambda c: (c.row, c.col))),
        header_rows=block.tables[0].header_rows,
    )


def _cell(cell: RawCell, words: list[Word], top: int, page: int) -> GridCell:
    lines = lines_of(words, page)
    return GridCell(
        row=cell.row + top,
        col=cell.col,
        row_span=cell.row_span,
        col_span=cell.col_span,
        text=" ".join(line.text for line in lines),
        header=cell.header,
        bold=all(line.bold for line in lines),
        indent=round(min(w.box[0] for w in words) - cell.box[0], 1),
        place=Place(page=page, box=union([w.box for w in words])),
    )
