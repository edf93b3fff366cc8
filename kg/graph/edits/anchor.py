"""Anchors: how an edit finds its target again.

Ids of documents are hashes of their content, and ids of what is in them follow: one changed word in a file gives
every node of it another id. So a reference says, beside the id, what extraction told of the target when the edit was
made: the document's path, and the values that tell it from its siblings. It is found

1. by its id;
2. an entity, by its former ids: extraction merged it into another;
3. by all of these values, letter by letter, in the document of that path; rows, columns and cells only in the table
   that is found again, too (one that has neither label nor caption nor a line above it, by its first line);
4. by their normal forms (`kg.values`), texts up to 200 characters;
5. an entity, by a name that is now an alias.

A row, a column or a cell goes by its header paths (`Europa`, `Year of discovery`), for a row that is inserted above
moves all below it; its numbers count only where there is no path. The first step that finds anything decides. Several
candidates are narrowed to those inside the element that the reference names, then to the same row and column number; if
still several are left, or none was found, the edit waits (`Lost`) and is tried again next time.
An edge is found by its id, or as the only one of its type between its ends, found again; of several the one that has
the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

from kg.graph import model
from kg.graph.diff import Key
from kg.graph.edits.patch import Patch, Row
from kg.graph.roles import Roles
from kg.graph.tables import Tables
from kg.values.name import normal
from schemas.edit import Property, Ref

SAYS: Final[dict[str, tuple[str, ...]]] = {
    "Document": (),
    "Section": ("title", "level"),
    "Chunk": ("text",),
    "Table": ("label", "caption", "head"),
    "Row": ("position", "path"),
    "Column": ("position", "path"),
    "Cell": ("row", "col", "text"),
    "Formula": ("text",),
    "Symbol": ("name", "denotes"),
    "Image": ("label", "caption", "blob"),
    "Entity": ("name", "kind"),
    "Assertion": ("subject", "quantity", "period", "condition", "text"),
}
"""Label of kgmine's own -> the properties that tell a node from its siblings in a document."""
WHOLE: Final = {"Row": "table", "Column": "table", "Cell": "table", "Assertion": "element"}
"""Label -> the property that holds the id of what it is a part of."""
ROW: Final = "row_path"
COLUMN: Final = "column_path"
"""What references to cells say beside their properties: the header paths of their row and column."""
PARTS: Final = frozenset({"Row", "Column", "Cell"})
"""What is found in its table only: a row and a column number say nothing elsewhere."""
NUMBERS: Final = {"Row": {"position": "path"}, "Column": {"position": "path"}, "Cell": {"row": ROW, "col": COLUMN}}
"""Label -> what is counted, and the path that goes before it where there is one."""
NAMES: Final = ("name", "title", "label", "text", "key")
"""What names a node of another label, where the graph's roles do not say."""
SPANS: Final = frozenset({"span_start", "span_end", "position"})
SHORT: Final = 200
"""Longest text whose normal form is compared."""

