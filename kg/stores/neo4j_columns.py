"""Rows from a server as columns of tables: typed by what kgmine wrote, with what users added beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final, final

import pyarrow as pa

from kg.graph import marks
from kg.graph.tables import ARROW
from kg.stores.neo4j_values import plain, text, types_of

PYTHON: Final[dict[str, type]] = {"string": str, "int64": int, "float64": float, "bool": bool}
_TEXT: Final = pa.string()


@final
class Columns:
    """Rows of one label or one relationship type, column by column."""

    def __init__(self, types: Mapping[str, str]) -> None:
        """Args: types: the properties that kgmine wrote."""
        self.types = dict(types)
        self.odd: dict[int, dict[str, Any]] = {}
        """Row -> property -> a value that is not of the column's type; the column has null there."""
        self._length = 0
        self._ids: list[Any] = []
        self._marks: list[Any] = []
        self._chunks: dict[str, list[Any]] = {name: [] for name in types}
        self._more: dict[int, dict[str, Any]] = {}
        self._renamed: dict[int, str] = {}

    def __len__(self) -> int:
        return self._length

    def extend(
        self,
        ids: Sequence[str],
        found: Sequence[str | None],
        columns: Sequence[Sequence[Any]],
        more: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """Add rows. Args: found: marks; columns: in the order of `types`; more: row among these -> other properties."""
        begin = self._length
        self._length += len(ids)
        self._ids.append(pa.array(ids, _TEXT))
        self._marks.append(pa.array(found, _TEXT))
        for (name, type_), values in zip(self.types.items(), columns, strict=True):
            self._chunks[name].append(self._typed(name, type_, values, begin))
        for row, properties in more.items():
            self._more[begin + row] = {name: plain(value) for name, value in properties.items()}

    def append(self, id_: str, mark: str | None, properties: Mapping[str, Any]) -> None:
        """Add one row of a map of properties."""
        more = {name: value for name, value in properties.items() if name not in self.types}
        self.extend([id_], [mark], [[properties.get(name)] for name in self.types], {0: more} if more else {})

    def disown(self, row: int, id_: str) -> None:
        """Make a row a user's, with another id: it is a copy of one that kgmine wrote."""
        self._renamed[row] = id_

    def ids(self) -> Any:
        """The ids of all rows, shape (rows,)."""
        return self._patched(self._ids, self._renamed)

    def table(self) -> pa.Table:
        """All rows: `id`, properties, `:MARK`."""
        arrays: dict[str, Any] = {"id": self.ids()}
        for name, type_ in self.types.items():
            arrays[name] = pa.chunked_array(self._chunks[name], type=ARROW[type_])
        for name, type_ in types_of(self._more.values()).items():
            sparse: list[Any] = [None] * len(self)
            for row, properties in self._more.items():
                sparse[row] = _fitted(properties.get(name), type_)
            arrays[name] = pa.array(sparse, ARROW[type_])
        arrays[marks.COLUMN] = self._patched(self._marks, dict.fromkeys(self._renamed))
        return pa.table(arrays)

    def row(self, row: int) -> dict[str, Any]:
        """The properties of one row that are not null, mark and id left out: slow, for the few rows that need it."""
        typed = {name: pa.chunked_array(chunks)[row].as_py() for name, chunks in self._chunks.items()}
        known = {name: value for name, value in typed.items() if value is not None}
        return {**known, **self._more.get(row, {}), **self.odd.get(row, {})}

    def mark(self, row: int) -> str | None:
        """The mark of one row."""
        found: str | None = pa.chunked_array(self._marks)[row].as_py()
        return found

    def _patched(self, chunks: list[Any], values: Mapping[int, str | None]) -> Any:
        if not values:
            return pa.chunked_array(chunks, type=_TEXT)
        found = pa.chunked_array(chunks, type=_TEXT).to_pylist()
        for row, value in values.items():
            found[row] = value
        return pa.chunked_array([pa.array(found, _TEXT)])

    def _typed(self, name: str, type_: str, values: Sequence[Any], begin: int) -> Any:
        # Arrow alone would take 1.5 for a whole number and a string for a list of its characters.
        if not _all_fit(values, type_):
            values = [self._one(name, type_, value, begin + k) for k, value in enumerate(values)]
        return pa.array(values, ARROW[type_])

    def _one(self, name: str, type_: str, value: Any, row: int) -> Any:
        usual = plain(value)
        if usual is None or fits(usual, type_):
            return usual
        self.odd.setdefault(row, {})[name] = usual
        return None


def fits(value: Any, type_: str) -> bool:
    """Whether a plain value can stand in a column of that type."""
    if type_.startswith("list<"):
        return isinstance(value, list) and all(fits(member, type_[5:-1]) for member in value)
    if isinstance(value, bool) or type_ == "bool":
        return isinstance(value, bool) and type_ == "bool"
    if type_ == "string":
        return isinstance(value, str)
    if isinstance(value, int):
        return type_ == "int64" or abs(value) <= 2**53
    return isinstance(value, float) and (type_ == "float64" or (value.is_integer() and abs(value) <= 2**53))


def _all_fit(values: Sequence[Any], type_: str) -> bool:
    """Whether each value has the column's own Python type; False is no verdict yet."""
    if not type_.startswith("list<"):
        return set(map(type, values)) <= {PYTHON[type_], type(None)}
    if not set(map(type, values)) <= {list, type(None)}:
        return False
    return set(map(type, chain.from_iterable(value for value in values if value))) <= {PYTHON[type_[5:-1]]}


def _fitted(value: Any, type_: str) -> Any:
    """A value in a column of users' values, which are strings where their types differ."""
    if value is None or type_ not in {"string", "list<string>"}:
        return value
    return text(value) if type_ == "string" else [text(member) for member in value]
