"""Statements whose columns are not plain periods: the period stands in a spanning header, in the rows, in a row
group or in the lines above.

    April 30, 2023 > Amortized cost, row `Corporate debt securities`  -> amortized cost of corporate debt securities
    Revenue, row `2019`                                               -> revenue (in 2019)
    Graphics, group `Three Months Ended May 1, 2022`, row `Revenue`   -> revenue of Graphics
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from extraction.tables import measure, quantity, statement
from extraction.tables import scale as scales
from extraction.tables.phrase import kind_noun, noun_phrase
from extraction.tables.rows import RowView
from extraction.tables.sheet import Sheet
from kg.values.name import normal
from kg.values.period import parse_period, spoken_period
from kg.values.unit import is_currency
from schemas.fact import Fact, Qualifiers, Subject

_TIME_CORNER: Final = re.compile(
    r"^(?:fiscal |calendar )?(?:years?|quarters?|periods?|months?|seasons?|dates?)?(?: ended.*)?$", re.IGNORECASE
)
_OF_ITEM: Final = re.compile(
    r"\b(?:costs?|values?|amounts?|gains?|loss(?:es)?|prices?|rates?|numbers?|carrying|amortization|depreciation"
    r"|balances?|percentage"
    r"|shares|revenues?|sales|interest|proceeds|weight)\b",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"^(?:consolidated|total|group|combined|company)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What one cell states beside its value."""

    row: RowView
    col: int
    phrase: str
    period: str


def is_cross(sheet: Sheet) -> bool:
    """Whether half of the numeric cells have a quantity and a period, and the rows are not entities of a kind."""
    corner = sheet.header.corner
    if corner and not _TIME_CORNER.match(corner) and kind_noun(corner, sheet.vocabulary):
        return False
    numeric = [c for c in sheet.value_columns if sheet.numeric(c)]
    cells = sum(
        sheet.reading(r.index, c).kind == "number" for r in sheet.rows if r.role in ("data", "total") for c in numeric
    )
    return cells > 1 and 2 * len(said(sheet)) >= cells


def said(sheet: Sheet) -> tuple[Said, ...]:
    """What the numeric cells of a table state, doubles left out."""
    found = tuple(_walk(sheet))
    counts = Counter((normal(s.phrase), s.period) for s in found)
    return tuple(s for s in found if counts[normal(s.phrase), s.period] == 1)


def _walk(sheet: Sheet) -> Iterator[Said]:
    above = head_period(sheet.context)
    columns = {c: _split(sheet.path(c)) for c in sheet.value_columns if sheet.numeric(c)}
    labels = Counter(normal(r.label) for r in sheet.rows if r.role in ("data", "total"))
    fiscal = any(re.match(r"fiscal\s+years?\b", r.label, re.IGNORECASE) for r in sheet.rows if r.role == "group")
    for row in sheet.rows:
        if row.role not in ("data", "total"):
            continue
        own = parse_period(f"fiscal {row.label}") if fiscal and row.label[:1].isdigit() else parse_period(row.label)
        group = next((p for g in reversed(row.groups) if (p := parse_period(g))), None)
        repeated = labels[normal(row.label)] > 1 and group is None
        for col, (outer, rest) in columns.items():
            periods = {p for p in (own, group, outer) if p} or ({above} if above else set())
            phrase = None if repeated else _phrase(sheet, row, rest, rows_are_periods=own is not None)
            if len(periods) == 1 and phrase and sheet.reading(row.index, col).kind == "number":
                yield Said(row, col, phrase, periods.pop())


def _split(path: tuple[str, ...]) -> tuple[str | None, str | None]:
    """(period, label) of a header path; a path that is only a period, or has two other labels, has no label."""
    period = parse_period(path) if path else None
    if period:
        return period, None
    rest = []
    for part in path:
        if (found := parse_period(part)) and period is None:
            period = found
        else:
            rest.append(part)
    return period, rest[0] if len(rest) == 1 else None


def _phrase(sheet: Sheet, row: RowView, rest: str | None, *, rows_are_periods: bool) -> str | None:
    if rest is None:
        return None
    label = scales.of_header(rest)[0]
    column = noun_phrase(label, sheet.vocabulary)
    if rows_are_periods:
        return column
    if quantity.is_member_quantity(row.label):
        own = noun_phrase(row.label, sheet.vocabulary)
        if _WHOLE.match(label):
            return own
        member = quantity.part(label, sheet.vocabulary)
        return f"{own} of {member}" if own and member and not _OF_ITEM.search(label) else None
    if (
        column is None
        or not _OF_ITEM.search(column)
        or (row.role == "total" and quantity.total_name(row.label) is None)
    ):
        return None
    groups = tuple(g for g in row.groups if parse_period(g) is None)
    item = quantity.phrase(row.label, groups[:0], sheet.vocabulary)
    return f"{column} of {item}" if item else None


def _prints_money(sheet: Sheet, row: RowView, col: int) -> bool:
    """Whether the column prints a currency, the row does of a quantity like revenue, or the scale line names one."""
    if sheet.scale and sheet.scale.unit:
        return True
    cells = [(r.index, col) for r in sheet.rows]
    if quantity.is_member_quantity(row.label):
        cells += [(row.index, c) for c in sheet.value_columns]
    return any((v := sheet.reading(r, c).value) is not None and is_currency(v.unit) for r, c in cells)


def head_period(text: str) -> str | None:
    """The one period that the lines above a table name, None where they name none or several."""
    hits = statement.durations(text)
    if not hits:
        hits = {
            p
            for m in re.finditer(
                r"\b[Aa]s (?:of|at) ((?:[A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+ \d{4}))(?! and\b)", text
            )
            if (p := parse_period(m[1]))
        }
    several = re.search(r"\d{4} and [A-Z][a-z]+ \d{1,2}, \d{4}", text)
    return hits.pop() if len(hits) == 1 and not several else None


def facts(sheet: Sheet, document: str) -> Iterator[Fact]:
    """One fact for each cell that has a quantity and a period."""
    currency = statement.currency_of(sheet)
    for one in said(sheet):
        prints = _prints_money(sheet, one.row, one.col)
        value = statement.value_of(sheet, one.row, one.col, one.phrase, currency if prints else None)
        if value is None:
            continue
        yield Fact(
            id=sheet.fact_id(one.row.index, one.col, one.phrase),
            document=document,
            subject=Subject(),
            shape="statement",
            quantity=one.phrase,
            qualifiers=Qualifiers(period=one.period, period_text=spoken_period(one.period)),
            value=value,
            supports=sheet.supports(one.row, one.col),
            role="total" if one.row.role == "total" else "mean" if one.row.mean else measure.role_of(one.phrase),
            additive=measure.is_additive(one.phrase, value.unit),
            group=statement.group_of(sheet, one.row),
            set=statement.set_of(sheet, one.row),
        )
