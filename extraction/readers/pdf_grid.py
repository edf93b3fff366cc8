"""Grids of table regions."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.readers.pdf_atoms import atom_rows
from extraction.readers.pdf_cells import Cell, cells_of
from extraction.readers.pdf_columns import borders
from extraction.readers.pdf_lines import Vocabulary, lines_of, paragraph
from extraction.readers.pdf_pages import Block
from extraction.readers.pdf_rows import between, dividers, header_lines, logical_rows
from runtime.pdf_model import RawTable, Rule, inside, union
from schemas.base import Place
from schemas.element import Grid, GridCell


def word_grid(block: Block, rules: Sequence[Rule], vocabulary: Vocabulary) -> Grid | None:
    """The table as its words show it: columns from white space, rows from baselines and rules."""
    rows = atom_rows(block.words, block.page)
    if len(rows) < 2:
        return None
    whole = block.tables[0] if len(block.tables) == 1 else None
    hints = list(block.lattice[0] if block.lattice else ())
    hints += [cell.box[0] for table in block.tables for cell in table.cells if cell.col]
    found = borders(rows, hints)
    if not found:
        return None
    bands = _bands(whole) if whole else list(block.lattice[1]) if block.lattice else []
    lines = dividers(rules, block.box)
    stated = max((c.box[3] for c in whole.cells if c.row < whole.header_rows), default=None) if whole else None
    head = header_lines(rows, found, lines, stated)
    rows, floating = between(rows, found, head)
    near = [rule for rule in rules if block.box[1] - 8 <= rule.y0 <= block.box[3] + 8]
    logical, headers = logical_rows(rows, found, lines, bands, head, near)
    headers, n_rows, cells = cells_of(logical, floating, len(found) + 1, headers, lines, near)
    return finished(cells, n_rows, len(found) + 1, headers, block.page, vocabulary)


def _bands(table: RawTable) -> list[float]:
    return sorted({cell.box[1] for cell in table.cells if cell.row})


def finder_grid(block: Block, vocabulary: Vocabulary) -> Grid | None:
    """The table as the table finder sees it, if it sees one table in the region."""
    if len(block.tables) != 1:
        return None
    table = block.tables[0]
    cells = [
        Cell(raw.row, raw.col, raw.row_span, raw.col_span, words, raw.row < table.header_rows)
        for raw in table.cells
        if (words := [word for word in block.words if inside(word.box, raw.box, 0.0)])
    ]
    return finished(cells, table.n_rows, table.n_cols, table.header_rows, block.page, vocabulary)


def finished(cells: Sequence[Cell], n_rows: int, n_cols: int, headers: int, page: int, vocabulary: Vocabulary) -> Grid:
    """Cells with their text, weight and indentation."""
    lefts = {
        column: min(
            (min(w.box[0] for w in c.words) for c in cells if c.col == column and c.row >= headers), default=0.0
        )
        for column in range(n_cols)
    }
    made = [_made(cell, lefts[cell.col], page, vocabulary) for cell in cells]
    return Grid(
        n_rows=n_rows, n_cols=n_cols, cells=tuple(sorted(made, key=lambda c: (c.row, c.col))), header_rows=headers
    )


def _made(cell: Cell, left: float, page: int, vocabulary: Vocabulary) -> GridCell:
    lines = lines_of(cell.words, page)
    box = union([word.box for word in cell.words])
    return GridCell(
        row=cell.row,
        col=cell.col,
        row_span=cell.row_span,
        col_span=cell.col_span,
        text=paragraph(lines, vocabulary).text,
        header=cell.header,
        bold=all(line.bold for line in lines),
        indent=round(max(0.0, box[0] - left), 1) if not cell.header else 0.0,
        place=Place(page=page, box=box),
    )
