"""The mark of a row: what kgmine remembers on a server of what it last wrote there.

An element whose row still has the hash that is written beside it has not been touched since kgmine wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

PROPERTY: Final = "_kgmine"
"""Property of every node and relationship that kgmine wrote to a server; holds the mark."""
COLUMN: Final = ":MARK"
"""Column of tables that were read from a server: the mark found there; null where kgmine did not write the element."""
LENGTH: Final = 16
"""Hex characters of a mark."""


def marks(table: pa.Table, key: Sequence[str]) -> pa.Array:
    """The mark of each row.

    A property that is null counts as one that is not there, and the order of columns does not matter, so a mark
    outlives a change of the columns that leaves the row's values alone.

    Args:
        table: a node or edge table; a column `:MARK` is left out of the hash.
        key: (label,) or (type, source label, target label).

    Returns:
        shape (rows,), string of 16 hex characters.
    """
    names = [name for name in table.column_names if name != COLUMN]
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    return pa.array(mark_rows(rows, names, key), type=pa.string())


def mark_rows(rows: Iterable[Sequence[Any]], names: Sequence[str], key: Sequence[str]) -> Iterator[str]:
    """The marks of rows of Python values in the order of `names`."""
    order = sorted(range(len(names)), key=names.__getitem__)
    wanted = [(names[k], k) for k in order]
    begin = hashlib.blake2b(json.dumps(list(key)).encode(), digest_size=LENGTH // 2)
    encode = json.JSONEncoder(separators=(",", ":")).encode
    for row in rows:
        state = begin.copy()
        state.update(encode([(name, row[k]) for name, k in wanted if row[k] is not None]).encode())
        yield state.hexdigest()
