"""Neo4j for the tests: one shared database that a test owns while it runs, and servers of a test's own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SERVER = Path(__file__).parents[1] / ".ci" / "neo4j" / "server.py"
SECRET = "kgmine-own"  # of a server of a test's own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "NEO4J_URI" not in os.environ:
        reason = pytest.mark.skip(reason="NEO4J_URI is not set (make neo4j-start)")
        for item in items:
            if item.get_closest_marker("neo4j"):
                item.add_marker(reason)


@dataclass(frozen=True)
class Server:
    """Where a server is and who may enter."""

    uri: str
    user: str = "neo4j"
    password: str = SECRET

    @contextmanager
    def driver(self, **options: Any) -> Iterator[Any]:
        """The official driver, for what a test does behind kgmine's back."""
        from neo4j import GraphDatabase

        with GraphDatabase.driver(self.uri, auth=(self.user, self.password), **options) as driver:
            yield driver

    def run(self, cypher: str, /, **parameters: Any) -> list[list[Any]]:
        """The rows of one query in database `neo4j`."""
        with self.driver() as driver:
            found = driver.execute_query(cypher, parameters_=parameters, database_="neo4j")
        return [list(record.values()) for record in found.records]

    def wipe(self) -> None:
        """Remove every node, relationship, constraint and index."""
        with self.driver() as driver:

            def rows(cypher: str) -> list[Any]:
                return list(driver.execute_query(cypher, database_="neo4j").records)

            with driver.session(database="neo4j") as session:
                session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
            for record in rows("SHOW CONSTRAINTS YIELD name"):
                rows(f"DROP CONSTRAINT `{record['name']}`")
            for record in rows("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"):
                rows(f"DROP INDEX `{record['name']}`")


@pytest.fixture
def neo4j_server() -> Iterator[Server]:
    """The server of NEO4J_URI with an empty database, which nobody else uses while the test runs."""
    server = Server(
        os.environ["NEO4J_URI"], os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
    )
    with _lock(server.uri):
        server.wipe()
        yield server
        server.wipe()


@dataclass
class OwnServer:
    """A server of a test's own: it may be killed, and started again on the same data and port."""

    home: Path
    options: tuple[str, ...] = ()
    server: Server = field(init=False)

    def start(self) -> Server:
        port = ("--port", self.server.uri.rpartition(":")[2]) if hasattr(self, "server") else ()
        memory = ("--heap", "384m", "--pagecache", "64m")
        out = self._call("start", *memory, *port, *self.options)
        self.server = Server(out.strip().splitlines()[-1])
        return self.server

    def stop(self) -> None:
        self._call("stop")

    def kill(self) -> None:
        """kill -9."""
        self._call("kill")

    def _call(self, command: str, *options: str) -> str:
        environment = {**os.environ, "NEO4J_PASSWORD": SECRET}
        call = [sys.executable, str(SERVER), command, "--home", str(self.home), *options]
        done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def own_neo4j(tmp_path: Path) -> Iterator[Any]:
    """A function that starts a server of the test's own: `own_neo4j("--tls")`, see `.ci/neo4j/server.py`.

    Its password is `SECRET`. One at a time on this machine (a server needs 0.7 GB), killed after the test.
    """
    started: list[OwnServer] = []

    def start(*options: str) -> OwnServer:
        own = OwnServer(tmp_path / f"neo4j-{len(started)}", options)
        started.append(own)
        own.start()
        return own

    with _lock("own"):
        yield start
        for own in started:
            own.kill()


@contextmanager
def _lock(what: str) -> Iterator[None]:
    """Held by one test at a time on this machine; the system frees it when the process dies."""
    import fcntl

    name = hashlib.sha256(what.encode()).hexdigest()[:12]
    with (Path(tempfile.gettempdir()) / f"kgmine-neo4j-{name}.lock").open("a+b") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield
