"""A small world for the tests of synthesis: two filings, one table of languages, three accident reports."""

from __future__ import annotations

from typing import Any

from kg.snapshot.build import snapshot_from
from kg.snapshot.snapshot import Snapshot

LATER, EARLIER = "P3M/2022-06-25", "P3M/2021-06-26"
SAID = {
    LATER: "in the three months ended June 25, 2022",
    EARLIER: "in the three months ended June 26, 2021",
}
NODES: list[dict[str, Any]] = []
EDGES: list[dict[str, Any]] = []


def node(id_: str, label: str, **properties: Any) -> str:
    NODES.append({"id": id_, "label": label, **properties})
    return id_


def edge(kind: str, source: str, target: str, **properties: Any) -> None:
    EDGES.append({"type": kind, "source": source, "target": target, **properties})


def fact(id_: str, subject: str, table: str | None, document: str, cell: str = "", **properties: Any) -> str:
    """An Assertion with its edges; `number` implies `exact`, `text`, `kind`."""
    given = {
        "document": document, "element": table, "shape": "entities", "role": "data", "scope": "", "scale": 0, "decimals": 0,
        "additive": False, "subject": next(n["name"] for n in NODES if n["id"] == subject), **properties,
    }  # fmt: skip
    if "number" in given:
        given = {"kind": "number", "exact": str(given["number"]), "text": f"{given['number']:,}", **given}
        given["number"] = float(given["number"])
    given = {"kind": "text", **given}
    node(id_, "Assertion", **given)
    edge("SUBJECT", id_, subject)
    edge("STATES", document, id_)
    if table:
        edge("STATES", table, id_)
        place = node(f"{id_}-cell", "Cell", document=document, table=table, text=given["text"], page=1)
        edge("SUPPORTED_BY", id_, place, role="value")
    return id_


def _filings() -> None:
    for key, name, sales in (
        ("aapl", "Apple", {LATER: 19604, EARLIER: 17486}),
        ("nvda", "NVIDIA", {LATER: 7192, EARLIER: 8288}),
    ):
        document = node(f"doc-{key}", "Document", kind="quarterly report", path=f"{key}.pdf", format="pdf", title=name)
        company = node(key, "Entity", name=name, kind="company", described=name)
        edge("ABOUT", document, company)
        table = node(f"table-{key}", "Table", document=document, shape="statement", cut=False, boilerplate=False)
        row = node(f"row-{key}", "Row", document=document, table=table)
        edge("HAS_ROW", table, row)
        for period, number in sales.items():
            quantity = "net sales of services" if key == "aapl" else "revenue"
            id_ = fact(
                f"{key}-{period}", company, table, document, shape="statement", quantity=quantity, period=period,
                period_text=SAID[period], number=number, unit="USD", scale=6, additive=True,
            )  # fmt: skip
            edge("STATES", row, id_)


def _languages() -> None:
    document = node("doc-paper", "Document", kind="paper", path="paper.pdf", format="pdf", title="M-Bench")
    table = node(
        "table-languages", "Table", document=document, shape="entities", set="languages listed", kind="language", cut=False,
        boilerplate=False,
    )  # fmt: skip
    rows = {"Arabic": ("Afro-Asiatic", 83.7), "Hebrew": ("Afro-Asiatic", 82.4), "Hindi": ("Indo-European", 81.2),
            "German": ("Indo-European", 85.1), "Dutch": ("Indo-European", 84.9), "Korean": ("Koreanic", 80.8)}  # fmt: skip
    column = node("column-score", "Column", document=document, table=table)
    for name, (family, score) in rows.items():
        language = node(f"lang-{name}", "Entity", name=name, kind="language", described=name)
        scope = "the M-Bench paper"
        fact(f"family-{name}", language, table, document, quantity="language family", text=family, scope=scope)
        id_ = fact(f"score-{name}", language, table, document, quantity="score", number=score, decimals=1, scope=scope)
        edge("STATES", column, id_)


def _accidents() -> None:
    pilots = {"Piper N5921D": (85, "Tailwheel"), "Beech N8770M": (38, "Tricycle"), "Cessna N1458U": (52, "Tricycle"),
              "Cessna N6135M": (44, "Tricycle")}  # fmt: skip
    for name, (age, gear) in pilots.items():
        key = name.split()[1]
        document = node(f"doc-{key}", "Document", kind="accident report", path=f"{key}.pdf", format="pdf", title=name)
        aircraft = node(key, "Entity", name=name, kind="aircraft", described=f"the {name}")
        edge("ABOUT", document, aircraft)
        table = node(f"table-{key}", "Table", document=document, shape="form", cut=False, boilerplate=False)
        common: dict[str, Any] = {"shape": "form"}
        fact(f"age-{key}", aircraft, table, document, quantity="age of the pilot", number=age, unit="year", **common)
        fact(f"gear-{key}", aircraft, table, document, quantity="landing gear type", text=gear, **common)


def snapshot() -> Snapshot:
    """The world as a snapshot; built anew, so that a test may not change another's."""
    NODES.clear()
    EDGES.clear()
    _filings()
    _languages()
    _accidents()
    return snapshot_from(NODES, EDGES)
