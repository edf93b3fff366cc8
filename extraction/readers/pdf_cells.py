"""Cells of a table from its logical rows: levels of headers, labels that span rows, labels between rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from extraction.readers.pdf_atoms import is_value
from extraction.readers.pdf_rows import PERIOD, UNIT_LINE, Piece, TableRow, is_date
from runtime.pdf_model import Rule
from runtime.pdf_words import Word

CHAIN: Final = 4.0
"""Points between pieces of one rule; the rules of two headers stand farther apart."""


@dataclass(slots=True)
class Cell:
    """A cell before its text is put together."""

    row: int
    col: int
    row_span: int
    col_span: int
    words: list[Word]
    header: bool

    @property
    def last_col(self) -> int:
        return self.col + self.col_span - 1


def cells_of(
    rows: Sequence[TableRow],
    floating: Sequence[Piece],
    n_cols: int,
    headers: int,
    lines: Sequence[float],
    rules: Sequence[Rule],
) -> tuple[int, int, list[Cell]]:
    """(number of header rows, number of rows, cells), labels that stand between or beside several rows as spans."""
    body = list(rows[headers:])
    header = _header(rows[:headers], n_cols, rules)
    headers = max((cell.row + cell.row_span for cell in header), default=0)
    cells = [cell for index, row in enumerate(body) for cell in _whole(_row_cells(row, headers + index), n_cols)]
    _span_labels(cells, body, floating, headers, lines)
    return headers, headers + len(body), sorted([*header, *cells], key=lambda c: (c.row, c.col))


def _row_cells(row: TableRow, index: int, *, header: bool = False) -> list[Cell]:
    """Pieces in reading order; pieces of several lines in one column are one cell."""
    cells: list[Cell] = []
    for piece in row.pieces:
        # A line of a long label may run under the values of another line.
        others = [p.first for p in row.pieces if p.is_value and piece.first < p.first <= piece.last]
        piece.last = min([piece.last, *(column - 1 for column in others)])
    for piece in sorted(row.pieces, key=lambda p: (p.first, p.baseline, p.x0)):
        words = [word for atom in piece.atoms for word in atom.words]
        home = next((c for c in cells if c.col <= piece.last and piece.first <= c.last_col), None)
        if home is None:
            cells.append(Cell(index, piece.first, 1, piece.last - piece.first + 1, words, header))
        else:
            last = max(home.last_col, piece.last)
            home.col = min(home.col, piece.first)
            home.col_span = last - home.col + 1
            home.words.extend(words)
    return cells


def _whole(cells: list[Cell], n_cols: int) -> list[Cell]:
    """A lone text over several columns, or in the middle of the row, is a group heading over the whole row."""
    lone = len(cells) == 1 and not is_value(_text(cells[0]))
    if lone and n_cols > 2 and (cells[0].col_span > 1 or cells[0].col > 0):
        cells[0].col, cells[0].col_span = 0, n_cols
    return cells


def _span_labels(
    cells: list[Cell], rows: Sequence[TableRow], floating: Sequence[Piece], top: int, lines: Sequence[float]
) -> None:
    """Labels in leading columns that stand for a block of rows become one cell over the block."""
    for first, last in _blocks(rows, lines, floating):
        if last == first:
            continue
        inside = [p for p in floating if rows[first].baselines[0] < p.baseline < rows[last].baselines[-1]]
        for column in range(_label_columns(rows)):
            held = [c for c in cells if top + first <= c.row <= top + last and c.col <= column <= c.last_col]
            loose = [p for p in inside if p.first == column]
            if any(c.col_span > 1 for c in held) or not (held or loose):
                continue
            if loose or _centred(held, rows, first, last, top):
                words = [w for c in held for w in c.words] + [w for p in loose for a in p.atoms for w in a.words]
                for cell in held:
                    cells.remove(cell)
                cells.append(Cell(top + first, column, last - first + 1, 1, words, header=False))


def _label_columns(rows: Sequence[TableRow]) -> int:
    """Number of leading columns that hold labels in most rows."""
    count = 0
    width = max((c for row in rows for c in row.columns()), default=0) + 1
    for column in range(width):
        values = sum(column in row.values() for row in rows)
        labels = sum(p.first <= column <= p.last and not p.is_value for row in rows for p in row.pieces)
        if values > labels and column > 0:
            break
        count += 1
    return min(count, 3)


def _centred(held: Sequence[Cell], rows: Sequence[TableRow], first: int, last: int, top: int) -> bool:
    """Fewer labels than rows, in consecutive rows around the middle of the block, or only in its first row."""
    filled = sorted({cell.row - top for cell in held})
    size = last - first + 1
    if len(filled) >= size or filled[-1] - filled[0] != len(filled) - 1:
        return False
    if filled == [first]:
        return True
    middle = (rows[first].baselines[0] + rows[last].baselines[-1]) / 2
    own = (rows[filled[0]].baselines[0] + rows[filled[-1]].baselines[-1]) / 2
    pitch = (rows[last].baselines[-1] - rows[first].baselines[0]) / (size - 1)
    # A total row may end the block without being part of the label's own span.
    return abs(own - middle) < (1.1 if size > 4 else 0.6) * pitch


def _blocks(rows: Sequence[TableRow], lines: Sequence[float], floating: Sequence[Piece]) -> list[tuple[int, int]]:
    """(first, last) row of the blocks between dividing rules; where labels stand between rows, two rows each."""
    blocks: list[tuple[int, int]] = []
    start = 0
    for index in range(len(rows) - 1):
        if any(rows[index].baselines[-1] - 1 < y < rows[index + 1].baselines[0] for y in lines):
            blocks.append((start, index))
            start = index + 1
    blocks.append((start, len(rows) - 1))
    ruled = len(blocks) > 1
    result: list[tuple[int, int]] = []
    for first, last in blocks:
        labels = [p for p in floating if rows[first].baselines[0] < p.baseline < rows[last].baselines[-1]]
        tops = sorted({piece.baseline for piece in labels})
        apart = any(b - a > 1.6 * labels[0].atoms[0].words[0].size for a, b in pairwise(tops))
        if apart or (tops and not ruled):
            below = [next(i for i, row in enumerate(rows) if row.baselines[0] > y) for y in tops]
            result.extend((index - 1, index) for index in below if index)
        elif ruled:
            result.append((first, last))
    return result


def _header(rows: Sequence[TableRow], n_cols: int, rules: Sequence[Rule]) -> list[Cell]:
    """Header cells: spans over the columns below them, labels of several lines joined."""
    levels = [_row_cells(row, index, header=True) for index, row in enumerate(rows)]
    _lift(levels, rows)
    for index, level in enumerate(levels[:-1]):
        below = [cell for lower in levels[index + 1 :] for cell in lower]
        _widen(level, below, rules)
    for level in levels:
        if n_cols > 1 and len(level) == 1 and UNIT_LINE.match(_text(level[0])):
            level[0].col, level[0].col_span = 1, n_cols - 1
    return _dense(_stacked(levels))


def _dense(cells: list[Cell]) -> list[Cell]:
    """Closes up rows in which no cell begins."""
    starts = sorted({cell.row for cell in cells})
    for cell in cells:
        end = cell.row + cell.row_span
        cell.row_span = sum(cell.row <= start < end for start in starts)
        cell.row = starts.index(cell.row)
    return cells


def _lift(levels: list[list[Cell]], rows: Sequence[TableRow]) -> None:
    """A line whose baseline lies between two levels is part of both: its labels span them."""
    for index in range(len(rows) - 2, 0, -1):
        above, below = rows[index - 1].baselines[0], rows[index + 1].baselines[0]
        if below - above > 1.6 * rows[index].pieces[0].atoms[0].words[0].size:
            continue
        taken = {
            c
            for level in (levels[index - 1], levels[index + 1])
            for cell in level
            for c in range(cell.col, cell.last_col + 1)
        }
        if any(cell.col in taken for cell in levels[index]):
            continue
        for cell in levels[index]:
            cell.row, cell.row_span = index - 1, 2
        levels[index - 1].extend(levels[index])
        del levels[index]
        for level in levels[index:]:
            for cell in level:
                cell.row -= 1


def _widen(level: list[Cell], below: Sequence[Cell], rules: Sequence[Rule]) -> None:
    """Spreads the headers of a level over the columns below it that no header of the level stands straight over.

    Each such column goes to the nearest header; a rule under a header bounds what it can have.
    """
    _over_dates(level, below)
    wide = [cell for cell in level if cell.col_span > 1 or _ruled(cell, below, rules) or not _straight(cell, below)]
    if not wide:
        wide = _centred_over(level, below)
    fixed = {cell.col for cell in level if cell not in wide}
    shares: list[list[int]] = [[] for _ in wide]
    for column, middle in sorted({cell.col: _mid(cell.words) for cell in below if cell.col_span == 1}.items()):
        open_to = [i for i, cell in enumerate(wide) if _reaches(cell, column, middle, rules)]
        if column not in fixed and open_to:
            shares[min(open_to, key=lambda i: (_distance(wide[i], middle), i))].append(column)
    for cell, columns in zip(wide, shares, strict=True):
        run = _trimmed(_run(columns, cell.col), cell, below)
        if run:
            cell.col, cell.col_span = run[0], run[-1] - run[0] + 1


def _over_dates(level: Sequence[Cell], below: Sequence[Cell]) -> None:
    """`Three Months Ended` goes over all dates around it that no other heading of the level stands over."""
    dates = {cell.col for cell in below if cell.col_span == 1 and is_date(_text(cell))}
    for cell in level:
        others = {c for other in level if other is not cell for c in range(other.col, other.last_col + 1)}
        run = _run(sorted(dates - others), cell.col)
        periods = sum(bool(PERIOD.search(_text(other))) for other in level)
        if PERIOD.search(_text(cell)) and periods == 1 and len(run) > 1 and cell.col in run:
            cell.col, cell.col_span = run[0], len(run)


def _under(cell: Cell, rules: Sequence[Rule]) -> Rule | None:
    """The rule right under a header; HTML converters draw it in pieces, one for each cell below."""
    bottom = max(word.baseline for word in cell.words)
    near = sorted((r for r in rules if r.lies and bottom - 1 < r.y0 < bottom + 9), key=lambda r: (r.y0, r.x0))
    chain: Rule | None = None
    for rule in near:
        if chain is not None and abs(rule.y0 - chain.y0) < 0.8 and rule.x0 - chain.x1 < CHAIN:
            chain = Rule(chain.x0, chain.y0, max(chain.x1, rule.x1), chain.y1)
        else:
            if chain is not None and chain.x0 <= _mid(cell.words) <= chain.x1:
                return chain
            chain = rule
    return chain if chain is not None and chain.x0 <= _mid(cell.words) <= chain.x1 else None


def _ruled(cell: Cell, below: Sequence[Cell], rules: Sequence[Rule]) -> bool:
    """Whether a rule under the header runs over several columns."""
    rule = _under(cell, rules)
    return rule is not None and len({c.col for c in below if rule.x0 <= _mid(c.words) <= rule.x1}) > 1


def _centred_over(level: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
    """All headers of the level, if each stands over the middle one of an odd number of columns of its own."""
    columns = sorted({cell.col for cell in below if cell.col_span == 1 and cell.col > 0})
    own = sorted(cell.col for cell in level)
    if len(own) < 2 or 0 in own or len(columns) != 3 * len(own):
        return []
    return list(level) if own == columns[1::3] else []


def _run(columns: Sequence[int], seed: int) -> list[int]:
    """The consecutive columns around the one nearest to `seed`."""
    if not columns:
        return []
    start = min(columns, key=lambda c: (abs(c - seed), c))
    run = [start]
    while run[-1] + 1 in columns:
        run.append(run[-1] + 1)
    while run[0] - 1 in columns:
        run.insert(0, run[0] - 1)
    return run


def _trimmed(run: list[int], cell: Cell, below: Sequence[Cell]) -> list[int]:
    """Drops columns at the ends as long as the header then stands nearer to the middle of what is left."""
    extents = {c.col: _extent(c.words) for c in below if c.col_span == 1}
    left, right = _extent(cell.words)

    def off(columns: Sequence[int]) -> float:
        return abs((extents[columns[0]][0] + extents[columns[-1]][1]) / 2 - (left + right) / 2)

    while len(run) > 2:
        shorter = min((part for part in (run[1:], run[:-1])), key=off)
        dropped = extents[(set(run) - set(shorter)).pop()]
        if off(run) - off(shorter) < 3.0 or (dropped[0] < right and left < dropped[1]):
            break
        run = list(shorter)
    return run


def _reaches(cell: Cell, column: int, middle: float, rules: Sequence[Rule]) -> bool:
    """Whether a header may stand over a column: the rule under it runs over the column; without one, it is near."""
    rule = _under(cell, rules)
    return column > 0 if rule is None else rule.x0 - 1 <= middle <= rule.x1 + 1


def _distance(cell: Cell, middle: float) -> float:
    return abs(_mid(cell.words) - middle)


def _straight(cell: Cell, below: Sequence[Cell]) -> bool:
    """Whether a header stands over the middle of one single cell, or over none."""
    if cell.col_span > 1:
        return False
    own = [c for c in below if c.col == cell.col and c.col_span == 1]
    x0, x1 = _extent(cell.words)
    return not own or any(abs(_mid(c.words) - _mid(cell.words)) < 0.25 * max(x1 - x0, 8) for c in own)


def _stacked(levels: list[list[Cell]]) -> list[Cell]:
    """Joins header cells of one column that stand on consecutive lines, unless the lower one recurs beside it."""
    merged: list[Cell] = []
    texts: dict[tuple[int, str], int] = {}
    for index, level in enumerate(levels):
        for cell in level:
            key = (index, _text(cell))
            texts[key] = texts.get(key, 0) + 1
    for index, level in enumerate(levels):
        for cell in level:
            over = [c for c in merged if c.col <= cell.last_col and cell.col <= c.last_col]
            above = max(over, key=lambda c: c.row, default=None)
            alike = above is not None and (above.col, above.col_span) == (cell.col, cell.col_span)
            if above is None or not alike or UNIT_LINE.match(_text(cell)) or texts[index, _text(cell)] > 1:
                merged.append(cell)
                continue
            above.row_span = index - above.row + 1
            above.words.extend(cell.words)
    return merged


def _text(cell: Cell) -> str:
    return " ".join(word.text for word in cell.words)


def _extent(words: Sequence[Word]) -> tuple[float, float]:
    return min(word.box[0] for word in words), max(word.box[2] for word in words)


def _mid(words: Sequence[Word]) -> float:
    x0, x1 = _extent(words)
    return (x0 + x1) / 2
