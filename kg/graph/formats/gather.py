"""A graph as its source holds it: parts of rows with the source's own keys, on their way to canonical tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import model
from kg.graph.formats.identify import Identified, edge_ids, node_ids
from kg.graph.formats.values import Note, agreed, cast, chunks, unified
from kg.graph.tables import EdgeKey, Tables, sort_table
from schemas.errors import GraphError
from schemas.mapping import Mapping as Meaning

UNLABELLED = "Node"
"""Label of nodes that have none."""
FURTHER = "labels"
"""List property with the labels of a node beside its primary one."""


class Origin(Protocol):
    """Where the rows of a part were read."""

    def at(self, row: int, column: str) -> str:
        """`file:line:column` of a value of the row; `column`: `:ID`, `:START_ID`, `:END_ID` or a property."""
        ...


@dataclass(frozen=True)
class NodePart:
    """Nodes of one primary label and the same further labels."""

    label: str
    further: tuple[str, ...]
    space: str
    """Keys are unique within it."""
    keys: Any
    """Array of what edges call the nodes, string or int64; null: no edge names it."""
    properties: pa.Table
    origin: Origin
    given: bool = True
    """Whether keys mean something to the user; False: numbers that a database gave."""


@dataclass(frozen=True)
class EdgePart:
    """Edges of one type."""

    type: str
    spaces: tuple[str, str]
    """Spaces of the keys of both ends."""
    starts: Any
    ends: Any
    properties: pa.Table
    origin: Origin


@final
@dataclass
class Gathered:
    """Parts in the order they were read."""

    nodes: list[NodePart] = field(default_factory=list)
    edges: list[EdgePart] = field(default_factory=list)
    empty_nodes: dict[str, pa.Schema] = field(default_factory=dict)
    """Labels that may have no rows, with their properties."""
    empty_edges: dict[EdgeKey, pa.Schema] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    skip_bad: bool = False
    """Whether an edge with a missing end is left out with a note instead of an error."""
    skip_duplicates: bool = False
    """Whether of nodes with one key the first stays, with a note instead of an error."""

    by_frequency: bool = False
    """Whether a node of several labels belongs to the most frequent one: their order in the source means nothing."""

    def note(self, line: str) -> None:
        """A line for the user, said once."""
        self.notes.setdefault(line)

    def tables(self, meaning: Meaning) -> Tables:
        """Canonical tables.

        Raises:
            GraphError: two nodes have one key, an edge's end is missing, a key property is null or not unique.
        """
        if self.by_frequency:
            self.nodes = _settled(self.nodes, meaning.primary, self.note)
        if self.skip_duplicates:
            self.nodes = list(_first_ones(self.nodes, self.note))
        index = _Index(self.nodes)
        found = node_ids(self.nodes, meaning.key, self.note)
        ids = pa.chunked_array([ids for ids, _ in found], pa.string()).combine_chunks()
        return Tables({label: self._nodes(label, found) for label in self._labels()}, self._edges(index, ids))

    def _labels(self) -> list[str]:
        return list(dict.fromkeys([*self.empty_nodes, *(part.label for part in self.nodes)]))

    def _nodes(self, label: str, found: Sequence[Identified]) -> pa.Table:
        mine = [(part, *found[k]) for k, part in enumerate(self.nodes) if part.label == label]
        parts = [_with_further(part, properties, self.note) for part, _, properties in mine]
        table = self._stacked(label, parts, self.empty_nodes.get(label))
        return sort_table(_keyed(table, {"id": pa.chunked_array([ids for _, ids, _ in mine], pa.string())}))

    def _stacked(self, name: str, parts: Sequence[pa.Table], schema: pa.Schema | None) -> pa.Table:
        """The parts one under the other, missing columns null."""
        columns = dict.fromkeys([*(schema.names if schema else ()), *(c for p in parts for c in p.column_names)])
        arrays = {}
        for column in columns:
            pieces = [p[column] if column in p.column_names else pa.nulls(p.num_rows) for p in parts]
            if schema and column in schema.names:
                pieces.append(pa.array([], schema.field(column).type))
            arrays[column] = unified(pieces, self.note, f"{name}.{column}")
        return pa.table(arrays) if arrays else bare(sum(p.num_rows for p in parts))

    def _edges(self, index: _Index, ids: Any) -> dict[EdgeKey, pa.Table]:
        found: dict[EdgeKey, list[tuple[pa.Table, Any, Any]]] = {key: [] for key in self.empty_edges}
        numbers = (index.find_all(self.edges, 0), index.find_all(self.edges, 1))
        for part, *both in zip(self.edges, *numbers, strict=True):
            for key, rows, starts, ends in self._ends(part, index, *both):
                pair = (pc.take(ids, pa.array(starts)), pc.take(ids, pa.array(ends)))
                whole = len(rows) == part.properties.num_rows
                properties = part.properties if whole else part.properties.take(pa.array(rows))
                found.setdefault(key, []).append((properties, *pair))
        self.edges.clear()  # columns of millions of rows are not held twice
        stacked: dict[EdgeKey, pa.Table] = {}
        for key in list(found):
            pieces = found.pop(key)
            table = self._stacked(key[0], [piece[0] for piece in pieces], self.empty_edges.get(key))
            ends_of = {name: pa.chunked_array([piece[k] for piece in pieces], pa.string()) for k, name in _ENDS}
            stacked[key] = _keyed(table, ends_of)
        self._align(stacked)
        keyed = edge_ids(stacked, self.note)
        stacked.clear()
        return {key: sort_table(keyed.pop(key)) for key in list(keyed)}

    def _align(self, tables: dict[EdgeKey, pa.Table]) -> None:
        """Give a property of one type of edges one type, whatever labels it connects: some databases need that."""
        for kind in dict.fromkeys(key[0] for key in tables):
            keys = [key for key in tables if key[0] == kind and key not in self.empty_edges]
            for name in dict.fromkeys(name for key in keys for name in tables[key].column_names):
                mine = [key for key in keys if name in tables[key].column_names]
                if len({str(tables[key][name].type) for key in mine}) > 1:
                    wanted = agreed([tables[key][name] for key in mine], self.note, f"{kind}.{name}")
                    for key in mine:
                        place = tables[key].column_names.index(name)
                        tables[key] = tables[key].set_column(place, name, cast(tables[key][name], wanted))

    def _ends(
        self, part: EdgePart, index: _Index, starts: _Rows, ends: _Rows
    ) -> Iterator[tuple[EdgeKey, _Rows, _Rows, _Rows]]:
        """The part's rows by the labels of their ends, with both ends as node numbers."""
        bad = np.flatnonzero((starts < 0) | (ends < 0))
        if len(bad) and not self.skip_bad:
            row = int(bad[0])
            name, keys = (model.START, part.starts) if starts[row] < 0 else (model.END, part.ends)
            raise GraphError(f"{part.origin.at(row, name)}: {part.type}: no node has the id {keys[row].as_py()!r}")
        if len(bad):
            self.note(f"{part.type}: {len(bad)} relationships are left out: an end is not among the nodes")
        rows = np.flatnonzero((starts >= 0) & (ends >= 0))
        pairs = index.label[starts[rows]] * len(index.labels) + index.label[ends[rows]]
        for pair in np.unique(pairs).tolist():
            chosen = rows[pairs == pair]
            source, target = divmod(pair, len(index.labels))
            yield (part.type, index.labels[source], index.labels[target]), chosen, starts[chosen], ends[chosen]


