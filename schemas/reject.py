"""A rejected item is a result: a row with stage, check and reason."""

from __future__ import annotations

from schemas.base import Row


class Rejected(Row):
    """One thing that was thrown away, and why."""

    item: str
    """Id or path of what was rejected."""
    stage: str
    """ingest, extraction, sampling, synthesis, proof, selection."""
    check: str
    """Name of the rule: `unique`, `no_subject`, `open_set`, `encrypted`, ..."""
    reason: str
    document: str | None = None
    template: str | None = None
    transient: bool = False
    details: dict[str, str] = {}
