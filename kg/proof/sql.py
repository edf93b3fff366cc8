"""SQL over relations of the proof pack: SQLite in memory, read-only, behind an authorizer and a step limit.

A relation is a list of rows with equal columns. Column types follow the values: int -> INTEGER, float and Decimal ->
REAL, all else TEXT; a column that mixes int and float is REAL, so that `/` on numbers never truncates.

Ties: SQLite picks among equal keys by the order of rows. The code therefore runs twice, over the rows as given and over
the rows reversed; answers that differ rest on a tie, and a tie is an error (`tie="reject"`) or widens to every tied
answer (`tie="set"`).
"""

from __future__ import annotations

import re
import sqlite3
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, final

from kg.cypher.derivation import SQL_FUNCTIONS
from schemas.errors import DerivationError

Relation = Sequence[Mapping[str, Any]]

MAX_STEPS: Final = 20_000_000
"""Virtual-machine instructions per derivation: about two seconds."""
MAX_ROWS: Final = 10_000
"""Rows of a result."""
KEPT: Final = 16
"""Databases that a thread keeps."""
MAX_CELLS: Final = 2_000_000
"""Cells of all relations together."""
TICK: Final = 1_000
"""Instructions between two looks at the budget."""
LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: 1_000_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}

_SELECT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_UNION = re.compile(r"\bUNION\b", re.IGNORECASE)
_CUT = re.compile(r"\bORDER\s+BY\b[^;]*?\s(?P<limit>LIMIT\s+\d+)\s*;?\s*$", re.IGNORECASE)
_SIGNIFICANT = Context(prec=12, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query returned.

    columns: names of the result's columns.
    rows:    result rows, numbers as Decimal at 12 significant digits (floats are exact to about 15).
    reads:   (relation, column) pairs that the query looked at, sorted: what a proof pack must keep.
    tied:    the rows were widened because equal keys compete.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    reads: tuple[tuple[str, str], ...]
    tied: bool = False


def run(code: str, relations: Mapping[str, Relation], *, tie: str = "reject", steps: int = MAX_STEPS) -> Outcome:
    """Run one SELECT over relations.

    Args:
        code: one SELECT statement; functions off `SQL_FUNCTIONS`, other statements and other tables are refused.
        relations: name -> rows; names and columns are ASCII identifiers, rows of a relation share their columns.
        tie: `reject` raises when the answer depends on the order of rows; `set` answers with all tied rows.
        steps: virtual-machine instructions before the query is stopped.

    Raises:
        DerivationError: not one SELECT, something forbidden, too slow, too large, or a tie.
    """
    relations = dict(relations)  # an object of our own: a database that holds it need not load it again
    forward = _once(code, relations, steps)
    if (arms := _arms_tied(code, relations, steps, forward)) is not None:
        if tie != "set":
            raise DerivationError(f"tie: {_say(arms[:1])} or {_say(arms[1:])} with equal keys")
        return Outcome(forward.columns, arms, forward.reads, tied=True)
    if all(len(rows) < 2 for rows in relations.values()):
        return forward
    backward = _once(code, {name: list(reversed(rows)) for name, rows in relations.items()}, steps)
    if _bag(forward.rows) == _bag(backward.rows):
        return forward
    if tie != "set":
        raise DerivationError(f"tie: {_say(forward.rows)} or {_say(backward.rows)} by the order of rows")
    rows = _widen(code, relations, steps, forward.rows + backward.rows)
    return Outcome(forward.columns, rows, forward.reads, tied=True)


def _arms_tied(
    code: str, relations: Mapping[str, Relation], steps: int, forward: Outcome
) -> tuple[tuple[Any, ...], ...] | None:
    """Rows of a UNION that compete for the first places with equal keys; None where none do.

    The order of rows tells nothing here: an arm of one row always stands where the text has it.
    """
    cut = _CUT.search(code)
    if cut is None or not _UNION.search(code):
        return None
    found = {repr(row): row for row in forward.rows}
    for way in ("", " DESC"):
        further = "".join(f", {place}{way}" for place in range(1, len(forward.columns) + 1))
        rows = _once(f"{code[: cut.start('limit')]}{further} {cut['limit']}", relations, steps).rows
        found.update({repr(row): row for row in rows})
    return tuple(found[key] for key in sorted(found)) if len(found) > len(forward.rows) else None


def _widen(
    code: str, relations: Mapping[str, Relation], steps: int, seen: Iterable[tuple[Any, ...]]
) -> tuple[tuple[Any, ...], ...]:
    """All rows that some order of rows can put into the answer: each row of each relation is put first once."""
    found = {repr(row): row for row in seen}
    for name in sorted(relations):
        rows = list(relations[name])
        for index in range(1, min(len(rows), 500)):
            turned = {**relations, name: [rows[index], *rows[:index], *rows[index + 1 :]]}
            found.update({repr(row): row for row in _once(code, turned, steps).rows})
    return tuple(found[key] for key in sorted(found))


def _once(code: str, relations: Mapping[str, Relation], steps: int) -> Outcome:
    if len(code) > 20_000 or "\x00" in code:
        raise DerivationError("the SQL is longer than 20,000 characters or has a null byte")
    if not _SELECT.match(code):
        raise DerivationError("SQL: not one SELECT")
    if sum(len(rows) * len(rows[0]) for rows in relations.values() if rows) > MAX_CELLS:
        raise DerivationError(f"the relations have more than {MAX_CELLS:,} cells")
    schema = tuple(_schema(name, relations[name], code) for name in sorted(relations))
    kept = _open_databases()
    database = kept.pop(schema, None)
    try:
        if database is None:
            database = _Database(schema)
        database.load(relations)
        found = database.ask(code, steps)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeEncodeError) as error:
        raise DerivationError(f"SQL: {error}") from error
    if len(kept) >= KEPT:
        kept.pop(next(iter(kept))).connection.close()
    kept[schema] = database
    return found


