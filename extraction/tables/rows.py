"""Row roles, row groups and totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from extraction.tables import measure
from extraction.tables.cell import read, without_footnote
from extraction.tables.matrix import Matrix
from kg.values.compare import amount
from kg.values.name import normal
from schemas.fact import AxisRole

_TOTAL: Final = re.compile(r"^(?:(?:sub|grand[\s-]?)?totals?|sum|all(?:\s+\w+)?\s+total|all$)\b", re.IGNORECASE)
_TOTAL_END: Final = re.compile(r"[,\s](?:total|subtotal)s?$", re.IGNORECASE)
_POINTER: Final = re.compile(r"^commitments and contingencies\b|\bsee (?:accompanying )?notes?\b", re.IGNORECASE)
"""Lines of a balance sheet that point to a note and group nothing."""
_NOTE: Final = re.compile(r"^(?:\(\d{1,2}\)\s|\*+\s|[†‡]\s|notes?\s*:|source\s*:|sources\s*:|\d\)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row below the head."""

    index: int
    label: str
    """Text of the key column without footnote marks and colon."""
    role: AxisRole
    groups: tuple[str, ...] = ()
    """Labels of the groups that the row stands in, outside in, as printed."""
    group_rows: tuple[int, ...] = ()
    """Rows of these labels."""
    total_of: tuple[int, ...] = ()
    """Of a total that adds up: the rows that it sums."""
    mean: bool = False


def of(matrix: Matrix, header_rows: int, key: int) -> tuple[RowView, ...]:
    """The rows of a table with roles and groups."""
    rows = [_view(matrix, r, key) for r in range(header_rows, matrix.n_rows)]
    return tuple(_grouped(rows, _Indents.of(matrix, rows, key)))


def _view(matrix: Matrix, index: int, key: int) -> RowView:
    texts = matrix.row(index)
    others = [t for c, t in enumerate(texts) if t and c != key]
    printed = matrix.spread(index, key)
    label = without_footnote(printed).rstrip(" :").strip()
    return RowView(index, label, _role(matrix.n_cols, printed, label, others), mean=measure.is_mean(label))


def _role(n_cols: int, printed: str, label: str, others: Sequence[str]) -> AxisRole:
    if not printed and not others:
        return "blank"
    values = [t for t in others if read(t).kind in ("number", "date", "mark", "missing")]
    if _NOTE.match(printed) and not values:
        return "note"
    if _POINTER.search(printed) and not values:
        return "note"
    if not others or (not values and len(others) > 1 and set(others) == {printed}):
        return "note" if len(printed) > 120 and not printed.endswith(":") else "group"
    if not printed and len(others) == 1 and not values and n_cols > 2:
        return "group"
    if not printed or _TOTAL.match(label) or _TOTAL_END.search(label):
        return "total"
    return "data"


@dataclass(frozen=True, slots=True)
class _Indents:
    """Left insets of the row labels, where the rows differ in them."""

    of_row: dict[int, float]
    tolerance: float

    @classmethod
    def of(cls, matrix: Matrix, rows: Sequence[RowView], key: int) -> _Indents | None:
        found = {}
        for row in rows:
            cell = matrix.cell(row.index, key)
            if cell is not None and cell.text.strip():
                found[row.index] = cell.indent
        if not found or max(found.values()) - min(found.values()) < 0.5:
            return None
        return cls(found, 1.5 if max(found.values()) > 10 else 0.25)

    def deeper(self, row: int, than: int) -> bool:
        return self.of_row.get(row, 0.0) > self.of_row.get(than, 0.0) + self.tolerance

    def centred(self, rows: Sequence[RowView]) -> frozenset[int]:
        """Group rows that stand further right than the row below them: their place says nothing about their end."""
        return frozenset(
            group.index
            for group, below in pairwise(rows)
            if group.role == "group" and below.role == "data" and self.deeper(group.index, below.index)
        )


def _grouped(rows: Sequence[RowView], indents: _Indents | None) -> list[RowView]:
    """Puts rows under the group rows above them: closed by their own total, by a row that is not indented deeper
    (where indents tell), or by the next group of the same depth.
    """
    stack: list[tuple[RowView, bool]] = []
    done: list[RowView] = []
    centred = indents.centred(rows) if indents is not None else frozenset()
    for row in rows:
        if row.role == "group":
            stack = _opened(stack, row, indents)
            done.append(
                replace(
                    row, groups=tuple(g.label for g, _ in stack[:-1]), group_rows=tuple(g.index for g, _ in stack[:-1])
                )
            )
            continue
        if row.role in ("data", "total"):
            closing = _closed_by(stack, row)
            if closing is not None:
                done.append(_under(row, stack[:closing]))
                stack = stack[:closing]
                continue
            stack = _left(stack, row, indents, centred) if row.label else stack
            stack = [(g, True) for g, _ in stack]
        done.append(_under(row, stack))
    return done


