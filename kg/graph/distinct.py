"""Whether ids are distinct: several times faster than counting them where they have one length, as kgmine's have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
LONGEST: Final = 128
"""Bytes of an id that is hashed."""


def all_distinct(arrays: Iterable[Any]) -> bool:
    """Whether no string stands twice in these string arrays without nulls.

    Strings of one length are hashed to 64 bits; only where two hashes are equal are the strings themselves counted.
    """
    hashed: dict[int, list[npt.NDArray[np.uint64]]] = {}
    others: list[Any] = []
    given = [array for array in arrays if len(array)]
    for array in given:
        length = _length(array)
        if length is None:
            others.append(array)
        else:
            hashed.setdefault(length, []).append(_hashes(array, length))
    if len(others) == len(given) or (others and hashed):
        return _counted(given)
    for pieces in hashed.values():
        found = np.concatenate(pieces)
        found.sort()
        if (found[1:] == found[:-1]).any():
            return _counted(given)
    return True


def _counted(arrays: list[Any]) -> bool:
    return not arrays or bool(pc.count_distinct(pa.chunked_array(arrays)).as_py() == sum(map(len, arrays)))


def _length(array: Any) -> int | None:
    """Bytes of each string; None where they differ, or are none or many."""
    if not pa.types.is_string(array.type):
        return None
    bounds = pc.min_max(pc.binary_length(array))
    length = bounds["min"].as_py()
    return length if length == bounds["max"].as_py() and 0 < length <= LONGEST else None


def _hashes(array: Any, length: int) -> npt.NDArray[np.uint64]:
    """Shape (strings,)."""
    data = np.frombuffer(array.buffers()[2], np.uint8)
    first = int(np.frombuffer(array.buffers()[1], np.int32)[array.offset])
    table = data[first : first + len(array) * length].reshape(len(array), length)
    if length % 8:
        table = np.pad(table, ((0, 0), (0, -length % 8)))
    words = np.ascontiguousarray(table).view(np.uint64)
    found = np.zeros(len(array), np.uint64)
    for k in range(words.shape[1]):
        found = (found ^ words[:, k]) * FACTOR
        found ^= found >> np.uint64(29)
    return found
