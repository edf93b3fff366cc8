"""Tables of real documents that once came out wrong. Skipped where the corpora are not beside the checkout."""

from pathlib import Path

import pytest

from extraction.readers.pdf_check import page_chars
from extraction.readers.pdf_choice import choose
from extraction.readers.pdf_lines import Vocabulary
from extraction.readers.pdf_pages import read_page
from runtime.pdf import open_pdf
from schemas.element import Grid

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPORA.is_dir(), reason="no corpora in ../shared beside the checkout"),
]


def grids(path: str, page: int) -> list[Grid]:
    with open_pdf(CORPORA / path) as pdf:
        read = read_page(pdf, page)
    vocabulary = Vocabulary.of(line for block in read.blocks for line in block.lines)
    chars = page_chars(CORPORA / path, page)
    chosen = [choose(b, read, vocabulary, chars, CORPORA / path) for b in read.blocks if b.kind == "table"]
    return [choice.grid for choice in chosen if choice is not None]


def cells(grid: Grid, row: int) -> list[tuple[int, int, str]]:
    return [(cell.col, cell.col_span, cell.text) for cell in grid.cells if cell.row == row]


def test_pieces_between_inner_rules_are_one_table() -> None:
    grid = grids("acl2025/2025.acl-long.6.pdf", 7)[0]
    assert (grid.n_rows, grid.n_cols, grid.header_rows, grid.rows_agree) == (20, 9, 2, True)
    assert cells(grid, 0)[2:] == [(2, 2, "Data"), (4, 2, "Alpaca-Eval"), (6, 2, "Alpaca-Eval-2"), (8, 1, "TL;DR")]
    assert cells(grid, 3) == [(0, 9, "fine-tuning with UltraFeedback-60k")]
    assert cells(grid, 5)[0:5] == [(0, 1, "+ DPO"), (1, 1, "✓"), (2, 1, "✓"), (3, 1, "120k"), (4, 1, "74.00")]


def test_two_header_levels_and_labels_over_four_rows() -> None:
    grid = grids("acl2025/2025.acl-long.4.pdf", 8)[0]
    assert cells(grid, 0)[2:] == [(2, 2, "Error Identification"), (4, 2, "Problem Resolution (P@1)")]
    assert [(c.row, c.row_span, c.text) for c in grid.cells if c.row_span > 2] == [
        (2, 4, "Automatic Debug"),
        (6, 4, "Human Debug"),
    ]


def test_header_words_a_space_apart_are_columns() -> None:
    grid = grids("acl2025/2025.acl-long.8.pdf", 14)[1]
    assert [text for _, _, text in cells(grid, 0)][:4] == ["Teacher", "Sampling Strategy", "DL19", "DL20"]
    assert grid.n_cols == 13


def test_a_statement_keeps_spans_indents_and_signs() -> None:
    grid = grids("sec-10-q/2022 Q3 AAPL.pdf", 4)[0]
    assert cells(grid, 0) == [(1, 2, "Three Months Ended"), (3, 2, "Nine Months Ended")]
    assert cells(grid, 3) == [
        (0, 1, "Products"),
        (1, 1, "$ 63,355"),
        (2, 1, "$ 63,948"),
        (3, 1, "$ 245,241"),
        (4, 1, "$ 232,309"),
    ]
    indents = {cell.text: cell.indent for cell in grid.cells if cell.col == 0 and cell.row < 6}
    assert indents["Net sales:"] < indents["Products"]
    assert grid.rows_agree


def test_a_period_goes_over_its_three_dates() -> None:
    grid = grids("sec-10-q/2023 Q1 NVDA.pdf", 25)[0]
    assert cells(grid, 0) == [(1, 3, "Three Months Ended")]
    assert cells(grid, 1)[:3] == [(1, 1, "April 30, 2023"), (2, 1, "January 29, 2023"), (3, 1, "May 1, 2022")]


def test_a_long_value_of_a_form_is_one_cell() -> None:
    grid = grids("ntsb/20071229X02007.pdf", 2)[0]
    label, value = cells(grid, 7)
    assert label == (0, 1, "Flight Time:")
    assert value[1] == 3
    assert value[2].startswith("2319 hours (Total, all aircraft), 2313 hours (Total, this make and model)")
