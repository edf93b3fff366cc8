"""Postings: from a property's normal form to the nodes that have it.

The normal form is `kg.values.canonical`: of a text its normal name; of a bare number its decimal string; null, empty
and mere punctuation are `""`. A label that has `number`, `unit` and `scale` prints amounts: there the normal form of
`number` (and, where `kind` is "number", of `text` and `exact`) is the amount with its unit, `19604000000 USD`, so that
equal amounts in other scales meet. A list has one normal form per member.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.snapshot.columns import Column, ListColumn, StringColumn
from kg.values import canonical
from schemas.fact import Value

Array = npt.NDArray[Any]

AMOUNT: Final = ("number", "exact", "text")
"""Properties that hold an amount where the label has `unit` and `scale`."""


@final
class Postings:
    """Nodes of one label by the normal form of one property."""

    def __init__(self, normals: list[str], codes: Array, nodes: Array) -> None:
        """Args: normals: distinct; codes: index into normals per entry; nodes: node per entry, ascending."""
        self.normals = normals
        """Distinct normal forms."""
        self.codes = codes
        """Index into `normals` of every row, shape (rows,), int32; -1 throughout for a list."""
        self._place = {text: k for k, text in enumerate(normals)}
        order = np.argsort(codes, kind="stable")
        self._nodes = nodes[order]
        self._nodes.flags.writeable = False
        counts = np.bincount(codes, minlength=len(normals)) if len(codes) else np.zeros(len(normals), np.int64)
        self._starts = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))

    def nodes(self, normal: str) -> Array:
        """Nodes with this normal form, ascending, int32."""
        k = self._place.get(normal)
        found: Array = self._nodes[0:0] if k is None else self._nodes[self._starts[k] : self._starts[k + 1]]
        return found


def amount_columns(columns: Mapping[str, Column], prop: str) -> bool:
    """Whether `prop` of a label with these columns is a printed amount."""
    return prop in AMOUNT and {"number", "unit", "scale"} <= columns.keys() and (prop == "number" or "kind" in columns)


def amount_normal(columns: Mapping[str, Column], row: int, prop: str) -> str:
    """Normal form of an amount: with its scale applied and its unit."""
    kind = columns["kind"].get(row) if "kind" in columns else "number"
    exact = columns["exact"].get(row) if "exact" in columns else None
    number = columns["number"].get(row)
    if kind != "number" or (exact is None and number is None):
        return canonical(columns[prop].get(row))
    return _amount(exact or repr(number), columns["unit"].get(row), columns["scale"].get(row) or 0)


def _amount(number: str, unit: str | None, scale: int) -> str:
    return canonical(Value(kind="number", text=number, number=Decimal(number), unit=unit, scale=scale))


def build(columns: Mapping[str, Column], prop: str, lo: int, hi: int) -> Postings:
    """Postings of one property over the nodes [lo, hi) of a label."""
    column, nodes = columns.get(prop), np.arange(lo, hi, dtype=np.int32)
    if column is None:
        return _from_texts([""] * len(nodes), nodes)
    if amount_columns(columns, prop):
        return _from_texts([amount_normal(columns, row, prop) for row in range(len(nodes))], nodes)
    if isinstance(column, StringColumn):
        return _from_strings(column, nodes)
    if isinstance(column, ListColumn):
        return _from_lists(column, nodes)
    return _from_texts([canonical(column.get(row)) for row in range(len(nodes))], nodes)


def _from_strings(column: StringColumn, nodes: Array) -> Postings:
    # One normal form per distinct string; the last place is the null's.
    normals, places = _numbered([*(canonical(column.text(code)) for code in range(column.distinct)), ""])
    codes = places[:-1] if column.codes is None else places[column.codes]
    return Postings(normals, codes, nodes)


def _from_texts(texts: list[str], nodes: Array) -> Postings:
    return Postings(*_numbered(texts), nodes)


def _from_lists(column: ListColumn, nodes: Array) -> Postings:
    members = (dict.fromkeys(canonical(member) for member in column.get(row) or [""]) for row in range(len(nodes)))
    entries = [(text, node) for node, texts in zip(nodes.tolist(), members, strict=True) for text in texts]
    normals, codes = _numbered([text for text, _ in entries])
    found = Postings(normals, codes, np.array([node for _, node in entries], dtype=np.int32))
    found.codes = np.full(len(nodes), -1, np.int32)
    return found


def _numbered(texts: list[str]) -> tuple[list[str], Array]:
    """Distinct texts in order of appearance, and each text's number."""
    numbers: dict[str, int] = {}
    codes = np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int32, len(texts))
    return list(numbers), codes
