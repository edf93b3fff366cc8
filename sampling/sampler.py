"""The seam: a sampler turns a request into matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, final

from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from sampling.draw import draw
from schemas.match import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to draw."""

    template: Template
    n: int
    seed: int
    splits: Mapping[str, str] | None = None
    """Document -> split, for `strata: [split]`."""


class Sampler(Protocol):
    def sample(self, snapshot: Snapshot, request: Request) -> Iterator[Match]:
        """Matches in the drawn order, at most `request.n`."""
        ...


@final
@dataclass(frozen=True, slots=True)
class TemplateSampler:
    """Exact: uniform over the matches of a template, or over its strata."""

    def sample(self, snapshot: Snapshot, request: Request) -> Iterator[Match]:
        return draw(request.template, snapshot, request.n, request.seed, splits=request.splits)
