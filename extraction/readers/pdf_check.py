"""A second opinion on a table: pdfium's characters inside the cells, and camelot's rows where two analyses disagree.

Both read the file without MuPDF, so that a cell that agrees was seen by two engines at one place.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from schemas.base import Box
from schemas.element import Grid, GridCell

_DIGITS: Final = re.compile(r"\d[\d.,]*")
_SAME: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "’": "'", "∗": "*"})
MARGIN: Final = 1.0
"""Points around a cell's box in which characters of the other engine count as inside."""

Char = tuple[str, float, float]
"""(character, x of its middle, y of its middle), origin top-left."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second engine says about a grid."""

    agreement: float | None
    """Share of the body cells with digits that it reads alike; None where there are none or it cannot tell."""
    complete: bool
    """Every digit in the region lies in a cell, and every row's numbers stand on baselines of their own."""


def page_chars(path: Path, page: int) -> list[Char] | None:
    """Characters of a page as pdfium sees them; None where the page is turned or cannot be read."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        sheet = document[page - 1]
        if sheet.get_rotation():
            return None
        left, _, _, top = sheet.get_cropbox()
        text = sheet.get_textpage()
        return [char for i in range(text.count_chars()) if (char := _char(raw, text.raw, i, left, top)) is not None]
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()


def _char(raw: Any, text: Any, index: int, left: float, top: float) -> Char | None:
    from ctypes import byref, c_double

    code = raw.FPDFText_GetUnicode(text, index)
    if code == 0 or chr(code).isspace():
        return None
    x0, x1, y0, y1 = c_double(), c_double(), c_double(), c_double()
    if not raw.FPDFText_GetCharBox(text, index, byref(x0), byref(x1), byref(y0), byref(y1)):
        return None
    return chr(code), (x0.value + x1.value) / 2 - left, top - (y0.value + y1.value) / 2


def verdict(grid: Grid, chars: Sequence[Char], box: Box) -> Verdict:
    """Compares a grid with the characters of another engine."""
    numeric = [cell for cell in grid.cells if cell.row >= grid.header_rows and _DIGITS.search(cell.text)]
    region = [char for char in chars if _within(char, box, MARGIN)]
    if not numeric:
        return Verdict(None, complete=True)
    alike = [cell for cell in numeric if _equal(cell, _read(cell, region))]
    boxes = [cell.place.box for cell in grid.cells if cell.place.box]
    lost = any(c[0].isdigit() and not any(_within(c, b, MARGIN) for b in boxes) for c in region)
    return Verdict(round(len(alike) / len(numeric), 4), complete=not lost and _apart(grid))


def _equal(cell: GridCell, other: str) -> bool:
    """Values must be equal; in labels the engines may order raised marks differently."""
    own = plain(cell.text)
    return own == other or (not _value(cell.text) and sorted(own) == sorted(other))


def _within(char: Char, box: Box, margin: float) -> bool:
    return box[0] - margin <= char[1] <= box[2] + margin and box[1] - margin <= char[2] <= box[3] + margin


def _read(cell: GridCell, region: Sequence[Char]) -> str:
    box = cell.place.box
    assert box is not None
    return plain("".join(char[0] for char in region if _within(char, box, MARGIN)))


def plain(text: str) -> str:
    """Text as both engines should give it: compatibility forms, no spaces, no hyphens (line ends lose theirs)."""
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return "".join(char for char in folded if not char.isspace() and char not in "-^_{}\x02")


def _apart(grid: Grid) -> bool:
    """No two rows have numbers of one column, or of one row, on shared baselines."""
    spans: dict[int, list[tuple[float, float]]] = {}
    for cell in grid.cells:
        if cell.row < grid.header_rows or cell.row_span > 1 or not cell.place.box or not _value(cell.text):
            continue
        spans.setdefault(cell.row, []).append((cell.place.box[1], cell.place.box[3]))
    middles = {row: [(a + b) / 2 for a, b in pairs] for row, pairs in spans.items()}
    rows = sorted(middles)
    level = all(max(middles[row]) - min(middles[row]) < max(b - a for a, b in spans[row]) for row in rows)
    return level and all(max(middles[a]) < min(middles[b]) for a, b in pairwise(rows))


def _value(text: str) -> bool:
    return bool(_DIGITS.search(text)) and sum(char.isalpha() for char in text) <= 2


def number_rows(grid: Grid) -> list[tuple[str, ...]]:
    """The numbers of each body row's value cells, in column order; rows without numbers are left out."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.row >= grid.header_rows and cell.row_span == 1:
            rows.setdefault(cell.row, []).append(cell.text)
    return _numbers(rows[row] for row in sorted(rows))


def text_rows(grid: Grid) -> list[str]:
    """The words of each body row in column order; labels over several rows are left out."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.row >= grid.header_rows and cell.row_span == 1:
            rows.setdefault(cell.row, []).append(plain(cell.text))
    return ["".join(rows[row]) for row in sorted(rows)]


def _numbers(rows: Iterable[Iterable[str]]) -> list[tuple[str, ...]]:
    found = [tuple(_DIGITS.findall(" ".join(text for text in row if _value(text)))) for row in rows]
    return [row for row in found if row]


def camelot_rows(path: Path, page: int, box: Box, height: float) -> list[tuple[str, ...]] | None:
    """The numbers of each row as camelot's stream parser sees them; None where it finds no table."""
    import camelot

    area = f"{box[0] - 2:.0f},{height - box[1] + 2:.0f},{box[2] + 2:.0f},{height - box[3] - 2:.0f}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tables = camelot.read_pdf(str(path), pages=str(page), flavor="stream", table_areas=[area])
        except (ValueError, IndexError, KeyError, ZeroDivisionError, OSError):
            return None
    if not len(tables):
        return None
    return _numbers([str(cell) for cell in row] for row in tables[0].df.to_numpy().tolist())


def labels_between(grid: Grid) -> frozenset[str]:
    """Numbers in labels that span rows; other parsers put them into one of the rows, or into a row of their own."""
    return frozenset(n for cell in grid.cells if cell.row_span > 1 for n in _DIGITS.findall(cell.text))


def same_rows(own: Sequence[tuple[str, ...]], other: Sequence[tuple[str, ...]], loose: frozenset[str]) -> bool:
    """Whether `other` ends with the rows of `own`; what stands before them may be header lines with years.

    Args:
        own: numbers of each row.
        other: numbers of each row as another parser sees them.
        loose: numbers that may stand in `other` beside or between the rows.
    """
    rows = [row for row in other if not (len(row) <= 2 and set(row) <= loose)]
    if len(own) > len(rows):
        return False
    return all(
        a == b or (b[:1] and b[0] in loose and a == b[1:])
        for a, b in zip(own, rows[len(rows) - len(own) :], strict=True)
    )
