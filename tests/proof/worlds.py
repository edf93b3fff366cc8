"""A small world to prove in: documents with tables and paragraphs, facts in cells, written to real CSV and text files."""

import csv
import hashlib
from decimal import Decimal

from kg.cypher.template import loads
from kg.graph.ids import digest
from kg.graph.places import to_text
from kg.proof.claims import claims_of
from kg.proof.derive import derive
from kg.proof.source import SourceIndex
from kg.snapshot.build import snapshot_from
from schemas.base import Place
from schemas.sample import Draft, SampleMatch


class World:
    """Nodes and edges as dicts, so that a test can plant a fault before the snapshot is built."""

    def __init__(self, folder):
        self.folder, self.nodes, self.edges, self.paths = folder, {}, [], {}

    def node(self, label, id_, **properties):
        self.nodes[id_] = {"id": id_, "label": label, "properties": properties}
        return id_

    def edge(self, type_, source, target, **properties):
        self.edges.append({"type": type_, "source": source, "target": target, "properties": properties})

    def entity(self, name, kind="planet", **more):
        return self.node(
            "Entity", f"e:{kind}:{name}:{more.get('n', '')}", name=name, kind=kind, aliases=more.get("aliases", [])
        )

    def document(self, name, rows=None, text=None, about=None, kind="report"):
        """A CSV file of rows, or a text file; its content is its id."""
        path = self.folder / name
        if rows is not None:
            with path.open("w", newline="") as stream:
                csv.writer(stream).writerows(rows)
        else:
            path.write_text(text)
        id_ = hashlib.sha256(path.read_bytes()).hexdigest()
        fmt = path.suffix[1:]
        self.node(
            "Document", id_, path=name, paths=[name], kind=kind, format=fmt, language="en", reference=f"the file {name}"
        )
        self.paths[id_] = (name,)
        if about:
            self.edge("ABOUT", id_, about)
        return id_

    def table(
        self,
        name,
        header,
        rows,
        *,
        kind="planet",
        set_="listed planets",
        quantities=None,
        unit=None,
        period=None,
        about=None,
        caption="",
    ):
        """Entities by attributes: one fact per cell; the subject is the row's key."""
        grid = [header, *rows]
        document = self.document(name, rows=grid, about=about)
        table = digest(document, "table")
        stem = name.split(".")[0]
        self.node(
            "Table",
            table,
            document=document,
            text="\n".join(" ".join(r) for r in grid),
            caption=caption,
            shape="entities",
            set=set_,
            rows=len(grid),
            columns=len(header),
            cut=False,
            rows_agree=None,
            total_checked=None,
        )
        self.edge("CONTAINS", document, table)
        for r, row in enumerate(grid):
            self.node(
                "Row", f"{table}:r{r}", document=document, table=table, position=r, role="data" if r else "header"
            )
            self.edge("HAS_ROW", table, f"{table}:r{r}")
            for c, text in enumerate(row):
                cell = f"{table}:{r}:{c}"
                place = Place(sheet=stem, cell=f"{chr(65 + c)}{r + 1}")
                self.node(
                    "Cell",
                    cell,
                    document=document,
                    table=table,
                    text=text,
                    row=r,
                    col=c,
                    header=not r,
                    col_span=1,
                    places=to_text([place]),
                )
                self.edge("HAS_CELL", f"{table}:r{r}", cell)
        for c in range(1, len(header)):
            self.node("Column", f"{table}:c{c}", document=document, table=table, position=c, role="data")
            self.edge("HAS_COLUMN", table, f"{table}:c{c}")
        for r in range(1, len(grid)):
            subject = self.entity(grid[r][0], kind)
            for c in range(1, len(header)):
                self.fact(
                    document,
                    table,
                    r,
                    c,
                    subject,
                    (quantities or header[1:])[c - 1],
                    grid[r][c],
                    unit=unit,
                    period=period,
                )
        return table

    def fact(
        self,
        document,
        element,
        row,
        col,
        subject,
        quantity,
        text,
        *,
        unit=None,
        period=None,
        role="data",
        scope="",
        condition=None,
    ):
        number = text.replace(",", "")
        is_number = number.replace(".", "").isdigit()
        id_ = digest("fact", document, element, str(row), str(col), text, quantity)
        name = self.nodes[subject]["properties"]["name"]
        self.node(
            "Assertion",
            id_,
            document=document,
            element=element,
            fact_key=digest(subject, quantity, period or "", condition or "", scope),
            subject=name,
            quantity=quantity,
            period=period,
            condition=condition,
            scope=scope,
            kind="number" if is_number else "text",
            text=text,
            number=float(number) if is_number else None,
            exact=number if is_number else None,
            unit=unit if is_number else None,
            scale=0,
            decimals=len(number.partition(".")[2]),
            role=role,
            row=row,
            col=col,
        )
        self.edge("SUBJECT", id_, subject)
        self.edge("STATES", document, id_)
        self.edge("STATES", element, id_)
        if row is not None:
            self.edge("STATES", f"{element}:r{row}", id_)
            self.edge("STATES", f"{element}:c{col}", id_)
            for position, (r, c, kind) in enumerate([(row, col, "value"), (0, col, "header"), (row, 0, "header")]):
                self.edge("SUPPORTED_BY", id_, f"{element}:{r}:{c}", role=kind, position=position)
        else:
            self.edge("SUPPORTED_BY", id_, element, role="value", position=0)
        return id_

    def chunk(self, name, text, about=None):
        document = self.document(name, text=text, about=about)
        id_ = digest(document, "chunk")
        self.node("Chunk", id_, document=document, text=text, role="text", places=to_text([Place(block=0)]))
        self.edge("CONTAINS", document, id_)
        return id_

    def snapshot(self):
        return snapshot_from(list(self.nodes.values()), self.edges)

    def sources(self):
        return SourceIndex(self.folder, self.paths)


