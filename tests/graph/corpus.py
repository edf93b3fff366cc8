"""Two small fragments and their overlay: a filing with a statement table, and a paper that names the filing's company."""

from decimal import Decimal

from schemas.base import Place
from schemas.element import Document, Element, Elements, Grid, GridCell, Link
from schemas.fact import (
    Axis,
    Fact,
    Facts,
    FormulaReading,
    Mention,
    Qualifiers,
    Subject,
    Support,
    SymbolDefinition,
    TableStructure,
    Value,
)
from schemas.overlay import DocumentView, Overlay, ResolvedEntity

FILING, PAPER = "f" * 64, "a" * 64


def cell(row, col, text, **more):
    return GridCell(
        row=row,
        col=col,
        text=text,
        place=Place(page=2, box=(col * 50.0, row * 10.0, col * 50.0 + 40, row * 10.0 + 8)),
        **more,
    )


GRID = Grid(
    n_rows=3,
    n_cols=3,
    header_rows=1,
    rows_agree=True,
    agreement=0.5,
    cells=(
        cell(0, 0, ""),
        cell(0, 1, "Quarter ended June 25, 2022", col_span=2),
        cell(1, 0, "Net sales"),
        cell(1, 1, "82,959"),
        cell(1, 2, "(12)"),
        cell(2, 0, "Tax rate", row_span=1),
        cell(2, 1, "16.2 %"),
        cell(2, 2, "$3"),
    ),
)


def element(id_, kind, order, document=FILING, **more):
    return Element(id=id_, document=document, kind=kind, order=order, **more)


def filing():
    elements = (
        element("s1", "section", 0, text="Results", level=1, places=(Place(page=1),)),
        element(
            "c1",
            "chunk",
            1,
            parent="s1",
            text="Sales rose, see Table 1.",
            role="text",
            links=(
                Link(text="Table 1", label="table 1", span=(16, 23)),
                Link(text="[7]", target="c3"),
                Link(text="Table 9", label="table 9"),
            ),
        ),
        element("c2", "chunk", 2, parent="s1", text="Page 1", role="footer"),
        element(
            "t1",
            "table",
            3,
            parent="s1",
            text="...",
            grid=GRID,
            label="table 1",
            caption="Sales",
            caption_place=Place(page=2, box=(0, 0, 9, 9)),
            head="In millions",
            head_place=Place(page=2),
        ),
        element("c3", "chunk", 4, text="7. Smith 2020", role="reference"),
        element("x1", "formula", 5, parent="s1", text="v = d / t"),
        element("i1", "image", 6, parent="s1", label="figure 1", caption="A chart", blob="0" * 64),
    )
    document = Document(id=FILING, paths=("a/f.pdf", "b/f.pdf"), format="pdf", title="10-Q", pages=3)
    return Elements(document=document, reader="pdf/1", elements=elements)


def sales(**more):
    return Fact(
        **{
            "id": "fact-1",
            "document": FILING,
            "subject": Subject(kind="company"),
            "shape": "statement",
            "quantity": "net sales",
            "qualifiers": Qualifiers(
                period="P3M/2022-06-25",
                period_text="in the quarter ended June 25, 2022",
                conditions=(("segment", "Services"), ("", "Europe")),
            ),
            "value": Value(kind="number", text="82,959", number=Decimal(82959), unit="USD", scale=6),
            "supports": (
                Support(element="t1", row=1, col=1),
                Support(element="t1", row=0, col=2, role="header"),
                Support(element="t1", role="scale"),
            ),
            "extractor": "tables/1",
            "confidence": 0.9,
            **more,
        }
    )


def facts_of_filing(*facts):
    return Facts(
        document=FILING,
        extractors=("tables/1", "terms/1"),
        structures=(
            TableStructure(
                element="t1",
                shape="statement",
                set="quarters",
                rows=(
                    Axis(index=0, role="header"),
                    Axis(index=1, role="data", noun="net sales", path=("Sales", "Net")),
                ),
                columns=(Axis(index=1, role="data", unit="USD", scale=6),),
            ),
        ),
        facts=facts or (sales(),),
        mentions=(
            Mention(element="c1", name="Apple Inc.", kind="company", span=(0, 5)),
            Mention(element="c1", name="AAPL", kind="company"),
            Mention(element="t1", name="apple", kind="company", row=1, col=0),
            Mention(element="c1", name="nobody knows"),
        ),
        symbols=(SymbolDefinition(formula="x1", symbol="v", denotes="Speed", element="c1", span=(0, 5)),),
        formulas=(FormulaReading(element="x1", sympy="Eq(v, d/t)", target="v", symbols=("v", "d"), name="speed"),),
    )


def paper():
    chunk = element("p1", "chunk", 0, document=PAPER, text="Apple sold phones.", role="text")
    fact = Fact(
        id="fact-2",
        document=PAPER,
        subject=Subject(name="Apple", kind="company"),
        shape="sentence",
        quantity="product",
        value=Value(kind="entity", text="phone"),
        supports=(Support(element="p1", span=(11, 17)),),
        extractor="sentences/1",
    )
    document = Document(id=PAPER, paths=("p.md",), format="md")
    return Elements(document=document, reader="pandoc/1", elements=(chunk,)), Facts(
        document=PAPER, extractors=("sentences/1",), facts=(fact,)
    )


OVERLAY = Overlay(
    entities=(
        ResolvedEntity(id="apple", name="Apple", kind="company", described="Apple", aliases=("AAPL", "Apple Inc.")),
        ResolvedEntity(id="phone", name="phone", kind="product", described="the phone"),
        ResolvedEntity(id="speed", name="speed", kind="term", described="speed"),
    ),
    resolution={
        "company|apple": "apple",
        "company|apple inc": "apple",
        "company|aapl": "apple",
        "product|phone": "phone",
        "term|speed": "speed",
        f"document:{FILING}": "apple",
    },
    documents=(
        DocumentView(
            document=FILING, title="Form 10-Q", kind="quarterly report", reference="Apple's report", subject="apple"
        ),
        DocumentView(document=PAPER, title="Phones", kind="paper", reference="the Phones paper"),
    ),
    boilerplate=("c2",),
    same_as=(("speed", "phone", "both end so"),),
    links=(("p1", FILING, "the filing"), ("p1", "t1", "its table")),
)


def fragments():
    return [(filing(), facts_of_filing()), paper()]
