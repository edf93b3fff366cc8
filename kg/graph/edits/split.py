"""Edits that keep two names apart: they are not changes of the graph but of how names are resolved (`kg.corpus`)."""

from __future__ import annotations

from kg.graph.edits.anchor import AMBIGUOUS, GONE, Lost
from kg.graph.edits.patch import Patch
from kg.values.name import normal
from schemas.edit import Edit


def splits(edits: tuple[Edit, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of names that must stay two entities, for `kg.corpus.overlay.build`."""
    return tuple(edit.surfaces for edit in edits if edit.op == "split" and edit.surfaces is not None)


def check_split(graph: Patch, edit: Edit) -> Lost | None:
    """Why the two names are not two entities in what extraction gave with the edit; None where they are."""
    if edit.surfaces is None:
        return Lost(GONE, "the edit names no two names")
    table = graph.base.nodes.get("Entity")
    holders: list[set[str]] = [set(), set()]
    for row in table.to_pylist() if table is not None else ():
        names = {normal(name) for name in (row.get("name"), *(row.get("aliases") or ())) if name}
        for holder, surface in zip(holders, edit.surfaces, strict=True):
            if normal(surface) in names:
                holder.add(row["id"])
    for holder, surface in zip(holders, edit.surfaces, strict=True):
        if not holder:
            return Lost(GONE, f"no entity is called {surface}")
    if len(holders[0] | holders[1]) < 2:
        return Lost(AMBIGUOUS, "the two names have one normal form; nothing tells them apart")
    return None
