"""The reader on the example corpus: its facts are known, so is what a page must give."""

from pathlib import Path

import pytest

from extraction.readers.pdf import PdfReader
from runtime.pdf import open_pdf
from schemas.element import Element, Elements

CORPUS = Path(__file__).parents[2] / "examples" / "planets" / "corpus"


@pytest.fixture(scope="module")
def planets(tmp_path_factory: pytest.TempPathFactory) -> Elements:
    return PdfReader().read(CORPUS / "planets.pdf", tmp_path_factory.mktemp("blobs"))


def of(planets: Elements, kind: str) -> list[Element]:
    return [element for element in planets.elements if element.kind == kind]


def labelled(planets: Elements, label: str) -> Element:
    return next(element for element in planets.elements if element.label == label)


def test_display_equations_are_latex_with_their_numbers(planets: Elements) -> None:
    found = {element.label: element.text for element in of(planets, "formula")}
    assert found["equation 1"] == r"v_{e}=\sqrt{\frac{2GM}{R}}"
    assert found["equation 2"] == r"g=\frac{GM}{R^{2}}"
    assert found["equation 3"] == r"\rho =\frac{3M}{4\pi R^{3}}"
    assert found["equation 4"] == r"T^{2}=\frac{4\pi ^{2}a^{3}}{GM_{s}}"


def test_tables_have_captions_headers_and_a_certificate(planets: Elements) -> None:
    table = labelled(planets, "table 1")
    assert table.caption is not None
    assert table.caption.startswith("Bulk properties")
    assert table.grid is not None
    assert (table.grid.n_rows, table.grid.header_rows, table.grid.rows_agree) == (9, 1, True)
    header = [cell.text for cell in table.grid.cells if cell.row == 0]
    assert header[:2] == ["Planet", "Mass (10^24 kg)"]


def test_every_cell_says_where_it_stands(planets: Elements) -> None:
    with open_pdf(CORPUS / "planets.pdf") as pdf:
        for table in of(planets, "table"):
            assert table.grid is not None
            for cell in table.grid.cells:
                assert cell.place.page is not None
                assert cell.place.box is not None
                if cell.row:
                    words = pdf.words_in(cell.place.page, cell.place.box)
                    assert "".join(word.text for word in words) == cell.text.replace(" ", "")


def test_cross_references_point_at_what_they_name(planets: Elements) -> None:
    ids = {element.id: element for element in planets.elements}
    links = [link for element in planets.elements for link in element.links]
    assert links
    for link in links:
        assert link.target is not None
        assert ids[link.target].label == link.label


def test_running_headers_and_page_numbers_are_no_paragraphs(planets: Elements) -> None:
    roles = {element.text: element.role for element in of(planets, "chunk")}
    assert roles["Example corpus"] == "header"
    assert roles["2"] == "footer"


def test_headings_have_the_levels_of_their_numbers(planets: Elements) -> None:
    found = [(e.label, e.level, e.text) for e in of(planets, "section") if e.label]
    assert found[0] == ("section 1", 1, "1 Introduction")


def test_text_is_under_its_heading(planets: Elements) -> None:
    equations = next(e for e in of(planets, "section") if e.text == "4 Equations")
    assert labelled(planets, "equation 1").parent == equations.id


def test_an_image_has_bytes_and_a_caption(planets: Elements) -> None:
    image = labelled(planets, "figure 1")
    assert image.blob is not None
    assert image.caption is not None
    assert image.caption.startswith("Mean density")


def test_two_reads_give_the_same_bytes(tmp_path: Path) -> None:
    path = CORPUS / "reports" / "dawn.pdf"
    first = PdfReader().read(path, tmp_path).model_dump_json()
    assert PdfReader().read(path, tmp_path).model_dump_json() == first


def test_the_order_of_analyses_changes_nothing() -> None:
    """PyMuPDF 2.0 finds no tables on a page object that was laid out before."""
    path = CORPUS / "reports" / "dawn.pdf"
    with open_pdf(path) as pdf:
        pdf.words(1)
        pdf.rules(1)
        late = pdf.analyse(1)
        assert pdf.analyse(1) == late
    with open_pdf(path) as pdf:
        assert pdf.analyse(1) == late
    assert late.tables
