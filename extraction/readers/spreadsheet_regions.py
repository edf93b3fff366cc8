"""From a sheet of cells to tables and lines of text.

Notation: a sheet is a mapping (row, col) -> SheetCell of the cells that hold something, 0-based; a region is a
rectangle (top, left, bottom, right), all inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from extraction.readers.pandoc_tables import a1
from schemas.base import Place
from schemas.element import Grid, GridCell

Region = tuple[int, int, int, int]
MAX_HEADER_ROWS: Final = 4
HEAD_GAP: Final = 2
"""Rows between a line of text and the table below that it still heads."""

_NOTE: Final = re.compile(r"^(?:notes?\b|sources?\b|\*|†|‡|[¹²³⁴⁵]|\([a-z1-9]\)|\[[a-z1-9]\])", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^[-+−(]?\s*[$€£¥]?\s*\d[\d,.\s]*(?:[eE][-+]?\d+)?\s*%?\)?$|^\d{4}-\d\d(?:-\d\d)?$")
_YEAR: Final = re.compile(r"^(?:FY\s?)?(?:1[5-9]|20)\d\d$")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell that holds something; spans of merged cells are counted in rows and columns."""

    text: str
    row_span: int = 1
    col_span: int = 1
    bold: bool = False
    indent: float = 0.0
    formula: str | None = None
    uri: str | None = None


