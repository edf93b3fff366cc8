"""A workspace and its server: the user's edits are pulled before the graph is built, the graph is pushed after.

The workspace remembers what it last wrote (`graph/server.json`: address, content hash, bookmark). While the database's
bookmark is the same, nobody has written to it, so the server holds the tables of that generation and nothing is read.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kgmine import graph
from kgmine.workspace import Workspace, workspace_of
from runtime.artefacts import fingerprint, read_json, write_json, write_text
from schemas.errors import ConfigError, GraphError, UsageError

if TYPE_CHECKING:
    from kg.graph.edits import Version
    from kg.stores.neo4j import Neo4jStore
    from kgmine.config import Store

SCHEMES: Final = ("bolt", "neo4j")
USER, PASSWORD, DATABASE = "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE"
"""The names that Aura's credentials file has."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is; credentials come from the environment."""

    uri: str
    database: str | None = None
    ca: Path | None = None
    """File with the certificate authority of an own TLS certificate."""


@dataclass(frozen=True, slots=True)
class Sync:
    """How edits are met."""

    refresh: bool = False
    """Read the server even where its bookmark says that nobody wrote to it."""
    discard_edits: bool = False
    """Drop every edit, on the server too."""


KEEP: Final = Sync()


def is_server(store: str | None) -> bool:
    """Whether a store's name is a server's address."""
    return store is not None and store.partition("://")[0].partition("+")[0] in SCHEMES and "://" in store


def place_of(store: str | None, config: Store | None = None) -> Place | None:
    """The server that a command or the configuration names; None: the embedded store.

    Raises:
        UsageError: no address of a server.
        ConfigError: the address holds a password.
    """
    uri = store or (config.uri if config else None)
    if uri is None or uri == "embedded":
        return None
    if not is_server(uri):
        raise UsageError(f"--store {uri}: expected embedded or an address such as bolt://localhost:7687")
    if "@" in uri:
        raise ConfigError(f"an address holds no user or password: set {USER} and {PASSWORD} in the environment")
    database = (config.database if config else None) or os.environ.get(DATABASE)
    return Place(uri, database, Path(config.ca) if config and config.ca else None)


def connect(place: Place) -> Neo4jStore:
    """Open the server.

    Raises: GraphError: one line with what is wrong and what to do.
    """
    from kg.stores.neo4j import Address
    from kg.stores.neo4j import connect as connect_to

    user, password = os.environ.get(USER, "neo4j"), os.environ.get(PASSWORD)
    return connect_to(Address(place.uri, user, password, place.database, place.ca))


def pull(workspace: Workspace, store: Neo4jStore, place: Place, *, refresh: bool = False) -> int:
    """Harvest what users changed on the server since the last push into `edits.jsonl`.

    Args: refresh: read the server even where its bookmark says that nobody wrote to it.
    Returns: how many edits are in force that were not before, plus those that are no longer.
    Raises: GraphError: another workspace's graph is on the server, or the tables that were pushed are gone from here.
    """
    from kg.graph.edits import harvest, read_edits, write_edits

    state = store.state()
    if state is None:
        return 0
    if state.workspace != identity(workspace):
        raise GraphError(
            f"{place.uri}: the database holds the graph of another workspace; use another database, or remove that "
            "graph with `kgmine graph drop`"
        )
    if not refresh and unchanged(workspace, store, place):
        return 0
    interrupted = _version(workspace, state.target) if state.state == "writing" else None
    before, now = read_edits(workspace.edits), store.read()
    after = harvest(now.tables, _version(workspace, state.content), before, interrupted=interrupted, odd=now.odd)
    if after != before:
        write_edits(workspace.edits, after)
    elif state.state == "whole":
        _remember(workspace, store, place, state.content)
    return len({edit.id for edit in before} ^ {edit.id for edit in after})


def discard(workspace: Workspace, store: Neo4jStore) -> int:
    """Drop every edit. What users made on the server stays there, since kgmine deletes only what it wrote; it is
    noted in `edits.jsonl` as left out of the graph.

    Returns: how many such elements there are.
    """
    from kg.graph.edits import discard as left_out
    from kg.graph.edits import write_edits

    left = left_out(store.read().tables) if store.state() is not None else ()
    write_edits(workspace.edits, left)
    return len(left)


