"""Put claims back: every match of the pattern that satisfies the claims, all else free, over the whole snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from kg.cypher.plan import Plan
from kg.proof.claims import Array, candidates
from kg.snapshot.evaluate import evaluate
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Claim

MOST_STARTS: Final = 20_000
"""Combinations of bound nodes that are tried; a question that leaves more open is not unique in any useful sense."""
MOST_MATCHES: Final = 20_000


class TooManyError(Exception):
    """The claims leave more matches open than are worth enumerating; internal to `kg.proof`, which turns it into a fail."""


def matches(plan: Plan, claims: Sequence[Claim], snapshot: Snapshot) -> Iterator[dict[str, int]]:
    """Named node variables of every match of the pattern with the claims, predicates left out.

    Matches that differ in anonymous nodes only come once.

    Raises:
        TooManyError: more than `MOST_MATCHES` matches, or `MOST_STARTS` ways to begin.
    """
    labels = {node.name: node.labels or () for node in plan.nodes}
    held = candidates([claim for claim in claims if claim.variable in labels], labels, snapshot)
    if any(len(nodes) == 0 for nodes in held.values()):
        return
    starts = _starts(plan, held)
    allowed = {name: frozenset(nodes.tolist()) for name, nodes in held.items() if name not in starts}
    if prod(len(held[name]) for name in starts) > MOST_STARTS:
        raise TooManyError
    seen: set[tuple[int, ...]] = set()
    names = [node.name for node in plan.nodes if node.named]
    for choice in product(*(held[name].tolist() for name in starts)):
        bound = dict(zip(starts, choice, strict=True))
        for found in evaluate(plan, snapshot, bound=bound, equal=(), predicates=False, limit=None):
            if any(found.nodes[name] not in nodes for name, nodes in allowed.items()):
                continue
            key = tuple(found.nodes[name] for name in names)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MOST_MATCHES:
                raise TooManyError
            yield dict(zip(names, key, strict=True))


def _starts(plan: Plan, held: Mapping[str, Array]) -> list[str]:
    """The most selective variable of each connected part of the pattern, and every one that is all but settled."""
    chosen = []
    for part in plan.components:
        inside = sorted((name for name in part if name in held), key=lambda name: (len(held[name]), name))
        chosen += [name for place, name in enumerate(inside) if place == 0 or len(held[name]) == 1]
    return chosen


def keep(claims: Iterable[Claim], names: Iterable[str]) -> list[Claim]:
    """The claims on some variables."""
    wanted = set(names)
    return [claim for claim in claims if claim.variable in wanted]

