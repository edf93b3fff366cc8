"""Entities x periods: one quantity, named above the table, of each entity in each period.

Number of known moons, by planet:   Planet | 1900 | 1950     -> number of known moons of Saturn in 1900
NASA appropriations by account:     Account | FY 2020 | ...  -> NASA appropriations of Science in fiscal year 2020
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extraction.tables import entities, measure, statement
from extraction.tables.phrase import kind_noun, noun_phrase, set_phrase
from extraction.tables.sheet import Sheet
from kg.values.name import normal
from kg.values.period import spoken_period
from schemas.fact import Fact, Qualifiers, Subject

_CLAUSE: Final = re.compile(
    r"^(?:the following tables? (?:shows?|presents?|summarizes?)\s+)?(?:the\s+|our\s+)?(?P<what>.+?)"
    r"(?:,|\s+by\s+\w+|\s+(?:at the end|from \d{4}|between \d{4}|in (?:thousand|million|billion)s)|[.:(]|$)",
    re.IGNORECASE,
)


def quantity(sheet: Sheet) -> tuple[str, str] | None:
    """(quantity, kind) where the first column names a kind, all numeric columns are periods, and the lines above
    the table name what is counted `by` that kind; else None.
    """
    kind = kind_noun(sheet.header.corner, sheet.vocabulary) if sheet.header.corner else None
    if kind is None or entities.check_names(sheet) is not None:
        return None
    numeric = [c for c in sheet.value_columns if sheet.numeric(c)]
    periods = statement.columns(sheet).periods
    if len(numeric) < 2 or set(numeric) != set(periods):
        return None
    for text in (sheet.element.caption, *(sheet.element.head or "").splitlines(), sheet.heading):
        if text and (found := _named(text, kind, sheet)):
            return found, kind
    return None


def _named(text: str, kind: str, sheet: Sheet) -> str | None:
    clause = _CLAUSE.match(text.strip())
    if clause is None or not re.search(rf"\bby (?:\w+ )?{re.escape(kind)}\b", text, re.IGNORECASE):
        return None
    phrase = noun_phrase(clause["what"], sheet.vocabulary)
    return phrase if phrase and len(phrase.split()) <= 8 else None


def facts(sheet: Sheet, document: str, phrase: str, kind: str) -> Iterator[Fact]:
    """One fact for each entity and period; a total row is a fact of the document's own subject."""
    currency = statement.currency_of(sheet)
    named = entities.names(sheet)
    for row in sheet.rows:
        total = row.role == "total"
        if row.role not in ("data", "total") or not named.get(row.index):
            continue
        said = f"total {phrase}" if total and not normal(phrase).startswith("total") else phrase
        for col, period in statement.columns(sheet).periods.items():
            value = statement.value_of(sheet, row, col, said, currency)
            if value is None:
                continue
            yield Fact(
                id=sheet.fact_id(row.index, col, said),
                document=document,
                subject=Subject() if total else Subject(name=named[row.index], kind=kind),
                shape="entities",
                quantity=said,
                qualifiers=Qualifiers(period=period, period_text=spoken_period(period)),
                value=value,
                supports=sheet.supports(row, col, subject=not total),
                role="total" if total else "data",
                additive=measure.is_additive(said, value.unit),
                set=None if total else set_phrase(kind, "listed"),
            )
