"""Which of two grids of one table to keep, and how sure to be of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extraction.readers.pdf_atoms import is_number, is_value
from extraction.readers.pdf_check import Char, camelot_rows, labels_between, number_rows, same_rows, text_rows, verdict
from extraction.readers.pdf_forms import form_grid
from extraction.readers.pdf_grid import finder_grid, word_grid
from extraction.readers.pdf_lines import Vocabulary
from extraction.readers.pdf_pages import Block, Page
from runtime.pdf_words import Word
from schemas.base import Box
from schemas.element import Grid

NUMERIC: Final = 0.25
"""Share of values among the body's cells from which on lines of text are rows of a table, not wrapped prose."""
PROSE: Final = 0.5
"""Share of values below which two analyses must agree on the words of each row as well, not only on its numbers."""
ALIGNED: Final = 6.0
"""Points that the values of one column may differ at their common edge or middle."""


@dataclass(frozen=True, slots=True)
class Choice:
    grid: Grid
    origin: str
    """finder, words or form."""


def choose(block: Block, page: Page, vocabulary: Vocabulary, chars: Sequence[Char] | None, path: Path) -> Choice | None:
    """The better grid of a table region with its agreement, None where there is no grid."""
    form = form_grid([(*_line_box(word), word.text) for word in block.words], block.box, block.page)
    if form is not None:
        return Choice(_checked(form, form, block, chars, page, path), "form")
    finder = finder_grid(block, vocabulary)
    words = word_grid(block, page.rules, vocabulary)
    if finder is None and words is None:
        return None
    if words is None or (finder is not None and _prefers_finder(finder, words)):
        assert finder is not None
        return Choice(_checked(finder, words, block, chars, page, path), "finder")
    return Choice(_checked(_with_spans(words, finder), finder, block, chars, page, path), "words")


def _with_spans(words: Grid, finder: Grid | None) -> Grid:
    """Labels that the finder sees over several rows where the lines of the label look like labels of their own."""
    if finder is None or (finder.n_rows, finder.n_cols) != (words.n_rows, words.n_cols):
        return words
    cells = list(words.cells)
    for cell in finder.cells:
        if cell.row_span == 1 or cell.col_span > 1 or cell.row < words.header_rows:
            continue
        own = [c for c in cells if c.col == cell.col and cell.row <= c.row < cell.row + cell.row_span]
        plain = all(c.row_span == c.col_span == 1 and not is_value(c.text) for c in own)
        if own and plain and " ".join(c.text for c in own) == cell.text:
            cells = [c for c in cells if all(c is not o for o in own)]
            cells.append(cell.model_copy(update={"header": False, "indent": own[0].indent, "bold": own[0].bold}))
    return words.model_copy(update={"cells": tuple(sorted(cells, key=lambda c: (c.row, c.col)))})


def _line_box(word: Word) -> Box:
    """A word's box with the height of its line, so that a dash is as tall as a letter."""
    top, bottom = round(word.baseline - 0.8 * word.size, 2), round(word.baseline + 0.22 * word.size, 2)
    return (word.box[0], min(top, word.box[1]), word.box[2], max(bottom, word.box[3]))


def _prefers_finder(finder: Grid, words: Grid) -> bool:
    if _numeric(words) < NUMERIC and _crowded(finder) == 0:
        return True
    if _faults(finder) == 0 and _labels(finder) < _labels(words):
        # White space in a column of justified text looks like a border.
        return True
    return _faults(finder) < _faults(words)


def _labels(grid: Grid) -> int:
    """Columns without a value."""
    body = [cell for cell in grid.cells if cell.row >= grid.header_rows]
    return len({cell.col for cell in body} - {cell.col for cell in body if is_value(cell.text)})


def _numeric(grid: Grid) -> float:
    body = [cell for cell in grid.cells if cell.row >= grid.header_rows and cell.col > 0]
    return sum(is_value(cell.text) for cell in body) / len(body) if body else 0.0


def _faults(grid: Grid) -> int:
    """Cells that hold several values, values out of line with their column, columns without a body cell."""
    return _crowded(grid) + _misaligned(grid) + _empty(grid)


def _crowded(grid: Grid) -> int:
    return sum(_several(cell.text) for cell in grid.cells if cell.row >= grid.header_rows)


def _several(text: str) -> bool:
    """Two or more plain numbers and nothing else: `80.6 66.6`, but not `81.2 (+3.7)` or `May 1, 2022`."""
    parts = [part for part in text.split() if part not in {"$", "%", "€", "£", "-", "±"}]
    return (
        len(parts) > 1
        and all(is_number(part) or is_value(part) for part in parts)
        and not any("(" in p for p in parts[1:])
    )


def _misaligned(grid: Grid) -> int:
    """Values that stand apart from their column; percentages and amounts are aligned among themselves."""
    groups: dict[tuple[int, bool], list[Box]] = {}
    for cell in grid.cells:
        body = cell.col > 0 and cell.col_span == 1 and cell.row >= grid.header_rows
        if body and cell.place.box and is_value(cell.text) and is_number(cell.text.split()[-1]):
            groups.setdefault((cell.col, cell.text.endswith("%")), []).append(cell.place.box)
    return sum(
        min(
            _outliers(edge)
            for edge in ([b[0] for b in boxes], [b[2] for b in boxes], [(b[0] + b[2]) / 2 for b in boxes])
        )
        for boxes in groups.values()
        if len(boxes) > 2
    )


def _outliers(values: Sequence[float]) -> int:
    middle = sorted(values)[len(values) // 2]
    return sum(abs(value - middle) > ALIGNED for value in values)


def _empty(grid: Grid) -> int:
    held = {c for cell in grid.cells if cell.row >= grid.header_rows for c in range(cell.col, cell.col + cell.col_span)}
    return grid.n_cols - len(held)


def _checked(
    grid: Grid, other: Grid | None, block: Block, chars: Sequence[Char] | None, page: Page, path: Path
) -> Grid:
    """The grid with its agreement and the certificate of its rows."""
    if chars is None:
        return grid
    seen = verdict(grid, chars, block.box)
    own, loose = number_rows(grid), labels_between(grid)
    alike = other is not None and same_rows(own, number_rows(other), loose)
    if other is not None and other is not grid and _numeric(grid) < PROSE:
        alike = alike and text_rows(grid) == text_rows(other)
    if not alike and own and seen.complete and _numeric(grid) >= PROSE:
        # The analyses disagree, or there is only one: a third one decides.
        rows = camelot_rows(path, block.page, block.box, page.height)
        alike = rows is not None and same_rows(own, rows, loose)
    sound = seen.complete and alike and _faults(grid) == 0 and (seen.agreement is None or seen.agreement == 1.0)
    return grid.model_copy(update={"agreement": seen.agreement, "rows_agree": sound})
