"""Where a field of a CSV file stands. Only for headers and for errors: it reads character by character."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Final

from schemas.errors import GraphError

CHARS: Final = 2**20
"""Characters read at once."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the files of one import are written, as the options of neo4j-admin say it."""

    delimiter: str = ","
    array_delimiter: str = ";"
    quote: str = '"'
    encoding: str = "utf-8"
    escapes: bool = False
    """Whether a backslash before a quote is an escape (`--legacy-style-quoting`)."""
    empty_is_null: bool = False
    """Whether `""` is null, too (`--ignore-empty-strings`)."""
    trim: bool = False
    """Whether strings lose white space at both ends (`--trim-strings`)."""
    extra_columns: bool = False
    """Whether columns beyond the header are left out without an error (`--ignore-extra-columns`)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record and where it begins, 1-based."""

    text: str | None
    """None: empty and not quoted."""
    line: int
    column: int


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, gzip undone."""
    if path.suffix == ".gz":
        import gzip

        return gzip.open(path, "rb")  # type: ignore[return-value,unused-ignore]
    return path.open("rb")


def open_text(path: Path, encoding: str) -> IO[str]:
    """The text of a file, gzip undone, line ends as they are."""
    return io.TextIOWrapper(open_bytes(path), encoding=encoding, newline="")


def records(path: Path, dialect: Dialect) -> Iterator[list[Field]]:
    """The records of a file, blank lines left out.

    Raises: GraphError: the file cannot be read or is no text in this encoding.
    """
    try:
        with open_text(path, dialect.encoding.replace("utf-8", "utf-8-sig")) as file:
            yield from _records(file, dialect, path)
    except (OSError, EOFError) as error:
        raise GraphError(f"{path}: cannot be read ({error})") from error
    except UnicodeDecodeError as error:
        raise GraphError(f"{path}: {error.reason} at byte {error.start} ({error.encoding})") from error


def first_record(path: Path, dialect: Dialect) -> list[Field]:
    """The first record; none in an empty file."""
    return next(records(path, dialect), [])


def check_quotes(path: Path, dialect: Dialect) -> None:
    """Refuse a file that ends within quotes: Arrow takes the rest of such a file as one value.

    Raises: GraphError: with the place of the quote.
    """
    quote, count = dialect.quote.encode(), 0
    try:
        with open_bytes(path) as file:
            while block := file.read(CHARS):
                count += block.count(quote)
    except (OSError, EOFError) as error:
        raise GraphError(f"{path}: cannot be read ({error})") from error
    if count % 2:
        for _ in records(path, dialect):
            pass


def records_of(text: str, dialect: Dialect) -> Iterator[list[Field]]:
    """The records of a text."""
    return _records(io.StringIO(text, newline=""), dialect, Path())


def _characters(file: IO[str]) -> Iterator[tuple[str, str]]:
    """Each character with the one behind it; the last one with nothing."""
    held = ""
    while block := file.read(CHARS):
        text = held + block
        held = text[-1]
        yield from pairwise(text)
    if held:
        yield held, ""


def _records(file: IO[str], dialect: Dialect, path: Path) -> Iterator[list[Field]]:
    line, column = 1, 0
    fields: list[Field] = []
    text: list[str] = []
    begin, quoted, had_quotes, skip = (1, 1), False, False, False
    for char, behind in _characters(file):
        column += 1
        if skip:
            skip = False
        elif quoted:
            if char == dialect.quote and behind == dialect.quote:
                text.append(char)
                skip = True
            elif char == "\\" and dialect.escapes and behind == dialect.quote:
                text.append(behind)
                skip = True
            elif char == dialect.quote:
                quoted = False
            else:
                text.append(char)
        elif char == dialect.quote and not text and not had_quotes:
            quoted = had_quotes = True
        elif char in (dialect.delimiter, "\n") or (char == "\r" and behind != "\n"):
            fields.append(Field("".join(text) if text or had_quotes else None, *begin))
            text, had_quotes = [], False
            begin = (line, column + 1)
            if char != dialect.delimiter:
                if len(fields) > 1 or fields[0].text is not None:
                    yield fields
                fields, begin = [], (line + 1, 1)
        elif char != "\r":
            text.append(char)
        if char == "\n" or (char == "\r" and behind != "\n"):
            line, column = line + 1, 0
    if quoted:
        raise GraphError(f"{path}:{begin[0]}:{begin[1]}: a quote is opened here and never closed")
    if text or had_quotes or fields:
        fields.append(Field("".join(text) if text or had_quotes else None, *begin))
        yield fields
