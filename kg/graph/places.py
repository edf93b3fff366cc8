"""Places as a string property, so that a node leads back to its source file without the fragments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from schemas.base import Place


def to_text(places: Sequence[Place]) -> str | None:
    """Compact JSON of the places without their empty fields; None where no place says anything."""
    rows = [row for place in places if (row := _row(place))]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else None


@lru_cache(maxsize=16384)
def from_text(text: str | None) -> tuple[Place, ...]:
    """The places that `to_text` wrote."""
    if not text:
        return ()
    return tuple(Place.model_validate(row) for row in json.loads(text))


def _row(place: Place) -> dict[str, object]:
    values = (
        ("page", place.page),
        ("box", place.box),
        ("sheet", place.sheet),
        ("cell", place.cell),
        ("path", place.path or None),
        ("block", place.block),
        ("span", place.span),
    )
    return {name: value for name, value in values if value is not None}
