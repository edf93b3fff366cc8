"""Which server a workspace's graph is on, how it is reached, and what was last seen there."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kgmine.workspace import Workspace
from runtime.artefacts import read_json, write_json, write_text
from schemas.base import Row
from schemas.errors import ConfigError, UsageError

if TYPE_CHECKING:
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


class Seen(Row):
    """What a workspace remembers of its server (`graph/server.json`)."""

    uri: str
    database: str | None
    ca: str | None
    written: str = ""
    """The database's bookmark after the last push: while it is the same, the server holds what was pushed."""
    read: str = ""
    """Its bookmark at the last pull: while it is the same, there is nothing new to harvest."""

    @property
    def place(self) -> Place:
        return Place(self.uri, self.database, Path(self.ca) if self.ca else None)

    @classmethod
    def of(cls, workspace: Workspace, place: Place) -> Seen:
        """What is remembered of this very server; nothing where the workspace was last on another one."""
        fresh = cls(uri=place.uri, database=place.database, ca=str(place.ca) if place.ca else None)
        if not workspace.server.exists():
            return fresh
        found = cls.model_validate(read_json(workspace.server))
        return found if (found.uri, found.database) == (fresh.uri, fresh.database) else fresh

    def keep(self, workspace: Workspace) -> None:
        write_json(workspace.server, self.model_dump(mode="json"))


def remembered(workspace: Workspace) -> Place | None:
    """The server that this workspace was last pushed to."""
    return Seen.model_validate(read_json(workspace.server)).place if workspace.server.exists() else None


def forget(workspace: Workspace) -> None:
    """The workspace has no server any more."""
    workspace.server.unlink(missing_ok=True)


def identity(workspace: Workspace) -> str:
    """What tells this workspace's graph from another's on a server; made once."""
    path = workspace.root / "graph" / "identity"
    if not path.exists():
        write_text(path, uuid.uuid4().hex + "\n")
    return path.read_text(encoding="utf-8").strip()
