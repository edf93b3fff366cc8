"""What follows from edits in a graph of kgmine's own labels. What an edit gives stays as the edit says.

    gone               what goes with it
    a document         everything in it
    a table            its rows, columns and cells
    a row, a column    the cells that stand in no other row (column)
    any node           its edges
    a value's support  the fact, unless another place holds its value, or the user changed the fact itself
    a fact             its support of a relation between entities; the relation with its last one

    changed            what changes with it
    an entity's name   `described`, where the name stands in it; `aliases`: the old name joins
    an entity          `subject`, `subject_kind` and `fact_key` of the facts about it; likewise where a SUBJECT edge
                       was moved, or the entity merged into another
    a cell, a chunk    the facts whose value stands there (`kg.graph.edits.follow_values`)
    a formula's text   `sympy` and `target` go: nobody has read the new text
    a fact             its number, exact number, text, date, period and key go together

What only looks back (the reference of a document, headings, header paths, captions, a name in the text) stays as it was
printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from kg.graph import model
from kg.graph.diff import Key
from kg.graph.edits import follow_values
from kg.graph.edits.follow_values import Pins, is_value, unpinned
from kg.graph.edits.patch import Patch, Row
from kg.graph.ids import digest
from kg.values.name import normal

WHOLE: Final = {"Row": "table", "Column": "table", "Cell": "table"}
KEYED: Final = ("quantity", "period", "condition", "scope")


def follow(patch: Patch, pins: Pins, merged: Mapping[str, str]) -> tuple[str, ...]:
    """Bring a changed graph in line with itself; notes for the user, a line each.

    Args:
        patch: the graph with the edits.
        pins: id -> properties that an edit gave.
        merged: node that went -> node that stays.
    """
    if not patch.base.roles.house:
        without_ends(patch, patch.removed())
        return ()
    _parts(patch, merged)
    without_ends(patch, patch.removed())
    for old, row in patch.changed("Entity"):
        _renamed(patch, pins, old, row)
    notes = follow_values.follow(patch, pins)
    _without_support(patch, pins)
    _subjects(patch, pins, merged)
    return notes


def without_ends(patch: Patch, nodes: frozenset[str]) -> None:
    """Edges go with their ends."""
    for key, row in patch.at(nodes):
        patch.drop(key, row["id"])


def _parts(patch: Patch, merged: Mapping[str, str]) -> None:
    """What goes with its whole."""
    places = {id_: old[0][0] for id_ in patch.removed() if id_ not in merged and (old := patch.old(id_))}
    documents = {id_ for id_, label in places.items() if label == "Document"}
    for label, table in patch.base.nodes.items():
        if documents and "document" in table.column_names:
            _drop(patch, (label,), patch.where((label,), "document", documents))
    tables = {id_ for id_, label in places.items() if label == "Table"}
    for label, name in WHOLE.items():
        if tables:
            _drop(patch, (label,), patch.where((label,), name, tables))
    for label, kind, at in (("Row", "HAS_CELL", model.END), ("Column", "IN_COLUMN", model.START)):
        lines = {id_ for id_, found in places.items() if found == label}
        cells = {row[at] for _, row in Patch(patch.base).at(lines, types=[kind])}
        elsewhere = {
            row[at] for _, row in patch.at(cells, types=[kind]) if not {row[model.START], row[model.END]} & lines
        }
        found = (patch.node(cell) for cell in sorted(cells - elsewhere))
        _drop(patch, ("Cell",), [place[1] for place in found if place])


def _drop(patch: Patch, key: Key, rows: Iterable[Row]) -> None:
    for row in rows:
        patch.drop(key, row["id"])


def _renamed(patch: Patch, pins: Pins, old: Row | None, row: Row) -> None:
    if old is None or old.get("name") == row.get("name") or not row.get("name") or not old.get("name"):
        return
    before, after = str(old["name"]), str(row["name"])
    described = str(row.get("described") or "")
    values = {
        "described": re.sub(rf"(?<!\w){re.escape(before)}(?!\w)", lambda _: after, described) or None,
        "aliases": sorted({*(row.get("aliases") or ()), before} - {after}),
    }
    patch.update(("Entity",), row["id"], unpinned(pins, row["id"], values))


def _without_support(patch: Patch, pins: Pins) -> None:
    """Facts whose value stands nowhere any more, and relations that rest on none."""
    lost = {row[model.START] for _, row in patch.lost_edges(["SUPPORTED_BY"]) if is_value(row)}
    held = {row[model.START] for _, row in patch.at(lost, types=["SUPPORTED_BY"]) if is_value(row)}
    for id_ in sorted(lost - held):
        if id_ not in pins and patch.node(id_) is not None:
            patch.drop(("Assertion",), id_)
    gone = patch.removed()
    without_ends(patch, gone)
    facts = {id_ for id_ in gone if (place := patch.old(id_)) and place[0] == ("Assertion",)}
    for key, table in patch.base.edges.items() if facts else ():
        if "supports" in table.column_names:
            _unsupported(patch, pins, key, facts)


def _unsupported(patch: Patch, pins: Pins, key: Key, facts: set[str]) -> None:
    for row in patch.base.edges[key[0], key[1], key[2]].to_pylist():
        if facts.isdisjoint(row["supports"] or ()) or patch.edge(row["id"]) is None or row["id"] in pins:
            continue
        left = [fact for fact in row["supports"] if fact not in facts]
        if left:
            patch.update(key, row["id"], {"supports": left})
        else:
            patch.drop(key, row["id"])


def _subjects(patch: Patch, pins: Pins, merged: Mapping[str, str]) -> None:
    """Facts say whom they are about as their SUBJECT edge does."""
    edges = [*patch.lost_edges(["SUBJECT"]), *patch.new_edges(["SUBJECT"])]
    moved = {row[model.START] for _, row in edges}
    named = {
        row["id"]
        for old, row in patch.changed("Entity")
        if old and any(old.get(n) != row.get(n) for n in ("name", "kind"))
    }
    facts = moved | {row[model.START] for _, row in patch.at(named | set(merged.values()), types=["SUBJECT"])}
    keyed = {
        row["id"] for old, row in patch.changed("Assertion") if old and any(old.get(n) != row.get(n) for n in KEYED)
    }
    patch.load(facts | keyed)
    about = {row[model.START]: row[model.END] for _, row in reversed(patch.at(facts | keyed, types=["SUBJECT"]))}
    before = Patch(patch.base)
    was = {row[model.START]: row[model.END] for _, row in reversed(before.at(facts | keyed, types=["SUBJECT"]))}
    for id_ in sorted(facts | keyed):
        old, place, subject = patch.old(id_), patch.node(id_), about.get(id_)
        if place is None or place[0] != "Assertion":
            continue
        values: dict[str, Any] = {}
        entity = patch.node(subject) if subject else None
        if entity is not None and id_ in facts:
            values = {"subject": entity[1].get("name"), "subject_kind": entity[1].get("kind")}
        row = {**place[1], **unpinned(pins, id_, values)}
        if old is not None:
            row["fact_key"] = _rekeyed(old[1], row, was.get(id_), subject)
        changed: dict[str, Any] = {name: row[name] for name in ("subject", "subject_kind", "fact_key") if name in row}
        patch.update(("Assertion",), id_, unpinned(pins, id_, changed))


def _rekeyed(old: Row, row: Row, was: str | None, subject: str | None) -> str | None:
    """The fact key of a changed fact: the one that extraction would give, where what is known gives the old one."""
    if old.get("fact_key") is None:
        return None
    if _key_of(old, was) == _key_of(row, subject):
        return str(old["fact_key"])
    if _key_of(old, was) == old["fact_key"]:
        return _key_of(row, subject)
    return digest("fact", str(old["fact_key"]), _key_of(row, subject))


def _key_of(row: Row, subject: str | None) -> str:
    """`kg.graph.assertions.fact_key` from what the graph says of a fact."""
    whom = subject or f"{row.get('subject_kind') or ''}|{normal(row.get('subject') or row.get('document') or '')}"
    pairs = [part.partition("=") for part in (row.get("condition") or "").split("; ") if part]
    said = sorted((normal(axis), normal(member)) if sign else ("", normal(axis)) for axis, sign, member in pairs)
    conditions = ";".join(f"{axis}={member}" for axis, member in said)
    period = row.get("period") or ""
    return digest("fact", whom, normal(row.get("quantity") or ""), period, conditions, normal(row.get("scope") or ""))
