"""Writing a change of the tables to a Neo4j server: numbered batches, each written exactly once.

Every transaction moves the number of the last batch on, in the same transaction as its rows. One that is tried again
because the answer to its commit was lost finds its number there already and does nothing, so rows can be made by
CREATE, which is faster than MERGE. What kgmine did not write carries no mark and is never matched by a statement here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import marks, model
from kg.graph.tables import EdgeKey, Tables
from kg.stores.generation import quoted
from kg.stores.neo4j_connection import Connection
from kg.stores.neo4j_schema import FORMAT, META, WHOLE, WRITING, Columns, columns_of, dump_columns
from schemas.errors import GraphError

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

BATCH_ROWS: Final = 10_000
BATCH_BYTES: Final = 8 * 2**20
"""Of table data in a batch: long texts make it shorter."""
OWNED: Final = f"{quoted(marks.PROPERTY)} IS NOT NULL"


class MissingError(Exception):
    """A statement met fewer rows than it was given; its transaction is undone."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for one statement, which reads them as `$rows`: lists in the order of the table's columns, mark last."""

    text: str
    rows: Sequence[Any]
    instead: Literal["", "scan", "elements"] = ""
    """What to try where a row is not met; empty: nothing, such a row is somebody else's."""


@final
class Writer:
    """One sync: `begin`, batches, `end`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = uuid.uuid4().hex
        self._batch = 0

    def begin(self, target: Tables, columns: Columns, workspace: str) -> None:
        """Mark the graph on the server as half-written. Args: columns: the old and the new ones."""
        text = (
            f"MERGE (m:{META} {{key: 'graph'}}) ON CREATE SET m.content = '' "
            "SET m.format = $format, m.workspace = $workspace, m.state = $state, m.target = $target, m.batch = 0, "
            "m.run = $run, m.columns = $columns, m.roles = $roles"
        )
        parameters = {
            "format": FORMAT,
            "workspace": workspace,
            "state": WRITING,
            "target": target.hash,
            "run": self._run,
            "columns": dump_columns(columns),
            "roles": target.roles.canonical().model_dump_json(),
        }
        self._connection.write(lambda tx: tx.run(text, parameters).consume())

    def write(self, batch: Batch) -> None:
        """Write one batch.

        Raises:
            MissingError: a row was not met, and there is something to do about it.
            GraphError: the server refused, or another program has begun a sync meanwhile.
        """
        self._batch += 1
        number = self._batch

        def work(tx: ManagedTransaction) -> None:
            if not self._advance(tx, number):
                return
            met = tx.run(batch.text, rows=batch.rows).single()
            if batch.instead and (met is None or met[0] < len(batch.rows)):
                raise MissingError

        try:
            self._connection.write(work)
        except MissingError:
            self._batch -= 1
            raise

    def end(self, target: Tables) -> None:
        """Mark the graph on the server as whole."""
        text = (
            f"MATCH (m:{META} {{key: 'graph', run: $run}}) "
            "SET m.state = $state, m.content = m.target, m.columns = $columns RETURN m.content"
        )
        parameters = {"run": self._run, "state": WHOLE, "columns": dump_columns(columns_of(target))}
        if self._connection.write(lambda tx: tx.run(text, parameters).single()) is None:
            raise self._taken()

    def _advance(self, tx: ManagedTransaction, number: int) -> bool:
        """Whether the batch is still to be written. Taking the state's lock first keeps two programs apart."""
        text = f"MATCH (m:{META} {{key: 'graph', run: $run, batch: $before}}) SET m.batch = $number RETURN m.batch"
        if tx.run(text, run=self._run, before=number - 1, number=number).single() is not None:
            return True
        found = tx.run(f"MATCH (m:{META} {{key: 'graph', run: $run}}) RETURN m.batch", run=self._run).single()
        if found is None or found[0] != number:
            raise self._taken()
        return False

    def _taken(self) -> GraphError:
        return GraphError(
            f"{self._connection.address}: another program began to write kgmine's graph; run one at a time"
        )


