"""Header rows, spanning headers and header paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extraction.tables import scale as scales
from extraction.tables.cell import read, without_footnote
from extraction.tables.matrix import Matrix
from kg.values.period import parse_period

_DURATION: Final = re.compile(
    r"^(?:for\s+)?(?:the\s+)?(?:(?:fiscal\s+)?(?:years?|quarters?)|(?:three|six|nine|twelve|\d{1,2}|thirteen"
    r"|twenty-six|thirty-nine|fifty-two)"
    r"[\s-]+(?:months?|weeks?))(?:\s+periods?)?\s+end(?:ed|ing)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a table.

    `paths[c]` are the labels of column c from the outside in; `cells[c]` the (row, col) that they stand in.
    """

    rows: int
    paths: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]
    scale_rows: tuple[int, ...] = ()
    corner: str = ""
    """What stands over the first column."""

    def scale_text(self, matrix: Matrix) -> str:
        """The scale line inside the head, `""` where there is none."""
        return " ".join(t for row in self.scale_rows for t in matrix.row(row) if t)


def of(matrix: Matrix) -> Header | None:
    """The head of a table; None where it has none."""
    rows = count(matrix)
    if rows == 0 or rows >= matrix.n_rows:
        return None
    scale_rows = tuple(
        r for r in range(rows) if scales.is_scale_row(matrix.row(r)[1:]) or scales.is_scale_row(matrix.row(r))
    )
    label_rows = [r for r in range(rows) if r not in scale_rows]
    if not label_rows:
        return None
    spread = [_spread(matrix, r, label_rows) for r in label_rows]
    paths, cells = [], []
    for col in range(matrix.n_cols):
        path, where = _path([level[col] for level in spread], label_rows, matrix, col)
        paths.append(path)
        cells.append(where)
    corner = " ".join(paths[0]) if paths[0] else ""
    return Header(rows, tuple(paths), tuple(cells), scale_rows, corner)


def count(matrix: Matrix) -> int:
    """Number of header rows: what the markup says, less rows of data, plus rows that go on naming columns."""
    rows = matrix.grid.header_rows
    while rows > 0 and _is_data(matrix, rows - 1):
        rows -= 1
    if rows == 0:
        rows = 0 if matrix.grid.header_rows > 0 else _unmarked(matrix)
    if rows == 0:
        return 0
    while rows < matrix.n_rows - 1 and _continues(matrix, rows):
        rows += 1
    return rows


def _is_data(matrix: Matrix, row: int) -> bool:
    """Whether a row marked as header holds values: most cells behind the first are amounts, not years or dates."""
    texts = [t for t in matrix.row(row)[1:] if t]
    values = [t for t in texts if _is_amount(t)]
    return bool(values) and 2 * len(values) >= len(texts)


def _is_amount(text: str) -> bool:
    reading = read(text)
    if reading.kind != "number" or reading.value is None:
        return False
    return not is_year(text) and bool(reading.value.unit or reading.value.decimals or "," in text or "(" in text)


def is_year(text: str) -> bool:
    """A bare year, also with a footnote mark."""
    return bool(re.fullmatch(r"(?:1[5-9]|20|21)\d\d", without_footnote(text)))


def _unmarked(matrix: Matrix) -> int:
    """Rows of an unmarked head: a first row with nothing but words and years over numbers, maybe below a title."""
    first = 1 if matrix.n_rows > 2 and list(matrix.filled(0)) == [0] else 0
    texts = matrix.row(first)
    words = [t for t in texts[1:] if t]
    if not words or any(read(t).kind in ("number", "missing", "mark") and not is_year(t) for t in words):
        return 0
    if texts[0] and len(words) < matrix.n_cols - 1:
        return 0
    below = any(read(t).kind == "number" for row in range(first + 1, matrix.n_rows) for t in matrix.row(row)[1:])
    return first + 1 if below else 0


def _continues(matrix: Matrix, row: int) -> bool:
    """Whether an unmarked row still names columns: words or dates in columns that hold numbers below."""
    texts = matrix.row(row)
    if scales.is_scale_row(texts[1:]):
        return True
    filled = [c for c in range(1, matrix.n_cols) if texts[c]]
    if not filled or any(read(texts[c]).kind in ("missing", "mark") for c in filled):
        return False
    if any(read(texts[c]).kind == "number" and not is_year(texts[c]) for c in filled):
        return False
    if texts[0] and not (len(filled) == matrix.n_cols - 1 and all(parse_period(texts[c]) for c in filled)):
        return False
    return all(_numeric_below(matrix, row, c) for c in filled)


