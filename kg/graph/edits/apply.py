"""The graph with its edits: what extraction gave, what users changed, and what follows from it.

In this order, whatever the order of the file: removals, new nodes, new edges, new values, merges; then what follows
(`kg.graph.edits.follow`). Every row that an edit touched, directly or because it follows, has `provenance` user.

A merge of B into A gives every edge of B to A, those that a later extraction finds included. An edge that would then
stand beside one that says the same (type, ends, and all values but how it was found) is dropped, and so is one that
would join A with itself. A takes over B's name and aliases as aliases, and its ids as former ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from kg.graph import model
from kg.graph.diff import Key
from kg.graph.edits.anchor import AMBIGUOUS, GONE, SPANS, Finder, Lost, spoken
from kg.graph.edits.follow import follow, without_ends
from kg.graph.edits.follow_values import unpinned
from kg.graph.edits.patch import PROVENANCE, Columns, MisfitError, Patch, Row
from kg.graph.edits.split import check_split
from kg.graph.ids import digest
from kg.graph.tables import Tables
from schemas.edit import Edit, Ref
from schemas.reject import Rejected

STAGE: Final = "edits"
TYPE: Final = "edit_type"

Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class Applied:
    """A graph with its edits."""

    tables: Tables
    rejected: tuple[Rejected, ...] = ()
    """Edits that wait: their target is gone or ambiguous, or a value has the wrong type. They are tried again."""
    applied: tuple[str, ...] = ()
    """Ids of the edits that are in the graph."""
    notes: tuple[str, ...] = ()
    """What else the user should know, a line each."""


@final
@dataclass
class Work:
    """A graph on its way."""

    patch: Patch
    finder: Finder
    columns: Columns
    pins: dict[str, set[str]] = field(default_factory=dict)
    """Id -> properties that an edit gives: nothing that follows changes them."""
    targets: dict[str, str] = field(default_factory=dict)
    """Edit -> id of what it changed."""
    merged: dict[str, str] = field(default_factory=dict)
    """Node that went -> node that stays."""

    def find(self, ref: Ref | None) -> str | Lost:
        return self.finder.find(ref) if ref is not None else Lost(GONE, "the edit names no target")


def apply_edits(pure: Tables, edits: Edits) -> Applied:
    """Apply edits to what extraction gave.

    Args:
        pure: tables without any edit.
        edits: as `read_edits` gives them.
    """
    return _apply(pure, edits)[0]


def worked(pure: Tables, edits: Edits) -> tuple[Applied, Work]:
    """`apply_edits`, and how it went."""
    return _apply(pure, edits)


def _apply(pure: Tables, edits: Edits) -> tuple[Applied, Work]:
    wanted = [ref for edit in edits for ref in (edit.on, edit.into) if ref is not None]
    finder = Finder.of(pure, wanted)
    work = Work(finder.graph, finder, Columns(pure))
    lost: dict[str, Lost] = {}
    for apply_one, chosen in _stages(edits):
        for edit in chosen:
            try:
                why = apply_one(work, edit)
            except MisfitError as error:
                why = Lost(TYPE, str(error))
            if why is not None:
                lost[edit.id] = why
        if apply_one is _remove:  # before another node or edge takes their ids
            without_ends(work.patch, work.patch.removed())
    lost |= _unjoined(work, edits)
    notes = follow(work.patch, work.pins, work.merged)
    return Applied(
        tables=work.patch.tables(),
        rejected=tuple(_reject(edit, lost[edit.id]) for edit in edits if edit.id in lost),
        applied=tuple(edit.id for edit in edits if edit.id not in lost),
        notes=notes,
    ), work


def _stages(edits: Edits) -> Iterable[tuple[Callable[[Work, Edit], Lost | None], list[Edit]]]:
    def of(op: str) -> list[Edit]:
        return [edit for edit in edits if edit.op == op]

    added = of("add")
    yield _remove, of("remove")
    yield _learn, [*added, *of("set")]
    yield _add_node, [edit for edit in added if edit.on is None or edit.on.start is None]
    yield _add_edge, [edit for edit in added if edit.on is not None and edit.on.start is not None]
    yield _set, of("set")
    yield _merge, of("merge")
    yield (lambda work, edit: check_split(work.patch, edit)), of("split")


def _unjoined(work: Work, edits: Edits) -> dict[str, Lost]:
    """Nodes that users made on a server and that nothing joins to the graph any more, there either."""
    made = {work.targets[e.id]: e for e in edits if e.op == "add" and e.origin == "server" and e.id in work.targets}
    # What extraction made and a user gave another label is kgmine's on the server.
    alone = {i: e for i, e in made.items() if e.on is not None and e.on.start is None and work.patch.old(i) is None}
    edges = [(row[model.START], row[model.END]) for _, row in work.patch.at(alone)]
    grown = True
    while grown:
        joined = {end for pair in edges for end in pair if end in alone and not set(pair) <= set(alone)}
        grown = bool(joined)
        alone = {id_: edit for id_, edit in alone.items() if id_ not in joined}
    for id_, edit in alone.items():
        assert edit.on is not None
        work.patch.drop((edit.on.label,), id_)
    without_ends(work.patch, frozenset(alone))
    return {edit.id: Lost(GONE, "nothing joins it to the graph any more") for edit in alone.values()}


def _reject(edit: Edit, why: Lost) -> Rejected:
    what = f"{edit.op} {spoken(edit.on)}" if edit.on is not None else f"{edit.op} {' | '.join(edit.surfaces or ())}"
    return Rejected(
        item=edit.id,
        stage=STAGE,
        check=why.check,
        reason=f"{what}: {why.reason}",
        document=edit.on.document if edit.on is not None else None,
        details={"edit": edit.line, "why": why.reason},
    )


def _place(work: Work, edit: Edit) -> tuple[Key, Row] | Lost:
    """Key and row of an edit's target as it is now."""
    found = work.find(edit.on)
    if isinstance(found, Lost):
        return found
    assert edit.on is not None
    work.targets[edit.id] = found
    if edit.on.start is not None:
        return work.patch.edge(found) or Lost(GONE, "another edit removed it")
    node = work.patch.node(found)
    return ((node[0],), node[1]) if node else Lost(GONE, "another edit removed it")


