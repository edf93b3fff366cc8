"""Rows, columns and cells of one table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

from kg.graph import places
from kg.graph.collect import Collector
from kg.graph.ids import digest
from kg.values.number import parse
from schemas.element import Element, Grid, GridCell
from schemas.fact import Axis, TableStructure

PATH: Final = " > "

CellIds = dict[tuple[str, int, int], str]
"""(table, row, column) -> cell id, positions under a span included."""


def row_id(table: str, index: int) -> str:
    return digest(table, "row", str(index))


def column_id(table: str, index: int) -> str:
    return digest(table, "column", str(index))


def cell_id(table: str, row: int, col: int) -> str:
    return digest(table, "cell", str(row), str(col))


@final
@dataclass(frozen=True)
class Table:
    """One table on its way into the graph."""

    out: Collector
    element: Element
    grid: Grid
    structure: TableStructure | None
    reader: str

    @property
    def confidence(self) -> float:
        """Of the parse: how far a second parser agrees, where there was one."""
        return self.element.confidence if self.grid.agreement is None else self.grid.agreement

    @cached_property
    def rows(self) -> dict[int, Axis]:
        return {axis.index: axis for axis in self.structure.rows} if self.structure else {}

    @cached_property
    def columns(self) -> dict[int, Axis]:
        return {axis.index: axis for axis in self.structure.columns} if self.structure else {}

    def add(self) -> CellIds:
        """Add all rows, columns and cells."""
        for index in range(self.grid.n_rows):
            self._add_axis("Row", "HAS_ROW", row_id(self.element.id, index), self._row(index))
        for index in range(self.grid.n_cols):
            self._add_axis("Column", "HAS_COLUMN", column_id(self.element.id, index), self._column(index))
        cells: CellIds = {}
        for cell in self.grid.cells:
            self._add_cell(cell, cells)
        return cells

    def _add_axis(self, label: str, kind: str, id_: str, properties: dict[str, object]) -> None:
        base = {"document": self.element.document, "table": self.element.id}
        self.out.node(label, id_, {**base, **properties}, extractor=self.reader, confidence=self.confidence)
        self._edge(kind, self.element.id, id_)

    def _row(self, index: int) -> dict[str, object]:
        axis = self.rows.get(index)
        if axis is None:  # without a structure only the reader's mark says something
            role = "header" if index < self.grid.header_rows else None
            return {"position": index, "role": role, "path": None, "group": None, "noun": None}
        path = PATH.join(axis.path) or None
        return {"position": index, "role": axis.role, "path": path, "group": axis.group, "noun": axis.noun}

    def _column(self, index: int) -> dict[str, object]:
        axis = self.columns.get(index)
        if axis is None:
            return {"position": index, **dict.fromkeys(("role", "path", "noun", "unit", "scale"))}
        path = PATH.join(axis.path) or None
        named = {"position": index, "role": axis.role, "path": path, "noun": axis.noun}
        return {**named, "unit": axis.unit, "scale": axis.scale}

    def _add_cell(self, cell: GridCell, cells: CellIds) -> None:
        table, id_ = self.element, cell_id(self.element.id, cell.row, cell.col)
        header = self._is_header(cell)
        properties = {
            "document": table.document,
            "table": table.id,
            "text": cell.text,
            "row": cell.row,
            "col": cell.col,
            "row_span": cell.row_span,
            "col_span": cell.col_span,
            "header": header,
            "page": cell.place.page or (table.places[0].page if table.places else None),
            "places": places.to_text([cell.place]),
            **(_no_amount() if header else self._amount(cell)),
        }
        self.out.node("Cell", id_, properties, extractor=self.reader, confidence=self.confidence)
        # A merged cell belongs to every row and column that it covers.
        rows = range(cell.row, min(cell.row + cell.row_span, self.grid.n_rows))
        columns = range(cell.col, min(cell.col + cell.col_span, self.grid.n_cols))
        for row in rows:
            self._edge("HAS_CELL", row_id(table.id, row), id_)
            for column in columns:
                cells.setdefault((table.id, row, column), id_)
        for column in columns:
            self._edge("IN_COLUMN", id_, column_id(table.id, column))

    def _is_header(self, cell: GridCell) -> bool:
        row = self.rows.get(cell.row)
        return cell.header or cell.row < self.grid.header_rows or (row is not None and row.role == "header")

    def _amount(self, cell: GridCell) -> dict[str, object]:
        value = parse(cell.text)
        if value is None or value.number is None:
            return _no_amount()
        axes = [axis for axis in (self.columns.get(cell.col), self.rows.get(cell.row)) if axis]
        unit = value.unit or next((axis.unit for axis in axes if axis.unit), None)
        scale = value.scale or next((axis.scale for axis in axes if axis.scale), 0)
        return {"number": float(value.number), "unit": unit, "scale": scale}

    def _edge(self, kind: str, source: str, target: str) -> None:
        self.out.edge(kind, source, target, extractor=self.reader, confidence=self.confidence)


def _no_amount() -> dict[str, object]:
    return {"number": None, "unit": None, "scale": None}
