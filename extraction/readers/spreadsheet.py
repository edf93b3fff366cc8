"""Spreadsheets: xlsx through openpyxl, csv and tsv through the standard library.

A sheet is a section. What touches is one table, a declared table (`ws.tables`) is one by itself; lines of text above
a table are its head. Values are shown as the sheet shows them, formulas are kept beside.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final
from xml.etree.ElementTree import ParseError

from extraction.readers.assemble import Assembler, document_id
from extraction.readers.encoding import decoded
from extraction.readers.references import own_label
from extraction.readers.spreadsheet_format import shown
from extraction.readers.spreadsheet_regions import (
    Line,
    Region,
    Sheet,
    SheetCell,
    TableRegion,
    components,
    grid_of,
    header_rows,
    reference,
    split,
)
from schemas.base import Place
from schemas.element import Document, Elements, Link
from schemas.errors import DocumentError

DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE_LINES: Final = 200


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadsheetReader:
    """xlsx, xlsm, csv, tsv."""

    max_bytes: int = 64 << 20
    """Size of a csv file, and of each sheet's XML: openpyxl takes about 50 times as much memory."""
    max_cells: int = 1_000_000

    name: str = "spreadsheet"
    version: int = 1
    suffixes: tuple[str, ...] = (".xlsx", ".xlsm", ".csv", ".tsv")

    def read(self, path: Path, blobs: Path) -> Elements:  # noqa: ARG002 - the seam's signature
        """Reads one file; see `Reader.read`."""
        assembler = Assembler(document_id(path))
        notices: list[str] = []
        title = None
        if path.suffix.lower() in {".csv", ".tsv"}:
            self._csv(path, assembler)
        else:
            title = self._workbook(path, assembler, notices)
        elements = assembler.finish()
        if not any(element.kind != "section" for element in elements):
            raise DocumentError("empty", "no cell holds anything")
        return Elements(
            document=Document(
                id=assembler.document,
                paths=(path.name,),
                format=path.suffix.lower().removeprefix("."),
                title=title,
                warnings=tuple(notices),
            ),
            reader=f"{self.name}/{self.version}",
            elements=elements,
        )

    def _csv(self, path: Path, assembler: Assembler) -> None:
        if path.stat().st_size > self.max_bytes:
            raise DocumentError("too_large", f"{path.stat().st_size} bytes, above {self.max_bytes}")
        rows = read_rows(decoded(path.read_bytes()))
        if sum(map(len, rows)) > self.max_cells:
            raise DocumentError("too_large", f"more than {self.max_cells} cells")
        sheet = {
            (row, col): SheetCell(text)
            for row, texts in enumerate(rows)
            for col, text in enumerate(map(_clean, texts))
            if text
        }
        _add_sheet(assembler, path.stem, sheet, list(_blocks(rows)), declared=(), lists=True)

    def _workbook(self, path: Path, assembler: Assembler, notices: list[str]) -> str | None:
        import openpyxl

        with zipfile.ZipFile(path) as archive:
            if any(
                member.file_size > self.max_bytes for member in archive.infolist() if member.filename.endswith(".xml")
            ):
                raise DocumentError("too_large", f"a sheet's XML above {self.max_bytes} bytes")
        try:
            with warnings.catch_warnings():
                # openpyxl warns of extensions that it does not know; no value depends on them.
                warnings.simplefilter("ignore")
                values = openpyxl.load_workbook(path, data_only=True)
                formulas = openpyxl.load_workbook(path)
        except (
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
            IndexError,
            OSError,
            ParseError,
            zipfile.BadZipFile,
        ) as error:
            raise DocumentError("broken_xlsx", f"{type(error).__name__}: {error}"[:300]) from error
        count = 0
        for sheet in values.worksheets:
            if sheet.sheet_state != "visible":
                notices.append(f"hidden sheet: {sheet.title}")
                continue
            cells = _sheet_cells(sheet, formulas[sheet.title])
            count += len(cells)
            if count > self.max_cells:
                raise DocumentError("too_large", f"more than {self.max_cells} cells")
            stale = sum(1 for cell in cells.values() if cell.formula and not cell.text)
            if stale:
                notices.append(f"no stored value: {stale} formulas in sheet {sheet.title}")
            if not cells:
                continue
            assembler.section(sheet.title, level=1, places=(Place(sheet=sheet.title),))
            declared = sorted(_region(ref) for _, ref in formulas[sheet.title].tables.items())
            loose = {place: cell for place, cell in cells.items() if not any(_inside(place, area) for area in declared)}
            _add_sheet(assembler, sheet.title, cells, sorted([*components(loose), *declared]), declared=declared)
        return str(values.properties.title) if values.properties.title else None