def _under(row: RowView, stack: Sequence[tuple[RowView, bool]]) -> RowView:
    return replace(row, groups=tuple(g.label for g, _ in stack), group_rows=tuple(g.index for g, _ in stack))


def _opened(stack: list[tuple[RowView, bool]], row: RowView, indents: _Indents | None) -> list[tuple[RowView, bool]]:
    """The stack with a new group: below the last one if that has no rows yet or is indented less, else in its place."""
    while stack:
        top, used = stack[-1]
        deeper = indents is not None and indents.deeper(row.index, top.index)
        if deeper or (not used and (indents is None or not indents.deeper(top.index, row.index))):
            break
        stack = stack[:-1]
    return [*stack, (row, False)]


def _closed_by(stack: Sequence[tuple[RowView, bool]], row: RowView) -> int | None:
    """Depth of the open group whose total the row is."""
    if row.role != "total":
        return None
    label = normal(_TOTAL_END.sub("", _TOTAL.sub("", row.label)))
    for depth in range(len(stack) - 1, -1, -1):
        if normal(_by(stack[depth][0].label)) == label or normal(stack[depth][0].label) == label:
            return depth
    return None


def _by(label: str) -> str:
    """`Net sales by category` -> `Net sales`."""
    return re.split(r"\s+by\s+", label, maxsplit=1)[0]


def _left(
    stack: list[tuple[RowView, bool]], row: RowView, indents: _Indents | None, centred: frozenset[int]
) -> list[tuple[RowView, bool]]:
    if indents is None:
        return stack
    while (
        stack
        and stack[-1][1]
        and stack[-1][0].index not in centred
        and not indents.deeper(row.index, stack[-1][0].index)
    ):
        stack = stack[:-1]
    return stack


def with_totals(
    matrix: Matrix, rows: Sequence[RowView], columns: Sequence[int], *, rounded: bool = False
) -> tuple[tuple[RowView, ...], bool | None]:
    """Rows whose totals know what they sum, and whether the totals of the table add up.

    A total adds up if, in every column, it equals the sum of the rows (or already summed totals) right above it.
    Returns: None for the second where no total has at least two rows above it.
    """
    open_rows: list[RowView] = []
    done: dict[int, RowView] = {}
    verdicts: list[bool] = []
    for row in rows:
        if row.role not in ("data", "total") or row.mean:
            continue
        if row.role == "total" and len(open_rows) >= 2:
            members = _summed(matrix, open_rows, row, columns, rounded=rounded)
            verdicts.append(members is not None)
            if members is not None:
                done[row.index] = replace(row, total_of=tuple(m.index for m in members))
                open_rows = open_rows[: len(open_rows) - len(members)]
        open_rows.append(row)
    return tuple(done.get(row.index, row) for row in rows), (all(verdicts) if verdicts else None)


def _summed(
    matrix: Matrix, above: Sequence[RowView], total: RowView, columns: Sequence[int], *, rounded: bool
) -> Sequence[RowView] | None:
    columns = [c for c in columns if not _percent(matrix, total.index, c)]
    goal = [_amount(matrix, total.index, c) for c in columns]
    if not any(g is not None for g in goal):
        return None
    for size in range(2, len(above) + 1):
        members = above[-size:]
        if all(g is None or _adds(matrix, members, c, g, rounded=rounded) for c, g in zip(columns, goal, strict=True)):
            return members
    return None


def _percent(matrix: Matrix, row: int, col: int) -> bool:
    value = read(matrix.text(row, col)).value
    return value is not None and value.unit in ("%", "pp")


def _adds(matrix: Matrix, members: Sequence[RowView], col: int, goal: Decimal, *, rounded: bool) -> bool:
    """Equal; of rounded numbers (decimals, or a scaled table) off by no more than half a last digit per row."""
    values = [_amount(matrix, m.index, col) for m in members]
    known = [v for v in values if v is not None]
    if not known:
        return False
    exponents = [v.as_tuple().exponent for v in [*known, goal]]
    step = Decimal(1).scaleb(min(int(e) for e in exponents if isinstance(e, int)))
    allowed = step * len(known) / 2 if step < 1 else Decimal(min(len(known) // 2, 2) if rounded else 0)
    return abs(sum(known, Decimal(0)) - goal) <= allowed


def _amount(matrix: Matrix, row: int, col: int) -> Decimal | None:
    reading = read(matrix.text(row, col))
    return amount(reading.value) if reading.kind == "number" and reading.value else None
