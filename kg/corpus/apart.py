"""Names that a user keeps apart: an edit names two surface forms that resolution would make one entity.

Of two forms with one base name (`Apple`, `Apple Inc.`) the one that is not the base name itself, or comes later, gets
an entity of its own; all other forms stay with the first. An acronym and its long form are not joined. No such pair is
called possibly the same. Forms with one normal form (`Apple`, `APPLE`) cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, final

from kg.corpus import names
from kg.values.name import normal


@final
class Apart:
    """The pairs of an edits file, as resolution asks for them."""

    def __init__(self, splits: Iterable[tuple[str, str]] = ()) -> None:
        self._own: dict[str, str] = {}
        self._bases: set[frozenset[str]] = set()
        for pair in splits:
            one, other = sorted(map(normal, pair), key=lambda form: (names.base(form) != form, form))
            if one == other:
                continue
            bases = frozenset(map(names.base, pair))
            if len(bases) == 1:
                self._own[other] = other
            self._bases.add(bases)

    def own(self, name: str) -> str:
        """What tells the entity of this form from that of its base name; empty where it needs none."""
        return self._own.get(normal(name), "")

    def are(self, one: str, other: str) -> bool:
        """Whether two base names are kept apart."""
        return frozenset((one, other)) in self._bases


NOTHING_APART: Final = Apart()
"""Nobody keeps any names apart."""