def _numeric_below(matrix: Matrix, row: int, col: int) -> bool:
    kinds = [read(t).kind for t in matrix.column(col, row + 1) if t and not is_year(t)]
    numbers = sum(k in ("number", "missing") for k in kinds)
    return bool(kinds) and 5 * numbers >= 3 * len(kinds)


Spot = tuple[str, tuple[int, int]] | None
"""A label and the cell that it stands in."""


def _spread(matrix: Matrix, row: int, label_rows: Sequence[int]) -> list[Spot]:
    """The labels of one header row for every column, where spans were lost put back by what the rows below repeat."""
    spots: list[Spot] = []
    for col in range(matrix.n_cols):
        cell = matrix.cell(row, col)
        label = _clean(cell.text) if cell and cell.row == row else ""
        spots.append((label, (cell.row, cell.col)) if cell and label else None)
    if row == label_rows[-1]:
        return spots
    data = [c for c in range(1, matrix.n_cols) if _leaf(matrix, c, label_rows)]
    labels: list[tuple[str, tuple[int, int]]] = []
    for spot in spots[1:]:
        if spot and spot not in labels:
            labels.append(spot)
    if not labels or not data:
        return spots
    cut = (
        len(labels) > 1
        and _is_time(" ".join(label for label, _ in labels))
        and not any(_is_time(label) for label, _ in labels)
    )
    if all(spots[c] for c in data) and not cut:
        return spots
    return _shared(spots, labels, data, matrix, label_rows)


def _shared(
    spots: list[Spot],
    labels: list[tuple[str, tuple[int, int]]],
    data: list[int],
    matrix: Matrix,
    label_rows: Sequence[int],
) -> list[Spot]:
    """Spreads labels over the columns that they were centred on."""
    joined = " ".join(label for label, _ in labels)
    one = len(labels) == 1 or (_is_time(joined) and not any(_is_time(label) for label, _ in labels))
    if one and _is_time(joined):
        return [(joined, labels[0][1]) if c in data else spot for c, spot in enumerate(spots)]
    leaves = [_leaf(matrix, c, label_rows) for c in data]
    size, rest = divmod(len(data), len(labels))
    if len(labels) > 1 and rest == 0 and size > 1 and leaves == leaves[:size] * len(labels):
        shares = {c: labels[i // size] for i, c in enumerate(data)}
        return [shares.get(c, spot) for c, spot in enumerate(spots)]
    return spots


def _is_time(text: str) -> bool:
    return bool(_DURATION.match(text)) or parse_period(text) is not None


def _leaf(matrix: Matrix, col: int, label_rows: Sequence[int]) -> str:
    return _clean(matrix.spread(label_rows[-1], col))


def _path(
    level: Sequence[Spot], rows: Sequence[int], matrix: Matrix, col: int
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """One column's labels, outside in; a label of one column right above another is its first line."""
    path: list[str] = []
    where: list[tuple[int, int]] = []
    broken = False
    for index, spot in enumerate(level):
        if spot is None or spot[1] in where:
            continue
        if broken and path:
            path[-1] = f"{path[-1]} {spot[0]}"
        else:
            path.append(spot[0])
        where.append(spot[1])
        broken = _alone(level, index, matrix, rows, col)
    return tuple(path), tuple(where)


def _alone(level: Sequence[Spot], index: int, matrix: Matrix, rows: Sequence[int], col: int) -> bool:
    """Whether a label stands over this column only: then what stands below it is its second line."""
    spot = level[index]
    if spot is None or index == len(level) - 1:
        return False
    cell = matrix.cell(*spot[1])
    if cell is None or cell.col_span > 1 or spot[1][1] != col or _DURATION.match(spot[0]):
        return False
    neighbours = [matrix.spread(rows[index], c) for c in (col - 1, col + 1) if 0 < c < matrix.n_cols]
    return all(neighbours) or col == 0 or parse_period(f"{spot[0]} {matrix.spread(rows[index + 1], col)}") is not None


def _clean(text: str) -> str:
    """A label without marks, and without the halves of a scale line that ran into it."""
    text = re.sub(
        r"\s*\(\s*(?:US)?[$€£]?\s*in\s+(?:thousands|millions|billions)[^)]*\)\s*$", "", text, flags=re.IGNORECASE
    )
    text = re.sub(rf"\s+{scales.SUFFIX}(?:\s+restated\d?)?$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*\(\s*[Ii]n$|(?<=\d)\s+(?:thousands|millions|billions)\)$", "", text)
    return without_footnote(text)
