"""Reading a graph back from a Neo4j server into canonical tables, what users made included.

The server's own numbers of nodes (`id(n)`) join relationships to their ends here: they stand in the record of a
relationship, while the ends' `id` would have to be looked up for each. They are good for one reading only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.graph import marks
from kg.graph.tables import Tables
from kg.stores.neo4j_connection import Connection
from kg.stores.neo4j_edges import Edges
from kg.stores.neo4j_nodes import Nodes, scan
from kg.stores.neo4j_schema import State
from kg.stores.neo4j_users import reached
from schemas.errors import GraphError

if TYPE_CHECKING:
    from neo4j import Transaction

ATTEMPTS: Final = 3
"""Readings before a database to which others write all the time is given up."""


@dataclass(frozen=True, slots=True)
class ServerGraph:
    """What the server holds."""

    tables: Tables
    """The graph; each table has a last column `:MARK`, null where kgmine did not write the element."""
    foreign: dict[str, int] = field(default_factory=dict)
    """Label -> nodes that kgmine did not write and no relationship connects with its graph: no part of it."""
    notes: tuple[str, ...] = ()
    """Lines for the user."""
    odd: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Id of an element -> property -> a value that does not fit the column's type; the table has null there."""
    elements: dict[str, str] = field(default_factory=dict)
    """Id in the tables -> the server's element id, for nodes whose property `id` is another or none."""
    merged: int = 0
    """Elements of kgmine's that a tool merged, so that their ids are a list on the server; here, its first member."""
    bookmark: str = ""
    """The database's last write when this was read."""

    def without_marks(self) -> Tables:
        """The tables alone."""
        nodes = {label: table.drop_columns([marks.COLUMN]) for label, table in self.tables.nodes.items()}
        edges = {key: table.drop_columns([marks.COLUMN]) for key, table in self.tables.edges.items()}
        return Tables(nodes, edges, self.tables.roles)


def read(connection: Connection, state: State, progress: Callable[[int], None] | None = None) -> ServerGraph:
    """Read the whole graph.

    Args: progress: called with the number of rows so far.
    Raises: GraphError: others write to the database all the time, so that no reading is of one state.
    """
    before = connection.bookmark()
    for _ in range(ATTEMPTS):
        with connection.session() as session, session.begin_transaction() as tx:
            found = _pass(tx, state, progress, before)
        after = connection.bookmark()
        if after == before:
            return found
        before = after
    raise GraphError(f"{connection.address}: others are writing to the database; run the command again when they have")


def _pass(tx: Transaction, state: State, progress: Callable[[int], None] | None, bookmark: str) -> ServerGraph:
    run = scan(tx, progress)
    nodes, edges = Nodes(run, state.nodes()), Edges(run, state.edges())
    owned = nodes.read_owned()
    sources, targets = edges.read_owned()
    foreign = nodes.read_users(reached(owned, sources, targets))
    edges.read_users(nodes)
    tables = Tables(nodes.tables(), edges.tables(nodes), state.roles)
    return ServerGraph(
        tables,
        foreign,
        _notes(foreign),
        nodes.odd() | edges.odd(),
        nodes.elements,
        nodes.merged + edges.merged,
        bookmark,
    )


def _notes(foreign: dict[str, int]) -> tuple[str, ...]:
    if not foreign:
        return ()
    listed = ", ".join(f"{label} {count:,}" for label, count in foreign.items())
    return (f"{sum(foreign.values()):,} nodes of others are no part of the graph: no path leads to them ({listed})",)
