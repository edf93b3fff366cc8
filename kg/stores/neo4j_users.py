"""What users made on a server: which of it belongs to the graph, and what it is called there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from kg.graph import marks, model
from kg.graph.ids import digest

LABELS: Final = "labels"
"""Property of a node that has further labels: these."""
UNLABELLED: Final = "Node"
"""Label in the tables of a node that has none."""
Numbers = np.ndarray[Any, np.dtype[np.int64]]
"""The server's own numbers of nodes, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A node or relationship that is not simply one of kgmine's rows."""

    number: int
    label: str
    """Primary label, or type."""
    properties: dict[str, Any]
    """With `id`, without the mark."""
    mark: str | None
    ends: tuple[str, ...] = ()
    """Ids of both ends of a relationship."""

    @property
    def is_merged(self) -> bool:
        """Whether a tool that merged two of kgmine's elements made a list of their ids."""
        return self.mark is not None and isinstance(self.properties.get("id"), list)


@final
class Names:
    """Gives each element of the graph an id of its own."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._twins: Counter[str] = Counter()

    def name(self, element: Loose) -> str:
        """Its own `id` if nobody else has it, else a hash of its content; equal elements are numbered."""
        own = own_id(element.properties.get("id"))
        if own is not None and (own or element.mark) and own not in self._taken:
            self._taken.add(own)
            return own
        content = json.dumps(element.properties, sort_keys=True, ensure_ascii=True, default=str)
        base = digest("user", element.label, *element.ends, content)
        while True:
            ordinal = self._twins[base]
            self._twins[base] += 1
            found = digest("user", element.label, *element.ends, content, str(ordinal))
            if found not in self._taken:
                self._taken.add(found)
                return found


def own_id(value: Any) -> str | None:
    """The id that a property `id` gives. Tools that merge nodes leave a list; its first member is the survivor's."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else None


def properties_of(element: Loose) -> dict[str, Any]:
    """The properties of its row in the tables."""
    kept = {name: value for name, value in element.properties.items() if name not in {"id", model.START, model.END}}
    return kept if element.mark else {**kept, "provenance": model.USER}


def primary(
    labels: Sequence[str], known: Collection[str], mark: str | None = None, properties: Mapping[str, Any] | None = None
) -> str:
    """The label whose table a node stands in: kgmine's; of several, the one that its mark fits, or the first."""
    mine = sorted(set(labels) & set(known)) or sorted(labels) or [UNLABELLED]
    if len(mine) > 1 and mark and properties is not None:
        mine = [label for label in mine if is_fitting(mark, properties, (label,))] or mine
    return mine[0]


def with_labels(properties: Mapping[str, Any], labels: Sequence[str], label: str) -> dict[str, Any]:
    """The properties with a node's further labels among them."""
    had = properties.get(LABELS, [])
    further = [*had, *sorted(set(labels) - {label, *had})] if isinstance(had, list) else had
    return {**properties, LABELS: further} if further else dict(properties)


def is_fitting(mark: str, properties: Mapping[str, Any], key: Sequence[str], ends: Sequence[str] = ()) -> bool:
    """Whether a mark is that of these values, so that nobody changed them since kgmine wrote them."""
    named = {**dict(zip((model.START, model.END), ends, strict=False)), **properties}
    [found] = marks.mark_rows([list(named.values())], list(named), key)
    return found == mark


def reached(owned: Numbers, sources: Numbers, targets: Numbers) -> set[int]:
    """Nodes of users that relationships connect with kgmine's, whatever their direction, over any number of them.

    Args: owned: sorted; sources, targets: shape (relationships,), ends of those with an end that kgmine did not write,
        and of users' own.
    """
    free = ~(np.isin(sources, owned) & np.isin(targets, owned))
    neighbours: dict[int, list[int]] = {}
    for a, b in zip(sources[free].tolist(), targets[free].tolist(), strict=True):
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    candidates = np.fromiter(neighbours, np.int64, len(neighbours))
    waiting = candidates[np.isin(candidates, owned)].tolist()
    seen = set(waiting)
    while waiting:
        for other in neighbours[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen - set(owned[np.isin(owned, candidates)].tolist())
