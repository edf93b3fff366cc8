"""Reading off a server what users changed there.

    written     what kgmine last wrote of what is on the server, row by row
    now         what the server holds
    touched     what differs between the two: a user did that

Every touched value, every element that is new and every one that is gone is in the graph as the server has it, once the
edits are applied; what was not touched is as it was, but for what follows from an edit. So edits are merged:

* A value that is what extraction says needs no edit: an earlier edit of it goes. Where the value would be another
  without an edit (it follows from something else), an edit states it.
* An element that the user made and that is gone, or changed, takes its edit along. Removed and there again: the removal
  goes. A merge goes when the merged node is there again.
* An edit that waits (its target is gone, or its value has the wrong type) stays: the server cannot show it.
* Edits written into the file by hand stay as long as their lines do, unless the server says otherwise later.

A sync that was interrupted leaves rows of two versions on the server. The mark of a row tells which one it is of; a row
that only one version has was removed by nobody but kgmine; and what the interrupted version was made of counts, for
part of it is already written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from kg.graph import marks
from kg.graph.diff import Key, diff
from kg.graph.edits.anchor import refs
from kg.graph.edits.apply import Edits
from kg.graph.edits.patch import Patch
from kg.graph.edits.settle import settle
from kg.graph.edits.touched import aligned, touched
from kg.graph.tables import Tables
from schemas.edit import Edit, Ref

Odd = Mapping[str, Mapping[str, Any]]
"""Element -> property -> a value that does not have the type of its property, as the server holds it."""


@dataclass(frozen=True)
class Version:
    """One graph that kgmine wrote to a server, and what it was made of."""

    tables: Tables
    pure: Tables
    """The tables without edits."""
    edits: Edits


def harvest(
    now: Tables, synced: Version, edits: Edits, *, interrupted: Version | None = None, odd: Odd | None = None
) -> Edits:
    """The edits as the server shows them.

    Args:
        now: what the server holds, with the column `:MARK`, which is null where kgmine did not write the row.
        synced: what was last written whole.
        edits: of the file. Those from the server that `synced` does not have are read off it again.
        interrupted: what a later sync that did not finish was writing.
        odd: values that the tables cannot hold; the tables have null there.
    """
    version = interrupted or synced
    written, stale = (synced.tables, frozenset[str]()) if interrupted is None else _written(now, synced, interrupted)
    changes = touched(written, now, odd or {})
    lines = {edit.id for edit in edits}
    old = {edit.id for edit in synced.edits}
    base = tuple(
        edit
        for edit in version.edits
        if (edit.id in lines if edit.origin == "file" else edit.id in old or _key(edit) not in stale)
    )
    known = {edit.id for edit in version.edits}
    merged = settle(version.pure, written, now, base, changes)
    return (*merged, *(edit for edit in edits if edit.origin == "file" and edit.id not in known))


def discard(now: Tables) -> Edits:
    """Edits that leave out of the graph what users made on the server: kgmine deletes only what it wrote itself."""
    found = Patch(now)
    nodes = [row["id"] for table in now.nodes.values() for row in _unmarked(table)]
    edges = [row["id"] for table in now.edges.values() for row in _unmarked(table)]
    named = refs([found], nodes, edges)
    return tuple(Edit(op="ignore", on=_short(named[id_]), origin="server") for id_ in [*nodes, *edges])


def _unmarked(table: Any) -> list[dict[str, Any]]:
    if marks.COLUMN not in table.column_names:
        return []
    rows: list[dict[str, Any]] = table.filter(pc.is_null(table[marks.COLUMN])).select(["id"]).to_pylist()
    return rows


def _key(edit: Edit) -> str | None:
    return edit.on.id if edit.on is not None and edit.op == "set" else None


def _written(now: Tables, synced: Version, interrupted: Version) -> tuple[Tables, frozenset[str]]:
    """What kgmine last wrote of what is there, and the ids of rows that are still as before the interrupted sync."""
    patch, before, stale = Patch(interrupted.tables), Patch(synced.tables), set[str]()
    change = diff(aligned(synced.tables, interrupted.tables), aligned(interrupted.tables, synced.tables))
    for key, one in [*(((label,), c) for label, c in change.nodes.items()), *change.edges.items()]:
        there = _found_marks(now, key)
        for name, type_ in before.types(key).items():
            patch.column(key, name, type_)
        for row in one.added.to_pylist():
            if row["id"] not in there:
                patch.drop(key, row["id"])
        for row in one.removed.to_pylist():
            place = before.old(row["id"], edge=len(key) == 3)
            if row["id"] in there and place is not None:
                patch.put(key, place[1])
        ids = one.changed["id"].to_pylist()
        before.load(nodes=ids) if len(key) == 1 else before.load(edges=ids)
        for id_ in ids:
            place = before.old(id_, edge=len(key) == 3)
            if place is not None and there.get(id_) == _mark(key, place[1]):
                patch.put(key, place[1])
                stale.add(id_)
    return patch.tables(), frozenset(stale)


def _found_marks(now: Tables, key: Key) -> dict[str, str | None]:
    table = now.nodes.get(key[0]) if len(key) == 1 else now.edges.get((key[0], key[1], key[2]))
    if table is None:
        return {}
    found = table[marks.COLUMN].to_pylist() if marks.COLUMN in table.column_names else [None] * table.num_rows
    return dict(zip(table["id"].to_pylist(), found, strict=True))


def _mark(key: Key, row: Mapping[str, Any]) -> str:
    names = list(row)
    return next(iter(marks.mark_rows([[row[name] for name in names]], names, key)))


def _short(ref: Ref) -> Ref:
    """A reference to what the user made: nothing of extraction's can tell it."""
    return ref.but(says={}, document=None, inside=None)
