"""Relations that a derivation runs over: one row per matched variable, and the rows of the header's `derive.rows`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from kg.cypher.ast import names_in
from kg.cypher.parse import parse_query
from kg.snapshot.evaluate import Binding
from kg.snapshot.evaluate_rows import evaluate_rows
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError

Nodes = Mapping[str, int]
"""Variable -> node."""


class HasNodes(Protocol):
    """A binding of `kg.snapshot.evaluate`."""

    @property
    def nodes(self) -> Mapping[str, int]: ...


ANSWER: Final = "answer"
"""Reserved relation: one row that says unit, scale and decimals of the answer."""

_MARK: Final = "kgmine_id_"
"""Prefix of the columns that carry the ids of a row's nodes while a relation is made."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One relation and, row by row, the nodes that it was made of."""

    rows: tuple[dict[str, Any], ...]
    members: tuple[dict[str, int], ...]
    """Per row: variable of the rows' own MATCH -> node."""

    def nodes(self, snapshot: Snapshot, label: str) -> list[int]:
        """All nodes of a label behind the rows, in order of first appearance."""
        found: dict[int, None] = {}
        for row in self.members:
            found.update(dict.fromkeys(node for node in row.values() if snapshot.label_of(node) == label))
        return list(found)


def rows_of(text: str, snapshot: Snapshot, nodes: Nodes) -> Rows:
    """Evaluate one `derive.rows` query with the template's variables in scope.

    Rows are sorted, so that a derivation never sees an engine's order.

    Raises:
        DerivationError: the facts behind one variable of the rows differ in unit or scale.
    """
    names, outer = _names(text)
    bound = tuple((name, nodes[name]) for name in outer if name in nodes)
    return _cached(text, snapshot, bound, tuple(name for name in names if name not in nodes))


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(node variables of the query's own MATCH, every free variable), each sorted."""
    query = parse_query(text)
    inner = {node.name for match in query.matches for pattern in match.patterns for node in pattern.nodes if node.name}
    return tuple(sorted(inner)), tuple(sorted(inner | set(names_in(query))))


@lru_cache(maxsize=4096)
def _cached(text: str, snapshot: Snapshot, bound: tuple[tuple[str, int], ...], own: tuple[str, ...]) -> Rows:
    marks = "".join(f", {name}.id AS {_MARK}{name}" for name in own)
    found = evaluate_rows(text.rstrip().rstrip(";") + marks, snapshot, Binding.of_nodes(dict(bound)))
    pairs = []
    for row in found:
        members = {name: _index(snapshot, row[_MARK + name]) for name in own}
        pairs.append(({key: value for key, value in row.items() if not key.startswith(_MARK)}, members))
    pairs.sort(key=lambda pair: (tuple(sorted(pair[1].items())), repr(pair[0])))
    _one_unit(snapshot, [members for _, members in pairs])
    return Rows(tuple(row for row, _ in pairs), tuple(members for _, members in pairs))


@lru_cache(maxsize=65536)
def _index(snapshot: Snapshot, id_: Any) -> int:
    node = snapshot.index_of(str(id_))
    if node is None:
        raise DerivationError(f"no node {id_}")
    return node


def variable_row(snapshot: Snapshot, node: int) -> dict[str, Any]:
    """All properties of a node as one row; the number of a fact at its printed precision."""
    label = snapshot.label_of(node)
    row: dict[str, Any] = {"id": snapshot.id_of(node)}
    row.update((name, snapshot.get(node, name)) for name in sorted(snapshot.properties(label)))
    if label == "Assertion" and row.get("exact") is not None:
        row["number"] = float(row["exact"])
    return row


def mentioned(code: str, names: Mapping[str, object]) -> list[str]:
    """Names that stand as words in a piece of SQL, in the order of `names`."""
    words = {word.lower() for word in re.findall(r"[A-Za-z_]\w*", code)}
    return [name for name in names if name.lower() in words]


def _one_unit(snapshot: Snapshot, members: Sequence[Mapping[str, int]]) -> None:
    """SQL compares printed numbers, so the facts behind one variable must be printed alike.

    Raises:
        DerivationError: two units or two scales behind one variable of the rows.
    """
    seen: dict[str, tuple[str | None, int]] = {}
    for row in members:
        for name, node in row.items():
            if snapshot.label_of(node) != "Assertion" or snapshot.get(node, "kind") != "number":
                continue
            stated = (snapshot.get(node, "unit") or None, snapshot.get(node, "scale") or 0)
            first = seen.setdefault(name, stated)
            if first != stated:
                raise DerivationError(f"rows of {name} in {first} and {stated}")