GONE: Final = "edit_target_gone"
AMBIGUOUS: Final = "edit_target_ambiguous"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a target was not found."""

    check: str
    """`edit_target_gone` or `edit_target_ambiguous`."""
    reason: str


def refs(graphs: Sequence[Patch], nodes: Iterable[str], edges: Iterable[str] = ()) -> dict[str, Ref]:
    """References to nodes and edges, by id; ids that no graph has are left out.

    Args: graphs: the first that has a row tells what it says: extraction's own tables first.
    """
    nodes, edges = list(nodes), list(edges)
    for graph in graphs:
        graph.load(nodes, edges)
    wanted = {id_: found for id_ in dict.fromkeys(edges) if (found := _first(graphs, id_, edge=True))}
    ends = [row[end] for _, (_, row) in wanted.values() for end in (model.START, model.END)]
    made: dict[str, Ref] = {}
    for graph in graphs:
        graph.load(ends)
    for id_ in dict.fromkeys([*nodes, *ends]):
        if found := _first(graphs, id_, edge=False):
            made[id_] = _node_ref(*found)
    for id_, (_, (key, row)) in wanted.items():
        says = {name: row[name] for name in sorted(row) if name not in SPANS and _scalar(row, name)}
        made[id_] = Ref(
            label=key[0],
            id=id_,
            says=says,
            start=made.get(row[model.START], Ref(label=key[1], id=row[model.START])),
            end=made.get(row[model.END], Ref(label=key[2], id=row[model.END])),
        )
    return made


def _first(graphs: Sequence[Patch], id_: str, *, edge: bool) -> tuple[Patch, tuple[Key, Row]] | None:
    found = ((graph, graph.old(id_, edge=edge)) for graph in graphs)
    return next(((graph, place) for graph, place in found if place is not None), None)


def _node_ref(graph: Patch, place: tuple[Key, Row]) -> Ref:
    (label, *_), row = place
    says = _says(label, row, graph.base.roles)
    if not graph.base.roles.house:
        return Ref(label=label, id=row["id"], says=says)
    if label == "Cell":
        says |= {name: path for name, path in _paths(graph, [row])[row["id"]].items() if path}
    whole = graph.old(str(row[WHOLE[label]])) if row.get(WHOLE.get(label, "")) else None
    inside = _node_ref(graph, whole) if whole and whole[0][0] not in WHOLE else None
    return Ref(label=label, id=row["id"], document=_path(graph, label, row), says=says, inside=inside)


def _path(graph: Patch, label: str, row: Row) -> str | None:
    """Path of the document that a node is or belongs to."""
    found = ((label,), row) if label == "Document" else graph.old(str(row.get("document") or ""))
    return found[1].get("path") if found and found[0] == ("Document",) else None


def _paths(graph: Patch, cells: Sequence[Row]) -> dict[str, dict[str, str | None]]:
    """Header paths of cells, by id."""
    tables = {cell.get("table") for cell in cells} - {None}
    found = {
        (name, row.get("table"), row.get("position")): row.get("path")
        for name, label in ((ROW, "Row"), (COLUMN, "Column"))
        for row in graph.old_where((label,), "table", tables)
    }
    return {
        cell["id"]: {
            name: found.get((name, cell.get("table"), cell.get(at))) for name, at in ((ROW, "row"), (COLUMN, "col"))
        }
        for cell in cells
    }


def _says(label: str, row: Row, roles: Roles) -> dict[str, Property]:
    if roles.house and label in SAYS:
        found = {name: row[name] for name in SAYS[label] if row.get(name) is not None}
        return found or ({"text": str(row["text"]).partition("\n")[0]} if row.get("text") else {})
    named = [name for name in dict.fromkeys((roles.name_of(label) or "", *NAMES)) if row.get(name) is not None]
    if named:
        return {named[0]: row[named[0]]}
    return {name: row[name] for name in sorted(row) if _scalar(row, name)}


def _scalar(row: Row, name: str) -> bool:
    keys = {"id", model.START, model.END, *model.COMMON}
    return name not in keys and row[name] is not None and not isinstance(row[name], list)


@final
class Finder:
    """Finds references in a graph. `made` holds nodes that edits add: id -> label."""

    def __init__(self, graph: Patch) -> None:
        self.graph, self._base = graph, Patch(graph.base)
        self.made: dict[str, str] = {}
        self._rows: dict[tuple[str, str | None], list[Row]] = {}
        self._known: dict[Ref, str | Lost] = {}

    @classmethod
    def of(cls, tables: Tables, wanted: Iterable[Ref]) -> Finder:
        """A finder that has read the rows of the references' ids in one pass."""
        graph, nodes, edges = Patch(tables), set[str](), set[str]()
        for ref in wanted:
            ids = edges if ref.start is not None else nodes
            ids.update([ref.id] if ref.id else [])
            nodes.update(end.id for end in (ref.start, ref.end) if end is not None and end.id)
        graph.load(sorted(nodes), sorted(edges))
        return cls(graph)

    def find(self, ref: Ref) -> str | Lost:
        """Id of what a reference means."""
        if ref.id is not None and self.made.get(ref.id) == ref.label:
            return ref.id
        if ref not in self._known:
            self._known[ref] = self._edge(ref) if ref.start is not None else self._node(ref)
        return self._known[ref]

    def _node(self, ref: Ref) -> str | Lost:
        place = self.graph.old(ref.id) if ref.id else None
        if place is not None and place[0] == (ref.label,):
            return place[1]["id"]  # type: ignore[no-any-return]
        documents = self._documents(ref)
        if isinstance(documents, Lost):
            return documents
        inside = self.find(ref.inside) if ref.inside is not None else None
        if isinstance(inside, Lost) and ref.label in PARTS:
            return inside
        for candidates in self._steps(ref, documents):
            narrowed = [row for row in candidates if row.get(WHOLE.get(ref.label, "")) == inside]
            found = narrowed if ref.inside is not None and ref.label in PARTS else candidates
            if len(found) > 1 and ref.inside is not None:
                found = narrowed or found
            if len(found) > 1 and ref.label in NUMBERS:
                numbers = {name: ref.says[name] for name in NUMBERS[ref.label] if name in ref.says}
                found = [row for row in found if _as_said(row, numbers)] or found
            if len(found) == 1:
                return str(found[0]["id"])
            if found:
                return Lost(AMBIGUOUS, f"{len(found)} nodes say the same: {spoken(ref)}")
        return Lost(GONE, f"not in the graph: {spoken(ref)}")

    def _steps(self, ref: Ref, documents: Sequence[str | None]) -> Iterable[list[Row]]:
        if ref.label == "Document" and ref.document is not None:
            yield [row for row in self._among("Document", None) if row["id"] in documents]
            return
        rows = [row for document in documents for row in self._among(ref.label, document)]
        if ref.id is not None:
            yield [row for row in rows if ref.id in (row.get("former_ids") or ())]
        says = {n: v for n, v in ref.says.items() if NUMBERS.get(ref.label, {}).get(n) not in ref.says}
        if not says:
            return
        yield [row for row in rows if _as_said(row, says)]
        yield [row for row in rows if _as_said(row, says, loosely=True)]
        if ref.label == "Table" and set(says) == {"text"}:
            yield [row for row in rows if str(row.get("text") or "").partition("\n")[0] == says["text"]]
        name = ref.says.get("name")
        if ref.label == "Entity" and isinstance(name, str):
            rest = {key: value for key, value in ref.says.items() if key != "name"}
            aliased = [row for row in rows if normal(name) in {normal(alias) for alias in row.get("aliases") or ()}]
            yield [row for row in aliased if _as_said(row, rest, loosely=True)]

    def _documents(self, ref: Ref) -> list[str | None] | Lost:
        """Ids of the documents of the reference's path; [None] where it names none."""
        if ref.document is None:
            return [None]
        rows = self._among("Document", None)
        found = [row["id"] for row in rows if ref.document in (row.get("path"), *(row.get("paths") or ()))]
        return found or Lost(GONE, f"the document {ref.document} is not in the corpus any more")

    def _among(self, label: str, document: str | None) -> list[Row]:
        """Rows of a label, of one document where one is named."""
        key = (label, document)
        if key not in self._rows:
            table = self.graph.base.nodes.get(label)
            if document is not None:
                self._rows[key] = self.graph.old_where((label,), "document", [document])
            else:
                self._rows[key] = table.to_pylist() if table is not None else []
            if label == "Cell" and self.graph.base.roles.house:
                paths = _paths(self.graph, self._rows[key])
                self._rows[key] = [{**row, **paths[row["id"]]} for row in self._rows[key]]
        return self._rows[key]

    def _edge(self, ref: Ref) -> str | Lost:
        place = self.graph.old(ref.id, edge=True) if ref.id else None
        if place is not None and place[0][0] == ref.label:
            return place[1]["id"]  # type: ignore[no-any-return]
        assert ref.start is not None
        if ref.end is None:
            return Lost(GONE, f"a {ref.label} edge without a target")
        start, end = self.find(ref.start), self.find(ref.end)
        if isinstance(start, Lost):
            return start
        if isinstance(end, Lost):
            return end
        rows = [row for key, row in self._base.at([start], types=[ref.label]) if row[model.END] == end]
        rows = [row for row in rows if row[model.START] == start]
        if len(rows) > 1:
            rows = [row for row in rows if _as_said(row, ref.says)] or rows
        if len(rows) == 1:
            return str(rows[0]["id"])
        what = f"{ref.label} from {spoken(ref.start)} to {spoken(ref.end)}"
        return Lost(AMBIGUOUS, f"{len(rows)} edges {what}") if rows else Lost(GONE, f"no edge {what}")


def _as_said(row: Row, says: Mapping[str, Property], *, loosely: bool = False) -> bool:
    return all(_same(row.get(name), value, loosely=loosely) for name, value in says.items())


def _same(one: Any, other: Property, *, loosely: bool) -> bool:
    if isinstance(other, tuple):
        return bool(one == list(other))
    if loosely and isinstance(one, str) and isinstance(other, str) and max(len(one), len(other)) <= SHORT:
        return normal(one) == normal(other) != ""
    return bool(one == other)


def spoken(ref: Ref) -> str:
    """A reference in a line."""
    if ref.start is not None:
        return f"({spoken(ref.start)})-[{ref.label}]->({spoken(ref.end) if ref.end else '?'})"
    values = ", ".join(f"{name} {_cut(value)}" for name, value in ref.says.items())
    where = f" in {ref.document}" if ref.document else ""
    return f"{ref.label} {values or ref.id or ''}".strip() + where


def _cut(value: Property) -> str:
    text = " ".join(str(value).split()) if not isinstance(value, tuple) else ", ".join(map(str, value))
    return text if len(text) <= 60 else text[:59] + "…"
