"""Relations that a derivation runs over: one row per matched variable, and the rows of the header's `derive.rows`."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from kg.cypher.ast import Node, Property, Variable, names_in, walk
from kg.cypher.parse import parse_query
from kg.cypher.project import Traced
from kg.proof import things
from kg.snapshot.evaluate_rows import evaluate_traced
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError, TemplateError

Nodes = Mapping[str, int]
"""Variable -> node, or edge as `~e`."""


class HasNodes(Protocol):
    """A binding of `kg.snapshot.evaluate`."""

    @property
    def nodes(self) -> Mapping[str, int]: ...


ANSWER: Final = "answer"
"""Reserved relation: one row that says unit, scale and decimals of the answer."""

KEPT: Final = 4096
"""Evaluated relations that are kept per snapshot."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One relation and, row by row, the nodes that it was made of."""

    rows: tuple[dict[str, Any], ...]
    members: tuple[Traced, ...]
    """Per row: (variable of the rows' own MATCH, node) pairs, sorted; of an aggregate those of all its rows."""

    def nodes(self, snapshot: Snapshot, label: str) -> list[int]:
        """All nodes of a label behind the rows, in order of first appearance."""
        found: dict[int, None] = {}
        for row in self.members:
            found.update(dict.fromkeys(node for _, node in row if snapshot.label_of(node) == label))
        return list(found)

    def things(self) -> list[int]:
        """All nodes behind the rows, in order of first appearance."""
        return list(dict.fromkeys(node for row in self.members for _, node in row))


def rows_of(text: str, snapshot: Snapshot, nodes: Nodes) -> Rows:
    """Evaluate one `derive.rows` query with the template's variables in scope.

    Rows are sorted, so that a derivation never sees an engine's order.

    Raises:
        DerivationError: the facts behind one variable of the rows differ in unit or scale.
    """
    cache = _cache(snapshot)
    key = rows_key(text, snapshot, nodes)
    if key not in cache:
        cache[key] = _evaluated(text, snapshot, nodes)
        if len(cache) > KEPT:
            cache.popitem(last=False)
    return cache[key]


def rows_key(text: str, snapshot: Snapshot, nodes: Nodes) -> tuple[Hashable, ...]:
    """What the rows depend on: the outer nodes that stand in the pattern, and the values of the others' properties.

    Twenty facts of one column ask for the same rows; they are evaluated once.
    """
    query = _used(text)
    pattern = tuple((name, nodes[name]) for name in query.inner if name in nodes)
    values = tuple(
        (name, prop, repr(snapshot.get(nodes[name], prop))) for name, prop in query.properties if name in nodes
    )
    whole = tuple((name, nodes[name]) for name in query.bare if name in nodes)
    return (text, pattern, values, whole)


@lru_cache(maxsize=4)
def _cache(_snapshot: Snapshot) -> OrderedDict[tuple[Hashable, ...], Rows]:
    return OrderedDict()


@dataclass(frozen=True, slots=True)
class _Used:
    """Names in a rows query."""

    inner: tuple[str, ...]
    """Node variables of its own MATCH, sorted."""
    properties: tuple[tuple[str, str], ...]
    """(variable, property) pairs in its expressions, sorted."""
    bare: tuple[str, ...]
    """Variables that stand without a property, sorted."""


@lru_cache(maxsize=1024)
def _used(text: str) -> _Used:
    query = parse_query(text)
    parts = list(walk(query))
    inner = {node.name for match in query.matches for pattern in match.patterns for node in pattern.nodes if node.name}
    inner |= {part.name for part in parts if isinstance(part, Node) and part.name}
    properties = {(part.variable, part.key) for part in parts if isinstance(part, Property)}
    bare = set(names_in(query)) - {name for name, _ in properties} - inner
    bare |= {part.name for part in parts if isinstance(part, Variable)} - inner
    return _Used(tuple(sorted(inner)), tuple(sorted(properties)), tuple(sorted(bare)))


def properties_in(text: str) -> tuple[tuple[str, str], ...]:
    """(variable, property) pairs in the expressions of a rows query, sorted."""
    return _used(text).properties


def _evaluated(text: str, snapshot: Snapshot, nodes: Nodes) -> Rows:
    query = _used(text)
    wanted = {*query.inner, *query.bare, *(name for name, _ in query.properties)}
    bound = {name: node for name, node in nodes.items() if name in wanted}
    try:
        pairs = evaluate_traced(text, snapshot, things.binding_of(bound))
    except TemplateError as error:
        raise DerivationError(f"rows: {error.message}") from error
    pairs.sort(key=lambda pair: (pair[1], repr(pair[0])))
    _one_unit(snapshot, [members for _, members in pairs])
    return Rows(tuple(row for row, _ in pairs), tuple(members for _, members in pairs))


def variable_row(snapshot: Snapshot, node: int, code: str) -> dict[str, Any]:
    """A node as one row: its id and the properties whose names stand in the code; the number of a fact as printed."""
    label = snapshot.label_of(node)
    names = things.properties(snapshot, node)
    wanted = sorted(names) if "*" in code.replace("(*)", "") else mentioned(code, names)
    row: dict[str, Any] = {"id": snapshot.id_of(node)}
    row.update((name, snapshot.get(node, name)) for name in sorted(wanted))
    if label == "Assertion" and "number" in row and (printed := snapshot.get(node, "exact")) is not None:
        row["number"] = float(printed)
    return row


def mentioned(code: str, names: Mapping[str, object]) -> list[str]:
    """Names that stand as words in a piece of SQL, in the order of `names`."""
    words = _code_words(code)
    return [name for name in names if name.lower() in words]


@lru_cache(maxsize=1024)
def _code_words(code: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[A-Za-z_]\w*", code))


def _one_unit(snapshot: Snapshot, members: Sequence[Traced]) -> None:
    """SQL compares printed numbers, so the facts behind one variable must be printed alike.

    Raises:
        DerivationError: two units or two scales behind one variable of the rows.
    """
    seen: dict[str, tuple[str | None, int]] = {}
    for row in members:
        for name, node in row:
            if snapshot.label_of(node) != "Assertion" or snapshot.get(node, "kind") != "number":
                continue
            stated = (snapshot.get(node, "unit") or None, snapshot.get(node, "scale") or 0)
            first = seen.setdefault(name, stated)
            if first != stated:
                raise DerivationError(f"rows of {name} in {first} and {stated}")
