"""A user's own Neo4j database -> canonical tables. Nothing is written to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kg.graph import marks
from kg.graph.formats import Imported
from kg.graph.formats.gather import Gathered
from kg.graph.formats.rows import Rows
from kg.stores.generation import quoted
from kg.stores.neo4j_connection import FETCH
from kg.stores.neo4j_schema import META
from kg.stores.neo4j_values import plain
from schemas.errors import GraphError

if TYPE_CHECKING:
    from neo4j import Transaction

    from kg.stores.neo4j import Neo4jStore
    from kg.stores.neo4j_connection import Connection
    from schemas.mapping import Mapping as Meaning

ATTEMPTS: Final = 3
"""Readings before a database to which others write all the time is given up."""

Progress = Callable[[int], None]


def read_database(store: Neo4jStore, mapping: Meaning, progress: Progress | None = None) -> Imported:
    """The graph of the database that a store is open for.

    Args: progress: called with the number of rows so far.
    Raises: GraphError: others write to it all the time, or a key of the mapping is null or not unique.
    """
    connection = store.connection
    before = connection.bookmark()
    for _ in range(ATTEMPTS):
        gathered = _read(connection, mapping, progress)
        after = connection.bookmark()
        if after == before:
            return Imported.of(gathered, mapping)
        before = after
    raise GraphError(f"{connection.address}: others are writing to the database; run the command again when they have")


@dataclass(frozen=True, slots=True)
class _Elements:
    """Where rows stand: the server's numbers of nodes or relationships."""

    address: str
    numbers: Sequence[int]

    def at(self, row: int, column: str) -> str:
        place = "relationship" if column.startswith((":START", ":END")) else "element"
        return f"{self.address}: {place} {self.numbers[row]}"


def _read(connection: Connection, mapping: Meaning, progress: Progress | None) -> Gathered:
    gathered = Gathered(by_frequency=True, skip_bad=bool(mapping.labels))
    address = str(connection.address)
    rows = Rows(gathered, mapping, lambda numbers: _Elements(address, numbers), given=False)
    with connection.session(write=False) as session, session.begin_transaction() as tx:
        for number, labels, properties in _scan(tx, _nodes(mapping), progress):
            if META not in labels:
                rows.node(number, sorted(labels), _plain(properties, gathered, "nodes"), number)
        for kind, source, target, number, properties in _scan(tx, _edges(mapping), progress):
            rows.edge(kind, (source, target), _plain(properties, gathered, kind), number)
    rows.close()
    return gathered


def _nodes(mapping: Meaning) -> str:
    labels = ":" + "|".join(map(quoted, mapping.labels)) if mapping.labels else ""
    return f"MATCH (n{labels}) RETURN id(n), labels(n), properties(n)"


def _edges(mapping: Meaning) -> str:
    types = ":" + "|".join(map(quoted, mapping.types)) if mapping.types else ""
    return f"MATCH (a)-[r{types}]->(b) RETURN type(r), id(a), id(b), id(r), properties(r)"


def _scan(tx: Transaction, text: str, progress: Progress | None) -> Iterator[Any]:
    result = iter(tx.run(text))  # type: ignore[arg-type,unused-ignore]
    total = 0
    while piece := list(islice(result, FETCH)):
        yield from piece
        total += len(piece)
        if progress is not None:
            progress(total)


def _plain(properties: Mapping[str, Any], gathered: Gathered, where: str) -> dict[str, Any]:
    """Properties as tables have them; kgmine's own mark is none."""
    found = {}
    for name, value in properties.items():
        if isinstance(value, _SCALARS) or (isinstance(value, list) and isinstance((value or [""])[0], _SCALARS)):
            found[name] = value
        elif isinstance(value, bytes | bytearray):
            gathered.note(f"{where}: byte arrays are left out (property {name})")
        else:
            found[name] = plain(value)
            kind = "text" if isinstance(found[name], str) else "a list"
            gathered.note(f"{where}: {name} ({type(value).__name__}) is read as {kind}")
    found.pop(marks.PROPERTY, None)
    return found


_SCALARS: Final = (str, bool, int, float)
