"""Facts from tables: shape, roles and header paths of every table, and a fact for each cell that stands on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import final

from extraction.tables import by_period, cross, entities, results, shape, sheet, statement
from extraction.tables import scale as scales
from extraction.tables.matrix import Matrix
from extraction.tables.phrase import Vocabulary, noun_phrase, set_phrase
from extraction.tables.rows import RowView
from extraction.tables.scale import Scale
from extraction.tables.shape import Verdict
from extraction.tables.sheet import Sheet
from kg.values import compatible
from kg.values.name import normal, plural
from kg.values.number import is_missing
from schemas.element import Element, Elements
from schemas.fact import Axis, AxisRole, Fact, Facts, TableStructure


@dataclass(slots=True)
class _Found:
    """What accumulates over the tables of one document."""

    structures: list[TableStructure] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    rejected: list[tuple[str, str, str]] = field(default_factory=list)

    def reject(self, element: str, reason: str) -> None:
        check, _, words = reason.partition(": ")
        self.rejected.append((element, check, words))


@final
@dataclass(frozen=True, slots=True)
class TablesExtractor:
    """Statement, entities and results tables to facts; forms get only their structure, another extractor reads them."""

    name: str = "tables"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """Structures of all tables, facts of those with a shape, a reason for every one without."""
        del earlier
        tables = [e for e in elements.elements if e.kind == "table"]
        found = _Found()
        if tables:
            vocabulary = Vocabulary.of(elements.elements)
            headings = {e.id: e.text for e in elements.elements if e.kind == "section"}
            scaled = _scaled(tables)
            for element, inherited in _with_scale(tables):
                _extract(element, vocabulary, headings.get(element.parent or "", ""), inherited, scaled, found)
            found.facts = told_apart(without_subtrahends(found.facts), vocabulary)
        signature = f"{self.name}/{self.version}"
        return Facts(
            document=elements.document.id,
            extractors=(signature,),
            structures=tuple(found.structures),
            facts=tuple(f.model_copy(update={"extractor": signature}) for f in found.facts),
            rejected=tuple(found.rejected),
        )


def without_subtrahends(facts: Sequence[Fact]) -> list[Fact]:
    """Facts without the negative twins of others: a reconciliation prints what it takes away in brackets.

    `Research and development expense (7,709)` between segment and total operating income is the 7,709 of the statement.
    """
    positive: set[tuple[str, str | None, str | None, Decimal]] = set()
    for fact in facts:
        if fact.shape == "statement" and fact.value.number is not None and fact.value.number > 0:
            positive.add((_stem(fact), fact.qualifiers.period, fact.value.unit, _absolute(fact)))
    return [
        fact
        for fact in facts
        if fact.shape != "statement"
        or fact.value.number is None
        or fact.value.number >= 0
        or (_stem(fact), fact.qualifiers.period, fact.value.unit, _absolute(fact)) not in positive
    ]


def _stem(fact: Fact) -> str:
    return normal(fact.quantity.split(" within ")[0])


def _absolute(fact: Fact) -> Decimal:
    return abs(fact.value.number or Decimal(0)).scaleb(fact.value.scale)


def told_apart(facts: Sequence[Fact], vocabulary: Vocabulary) -> list[Fact]:
    """Facts of statements; one quantity with two values for one period is told apart by the whole of its rows.

    `deferred revenue` in the tables of current and of long-term liabilities -> `deferred revenue within accrued and
    other current liabilities`. Where nothing tells them apart they stay, and the proof finds them contested.
    """
    values: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in facts:
        if fact.shape == "statement":
            values.setdefault((normal(fact.quantity), fact.qualifiers.period), []).append(fact)
    torn = {f.id for same in values.values() for f in same if not all(compatible(f.value, g.value) for g in same)}
    names = {normal(f.quantity) for f in facts if f.id in torn}
    return [_within(f, vocabulary) if f.shape == "statement" and normal(f.quantity) in names else f for f in facts]


def _within(fact: Fact, vocabulary: Vocabulary) -> Fact:
    whole = (
        fact.set.removeprefix("components of ") if fact.set and fact.set.startswith("components of ") else fact.group
    )
    outer = noun_phrase(whole, vocabulary) if whole else None
    if outer is None or " within " in fact.quantity or normal(outer) in normal(fact.quantity):
        return fact
    return fact.model_copy(update={"quantity": f"{fact.quantity} within {outer}"})


def _scaled(tables: Sequence[Element]) -> bool:
    """Whether two tables or more of the document state a scale above their grid."""
    return sum(bool(t.head and scales.parse(t.head)) for t in tables) >= 2


def _with_scale(tables: Sequence[Element]) -> Iterator[tuple[Element, Scale | None]]:
    """Each table with the scale that an earlier head states for several: `The following tables show ...`."""
    inherited: Scale | None = None
    for table in tables:
        own = scales.parse(table.head) if table.head else None
        if own is not None:
            inherited = own if "following tables" in (table.head or "").lower() else None
        elif table.head and len(table.head) > 80:
            inherited = None
        yield table, inherited if own is None else None


def _extract(
    element: Element, vocabulary: Vocabulary, heading: str, inherited: Scale | None, scaled: bool, found: _Found
) -> None:
    if element.grid is None or not element.grid.cells:
        _refuse(element, "no_data: no grid", found)
        return
    if shape.is_form(Matrix.of(element.grid)):
        found.structures.append(TableStructure(element=element.id, shape="form"))
        return
    view = sheet.analyse(element, vocabulary, heading=heading, inherited=inherited)
    if view is None:
        _refuse(element, "no_header: no row names the columns", found)
        return
    verdict = shape.recognise(view, scaled_document=scaled)
    facts = tuple(_facts(view, verdict))
    if verdict.shape is not None and not facts:
        verdict = Verdict(None, reason="no_data: no cell holds a value that can be said")
    found.structures.append(structure(view, verdict))
    found.facts.extend(facts)
    for reason in (verdict.reason, *verdict.refused, open_set(view, verdict)):
        if reason:
            found.reject(element.id, reason)


def open_set(view: Sheet, verdict: Verdict) -> str | None:
    """Why the rows of a table are no closed set, None where nothing speaks against it."""
    grid = view.matrix.grid
    if verdict.shape is None:
        return None
    if grid.cut:
        return "open_set: the table goes on over a page break"
    if grid.rows_agree is False:
        return "open_set: a second parser sees other rows"
    if verdict.kind and (said := _announced(view.element.caption or "", verdict.kind)):
        listed = len({normal(n) for r, n in entities.names(view).items() if any(d.index == r for d in view.data)})
        if said != listed:
            return f"open_set: the caption says {said} {verdict.kind}s, the table lists {listed}"
    return None


def _announced(caption: str, kind: str) -> int | None:
    """How many entities a caption announces: `The 23 languages in ...`."""
    words = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    last = re.escape(plural(kind.rsplit(maxsplit=1)[-1]))
    match = re.search(rf"\b(\d{{1,3}}|{'|'.join(words)})\s+(?:[a-z\-]+\s+){{0,2}}{last}\b", caption, re.IGNORECASE)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else words.index(match[1].lower()) + 2


def _refuse(element: Element, reason: str, found: _Found) -> None:
    found.structures.append(TableStructure(element=element.id, shape=None, reason=reason))
    found.reject(element.id, reason)


def _facts(view: Sheet, verdict: Verdict) -> Iterator[Fact]:
    document = view.element.document
    if verdict.shape == "statement":
        return statement.facts(view, document) if statement.is_statement(view) else cross.facts(view, document)
    if verdict.shape == "results" and verdict.kind:
        return results.facts(view, document, verdict.kind)
    if verdict.shape == "entities" and (named := by_period.quantity(view)):
        return by_period.facts(view, document, *named)
    if verdict.shape == "entities" and verdict.kind:
        return entities.facts(view, document, verdict.kind)
    return iter(())


def structure(view: Sheet, verdict: Verdict) -> TableStructure:
    """Roles, header paths and noun phrases of a table as a row."""
    nouns = statement.quantities(view) if verdict.shape == "statement" and statement.is_statement(view) else {}
    rows = [
        Axis(index=i, role="header", path=tuple(t for t in view.matrix.row(i) if t)) for i in range(view.header.rows)
    ]
    rows += [
        Axis(
            index=r.index,
            role=_row_role(view, r, verdict),
            path=(*r.groups, r.label) if r.label else r.groups,
            group=r.groups[-1] if r.groups else None,
            noun=nouns.get(r.index),
        )
        for r in view.rows
    ]
    return TableStructure(
        element=view.element.id,
        shape=verdict.shape,
        reason=verdict.reason,
        rows=tuple(rows),
        columns=tuple(_column(view, c) for c in range(view.matrix.n_cols)),
        key_column=view.key,
        kind=verdict.kind,
        set=_set(view, verdict),
        total_checked=view.total_checked,
    )


def _row_role(view: Sheet, row: RowView, verdict: Verdict) -> AxisRole:
    """A row of means is no member of the set of rows, nor is one that names none of its kind (`N/A`)."""
    if row.role != "data" or verdict.shape not in ("results", "entities"):
        return row.role
    if entities.is_mean_row(view, row):
        return "total"
    return "note" if is_missing(row.label) else row.role


def _set(view: Sheet, verdict: Verdict) -> str | None:
    if verdict.kind is None:
        return None
    if verdict.shape == "results":
        return results.compared_set(view, verdict.kind)
    return set_phrase(verdict.kind, "listed", entities.selected(view, verdict.kind))


def _column(view: Sheet, col: int) -> Axis:
    path = view.path(col)
    role: AxisRole = "key" if col == view.key else "data" if col in view.value_columns else "blank"
    label, unit, scale = scales.of_header(path[-1]) if path else ("", None, 0)
    return Axis(
        index=col,
        role=role,
        path=path,
        noun=noun_phrase(label, view.vocabulary) if label else None,
        unit=unit,
        scale=scale,
    )