_Rows = npt.NDArray[np.int64]
_ENDS = ((1, model.START), (2, model.END))


@final
class _Index:
    """From a space's keys to node numbers, which count through all parts."""

    def __init__(self, parts: Sequence[NodePart]) -> None:
        self.labels = sorted({part.label for part in parts})
        code = {label: k for k, label in enumerate(self.labels)}
        sizes = [len(part.keys) for part in parts]
        self.label = np.repeat(np.array([code[part.label] for part in parts], np.int64), sizes)
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self._keys: dict[str, Any] = {}
        self._number: dict[str, _Rows] = {}
        for space in dict.fromkeys(part.space for part in parts):
            mine = [k for k, part in enumerate(parts) if part.space == space]
            self._keys[space] = pa.chunked_array([parts[k].keys for k in mine]).combine_chunks()
            self._number[space] = np.concatenate([np.arange(first[k], first[k + 1]) for k in mine])
            _unique(self._keys[space], [parts[k] for k in mine])

    def find_all(self, parts: Sequence[EdgePart], end: int) -> list[_Rows]:
        """`find` for one end of every part; each space is searched once."""
        found: list[_Rows] = [np.empty(0, np.int64)] * len(parts)
        for space in dict.fromkeys(part.spaces[end] for part in parts):
            mine = [k for k, part in enumerate(parts) if part.spaces[end] == space]
            keys = [(parts[k].starts, parts[k].ends)[end] for k in mine]
            numbers = self._find(space, pa.chunked_array([c for key in keys for c in chunks(key)], keys[0].type))
            first = 0
            for k, key in zip(mine, keys, strict=True):
                found[k] = numbers[first : first + len(key)]
                first += len(key)
        return found

    def _find(self, space: str, keys: Any) -> _Rows:
        """Number of the node with each key; -1: there is none."""
        if space not in self._keys:
            return np.full(len(keys), -1, np.int64)
        known = self._keys[space]
        place = pc.index_in(keys.cast(known.type), value_set=known, skip_nulls=True)
        found = place.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        number = self._number[space]
        return np.where(found < 0, -1, number[found]) if len(number) else found


