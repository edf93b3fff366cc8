"""Draw matches from a stated law: uniform or weighted, over all matches or over strata; then limits, greedily."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, final

import numpy as np

from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from sampling.batch import Batch, Walk
from sampling.count import Count, count, count_of
from sampling.keys import Keys
from sampling.population import Population, population
from sampling.report import Report, law_of
from sampling.strata import Item, Order, value_of
from sampling.stream import Effort
from schemas.errors import TemplateError
from schemas.match import Match

MOST_PASSED: Final = 200_000
"""Matches in a row that the limits pass over before drawing ends: what is left is full, or nearly so."""

__all__ = ["Count", "Drawing", "batches", "count", "draw", "draw_with_report"]


def draw(
    template: Template,
    snapshot: Snapshot,
    n: int,
    seed: int,
    *,
    splits: Mapping[str, str] | None = None,
    after: int = 0,
    shard: tuple[int, int] | None = None,
) -> Drawing:
    """The first n matches of the drawn order: an iterator that knows its report.

    Args:
        template: as loaded; its `law`, `strata`, `shares` and `limit_per` are the law.
        snapshot: the pinned snapshot.
        n: number of matches; fewer come where the template has fewer.
        seed: with the template's meaning (`sampling.identity`) it fixes the order. The first 300 of 500 are the 300.
        splits: id of a document, an element or a node -> split, for `strata: [split]`.
        after: matches of the order that were drawn before: drawing goes on behind them.
        shard: (k, of): the k-th, from 0, of so many equal ranges of ranks; the shards of a population share no match
            and together hold all.

    Raises:
        CountOverflowError: more than 1e308 walks.
        TemplateError: the pattern falls apart, a stratum is unknown, or a shard is asked where there are no ranks.
    """
    return Drawing(template, snapshot, n, seed, splits, after, shard)


def draw_with_report(
    template: Template, snapshot: Snapshot, n: int, seed: int, *, splits: Mapping[str, str] | None = None
) -> tuple[list[Match], Report]:
    """All n matches, and what is to be said about them."""
    drawing = draw(template, snapshot, n, seed, splits=splits)
    return list(drawing), drawing.report()


def batches(template: Template, snapshot: Snapshot, seed: int) -> Iterator[Batch]:
    """All matches in the drawn order as arrays, without strata and limits: the way to millions of them."""
    pop = population(template, snapshot)
    order = Order(pop, Keys(template, snapshot), seed)
    return order.stream(pop.everything(), "all").batches()


@final
@dataclass
class Drawing:
    """An iterator over drawn matches."""

    template: Template
    snapshot: Snapshot
    n: int
    seed: int
    splits: Mapping[str, str] | None = None
    after: int = 0
    shard: tuple[int, int] | None = None
    effort: Effort = field(default_factory=Effort)
    drawn: int = 0
    limited: int = 0
    """Matches that a limit passed over."""

    def __post_init__(self) -> None:
        self.population: Population = population(self.template, self.snapshot, self.splits)
        self.keys = Keys(self.template, self.snapshot, self.splits)
        self._document, self._answer = self.keys.of("document"), self.keys.of("answer")
        self._documents: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._nodes: Counter[int] = Counter()
        self.order = Order(self.population, self.keys, self.seed, self.effort, self.shard)
        limits = self.template.header.limit_per
        if "document" in limits:
            self.order.full = lambda document: self._documents[document] >= limits["document"]
        if self.shard is not None and (not self.population.ranked or self.template.header.law != "uniform"):
            raise TemplateError(
                "shards are ranges of ranks, and this population is drawn by weights", path=self.template.path
            )
        self._matches = islice(self._limited(self.order.matches()), self.after, self.after + self.n)

    def __iter__(self) -> Iterator[Match]:
        return self

    def __next__(self) -> Match:
        walk, stratum = next(self._matches)
        self._answers[value_of(walk, self._answer)] += 1
        self._nodes.update(set(walk.nodes))
        match = match_of(walk, self.template, self.population, self.after + self.drawn, stratum)
        self.drawn += 1
        return match

    def _limited(self, walks: Iterator[Item]) -> Iterator[Item]:
        """A match passes if none of its values has reached its limit."""
        limits = [(self.keys.of(name), most, Counter[str]()) for name, most in self.template.header.limit_per.items()]
        passed = 0
        for walk, stratum in walks:
            values = [(value_of(walk, key), most, seen) for key, most, seen in limits]
            if any(seen[value] >= most for value, most, seen in values):
                self.limited, passed = self.limited + 1, passed + 1
                if passed >= MOST_PASSED:
                    self.effort.gave_up += 1
                    return
                continue
            passed = 0
            for value, _, seen in values:
                seen[value] += 1
            self._documents[value_of(walk, self._document)] += 1
            yield walk, stratum

    def report(self) -> Report:
        """What is to be said about the matches drawn so far."""
        return Report(
            template=self.template.name,
            template_sha=self.template.sha,
            snapshot=self.snapshot.hash,
            law=law_of(self.template.header, self.order, self.shard),
            population=count_of(self.population),
            ranked=self.population.ranked,
            seed=self.seed,
            asked=self.n,
            drawn=self.drawn,
            limited=self.limited,
            tries=self.effort.tries,
            hits=self.effort.hits,
            enumerated=self.effort.enumerated,
            complete=self.effort.gave_up == 0 and not self.order.cut,
            documents=len(self._documents.keys() - {""}),
            documents_with_matches=len(self._values("document") - {""}),
            answers=len(self._answers),
            answers_with_matches=len(self._values("answer")),
            hub_share=self._hub_share(),
        )

    def _values(self, name: str) -> set[str]:
        """Values of a key that occur among the walks."""
        key = self.keys.of(name)
        codes, names = key.codes()
        found = np.unique(codes[self.population.reached(key.variable)])
        return {names[code] for code in found.tolist()}

    def _hub_share(self) -> float | None:
        """Share of the drawn matches that hold the node that most of them hold."""
        return max(self._nodes.values()) / self.drawn if self._nodes else None


def match_of(walk: Walk, template: Template, pop: Population, order: int, stratum: str | None) -> Match:
    """A walk as a row with ids."""
    snapshot = pop.snapshot
    ids = [snapshot.id_of(node) for node in walk.nodes]
    edges = [snapshot.edge_id(edge) for edge in walk.edges]
    bindings = {name: ids[slot] for name, slot in walk.shape.variables.items() if not name.startswith("#")}
    for name, links in walk.shape.relationships.items():
        if not name.startswith("#"):
            numbers = (links,) if isinstance(links, int) else links
            bindings[name] = ",".join(edges[k] for k in numbers)
    return Match(
        template=template.name,
        template_sha=template.sha,
        snapshot=snapshot.hash,
        rank=pop.rank_of(walk) if walk.rank < 0 else walk.rank,
        order=order,
        bindings=bindings,
        nodes=tuple(ids),
        edges=tuple(edges),
        stratum=stratum,
    )
