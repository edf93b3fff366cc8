"""Properties as numbers in the order of their values: comparing two of them is then comparing integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.snapshot.evaluate_masks import Masks

Array = npt.NDArray[Any]
Column = tuple[Array, Array]
"""Codes of a label's nodes, -1 for null, and the values by code."""


def ranked(masks: Masks, sides: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[int, Array]] | None:
    """Each side of a comparison as (first node, numbers from there on, int32, -1 for null).

    Args:
        sides: (label, property) of each label that may stand there.

    Returns: None where the values are neither all numbers that float64 holds, NaN aside, nor all strings.
    """
    names = sorted({name for side in sides for name in side})
    kinds = {_kind(masks, *name) for name in names} - {None}
    numeric = kinds <= {"int64", "float64"}
    if not kinds or not (numeric or kinds == {"string"}):
        return None
    read = _numbers if numeric else _strings
    found: dict[tuple[str, str], Column | None] = {name: read(masks, *name) for name in names}
    columns = {name: column for name, column in found.items() if column is not None}
    if len(columns) < len(found):
        return None
    distinct = np.unique(np.concatenate([values for _, values in columns.values()]))
    return [_laid(masks, side, columns, distinct) for side in sides]


def _kind(masks: Masks, label: str, prop: str) -> str | None:
    return "string" if prop == "id" else masks.snapshot.properties(label).get(prop)


def _numbers(masks: Masks, label: str, prop: str) -> Column | None:
    _, values = masks.column(label, prop)
    if values is None:
        return _nulls(masks, label, np.float64)
    if values.dtype == object or masks.snapshot.nan(label, prop) is not None:
        return None
    there = values == values  # noqa: PLR0124 - NaN is null
    distinct, places = np.unique(values[there], return_inverse=True)
    codes = np.full(len(values), -1, np.int32)
    codes[there] = places
    return codes, distinct


def _strings(masks: Masks, label: str, prop: str) -> Column:
    if _kind(masks, label, prop) is None:
        return _nulls(masks, label, object)
    codes, texts = masks.snapshot.strings(label, prop)
    return codes, np.array([*texts, None], object)[:-1]


def _nulls(masks: Masks, label: str, dtype: Any) -> Column:
    lo, hi = masks.snapshot.ranges[label]
    return np.full(hi - lo, -1, np.int32), np.zeros(0, dtype)


def _laid(
    masks: Masks, side: Sequence[tuple[str, str]], columns: dict[tuple[str, str], Column], distinct: Array
) -> tuple[int, Array]:
    ranges = [masks.snapshot.ranges[label] for label, _ in side]
    first, last = min((lo for lo, _ in ranges), default=0), max((hi for _, hi in ranges), default=0)
    out = np.full(last - first, -1, np.int32)
    for (lo, hi), name in zip(ranges, side, strict=True):
        codes, values = columns[name]
        out[lo - first : hi - first] = np.append(np.searchsorted(distinct, values), -1)[codes]
    return first, out