def bare(rows: int) -> pa.Table:
    """A table of so many rows without a column."""
    return pa.table({"": pa.nulls(rows)}).select([])


def _unique(keys: Any, parts: Sequence[NodePart]) -> None:
    valid = keys.drop_null()
    if pc.count_distinct(valid).as_py() == len(valid):
        return
    seen: set[Any] = set()
    for part in parts:
        for row, key in enumerate(part.keys.to_pylist()):
            if key is not None and key in seen:
                raise GraphError(f"{part.origin.at(row, ':ID')}: a second node with the id {key!r}")
            seen.add(key)


def _settled(parts: Sequence[NodePart], primary: Sequence[str], note: Note) -> list[NodePart]:
    """The parts with the most frequent of their labels as the primary one, where none was declared."""
    count: Counter[str] = Counter()
    for part in parts:
        for label in (part.label, *part.further):
            count[label] += len(part.keys)
    found = []
    for part in parts:
        labels = sorted((part.label, *part.further), key=lambda label: (-count[label], label))
        if part.further and part.label not in primary:
            note(f"nodes with the labels {', '.join(labels)}: taken as {labels[0]}; `graph.primary` may say otherwise")
            found.append(replace(part, label=labels[0], further=tuple(labels[1:])))
        else:
            found.append(part)
    return found


def _first_ones(parts: Sequence[NodePart], note: Note) -> Iterator[NodePart]:
    """The parts without nodes whose key an earlier one has."""
    seen: dict[str, set[Any]] = {}
    dropped = 0
    for part in parts:
        keys, known = part.keys.to_pylist(), seen.setdefault(part.space, set())
        rows = []
        for row, key in enumerate(keys):
            if key is None or key not in known:
                rows.append(row)
                known.add(key)
        dropped += len(keys) - len(rows)
        chosen = pa.array(rows, pa.int64())
        yield replace(part, keys=part.keys.take(chosen), properties=part.properties.take(chosen))
    if dropped:
        note(f"{dropped} nodes with the id of an earlier one are left out")


def _with_further(part: NodePart, table: pa.Table, note: Note) -> pa.Table:
    """The part's properties with its further labels as a list."""
    if not part.further:
        return table
    if FURTHER in table.column_names:
        kept = table[FURTHER]
        if not all(set(part.further) <= set(row or ()) for row in kept.to_pylist() if isinstance(row, list | None)):
            note(f"{part.label} has a property `{FURTHER}` of its own: its further labels are not kept")
        return table
    rows = pa.array([list(part.further)] * table.num_rows, pa.list_(pa.string()))
    return table.append_column(FURTHER, rows)


def _keyed(table: pa.Table, keys: Mapping[str, Any]) -> pa.Table:
    """The table with its keys in front."""
    return pa.table({**keys, **{name: table[name] for name in table.column_names}})