def _remove(work: Work, edit: Edit) -> Lost | None:
    place = _place(work, edit)
    if isinstance(place, Lost):
        return place
    work.patch.drop(place[0], place[1]["id"])
    return None


def _learn(work: Work, edit: Edit) -> None:
    on = edit.on
    if on is not None:
        work.columns.learn((on.label,) if on.start is None else (on.label, "", ""), edit.properties)


def _set(work: Work, edit: Edit) -> Lost | None:
    place = _place(work, edit)
    if isinstance(place, Lost):
        return place
    key, row = place
    _write(work, key, row, edit.properties)
    return None


def _write(work: Work, key: Key, row: Row, values: Mapping[str, Any]) -> None:
    """A row with new values. A property that no row has is not made for a null."""
    fitting = work.columns.fit(key, values)
    for name, value in fitting.items():
        if value is not None:
            work.patch.column(key, name, work.columns.type_of(key, name))
    known = {name: value for name, value in fitting.items() if name in work.patch.types(key)}
    work.patch.column(key, PROVENANCE, "string")
    work.patch.put(key, {**row, **known, PROVENANCE: model.USER})
    work.pins.setdefault(row["id"], set()).update(values)


def _add_node(work: Work, edit: Edit) -> Lost | None:
    if edit.on is None:
        return Lost(GONE, "the edit does not say what is added")
    id_ = edit.on.id or f"user-{edit.id}"
    if work.patch.node(id_) is not None:
        return Lost(AMBIGUOUS, f"the graph has a node with the id {id_} already")
    _write(work, (edit.on.label,), {"id": id_}, edit.properties)
    work.finder.made[id_] = edit.on.label
    work.targets[edit.id] = id_
    return None


