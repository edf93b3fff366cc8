"""Labels as words: `RewardModel` is a reward model, `MANUFACTURED_BY` says `manufactured by`; and back."""

from __future__ import annotations

import re
from typing import Final

from kg.values.name import normal, singular

_BORDER: Final = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-\s.]+")
_GAP: Final = re.compile(r"[_\-\s.]+")
_EMPTY: Final = frozenset({"has", "have", "had", "is", "are", "was", "were"})
"""Verbs that add nothing to the noun behind them: `HAS_OPERATOR` names an operator."""
_WORD: Final = re.compile(r"[^\W_]+")


def words(label: str) -> str:
    """A label in words, lower case but for acronyms: `FAARegion` -> `FAA region`."""
    parts = [part for part in (_GAP if label.isupper() else _BORDER).split(label) if part]
    shouted = label.isupper() and len(parts) > 1
    return " ".join(part.lower() if shouted or not (part.isupper() and len(part) > 1) else part for part in parts)


def relation_words(label: str) -> tuple[str, ...]:
    """Normal forms of what a relationship type is called: with and without `has` or `is`."""
    said = words(label).split()
    bare = said[1:] if len(said) > 1 and said[0].lower() in _EMPTY else said
    return tuple(dict.fromkeys(normal(" ".join(form)) for form in (said, bare)))


def node_label(text: str) -> str:
    """A noun phrase as a node label: `reward model` -> `RewardModel`; "" where it has no letter to begin with."""
    found = "".join(word[0].upper() + word[1:] for word in _WORD.findall(text))
    return found.lstrip("0123456789")


def relationship_label(text: str) -> str:
    """A phrase or a name in camel case as a relationship type: `manufacturedBy` -> `MANUFACTURED_BY`."""
    said = " ".join(part for part in _BORDER.split(text) if part)
    return "_".join(_WORD.findall(said)).upper().lstrip("0123456789_")


def property_name(text: str) -> str:
    """A phrase or a name in camel case as a property: `flightTime` -> `flight_time`."""
    said = " ".join(part for part in _BORDER.split(text) if part)
    return "_".join(_WORD.findall(said)).lower().lstrip("0123456789_")


def singular_label(label: str) -> str:
    """A label in the singular: `Aircrafts` stays what English makes of it."""
    parts = [part for part in _BORDER.split(label) if part]
    if not parts or parts[-1].isupper():
        return label
    last = singular(parts[-1].lower())
    return label[: len(label) - len(parts[-1])] + (last[0].upper() + last[1:] if parts[-1][0].isupper() else last)