def check(tables: Tables) -> None:
    """What Neo4j cannot keep is refused before anything is written.

    Raises: GraphError: a null in a list, or a property of kgmine's own name.
    """
    named = [*((label, table) for label, table in tables.nodes.items())]
    named += [(key[0], table) for key, table in tables.edges.items()]
    for name, table in named:
        for field in table.schema:
            if field.name == marks.PROPERTY:
                raise GraphError(f"{name}.{field.name}: kgmine keeps its marks there; give the property another name")
            if pa.types.is_list(field.type) and pc.list_flatten(table[field.name]).null_count:
                raise GraphError(f"{name}.{field.name}: Neo4j keeps no null in a list")


def survivors() -> Iterator[Batch]:
    """One id again where a tool that merged elements left a list of ids."""
    mark = f"n.{quoted(marks.PROPERTY)}"
    for pattern in ("(n)", "()-[n]->()"):
        text = (
            f"MATCH {pattern} WHERE {mark} IS NOT NULL AND n.id IS :: LIST<STRING NOT NULL> SET n.id = n.id[0], "
            f"{mark} = CASE WHEN {mark} IS :: STRING THEN {mark} ELSE {mark}[0] END"
        )
        yield Batch(text, [])


def added_nodes(label: str, table: pa.Table) -> Iterator[Batch]:
    """New nodes."""
    text = f"UNWIND $rows AS r CREATE (n:{quoted(label)} {_literal(table, 0)})"
    yield from _batches(text, table, (label,))


def changed_nodes(label: str, table: pa.Table, gone: Sequence[str]) -> Iterator[Batch]:
    """Nodes with other values. Args: gone: properties that are no more."""
    text = (
        f"UNWIND $rows AS r MATCH (n:{quoted(label)} {{id: r[0]}}) WHERE n.{OWNED} SET n += {_literal(table, 1, gone)}"
    )
    yield from _batches(text, table, (label,))


def removed_nodes(label: str, table: pa.Table) -> Iterator[Batch]:
    """Nodes that go, with the relationships that somebody else made at them; kgmine's own went before."""
    text = f"UNWIND $rows AS r MATCH (n:{quoted(label)} {{id: r[0]}}) WHERE n.{OWNED} DETACH DELETE n"
    yield from _batches(text, table.select(["id"]), (label,), mark=False)


def added_edges(key: EdgeKey, table: pa.Table) -> Iterator[Batch]:
    """New relationships; both ends must be there."""
    text = f"UNWIND $rows AS r {_ends(key)} CREATE (a)-[e:{quoted(key[0])} {_literal(table, 2)}]->(b) RETURN count(e)"
    yield from _batches(text, table, key, instead="elements")


def changed_edges(key: EdgeKey, table: pa.Table, gone: Sequence[str]) -> Iterator[Batch]:
    """Relationships with other values between the ends that they had."""
    text = f"UNWIND $rows AS r {_found(key)} SET e += {_literal(table, 3, gone)} RETURN count(e)"
    yield from _batches(text, table, key)


def removed_edges(key: EdgeKey, table: pa.Table) -> Iterator[Batch]:
    """Relationships that go."""
    text = f"UNWIND $rows AS r {_found(key)} DELETE e RETURN count(e)"
    yield from _batches(text, table.select([model.START, model.END, "id"]), key, mark=False, instead="scan")


def removed_by_id(kind: str, ids: Sequence[str]) -> Iterator[Batch]:
    """Relationships that go, whatever they connect: a scan of all of that type."""
    text = f"WITH $rows AS ids MATCH ()-[e:{quoted(kind)}]->() WHERE e.id IN ids AND e.{OWNED} DELETE e RETURN count(e)"
    if ids:
        yield Batch(text, list(ids))


