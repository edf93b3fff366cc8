"""Rows of Python values on their way to columns: what JSON lines and databases give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

import pyarrow as pa

from kg.graph.formats.gather import UNLABELLED, EdgePart, Gathered, NodePart, Origin, bare
from kg.graph.formats.values import column
from schemas.errors import GraphError
from schemas.mapping import Mapping as Meaning

ROWS: Final = 20_000
"""Rows that are Python objects at once, per label or type."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where rows stand in a file of lines."""

    path: str
    numbers: Sequence[int]

    def at(self, row: int, column: str) -> str:  # noqa: ARG002 - a line of JSON has no columns
        """`file:line:column`."""
        return f"{self.path}:{self.numbers[row]}:1"


@dataclass(slots=True)
class _Buffer:
    keys: list[Any] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@final
class Rows:
    """Nodes and edges one by one; every so many of one kind become columns."""

    def __init__(
        self,
        gathered: Gathered,
        meaning: Meaning,
        place: Callable[[Sequence[int]], Origin],
        *,
        types: Mapping[tuple[str, ...], Mapping[str, Any]] | None = None,
        given: bool = True,
    ) -> None:
        """Args:
        place: from the numbers of rows to where they stand.
        types: Arrow types that are known, by label or edge key.
        given: see `NodePart.given`.
        """
        self._gathered, self._meaning, self._place, self._given = gathered, meaning, place, given
        self._types = types or {}
        self._nodes: dict[tuple[str, tuple[str, ...]], _Buffer] = {}
        self._edges: dict[tuple[str, str, str], _Buffer] = {}

    def node(self, key: Any, labels: Sequence[str], properties: Mapping[str, Any], number: int) -> bool:
        """Add a node; whether it was wanted."""
        wanted = self._meaning.labels
        if wanted and not any(label in wanted for label in labels):
            return False
        primary = next((label for label in self._meaning.primary if label in labels), None)
        primary = primary or (labels[0] if labels else UNLABELLED)
        name = (primary, tuple(label for label in labels if label != primary))
        buffer = self._nodes.setdefault(name, _Buffer())
        buffer.keys.append(key)
        self._add(buffer, properties, number)
        if len(buffer.rows) >= ROWS:
            self._flush_nodes(name)
        return True

    def edge(
        self,
        kind: str,
        ends: tuple[Any, Any],
        properties: Mapping[str, Any],
        number: int,
        labels: tuple[str, str] = ("", ""),
    ) -> None:
        """Add an edge. Args: labels: of its ends, where the source says them; rows of one key share their types."""
        if self._meaning.types and kind not in self._meaning.types:
            return
        name = (kind, *labels)
        buffer = self._edges.setdefault(name, _Buffer())
        buffer.keys.append(ends[0])
        buffer.ends.append(ends[1])
        self._add(buffer, properties, number)
        if len(buffer.rows) >= ROWS:
            self._flush_edges(name)

    def close(self) -> None:
        """Turn what is left into columns."""
        for label in list(self._nodes):
            self._flush_nodes(label)
        for key in list(self._edges):
            self._flush_edges(key)

    def _add(self, buffer: _Buffer, properties: Mapping[str, Any], number: int) -> None:
        buffer.rows.append(properties)
        buffer.numbers.append(number)

    def _flush_nodes(self, name: tuple[str, tuple[str, ...]]) -> None:
        buffer, (label, further) = self._nodes.pop(name), name
        table, origin = self._table((label,), label, buffer)
        self._gathered.nodes.append(
            NodePart(label, further, "", pa.array(buffer.keys), table, origin, given=self._given)
        )

    def _flush_edges(self, name: tuple[str, str, str]) -> None:
        buffer = self._edges.pop(name)
        table, origin = self._table(name, name[0], buffer)
        keys = (pa.array(buffer.keys), pa.array(buffer.ends))
        self._gathered.edges.append(EdgePart(name[0], ("", ""), *keys, table, origin))

    def _table(self, key: tuple[str, ...], name: str, buffer: _Buffer) -> tuple[pa.Table, Origin]:
        origin = self._place(buffer.numbers)
        types = self._types.get(key, {})
        names = [*types, *sorted({n for row in buffer.rows for n in row} - set(types))]
        arrays = {n: self._column(n, types.get(n), name, buffer, origin) for n in names if n}
        if not arrays:
            return bare(len(buffer.rows)), origin
        return pa.table(arrays), origin

    def _column(self, name: str, arrow: Any, label: str, buffer: _Buffer, origin: Origin) -> Any:
        values = [row.get(name) for row in buffer.rows]
        try:
            if arrow is not None:
                plain = not str(arrow).endswith(("double", "double>"))
                return pa.array(values if plain else [_typed(value, arrow) for value in values], arrow)
            return column(values, self._gathered.note, f"{label}.{name}")
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError, ValueError) as error:
            for row, value in enumerate(values):
                if not _fits(value, arrow):
                    raise GraphError(f"{origin.at(row, name)}: {label}.{name}: {value!r} does not fit") from error
            raise GraphError(f"{origin.at(0, name)}: {label}.{name}: {error}") from error


def _typed(value: Any, arrow: Any) -> Any:
    """A value of a known type: what is not finite is a string in JSON."""
    if pa.types.is_floating(arrow) and isinstance(value, str):
        return float(value)
    if isinstance(value, list) and pa.types.is_floating(arrow.value_type):
        return [_typed(member, arrow.value_type) for member in value]
    return value


def _fits(value: Any, arrow: Any) -> bool:
    try:
        pa.array([value if arrow is None else _typed(value, arrow)], arrow)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError, ValueError):
        return False
    return True
