"""Compressed sparse rows (CSR) of edges.

Notation:
    indptr    shape (rows + 1,), int64; row v owns the places indptr[v] .. indptr[v + 1]
    indices   shape (edges,), int32; global index of the neighbour
    edge_ids  shape (edges,), int64; global edge index

Within a row, neighbours stand in order of (edge group, edge id): the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Csr(NamedTuple):
    """Neighbours by row."""

    indptr: Array
    indices: Array
    edge_ids: Array

    def neighbours(self, row: int) -> list[int]:
        """Neighbours of one row, in the order of the edges."""
        found: list[int] = self.indices[self.indptr[row] : self.indptr[row + 1]].tolist()
        return found

    def edges(self, row: int) -> list[int]:
        """Edges of one row."""
        found: list[int] = self.edge_ids[self.indptr[row] : self.indptr[row + 1]].tolist()
        return found


def pointers(rows: Array, n: int) -> Array:
    """`indptr` over n rows of edges whose row numbers are sorted."""
    counts = np.bincount(rows, minlength=n) if len(rows) else np.zeros(n, np.int64)
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def rows_of(indptr: Array) -> Array:
    """Row number of each edge, shape (edges,), int64."""
    return np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))


def order_by(keys: Array) -> Array:
    """A stable argsort of non-negative int32 keys, several times faster than numpy's own."""
    packed = (keys.astype(np.int64) << 32) | np.arange(len(keys), dtype=np.int64)
    packed.sort()
    return packed & 0xFFFFFFFF


def transpose(csr: Csr, row_offset: int, lo: int, n: int) -> Csr:
    """The edges by target.

    Args:
        csr: by source, its row 0 being the global node `row_offset`.
        row_offset: first source.
        lo: first target: row 0 of the result.
        n: number of targets.
    """
    order = order_by(csr.indices - lo)
    sources = (rows_of(csr.indptr) + row_offset).astype(np.int32)
    return Csr(pointers((csr.indices - lo), n), sources[order], csr.edge_ids[order])


def without_loops(csr: Csr, row_offset: int) -> Csr:
    """The same rows without edges from a node to itself."""
    rows = rows_of(csr.indptr)
    keep = csr.indices != rows + row_offset
    if keep.all():
        return csr
    return Csr(pointers(rows[keep], len(csr.indptr) - 1), csr.indices[keep], csr.edge_ids[keep])


def merge(parts: Sequence[tuple[int, Csr]], n: int) -> Csr:
    """One CSR over all n nodes from parts of (first row, CSR), in O(edges); a row keeps the order of the parts."""
    degrees = np.zeros(n, np.int64)
    for lo, part in parts:
        degrees[lo : lo + len(part.indptr) - 1] += np.diff(part.indptr)
    indptr = np.concatenate(([0], np.cumsum(degrees)))
    free = indptr[:-1].copy()
    indices = np.empty(indptr[-1], np.int32)
    edge_ids = np.empty(indptr[-1], np.int64)
    for lo, part in parts:
        rows = len(part.indptr) - 1
        counts = np.diff(part.indptr)
        place = np.repeat(free[lo : lo + rows] - part.indptr[:-1], counts) + np.arange(len(part.indices))
        indices[place], edge_ids[place] = part.indices, part.edge_ids
        free[lo : lo + rows] += counts
    for array in (indptr, indices, edge_ids):
        array.flags.writeable = False
    return Csr(indptr, indices, edge_ids)
