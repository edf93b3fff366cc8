"""The nodes of a graph on a server: kgmine's label by label, then those that users made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import marks
from kg.graph.tables import sort_table
from kg.stores.generation import quoted
from kg.stores.neo4j_columns import Columns
from kg.stores.neo4j_connection import FETCH
from kg.stores.neo4j_schema import META
from kg.stores.neo4j_users import Loose, Names, Numbers, is_fitting, own_id, primary, properties_of, with_labels

if TYPE_CHECKING:
    from neo4j import Transaction

Scan = Callable[..., Iterator[list[Any]]]
"""(Cypher, parameters as keywords) -> rows in pieces."""

MARK: Final = quoted(marks.PROPERTY)
MORE: Final = "[k IN keys(n) WHERE NOT k IN $known | [k, n[k]]]"
"""Properties that kgmine did not write: nearly always none, and nothing is sent for those that it did."""


def scan(tx: Transaction, progress: Callable[[int], None] | None = None) -> Scan:
    """What runs a statement of one transaction and gives its rows in pieces.

    A statement returns one list a row, which is cheaper than columns, and may say `id(n)`, which is Cypher 5.
    """
    total = 0

    def run(text: str, **parameters: Any) -> Iterator[list[Any]]:
        nonlocal total
        rows = iter(tx.run(f"CYPHER 5 {text}", parameters))  # type: ignore[arg-type,unused-ignore]
        while piece := [record[0] for record in islice(rows, FETCH)]:
            total += len(piece)
            yield piece
            if progress is not None:
                progress(total)

    return run


def returned(names: Iterable[str]) -> str:
    """The part of a RETURN for an element `n`: id, mark, what kgmine did not write, and these properties."""
    return ", ".join(["n.id", f"n.{MARK}", MORE, *(f"n.{quoted(name)}" for name in names)])


@final
class Nodes:
    """Nodes while they are read."""

    def __init__(self, run: Scan, types: dict[str, dict[str, str]]) -> None:
        """Args: types: label -> property -> type, of what kgmine wrote."""
        self._run = run
        self._known = types
        self._columns = {label: Columns(found) for label, found in types.items()}
        self._numbers: dict[str, list[Numbers]] = {label: [] for label in types}
        self._loose: list[Loose] = []
        self.elements: dict[str, str] = {}
        """Id in the tables -> the server's, for nodes whose property `id` is another or none."""
        self.merged = 0
        self._sorted: Numbers = np.empty(0, np.int64)
        self._ids: Any = pa.array([], pa.string())
        self._label_of: Numbers = np.empty(0, np.int64)
        self._order: Numbers = np.empty(0, np.int64)

    def read_owned(self) -> Numbers:
        """Read what kgmine wrote. Returns: the server's numbers of these nodes, sorted."""
        for label in self._known:
            for piece in self._run(
                f"MATCH (n:{quoted(label)}) WHERE n.{MARK} IS NOT NULL "
                f"RETURN [id(n), labels(n), {returned(self._columns[label].types)}]",
                known=["id", marks.PROPERTY, *self._columns[label].types],
            ):
                self._add(label, piece)
        # A user took kgmine's label away.
        for piece in self._run(
            f"MATCH (n) WHERE n.{MARK} IS NOT NULL AND none(l IN labels(n) WHERE l IN $known) "
            "RETURN [id(n), labels(n), properties(n)]",
            known=[*self._known],
        ):
            self._loose += [self._loosened(*row) for row in piece]
        numbers = [*self._all_numbers(), np.array([node.number for node in self._loose], np.int64)]
        return np.sort(np.concatenate(numbers))

    def read_users(self, members: set[int]) -> dict[str, int]:
        """Read what users made and a relationship connects. Returns: label -> nodes left out, as others' own."""
        wanted = sorted(members)
        for begin in range(0, len(wanted), FETCH):
            for piece in self._run(
                f"MATCH (n) WHERE id(n) IN $numbers AND NOT n:{META} RETURN [id(n), labels(n), properties(n)]",
                numbers=wanted[begin : begin + FETCH],
            ):
                self._loose += [self._loosened(*row) for row in piece]
        foreign: Counter[str] = Counter()
        for piece in self._run(
            f"MATCH (n) WHERE n.{MARK} IS NULL AND NOT n:{META} WITH labels(n) AS labels, count(*) AS count "
            "RETURN [labels, count]"
        ):
            for labels, count in piece:
                foreign[primary(labels, self._known)] += count
        foreign.subtract(node.label for node in self._loose if node.mark is None and node.number in members)
        self._place()
        return {label: count for label, count in sorted(foreign.items()) if count > 0}

    def find(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Labels (as places in `labels()`; -1: no node of the graph) and rows (for `ids`) of nodes."""
        if not len(self._sorted):
            return np.full(len(numbers), -1, np.int64), np.zeros(len(numbers), np.int64)
        at = np.minimum(np.searchsorted(self._sorted, numbers), len(self._sorted) - 1)
        rows = self._order[at]
        return np.where(self._sorted[at] == numbers, self._label_of[rows], -1), rows

    def ids(self, rows: Numbers) -> Any:
        """Ids of nodes by the rows that `find` gave."""
        return self._ids.take(pa.array(rows))

    def labels(self) -> list[str]:
        return list(self._columns)

    def tables(self) -> dict[str, pa.Table]:
        return {label: sort_table(columns.table()) for label, columns in self._columns.items()}

    def odd(self) -> dict[str, dict[str, Any]]:
        """Id -> property -> a value that does not fit its column."""
        return {
            columns.ids()[row].as_py(): values
            for columns in self._columns.values()
            for row, values in columns.odd.items()
        }

    def _add(self, label: str, piece: Sequence[Any]) -> None:
        rows: list[Any] = [row for row in piece if self._is_plain(label, row)]
        if rows:
            numbers, _, ids, found, more, *columns = zip(*rows, strict=True)
            further = {k: dict(pairs) for k, pairs in enumerate(more) if pairs}
            self._columns[label].extend(ids, found, columns, further)
            self._numbers[label].append(np.array(numbers, np.int64))

    def _is_plain(self, label: str, row: Sequence[Any]) -> bool:
        """Whether a row has one label and an id, as kgmine wrote it; else it is kept apart."""
        number, labels, id_, mark, more, *values = row
        if len(labels) == 1 and type(id_) is str and type(mark) is str:
            return True
        named = dict(zip(self._columns[label].types, values, strict=True))
        properties = {name: value for name, value in named.items() if value is not None} | dict(more)
        whole = {**properties, "id": id_, marks.PROPERTY: mark}
        if primary(labels, self._known, own_id(mark), {**properties, "id": own_id(id_)}) == label:
            self._loose.append(self._loosened(number, labels, whole))
        return False

    def _loosened(self, number: int, labels: Sequence[str], properties: dict[str, Any]) -> Loose:
        kept = {name: value for name, value in properties.items() if name != marks.PROPERTY and value is not None}
        mark = own_id(properties.get(marks.PROPERTY))
        label = primary(labels, self._known, mark, {**kept, "id": own_id(kept.get("id"))})
        return Loose(
            number, label, with_labels(kept, labels, label), mark if own_id(kept.get("id")) is not None else None
        )

    def _place(self) -> None:
        """Give each node that was kept apart an id, and index all of them by number."""
        self._loose.sort(key=lambda node: (node.mark is None, node.number))
        owned = [id_ for columns in self._columns.values() for id_ in columns.ids().to_pylist()] if self._loose else []
        names = Names(owned)
        virtual: dict[int, str] = {}
        for found in self._loose:
            node = found
            columns = self._columns.setdefault(node.label, Columns({}))
            id_ = names.name(node)
            if own_id(node.properties.get("id")) != id_:
                node = replace(found, mark=None)
            columns.append(id_, node.mark, properties_of(node))
            self.merged += node.is_merged
            self._numbers.setdefault(node.label, []).append(np.array([node.number], np.int64))
            if node.properties.get("id") != id_:
                virtual[node.number] = id_
        for piece in self._run("MATCH (n) WHERE id(n) IN $numbers RETURN [id(n), elementId(n)]", numbers=[*virtual]):
            self.elements.update({virtual[number]: element for number, element in piece})
        self._part_twins(names)
        self._index()

    def _part_twins(self, names: Names) -> None:
        """Of several nodes with one id, under several labels, the one that kgmine wrote keeps it."""
        ids = self._joined()
        if pc.count_distinct(ids).as_py() == len(ids):
            return
        seen: dict[str, tuple[str, int]] = {}
        for label, columns in self._columns.items():
            for row, id_ in enumerate(columns.ids().to_pylist()):
                if id_ not in seen:
                    seen[id_] = (label, row)
                    continue
                copy = (label, row)
                if self._fits(*copy, id_) and not self._fits(*seen[id_], id_):
                    copy, seen[id_] = seen[id_], copy
                properties = self._columns[copy[0]].row(copy[1])
                self._columns[copy[0]].disown(copy[1], names.name(Loose(0, copy[0], {**properties, "id": id_}, None)))

    def _fits(self, label: str, row: int, id_: str) -> bool:
        columns = self._columns[label]
        mark = columns.mark(row)
        return mark is not None and is_fitting(mark, {**columns.row(row), "id": id_}, (label,))

    def _index(self) -> None:
        self._ids = self._joined()
        numbers = np.concatenate([np.empty(0, np.int64), *self._all_numbers()])
        lengths = [len(columns) for columns in self._columns.values()]
        self._label_of = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]

    def _joined(self) -> Any:
        pieces = [chunk for columns in self._columns.values() for chunk in columns.ids().chunks]
        return pa.chunked_array(pieces, pa.string())

    def _all_numbers(self) -> list[Numbers]:
        return [piece for label in self._columns for piece in self._numbers[label]]
