"""Splits of a graph without documents: its units are nodes, and connected answer and evidence nodes stay together.

Notation:
    hub         a node that is joined to so many others that it says nothing about any of them (a genre, a country): it
                ties nothing and belongs to no split
    link        a relationship between two nodes that are no hubs
    component   nodes that links connect

A component that fits goes into one split, as groups of documents do (`scoring.splits`). Real graphs are one large
component with some crumbs. What is larger than any split has room for is cut: nodes are taken in an order that grows
from the rim, always the node with the largest share of its links inside, and consecutive runs of it fill the splits. A
question whose nodes lie in two splits is rejected later, so the cut should cross few links, not none.

Source of the growth: Karypis and Kumar 1998, "A fast and high quality multilevel scheme for partitioning irregular
graphs", section 3.2.3 (greedy graph growing).
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.splits import Assignment, chosen_by_hash

UNIT: Final = "node"
ROOM: Final = 1.1
"""A component goes into one split whole where it exceeds what the split still lacks by no more than this factor."""


@dataclass(frozen=True, slots=True)
class Links:
    """An undirected graph over units, hubs left out.

    names:      unit k -> its id, distinct.
    neighbours: unit k -> units that it is linked with, each once.
    """

    names: Sequence[str]
    neighbours: Sequence[Sequence[int]]


def assign(links: Links, shares: Mapping[str, float], *, old: Assignment | None = None, key: str = "") -> Assignment:
    """Assign every unit to a split; old units keep theirs.

    Args:
        links: of the graph.
        shares: split -> share of the units, adding up to 1.
        old: the recorded assignment.
        key: seed of the hash that breaks ties.
    """
    kept = old.splits if old is not None and old.unit == UNIT and old.shares == dict(shares) else {}
    components = _components(links, key)
    chosen: dict[int, str] = {k: kept[name] for k, name in enumerate(links.names) if name in kept}
    if chosen:
        for part in components:
            _joined(part, links, chosen, shares, key)
    else:
        _filled(components, links, chosen, shares, key)
    groups: dict[str, str] = {}
    for part in components:
        for split in dict.fromkeys(chosen[k] for k in part):
            piece = [links.names[k] for k in part if chosen[k] == split]
            groups.update(dict.fromkeys(piece, min(piece)))
    return Assignment(
        unit=UNIT,
        shares=dict(shares),
        splits={links.names[k]: chosen[k] for k in sorted(chosen, key=lambda k: links.names[k])},
        groups=dict(sorted(groups.items())),
    )


def _filled(
    components: Sequence[list[int]], links: Links, chosen: dict[int, str], shares: Mapping[str, float], key: str
) -> None:
    """Largest component first, each into the split that lacks most, or cut over all of them."""
    lacking = {split: share * len(links.names) for split, share in shares.items()}
    for part in components:
        split = max(lacking, key=lambda name: (lacking[name], shares[name]))
        whole = len(part) <= max(1.0, lacking[split] * ROOM)
        runs = {split: len(part)} if whole else _runs(len(part), lacking)
        order = iter(grown(part, links, key))
        for split, size in runs.items():
            lacking[split] -= size
            chosen.update((next(order), split) for _ in range(size))


def _runs(size: int, lacking: Mapping[str, float]) -> dict[str, int]:
    """How many units of a cut component each split takes: small splits first, the largest takes what is left."""
    *small, largest = sorted(lacking, key=lambda name: lacking[name])
    runs, left = {}, size
    for split in small:
        runs[split] = min(left, max(0, round(lacking[split])))
        left -= runs[split]
    return {**runs, largest: left}


def _joined(part: Sequence[int], links: Links, chosen: dict[int, str], shares: Mapping[str, float], key: str) -> None:
    """New units of a component take the split that most of their neighbours have, from the old ones outwards."""
    group = min(links.names[k] for k in part)
    order = [k for k in part if k in chosen] or list(part[:1])
    for k in order:
        chosen.setdefault(k, chosen_by_hash(group, shares, key))
    seen = set(order)
    for k in order:
        for other in links.neighbours[k]:
            if other not in seen:
                seen.add(other)
                order.append(other)
                if other not in chosen:
                    near = Counter(chosen[n] for n in links.neighbours[other] if n in chosen)
                    chosen[other] = min(near, key=lambda split: (-near[split], split))


def _components(links: Links, key: str) -> list[list[int]]:
    """Components, the largest first, equal sizes in the order of a keyed hash; units in the order of their names."""
    names = sorted(range(len(links.names)), key=lambda k: links.names[k])
    seen: set[int] = set()
    found = []
    for start in names:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for k in part:
            fresh = [other for other in links.neighbours[k] if other not in seen]
            seen.update(fresh)
            part += dict.fromkeys(fresh)
        found.append(sorted(part, key=lambda k: links.names[k]))
    return sorted(found, key=lambda part: (-len(part), _digest(key, links.names[part[0]])))


def grown(part: Sequence[int], links: Links, key: str) -> list[int]:
    """The units of a component in the order of growth."""
    rank = {k: _digest(key, links.names[k]) for k in part}
    inside = dict.fromkeys(part, 0)
    start = min(part, key=lambda k: (len(links.neighbours[k]), rank[k]))
    heap: list[tuple[float, str, int]] = [(0.0, rank[start], start)]
    taken: dict[int, None] = {}
    while heap:
        _, _, k = heapq.heappop(heap)
        if k in taken:
            continue
        taken[k] = None
        for other in links.neighbours[k]:
            if other not in taken:
                inside[other] += 1
                heapq.heappush(heap, (-inside[other] / len(links.neighbours[other]), rank[other], other))
    return list(taken)


def _digest(key: str, name: str) -> str:
    return hashlib.sha256(f"{key}\0{name}".encode()).hexdigest()
