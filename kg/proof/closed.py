"""Closed set: counts, superlatives, lists and "only" run over a named set whose completeness is certified.

closed: t        the data rows (or columns) of one table. Certificate: a second parser sees the same rows (a format
                 with one parser only, i.e. any but pdf, needs none); not cut at a page break; totals add up where
                 there are totals; every data row has a fact in each column that is counted, or says itself that there
                 is no value.
closed: kind(e)  all documents whose own subject is of the kind of e: each of them has a fact among the rows.
closed: stating(f)  all documents of the kind of f's that state what f states, of their own subjects (`stating`): each
                 of them has a fact among the rows, the rows have no others, and all values can be compared. With
                 several facts, stating(f, g): the documents that state all of them.

closed: graph    all that a user's own graph knows (`own_closed`).

Whatever falls short is `open_set`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kg.proof.case import PASS, Case, failed, not_applicable
from kg.proof.joins import lost
from kg.proof.own_closed import check_graph_closed
from kg.proof.reading import neighbours, subjects
from kg.proof.relations import mentioned, rows_of, variable_row
from kg.proof.sql import Relation
from kg.proof.stating import Stating, flaw, stating_all
from kg.snapshot.snapshot import Snapshot
from kg.values.number import is_missing
from schemas.sample import Check

_KIND: Final = re.compile(r"^kind\(\s*(\w+)\s*\)$")
_STATING: Final = re.compile(r"^stating\(\s*(\w+(?:\s*,\s*\w+)*)\s*\)$")
TWO_PARSERS: Final = frozenset({"pdf"})
"""Formats whose tables two parsers read: there the second one must agree."""


def check_closed(case: Case) -> Check:
    """Fail with `open_set` and the reason."""
    header = case.header
    if not case.house:
        return check_graph_closed(case)
    if header.closed is None:
        if header.derive is not None and header.derive.rows and not _only_matched(case):
            return failed("open_set: the derivation runs over rows, and the template names no closed set")
        return not_applicable()
    kind = _KIND.match(header.closed)
    if kind:
        return _kind_closed(case, kind[1])
    if named := _STATING.match(header.closed):
        return _stating_closed(case, re.findall(r"\w+", named[1]))
    table = case.nodes.get(header.closed)
    if table is None or case.snapshot.label_of(table) != "Table":
        return failed(f"open_set: {header.closed} is no table")
    return _table_closed(case, table)


def _only_matched(case: Case) -> bool:
    """Rows that are just the matched facts under another name (a comparison of two) are no set."""
    return set(case.members) <= set(case.nodes.values())


def _table_closed(case: Case, table: int) -> Check:
    snapshot = case.snapshot
    why = certificate(snapshot, table)
    if why is None:
        why = _not_total(case, table) or _join_drops(case, table)
    return PASS if why is None else failed(f"open_set: {why}")


def certificate(snapshot: Snapshot, table: int) -> str | None:
    """Why the rows of a table are not known to be complete; None where they are."""
    if snapshot.get(table, "cut"):
        return "the table is cut at a page break"
    agree = snapshot.get(table, "rows_agree")
    if agree is False:
        return "a second parser sees other rows"
    if agree is None and _format(snapshot, table) in TWO_PARSERS:
        return "no second parser has seen the rows"
    if snapshot.get(table, "total_checked") is False:
        return "the totals do not add up"
    rows = snapshot.get(table, "rows")
    present = len(neighbours(snapshot, table, "HAS_ROW", 1))
    if rows is not None and rows != present:
        return f"{present} of {rows} rows are in the graph"
    return None


def _format(snapshot: Snapshot, node: int) -> str:
    document = snapshot.index_of(snapshot.get(node, "document") or "", "Document")
    return str(snapshot.get(document, "format")) if document is not None else ""


def _not_total(case: Case, table: int) -> str | None:
    """A data row or column without a fact where the derivation counts one; None where the facts are complete."""
    snapshot = case.snapshot
    id_ = snapshot.id_of(table)
    facts = case.members or tuple(node for node in case.operands if snapshot.label_of(node) == "Assertion")
    places = {
        (snapshot.get(node, "row"), snapshot.get(node, "col")) for node in facts if snapshot.get(node, "element") == id_
    }
    rows, columns = {row for row, _ in places if row is not None}, {col for _, col in places if col is not None}
    if not rows or not columns:
        return None
    have = {(snapshot.get(node, "row"), snapshot.get(node, "col")) for node in neighbours(snapshot, table, "STATES", 1)}
    texts = _cells(snapshot, table)
    if len(rows) >= len(columns):
        wanted = [(row, col) for row in _data(snapshot, table, "HAS_ROW") for col in sorted(columns)]
    else:
        wanted = [(row, col) for col in _data(snapshot, table, "HAS_COLUMN") for row in sorted(rows)]
    return next((_hole(place, texts) for place in wanted if place not in have and _filled(place, texts)), None)


def _join_drops(case: Case, table: int) -> str | None:
    """Rows of the closed table that a join with another relation loses."""
    spec, id_ = case.header.derive, case.snapshot.id_of(table)
    if spec is None or spec.sql is None or len(spec.rows) < 2:
        return None
    made = {name: rows_of(text, case.snapshot, case.nodes) for name, text in sorted(spec.rows.items())}
    own = [
        name
        for name, rows in made.items()
        if any(case.snapshot.get(node, "element") == id_ for node in rows.nodes(case.snapshot, "Assertion"))
    ]
    relations: dict[str, Relation] = {
        name: [variable_row(case.snapshot, case.nodes[name], spec.sql)] for name in mentioned(spec.sql, case.nodes)
    }
    relations.update((name, list(rows.rows)) for name, rows in made.items())
    return lost(spec.sql, relations, own, [name for name in made if name not in own])


def _data(snapshot: Snapshot, table: int, type_: str) -> list[int]:
    axes = neighbours(snapshot, table, type_, 1)
    return sorted(snapshot.get(axis, "position") for axis in axes if snapshot.get(axis, "role") == "data")


def _cells(snapshot: Snapshot, table: int) -> dict[tuple[int, int], str]:
    texts: dict[tuple[int, int], str] = {}
    for row in neighbours(snapshot, table, "HAS_ROW", 1):
        for cell in neighbours(snapshot, row, "HAS_CELL", 1):
            top, left = snapshot.get(cell, "row"), snapshot.get(cell, "col")
            for col in range(left, left + (snapshot.get(cell, "col_span") or 1)):
                texts[snapshot.get(row, "position"), col] = snapshot.get(cell, "text") or ""
            texts.setdefault((top, left), snapshot.get(cell, "text") or "")
    return texts


def _filled(place: tuple[int, int], texts: dict[tuple[int, int], str]) -> bool:
    """A cell that is there and does not say itself that it has no value; a lost cell counts as one that had."""
    return place not in texts or not is_missing(texts[place])


def _hole(place: tuple[int, int], texts: dict[tuple[int, int], str]) -> str:
    row, col = place
    return f"row {row}, column {col} ({texts.get(place, 'no cell')!r}) has no fact"


def _kind_closed(case: Case, variable: str) -> Check:
    """Every document whose own subject is of the kind has a fact among the rows."""
    snapshot = case.snapshot
    node = case.nodes.get(variable)
    if node is None:
        return failed(f"open_set: there is no variable {variable}")
    kind = snapshot.normal(node, "kind")
    wanted = documents_about(snapshot, kind)
    stated = _subjects_of(snapshot, case.members or _alike(case))
    missing = [document for document, entities in wanted.items() if not entities & stated]
    if not wanted:
        return failed(f"open_set: no document is about a {kind}")
    if missing:
        paths = ", ".join(str(snapshot.get(document, "path")) for document in missing[:3])
        return failed(f"open_set: {len(missing)} of {len(wanted)} documents state no such fact ({paths})")
    return PASS


def _stating_closed(case: Case, variables: Sequence[str]) -> Check:
    """The rows are made of statements of exactly the documents that the set is named by."""
    snapshot = case.snapshot
    for variable in variables:
        fact = case.nodes.get(variable)
        if fact is None or snapshot.label_of(fact) != "Assertion":
            return failed(f"open_set: there is no fact {variable}")
    found, parts = stating_all(snapshot, [case.nodes[variable] for variable in variables])
    if why := next((why for part in parts if (why := flaw(snapshot, part)) is not None), None):
        return failed(f"open_set: {why}")
    members = case.members or found.facts
    if others := sorted(set(members) - set(found.facts)):
        return failed(f"open_set: {_beyond(snapshot, others[0], variables, parts)}")
    missing = found.subjects - _subjects_of(snapshot, members)
    if missing:
        names = ", ".join(str(snapshot.get(entity, "name")) for entity in sorted(missing)[:3])
        said = f"{len(missing)} of {len(found.documents)} documents are not among the rows ({names})"
        return failed(f"open_set: {said}: narrow them in the SQL, not in `rows`")
    return PASS


def _beyond(snapshot: Snapshot, fact: int, variables: Sequence[str], parts: Sequence[Stating]) -> str:
    """Why a fact of the rows is none of the set's statements, and how to name the set instead."""
    said, named = snapshot.get(fact, "quantity"), ", ".join(variables)
    if any(fact in part.facts for part in parts):
        return f"the rows have facts of other documents than those that state all of {named}"
    return f"the rows have {said!r}, which is none of {named}: name the set by it, too: stating({named}, ...)"


def _alike(case: Case) -> Iterator[int]:
    """Where nothing is derived: the facts that say of others what the matched fact says of its subject."""
    snapshot = case.snapshot
    for fact in case.operands:
        if snapshot.label_of(fact) != "Assertion":
            continue
        said = [(name, snapshot.normal(fact, name)) for name in ("quantity", "period", "condition")]
        for other in snapshot.find("Assertion", "quantity", said[0][1]):
            if all(snapshot.normal(int(other), name) == normal for name, normal in said):
                yield int(other)


def documents_about(snapshot: Snapshot, kind: str) -> dict[int, set[int]]:
    """Documents whose own subject is of a kind -> those subjects."""
    found: dict[int, set[int]] = {}
    for document in range(*snapshot.ranges.get("Document", (0, 0))):
        about = neighbours(snapshot, document, "ABOUT", 1)
        of_kind = {entity for entity in about if snapshot.normal(entity, "kind") == kind}
        if of_kind:
            found[document] = of_kind
    return found


def _subjects_of(snapshot: Snapshot, facts: Iterable[int]) -> set[int]:
    return {entity for fact in facts for entity in subjects(snapshot, fact)}