Schema = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""((relation, ((column, type), ...)), ...)."""
_thread: Final = threading.local()


def _open_databases() -> dict[Schema, _Database]:
    """Databases of this thread whose tables are made already: one template asks with one schema. One that an error
    met is not used again.
    """
    if not hasattr(_thread, "databases"):
        _thread.databases = {}
    found: dict[Schema, _Database] = _thread.databases
    return found


def _schema(name: str, rows: Relation, code: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    columns = list(rows[0]) if rows else _words(code)
    for word in (name, *columns):
        if not (word.isascii() and word.isidentifier()):
            raise DerivationError(f"not an identifier: {word!r}")
    return name, tuple((column, _type(rows, column)) for column in columns)


@final
class _Database:
    """Tables of one schema in memory. A query is compiled, and what it may read is judged, once; it runs many times."""

    def __init__(self, schema: Schema) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self._names = frozenset(name.lower() for name, _ in schema)
        self._loaded: Mapping[str, Relation] | None = None
        self._reads: dict[str, tuple[tuple[str, str], ...]] = {}
        self._seen: set[tuple[str, str]] | None = None
        """(relation, column) pairs that the query looks at which is being compiled; None: the statement is our own."""
        self._budget = 0
        for name, columns in schema:
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
            self.connection.execute(f'CREATE TABLE "{name}" ({typed})')
        for limit, most in LIMITS.items():
            self.connection.setlimit(limit, most)
        self.connection.set_authorizer(self._allow)
        self.connection.set_progress_handler(self._tick, TICK)

    def load(self, relations: Mapping[str, Relation]) -> None:
        """Replace all rows; the same relations again are there already."""
        if relations is self._loaded:
            return
        self._seen, self._loaded, self._budget = None, None, sys.maxsize
        for name in sorted(relations):
            rows = relations[name]
            self.connection.execute(f'DELETE FROM "{name}"')
            if rows:
                columns, marks = list(rows[0]), ", ".join("?" * len(rows[0]))
                self.connection.executemany(
                    f'INSERT INTO "{name}" VALUES ({marks})',
                    ([_bind(row[column]) for column in columns] for row in rows),
                )
        self._loaded = relations

    def ask(self, code: str, steps: int) -> Outcome:
        """Run one query."""
        self._seen, self._budget = set(), steps
        cursor = self.connection.execute(code)
        if cursor.description is None:
            raise DerivationError("SQL: not a SELECT")
        rows = cursor.fetchmany(MAX_ROWS + 1)
        if len(rows) > MAX_ROWS:
            raise DerivationError(f"SQL: more than {MAX_ROWS:,} rows")
        if self._seen or code not in self._reads:  # it was compiled now
            self._reads[code] = tuple(sorted(self._seen))
        columns = tuple(column[0] for column in cursor.description)
        return Outcome(columns, tuple(tuple(_clean(v) for v in row) for row in rows), self._reads[code])

    def _tick(self) -> int:
        self._budget -= TICK
        return int(self._budget < 0)

    def _allow(self, action: int, first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
        if self._seen is None or action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first or "").lower() in self._names:
            self._seen.add(((first or "").lower(), (second or "").lower()))
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and not second:
            return sqlite3.SQLITE_OK  # a subquery or CTE of which no column is read
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in SQL_FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY


def _words(code: str) -> list[str]:
    """Identifiers of the query, as columns of a relation without rows: an empty list has forgotten its own."""
    return sorted({word.lower() for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", code)} | {"id"})


def _type(rows: Relation, column: str) -> str:
    kinds = {type(row[column]) for row in rows} - {type(None)}
    if kinds and kinds <= {int, bool}:
        return "INTEGER"
    return "REAL" if kinds and kinds <= {int, float, Decimal} else "TEXT"


def _bind(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, int | float | str):
        return value
    if isinstance(value, list | tuple):
        return "|".join(str(part) for part in value)
    return str(value)


def _clean(value: Any) -> Any:
    """Numbers become Decimals at 12 significant digits: float noise of an in-order sum stays below that."""
    if isinstance(value, bytes):
        raise DerivationError("SQL: a blob is no answer")
    if isinstance(value, float):
        return _SIGNIFICANT.create_decimal(repr(value)).normalize()
    if isinstance(value, int):
        return Decimal(value)
    return value


def _bag(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return sorted(repr(row) for row in rows)


def _say(rows: Sequence[tuple[Any, ...]]) -> str:
    return ", ".join(str(row[0]) for row in rows[:3]) if rows else "nothing"
