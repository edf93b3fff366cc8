"""A sync: what is written in which order, and what is done where a row is not found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import marks
from kg.graph.diff import Change, Diff
from kg.graph.tables import EdgeKey, Tables, empty
from kg.stores import neo4j_write as write
from kg.stores.generation import quoted
from kg.stores.neo4j_connection import Connection
from kg.stores.neo4j_read import ServerGraph
from kg.stores.neo4j_schema import (
    META,
    Columns,
    columns_of,
    drop_constraints,
    ensure_constraints,
    joined,
    read_state,
)
from schemas.errors import GraphError


def synced(
    connection: Connection,
    change: Diff,
    target: Tables,
    workspace: str,
    read: Callable[[], ServerGraph],
    last: ServerGraph | None,
    progress: Callable[[int], None] | None,
) -> None:
    """Bring the server to the tables of `target`, see `Neo4jStore.sync`.

    Args:
        read: reads the graph, or gives the last reading.
        last: the reading that `change` was computed from, where there was one.
    """
    state = read_state(connection)
    if state is not None and state.workspace != workspace:
        raise GraphError(
            f"{connection.address}: the database holds the graph of another workspace; use another database, or remove "
            "that graph with `kgmine graph drop`"
        )
    old, new = (state.columns if state else {}), columns_of(target)
    merged = last is not None and last.merged
    if state is None:
        _remove(connection)  # what a drop that was cut off left
    elif not (change or merged) and state.is_whole and state.content == target.hash and old == new:
        return
    write.check(target)
    ensure_constraints(connection, target.nodes)
    writer = write.Writer(connection)
    writer.begin(target, joined(old, new), workspace)
    if merged:
        for batch in write.survivors():
            writer.write(batch)
    done = 0
    for key, batch in _batches(connection, change, target, _there(last, old)):
        _write(writer, key, batch, read)
        done += len(batch.rows)
        if progress is not None:
            progress(done)
    writer.end(target)
    drop_constraints(connection, keep=target.nodes)


def drop(connection: Connection) -> int:
    """Remove kgmine's graph. Returns: nodes and relationships removed."""
    # The state goes first: what is left when this is cut off must not be taken for a graph that a user thinned out.
    connection.run(f"MATCH (m:{META}) DELETE m")
    removed = _remove(connection)
    drop_constraints(connection)
    connection.run("DROP CONSTRAINT kgmine_sync IF EXISTS")
    return removed


def _remove(connection: Connection) -> int:
    """Remove every element that carries a mark."""
    removed = 0
    for pattern, delete in (("()-[n]->()", "DELETE"), ("(n)", "DETACH DELETE")):
        text = (
            f"MATCH {pattern} WHERE n.{quoted(marks.PROPERTY)} IS NOT NULL WITH n LIMIT {write.BATCH_ROWS} "
            f"{delete} n RETURN count(*)"
        )
        while count := _count(connection, text):
            removed += count
    return removed


def _count(connection: Connection, text: str) -> int:
    [[count]] = connection.write(lambda tx: tx.run(text).values())
    return int(count)


