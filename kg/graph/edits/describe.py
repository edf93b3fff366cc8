"""Edits as rows for a person: what was changed, what extraction says, and whether the edit is in the graph."""

from __future__ import annotations

from typing import Literal

from kg.graph.edits.anchor import spoken
from kg.graph.edits.apply import Edits, worked
from kg.graph.edits.patch import Patch
from kg.graph.edits.patch import Row as TableRow
from kg.graph.tables import Tables
from schemas.base import Row
from schemas.edit import Edit, Property

CUT = 60


class Described(Row):
    """One edit as `kgmine graph diff` lists it."""

    edit: str
    op: str
    origin: Literal["server", "file"]
    element: str
    """What is changed, as extraction told it when the edit was made."""
    change: str
    extraction: str
    """What extraction says of the same thing now."""
    state: Literal["applied", "waiting", "left out"]
    """`waiting`: not in the graph; tried again with every build."""
    reason: str = ""
    """Why it waits."""

    def cells(self) -> tuple[str, str, str, str, str]:
        """(edit, element, change, extraction says, state)."""
        state = f"{self.state}: {self.reason}" if self.reason else self.state
        return self.edit[:8], self.element, self.change, self.extraction, state


def describe(edits: Edits, pure: Tables) -> list[Described]:
    """The edits, in their order, beside what extraction gave."""
    applied, work = worked(pure, edits)
    why = {row.item: row.details["why"] for row in applied.rejected}
    before = Patch(pure)
    return [
        Described(
            edit=edit.id,
            op=edit.op,
            origin=edit.origin,
            element=spoken(edit.on) if edit.on is not None else " | ".join(edit.surfaces or ()),
            change=_change(edit),
            extraction=_extraction(edit, before, work.targets.get(edit.id)),
            state="left out" if edit.op == "ignore" else "waiting" if edit.id in why else "applied",
            reason=why.get(edit.id, ""),
        )
        for edit in edits
    ]


def _change(edit: Edit) -> str:
    if edit.op == "set":
        return ", ".join(f"{name} = {_short(value)}" for name, value in sorted(edit.properties.items()))
    if edit.op == "add":
        return " ".join(["new", *(f"{name} = {_short(value)}" for name, value in sorted(edit.properties.items()))])
    if edit.op == "merge" and edit.into is not None:
        return f"merged into {spoken(edit.into)}"
    return {"remove": "removed", "split": "two entities", "ignore": "made by a user, left out of the graph"}[edit.op]


def _extraction(edit: Edit, before: Patch, target: str | None) -> str:
    """Of a value, extraction's own; of anything else, whether extraction has it."""
    edge = edit.on is not None and edit.on.start is not None
    place = before.old(target, edge=edge) if target else None
    if edit.op == "set":
        row: TableRow | None = place[1] if place else None
        values = {name: row.get(name) if row else edit.was.get(name) for name in sorted(edit.properties)}
        return ", ".join(f"{name} = {_short(value)}" for name, value in values.items())
    if edit.op in ("remove", "merge"):
        return "there" if place else "not there"
    return "one entity" if edit.op == "split" else "not there"


def _short(value: Property | list[object]) -> str:
    if value is None:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= CUT else line[: CUT - 1] + "…"
