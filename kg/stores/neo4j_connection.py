"""A connection to a Neo4j server: address, TLS, version, sessions, and transactions that are tried again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

from kg.stores.neo4j_errors import translated
from schemas.errors import GraphError, UsageError

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

URI: Final = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://[^/@]+")
OLDEST: Final = (5, 26)
FETCH: Final = 10_000
"""Rows per message of a result: fewer mean more waiting, more mean more memory."""
RETRY_SECONDS: Final = 20.0
"""How long a transaction is tried again while the server is away or busy."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a graph is, and who asks. Nothing of it but uri and database is ever printed."""

    uri: str
    """`bolt://`, `neo4j://`, with `+s` (TLS, checked) or `+ssc` (TLS, any certificate)."""
    user: str = "neo4j"
    password: str | None = None
    """None: a server without authentication."""
    database: str | None = None
    """None: the user's home database."""
    ca_file: Path | None = None
    """PEM file of the authority that signed the server's certificate; only with `+s`."""

    def __str__(self) -> str:
        return f"{self.uri}/{self.database}" if self.database else self.uri

    def __repr__(self) -> str:
        return f"Address({self})"


@final
class Connection:
    """An open driver. Sessions follow each other's bookmarks, so each sees what the one before it wrote."""

    def __init__(self, address: Address) -> None:
        """Raises: GraphError: no server there, no access, or none that kgmine can use."""
        self.address = address
        self._bookmarks: Any = ()
        self._driver = _driver(address)
        try:
            self.version = self._checked()
        except GraphError:
            self._driver.close()
            raise

    @contextmanager
    def session(self, *, write: bool = True) -> Iterator[Session]:
        """A session; the driver's errors inside become ours.

        Args: write: False makes the server refuse to write.
        """
        with translated(str(self.address)), self.open(write=write) as session:
            yield session

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run a transaction, again where the server asks for it: `work` may be called more than once."""
        with self.session() as session:
            return session.execute_write(work)

    def run(self, text: str, **parameters: Any) -> list[list[Any]]:
        """All rows of one statement in a transaction of its own."""
        with self.session() as session:
            return session.run(text, parameters).values()  # type: ignore[arg-type,no-any-return,unused-ignore]

    def bookmark(self) -> str:
        """What the database's last write is called: the same as long as nobody writes."""
        with self.session() as session:
            session.run("RETURN 1").consume()
            return " ".join(sorted(session.last_bookmarks().raw_values))

    def close(self) -> None:
        self._driver.close()

    @contextmanager
    def open(self, *, write: bool) -> Iterator[Session]:
        """A session whose errors are the driver's own."""
        with self._driver.session(
            database=self.address.database,
            default_access_mode="WRITE" if write else "READ",
            fetch_size=FETCH,
            bookmarks=self._bookmarks or None,
        ) as session:
            yield session
            self._bookmarks = session.last_bookmarks()

    def _checked(self) -> tuple[int, int]:
        with translated(str(self.address), opened=False), self.open(write=True) as session:
            # A server tells about users, passwords and databases only when it is asked something.
            agent = session.run("RETURN 1").consume().server.agent
        version = _version(agent)
        if version < OLDEST:
            raise GraphError(f"{self.address}: {agent} is too old; kgmine needs Neo4j 5.26 or newer")
        return version


def _driver(address: Address) -> Driver:
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError

    # Without a handler the driver's warnings go to stderr, beside the one line that says the same.
    logging.getLogger("neo4j").addHandler(logging.NullHandler())
    uri, trust = _trust(address)
    try:
        return GraphDatabase.driver(
            uri,
            auth=None if address.password is None else (address.user, address.password),
            notifications_min_severity="OFF",
            max_transaction_retry_time=RETRY_SECONDS,
            connection_timeout=10.0,
            user_agent="kgmine",
            **trust,
        )
    except (DriverError, ValueError) as error:
        raise GraphError(f"{address}: {str(error).splitlines()[0]}") from error


def _trust(address: Address) -> tuple[str, dict[str, Any]]:
    """The uri as the driver wants it, and its options for TLS."""
    from neo4j import TrustCustomCAs

    found = URI.match(address.uri)
    if found is None:
        raise UsageError(f"{address.uri}: expected an address such as bolt://localhost:7687 or neo4j+s://host")
    if address.ca_file is None:
        return address.uri, {}
    if found[2] != "+s":
        raise UsageError(f"{address}: a certificate authority goes with bolt+s:// or neo4j+s://")
    if not address.ca_file.is_file():
        raise UsageError(f"{address.ca_file}: no such file (the certificate authority of {address})")
    # The driver takes an own authority with the plain scheme only.
    uri = address.uri.replace("+s", "", 1)
    return uri, {"encrypted": True, "trusted_certificates": TrustCustomCAs(str(address.ca_file))}


def _version(agent: str) -> tuple[int, int]:
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    return (int(found[1]), int(found[2])) if found else (0, 0)
