"""Plain triples: {"subject": "Alien", "predicate": "DIRECTED_BY", "object": "Ridley Scott"}.

Subjects and objects are nodes, one per name: label `subject_type` or `object_type` (else `Entity`), property `name`. An
object that is a number, a boolean or a list, or whose predicate the mapping calls a literal, is a property of the
subject. Further keys are properties of the relationship. `head`, `relation`, `tail` are understood, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, final

from kg.graph.formats.gather import Gathered
from kg.graph.formats.rows import Lines, Rows
from schemas.errors import GraphError
from schemas.mapping import Mapping as Meaning

ENTITY: Final = "Entity"
NAME: Final = "name"
_WORDS: Final = (("subject", "predicate", "object"), ("head", "relation", "tail"))


def is_triple(row: Mapping[str, Any]) -> bool:
    """Whether an object of a JSONL file is a triple."""
    return any(all(word in row for word in words) for words in _WORDS)


@dataclass(slots=True)
class _Thing:
    number: int
    labels: dict[str, None] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


@final
class Triples:
    """Triples one by one."""

    def __init__(self, gathered: Gathered, meaning: Meaning, path: str) -> None:
        self._rows = Rows(gathered, meaning, partial(Lines, path))
        self._literals = frozenset(meaning.literals)
        self._things: dict[str, _Thing] = {}

    def add(self, row: Mapping[str, Any], number: int, at: str) -> None:
        """Add a triple of a line.

        Raises: GraphError: subject or predicate is no text, or the object is none that a graph holds.
        """
        words = next(words for words in _WORDS if all(word in row for word in words))
        subject, predicate, target = (row[word] for word in words)
        for word, value in ((words[0], subject), (words[1], predicate)):
            if not isinstance(value, str) or not value:
                raise GraphError(f"{at}: {word} must be a text, not {value!r}")
        types = [f"{word}_type" for word in (words[0], words[2])]
        source = self._thing(subject, row.get(types[0]), number)
        if isinstance(target, bool | int | float | list) or predicate in self._literals:
            self._property(source, predicate, target)
        elif isinstance(target, str) and target:
            self._thing(target, row.get(types[1]), number)
            rest = {key: value for key, value in row.items() if key not in (*words, *types)}
            self._rows.edge(predicate, (subject, target), rest, number)
        else:
            raise GraphError(f"{at}: {words[2]} must be a text, a number, a boolean or a list, not {target!r}")

    def close(self) -> None:
        """Turn everything into columns."""
        for name, thing in self._things.items():
            labels = [label for label in thing.labels if label != ENTITY] or [ENTITY]
            self._rows.node(name, labels, {NAME: name, **thing.properties}, thing.number)
        self._rows.close()

    def _thing(self, name: str, type_: Any, number: int) -> _Thing:
        thing = self._things.setdefault(name, _Thing(number))
        thing.labels.setdefault(type_ if isinstance(type_, str) and type_ else ENTITY)
        return thing

    def _property(self, thing: _Thing, name: str, value: Any) -> None:
        known = thing.properties.get(name)
        if known is None or known == value:
            thing.properties[name] = value
        else:
            several = [
                *(known if isinstance(known, list) else [known]),
                *(value if isinstance(value, list) else [value]),
            ]
            thing.properties[name] = several