def _batches(
    connection: Connection, change: Diff, target: Tables, there: Mapping[tuple[str, ...], pa.Table]
) -> Iterator[tuple[tuple[str, ...], write.Batch]]:
    """Nodes, then relationships, so that ends are always there; then what goes.

    A node that a user joined to what goes is joined to what comes before: at no time is it outside the graph. What
    comes again under its id in another table goes first: at no time are there two of one id, of which a sync that is
    cut off would leave one that looks like a user's copy.
    """
    nodes_again, edges_again = _added(change.nodes.values()), _added(change.edges.values())
    edges: dict[EdgeKey, tuple[list[str], pa.Table, pa.Table]] = {}
    for key, found in change.edges.items():
        gone, rows = _rewritten(found, there.get(key), target.edges.get(key))
        # Before anything goes: a relationship that gets other ends would go with a node that it leaves.
        stays, moves = write.find_edges(connection, key, rows)
        edges[key] = gone, rows.filter(stays), rows.filter(moves)
    for key, found in change.edges.items():
        early = found.removed.filter(_is_in(found.removed, edges_again))
        yield from _keyed(key, write.removed_edges(key, early))
        yield from _keyed(key, write.removed_by_id(key[0], edges[key][2]["id"].to_pylist()))
    for label, found in change.nodes.items():
        yield from _keyed(
            (label,), write.removed_nodes(label, found.removed.filter(_is_in(found.removed, nodes_again)))
        )
    for label, found in change.nodes.items():
        gone, rows = _rewritten(found, there.get((label,)), target.nodes.get(label))
        yield from _keyed((label,), write.added_nodes(label, found.added))
        yield from _keyed((label,), write.changed_nodes(label, rows, gone))
    for key, found in change.edges.items():
        gone, stays, moves = edges[key]
        yield from _keyed(key, write.changed_edges(key, stays, gone))
        yield from _keyed(key, write.added_edges(key, pa.concat_tables([found.added, moves])))
    for key, found in change.edges.items():
        late = found.removed.filter(pc.invert(_is_in(found.removed, edges_again)))
        yield from _keyed(key, write.removed_edges(key, late))
    for label, found in change.nodes.items():
        late = found.removed.filter(pc.invert(_is_in(found.removed, nodes_again)))
        yield from _keyed((label,), write.removed_nodes(label, late))


def _added(changes: Iterable[Change]) -> pa.Array:
    """Ids of the rows that come."""
    ids = [_values(found.added["id"]) for found in changes]
    return pa.concat_arrays(ids) if ids else pa.array([], pa.string())


def _is_in(table: pa.Table, ids: pa.Array) -> pa.Array:
    return _values(pc.is_in(table["id"], value_set=ids))


def _there(last: ServerGraph | None, old: Columns) -> dict[tuple[str, ...], pa.Table]:
    """What the server holds: as it was read, or tables without rows that have at least the columns."""
    found = {key: empty(types, edge=len(key) == 3) for key, types in old.items()}
    if last is not None:
        found.update({(label,): table for label, table in last.tables.nodes.items()})
        found.update({(*key,): table for key, table in last.tables.edges.items()})
    return found


def _rewritten(change: Change, there: pa.Table | None, target: pa.Table | None) -> tuple[list[str], pa.Table]:
    """Properties that are no more, and the rows that get new values: those too that have such a property."""
    if there is None or target is None:
        return [], change.changed
    gone = [name for name in there.column_names if name not in (*target.column_names, marks.COLUMN)]
    if not gone:
        return [], change.changed
    if not there.num_rows:  # not read: every row may have it
        return gone, target.filter(pc.invert(pc.is_in(target["id"], value_set=_values(change.added["id"]))))
    had = pc.is_valid(there[gone[0]])
    for name in gone[1:]:
        had = pc.or_(had, pc.is_valid(there[name]))
    ids = pa.concat_arrays([_values(there["id"].filter(had)), _values(change.changed["id"])])
    return gone, target.filter(pc.is_in(target["id"], value_set=ids))


def _values(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()


def _write(writer: write.Writer, key: tuple[str, ...], batch: write.Batch, read: Callable[[], ServerGraph]) -> None:
    try:
        writer.write(batch)
    except write.MissingError:
        if batch.instead == "scan":
            # Users' relationships are not found by their id in the tables, and stay.
            for other in write.removed_by_id(key[0], [row[2] for row in batch.rows]):
                writer.write(other)
            return
        kind, source, target = key
        try:
            writer.write(write.by_element(batch, (kind, source, target), read().elements))
        except write.MissingError:
            raise GraphError(
                f"{kind} from {source} to {target}: an end is not on the server any more; run the command again"
            ) from None


def _keyed(key: tuple[str, ...], batches: Iterator[write.Batch]) -> Iterator[tuple[tuple[str, ...], write.Batch]]:
    for batch in batches:
        yield key, batch
