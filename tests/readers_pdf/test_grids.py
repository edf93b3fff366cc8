"""Grids from words: columns from white space, rows from baselines, spans from rules and middles."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.readers.pdf_check import number_rows, same_rows, verdict
from extraction.readers.pdf_grid import word_grid
from extraction.readers.pdf_lines import Vocabulary
from runtime.pdf_model import Rule
from runtime.pdf_words import Word
from schemas.element import Grid
from tests.readers_pdf.pages import phrase, table, word


def grid(words: list[Word], rules: tuple[Rule, ...] = ()) -> Grid:
    block = table(words)
    made = word_grid(block, rules, Vocabulary.of(block.lines))
    assert made is not None
    return made


def rows(made: Grid) -> list[list[str]]:
    """Text by row and column; a spanning cell stands in its first column."""
    found = [[""] * made.n_cols for _ in range(made.n_rows)]
    for cell in made.cells:
        found[cell.row][cell.col] = cell.text
    return found


def full(y: float, x0: float = 0.0, x1: float = 400.0) -> Rule:
    return Rule(x0, y, x1, y)


numbers = st.decimals(min_value=0, max_value=9999, places=2).map(lambda d: f"{d:,}")


@settings(max_examples=40)
@given(
    st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=2, max_size=12))
)
def test_a_table_of_right_aligned_numbers_comes_back_cell_by_cell(values: list[list[str]]) -> None:
    laid: list[Word] = phrase("Name", 0, 100)
    for column in range(len(values[0])):
        laid.append(word(f"C{column}", 160 + 60 * column, 100, right=True))
    for index, row in enumerate(values):
        laid += phrase(f"item number {index}", 0, 114 + 14 * index)
        laid += [word(text, 160 + 60 * column, 114 + 14 * index, right=True) for column, text in enumerate(row)]
    made = grid(laid)
    assert made.header_rows == 1
    assert rows(made)[1:] == [[f"item number {index}", *row] for index, row in enumerate(values)]


def test_columns_a_space_apart_are_split_by_their_numbers() -> None:
    """2025.acl-long.4, page 6: three columns of scores arrived as one cell `80.6 66.6 30.8`."""
    laid = []
    for i, values in enumerate([("80.6", "66.6", "30.8"), ("74.1", "31.7", "10.3"), ("70.5", "40.6", "87.1")]):
        laid += phrase(f"model{i}", 0, 100 + 12 * i)
        laid += [word(text, 100 + 23.0 * column, 100 + 12 * i) for column, text in enumerate(values)]
    assert rows(grid(laid))[0] == ["model0", "80.6", "66.6", "30.8"]


def test_a_currency_sign_far_left_belongs_to_its_number() -> None:
    laid = []
    for i, (name, first, second) in enumerate([("Products", "63,355", "63,948"), ("Services", "19,604", "17,486")]):
        laid += phrase(name, 0, 100 + 12 * i)
        if i == 0:
            laid += [word("$", 150, 100), word("$", 250, 100)]
        laid += [word(first, 220, 100 + 12 * i, right=True), word(second, 320, 100 + 12 * i, right=True)]
    assert rows(grid(laid)) == [["Products", "$ 63,355", "$ 63,948"], ["Services", "19,604", "17,486"]]


def test_a_header_over_two_columns_spans_them_by_its_rule() -> None:
    laid = [*phrase("Three Months Ended", 160, 100), word("2022", 150, 114), word("2021", 250, 114)]
    for i in range(3):
        laid += phrase(f"row {i}", 0, 130 + 12 * i)
        laid += [word(f"{i},111", 175, 130 + 12 * i, right=True), word(f"{i},222", 275, 130 + 12 * i, right=True)]
    made = grid(laid, (full(104, 140, 280), full(118)))
    header = [(c.col, c.col_span, c.text) for c in made.cells if c.row < made.header_rows]
    assert header == [(1, 2, "Three Months Ended"), (1, 1, "2022"), (2, 1, "2021")]


def test_a_label_between_two_rows_spans_both() -> None:
    """2025.acl-long.8, page 13: the N column stands between RankMistral20 and RankMistral100."""
    laid = [word("N", 0, 100), word("Model", 40, 100), word("DL19", 150, 100, right=True)]
    for i, n in enumerate(("20", "40")):
        y = 114 + 24 * i
        laid += [word(n, 0, y + 6), word("first", 40, y), word("63.47", 150, y, right=True)]
        laid += [word("second", 40, y + 12), word("65.82", 150, y + 12, right=True)]
    made = grid(laid, (full(104), full(131)))
    spans = [(c.row, c.row_span, c.text) for c in made.cells if c.row_span > 1]
    assert spans == [(1, 2, "20"), (3, 2, "40")]
    assert number_rows(made) == [("63.47",), ("65.82",), ("63.47",), ("65.82",)]


def test_a_wrapped_label_does_not_swallow_the_value_below_it() -> None:
    laid = []
    for i in range(3):
        laid += [*phrase(f"label {i}", 0, 100 + 14 * i), word(f"{i}5", 300, 100 + 14 * i, right=True)]
    laid += phrase("a label that is far too long for the one line that it has", 0, 142)
    laid += [*phrase("and goes on", 0, 151), word("99", 300, 151, right=True)]
    made = grid(laid)
    assert rows(made)[-1][-1] == "99"


def test_a_lone_heading_in_the_middle_is_a_group_over_the_whole_row() -> None:
    laid = [word("Method", 0, 100), word("A", 100, 100), word("B", 160, 100)]
    laid += [word("m1", 0, 114), word("1.0", 100, 114), word("2.0", 160, 114)]
    laid += phrase("with more training", 60, 128)
    laid += [word("m2", 0, 142), word("3.0", 100, 142), word("4.0", 160, 142)]
    group = next(c for c in grid(laid).cells if c.text.startswith("with"))
    assert (group.col, group.col_span) == (0, 3)


def test_a_second_engine_that_reads_a_digit_differently_lowers_the_agreement() -> None:
    laid = [
        word("n", 0, 100),
        word("v", 100, 100),
        word("a", 0, 114),
        word("12", 100, 114),
        word("b", 0, 128),
        word("34", 100, 128),
    ]
    made = grid(laid)
    box = (0.0, 80.0, 130.0, 140.0)
    chars = [(c, w.box[0] + 5 * i + 2.5, w.box[3] - 3.5) for w in laid for i, c in enumerate(w.text)]
    assert verdict(made, chars, box).agreement == 1.0
    other = [("9" if c == "4" else c, x, y) for c, x, y in chars]
    assert verdict(made, other, box).agreement == 0.5


def test_a_number_outside_of_all_cells_makes_a_grid_incomplete() -> None:
    laid = [
        word("n", 0, 100),
        word("v", 100, 100),
        word("a", 0, 114),
        word("12", 100, 114),
        word("b", 0, 128),
        word("34", 100, 128),
    ]
    made = grid(laid)
    chars = [(c, w.box[0] + 5 * i + 2.5, w.box[3] - 3.5) for w in laid for i, c in enumerate(w.text)]
    assert verdict(made, chars, (0.0, 80.0, 130.0, 140.0)).complete
    assert not verdict(made, [*chars, ("7", 60.0, 135.0)], (0.0, 80.0, 130.0, 140.0)).complete


def test_rows_agree_only_if_no_row_is_missing_or_torn() -> None:
    own = [("1", "2"), ("3", "4")]
    assert same_rows(own, [("2022", "2021"), ("1", "2"), ("3", "4")], frozenset())
    assert not same_rows(own, [("1", "2"), ("3",), ("4",)], frozenset())
    assert not same_rows(own, [("1", "2")], frozenset())
    assert same_rows(own, [("20",), ("1", "2"), ("3", "4")], frozenset({"20"}))
