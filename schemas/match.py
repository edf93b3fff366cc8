"""A match: one binding of a template's pattern in a snapshot."""

from __future__ import annotations

from schemas.base import Row


class Match(Row):
    """One drawn match. `rank` is valid for one snapshot hash and one template hash only."""

    template: str
    template_sha: str
    snapshot: str
    rank: int
    """Rank in [0, walks) of the unranking bijection; -1 where there are more walks than int64 numbers."""
    order: int
    """0-based place in the drawn order."""
    bindings: dict[str, str]
    """Variable -> node id (named variables), or edge id (named relationships)."""
    nodes: tuple[str, ...]
    """All node ids in pattern order, anonymous ones included."""
    edges: tuple[str, ...]
    stratum: str | None = None
