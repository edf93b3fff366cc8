"""Small documents made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from kg.graph.ids import digest
from schemas.base import Place
from schemas.element import Document, Element, Elements, Grid, GridCell
from schemas.fact import Facts, Subject


def form(rows: Sequence[Sequence[str]]) -> Grid:
    """A grid of label and value cells; a label ends with a colon; a row of one cell is a heading over all columns."""
    width = max(len(row) for row in rows)
    cells = [
        GridCell(row=r, col=c, text=text, header=text.endswith(":"), col_span=width if len(row) == 1 else 1)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text
    ]
    return Grid(n_rows=len(rows), n_cols=width, cells=tuple(cells))


def document(parts: Sequence[tuple[str, object]], *, title: str | None = None, name: str = "a.pdf") -> Elements:
    """Elements from (kind, text or grid) pairs: `section`, `chunk`, `table`, `formula`, `footer`, `reference`."""
    id_ = digest("document", name, str(title))
    elements: list[Element] = []
    parent = None
    for order, (kind, content) in enumerate(parts):
        grid = content if isinstance(content, Grid) else None
        text = "\n".join(c.text for c in grid.cells) if grid else str(content)
        role = {"chunk": "text"}.get(kind, kind) if kind in ("chunk", "footer", "header", "reference") else None
        element = Element(
            id=digest(id_, kind, text, str(order)),
            document=id_,
            kind="chunk" if role else kind,
            order=order,
            parent=None if kind == "section" else parent,
            role=role,
            text=text,
            grid=grid,
            places=(Place(page=1, box=(0, 0, 1, 1)),),
        )
        parent = element.id if kind == "section" else parent
        elements.append(element)
    return Elements(
        document=Document(id=id_, paths=(name,), format="pdf", title=title), reader="test/1", elements=tuple(elements)
    )


def about(elements: Elements, name: str | None = "X", kind: str = "thing", **roles: str) -> Facts:
    """What earlier extractors found: a subject with its roles."""
    subject = Subject(name=name, kind=kind) if name else None
    return Facts(document=elements.document.id, extractors=(), subject=subject, subject_facts=roles)
