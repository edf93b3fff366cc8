"""A sync: what is written in which order, and what is done where a row is not found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import marks
from kg.graph.diff import Change, Diff
from kg.graph.tables import EdgeKey, Tables, properties
from kg.stores import neo4j_write as write
from kg.stores.generation import quoted
from kg.stores.neo4j_connection import Connection
from kg.stores.neo4j_schema import (
    META,
    columns_of,
    drop_constraints,
    ensure_constraints,
    merged,
    read_state,
)
from schemas.errors import GraphError


def synced(
    connection: Connection,
    change: Diff,
    target: Tables,
    workspace: str,
    elements: Callable[[], Mapping[str, str]],
    progress: Callable[[int], None] | None,
) -> None:
    """Bring the server to the tables of `target`, see `Neo4jStore.sync`."""
    state = read_state(connection)
    if state is not None and state.workspace != workspace:
        raise GraphError(
            f"{connection.address}: the database holds the graph of another workspace; use another database, or remove "
            "that graph with `kgmine graph drop`"
        )
    old, new = (state.columns if state else {}), columns_of(target)
    ensure_constraints(connection, target.nodes)
    writer = write.Writer(connection)
    writer.begin(target, merged(old, new), workspace)
    done = 0
    for key, batch in _batches(connection, change, target, old):
        _write(writer, key, batch, elements)
        done += len(batch.rows)
        if progress is not None:
            progress(done)
    writer.end(target)
    drop_constraints(connection, keep=target.nodes)


def drop(connection: Connection) -> int:
    """Remove kgmine's graph. Returns: nodes and relationships removed."""
    removed = 0
    for pattern, delete in (("()-[n]->()", "DELETE"), ("(n)", "DETACH DELETE")):
        text = (
            f"MATCH {pattern} WHERE n.{quoted(marks.PROPERTY)} IS NOT NULL WITH n LIMIT {write.BATCH_ROWS} "
            f"{delete} n RETURN count(*)"
        )
        while count := _count(connection, text):
            removed += count
    connection.run(f"MATCH (m:{META}) DELETE m")
    drop_constraints(connection)
    connection.run("DROP CONSTRAINT kgmine_sync IF EXISTS")
    return removed


def _count(connection: Connection, text: str) -> int:
    [[count]] = connection.write(lambda tx: tx.run(text).values())
    return int(count)


def _batches(
    connection: Connection, change: Diff, target: Tables, old: Mapping[tuple[str, ...], Mapping[str, str]]
) -> Iterator[tuple[tuple[str, ...], write.Batch]]:
    """What goes, then nodes, then relationships, so that ends are always there."""
    new_ends: dict[EdgeKey, pa.Table] = {}
    for key, found in change.edges.items():
        yield from _keyed(key, write.removed_edges(key, found.removed))
    for label, found in change.nodes.items():
        yield from _keyed((label,), write.removed_nodes(label, found.removed))
    for label, found in change.nodes.items():
        gone, rows = _rewritten(found, old.get((label,), {}), target.nodes.get(label))
        yield from _keyed((label,), write.added_nodes(label, found.added))
        yield from _keyed((label,), write.changed_nodes(label, rows, gone))
    for key, found in change.edges.items():
        gone, rows = _rewritten(found, old.get(key, {}), target.edges.get(key))
        there, elsewhere = write.find_edges(connection, key, rows)
        new_ends[key] = rows.filter(elsewhere)
        yield from _keyed(key, write.changed_edges(key, rows.filter(there), gone))
        if new_ends[key].num_rows:
            yield key, write.removed_by_id(key[0], new_ends[key]["id"].to_pylist())
    for key, found in change.edges.items():
        yield from _keyed(key, write.added_edges(key, pa.concat_tables([found.added, new_ends[key]])))


def _rewritten(change: Change, old: Mapping[str, str], target: pa.Table | None) -> tuple[list[str], pa.Table]:
    """Properties that are no more, and the rows that get new values: all of them where a property goes."""
    if target is None:
        return [], change.changed
    gone = [name for name in old if name not in properties(target)]
    if not gone:
        return [], change.changed
    return gone, target.filter(pc.invert(pc.is_in(target["id"], value_set=change.added["id"].combine_chunks())))


def _write(
    writer: write.Writer, key: tuple[str, ...], batch: write.Batch, elements: Callable[[], Mapping[str, str]]
) -> None:
    try:
        writer.write(batch)
    except write.MissingError:
        if batch.instead == "scan":
            # Users' relationships are not found by their id in the tables, and stay.
            writer.write(write.removed_by_id(key[0], [row[2] for row in batch.rows]))
            return
        kind, source, target = key
        try:
            writer.write(write.by_element(batch, (kind, source, target), elements()))
        except write.MissingError:
            raise GraphError(
                f"{kind} from {source} to {target}: an end is not on the server any more; run the command again"
            ) from None


def _keyed(key: tuple[str, ...], batches: Iterator[write.Batch]) -> Iterator[tuple[tuple[str, ...], write.Batch]]:
    for batch in batches:
        yield key, batch
