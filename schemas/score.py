"""A score: one dimension of one sample."""

from __future__ import annotations

from schemas.base import Row


class Score(Row):
    """`value` is None when it could not be judged, which is not 0."""

    value: float | None
    reason: str = ""
