"""Columns of a CSV file, read as strings, as typed columns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.formats.header import SCALARS, Column
from kg.graph.formats.values import point_of
from kg.graph.tables import ARROW

_BARE: Final = re.compile(r"([{,]\s*)([A-Za-z_][\w-]*)\s*:")
_WORD: Final = re.compile(r":\s*([A-Za-z_][\w-]*|'[^']*')\s*(?=[,}])")
_INFINITE: Final = {"infinity": "inf", "-infinity": "-inf", "+infinity": "inf"}


class BadValueError(ValueError):
    """A value of a column does not fit its type."""

    def __init__(self, row: int, reason: str) -> None:
        self.row, self.reason = row, reason
        super().__init__(reason)


def property_type(column: Column) -> Any:
    """The Arrow type that a column's property has."""
    scalar = ARROW[SCALARS[column.scalar]]
    if not column.is_array:
        return scalar
    number = column.scalar != "point" and (pa.types.is_integer(scalar) or pa.types.is_floating(scalar))
    return pa.list_(scalar if number else pa.string())


def typed(column: Column, raw: Any, array_delimiter: str, *, trim: bool = False) -> Any:
    """The typed array of a string array.

    Raises: BadValueError: with the first row that does not fit.
    """
    if column.is_array:
        return _lists(column, raw, array_delimiter, trim=trim)
    return _scalars(column.scalar, raw, trim=trim)


def _scalars(name: str, raw: Any, *, trim: bool = False) -> Any:
    arrow = ARROW[SCALARS[name]]
    if name in ("string", "char"):
        return pc.utf8_trim_whitespace(raw) if trim else raw
    plain = pc.utf8_trim_whitespace(raw)
    # Of other types an empty field is no value, quoted or not.
    plain = pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)
    if pa.types.is_string(arrow):
        return plain
    if name == "point":
        return pa.array(_each(plain, _point), arrow)
    if name == "boolean":
        return _cast(pc.utf8_lower(plain), arrow, _boolean)
    return _cast(plain, arrow, float if pa.types.is_floating(arrow) else _integer)


def _cast(raw: Any, arrow: Any, parse: Callable[[str], object]) -> Any:
    """By Arrow, and by Python where Arrow refuses a spelling that is right, or to find the row that is wrong."""
    try:
        return raw.cast(arrow)
    except pa.ArrowInvalid:
        return pa.array(_each(raw, parse), arrow)


def _each(raw: Any, parse: Callable[[str], object]) -> list[object]:
    found: list[object] = []
    for row, value in enumerate(raw.to_pylist()):
        try:
            found.append(None if value is None else parse(value))
        except (ValueError, OverflowError) as error:
            raise BadValueError(row, repr(value)) from error
    return found


def _integer(value: str) -> int:
    number = int(value)
    if not -(2**63) <= number < 2**63 or "_" in value:
        raise ValueError(value)
    return number


def _boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError(value)
    return value == "true"


def _point(value: str) -> list[float]:
    """`{latitude: 55.6, longitude: 13}` in the syntax of Cypher's maps."""
    text = value if value.startswith("{") else "{" + value + "}"
    quoted = _WORD.sub(lambda m: ': "' + m[1].strip("'") + '"', _BARE.sub(r'\1"\2":', text))
    found = json.loads(quoted)
    numbers = {str(name).lower(): n for name, n in found.items()}
    point = point_of(numbers)
    if point is None:
        raise ValueError(value)
    return point


def _lists(column: Column, raw: Any, delimiter: str, *, trim: bool) -> Any:
    """Rows split at the delimiter: an empty field in quotes is the empty list."""
    valid = raw.is_valid().to_numpy(zero_copy_only=False)
    split = pc.split_pattern(raw.fill_null(""), delimiter)
    sizes = pc.list_value_length(split).to_numpy(zero_copy_only=False)
    full = pc.not_equal(raw.fill_null(""), "").to_numpy(zero_copy_only=False)
    members = split.flatten().filter(pa.array(np.repeat(full, sizes)))
    sizes = np.where(full, sizes, 0)
    arrow = property_type(column)
    try:
        values = members if column.scalar in ("string", "char") else _scalars(column.scalar, members)
    except BadValueError as error:
        raise BadValueError(int(np.searchsorted(np.cumsum(sizes), error.row, side="right")), error.reason) from error
    if trim and pa.types.is_string(values.type):
        values = pc.utf8_trim_whitespace(values)
    if values.null_count and column.scalar not in ("string", "char"):
        row = int(np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))[0])
        raise BadValueError(int(np.searchsorted(np.cumsum(sizes), row, side="right")), "an empty member")
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), _as_members(values, arrow.value_type), mask=pa.array(~valid))


def _as_members(values: Any, arrow: Any) -> Any:
    if values.type.equals(arrow):
        return values
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, "true", "false")
    return pa.array([json.dumps(value) for value in values.to_pylist()], arrow)


def with_ones(values: Any, rows: Sequence[int]) -> Any:
    """The list column with `[""]` in these rows, which no CSV of this kind can say."""
    if not rows:
        return values
    members = values.to_pylist()
    for row in rows:
        members[row] = [""]
    return pa.array(members, values.type)
