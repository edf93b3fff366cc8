"""Draw matches from a stated law: uniform over all matches, or equal shares over strata; then limits, greedily."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, final

from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from sampling.count import Count, count, count_of
from sampling.population import Population, Walk, population
from sampling.report import Report
from sampling.strata import Keys, stratified, uniform
from sampling.stream import Effort
from schemas.match import Match

MOST_PASSED: Final = 200_000
"""Matches in a row that the limits pass over before drawing ends: what is left is full, or nearly so."""

__all__ = ["Count", "Drawing", "count", "draw", "draw_with_report"]


def draw(
    template: Template, snapshot: Snapshot, n: int, seed: int, *, splits: Mapping[str, str] | None = None
) -> Drawing:
    """The first n matches of the drawn order: an iterator that knows its report.

    Args:
        template: as loaded; its `strata` and `limit_per` are the law.
        snapshot: the pinned snapshot.
        n: number of matches; fewer come where the template has fewer.
        seed: with the template's text it fixes the order. The first 300 of 500 are the 300.
        splits: document -> split, for `strata: [split]`.

    Raises:
        CountOverflowError: more than 9e18 matches.
        TemplateError: the pattern falls apart, or a stratum is unknown.
    """
    return Drawing(template, snapshot, n, seed, splits)


def draw_with_report(
    template: Template, snapshot: Snapshot, n: int, seed: int, *, splits: Mapping[str, str] | None = None
) -> tuple[list[Match], Report]:
    """All n matches, and what is to be said about them."""
    drawing = draw(template, snapshot, n, seed, splits=splits)
    return list(drawing), drawing.report()


@final
@dataclass
class Drawing:
    """An iterator over drawn matches."""

    template: Template
    snapshot: Snapshot
    n: int
    seed: int
    splits: Mapping[str, str] | None = None
    effort: Effort = field(default_factory=Effort)
    drawn: int = 0
    limited: int = 0
    """Matches that a limit passed over."""

    def __post_init__(self) -> None:
        self.population: Population = population(self.template, self.snapshot)
        self.keys = Keys(self.template, self.snapshot, self.splits)
        self._documents: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._nodes: Counter[int] = Counter()
        self._document, self._answer = self.keys.of("document"), self.keys.of("answer")
        self._matches = islice(self._limited(self._ordered()), self.n)

    def __iter__(self) -> Iterator[Match]:
        return self

    def __next__(self) -> Match:
        walk, stratum = next(self._matches)
        self._documents[self._document(walk)] += 1
        self._answers[self._answer(walk)] += 1
        self._nodes.update(set(walk.nodes))
        match = match_of(walk, self.template, self.snapshot, self.drawn, stratum)
        self.drawn += 1
        return match

    def _ordered(self) -> Iterator[tuple[Walk, str | None]]:
        strata = self.template.header.strata
        if strata:
            full = self._full if "document" in self.template.header.limit_per else lambda _: False
            return stratified(self.population, strata, self.keys, self.seed, self.effort, full)
        return uniform(self.population, self.seed, self.effort)

    def _full(self, document: str) -> bool:
        return self._documents[document] >= self.template.header.limit_per["document"]

    def _limited(self, walks: Iterator[tuple[Walk, str | None]]) -> Iterator[tuple[Walk, str | None]]:
        """A match passes if none of its values has reached its limit."""
        limits: list[tuple[Callable[[Walk], str], int, Counter[str]]] = [
            (self.keys.of(name), most, Counter()) for name, most in self.template.header.limit_per.items()
        ]
        passed = 0
        for walk, stratum in walks:
            values = [(test(walk), most, seen) for test, most, seen in limits]
            if any(seen[value] >= most for value, most, seen in values):
                self.limited, passed = self.limited + 1, passed + 1
                if passed >= MOST_PASSED:
                    self.effort.gave_up += 1
                    return
                continue
            passed = 0
            for value, _, seen in values:
                seen[value] += 1
            yield walk, stratum

    def report(self) -> Report:
        """What is to be said about the matches drawn so far."""
        counted = count_of(self.population)
        return Report(
            template=self.template.name,
            template_sha=self.template.sha,
            snapshot=self.snapshot.hash,
            law=self._law(),
            population=counted,
            seed=self.seed,
            asked=self.n,
            drawn=self.drawn,
            limited=self.limited,
            tries=self.effort.tries,
            hits=self.effort.hits,
            enumerated=self.effort.enumerated,
            complete=self.effort.gave_up == 0,
            documents=len(self._documents.keys() - {""}),
            documents_with_matches=len([name for name in self.population.by_document() if name]),
            answers=len(self._answers),
            hub_share=self._hub_share(),
        )

    def _law(self) -> str:
        header = self.template.header
        law = "uniform over matches"
        if header.strata:
            law = f"equal shares over {', then over '.join(header.strata)}, uniform within"
        if header.limit_per:
            limits = ", ".join(f"at most {most} per {name}" for name, most in header.limit_per.items())
            law = f"{law}; in that random order {limits}"
        return law

    def _hub_share(self) -> float | None:
        """Share of the drawn matches that hold the node that most of them hold."""
        return max(self._nodes.values()) / self.drawn if self._nodes else None


def match_of(walk: Walk, template: Template, snapshot: Snapshot, order: int, stratum: str | None) -> Match:
    """A walk as a row with ids."""
    ids = [snapshot.id_of(node) for node in walk.nodes]
    edges = [snapshot.edge(edge)[0] for edge in walk.edges]
    bindings = {name: ids[slot] for name, slot in walk.shape.variables.items() if not name.startswith("#")}
    for name, links in walk.shape.relationships.items():
        if not name.startswith("#"):
            numbers = (links,) if isinstance(links, int) else links
            bindings[name] = ",".join(edges[k] for k in numbers)
    return Match(
        template=template.name,
        template_sha=template.sha,
        snapshot=snapshot.hash,
        rank=walk.rank,
        order=order,
        bindings=bindings,
        nodes=tuple(ids),
        edges=tuple(edges),
        stratum=stratum,
    )