Sheet = Mapping[tuple[int, int], SheetCell]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text beside the tables."""

    row: int
    col: int
    text: str


@dataclass(frozen=True, slots=True)
class TableRegion:
    """A table with the lines above and below that belong to it."""

    region: Region
    head: tuple[Line, ...]
    notes: tuple[Line, ...]


def components(sheet: Sheet) -> list[Region]:
    """Rectangles around cells that touch, diagonals included, in reading order.

    Overlapping ones are joined, and so is a column of several rows with what stands beside it behind one blank column:
    a spacer, while two tables side by side have two columns each.
    """
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for (row, col), cell in sheet.items():
        for down in range(cell.row_span):
            for right in range(cell.col_span):
                owner[row + down, col + right] = (row, col)
    found: list[Region] = []
    seen: set[tuple[int, int]] = set()
    for start in sorted(owner):
        if start in seen:
            continue
        seen.add(start)
        queue, top, left, bottom, right_edge = [start], *start, *start
        while queue:
            row, col = queue.pop()
            top, left, bottom, right_edge = min(top, row), min(left, col), max(bottom, row), max(right_edge, col)
            for near in ((row + i, col + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if near in owner and near not in seen:
                    seen.add(near)
                    queue.append(near)
        found.append((top, left, bottom, right_edge))
    return sorted(_joined(found))


def _belong(one: Region, other: Region) -> bool:
    if one[0] > other[2] or other[0] > one[2]:
        return False
    gap = max(one[1] - other[3], other[1] - one[3])
    column = any(area[1] == area[3] and area[2] > area[0] for area in (one, other))
    return gap <= 0 or (gap == 2 and column and one[2] > one[0] and other[2] > other[0])


def _joined(regions: list[Region]) -> list[Region]:
    """Regions of which no two belong together."""
    done = False
    while not done:
        done = True
        result: list[Region] = []
        for region in sorted(regions):
            for index, other in enumerate(result):
                if _belong(region, other):
                    result[index] = (
                        min(region[0], other[0]),
                        min(region[1], other[1]),
                        max(region[2], other[2]),
                        max(region[3], other[3]),
                    )
                    done = False
                    break
            else:
                result.append(region)
        regions = result
    return regions


def split(sheet: Sheet, regions: Iterable[Region], *, lists: bool = False) -> tuple[list[TableRegion], list[Line]]:
    """Tables, and the lines of text that stand above, below and beside them, both in reading order.

    Args:
        sheet: the cells.
        regions: rectangles of cells that belong together.
        lists: several rows of one column are a table too, as in a csv file.
    """
    tables: list[TableRegion] = []
    lines: list[Line] = []
    for region in regions:
        rows = _rows(sheet, region)
        if not any(len(row) > 1 for row in rows) and not _list_like(rows) and not (lists and len(rows) > 1):
            lines += [Line(r, c, cell.text) for row in rows for (r, c), cell in row]
            continue
        narrow = not any(len(row) > 1 for row in rows)
        first = 0 if narrow else next((i for i, row in enumerate(rows) if not _is_line(row, region)), 0)
        last = next((i for i in range(len(rows) - 1, -1, -1) if not _is_note(rows[i], region)), len(rows) - 1)
        head = [Line(r, c, cell.text) for row in rows[:first] for (r, c), cell in row]
        notes = [Line(r, c, cell.text) for row in rows[last + 1 :] for (r, c), cell in row]
        inner = (region[0] + first, region[1], region[0] + last, region[3])
        tables.append(TableRegion(inner, tuple(head), tuple(notes)))
        lines += [*head, *notes]
    return _with_heads(tables, lines), sorted(lines, key=lambda line: (line.row, line.col))


def _with_heads(tables: list[TableRegion], lines: Sequence[Line]) -> list[TableRegion]:
    """Gives each table the lines that stand right above it, a blank row or two between."""
    result: list[TableRegion] = []
    for table in tables:
        top, left, _, right = table.region
        edge = min([top, *(line.row for line in table.head)])
        above = list(table.head)
        for line in sorted(lines, key=lambda line: -line.row):
            if 0 < edge - line.row <= HEAD_GAP and left - 1 <= line.col <= right and line not in above:
                above.append(line)
                edge = line.row
        taken = sorted(above, key=lambda line: (line.row, line.col))
        result.append(TableRegion(table.region, tuple(taken), table.notes))
    return result


def _rows(sheet: Sheet, region: Region) -> list[list[tuple[tuple[int, int], SheetCell]]]:
    top, left, bottom, right = region
    return [
        [((row, col), sheet[row, col]) for col in range(left, right + 1) if (row, col) in sheet]
        for row in range(top, bottom + 1)
    ]


def _list_like(rows: Sequence[Sequence[tuple[tuple[int, int], SheetCell]]]) -> bool:
    """A column of values below a header, not running text."""
    texts = [cell.text for row in rows for _, cell in row]
    return len(texts) > 1 and all(len(text) < 40 for text in texts) and any(is_number(text) for text in texts[1:])


def _is_line(row: Sequence[tuple[tuple[int, int], SheetCell]], region: Region) -> bool:
    """A leading row that is text about the table: alone in its row, at the left edge or merged over the width."""
    if not row:
        return True
    if len(row) != 1 or is_number(row[0][1].text):
        return False
    width = region[3] - region[1] + 1
    (_, col), cell = row[0]
    return cell.row_span == 1 and (
        cell.col_span >= width or (col == region[1] and cell.col_span != 1) or (col == region[1] and width > 1)
    )


def _is_note(row: Sequence[tuple[tuple[int, int], SheetCell]], region: Region) -> bool:
    if not row:
        return True
    (_, col), cell = row[0]
    return len(row) == 1 and col == region[1] and bool(_NOTE.match(cell.text))


def is_number(text: str) -> bool:
    """A number, an amount, a percentage or an ISO date, as printed."""
    return bool(_NUMBER.match(text))


def header_rows(sheet: Sheet, region: Region, *, declared: bool = False) -> int:
    """Leading rows that name the columns. declared: the file says that the first row is one."""
    rows = _rows(sheet, region)
    if len(rows) < 2:
        return 0
    count = 0
    for index, row in enumerate(rows[: min(MAX_HEADER_ROWS, len(rows) - 1)]):
        texts = [cell.text for _, cell in row]
        values = texts[1:] if row and row[0][0][1] == region[1] else texts
        years = bool(values) and all(_YEAR.match(text) for text in values)
        below = [cell.text for later in rows[index + 1 :] for _, cell in later[1:]]
        if years and not all(_YEAR.match(text) for text in below):
            count = index + 1
        elif not texts or any(map(is_number, texts)):
            break
        elif index == 0 or (rows[index - 1] and any(cell.col_span > 1 for _, cell in rows[index - 1])):
            count = index + 1
        elif index > 0:
            break
    if count == 0 or declared:
        return max(count, int(declared))
    return count if _looks_apart(rows, count) else 0


def _looks_apart(rows: Sequence[Sequence[tuple[tuple[int, int], SheetCell]]], count: int) -> bool:
    """The header differs from what is below: numbers come below, or it is bold, or its names are distinct."""
    below = [cell for row in rows[count:] for _, cell in row]
    heads = [cell for _, cell in rows[count - 1]]
    if any(is_number(cell.text) for cell in below) or (all(c.bold for c in heads) and not all(c.bold for c in below)):
        return True
    texts = [cell.text for cell in heads]
    return len(texts) > 1 and len(set(texts)) == len(texts) and len(rows[count - 1]) == max(map(len, rows))


def grid_of(sheet: Sheet, region: Region, name: str, headers: int) -> Grid:
    """The region as a grid; empty positions that no merged cell covers get an empty cell."""
    top, left, bottom, right = region
    covered: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for row in range(top, bottom + 1):
        for col in range(left, right + 1):
            if (row, col) in covered:
                continue
            cell = sheet.get((row, col), SheetCell(""))
            covered.update((row + i, col + j) for i in range(cell.row_span) for j in range(cell.col_span))
            cells.append(
                GridCell(
                    row=row - top,
                    col=col - left,
                    row_span=min(cell.row_span, bottom - row + 1),
                    col_span=min(cell.col_span, right - col + 1),
                    text=cell.text,
                    header=row - top < headers,
                    bold=cell.bold,
                    indent=cell.indent,
                    place=Place(
                        sheet=name, cell=reference((row, col, row + cell.row_span - 1, col + cell.col_span - 1))
                    ),
                    formula=cell.formula,
                )
            )
    return Grid(n_rows=bottom - top + 1, n_cols=right - left + 1, cells=tuple(cells), header_rows=headers)


def reference(region: Region) -> str:
    """`B3`, or `B3:C4`."""
    first, last = a1(region[0], region[1]), a1(region[2], region[3])
    return first if first == last else f"{first}:{last}"
