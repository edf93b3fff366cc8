"""Columns of a snapshot: one property of one label (or edge group) as flat arrays that can be memory-mapped.

Layout, with `p` the column's prefix in the array directory:
    int64, float64, bool    `p.values` (rows,), and `p.valid` (rows,) bool where there are nulls
    string                  `p.offsets` (distinct + 1,) int64, `p.data` bytes (UTF-8), and `p.codes` (rows,) int32 with
                            -1 for null; without `p.codes`, row i has the i-th string
    list<...>               `p.offsets` (rows + 1,) int64, `p.valid` as above, and the members as a column `p.m`
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol, final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

EXACT_INTEGERS: Final = 2**53
"""Above this, float64 does not hold every integer."""
KEPT: Final = 1 << 12
"""Distinct strings of a column up to which they are kept as Python strings: units, periods, quantities."""


class Column(Protocol):
    """One property of the rows of one label or edge group."""

    type: str
    """Property type, see `kg.graph.tables.ARROW`."""

    def get(self, row: int) -> Any:
        """The value of one row; None = null."""
        ...

    @property
    def values(self) -> Array:
        """All rows. Numbers as float64 with NaN for null (object where float64 is not exact); else object with None."""
        ...


@final
class NumberColumn:
    """int64 or float64."""

    def __init__(self, type_: str, arrays: Arrays, prefix: str) -> None:
        self.type = type_
        self.raw: Array = arrays[f"{prefix}.values"]
        self.valid: Array | None = arrays.get(f"{prefix}.valid")
        self._items = _items(self.raw)

    def get(self, row: int) -> int | float | None:
        if self.valid is not None and not self.valid[row]:
            return None
        value: int | float = self._items[row]
        return value

    @cached_property
    def values(self) -> Array:
        if self.type == "int64" and len(self.raw) and np.abs(self.raw).max() > EXACT_INTEGERS:
            return _objects([self.get(row) for row in range(len(self.raw))])
        found = self.raw.astype(np.float64)
        if self.valid is not None:
            found[~self.valid] = np.nan
        return _frozen(found)

    @cached_property
    def nan(self) -> Array | None:
        """Rows whose value is not a number, shape (rows,), bool; `values` shows them as null. None: there are none."""
        if self.type == "int64":
            return None
        found: Array = np.isnan(self.raw)
        if self.valid is not None:
            found &= self.valid
        return found if found.any() else None


@final
class BoolColumn:
    """Truth values."""

    type = "bool"

    def __init__(self, arrays: Arrays, prefix: str) -> None:
        self.raw: Array = arrays[f"{prefix}.values"]
        self.valid: Array | None = arrays.get(f"{prefix}.valid")

    def get(self, row: int) -> bool | None:
        if self.valid is not None and not self.valid[row]:
            return None
        return bool(self.raw[row])

    @cached_property
    def values(self) -> Array:
        return _objects([self.get(row) for row in range(len(self.raw))])


@final
class StringColumn:
    """Strings, each distinct one stored once; a row's text is read when it is asked for."""

    type = "string"

    def __init__(self, arrays: Arrays, prefix: str) -> None:
        self.codes: Array | None = arrays.get(f"{prefix}.codes")
        self.offsets: Array = arrays[f"{prefix}.offsets"]
        self._data = _items(arrays[f"{prefix}.data"])
        self._bounds = _items(self.offsets)
        self._codes = None if self.codes is None else _items(self.codes)
        self._texts: dict[int, str] | None = {} if self.distinct <= KEPT else None

    def __len__(self) -> int:
        return self.distinct if self.codes is None else len(self.codes)

    @property
    def distinct(self) -> int:
        return len(self.offsets) - 1

    def get(self, row: int) -> str | None:
        code = row if self._codes is None else self._codes[row]
        if code < 0:
            return None
        found = None if self._texts is None else self._texts.get(code)
        return self.text(code) if found is None else found

    def text(self, code: int) -> str:
        """The string with this code."""
        if self._texts is None:
            return str(self._data[self._bounds[code] : self._bounds[code + 1]], "utf-8")
        found = self._texts.get(code)
        if found is None:
            found = self._texts[code] = str(self._data[self._bounds[code] : self._bounds[code + 1]], "utf-8")
        return found

    def bytes_at(self, code: int) -> bytes:
        """Its UTF-8 bytes, in whose order ids are sorted."""
        return bytes(self._data[self._bounds[code] : self._bounds[code + 1]])

    @cached_property
    def values(self) -> Array:
        # One Python string per distinct value, shared by its rows; the last place is the null's.
        table = _objects([*(self.text(code) for code in range(self.distinct)), None])
        return table[:-1] if self.codes is None else _frozen(table[self.codes])


