"""Label-value pairs: of key-value tables, and of runs of `Label: value` lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.element import Element, Grid, GridCell
from schemas.fact import Support, TableStructure

LINE: Final = re.compile(r"^(?P<label>[A-Z][\w /&().'’-]{1,48}?):\s+(?P<value>\S.*)$")
LEAST_PAIRS: Final = 3
NUMBERED: Final = re.compile(r"\d$|^(?:step|note|question|answer|q|a)\b", re.IGNORECASE)
"""Labels that number or name a piece of text, not a property."""
HEADINGS: Final = frozenset({"name", "value", "parameter", "hyperparameter", "setting", "item", "property", "field"})
"""Headings of the two columns of a form."""
MOST_LABEL_WORDS: Final = 8
MOST_LINE: Final = 120
"""Characters of a `Label: value` line; longer ones are prose with a run-in heading."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One label with its value, where they stand, and the heading inside the form that they stand under."""

    label: str
    value: str
    supports: tuple[Support, ...]
    """The value first."""
    group: str | None = None


def pairs(element: Element, structure: TableStructure | None = None) -> tuple[Pair, ...]:
    """The pairs of a key-value table, in reading order; empty where the table is no form."""
    grid = element.grid
    if grid is None or (structure is not None and structure.shape not in (None, "form")):
        return ()
    columns = _label_columns(grid)
    if not columns and structure is not None and structure.shape == "form":
        columns = (0,)
    if not columns:
        return ()
    return _read(element, grid, columns)


def _label_columns(grid: Grid) -> tuple[int, ...]:
    """Columns of which most filled cells end with a colon."""
    found: list[int] = []
    for col in range(grid.n_cols):
        cells = [c for c in grid.cells if c.col == col and c.text.strip() and c.col_span < grid.n_cols]
        ended = sum(c.text.rstrip().endswith(":") for c in cells)
        if cells and ended >= 0.6 * len(cells) and (ended >= LEAST_PAIRS or (found and ended)):
            found.append(col)
    return tuple(found)


def _read(element: Element, grid: Grid, columns: tuple[int, ...]) -> tuple[Pair, ...]:
    rows: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    read: list[Pair] = []
    group: GridCell | None = None
    for row in sorted(rows):
        cells = [c for c in sorted(rows[row], key=lambda c: c.col) if c.text.strip()]
        if len(cells) == 1 and not cells[0].text.rstrip().endswith(":") and cells[0].col == 0:
            group = cells[0]
            continue
        if all(cell.text.strip().lower() in HEADINGS for cell in cells):
            continue
        for place, cell in enumerate(cells):
            if cell.col not in columns:
                continue
            after = cells[place + 1] if place + 1 < len(cells) else None
            value = after if after is not None and after.col not in columns else None
            read.append(_pair(element, cell, value, group))
    return tuple(read)


def _pair(element: Element, label: GridCell, value: GridCell | None, group: GridCell | None) -> Pair:
    header = Support(element=element.id, row=label.row, col=label.col, role="header")
    supports = [header]
    if value is not None:
        supports.insert(0, Support(element=element.id, row=value.row, col=value.col, role="value"))
    if group is not None:
        supports.append(Support(element=element.id, row=group.row, col=group.col, role="header"))
    return Pair(
        label=label.text.strip(),
        value=value.text.strip() if value is not None else "",
        supports=tuple(supports),
        group=group.text.strip() if group is not None else None,
    )


def lines(chunks: Sequence[Element]) -> tuple[Pair, ...]:
    """The pairs of at least three `Label: value` chunks that follow each other with different labels."""
    runs: list[list[tuple[Element, re.Match[str]]]] = [[]]
    for chunk in chunks:
        match = LINE.match(chunk.text) if len(chunk.text) <= MOST_LINE and chunk.role in ("text", "list-item") else None
        label = match["label"] if match else ""
        if match is None or len(label.split()) > MOST_LABEL_WORDS or NUMBERED.search(label):
            runs.append([])
        else:
            runs[-1].append((chunk, match))
    found: list[Pair] = []
    for run in runs:
        if len({match["label"].lower() for _, match in run}) == len(run) >= LEAST_PAIRS:
            found += [_line(chunk, match) for chunk, match in run]
    return tuple(found)


def _line(chunk: Element, match: re.Match[str]) -> Pair:
    support = Support(element=chunk.id, span=match.span("value"), role="value")
    label = Support(element=chunk.id, span=match.span("label"), role="header")
    return Pair(label=match["label"].strip(), value=match["value"].strip(), supports=(support, label))
