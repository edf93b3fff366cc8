"""Wording: claims and values as a person says them. One module per language behind one noun, `Language`.

A language gives Jinja its filters. A filter takes a `Slot`: the text of one property of one matched node, which knows
its node, so that `f.period | period` may read the node's own `period_text`. What a filter says is always the property
that it is given, or a property that spells the same thing for people (`text` for `number`, `described` for `name`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol


class Language(Protocol):
    """How one natural language words questions."""

    @property
    def code(self) -> str:
        """ISO 639-1."""
        ...

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """Jinja filters by name; the names are the same in every language (`kg.cypher.filters.FILTERS`)."""
        ...

    def sentence(self, text: str) -> str:
        """A rendered question with doubled spaces trimmed, its first letter raised and one question mark."""
        ...

    def documents(self, kind: str, report: str, total: int, stated: Sequence[str] = ()) -> str:
        """Documents as a closed set, behind "of the": `ten accidents on file`, `seven ... whose reports state x`.

        Args:
            kind: singular noun of the subjects: `aircraft`.
            report: singular noun of the documents: `accident report`, `paper`.
            total: how many there are.
            stated: what they state, where not all of the kind do.
        """
        ...

    def stated(self, quantity: str, condition: str, report: str) -> str:
        """What the documents of a set state, from the slots of a fact: `the age of the pilot`."""
        ...

    def recorded(self) -> str:
        """A user's own graph as a closed set, behind a noun: `the films on record`."""
        ...

    def unit_clause(self, unit: str | None, scale: int, decimals: int | None) -> str:
        """`, in millions of US dollars`, `, as a percentage rounded to one decimal`; empty where nothing is to say."""
        ...


class Node(Protocol):
    """A matched node as the wording sees it."""

    @property
    def label(self) -> str: ...

    @property
    def units(self) -> Mapping[str, str] | None:
        """Property -> canonical unit in a user's own graph; None where the node is one of kgmine's own labels."""
        ...

    def get(self, prop: str) -> Any:
        """The property's value; None where it is null."""
        ...


class Slot(str):
    """The text of one property of one matched node. Empty for null."""

    __slots__ = ("node", "prop")
    node: Node | None
    prop: str

    @classmethod
    def of(cls, value: object, node: Node | None, prop: str) -> Slot:
        """A slot of any property value: numbers and booleans as Python writes them."""
        slot = cls("" if value is None else str(value))
        slot.node, slot.prop = node, prop
        return slot

    def sibling(self, prop: str) -> Any:
        """Another property of the same node; None where there is no node."""
        return None if self.node is None else self.node.get(prop)


def sibling(value: str, prop: str) -> Any:
    """`value.sibling(prop)` where the value is a slot, else None: filters also take plain strings."""
    return value.sibling(prop) if isinstance(value, Slot) else None


def languages() -> dict[str, Language]:
    """Shipped languages by code."""
    from synthesis.wording.english import English  # an implementation imports this module

    return {"en": English()}
