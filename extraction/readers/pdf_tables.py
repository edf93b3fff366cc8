"""Tables of a PDF: the best grid of each region, tables that go on over a page, notes under a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from extraction.readers.pdf_atoms import is_number
from extraction.readers.pdf_check import Char, page_chars
from extraction.readers.pdf_choice import choose
from extraction.readers.pdf_flow import Item
from extraction.readers.pdf_lines import Vocabulary
from extraction.readers.pdf_pages import Block, Page
from schemas.base import Place
from schemas.element import Grid, GridCell

EXTENT: Final = 12.0
"""Points that the edges of a table and its continuation may differ."""
NOTE_GAP: Final = 26.0
"""Points between a table and its first note, and between notes."""
_NOTE: Final = re.compile(
    r"^\s*(?:\(\d{1,2}\)|\(?[a-z]\)|[*†‡§¶∗]{1,2}|notes?\b\s*:?|sources?\s*:|n/?a\s*[:=–-])", re.IGNORECASE
)


@dataclass(slots=True)
class Table:
    """A table ready to become an element."""

    block: Block
    grid: Grid
    places: list[Place]
    notes: list[str] = field(default_factory=list)
    merged: bool = False
    """Part of the table before it; no element of its own."""


def read_tables(
    items: Sequence[Item], pages: Sequence[Page], vocabulary: Vocabulary, path: Path, captioned: set[int]
) -> dict[int, Table]:
    """Tables by the index of their item; regions without a grid are left out.

    Args:
        items: the document's flow.
        captioned: ids of the blocks that have a caption of their own.
    """
    by_number = {page.number: page for page in pages}
    chars: dict[int, list[Char] | None] = {}
    tables: dict[int, Table] = {}
    for index, item in enumerate(items):
        block = item.blocks[0]
        if item.kind != "table":
            continue
        if block.page not in chars:
            chars[block.page] = page_chars(path, block.page)
        chosen = choose(block, by_number[block.page], vocabulary, chars[block.page], path)
        if chosen is not None:
            tables[index] = Table(block, chosen.grid, [Place(page=block.page, box=block.box)])
    _continue(tables, items, captioned)
    for index, table in tables.items():
        table.notes = _notes(items, index, vocabulary)
    return tables


def _continue(tables: dict[int, Table], items: Sequence[Item], captioned: set[int]) -> None:
    """Joins a table at the top of a page to the one that ended the page before where it repeats the header.

    Without a header of its own it goes on as well, but which rows are missing between is unknown: both are cut.
    """
    for index in sorted(tables):
        table = tables[index]
        before = _last_above(items, index, tables)
        if before is None or id(table.block) in captioned or not _alike(before.grid, before.block, table):
            continue
        if _header(before.grid) and _header(before.grid) == _header(table.grid):
            joined = _joined(before.grid, table.grid)
            before.grid = joined
            before.places.extend(table.places)
            table.merged = True
        elif _headless(table.grid):
            before.grid = before.grid.model_copy(update={"cut": True, "rows_agree": False})
            table.grid = table.grid.model_copy(update={"cut": True, "rows_agree": False})


def _last_above(items: Sequence[Item], index: int, tables: dict[int, Table]) -> Table | None:
    """The table that ends the page before, if nothing but headers and footers stands between."""
    page = items[index].blocks[0].page
    for i in range(index - 1, -1, -1):
        if items[i].kind in {"page-header", "page-footer", "footnote"}:
            continue
        found = tables.get(i)
        if found is None or items[i].blocks[0].page != page - 1:
            return None
        heads = [j for j in sorted(tables) if j <= i and not tables[j].merged]
        return tables[heads[-1]] if heads else None
    return None


def _alike(grid: Grid, block: Block, table: Table) -> bool:
    edges = abs(block.box[0] - table.block.box[0]) < EXTENT and abs(block.box[2] - table.block.box[2]) < 3 * EXTENT
    return edges and grid.n_cols == table.grid.n_cols


def _headless(grid: Grid) -> bool:
    first = [cell.text for cell in grid.cells if cell.row == 0 and cell.col > 0]
    return grid.header_rows == 0 or (bool(first) and all(is_number(text) for text in first))


def _header(grid: Grid) -> list[tuple[int, str]]:
    return [(cell.col, cell.text) for cell in grid.cells if cell.row < grid.header_rows]


def _joined(first: Grid, second: Grid) -> Grid:
    """The rows of the second below those of the first, without the repeated header."""
    shift = first.n_rows - second.header_rows
    moved: list[GridCell] = [
        cell.model_copy(update={"row": cell.row + shift}) for cell in second.cells if cell.row >= second.header_rows
    ]
    shares = [share for share in (first.agreement, second.agreement) if share is not None]
    return first.model_copy(
        update={
            "n_rows": first.n_rows + second.n_rows - second.header_rows,
            "cells": (*first.cells, *moved),
            "agreement": min(shares, default=None),
            "rows_agree": None
            if None in (first.rows_agree, second.rows_agree)
            else first.rows_agree and second.rows_agree,
        }
    )


def _notes(items: Sequence[Item], index: int, vocabulary: Vocabulary) -> list[str]:
    """Paragraphs right below the table that begin with a note mark; a caption may stand between."""
    block = items[index].blocks[0]
    bottom = block.box[3]
    notes: list[str] = []
    for item in items[index + 1 :]:
        below = item.blocks[0]
        if below.page != block.page or below.box[1] < block.box[1]:
            break
        if item.kind in {"page-header", "page-footer"} or below.box[0] > block.box[2]:
            continue
        if item.kind in {"section-header", "title", "table"}:
            break
        if item.kind == "caption" and not notes:
            bottom = below.box[3]
            continue
        text = item.paragraph(vocabulary).text
        if (item.lines[:1] and item.lines[0].box[1] - bottom > NOTE_GAP) or not _NOTE.match(text):
            break
        notes.append(text)
        bottom = item.lines[-1].box[3]
    return notes