def template(header, query):
    return loads(f"/*\n{header.strip()}\n*/\n{query}")


def draft(made, snapshot, question="What is it?", **names):
    """A draft of one match; names: variable -> node id."""
    nodes = {name: snapshot.index_of(id_) for name, id_ in names.items()}
    derived = derive(made.header, nodes, snapshot)
    claims = claims_of(made, nodes, snapshot)
    number = derived.value.kind == "number"
    return Draft(
        id=digest(question, derived.canonical),
        question=question,
        answer=derived.canonical if number else " and ".join(a.value.text for a in derived.answers),
        answer_type=derived.kind,
        answer_value=derived.canonical,
        task=made.header.task,
        claims=claims,
        evidence=(),
        derivation=derived.derivation(),
        operands=derived.operands,
        set_members=derived.members,
        match=SampleMatch(
            template="t",
            template_sha=made.sha,
            snapshot=snapshot.hash,
            rank=0,
            bindings=names,
            nodes=tuple(names.values()),
            edges=(),
        ),
    )


VALUE = template(
    """
task: value
given: [e.name, f.quantity, f.period, f.condition, f.scope]
answer: f.number
question: "What is the {{ f.quantity | phrase }} of {{ e.name }}?"
""",
    "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity) WHERE f.kind = 'number' RETURN f, e",
)
HIGHEST = template(
    """
task: superlative
given: [t.set, f.quantity, f.condition, f.period, f.scope]
derive:
  rows:
    r: >-
      MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity)
      WHERE g.quantity = f.quantity AND g.role = 'data' AND g.kind = 'number'
      RETURN x.name AS name, g.number AS number
  sql: "SELECT name FROM r ORDER BY number DESC LIMIT 1"
closed: t
answer_type: entity
question: "Which of the {{ closed }} has the highest {{ f.quantity | phrase }}?"
""",
    "MATCH (t:Table)-[:STATES]->(f:Assertion) WHERE f.kind = 'number' RETURN t, f",
)
BRIDGE = template(
    """
task: bridge
given: [f.quantity, f.text, g.quantity, e.kind]
answer: g.number
question: "What is the {{ g.quantity }} of the {{ e.kind }} whose {{ f.quantity }} is {{ f.text }}?"
""",
    "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion) WHERE f.quantity <> g.quantity RETURN f, e, g",
)

PLANETS = (
    ["planet", "mass", "moons"],
    [["Mercury", "0.330", "0"], ["Venus", "4.87", "0"], ["Earth", "5.97", "1"], ["Mars", "0.642", "2"]],
)


def fact_id(world, subject, quantity):
    """The first fact of a subject's name and a quantity."""
    return next(
        id_
        for id_, node in world.nodes.items()
        if node["label"] == "Assertion"
        and node["properties"]["subject"] == subject
        and node["properties"]["quantity"] == quantity
    )


__all__ = ["BRIDGE", "HIGHEST", "PLANETS", "VALUE", "Decimal", "World", "draft", "fact_id", "template"]
