"""Cells of delimited files and workbooks, read by the csv module and openpyxl."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, final

from kg.proof.compare_text import occurs, plain
from kg.values import date as dates
from kg.values import number as numbers
from schemas.sample import Evidence

_REFERENCE: Final = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$")
DELIMITERS: Final = (",", ";", "\t", "|")
MOST_CELLS: Final = 10_000
"""Cells of a range that are joined."""

Grid = Callable[[str | None, int, int], Iterable[Any]]
"""(sheet, 0-based row, 0-based column) -> possible values of the cell, one per reading of the file."""


@final
class SheetSource:
    """A file of cells."""

    def __init__(self, value_at: Grid) -> None:
        self._value_at = value_at

    def missing(self, rows: Sequence[Evidence]) -> str | None:
        for row in rows:
            if row.cell is None:
                return f"{row.kind} {row.text[:60]!r} has no cell"
            if not self._holds(row):
                return f"{row.sheet}!{row.cell}: {row.kind} {row.text[:80]!r} is not there"
        return None

    def _holds(self, row: Evidence) -> bool:
        found = _REFERENCE.match(row.cell or "")
        if found is None:
            return False
        top, left = int(found[2]) - 1, _column(found[1])
        bottom, right = (int(found[4]) - 1, _column(found[3])) if found[3] else (top, left)
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            return False
        places = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if any(same(value, row.text) for value in self._value_at(row.sheet, *places[0])):
            return True
        readings = zip(*(self._value_at(row.sheet, r, c) for r, c in places), strict=False)
        return any(occurs(row.text, " ".join(str(v) for v in reading if v is not None)) for reading in readings)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def same(value: Any, text: str) -> bool:
    """Whether a stored cell value is what the text prints, number and date formats apart."""
    if value is None:
        return not text.strip()
    if isinstance(value, bool | str):
        return plain(str(value)) == plain(text)
    if isinstance(value, dt.datetime | dt.date):
        iso = value.isoformat()[:10]
        return iso == (dates.parse(text) or "") or text.startswith(iso)
    printed = numbers.parse(text)
    try:
        stored = Decimal(str(value))
    except InvalidOperation:
        return False
    if printed is None or printed.number is None:
        return plain(str(value)) == plain(text)
    wanted = stored * 100 if printed.unit == "%" else stored
    shown = {numbers.rounded(amount, printed.decimals) for amount in (wanted, stored)}
    return printed.number in shown or printed.number.scaleb(printed.scale) == stored


def open_delimited(data: bytes) -> SheetSource | str:
    """A delimited file. Which delimiter it has is not asked: a cell stands if it stands under one of them."""
    text = _decoded(data)
    if text is None:
        return "no text encoding fits"
    readings: dict[str, list[list[str]]] = {}

    def value_at(_sheet: str | None, row: int, col: int) -> Iterator[Any]:
        for delimiter in DELIMITERS:
            if delimiter not in readings:  # most files are right at the first
                readings[delimiter] = _read(text, delimiter)
            rows = readings[delimiter]
            yield rows[row][col] if row < len(rows) and col < len(rows[row]) else None

    return SheetSource(value_at)


def _read(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def open_workbook(data: bytes) -> SheetSource | str:
    """A workbook with its cached values."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        return f"openpyxl cannot open it: {error}"

    def value_at(sheet: str | None, row: int, col: int) -> list[Any]:
        if sheet not in book.sheetnames:
            return [None]
        return [book[sheet].cell(row=row + 1, column=col + 1).value]

    return SheetSource(value_at)
