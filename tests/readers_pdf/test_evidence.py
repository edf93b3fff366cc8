"""Locating and drawing evidence."""

from pathlib import Path

import pymupdf

from kg.evidence.crop import render
from kg.evidence.locate import evidence, spots
from runtime.pdf import open_pdf
from schemas.base import Place
from schemas.element import Document, Element, Elements, Grid, GridCell
from schemas.fact import Support
from tests.readers_pdf.pages import PROSE, pdf

LINES = (
    "The quick brown fox jumps over the lazy dog and runs into the deep forest.",
    "There it meets a bear that has been asleep since the first days of October.",
)


def chunk(path: Path) -> Elements:
    """The paragraph of `PROSE`, places line by line."""
    text = " ".join(LINES)
    with open_pdf(path) as opened:
        words = opened.words(1)
    places = []
    for start, line, y in ((0, LINES[0], 100.0), (len(LINES[0]) + 1, LINES[1], 114.0)):
        own = [w.box for w in words if abs(w.baseline - y) < 1]
        box = (min(b[0] for b in own), min(b[1] for b in own), max(b[2] for b in own), max(b[3] for b in own))
        places.append(Place(page=1, box=box, span=(start, start + len(line))))
    element = Element(id="e", document="d", kind="chunk", order=0, text=text, places=tuple(places))
    return Elements(document=Document(id="d", paths=("a.pdf",), format="pdf"), reader="pdf/1", elements=(element,))


def test_a_span_over_a_line_end_is_one_row_of_evidence_per_line(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE])
    source = chunk(path)
    text = source.elements[0].text
    start = text.index("deep")
    span = (start, text.index("bear") + len("bear"))
    with open_pdf(path) as opened:
        rows = evidence(source, Support(element="e", span=span), node="n", path="a.pdf", pdf=opened)
        seen = [" ".join(w.text for w in opened.words_in(1, row.box)) for row in rows if row.box]
    assert [row.text for row in rows] == ["deep forest.", "There it meets a bear"]
    assert seen == ["deep forest.", "There it meets a bear"]
    assert all(row.sha256 == "d" and row.page == 1 for row in rows)


def test_a_support_with_row_and_column_is_the_cell_that_covers_them() -> None:
    cell = GridCell(row=0, col=1, row_span=2, text="x", place=Place(sheet="S", cell="B1:B2"))
    table = Element(
        id="t", document="d", kind="table", order=0, grid=Grid(n_rows=2, n_cols=2, cells=(cell,)),
        head="(in millions)", head_place=Place(page=1, box=(0, 0, 1, 1)),
    )  # fmt: skip
    assert [s.place.cell for s in spots(table, Support(element="t", row=1, col=1))] == ["B1:B2"]
    assert spots(table, Support(element="t", row=1, col=0)) == ()
    assert spots(table, Support(element="t", role="scale"))[0].text == "(in millions)"


def test_a_crop_is_the_same_bytes_each_time_and_shows_red(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE])
    box = (72.0, 90.0, 200.0, 104.0)
    first = render(path, 1, [box], tmp_path / "one.png")
    render(path, 1, [box], tmp_path / "two.png")
    assert first.path is not None
    assert first.path.read_bytes() == (tmp_path / "two.png").read_bytes()
    image = pymupdf.Pixmap(str(first.path))
    width = round(image.width * 72 / 110)
    assert abs(width - 595) <= 1
    red = sum(
        1
        for x in range(image.width)
        for y in range(0, image.height, 2)
        if image.pixel(x, y)[0] > image.pixel(x, y)[1] + 60
    )
    assert red > 50


def test_a_crop_of_a_format_without_pages_says_so(tmp_path: Path) -> None:
    made = render(tmp_path / "a.docx", 1, [(0, 0, 1, 1)], tmp_path / "a.png")
    assert made.path is None
    assert made.reason == ".docx has no pages to draw"
    assert not (tmp_path / "a.png").exists()


def test_a_page_that_does_not_exist_is_not_drawn(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE])
    assert render(path, 7, [(0, 0, 1, 1)], tmp_path / "a.png").reason == "page 7 is not one of the 1 pages"
