"""Logical rows of a table: which lines belong together, where the header ends, where rules divide the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from extraction.readers.pdf_atoms import Atom, Row, is_year
from extraction.readers.pdf_columns import Border, column_of, voting
from runtime.pdf_model import Rule
from schemas.base import Box

FULL: Final = 0.6
"""Share of the table's width that a rule covers to divide the table."""
WRAP: Final = 1.3
"""Em; lines of one wrapped text are set at most so far apart."""
SPACE: Final = 0.45
"""Em; white space up to this may be a space inside a phrase."""


UNIT_LINE: Final = re.compile(
    r"^\(?\s*(?:[$€£]|in\b|dollars|amounts|u\.?s\.?).*\b(?:millions|thousands|billions|hundreds|dollars|percent|%).*\)?$",
    re.IGNORECASE,
)
"""`(In millions, except per share data)`."""


PERIOD: Final = re.compile(
    r"\b(?:(?:days|months?|quarters?|years?|weeks?)\s+ended|as\s+(?:of|at)|value\s+at)\s*:?$", re.IGNORECASE
)
"""A heading that only the dates below it complete."""
_DATE: Final = re.compile(
    r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|^(?:19|20)\d\d$|,\s*(?:19|20)\d\d$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Piece:
    """Text of one line in one cell."""

    atoms: list[Atom]
    first: int
    last: int
    """First and last column."""
    baseline: float

    @property
    def x0(self) -> float:
        return self.atoms[0].x0

    @property
    def x1(self) -> float:
        return self.atoms[-1].x1

    @property
    def is_value(self) -> bool:
        return len(self.atoms) == 1 and self.atoms[0].is_value


@dataclass(slots=True)
class TableRow:
    """One logical row: its lines' pieces."""

    pieces: list[Piece]
    top: float
    bottom: float
    baselines: list[float] = field(default_factory=list)

    def columns(self) -> set[int]:
        return {column for piece in self.pieces for column in range(piece.first, piece.last + 1)}

    def values(self) -> set[int]:
        return {piece.first for piece in self.pieces if piece.is_value}


def placed(row: Row, found: Sequence[Border]) -> list[Piece]:
    """The pieces of a line with the columns that they touch."""
    pieces: list[Piece] = []
    filled = len({column_of(atom.middle, found) for atom in row.atoms})
    # In a line with something in nearly every column, what stands in the middle of its column is no part of a phrase.
    full = len(found) >= 5 and filled >= 0.8 * (len(found) + 1)
    for segment in row.segments():
        for run in _cut(segment, found, row.em, full=full):
            first, last = _touched(run, found, row.em)
            pieces.append(Piece(run, first, last, row.baseline))
    if len(pieces) == len(found) + 1 and all(p.first <= column <= p.last for column, p in enumerate(pieces)):
        # As many pieces as columns: wide headings may lean over a border, but each has its own column.
        for column, piece in enumerate(pieces):
            piece.first = piece.last = column
    return _apart(pieces)


def _cut(segment: Sequence[Atom], found: Sequence[Border], em: float, *, full: bool) -> list[list[Atom]]:
    """Cuts a run of atoms at the borders between them, unless it reads as one phrase over both columns."""
    runs = [[segment[0]]]
    for last, atom in pairwise(segment):
        crossed = [b for b in found if last.middle < b.middle <= atom.middle]
        own = full and bool(crossed) and crossed[-1].centres(atom)
        phrase = not own and atom.x0 - last.x1 < SPACE * em and not (last.is_value and atom.is_value)
        if crossed and not (phrase and max(b.usual for b in crossed) > 2 * SPACE * em and _leans(last, atom, crossed)):
            runs.append([atom])
        else:
            runs[-1].append(atom)
    return runs


def _leans(last: Atom, atom: Atom, crossed: Sequence[Border]) -> bool:
    """Whether the text does not respect the white space of the border: its own gap lies elsewhere or is narrower."""
    if crossed[-1].begins(atom):
        return False
    return any(atom.x0 - last.x1 < 0.8 * (b.x1 - b.x0) or last.x1 > b.x0 + 1 or atom.x0 < b.x1 - 1 for b in crossed)


def _touched(run: Sequence[Atom], found: Sequence[Border], em: float) -> tuple[int, int]:
    """First and last column under a run: it crosses a border if it reaches beyond its white space on both sides.

    An overhang of less than an em (or a quarter of the run) does not count.
    """
    slack = min(em, 0.25 * (run[-1].x1 - run[0].x0))
    x0, x1 = run[0].x0 + slack, run[-1].x1 - slack
    right = [b for b in found if (x0 >= b.x0 and x1 > b.x1) or (x0 >= b.x0 and (x0 + x1) / 2 > b.middle)]
    crossed = [b for b in found if x0 < b.x0 and x1 > b.x1]
    return len(right), len(right) + len(crossed)


def _apart(pieces: list[Piece]) -> list[Piece]:
    """Two pieces of one line do not share a column: the one that merely leans in gives way."""
    for left, right in pairwise(pieces):
        if left.last >= right.first:
            if left.last > left.first:
                left.last = max(left.first, right.first - 1)
            if left.last >= right.first and right.last > right.first:
                right.first = min(right.last, left.last + 1)
    return pieces


def dividers(rules: Sequence[Rule], box: Box) -> list[float]:
    """y of the rules that run over most of the table's width, pieces of one rule added up."""
    near = [
        rule
        for rule in rules
        if rule.lies and box[1] - 8 <= rule.y0 <= box[3] + 8 and rule.x0 < box[2] and rule.x1 > box[0]
    ]
    found: list[float] = []
    width = box[2] - box[0]
    for rule in near:
        pieces = [other for other in near if abs(other.y0 - rule.y0) < 0.8]
        covered = sum(min(other.x1, box[2]) - max(other.x0, box[0]) for other in pieces)
        # Rules under spanning headings are long together, but leave out the label column.
        whole = min(o.x0 for o in pieces) < box[0] + 0.08 * width and max(o.x1 for o in pieces) > box[2] - 0.08 * width
        if whole and covered >= FULL * width and (not found or rule.y0 - found[-1] > 1.5):
            found.append(rule.y0)
    return found


def logical_rows(
    rows: Sequence[Row],
    found: Sequence[Border],
    lines: Sequence[float],
    bands: Sequence[float],
    headers: int,
    rules: Sequence[Rule],
) -> tuple[list[TableRow], int]:
    """Joins lines into rows: (rows, number of header rows).

    Args:
        rows: lines of the region, top to bottom.
        found: column borders.
        lines: y of dividing rules.
        bands: y borders between rows that another analysis proposes; may be empty.
        headers: number of header lines, from `header_lines`.
        rules: all rules of the region; in the header, one under a heading parts it from what is below.
    """
    pitch = _pitch(rows)
    result: list[TableRow] = []
    count = 0
    for index, row in enumerate(rows):
        pieces = placed(row, found)
        box = row.box
        parted = index < headers and bool(result) and _underlined(result[-1], row, rules)
        if (
            result
            and index != headers
            and not parted
            and _same(result[-1], row, pieces, lines, bands, pitch, header=index < headers)
        ):
            last = result[-1]
            last.pieces.extend(pieces)
            last.bottom = max(last.bottom, box[3])
            last.baselines.append(row.baseline)
        else:
            result.append(TableRow(pieces, box[1], box[3], [row.baseline]))
        if index < headers:
            count = len(result)
    return result, count


def between(rows: Sequence[Row], found: Sequence[Border], headers: int) -> tuple[list[Row], list[Piece]]:
    """Takes out the lines that stand between two rows: labels centred beside several rows.

    Returns:
        The other lines, and the pieces of those taken out.
    """
    kept: list[Row] = list(rows[:headers])
    floating: list[Piece] = []
    for index in range(headers, len(rows)):
        row = rows[index]
        pieces = placed(row, found)
        lone = len(pieces) <= 2 and all(piece.first == piece.last for piece in pieces)
        if lone and headers < index < len(rows) - 1:
            above, below = placed(rows[index - 1], found), placed(rows[index + 1], found)
            apart = {p.first for p in above if p.is_value} & {p.first for p in below if p.is_value}
            taken = {c for p in (*above, *below) for c in (p.first, p.last)} & {p.first for p in pieces}
            close = rows[index + 1].baseline - rows[index - 1].baseline < 2.4 * row.em
            if apart and not taken and close:
                floating.extend(pieces)
                continue
        kept.append(row)
    return kept, floating


def _pitch(rows: Sequence[Row]) -> float:
    """Usual distance between the baselines of full lines."""
    voters = voting(rows)
    steps = [b.baseline - a.baseline for a, b in pairwise(voters)]
    steps = [step for step in steps if step > 0.5 * rows[0].em]
    return median(steps) if steps else 1.2 * rows[0].em


def _same(
    last: TableRow,
    row: Row,
    pieces: Sequence[Piece],
    lines: Sequence[float],
    bands: Sequence[float],
    pitch: float,
    *,
    header: bool,
) -> bool:
    if header and _levels(last, pieces):
        return False
    above, below = last.baselines[-1], row.baseline
    if any(above - 1 < y < below - 0.3 * row.em for y in lines):
        return False
    values = {piece.first for piece in pieces if piece.is_value}
    if values & last.values():
        return False
    if below - above < 0.35 * row.em or _runs_on(last, pieces, (below - above) / row.em):
        return True
    if bands:
        # The tops of the letters decide: a band's border may touch the descenders.
        return not any(above - 0.25 * row.em < y < below - 0.3 * row.em for y in bands)
    if values and last.values():
        return False
    return below - above < min(0.85 * pitch, WRAP * row.em) and bool(
        {c for p in pieces for c in (p.first, p.last)} & last.columns()
    )


def _runs_on(last: TableRow, pieces: Sequence[Piece], leading: float) -> bool:
    """Whether a line is nothing but the rest of the label above it: it begins in lower case."""
    label = [piece for piece in last.pieces if piece.first == 0]
    if len(pieces) != 1 or pieces[0].first or pieces[0].last or not label or leading > 1.6:
        return False
    return _joined(pieces[0])[:1].islower() and _joined(label[-1])[-1:] not in ":."


def _underlined(last: TableRow, row: Row, rules: Sequence[Rule]) -> bool:
    """Whether a rule lies between two header lines, under a heading of the upper one."""
    above, below = last.baselines[-1], row.baseline
    between = [r for r in rules if r.lies and above - 1 < r.y0 < below - 0.3 * row.em]
    return any(rule.x0 < piece.x1 and piece.x0 < rule.x1 for rule in between for piece in last.pieces)


def _levels(last: TableRow, pieces: Sequence[Piece]) -> bool:
    """Whether a header line subdivides the one above it: one piece stands over, or under, several."""
    if any(PERIOD.search(_joined(own)) for own in last.pieces) and sum(is_date(_joined(p)) for p in pieces) > 1:
        return True
    if len(last.pieces) == len(pieces):
        return False
    over = any(len({p.first for p in pieces if _meets(p, own)}) > 1 for own in last.pieces)
    return over or any(len({own.first for own in last.pieces if _meets(p, own)}) > 1 for p in pieces)


def _meets(a: Piece, b: Piece) -> bool:
    return a.first <= b.last and b.first <= a.last


def header_lines(rows: Sequence[Row], found: Sequence[Border], lines: Sequence[float], stated: float | None) -> int:
    """Number of header lines.

    The first dividing rule below the first line ends the header, if mostly labels stand above it; else what the table
    finder states (as a y); else the leading lines with more labels than values right of the first column. A line in
    brackets that states the unit of what follows belongs to the header.
    """
    count = _header_lines(rows, found, lines, stated)
    while 0 < count < len(rows) - 1 and _goes_on(rows, count, found):
        count += 1
    return count


def _goes_on(rows: Sequence[Row], index: int, found: Sequence[Border]) -> bool:
    """Whether a line below the header's stated end still belongs to it: a unit line, or labels of columns only."""
    row = rows[index]
    if len(row.segments()) == 1 and UNIT_LINE.match(text_of(row)):
        return True
    pieces = placed(row, found)
    if any(p.is_value and not is_year(p.atoms[0].text) for p in pieces) or not any(r.values for r in rows[index:]):
        return False
    bold = all(word.bold for p in pieces for atom in p.atoms for word in atom.words)
    labels = all(p.first > 0 for p in pieces)
    if len(pieces) == 1:
        # A heading over a few columns; alone it could be a group of rows, so the line below it decides.
        return labels and bold and index + 1 < len(rows) - 1 and _goes_on(rows, index + 1, found)
    return bold or labels


def _joined(piece: Piece) -> str:
    return " ".join(atom.text for atom in piece.atoms)


def is_date(text: str) -> bool:
    """Whether a column label begins or ends as a date does: a month's name or a year."""
    return bool(_DATE.search(text))


def text_of(row: Row) -> str:
    return " ".join(atom.text for atom in row.atoms)


def _header_lines(rows: Sequence[Row], found: Sequence[Border], lines: Sequence[float], stated: float | None) -> int:
    inner = [y for y in lines if rows[0].baseline - 2 < y < rows[-1].baseline - 2]
    for y in [*inner[:1], *([] if stated is None else [stated])]:
        count = sum(row.baseline < y for row in rows)
        if 0 < count <= max(2, len(rows) // 2) and count < len(rows) and not _has_data(rows[:count], found):
            return count
    count = next((i for i, row in enumerate(rows) if _has_data([row], found)), len(rows))
    return count if count < len(rows) else min(1, len(rows) - 1)


def _has_data(rows: Sequence[Row], found: Sequence[Border]) -> bool:
    """More values than labels right of the first column; years do not count."""
    pieces = [piece for row in rows for piece in placed(row, found) if piece.first > 0]
    values = [p for p in pieces if p.is_value and not is_year(p.atoms[0].text)]
    return len(values) * 2 > len(pieces)
