"""Strata: shares over the first, within each shares over the second, and so on; uniform within the last.

Equal shares: round after round, each stratum that is not exhausted gives one match. Proportional shares: the k-th match
of a stratum of N matches stands at (k + u) / N, u a keyed number in [0, 1), and all strata are merged by that; so a
list of any length gives each stratum its share to within one match. Strata follow each other in a keyed order, so lists
are prefix-stable.

The outermost strata are ranges of ranks (roots of the trees are sorted by stratum), whatever their number. Inner ones,
and outer ones of populations up to `GROUPED`, are grouped from the drawn order of what holds them, up to `GROUPED`
matches.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Final, final

from sampling.batch import Span, Walk
from sampling.keys import Key, Keys
from sampling.permutation import keyed
from sampling.population import GROUPED, Population
from sampling.shares import expected
from sampling.stream import Drawn, Effort, Stream, one_by_one
from sampling.weighted import WeightedStream

Item = tuple[Walk, str | None]
UNIT: Final = 2.0**-64


@final
@dataclass
class Order:
    """The drawn order of a population."""

    pop: Population
    keys: Keys
    seed: int
    effort: Effort = field(default_factory=Effort)
    shard: tuple[int, int] | None = None
    full: Callable[[str], bool] = lambda _: False
    """Whether a document has all the matches that it may have: the rest of it need not be drawn."""
    estimated: bool = False
    """Shares are proportional to estimates."""
    cut: bool = False
    """Inner strata were grouped from the first matches only."""

    def matches(self) -> Iterator[Item]:
        """Matches, each with its stratum (None where there are no strata)."""
        names = self.pop.template.header.strata
        if not names:
            yield from ((walk, None) for walk in self._walks(self.pop.everything(), "all"))
            return
        tests = [self.keys.of(name) for name in names]
        if names[0] != "document" and self.pop.few:
            yield from self._grouped(self._walks(self.pop.everything(), "all"), tests, ())
            return
        yield from self._by_ranks(names[0], tests)

    def stream(self, spans: Sequence[Span], *stratum: str) -> Drawn:
        """Matches of some roots in their drawn order."""
        if self.pop.ranked and self.pop.template.header.law == "uniform":
            return Stream(self.pop, spans, self.seed, self.effort, *stratum, shard=self.shard)
        return WeightedStream(self.pop, spans, self.seed, self.effort, *stratum)

    def _walks(self, spans: Sequence[Span], *stratum: str) -> Iterator[Walk]:
        return one_by_one(self.pop, self.stream(spans, *stratum))

    def _by_ranks(self, name: str, tests: Sequence[Key]) -> Iterator[Item]:
        spans = self._spans(name)

        def members(value: str) -> Iterator[Item]:
            walks = self._walks(spans[value], name, value)
            found = self._grouped(walks, tests[1:], (value,))
            return takewhile(lambda _: not self.full(value), found) if name == "document" else found

        def counts(values: Sequence[str]) -> Sequence[float]:
            found, exact = expected(self.pop, [spans[value] for value in values])
            self.estimated |= not exact
            return found

        yield from self._shared(list(spans), (), members, counts)

    def _spans(self, name: str) -> dict[str, list[Span]]:
        """Roots by stratum. Those of a split are the roots of its documents."""
        found: dict[str, list[Span]] = {}
        for code, spans in self.pop.by_code().items():
            value = self.pop.names[code]
            if name == "split":
                value = (self.keys.splits or {}).get(value, "")
            found.setdefault(value, []).extend(spans)
        return found

    def _grouped(self, walks: Iterable[Walk], tests: Sequence[Key], stratum: tuple[str, ...]) -> Iterator[Item]:
        """Walks in their order, dealt to the strata of the tests that are left."""
        if not tests:
            for walk in walks:
                yield walk, " | ".join(stratum)
            return
        groups: dict[str, list[Walk]] = {}
        source = iter(walks)
        for walk in islice(source, GROUPED):
            groups.setdefault(value_of(walk, tests[0]), []).append(walk)
        if next(source, None) is not None:
            self.cut = True

        def members(value: str) -> Iterator[Item]:
            return self._grouped(groups[value], tests[1:], (*stratum, value))

        def counts(values: Sequence[str]) -> Sequence[float]:
            return [len(groups[value]) for value in values]

        yield from self._shared(list(groups), stratum, members, counts)

    def _shared(
        self,
        values: list[str],
        stratum: tuple[str, ...],
        members: Callable[[str], Iterator[Item]],
        counts: Callable[[Sequence[str]], Sequence[float]],
    ) -> Iterator[Item]:
        """The strata in a keyed order, each with its share."""
        key, seed = self.pop.template.key, str(self.seed)
        keys = {value: keyed(seed, key, *stratum, value) for value in values}
        values = sorted(values, key=lambda value: (keys[value], value))
        if self.pop.template.header.shares == "equal":
            yield from _rounds([members(value) for value in values])
            return
        sizes = counts(values)
        heap = [
            ((keys[value] * UNIT) / size, k, 0, members(value))
            for k, (value, size) in enumerate(zip(values, sizes, strict=True))
            if size > 0
        ]
        heapq.heapify(heap)
        while heap:
            _, k, drawn, member = heap[0]
            item = next(member, None)
            if item is None:
                heapq.heappop(heap)
                continue
            yield item
            heapq.heapreplace(heap, ((drawn + 1 + keys[values[k]] * UNIT) / sizes[k], k, drawn + 1, member))


def value_of(walk: Walk, key: Key) -> str:
    """What a match counts for."""
    return key.value(walk.nodes[walk.shape.variables[key.variable]])


def _rounds(members: Sequence[Iterator[Item]]) -> Iterator[Item]:
    """One of each in turn, until all are exhausted."""
    alive = list(members)
    while alive:
        left = []
        for member in alive:
            item = next(member, None)
            if item is not None:
                yield item
                left.append(member)
        alive = left
