"""Earlier edits and what users touched since, made into edits that give the graph that the server shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kg.graph import model
from kg.graph.diff import Key
from kg.graph.edits.anchor import refs
from kg.graph.edits.apply import Edits, Work, says_the_same, worked
from kg.graph.edits.merges import find_merges
from kg.graph.edits.patch import Patch, Row
from kg.graph.edits.touched import ENDS, Touched, equal, said
from kg.graph.tables import Tables
from schemas.edit import Edit, Ref

ROUNDS: Final = 3
"""What one edit makes follow may need another edit; more than two rounds were never seen."""
FOLLOWS: Final = frozenset({"aliases", "former_ids", "described"})
"""Properties of the node that stays which a merge fills itself."""


def settle(pure: Tables, written: Tables, now: Tables, base: Edits, changes: Touched) -> Edits:
    """The edits that give what the server shows.

    Args:
        pure: what extraction gave.
        written: what kgmine last wrote, with `base`.
        now: what the server holds.
        base: the edits so far.
        changes: what differs between `written` and `now`.
    """
    if not (changes.values or changes.new or changes.gone or any(edit.op == "ignore" for edit in base)):
        return base
    _, work = worked(pure, base)
    made = {(_is_edge(edit), work.targets.get(edit.id)) for edit in base if edit.op == "add"}
    found = _Settlement(Patch(pure), Patch(written), Patch(now), changes, work, made)
    kept = [edit for old in base for edit in found.kept(old)]
    edits = _joined([*kept, *found.touched(kept)])
    for _ in range(ROUNDS):
        more = found.missing(pure, edits)
        if not more:
            break
        edits = _joined([*edits, *more])
    return edits


@dataclass
class _Settlement:
    """The three graphs and what happened."""

    pure: Patch
    written: Patch
    now: Patch
    changes: Touched
    work: Work
    made: set[tuple[bool, str | None]]
    """Elements of `written` that users made."""
    merges: dict[str, str] = field(init=False)
    named: set[str] = field(init=False)
    """Nodes that went and that a node's `former_ids` name now: all their edges go with them."""
    ignored: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for graph in (self.pure, self.written, self.now):
            self._load(graph)
        gone, values = self.changes.nodes(self.changes.gone), self.changes.nodes(self.changes.values)
        # Of two nodes that users made nothing will be extracted: their edges say it all.
        new = self.changes.new
        gone = {i: (key, row) for i, (key, row) in gone.items() if (False, i) not in new and self._is_pure(i, key)}
        former = {
            old: id_
            for id_, (_, changed) in values.items()
            for old in changed.get("former_ids") or ()
            if old in gone and old not in (self._was(id_).get("former_ids") or ())
        }
        self.named = set(former)
        drawn = self.changes.edges(new)
        ends = {row[end] for _, row in drawn.values() for end in ENDS}
        there = [(key, row) for key, row in self.now.at(ends) if row["id"] not in drawn] if gone else []
        lost = self.changes.edges(self.changes.gone).values()
        self.merges = find_merges({i: key[0] for i, (key, _) in gone.items()}, lost, drawn.values(), there, former)

    def _load(self, graph: Patch) -> None:
        """Read in one pass whatever was touched."""
        touched = [*self.changes.gone, *self.changes.new, *self.changes.values]
        graph.load([id_ for edge, id_ in touched if not edge], [id_ for edge, id_ in touched if edge])

    def _is_pure(self, id_: str, key: Key) -> bool:
        place = self.pure.old(id_)
        return place is not None and place[0] == key

    def _was(self, id_: str) -> Row:
        place = self.written.old(id_)
        return place[1] if place else {}

    # What becomes of the edits so far --------------------------------------------------------------------------------

    def kept(self, edit: Edit) -> Iterator[Edit]:
        """The edit, what is left of it, or nothing."""
        edge = _is_edge(edit)
        target = self.work.targets.get(edit.id)
        if edit.op == "ignore" and edit.on is not None and edit.on.id is not None:
            if self.now.old(edit.on.id, edge=edge) is not None:
                self.ignored.add(edit.on.id)
                yield edit
        elif target is None:
            yield edit  # it waits, or it is no change of the graph
        elif edit.op == "remove":
            if not self._restored(edge, target):
                yield edit
        elif edit.op == "set":
            yield from self._kept_set(edit, (edge, target))
        elif edit.op == "add":
            touched = (edge, target) in self.changes.gone or (edge, target) in self.changes.values
            if not touched:
                yield edit
        elif edit.op == "merge":
            yield from self._kept_merge(edit, target)

    def _kept_set(self, edit: Edit, target: tuple[bool, str]) -> Iterator[Edit]:
        if target in self.changes.gone:
            return
        touched = self.changes.values.get(target, ((), {}))[1]
        left = {name: value for name, value in edit.properties.items() if name not in touched}
        if left:
            was = {name: value for name, value in edit.was.items() if name in left}
            yield edit if len(left) == len(edit.properties) else edit.but(properties=left, was=was)

    def _kept_merge(self, edit: Edit, target: str) -> Iterator[Edit]:
        into = self.work.merged.get(target)
        if (False, target) in self.changes.new:
            return  # it is there again
        if into is not None and (False, into) in self.changes.gone and into not in self.merges:
            yield Edit(op="remove", on=edit.on, origin="server")
        else:
            yield edit

    # What was touched ------------------------------------------------------------------------------------------------

    def touched(self, kept: list[Edit]) -> list[Edit]:
        """Edits for what users did."""
        known = {(_is_edge(edit), self.work.targets.get(edit.id)) for edit in kept if edit.op == "add"}
        edits: list[_Wanted] = []
        for (edge, id_), (_, row) in sorted(self.changes.gone.items()):
            moved = self.changes.new.get((edge, id_))
            follows = self._goes_along(edge, row) if moved is None else edge and self._moved_by_merge(id_, moved[1])
            if (not edge and id_ in self.merges) or follows or self._restored(edge, id_) or (edge, id_) in self.made:
                continue
            if self.pure.old(id_, edge=edge) is not None:
                edits.append(("remove", edge, id_, {}))
        edits += [self._values(*thing, values) for thing, (_, values) in sorted(self.changes.values.items())]
        for (edge, id_), (key, row) in sorted(self.changes.new.items()):
            if id_ not in self.ignored and (edge, id_) not in known:
                edits += self._new(edge, id_, key, row)
        edits += [("merge", False, gone, {"into": stays}) for gone, stays in sorted(self.merges.items())]
        return self._made([edit for edit in edits if edit[0] != "set" or edit[3]])

    def _restored(self, edge: bool, id_: str) -> bool:
        """Whether what extraction gave is there again, or still."""
        new, place = self.changes.new.get((edge, id_)), self.pure.old(id_, edge=edge)
        if new is None or place is None or new[0] != place[0]:
            return False
        return all(place[1].get(end) == new[1].get(end) for end in ENDS)

    def _goes_along(self, edge: bool, row: Row) -> bool:
        """Whether an edge is gone because one of its ends is."""
        gone = {(False, row[end]) for end in ENDS} if edge else set()
        return any(end in self.changes.gone and end not in self.changes.new for end in gone)

    def _values(self, edge: bool, id_: str, values: Mapping[str, Any]) -> _Wanted:
        place = self.pure.old(id_, edge=edge)
        if (edge, id_) in self.made:  # its edit says all of it
            whole = self.now.old(id_, edge=edge)
            given = {name: value for name, value in values.items() if value is not None}
            return "add", edge, id_, {**said(whole[1] if whole else {}), **given}
        # None: of a version before the one that was being written; the edit waits.
        row = place[1] if place is not None else {}
        stays = id_ in self.merges.values()
        wanted = {n: v for n, v in values.items() if not equal(v, row.get(n)) and not (stays and n in FOLLOWS)}
        return "set", edge, id_, wanted

    def _new(self, edge: bool, id_: str, key: Key, row: Row) -> list[_Wanted]:
        place = self.pure.old(id_, edge=edge)
        if edge and self._moved_by_merge(id_, row):
            old = self.changes.gone[True, id_][1]
            between = row[model.START] == row[model.END] and old[model.START] != old[model.END]
            if between or self._has_twin(key, row):
                self.ignored.add(id_)
                return [("ignore", edge, id_, {})]
            return []
        if place is not None and self._restored(edge, id_):  # it was removed, and is there again
            names = sorted({*place[1], *row} - {"id", *ENDS, "provenance", ":MARK"})
            return [("set", edge, id_, {n: row.get(n) for n in names if not equal(row.get(n), place[1].get(n))})]
        removed = [] if place is None or (edge, id_) in self.changes.gone else [("remove", edge, id_, dict[str, Any]())]
        return [*removed, ("add", edge, id_, said(row))]

    def _moved_by_merge(self, id_: str, row: Row) -> bool:
        """Whether an edge hangs where a merge leaves it."""
        old = self.changes.gone.get((True, id_))
        return (
            old is not None
            and all(self.merges.get(old[1][end], old[1][end]) == row[end] for end in ENDS)
            and any(old[1][end] in self.merges for end in ENDS)
        )

    def _has_twin(self, key: Key, row: Row) -> bool:
        """Whether the node that stays has the edge already, of its own or from one that went into it before."""
        others = self.now.where(key, model.START, [row[model.START]])
        own = self._came_from(row["id"])
        before = [other for other in others if self._came_from(other["id"]) < own]
        return any(says_the_same(_bare(other), _bare(row)) for other in before)

    def _came_from(self, id_: str) -> str:
        """The node that an edge hung on before it was merged; empty where it was not."""
        old = self.changes.gone.get((True, id_))
        return min((old[1][end] for end in ENDS if old[1][end] in self.merges), default="") if old else ""

    # Whether that is enough ------------------------------------------------------------------------------------------

    def missing(self, pure: Tables, edits: Edits) -> list[Edit]:
        """Edits for what the edits so far do not give though the server shows it."""
        _, work = worked(pure, edits)
        self._load(work.patch)
        wanted: list[_Wanted] = []
        for (edge, id_), (key, values) in sorted(self.changes.values.items()):
            place = _current(work.patch, edge, id_)
            if place is not None and place[0] == key:
                wanted.append(("set", edge, id_, {n: v for n, v in values.items() if not equal(place[1].get(n), v)}))
        for (edge, id_), (_, row) in sorted(self.changes.gone.items()):
            stays = (edge, id_) in self.changes.new or (edge and self._follows_name(row))
            if not stays and _current(work.patch, edge, id_) is not None and self.pure.old(id_, edge=edge) is not None:
                wanted.append(("remove", edge, id_, {}))
        for (edge, id_), (key, row) in sorted(self.changes.new.items()):
            place = _current(work.patch, edge, id_)
            if id_ in self.ignored:
                continue
            if place is None:
                wanted.append(("add", edge, id_, said(row)))
            elif place[0] == key:
                other = {n: row.get(n) for n in sorted({*row, *place[1]} - {"id", *ENDS, "provenance", ":MARK"})}
                wanted.append(("set", edge, id_, {n: v for n, v in other.items() if not equal(place[1].get(n), v)}))
        wanted += [("remove", True, id_, {}) for id_ in self._unheard_of(work.patch)]
        known = {edit.id for edit in edits}
        wanted = [one for one in wanted if one[0] != "set" or one[3]]
        return [edit for edit in self._made(wanted) if edit.id not in known]

    def _unheard_of(self, patch: Patch) -> list[str]:
        """Edges that an earlier merge would bring back since the one that a user drew in their stead is gone."""
        moved = (row["id"] for _, row in patch.new_edges({key[0] for key in self.pure.base.edges}))
        lost = []
        for id_ in moved:
            place = self.pure.old(id_, edge=True)
            shown = self.written.old(id_, edge=True) or self.now.old(id_, edge=True)
            if place is not None and shown is None and not self._follows_name(place[1]):
                lost.append(id_)
        return lost

    def _follows_name(self, row: Row) -> bool:
        """Whether an edge goes to another node with one that was merged by name."""
        return any(row[end] in self.named for end in ENDS)

    def _made(self, wanted: list[_Wanted]) -> list[Edit]:
        nodes = {id_ for _, edge, id_, _ in wanted if not edge} | {
            str(v["into"]) for op, _, _, v in wanted if op == "merge"
        }
        edges = {id_ for _, edge, id_, _ in wanted if edge}
        old = refs([self.pure, self.written, self.now], sorted(nodes), sorted(edges))
        new = refs([self.now, self.written], sorted(nodes), sorted(edges))
        return [self._edit(one, old, new) for one in wanted]

    def _edit(self, one: _Wanted, old: Mapping[str, Ref], new: Mapping[str, Ref]) -> Edit:
        op, edge, id_, values = one
        if op == "merge":
            into = str(values["into"])
            return Edit(op="merge", on=old[id_], into=_there(old[into], new), origin="server")
        if op in ("add", "ignore"):
            on = new[id_].but(says={}, document=None, inside=None)
            if edge:
                ends = (_there(old.get(end.id or "", end), new) for end in (on.start, on.end) if end is not None)
                on = on.but(**dict(zip(("start", "end"), ends, strict=True)))
            return Edit.model_validate({"op": op, "on": on, "properties": values, "origin": "server"})
        if op == "remove":
            return Edit(op="remove", on=old[id_], origin="server")
        place = self.pure.old(id_, edge=edge)
        was = {name: place[1].get(name) for name in values} if place else {}
        return Edit.model_validate(
            {"op": "set", "on": old[id_], "properties": dict(sorted(values.items())), "was": was, "origin": "server"}
        )


_Wanted = tuple[str, bool, str, dict[str, Any]]
"""(operation, whether of an edge, id, properties; of a merge, `into`)."""


def _is_edge(edit: Edit) -> bool:
    return edit.on is not None and edit.on.start is not None


def _there(ref: Ref, now: Mapping[str, Ref]) -> Ref:
    """What extraction says of a node; where it has another label on the server, what the server says."""
    found = now.get(ref.id or "", ref)
    return ref if found.label == ref.label else found


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != ":MARK"}


def _current(patch: Patch, edge: bool, id_: str) -> tuple[Key, Row] | None:
    if edge:
        return patch.edge(id_)
    place = patch.node(id_)
    return ((place[0],), place[1]) if place else None


def _joined(edits: list[Edit]) -> Edits:
    """Each edit once; new values of one element in one edit, the later of two wins."""
    found: dict[object, Edit] = {}
    for edit in edits:
        key = (edit.origin, edit.on.label, edit.on.id or edit.on) if edit.op == "set" and edit.on else edit.id
        before = found.get(key)
        if before is None or edit.op != "set":
            found[key] = edit
        else:
            values = {**before.properties, **edit.properties}
            found[key] = before.but(properties=values, was={**edit.was, **before.was})
    return tuple(found.values())