@final
class ListColumn:
    """Lists of strings or numbers."""

    def __init__(self, type_: str, arrays: Arrays, prefix: str) -> None:
        self.type = type_
        self.offsets: Array = arrays[f"{prefix}.offsets"]
        self.valid: Array | None = arrays.get(f"{prefix}.valid")
        self.members = decode(type_.removeprefix("list<").removesuffix(">"), arrays, f"{prefix}.m")

    def get(self, row: int) -> list[Any] | None:
        if self.valid is not None and not self.valid[row]:
            return None
        return [self.members.get(k) for k in range(self.offsets[row], self.offsets[row + 1])]

    @cached_property
    def values(self) -> Array:
        return _objects([self.get(row) for row in range(len(self.offsets) - 1)])


def decode(type_: str, arrays: Arrays, prefix: str) -> Column:
    """The column with this prefix."""
    if type_ == "string":
        return StringColumn(arrays, prefix)
    if type_ == "bool":
        return BoolColumn(arrays, prefix)
    if type_.startswith("list<"):
        return ListColumn(type_, arrays, prefix)
    return NumberColumn(type_, arrays, prefix)


def encode(array: Any, prefix: str, arrays: dict[str, Array]) -> None:
    """Lay an Arrow array out as flat arrays under `prefix`."""
    import pyarrow as pa

    if pa.types.is_string(array.type):
        _encode_strings(array, prefix, arrays)
        return
    if array.null_count:
        arrays[f"{prefix}.valid"] = array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_list(array.type):
        lengths = array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        arrays[f"{prefix}.offsets"] = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        encode(array.flatten(), f"{prefix}.m", arrays)
    else:
        zero = False if pa.types.is_boolean(array.type) else 0
        arrays[f"{prefix}.values"] = np.ascontiguousarray(array.fill_null(zero).to_numpy(zero_copy_only=False))


def _encode_strings(array: Any, prefix: str, arrays: dict[str, Array]) -> None:
    coded = array.dictionary_encode()
    if array.null_count or len(coded.dictionary) < len(array):
        arrays[f"{prefix}.codes"] = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        array = coded.dictionary
    offsets, data = string_buffers(array)
    arrays[f"{prefix}.offsets"], arrays[f"{prefix}.data"] = offsets, data


def string_buffers(array: Any) -> tuple[Array, Array]:
    """Offsets (rows + 1,) int64 from 0, and the bytes, of an Arrow string array without nulls."""
    import pyarrow as pa

    if len(array) == 0:
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    wide = array.cast(pa.large_string())
    _, ends, data = wide.buffers()
    offsets = np.frombuffer(ends, np.int64)[wide.offset : wide.offset + len(wide) + 1]
    found = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]] if data is not None else np.zeros(0, np.uint8)
    return offsets - offsets[0], found


def _items(array: Array) -> memoryview:
    """The array as a buffer: reading one item of it is several times faster than of the array."""
    return memoryview(array)  # type: ignore[arg-type]  # an array is a buffer


def _objects(values: list[Any]) -> Array:
    found = np.empty(len(values), dtype=object)
    for k, value in enumerate(values):
        found[k] = value
    return _frozen(found)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