def _add_edge(work: Work, edit: Edit) -> Lost | None:
    assert edit.on is not None
    ends: list[tuple[str, str]] = []
    for ref in (edit.on.start, edit.on.end):
        found = work.find(ref)
        node = None if isinstance(found, Lost) else work.patch.node(found)
        if isinstance(found, Lost) or node is None:
            return found if isinstance(found, Lost) else Lost(GONE, "another edit removed one of its ends")
        ends.append((node[0], found))
    (source, start), (target, end) = ends
    # Found again between other ids it is another edge: the one that the user drew went with the nodes that it joined.
    same = [ref and ref.id for ref in (edit.on.start, edit.on.end)] == [start, end]
    id_ = edit.on.id if edit.on.id and same else digest("user", edit.on.id or edit.id, start, end)
    if work.patch.edge(id_) is not None:
        return Lost(AMBIGUOUS, f"the graph has an edge with the id {id_} already")
    key = (edit.on.label, source, target)
    _write(work, key, {"id": id_, model.START: start, model.END: end}, edit.properties)
    work.targets[edit.id] = id_
    return None


def _merge(work: Work, edit: Edit) -> Lost | None:
    gone, stays = work.find(edit.on), work.find(edit.into)
    if isinstance(gone, Lost) or isinstance(stays, Lost):
        return gone if isinstance(gone, Lost) else stays if isinstance(stays, Lost) else None
    while stays in work.merged:  # it went into a third one itself
        stays = work.merged[stays]
    one, other = work.patch.node(gone), work.patch.node(stays)
    if gone == stays:
        return None  # extraction has come to say the same
    if one is None or other is None:
        return Lost(GONE, "another edit removed one of the two")
    work.targets[edit.id] = gone
    work.merged[gone] = stays
    mine, theirs = work.patch.at([gone]), work.patch.at([stays])
    for key, row in mine:
        work.patch.drop(key, row["id"])
        _redirect(work, (key, row), gone, (other[0], stays), theirs)
    work.patch.drop((one[0],), gone)
    names = _names(one[1], other[1], work.patch.types((other[0],)))
    work.patch.update((other[0],), stays, unpinned(work.pins, stays, names))
    return None


def _redirect(
    work: Work, edge: tuple[Key, Row], gone: str, stays: tuple[str, str], theirs: list[tuple[Key, Row]]
) -> None:
    """One edge of the node that goes, at the node that stays, which has the edges `theirs`."""
    (key, row), (label, id_) = edge, stays
    start, end = (id_ if row[name] == gone else row[name] for name in (model.START, model.END))
    if start == end and row[model.START] != row[model.END]:
        return
    source, target = (
        label if row[name] == gone else old for name, old in zip((model.START, model.END), key[1:], strict=True)
    )
    moved = {**row, model.START: start, model.END: end, PROVENANCE: model.USER}
    there = (key[0], source, target)
    if any(there == its and says_the_same(moved, other) for its, other in theirs):
        return
    for name, type_ in work.patch.types(key).items():
        work.patch.column(there, name, type_)
    work.patch.column(there, PROVENANCE, "string")
    work.patch.put(there, moved)


def says_the_same(one: Row, other: Row) -> bool:
    """Whether two edges of one type join the same nodes and have the same values, but for how they were found."""
    found = {*model.COMMON, *SPANS, "id", "text"}
    names = {*one, *other} - found
    return all(one.get(name) == other.get(name) for name in sorted(names))


def _names(gone: Row, stays: Row, types: Mapping[str, str]) -> dict[str, Any]:
    """Aliases and former ids of the node that stays, where nodes of its label have them."""
    values: dict[str, Any] = {}
    if types.get("aliases") == "list<string>":
        names = {*(stays.get("aliases") or ()), *(gone.get("aliases") or ())} | {gone.get("name")}
        values["aliases"] = sorted(name for name in names if name and name != stays.get("name"))
    if types.get("former_ids") == "list<string>":
        ids = {*(stays.get("former_ids") or ()), *(gone.get("former_ids") or ()), gone["id"]}
        values["former_ids"] = sorted(ids - {stays["id"]})
    return values
