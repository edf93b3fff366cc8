"""A graph on a Neo4j server. Every element that kgmine writes carries a mark; what carries none is somebody else's.

    store = connect(Address("bolt://localhost:7687", password="…"))
    store.sync(diff(store.tables(), target), target=target, workspace="…")

One graph of kgmine's per database. A sync that was cut off leaves the state `writing`; the next one reads the graph
back and writes what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, final

from kg.graph.diff import Diff, apply
from kg.graph.tables import Tables
from kg.stores import Rows
from kg.stores.neo4j_connection import Address, Connection
from kg.stores.neo4j_errors import translated_query
from kg.stores.neo4j_read import ServerGraph, read
from kg.stores.neo4j_schema import State, read_state
from kg.stores.neo4j_sync import drop, synced
from kg.stores.neo4j_values import shown
from schemas.errors import TemplateError

__all__ = ["Address", "Neo4jStore", "ServerGraph", "State", "connect"]


def connect(address: Address) -> Neo4jStore:
    """Open a server.

    Raises: GraphError: one line with what is wrong and what to do.
    """
    return Neo4jStore(Connection(address))


@final
class Neo4jStore:
    """A graph on a server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: ServerGraph | None = None
        self.note: str | None = None

    @property
    def connection(self) -> Connection:
        """What the store talks through, for readers of graphs that are not kgmine's."""
        return self._connection

    def state(self) -> State | None:
        """What the server says about kgmine's graph on it; None: there is none."""
        return read_state(self._connection)

    def bookmark(self) -> str:
        """What the database's last write is called: the same as long as nobody writes to it."""
        return self._connection.bookmark()

    def read(self, progress: Callable[[int], None] | None = None) -> ServerGraph:
        """The graph with marks, and with what users made. Args: progress: called with the number of rows so far."""
        state = self.state()
        if state is None:
            return ServerGraph(Tables({}, {}))
        found = read(self._connection, state, progress)
        self._last = found
        self.note = found.notes[0] if found.notes else None
        return found

    def tables(self) -> Tables:
        return self.read().without_marks()

    def sync(
        self,
        change: Diff,
        *,
        target: Tables | None = None,
        workspace: str = "",
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Write a change. What carries no mark is neither changed nor removed.

        Args:
            change: what differs between what the server holds and `target`.
            target: the whole graph afterwards; read from the server where it is not given.
            workspace: whose graph it is.
            progress: called with the number of rows written so far.

        Raises:
            GraphError: the database holds another workspace's graph, others' nodes share an id, or the way to the
                server was lost half-way: then the next sync ends it.
        """
        whole = target if target is not None else apply(self.tables(), change)
        synced(self._connection, change, whole, workspace, lambda: self._last or self.read(), self._last, progress)
        self._last = None

    def query(self, cypher: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run a query as it stands, reading only. `note` says where it is Neo4j's own Cypher and no portable query.

        Raises:
            TemplateError: the query is wrong, or writes.
            GraphError: the server failed.
        """
        self.note = None
        wrong = _not_portable(cypher)
        try:
            answer = self._answer(cypher, params)
        except TemplateError as refused:
            raise wrong or refused from None
        if wrong:
            self.note = f"not portable, answered as Neo4j means it: {wrong.message}"
        return answer

    def drop(self) -> int:
        """Remove what kgmine wrote, its constraints and its state; relationships of others at its nodes go with them.

        Returns: nodes and relationships removed.
        """
        self._last = None
        return drop(self._connection)

    def close(self) -> None:
        self._connection.close()

    def _answer(self, cypher: str, params: Mapping[str, Any] | None) -> Rows:
        with translated_query(str(self._connection.address), cypher), self._connection.open(write=False) as session:
            result = session.run(cypher, dict(params or {}))  # type: ignore[arg-type,unused-ignore]
            return list(result.keys()), [[shown(value) for value in record.values()] for record in result]


def _not_portable(cypher: str) -> TemplateError | None:
    """What keeps a query from meaning the same on every store."""
    from kg.cypher.dialects import neo4j

    try:
        neo4j(cypher)
    except TemplateError as error:
        return error
    return None
