"""What tells the rows of a results table apart beside their names: a second naming column, the training of a row."""

from __future__ import annotations

import re
from collections import Counter

from extraction.tables import entities
from extraction.tables.cell import without_citation
from extraction.tables.rows import RowView
from extraction.tables.sheet import Sheet
from kg.values.name import normal, singular
from kg.values.number import is_missing


def second_key(sheet: Sheet) -> dict[int, tuple[str, str]]:
    """Row index -> (axis, member) of a second naming column (`N`: 40; `Strategy`: Full), where it tells rows apart."""
    col = next((c for c in range(min(3, sheet.matrix.n_cols)) if c != sheet.key and _names_rows(sheet, c)), None)
    named = entities.names(sheet)
    labels = [(normal(named[d.index]), trained(sheet, d)) for d in sheet.data if named.get(d.index)]
    if col is None or len(set(labels)) == len(labels) or not sheet.path(col):
        return {}
    axis = sheet.path(col)[-1]
    spelled = (
        re.search(rf"\b([a-z]+ [a-z]+) {re.escape(axis)}\b", sheet.element.caption or "") if len(axis) == 1 else None
    )
    if spelled:
        axis = spelled[1]
    elif len(axis) > 2:
        head, space, last = axis.lower().rpartition(" ")
        axis = head + space + singular(last)
    found: dict[int, tuple[str, str]] = {}
    current = plain = ""
    for row in sheet.data:
        printed = without_citation(sheet.matrix.spread(row.index, col)) or current
        if printed.startswith("+") and not plain:
            continue
        plain = plain if printed.startswith("+") else printed
        current = printed
        member = f"{plain} {printed}" if printed.startswith("+") else printed
        if member and not is_missing(member):
            found[row.index] = (axis, member)
    return found


def clear_rows(sheet: Sheet) -> frozenset[int]:
    """Data rows that name, second key and training tell apart from all others."""
    second = second_key(sheet)
    named = entities.names(sheet)
    keys = {
        r.index: (normal(named[r.index]), second.get(r.index), trained(sheet, r))
        for r in sheet.data
        if named.get(r.index) and not is_missing(named[r.index])
    }
    counts = Counter(keys.values())
    return frozenset(row for row, key in keys.items() if counts[key] == 1)


def _names_rows(sheet: Sheet, col: int) -> bool:
    """A column of words, or of numbers that stand once per block of rows."""
    texts = [sheet.matrix.spread(r.index, col) for r in sheet.data]
    if not texts or not texts[0] or any(r.kind == "mark" for r in sheet.readings(col)):
        return False
    blocks = any(not t for t in texts) or (col < sheet.key and len(set(texts)) < len(texts))
    return blocks or not sheet.numeric(col)


def trained(sheet: Sheet, row: RowView) -> str | None:
    """What was done for a row `+ X`: `fine-tuning with Data-60k`, from the group's label, else from the caption."""
    if not entities.is_addition(row.label):
        return None
    doing = [label for label in row.groups if re.match(r"[a-z-]+ing (?:with|on) \S", label)]
    said = re.search(r"\bwhen ([a-z-]+ing (?:with|on) [A-Z][\w-]*\w)", sheet.element.caption or "")
    return doing[-1] if doing else said[1] if said else None
