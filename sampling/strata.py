"""Strata: equal shares over the first, within each equal shares over the second, and so on; uniform within the last.

`document`: of the first evidence variable. `answer`: the answer's normal form; of a derivation, the evidence node it
starts from. `split`: of the document. `variable.property`: its normal form.

Round after round, each stratum that is not exhausted gives one match; strata follow each other in a keyed order, so the
list is prefix-stable. Ranks are grouped by document, so documents cost nothing; other strata are grouped from the drawn
order of what holds them, up to `GROUPED` matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final, final

from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from sampling.permutation import keyed
from sampling.population import Population, Walk, document_property
from sampling.stream import Effort, Stream
from schemas.errors import TemplateError

GROUPED: Final = 50_000
"""Matches that are grouped at once."""


@final
@dataclass(frozen=True, slots=True)
class Keys:
    """What a match counts for: its document, its answer, its split, a property."""

    template: Template
    snapshot: Snapshot
    splits: Mapping[str, str] | None = None

    def of(self, name: str) -> Callable[[Walk], str]:
        """The function from a match to its value of a stratum.

        Raises:
            TemplateError: no such stratum.
        """
        evidence = self.template.evidence[0] if self.template.evidence else self.template.plan.nodes[0].name
        if name == "document":
            return lambda walk: self.document(_node(walk, evidence))
        if name == "split":
            splits = self.splits
            if splits is None:
                raise self._error(name, "`split` needs documents that were assigned to splits")
            return lambda walk: splits.get(self.document(_node(walk, evidence)), "")
        if name == "answer":
            answer = self.template.header.answer
            if answer is None:
                return lambda walk: self.snapshot.id_of(_node(walk, evidence))
            return self._property(name, answer)
        return self._property(name, name)

    def document(self, node: int) -> str:
        """Document of a node, empty where it has none."""
        prop = document_property(self.snapshot.label_of(node), self.snapshot)
        return "" if prop is None else str(self.snapshot.get(node, prop) or "")

    def _property(self, name: str, text: str) -> Callable[[Walk], str]:
        variable, dot, prop = text.partition(".")
        if not dot or self.template.plan.node(variable) is None:
            known = "document, answer, split or variable.property"
            raise self._error(name, f"unknown stratum `{text}`; write {known}")
        return lambda walk: self.snapshot.normal(_node(walk, variable), prop)

    def _error(self, name: str, message: str) -> TemplateError:
        strata = self.template.header.strata
        path = ("strata", strata.index(name)) if name in strata else ("limit_per", name)
        places = self.template.places
        return self.template.error(message, places.get(path, places.get(path[:1], (1, 1))))


def _node(walk: Walk, variable: str) -> int:
    return walk.nodes[walk.shape.variables[variable]]


def uniform(pop: Population, seed: int, effort: Effort) -> Iterator[tuple[Walk, str | None]]:
    """Matches in a uniformly random order."""
    for walk in Stream(pop, [(0, pop.total)], seed, effort, "all"):
        yield walk, None


def stratified(
    pop: Population,
    names: Sequence[str],
    keys: Keys,
    seed: int,
    effort: Effort,
    full: Callable[[str], bool] = lambda _: False,
) -> Iterator[tuple[Walk, str | None]]:
    """Matches in equal shares over strata, each with its stratum.

    Args:
        pop: of the template.
        names: strata, from the outermost.
        keys: what a match counts for.
        seed: of the order.
        effort: is added to.
        full: whether a document has all the matches that it may have: the rest of it need not be drawn.
    """
    tests = [keys.of(name) for name in names]
    if names[0] != "document":
        stream = Stream(pop, [(0, pop.total)], seed, effort, "all")
        yield from _grouped(stream, tests, (), pop, seed)
        return
    ranges = pop.by_document()

    def members(document: str) -> Iterator[tuple[Walk, str | None]]:
        stream = Stream(pop, ranges[document], seed, effort, "document", document)
        walks = _grouped(stream, tests[1:], (document,), pop, seed)
        return takewhile(lambda _: not full(document), walks)

    yield from _rounds([members(document) for document in _shuffled(ranges, (), pop, seed)])


def _grouped(
    walks: Iterable[Walk], tests: Sequence[Callable[[Walk], str]], stratum: tuple[str, ...], pop: Population, seed: int
) -> Iterator[tuple[Walk, str | None]]:
    """Walks in their order, dealt to the strata of the tests that are left."""
    if not tests:
        for walk in walks:
            yield walk, " | ".join(stratum)
        return
    groups: dict[str, list[Walk]] = {}
    for walk in islice(walks, GROUPED):
        groups.setdefault(tests[0](walk), []).append(walk)
    yield from _rounds(
        [
            _grouped(groups[value], tests[1:], (*stratum, value), pop, seed)
            for value in _shuffled(groups, stratum, pop, seed)
        ]
    )


def _shuffled(values: Iterable[str], stratum: tuple[str, ...], pop: Population, seed: int) -> list[str]:
    """Strata in a keyed order."""
    return sorted(values, key=lambda value: (keyed(str(seed), pop.template.sha, *stratum, value), value))


def _rounds(members: Sequence[Iterator[tuple[Walk, str | None]]]) -> Iterator[tuple[Walk, str | None]]:
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