def read_rows(text: str) -> list[list[str]]:
    """Rows of a delimited file; the delimiter is the one that gives most rows the same number of fields above one.

    Raises:
        DocumentError: a field longer than csv's limit, or a stray NUL.
    """
    best: tuple[float, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        sample = _parsed("\n".join(text.splitlines()[:SAMPLE_LINES]), delimiter)
        widths = [len(row) for row in sample if any(row)]
        common = max(sorted(set(widths)), key=widths.count, default=0)
        # Consistency first, then more columns; a file of one column fits every delimiter and comes last.
        score = widths.count(common) / max(len(widths), 1) + common / 1000 if common > 1 else 0.0
        if best is None or score > best[0]:
            best = (score, _parsed(text, delimiter))
    return best[1] if best else []


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True))
    except csv.Error as error:
        raise DocumentError("broken_csv", str(error)) from error


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[Region]:
    """Runs of rows between blank lines, as regions of their full width."""
    start: int | None = None
    for index in range(len(rows) + 1):
        filled = index < len(rows) and any(map(_clean, rows[index]))
        if filled and start is None:
            start = index
        elif not filled and start is not None:
            width = max(
                max((col for col, text in enumerate(row) if _clean(text)), default=0) for row in rows[start:index]
            )
            yield (start, 0, index - 1, width)
            start = None


def _sheet_cells(values: Any, formulas: Any) -> dict[tuple[int, int], SheetCell]:
    """Cells of one worksheet that hold something; `values` and `formulas` are its two openpyxl views."""
    spans = {
        (area.min_row, area.min_col): (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for area in values.merged_cells.ranges
    }
    cells: dict[tuple[int, int], SheetCell] = {}
    # The public iterators walk the whole rectangle; a stray cell in the last row makes that 17 billion positions.
    twins = formulas._cells  # noqa: SLF001
    for (row, col), cell in sorted(values._cells.items()):  # noqa: SLF001
        twin = twins.get((row, col))
        formula = _formula(getattr(twin, "value", None))
        if cell.value is None and formula is None:
            continue
        text = unicodedata.normalize("NFC", shown(cell.value, cell.number_format or "General"))
        if not text and formula is None:
            continue
        high, wide = spans.get((row, col), (1, 1))
        link = getattr(twin, "hyperlink", None)
        cells[row - 1, col - 1] = SheetCell(
            text,
            row_span=high,
            col_span=wide,
            bold=bool(cell.font and cell.font.b),
            indent=float(cell.alignment.indent or 0) if cell.alignment else 0.0,
            formula=formula,
            uri=getattr(link, "target", None),
        )
    return cells


def _formula(value: object) -> str | None:
    """The formula without `=`, of a plain, an array or a data-table formula."""
    text = getattr(value, "text", value)
    return text[1:] if isinstance(text, str) and text.startswith("=") and len(text) > 1 else None


def _region(ref: str) -> Region:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return (top - 1, left - 1, bottom - 1, right - 1)


def _inside(place: tuple[int, int], region: Region) -> bool:
    return region[0] <= place[0] <= region[2] and region[1] <= place[1] <= region[3]


def _add_sheet(
    assembler: Assembler,
    name: str,
    sheet: Sheet,
    regions: Sequence[Region],
    *,
    declared: Sequence[Region],
    lists: bool = False,
) -> None:
    tables, lines = split(sheet, regions, lists=lists)
    stream: list[TableRegion | Line] = [*tables, *lines]
    for item in sorted(
        stream, key=lambda item: item.region[:2] if isinstance(item, TableRegion) else (item.row, item.col)
    ):
        if isinstance(item, Line):
            note = any(item in table.notes for table in tables)
            place = Place(sheet=name, cell=reference((item.row, item.col, item.row, item.col)))
            assembler.chunk(item.text, role="footnote" if note else "text", places=(place,))
        else:
            _add_table(assembler, name, sheet, item, declared=item.region in declared)


def _add_table(assembler: Assembler, name: str, sheet: Sheet, table: TableRegion, *, declared: bool) -> None:
    headers = header_rows(sheet, table.region, declared=declared)
    label, caption, caption_place = None, None, None
    heads: list[str] = []
    for line in table.head:
        own, text = own_label(re.sub(r"^#\s*", "", line.text))
        if own and label is None:
            label, caption = own, text
            caption_place = Place(sheet=name, cell=reference((line.row, line.col, line.row, line.col)))
        else:
            heads.append(line.text)
    top = table.head[0] if table.head else None
    assembler.table(
        grid_of(sheet, table.region, name, headers),
        places=(Place(sheet=name, cell=reference(table.region)),),
        label=label,
        caption=caption,
        caption_place=caption_place,
        head="\n".join(heads) or None,
        head_place=Place(sheet=name, cell=reference((top.row, top.col, table.head[-1].row, top.col))) if top else None,
        notes=tuple(line.text for line in table.notes),
        links=tuple(
            Link(text=cell.text, uri=cell.uri)
            for place, cell in sorted(sheet.items())
            if cell.uri and _inside(place, table.region)
        ),
    )
