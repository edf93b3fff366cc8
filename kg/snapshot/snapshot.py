"""The snapshot: a graph as arrays. Nodes and edges are integers; labels are ranges; texts stay where they are.

Notation:
    n           number of nodes; node i in [0, n); the nodes of a label are the range [lo, hi), in order of id
    m           number of edges; edge e in [0, m); the edges of a (type, source label, target label) are a range, in
                order of (source, target, id)
    direction   +1 along the edges, -1 against them, 0 both ways with a self-loop once
    thing       a node i, or an edge e as ~e (negative): what has a label or type, an id and properties
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.graph.roles import HOUSE, Roles
from kg.snapshot import adjacency, postings
from kg.snapshot.adjacency import Csr
from kg.snapshot.columns import Arrays, Column, NumberColumn, StringColumn, decode
from kg.snapshot.ids import Ids
from kg.values import canonical
from schemas.errors import GraphError

Array = npt.NDArray[Any]

TEXT: Final = ("text", "title", "name", "caption")
"""Properties that `Snapshot.text` looks for, in this order."""


@dataclass(frozen=True, slots=True)
class Group:
    """The edges of one (type, source label, target label)."""

    type: str
    source: str
    target: str
    count: int
    properties: tuple[tuple[str, str], ...]
    """(name, type) pairs."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a snapshot's arrays mean."""

    hash: str
    """Content hash of the tables."""
    labels: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...]
    """(label, number of nodes, (property, type) pairs), labels sorted."""
    groups: tuple[Group, ...]
    """Sorted by (type, source, target)."""
    roles: Roles = HOUSE
    """What the labels are for."""


