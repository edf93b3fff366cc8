"""Splits that do not leak, and do not move when documents are added.

Units are documents from `DOCUMENT_UNITS` documents on; a smaller corpus is split by elements: a table, or a section
with its text. Units that state a common fact (equal fact key), or the same quantity about subjects of one kind in
several documents (so that cross-document questions survive in every split), form one group. Groups are assigned once,
before anything is drawn; an old unit never moves, a new one joins its group's split or gets its own by keyed hash.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from schemas.base import Row

DOCUMENT_UNITS: Final = 20


class UnitFacts(Row):
    """What one unit states: its weight in the corpus and the keys that tie it to other units."""

    unit: str
    weight: int = 1
    """Facts that it states."""
    keys: tuple[str, ...] = ()
    """Fact keys, and `kind|quantity` keys of document subjects."""


class Assignment(Row):
    """`splits.json`: unit -> split, and the group that it was assigned with."""

    unit: str
    """document, element or node."""
    shares: dict[str, float]
    splits: dict[str, str]
    groups: dict[str, str]


def groups_of(units: Sequence[UnitFacts]) -> dict[str, str]:
    """Unit -> group: connected components over shared keys; a group is named by its smallest unit."""
    parent = {unit.unit: unit.unit for unit in units}

    def root(unit: str) -> str:
        while parent[unit] != unit:
            parent[unit] = parent[parent[unit]]
            unit = parent[unit]
        return unit

    first: dict[str, str] = {}
    for unit in sorted(units, key=lambda item: item.unit):
        for key in unit.keys:
            other = first.setdefault(key, unit.unit)
            one, two = sorted((root(unit.unit), root(other)))
            parent[two] = one
    return {unit.unit: root(unit.unit) for unit in units}


def assign(
    units: Sequence[UnitFacts], shares: Mapping[str, float], *, unit: str, old: Assignment | None = None, key: str = ""
) -> Assignment:
    """Assign every unit to a split.

    Without an old assignment the groups fill the splits in the order of size, each into the split that is furthest
    below its share; groups of one size go in the order of a keyed hash. With one, old units keep their split; a new
    unit takes the split of the old units of its group, and a new group gets its own by keyed hash.

    Args:
        units: all units of the corpus.
        shares: split -> share, adding up to 1.
        unit: document or element.
        old: the recorded assignment.
        key: seed of the hash.
    """
    groups = groups_of(units)
    members: dict[str, list[UnitFacts]] = defaultdict(list)
    for item in units:
        members[groups[item.unit]].append(item)
    splits = dict(old.splits) if old is not None and old.unit == unit and old.shares == dict(shares) else {}
    known = {group: _known(rows, splits) for group, rows in members.items()}
    if splits:
        chosen = {group: known[group] or chosen_by_hash(group, shares, key) for group in members}
    else:
        chosen = _balanced({group: sum(row.weight for row in rows) for group, rows in members.items()}, shares, key)
    for item in units:
        splits.setdefault(item.unit, chosen[groups[item.unit]])
    return Assignment(
        unit=unit, shares=dict(shares), splits=dict(sorted(splits.items())), groups=dict(sorted(groups.items()))
    )


def _known(rows: Iterable[UnitFacts], splits: Mapping[str, str]) -> str | None:
    weights: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.unit in splits:
            weights[splits[row.unit]] += row.weight
    return min(weights, key=lambda split: (-weights[split], split)) if weights else None


def _balanced(weights: Mapping[str, int], shares: Mapping[str, float], key: str) -> dict[str, str]:
    total = sum(weights.values()) or 1
    filled = dict.fromkeys(shares, 0.0)
    chosen = {}
    for group in sorted(weights, key=lambda name: (-weights[name], _digest(key, name))):
        split = max(shares, key=lambda name: (shares[name] - filled[name] / total, shares[name]))
        chosen[group] = split
        filled[split] += weights[group]
    return chosen


def chosen_by_hash(group: str, shares: Mapping[str, float], key: str) -> str:
    """The split of a group by a keyed hash of its name."""
    point = int(_digest(key, group)[:12], 16) / 16**12
    for split, share in shares.items():
        if point < share:
            return split
        point -= share
    return next(split for split in reversed(list(shares)) if shares[split] > 0)


def _digest(key: str, name: str) -> str:
    return hashlib.sha256(f"{key}\0{name}".encode()).hexdigest()
