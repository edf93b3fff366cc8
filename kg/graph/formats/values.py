"""Values of a source as columns of the seven property types."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.tables import ARROW

Note = Callable[[str], None]
"""Takes a line for the user; the same line twice is said once."""

_EXACT: Final = 2**53
"""Whole numbers up to here are floats without loss."""


def column(values: Sequence[Any], note: Note, name: str) -> Any:
    """An array of Python values; null type where all are null, string (with a note) where types do not fit together.

    Args: name: what the note calls the property.
    Raises: UnicodeEncodeError: a string is no valid Unicode.
    """
    kinds = {_kind(value) for value in values if value is not None}
    if kinds & {"other", "list<other>"}:
        values = [_plain(value, note, name) for value in values]
        kinds = {_kind(value) for value in values if value is not None}
    arrow = _common(kinds)
    if arrow is None:
        note(f"{name}: {' and '.join(sorted(kinds))} in one property: read as string")
        return pa.array([None if value is None else text(value) for value in values], pa.string())
    try:
        return pa.array(values, arrow)
    except (OverflowError, pa.ArrowInvalid):
        note(f"{name}: whole numbers beyond 64 bits: read as string")
        return pa.array([None if value is None else text(value) for value in values], pa.string())


def text(value: Any) -> str:
    """A value as a string: what a property of mixed types holds."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def unified(arrays: Sequence[Any], note: Note, name: str) -> Any:
    """The chunks of one property as one chunked array of one type."""
    wanted = agreed(arrays, note, name)
    pieces = [cast(array, wanted) for array in arrays]
    return pa.chunked_array([chunk for piece in pieces for chunk in chunks(piece)], type=wanted)


def agreed(arrays: Sequence[Any], note: Note, name: str) -> Any:
    """The type that holds all chunks of one property; string, with a note, where no other does."""
    types = list(dict.fromkeys(str(array.type) for array in arrays if not pa.types.is_null(array.type)))
    wanted = _common({_NAME[kind] for kind in types})
    if wanted is None or pa.types.is_null(wanted):
        wanted = pa.string()
    if pa.types.is_list(wanted) and pa.types.is_null(wanted.value_type):
        wanted = ARROW["list<string>"]
    if pa.types.is_floating(wanted) and not all(_exact(array) for array in arrays):
        wanted = pa.string()
    if pa.types.is_string(wanted) and types not in ([], ["string"]):
        note(f"{name}: {' and '.join(sorted(_NAME[kind] for kind in types))} in one property: read as string")
    return wanted


_NAME: Final = {**{str(arrow): name for name, arrow in ARROW.items()}, "list<item: null>": "list<>"}
_LISTS: Final = {"list<>", "list<string>", "list<int64>", "list<float64>"}


def chunks(array: Any) -> list[Any]:
    """The pieces of an array, one or several."""
    return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]


def _exact(array: Any) -> bool:
    if not pa.types.is_integer(array.type) or len(array) == array.null_count:
        return True
    ends = pc.min_max(array).as_py()
    return bool(ends["min"] >= -_EXACT and ends["max"] <= _EXACT)


def _common(kinds: set[str]) -> Any:
    """The Arrow type that holds all of these; None: only a string does."""
    if not kinds:
        return pa.null()
    if len(kinds) == 1 and kinds <= set(ARROW):
        return ARROW[next(iter(kinds))]
    if kinds == {"int64", "float64"}:
        return pa.float64()
    if not kinds <= _LISTS:
        return None
    members = kinds - {"list<>"}
    if not members:
        return pa.list_(pa.null())
    if len(members) == 1:
        return ARROW[members.pop()]
    return ARROW["list<float64>"] if members == {"list<int64>", "list<float64>"} else None


def cast(array: Any, wanted: Any) -> Any:
    """An array as a type that holds it."""
    if array.type.equals(wanted):
        return array
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), wanted)
    if pa.types.is_string(wanted):
        return pa.array([None if value is None else text(value) for value in array.to_pylist()], wanted)
    return array.cast(wanted)


def _kind(value: Any) -> str:
    """Name of a value's type; `other` is what no property holds as it is."""
    kind = type(value)
    if kind in _SCALARS:
        return "other" if kind is int and not -(2**63) <= value < 2**63 else _SCALARS[kind]
    if kind is list:
        members = {type(member) for member in value}
        if not members:
            return "list<>"
        if members == {str}:
            return "list<string>"
        if members <= {int, float}:
            return "list<int64>" if members == {int} else "list<float64>"
        return "list<other>"
    return "other"


_SCALARS: Final = {bool: "bool", int: "int64", float: "float64", str: "string"}
_AXES: Final = (("longitude", "latitude", "height"), ("x", "y", "z"))


def _plain(value: Any, note: Note, name: str) -> Any:
    """A value that no property holds as it is, as one that does."""
    if isinstance(value, dict):
        point = point_of(value)
        if point is None:
            note(f"{name}: nested values are read as JSON text")
            return text(value)
        return point
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        note(f"{name}: whole numbers beyond 64 bits: read as string")
        return str(value)
    if isinstance(value, list) and _kind(value) == "list<other>":
        if any(member is None for member in value):
            note(f"{name}: null in a list is left out")
            return _plain([member for member in value if member is not None], note, name)
        if any(isinstance(member, list | dict) for member in value):
            note(f"{name}: nested values are read as JSON text")
        else:
            note(f"{name}: a list of booleans or of several types is read as a list of strings")
        return [text(member) for member in value]
    return value


def point_of(value: dict[str, Any]) -> list[float] | None:
    """x, y(, z) of a point written as a map; longitude comes first, as in WGS-84 points of Neo4j."""
    for axes in _AXES:
        found = [value.get(axis) for axis in axes]
        numbers = [float(n) for n in found if isinstance(n, int | float) and not isinstance(n, bool)]
        if len(numbers) == 3 or (len(numbers) == 2 and found[2] is None):
            return numbers
    return None


def canonical(row: Iterable[tuple[str, Any]]) -> str:
    """The JSON of a row's properties that are not null, whatever order they came in: what ids are made from."""
    plain = {name: _named(value) for name, value in row if value is not None}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _named(value: Any) -> Any:
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value