@final
class Snapshot:
    """A graph to count, draw and prove on. Open one with `kg.snapshot.build.open_snapshot` or `snapshot_from`."""

    def __init__(self, layout: Layout, arrays: Arrays) -> None:
        self._layout, self._arrays = layout, arrays
        self.hash: str = layout.hash
        self.roles: Roles = layout.roles
        self.labels: list[str] = [label for label, _, _ in layout.labels]
        self._starts: list[int] = _starts([count for _, count, _ in layout.labels])
        self.ranges: dict[str, tuple[int, int]] = {
            label: (self._starts[k], self._starts[k + 1]) for k, label in enumerate(self.labels)
        }
        """Label -> [lo, hi)."""
        self.n: int = self._starts[-1]
        self.groups: tuple[Group, ...] = layout.groups
        self._bases: list[int] = _starts([group.count for group in layout.groups])
        self.m: int = self._bases[-1]
        self.types: list[str] = sorted({group.type for group in layout.groups})
        self.connections: dict[tuple[str, str, str], int] = {
            (group.source, group.type, group.target): group.count for group in layout.groups
        }
        """(source label, type, target label) -> number of edges."""
        self._csr: dict[tuple[str, str, str, bool], Csr] = {}
        self._adjacency: dict[tuple[tuple[str, ...] | None, int], Csr] = {}
        self._postings: dict[tuple[str, str], postings.Postings] = {}
        self._held: dict[tuple[str, str], bool] = {}

    # Nodes -----------------------------------------------------------------------------------------------------------

    def properties(self, label: str) -> dict[str, str]:
        """Property -> type of a label, `id` left out; empty for an unknown label."""
        return next((dict(pairs) for name, _, pairs in self._layout.labels if name == label), {})

    def label_of(self, i: int) -> str:
        """Label of node i; of an edge as `~e` its type."""
        if 0 <= i < self.n:
            return self.labels[bisect_right(self._starts, i) - 1]
        return self.groups[self._edge_place(~i)[0]].type

    def id_of(self, i: int) -> str:
        """Id of node i, or of the edge `~e`."""
        if i < 0:
            return self.edge_id(~i)
        k = self._label_number(i)
        return self._node_names[k].text(i - self._starts[k])

    def index_of(self, id_: str, label: str | None = None) -> int | None:
        """Node with this id, None where there is none or it has another label than asked for."""
        number = self._node_ids.number(id_)
        if number is None or label is None:
            return number
        lo, hi = self.ranges.get(label, (0, 0))
        return number if lo <= number < hi else None

    def thing_of(self, id_: str) -> int | None:
        """The node with this id, or the edge as `~e`; None where there is neither."""
        node = self.index_of(id_)
        edge = self.edge_index(id_) if node is None else None
        return node if edge is None else ~edge

    def get(self, i: int, prop: str) -> Any:
        """Property of node i: str, int, float, bool, list or None (null, or no such property). `id` counts as one.

        An edge is asked for as `~e`.
        """
        if i < 0:
            return self.edge_get(~i, prop)
        if i >= self.n:
            raise IndexError(f"node {i} of {self.n}")
        k = bisect_right(self._starts, i) - 1  # as `_label_number`: this is the most frequent call of a proof
        column = self._fields[k].get(prop)
        return None if column is None else column.get(i - self._starts[k])

    def column(self, label: str, prop: str) -> Array:
        """A property of all nodes of a label, in their order, shape (hi - lo,).

        Returns: float64 with NaN for null for numbers; else object with None for null. Read-only.

        Raises:
            GraphError: no such label or property.
        """
        if label not in self.ranges:
            raise GraphError(f"no label {label}")
        column = self._columns(label).get(prop)
        if column is None:
            raise GraphError(f"no property {prop} in {label}")
        return column.values

    def strings(self, label: str, prop: str) -> tuple[Array, list[str]]:
        """A string property of a label as codes, shape (hi - lo,), -1 for null, and the distinct strings by code.

        Raises:
            GraphError: no such label or property, or it is no string.
        """
        found = self._columns(label).get(prop)
        if not isinstance(found, StringColumn):
            raise GraphError(f"no string property {prop} in {label}")
        codes = np.arange(len(found)) if found.codes is None else found.codes
        return codes, [found.text(code) for code in range(found.distinct)]

    def nan(self, label: str, prop: str) -> Array | None:
        """Nodes of a label whose property is NaN, which `column` does not tell from null; None: there are none."""
        column = self._columns(label).get(prop)
        return column.nan if isinstance(column, NumberColumn) else None

    def text(self, i: int) -> str:
        """What a person would read at node i: its text, title, name or caption; `""` where it has none of them."""
        return next((str(value) for name in TEXT if (value := self.get(i, name)) is not None), "")

    def holds(self, prop: str, value: str) -> bool:
        """Whether any node or edge has this value of a string property; reads each distinct value once."""
        key = (prop, value)
        if key not in self._held:
            found = (fields.get(prop) for fields in (*self._fields, *self._edge_fields))
            columns = [column for column in found if isinstance(column, StringColumn)]
            self._held[key] = any(value == column.text(code) for column in columns for code in range(column.distinct))
        return self._held[key]

    # Normal forms ----------------------------------------------------------------------------------------------------

    def normal(self, i: int, prop: str) -> str:
        """Normal form of a property of node i, the one that `find` looks for. A list: its members', joined by `|`."""
        if prop in postings.AMOUNT and i >= 0:
            k = self._label_number(i)
            columns = self._fields[k]
            if postings.amount_columns(columns, prop):
                return postings.amount_normal(columns, i - self._starts[k], prop)
        value = self.get(i, prop)
        return "|".join(sorted({canonical(v) for v in value})) if isinstance(value, list) else canonical(value)

    def find(self, label: str, prop: str, normal: str) -> Array:
        """Nodes of a label whose property has this normal form, ascending, int32; `""` finds null and empty.

        A list property matches when one member does. An unknown label or property finds nothing (`""`: every node).
        """
        if prop == "id":
            i = self.index_of(normal, label)
            return np.array([] if i is None else [i], np.int32)
        return self.postings(label, prop).nodes(normal)

    def postings(self, label: str, prop: str) -> postings.Postings:
        """All normal forms of a property, with the nodes that have them."""
        key = (label, prop)
        if key not in self._postings:
            self._postings[key] = postings.build(self._columns(label), prop, *self.ranges.get(label, (0, 0)))
        return self._postings[key]

    # Edges -----------------------------------------------------------------------------------------------------------

    def edge_properties(self, type_: str) -> dict[str, str]:
        """Property -> type over all edges of a type, `id` left out."""
        return {name: kind for group in self.groups if group.type == type_ for name, kind in group.properties}

    def edge(self, e: int) -> tuple[str, str, int, int]:
        """(id, type, source node, target node) of edge e."""
        g, row = self._edge_place(e)
        lo, _ = self.ranges[self.groups[g].source]
        source = lo + int(np.searchsorted(self._arrays[f"e{g}.indptr"], row, "right")) - 1
        return self._edge_names[g].text(row), self.groups[g].type, source, int(self._arrays[f"e{g}.target"][row])

    def edge_id(self, e: int) -> str:
        """Id of edge e."""
        g, row = self._edge_place(e)
        return self._edge_names[g].text(row)

    def edge_get(self, e: int, prop: str) -> Any:
        """Property of edge e; None where it is null or there is none."""
        g, row = self._edge_place(e)
        column = self._edge_fields[g].get(prop)
        return None if column is None else column.get(row)

    def on_edges(self, prop: str) -> bool:
        """Whether any type of edge has this property."""
        return any(prop in fields for fields in self._edge_fields)

    def edge_index(self, id_: str) -> int | None:
        """Edge with this id, None where there is none."""
        return self._edge_ids.number(id_)

    def ends(self) -> tuple[Array, Array]:
        """(source, target) of every edge, each of shape (m,), int32."""
        return self._ends

    @cached_property
    def degrees(self) -> Array:
        """Relationships at each node, in both directions and of all types, shape (n,), int64; a self-loop counts 2."""
        found = np.zeros(self.n, np.int64)
        for g, group in enumerate(self.groups):
            for label, name in ((group.source, f"e{g}.indptr"), (group.target, f"e{g}.back.indptr")):
                lo, hi = self.ranges[label]
                found[lo:hi] += np.diff(self._arrays[name])
        return found

    def csr(self, source_label: str, type_: str, target_label: str, direction: int) -> Csr:
        """Edges between two labels.

        Args:
            source_label: label at the edges' beginning, whatever the direction.
            type_: type of the edges.
            target_label: label at the edges' end.
            direction: +1 or -1.

        Returns: rows are the nodes of the source label (+1) or of the target label (-1), counted from the label's
            first; `indices` and `edge_ids` are global. Empty where there is no such edge.
        """
        key = (source_label, type_, target_label, direction > 0)
        if key in self._csr:
            return self._csr[key]
        for g, group in enumerate(self.groups):
            if (group.source, group.type, group.target) == key[:3]:
                self._csr[key] = self._forward(g) if direction > 0 else self._backward(g)
                return self._csr[key]
        lo, hi = self.ranges.get(source_label if direction > 0 else target_label, (0, 0))
        return Csr(np.zeros(hi - lo + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))

    def adjacency(self, types: Iterable[str] | None, direction: int) -> Csr:
        """Edges of some types (None: of all) over all n nodes; cached.

        Args:
            types: alternatives, `[:A|B]`. Unknown ones have no edges.
            direction: +1, -1, or 0 for both ways with a self-loop once.
        """
        wanted = None if types is None else tuple(sorted(set(types)))
        key = (wanted, (direction > 0) - (direction < 0))
        if key not in self._adjacency:
            chosen = [g for g, group in enumerate(self.groups) if wanted is None or group.type in wanted]
            self._adjacency[key] = adjacency.merge(self._parts(chosen, key[1]), self.n)
        return self._adjacency[key]

    # Insides ---------------------------------------------------------------------------------------------------------

    def _parts(self, chosen: list[int], direction: int) -> list[tuple[int, Csr]]:
        parts = []
        for g in chosen:
            group = self.groups[g]
            if direction >= 0:
                parts.append((self.ranges[group.source][0], self._forward(g)))
            if direction <= 0:
                lo = self.ranges[group.target][0]
                back = self._backward(g)
                loops_twice = direction == 0 and group.source == group.target
                parts.append((lo, adjacency.without_loops(back, lo) if loops_twice else back))
        return parts

    def _forward(self, g: int) -> Csr:
        ids = np.arange(self._bases[g], self._bases[g + 1], dtype=np.int64)
        return Csr(self._arrays[f"e{g}.indptr"], self._arrays[f"e{g}.target"], ids)

    def _backward(self, g: int) -> Csr:
        a = self._arrays
        ids = a[f"e{g}.back.edge"] + np.int64(self._bases[g])
        return Csr(a[f"e{g}.back.indptr"], a[f"e{g}.back.source"], ids)

    def _label_number(self, i: int) -> int:
        if not 0 <= i < self.n:
            raise IndexError(f"node {i} of {self.n}")
        return bisect_right(self._starts, i) - 1

    def _edge_place(self, e: int) -> tuple[int, int]:
        if not 0 <= e < self.m:
            raise IndexError(f"edge {e} of {self.m}")
        g = bisect_right(self._bases, e) - 1
        return g, e - self._bases[g]

    def _columns(self, label: str) -> dict[str, Column]:
        return self._fields[self.labels.index(label)] if label in self.ranges else {}

    @cached_property
    def _fields(self) -> list[dict[str, Column]]:
        """Property -> column of each label, `id` included."""
        labels = enumerate(self._layout.labels)
        return [{**self._decoded(f"n{k}.", pairs), "id": self._node_names[k]} for k, (_, _, pairs) in labels]

    @cached_property
    def _edge_fields(self) -> list[dict[str, Column]]:
        """Likewise of each group of edges."""
        groups = enumerate(self.groups)
        return [{**self._decoded(f"e{g}.p.", group.properties), "id": self._edge_names[g]} for g, group in groups]

    def _decoded(self, prefix: str, pairs: Iterable[tuple[str, str]]) -> dict[str, Column]:
        return {name: decode(kind, self._arrays, f"{prefix}{name}") for name, kind in pairs}

    @cached_property
    def _node_names(self) -> list[StringColumn]:
        """Ids of each label's nodes."""
        return [StringColumn(self._arrays, f"n{k}:id") for k in range(len(self.labels))]

    @cached_property
    def _edge_names(self) -> list[StringColumn]:
        """Ids of each group's edges."""
        return [StringColumn(self._arrays, f"e{g}:id") for g in range(len(self.groups))]

    @cached_property
    def _node_ids(self) -> Ids:
        return Ids(self._node_names)

    @cached_property
    def _edge_ids(self) -> Ids:
        return Ids(self._edge_names)

    @cached_property
    def _ends(self) -> tuple[Array, Array]:
        sources, targets = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
        for g, group in enumerate(self.groups):
            rows = adjacency.rows_of(self._arrays[f"e{g}.indptr"])
            sources.append((rows + self.ranges[group.source][0]).astype(np.int32))
            targets.append(self._arrays[f"e{g}.target"])
        return np.concatenate(sources), np.concatenate(targets)


def _starts(counts: list[int]) -> list[int]:
    found = [0]
    for count in counts:
        found.append(found[-1] + count)
    return found
