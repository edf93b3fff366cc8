"""A hash of what the tables say, whatever wrote them and however Arrow lays them out in memory."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.roles import HOUSE

if TYPE_CHECKING:
    from kg.graph.tables import Tables


class _Sink(Protocol):
    def update(self, data: Any, /) -> None: ...


def content_hash(tables: Tables) -> str:
    """sha256 (hex) over names, types, row counts and values in canonical order. Tables without rows count, too.

    So do roles that are not kgmine's own: with others the same rows are asked about otherwise.
    """
    state = hashlib.sha256(b"kgmine tables 1")
    if tables.roles != HOUSE:
        state.update(tables.roles.canonical().model_dump_json().encode())
    for key, table in [*((("n", label), t) for label, t in tables.nodes.items()), *tables.edges.items()]:
        head = [list(key), [[field.name, str(field.type)] for field in table.schema], table.num_rows]
        state.update(json.dumps(head, ensure_ascii=True).encode())
        for name in table.column_names:
            for piece in table[name].chunks or [pa.array([], type=table[name].type)]:
                # One chunk per column is canonical (`sort_table`); several would hash differently.
                _array(state, piece)
    return state.hexdigest()


def _array(state: _Sink, array: Any) -> None:
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    state.update(np.packbits(valid).tobytes())
    if pa.types.is_list(array.type):
        state.update(_lengths(pc.list_value_length(array), valid))
        _array(state, array.flatten())  # leaves out what stands under null lists
    elif pa.types.is_string(array.type):
        state.update(_lengths(pc.binary_length(array), valid))
        state.update(_string_bytes(array.filter(array.is_valid())))
    else:
        zero = False if pa.types.is_boolean(array.type) else 0
        state.update(np.ascontiguousarray(array.fill_null(zero).to_numpy(zero_copy_only=False)).tobytes())


def _lengths(lengths: Any, valid: np.ndarray[Any, np.dtype[np.bool_]]) -> bytes:
    filled = lengths.fill_null(0).to_numpy(zero_copy_only=False)
    return np.where(valid, filled, 0).astype("<i8").tobytes()


def _string_bytes(array: Any) -> memoryview:
    """The bytes of a string array without nulls, one after the other."""
    wide = array.cast(pa.large_string())
    if len(wide) == 0:
        return memoryview(b"")
    _, offsets, data = wide.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[wide.offset : wide.offset + len(wide) + 1]
    return memoryview(data)[int(ends[0]) : int(ends[-1])] if data is not None else memoryview(b"")
