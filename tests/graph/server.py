"""A server in memory, as far as edits see one: elements with and without kgmine's mark, which users change at will."""

from dataclasses import dataclass, field, replace
from itertools import count

from kg.graph import marks, model
from kg.graph.ids import digest
from kg.graph.roles import Roles
from kg.graph.tables import Tables, edge_table, infer, node_table, properties

ENDS = (model.START, model.END)


@dataclass
class Node:
    label: str
    values: dict
    id: str | None = None
    """The property `id`; elements of users may have none."""
    mark: str | None = None


@dataclass
class Edge(Node):
    start: int = 0
    end: int = 0


@dataclass
class Server:
    """`nodes` and `edges` by a number of the server's own, as element ids are."""

    nodes: dict[int, Node] = field(default_factory=dict)
    edges: dict[int, Edge] = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    """Key -> property -> type of what was written."""
    numbers: count = field(default_factory=count)

    # What kgmine does

    def push(self, tables, *, most=None):
        """Make the server hold the tables; elements that users made are never touched. Dies after `most` writes."""
        for number, write in enumerate(self._writes(tables)):
            if number == most:
                return
            write()
        self.columns = {key: properties(table) for size in (1, 3) for key, table in tables_of(tables, size)}

    def _writes(self, tables):
        node_ids, edge_ids = self.ids()
        self._place = {id_: number for number, id_ in node_ids.items()}
        known = {id_: number for number, id_ in edge_ids.items()}
        rows = {size: [(k, r) for k, t in tables_of(tables, size) for r in t.to_pylist()] for size in (1, 3)}
        for key, row in rows[1]:
            yield lambda key=key, row=row: self._write_node(key, row)
        for key, row in rows[3]:
            yield lambda key=key, row=row: self._write_edge(key, row, known.get(row["id"]))
        kept = {size: {row["id"] for _, row in rows[size]} for size in rows}
        for number in [n for n, i in edge_ids.items() if i not in kept[3] and self.edges[n].mark]:
            yield lambda number=number: self.edges.pop(number, None)
        for number in [n for n, i in node_ids.items() if i not in kept[1] and self.nodes[n].mark]:
            yield lambda number=number: self.detach(number)

    def _write_node(self, key, row):
        number = self._place.setdefault(row["id"], next(self.numbers))
        mine = self.nodes.get(number)
        if mine is None or mine.mark:
            self.nodes[number] = Node(key[0], values_of(row), row["id"], mark_of(row, key))
        else:
            assert (mine.label, said(mine.values)) == (key[0], said(values_of(row))), "a node of a user would change"

    def _write_edge(self, key, row, number):
        ends = [self._place[row[end]] for end in ENDS]
        mine = self.edges.get(number)
        if mine is None or mine.mark:
            number = next(self.numbers) if number is None else number
            self.edges[number] = Edge(key[0], values_of(row), row["id"], mark_of(row, key), *ends)
        else:
            found = (mine.label, said(mine.values), [mine.start, mine.end])
            assert found == (key[0], said(values_of(row)), ends), "an edge of a user would change"

    def read(self):
        """What the server holds, with marks."""
        node_ids, edge_ids = self.ids()
        rows, shown = {key: [] for key in self.columns}, self.shown()
        for number, node in self.nodes.items():
            if number not in shown:
                continue
            row = {"id": node_ids[number], **node.values, marks.COLUMN: node.mark}
            rows.setdefault((node.label,), []).append({"provenance": None if node.mark else "user", **row})
        for number, edge in self.edges.items():
            if not {edge.start, edge.end} <= shown:
                continue
            key = (edge.label, self.nodes[edge.start].label, self.nodes[edge.end].label)
            ends = {model.START: node_ids[edge.start], model.END: node_ids[edge.end]}
            row = {"id": edge_ids[number], **ends, **edge.values, marks.COLUMN: edge.mark}
            rows.setdefault(key, []).append({"provenance": None if edge.mark else "user", **row})
        tables = {key: self._table(key, found) for key, found in rows.items()}
        nodes = {key[0]: table for key, table in tables.items() if len(key) == 1}
        return Tables(nodes, {key: table for key, table in tables.items() if len(key) == 3}, self.roles)

    roles: Roles = field(default_factory=Roles)

    def shown(self):
        """Nodes that kgmine wrote, and those of users that are joined to them."""
        shown = {number for number, node in self.nodes.items() if node.mark}
        while True:
            more = {end for e in self.edges.values() if {e.start, e.end} & shown for end in (e.start, e.end)} - shown
            if not more:
                return shown
            shown |= more

    def ids(self):
        """Number -> id; an element without an id of its own gets one from what it says."""
        node_ids = self._ids(self.nodes, lambda node: [node.label])
        return node_ids, self._ids(self.edges, lambda e: [e.label, node_ids[e.start], node_ids[e.end]])

    def _ids(self, elements, key):
        own = [element.id for element in elements.values() if element.id]
        found, seen = {}, {}
        for number, element in elements.items():
            if element.id and own.count(element.id) == 1:
                found[number] = element.id
                continue
            parts = (*key(element), said(element.values))
            ordinal = seen[parts] = seen.get(parts, -1) + 1
            found[number] = digest("user", *parts, str(ordinal))
        return found

    def _table(self, key, rows):
        keys = {"id", *ENDS, marks.COLUMN, "provenance"}
        known = dict(self.columns.get(key, {}))
        types = {**infer(rows, keys), **known} if rows else known
        types = {name: type_ for name, type_ in types.items() if name not in keys}
        make = node_table if len(key) == 1 else edge_table
        return make(rows, {**types, "provenance": "string", marks.COLUMN: "string"})

    # What users do

    def add(self, label, values, id_=None):
        number = next(self.numbers)
        self.nodes[number] = Node(label, values, id_)
        return number

    def join(self, kind, start, end, values=None, id_=None):
        number = next(self.numbers)
        self.edges[number] = Edge(kind, dict(values or {}), id_, None, start, end)
        return number

    def set(self, element, **values):
        left = {**element.values, **values}
        element.values = {name: value for name, value in left.items() if value is not None}

    def detach(self, number):
        del self.nodes[number]
        self.edges = {k: e for k, e in self.edges.items() if number not in (e.start, e.end)}

    def merge(self, gone, stays, *, how):
        """`refactor`: edges move with all they have; `hand`: they are drawn again without properties."""
        for number, edge in list(self.edges.items()):
            if gone in (edge.start, edge.end):
                ends = {
                    "start": stays if edge.start == gone else edge.start,
                    "end": stays if edge.end == gone else edge.end,
                }
                del self.edges[number]
                if how == "refactor":
                    self.edges[next(self.numbers)] = replace(edge, mark=None, **ends)
                elif ends["start"] != ends["end"]:
                    self.join(edge.label, ends["start"], ends["end"])
        self.detach(gone)

    def of(self, id_):
        """The node with an id."""
        return next(number for number, found in self.ids()[0].items() if found == id_)


def tables_of(tables, size):
    return list(tables.edges.items()) if size == 3 else [((label,), table) for label, table in tables.nodes.items()]


def values_of(row):
    return {n: v for n, v in row.items() if v is not None and n not in ("id", *ENDS, "provenance", marks.COLUMN)}


def said(values):
    """Values that can be compared: not-a-number is itself, and zero has no sign."""
    return repr(sorted((name, value + 0.0 if isinstance(value, float) else value) for name, value in values.items()))


def mark_of(row, key):
    return next(iter(marks.mark_rows([list(row.values())], list(row), key)))


def content(tables, without=()):
    """What tables say, as plain values, whoever wrote it."""
    return {
        (key, row["id"], row.get(model.START), row.get(model.END)): said(values_of(row))
        for size in (1, 3)
        for key, table in tables_of(tables, size)
        for row in table.to_pylist()
        if row["id"] not in without
    }
