"""HTML tables that mark their header by `th` alone get a `thead`, else pandoc takes one row and cuts its row spans."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

MAX_HEADER_ROWS: Final = 6


@dataclass(slots=True)
class _Table:
    sectioned: bool = False
    """Has a thead, or a second tbody."""
    rows: list[_Row] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    start: int
    heads: int = 0
    cells: int = 0
    reach: int = 1
    """Largest row span of its cells."""


class _Tables(HTMLParser):
    """Rows of every table with their offsets in the source; nested tables are apart."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._open: list[_Table] = []
        self.done: list[_Table] = []
        # HTMLParser counts lines by "\n" only.
        self._lines = [0, *(index + 1 for index, letter in enumerate(source) if letter == "\n")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
        elif not self._open:
            return
        elif tag in {"thead", "tbody", "tfoot"}:
            table = self._open[-1]
            table.sectioned = table.sectioned or tag == "thead" or bool(table.rows)
        elif tag == "tr":
            line, column = self.getpos()
            self._open[-1].rows.append(_Row(self._lines[line - 1] + column))
        elif tag in {"th", "td"} and self._open[-1].rows:
            row = self._open[-1].rows[-1]
            row.cells += 1
            row.heads += tag == "th"
            span = dict(attrs).get("rowspan") or "1"
            row.reach = max(row.reach, int(span) if span.isdecimal() and len(span) < 5 else 1)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self.done.append(self._open.pop())


def with_heads(source: str) -> str:
    """The source with `<thead>` around two or more leading rows of `th` in tables that have no thead."""
    parser = _Tables(source)
    parser.feed(source)
    marks: list[tuple[int, str]] = []
    for table in parser.done:
        count = 0 if table.sectioned else _header_rows(table.rows)
        if count > 1:
            marks += [(table.rows[0].start, "<thead>"), (table.rows[count].start, "</thead>")]
    for offset, mark in sorted(marks, reverse=True):
        source = source[:offset] + mark + source[offset:]
    return source


def _header_rows(rows: list[_Row]) -> int:
    """Leading rows of `th` only, as far as their spans reach; 0 where nothing would be left below."""
    count = 0
    for row in rows[:MAX_HEADER_ROWS]:
        if row.cells == 0 or row.heads < row.cells:
            break
        count += 1
    reached = max((index + row.reach for index, row in enumerate(rows[:count])), default=0)
    return count if reached <= count < len(rows) else 0