def push(
    workspace: Workspace, built: graph.Built, store: Neo4jStore, place: Place, *, say: Callable[[str], None] = print
) -> dict[str, int]:
    """Make the server hold the tables of a generation; only what differs is written.

    Returns: rows added, changed and removed.
    """
    from kg.graph.diff import diff

    state = store.state()
    if state is not None and state.state == "whole" and unchanged(workspace, store, place):
        now = _generation(workspace, state.content).read()
    else:
        now = store.tables()
    target = built.read()
    change = diff(now, target)
    if change or state is None or state.state != "whole" or state.content != built.content:
        store.sync(change, target=target, workspace=identity(workspace))
        if store.note:
            say(store.note)
    _remember(workspace, store, place, built.content)
    return change.counts()


@contextmanager
def beside(
    workspace: Workspace, place: Place | None, *, say: Callable[[str], None] = print, options: Sync = KEEP
) -> Iterator[Callable[[graph.Built], None]]:
    """A server beside the workspace while its graph is built: what users changed is pulled on the way in.

    Yields: what pushes a generation to the server; nothing happens where there is no server.
    """
    if place is None:
        if options.discard_edits:
            workspace.edits.unlink(missing_ok=True)
        yield lambda _: None
        return
    store = connect(place)
    try:
        if options.discard_edits:
            left = discard(workspace, store)
            say(f"edits:  dropped; {left} elements that users made stay on the server, outside the graph")
        elif count := pull(workspace, store, place, refresh=options.refresh):
            say(f"edits:  {count} new or gone on the server; `kgmine graph diff` lists them")

        def write(built: graph.Built) -> None:
            counts = push(workspace, built, store, place, say=say)
            say("server: " + (", ".join(f"{n:,} {what}" for what, n in counts.items() if n) or "nothing to change"))

        yield write
    finally:
        store.close()


def graph_of(folder: Path, store: str | None = None, *, refresh: bool = False) -> graph.Built:
    """The graph that a command reads: the workspace's newest, with what users changed on the server where one is named.

    Raises: UsageError: no workspace there, or no address of a server.
    """
    workspace, place = workspace_of(folder), place_of(store)
    if place is None:
        return graph.current(workspace)
    opened = connect(place)
    try:
        pull(workspace, opened, place, refresh=refresh)
    finally:
        opened.close()
    return graph.rebuild(workspace)


def identity(workspace: Workspace) -> str:
    """What tells this workspace's graph from another's on a server; made once."""
    path = workspace.root / "graph" / "identity"
    if not path.exists():
        write_text(path, uuid.uuid4().hex + "\n")
    return path.read_text(encoding="utf-8").strip()


def unchanged(workspace: Workspace, store: Neo4jStore, place: Place) -> bool:
    """Whether nobody wrote to the database since this workspace last did or read it."""
    path = workspace.server
    if not path.exists():
        return False
    memory = read_json(path)
    return bool(memory["place"] == _key(place) and memory["bookmark"] == store.bookmark())


def remembered(workspace: Workspace) -> Place | None:
    """The server that this workspace was last pushed to."""
    if not workspace.server.exists():
        return None
    memory = read_json(workspace.server)
    return Place(memory["uri"], memory["database"], Path(memory["ca"]) if memory["ca"] else None)


def forget(workspace: Workspace) -> None:
    """The workspace has no server any more."""
    workspace.server.unlink(missing_ok=True)


def _remember(workspace: Workspace, store: Neo4jStore, place: Place, content: str) -> None:
    memory = {
        "place": _key(place),
        "uri": place.uri,
        "database": place.database,
        "ca": str(place.ca) if place.ca else None,
        "content": content,
        "bookmark": store.bookmark(),
    }
    write_json(workspace.server, memory)


def _key(place: Place) -> str:
    return fingerprint(place.uri, place.database)


def _version(workspace: Workspace, content: str | None) -> Version:
    """What was written with this content hash, and what it was made of; an empty graph where nothing was yet."""
    from kg.graph.edits import Version, read_edits
    from kg.graph.tables import Tables

    if not content:
        return Version(Tables({}, {}), Tables({}, {}), ())
    built = _generation(workspace, content)
    return Version(built.read(), built.pure_tables(), read_edits(built.edits))


def _generation(workspace: Workspace, content: str) -> graph.Built:
    """The generation whose tables have this content.

    Raises: GraphError: it was deleted.
    """
    for built in graph.generations(workspace):
        if built.content == content:
            return built
    raise GraphError(
        f"{workspace.root}: the tables that were last pushed to the server are not in this workspace any more, so what "
        "users changed there cannot be told; `kgmine graph push --discard-edits` writes the graph anew"
    )
