"""Stores: places that hold a graph and answer Cypher. The canonical tables stay the truth; a store can be rebuilt.

A new store is one file here, one line in `STORES` of `tests/stores/test_contract.py`, one line in the docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kg.graph.diff import Diff
    from kg.graph.tables import Tables

Rows = tuple[list[str], list[list[Any]]]
"""(column names, rows). A value is null, bool, int, float, str or a list. A node or a relationship is its id, a path
the list of the ids of its nodes and relationships in turn."""


class GraphStore(Protocol):
    """Holds a graph."""

    note: str | None
    """A line for the user about the last answer; None where there is nothing to say."""

    def sync(self, change: Diff) -> None:
        """Apply a change, all of it or nothing."""
        ...

    def tables(self) -> Tables:
        """The graph that the store holds, as canonical tables: after `sync(diff(store.tables(), t))` equal to t."""
        ...

    def query(self, cypher: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Run a read-only query of the portable subset. Row order is the store's own unless ORDER BY says it.

        Raises:
            TemplateError: the text is no portable Cypher, or names what the graph does not have.
            GraphError: the store is damaged.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. A closed store is not used again; closing twice is no harm."""
        ...


def open_store(tables_dir: Path) -> tuple[GraphStore, str | None]:
    """The best store that this machine has for the tables in a folder, and a line for the user where it is second best.

    Raises:
        GraphError: no tables there, or (without Ladybug) more edges than the memory store serves.
    """
    from kg.stores.ladybug import LadybugStore, is_available
    from kg.stores.memory import MAX_EDGES, MemoryStore

    if is_available():
        return LadybugStore(tables_dir), None
    note = f"no Ladybug on this machine: the memory store answers (up to {MAX_EDGES:,} edges)"
    return MemoryStore.open(tables_dir), note
