"""What a Neo4j server or its driver says, in one line: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from schemas.errors import GraphError, KgmineError, TemplateError

if TYPE_CHECKING:
    from neo4j.exceptions import DriverError, Neo4jError

LINES: Final[dict[str, str]] = {
    "Security.Unauthorized": "the server refuses this user and password; set NEO4J_USERNAME and NEO4J_PASSWORD",
    "Security.CredentialsExpired": (
        "the password has expired (a new server's first one is for one use); change it with "
        "ALTER CURRENT USER SET PASSWORD FROM '…' TO '…' on the database system, then set NEO4J_PASSWORD"
    ),
    "Security.AuthenticationRateLimit": "too many wrong passwords; the server answers again in some seconds",
    "Security.Forbidden": "this user may not do that; it needs to read, write and create constraints in the database",
    "Database.DatabaseNotFound": "there is no such database on the server; SHOW DATABASES lists them",
    "General.DatabaseUnavailable": "the database is not running; SHOW DATABASES says why",
    "General.MemoryPoolOutOfMemoryError": (
        "a transaction needs more memory than the server allows (dbms.memory.transaction.total.max)"
    ),
}
"""End of a server's error code -> what to say."""

WRITES: Final = ("Statement.AccessMode", "General.ForbiddenOnReadOnlyDatabase", "General.WriteOnReadOnlyAccessDatabase")
_POSITION: Final = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")

_TAKEN: Final = re.compile(r"already exists with label `(.+)` and property `id` = (.+)")


@contextmanager
def translated(where: str, *, opened: bool = True) -> Iterator[None]:
    """Turn the driver's errors inside into ours.

    Args: where: address and database, at the beginning of each line; opened: whether the server has answered before.
    Raises: GraphError: one line.
    """
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except Neo4jError as error:
        raise GraphError(f"{where}: {of_server(error)}") from error
    except (DriverError, OSError) as error:
        raise GraphError(f"{where}: {of_driver(error, opened=opened)}") from error


@contextmanager
def translated_query(where: str, text: str) -> Iterator[None]:
    """The same for a user's query, whose own mistakes become a TemplateError with line and column."""
    from neo4j.exceptions import ClientError, DriverError, Neo4jError

    try:
        yield
    except ClientError as error:
        raise of_query(error, where, text) from error
    except Neo4jError as error:
        raise GraphError(f"{where}: {of_server(error)}") from error
    except (DriverError, OSError) as error:
        raise GraphError(f"{where}: {of_driver(error)}") from error


def of_query(error: Neo4jError, where: str, text: str) -> KgmineError:
    """The error of a user's query."""
    code, message = error.code or "", _first_line(error.message)
    if code.endswith(WRITES):
        message = "a query only reads; this one writes"
    elif ".Statement." not in code and ".Procedure." not in code:
        return GraphError(f"{where}: {of_server(error)}")
    found = _POSITION.search(error.message or "")
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    lines = text.splitlines() or [""]
    source = lines[min(line, len(lines)) - 1]
    return TemplateError(_POSITION.sub("", message).strip(), path="query", line=line, column=column, source=source)


def of_server(error: Neo4jError) -> str:
    """What the server's error means."""
    code = error.code or ""
    for end, line in LINES.items():
        if code.endswith(end):
            return line
    message = _first_line(error.message)
    if taken := _TAKEN.search(message):
        return (
            f"a node labelled {taken[1]} that kgmine did not write has the id {taken[2]}, which kgmine writes, too; "
            "use another database, or give that node another id"
        )
    if "too large to index" in message:
        return "an id is longer than a Neo4j index takes (about 8,000 bytes)"
    return f"{message} ({code})"


def of_driver(error: DriverError | OSError, *, opened: bool = True) -> str:
    """What the driver's error means: nearly always the way to the server."""
    from neo4j.exceptions import (
        ConfigurationError,
        IncompleteCommit,
        ServiceUnavailable,
        SessionExpired,
        UnsupportedServerProduct,
    )

    text = _chain(error)
    if reason := re.search(r"certificate verify failed: ([^(]*)", text):
        return (
            f"the server's certificate is not trusted ({reason[1].strip()}); name the authority that signed it, or use "
            "bolt+ssc:// or neo4j+ssc:// to trust any certificate"
        )
    if isinstance(error, UnsupportedServerProduct) or "Notification filtering is not supported" in text:
        return "the server is too old; kgmine needs Neo4j 5.26 or newer"
    if "[X509" in text or "[PEM" in text:
        return "the file of the certificate authority holds no certificate in PEM format"
    if "SSL" in text:
        return "the server does not speak TLS there; use bolt:// or neo4j:// without +s, or switch TLS on at the server"
    if "looks like HTTP" in text:
        return "that is a port for HTTP; Bolt has another, usually 7687"
    if "incomplete handshake" in text:
        return "what answers there does not speak Bolt; it may want TLS (bolt+s://), or be another program"
    if "DNS" in text:
        return "there is no host of that name"
    if isinstance(error, ConfigurationError):
        return _first_line(str(error))
    if isinstance(error, SessionExpired | IncompleteCommit) or (opened and isinstance(error, ServiceUnavailable)):
        return (
            "the connection was lost half-way; run the command again once the server is there: what is half-written "
            "is marked as such, and the next run finishes it"
        )
    if isinstance(error, ServiceUnavailable):
        return "no Neo4j server answers there; start it, or check address and port"
    return _first_line(str(error))


def _chain(error: BaseException | None) -> str:
    texts: list[str] = []
    while error is not None and len(texts) < 8:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return " | ".join(texts)


def _first_line(text: str | None) -> str:
    lines = (text or "").strip().splitlines()
    return lines[0].strip() if lines else "no reason given"