def find_edges(connection: Connection, key: EdgeKey, table: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Which relationships of a table connect the ends that it says, and which connect others. Users' do neither."""
    there: set[str] = set()
    rows = list(zip(*(table[name].to_pylist() for name in (model.START, model.END, "id")), strict=True))
    for begin in range(0, len(rows), BATCH_ROWS):
        piece = [list(row) for row in rows[begin : begin + BATCH_ROWS]]
        there.update(row[0] for row in connection.run(f"UNWIND $rows AS r {_found(key)} RETURN r[2]", rows=piece))
    elsewhere: set[str] = set()
    if missing := [row[2] for row in rows if row[2] not in there]:
        text = f"MATCH ()-[e:{quoted(key[0])}]->() WHERE e.id IN $ids AND e.{OWNED} RETURN e.id"
        elsewhere.update(row[0] for row in connection.run(text, ids=missing))
    return tuple(pa.array([row[2] in found for row in rows], pa.bool_()) for found in (there, elsewhere))


def by_element(batch: Batch, key: EdgeKey, elements: Mapping[str, str]) -> Batch:
    """New relationships some of whose ends have no `id` on the server.

    Args: elements: id in the tables -> the server's element id.
    """
    rows = [[elements.get(row[0]), elements.get(row[1]), *row] for row in batch.rows]
    _, source, target = map(quoted, key)
    ends = (
        "OPTIONAL MATCH (a1) WHERE elementId(a1) = q[0] OPTIONAL MATCH (b1) WHERE elementId(b1) = q[1] "
        f"OPTIONAL MATCH (a2:{source} {{id: q[2]}}) OPTIONAL MATCH (b2:{target} {{id: q[3]}}) "
        "WITH q[2..] AS r, coalesce(a1, a2) AS a, coalesce(b1, b2) AS b WHERE a IS NOT NULL AND b IS NOT NULL"
    )
    create = batch.text.partition(" CREATE ")[2]
    return Batch(f"UNWIND $rows AS q {ends} CREATE {create}", rows, "elements")


def _ends(key: EdgeKey) -> str:
    _, source, target = map(quoted, key)
    return f"MATCH (a:{source} {{id: r[0]}}) MATCH (b:{target} {{id: r[1]}})"


def _found(key: EdgeKey) -> str:
    # Behind the WITH both ends are known, so the one with fewer relationships is expanded: a hub costs nothing.
    return f"{_ends(key)} WITH r, a, b MATCH (a)-[e:{quoted(key[0])}]->(b) WHERE e.id = r[2] AND e.{OWNED}"


def _literal(table: pa.Table, begin: int, gone: Sequence[str] = ()) -> str:
    """The map of properties of a row; the mark stands behind the table's columns."""
    names = table.column_names
    pairs = [f"{quoted(names[k])}: r[{k}]" for k in range(begin, len(names))]
    pairs += [f"{quoted(name)}: null" for name in gone]
    return "{" + ", ".join([*pairs, f"{quoted(marks.PROPERTY)}: r[{len(names)}]"]) + "}"


def _batches(
    text: str, table: pa.Table, key: Sequence[str], *, mark: bool = True, instead: Literal["", "scan", "elements"] = ""
) -> Iterator[Batch]:
    names = table.column_names
    length = _length(table)
    for begin in range(0, table.num_rows, length):
        piece = table.slice(begin, length)
        rows = [list(row) for row in zip(*(piece[name].to_pylist() for name in names), strict=True)]
        if mark:
            for row, hash_ in zip(rows, list(marks.mark_rows(rows, names, key)), strict=True):
                row.append(hash_)
        yield Batch(text, rows, instead)


def _length(table: pa.Table) -> int:
    """Rows of a batch."""
    if not table.num_rows:
        return 1
    by_size: int = BATCH_BYTES * table.num_rows // max(table.nbytes, 1)
    return max(100, min(BATCH_ROWS, by_size))
