"""Hand-made tables as text: cells by `|`, `<` continues the cell on its left, `^` the cell above, leading dots indent."""

from extraction.extractors.tables import TablesExtractor
from schemas.element import Document, Element, Elements, Grid, GridCell
from schemas.fact import Facts


def grid(text: str, *, head: int = 1) -> Grid:
    rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in text.strip().splitlines()]
    cells, width = [], max(map(len, rows))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("<", "^"):
                continue
            across = next((i for i, t in enumerate(row[c + 1 :]) if t != "<"), len(row) - c - 1)
            down = next(
                (i for i, other in enumerate(rows[r + 1 :]) if c >= len(other) or other[c] != "^"), len(rows) - r - 1
            )
            label = cell.lstrip(".")
            cells.append(
                GridCell(
                    row=r,
                    col=c,
                    text=label,
                    header=r < head,
                    row_span=down + 1,
                    col_span=across + 1,
                    indent=6.0 * (len(cell) - len(label)),
                )
            )
    return Grid(n_rows=len(rows), n_cols=width, header_rows=head, cells=tuple(cells))


def table(
    text: str, *, head: int = 1, above: str | None = None, caption: str | None = None, name: str = "t"
) -> Element:
    return Element(
        id=name, document="d", kind="table", order=0, grid=grid(text, head=head), head=above, caption=caption
    )


def extract(*elements: Element, text: str = "") -> Facts:
    chunk = Element(id="p", document="d", kind="chunk", order=9, role="text", text=text)
    document = Elements(
        document=Document(id="d", paths=("d.pdf",), format="pdf"), reader="x/1", elements=(*elements, chunk)
    )
    return TablesExtractor().extract(document, Facts(document="d", extractors=()))


def said(facts: Facts) -> dict[str, str]:
    """`quantity | subject | period | condition` -> `text unit scale`, of every fact."""
    found = {}
    for f in facts.facts:
        q = f.qualifiers
        key = " | ".join(p for p in (f.quantity, f.subject.name, q.period_text, q.condition_text) if p)
        value = f.value
        number = f"{value.number}" if value.kind == "number" else value.text
        found[key] = " ".join(str(p) for p in (number, value.unit, value.scale or None) if p is not None)
    return found


def reasons(facts: Facts) -> list[str]:
    return [f"{check}: {words}" for _, check, words in facts.rejected]
