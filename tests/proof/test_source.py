"""The source re-read finds what is there, in every format, and nothing that is not."""

import hashlib
import zipfile

import pytest

from kg.proof.compare_text import occurs, threaded
from kg.proof.source import SourceIndex, reread
from schemas.sample import Evidence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX = (
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>The Sa</w:t></w:r><w:r><w:t>turn V flew in 1967.</w:t></w:r></w:p><w:tbl>'
    "<w:tr><w:tc><w:p><w:r><w:t>Rocket</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Height</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>Saturn V</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>110.6</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>Ariane 5</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>52</w:t></w:r></w:p></w:tc></w:tr>"
    "</w:tbl></w:body></w:document>"
)
HTML = (
    "<html><head><style>p{color:9}</style></head><body><p>The <b>Saturn</b> V flew in 1967.</p><table>"
    "<tr><th>Rocket</th><th>Height</th></tr><tr><td>Saturn V</td><td>110.6</td></tr><tr><td>Ariane 5</td><td>52</td></tr></table></body></html>"
)
MARKDOWN = "The **Saturn** V flew in 1967.\n\n| Rocket | Height |\n|---|---|\n| Saturn V | 110.6 |\n| Ariane 5 | 52 |\n"
LATEX = "The \\textbf{Saturn} V flew in 1967.\n\\begin{tabular}{lr}\nRocket & Height \\\\\nSaturn V & 110.6 \\\\\nAriane 5 & 52 \\\\\n\\end{tabular}\n"


def write(folder, suffix):
    path = folder / f"rockets{suffix}"
    if suffix in {".docx", ".epub"}:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "word/document.xml" if suffix == ".docx" else "OEBPS/one.xhtml", DOCX if suffix == ".docx" else HTML
            )
    else:
        path.write_text({".html": HTML, ".md": MARKDOWN, ".tex": LATEX}[suffix])
    return path


def row(path, text, kind="value", node="cell", modality="table", **place):
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    return Evidence(
        document=sha,
        path=path.name,
        node=node,
        element="table",
        kind=kind,
        modality=modality,
        text=text,
        sha256=sha,
        **place,
    )


def fact(path, value, *headers):
    rows = [row(path, value), *(row(path, text, "header", f"h{k}") for k, text in enumerate(headers))]
    return reread(rows, path.parent).result


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".html", ".md", ".tex"])
def test_marked_up_tables_are_read_again(tmp_path, suffix):
    path = write(tmp_path, suffix)
    assert fact(path, "110.6", "Height", "Saturn V") == "pass"
    assert fact(path, "111.6", "Height", "Saturn V") == "fail"
    assert fact(path, "10.6", "Height", "Saturn V") == "fail"
    assert fact(path, "110.6", "Width", "Saturn V") == "fail"
    assert fact(path, "110.6", "Height", "Ariane 5") == "fail"


@pytest.mark.parametrize("suffix", [".docx", ".epub", ".html", ".md", ".tex"])
def test_marked_up_text_is_read_again(tmp_path, suffix):
    path = write(tmp_path, suffix)
    assert reread([row(path, "The Saturn V flew in 1967.", node="table", modality="text")], tmp_path).result == "pass"
    assert reread([row(path, "The Saturn V flew in 1968.", node="table", modality="text")], tmp_path).result == "fail"


def test_delimited_files_are_read_by_cell(tmp_path):
    path = tmp_path / "moons.csv"
    path.write_text('name;mass\n"Io; the moon";8,93\nEuropa;4.80\n')
    assert reread([row(path, "Io; the moon", sheet="moons", cell="A2")], tmp_path).result == "pass"
    assert reread([row(path, "4.80", sheet="moons", cell="B3")], tmp_path).result == "pass"
    assert reread([row(path, "4.80", sheet="moons", cell="B2")], tmp_path).result == "fail"
    assert reread([row(path, "4.80", sheet="moons", cell="nonsense")], tmp_path).result == "fail"


def test_workbooks_are_read_by_sheet_and_cell_whatever_the_number_format(tmp_path):
    import datetime as dt

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Budget"
    for line in [
        ["In millions of dollars", None],
        ["Share", 0.121],
        ["Cost", 19604],
        ["Day", dt.date(2007, 12, 8)],
    ]:
        book.active.append(line)
    path = tmp_path / "budget.xlsx"
    book.save(path)
    good = {"A1": "In millions of dollars", "B2": "12.1%", "B3": "19,604", "B4": "December 8, 2007"}
    for cell, text in good.items():
        assert reread([row(path, text, sheet="Budget", cell=cell)], tmp_path).result == "pass", cell
    bad = {"A1": "In thousands of dollars", "B2": "12.2%", "B3": "19,605", "B4": "December 9, 2007"}
    for cell, text in bad.items():
        assert reread([row(path, text, sheet="Budget", cell=cell)], tmp_path).result == "fail", cell
    assert reread([row(path, "19,604", sheet="Other", cell="B3")], tmp_path).result == "fail"


def pdf(path, rotation):
    """Two words on a page; returns the boxes as a reader that looks at the displayed page sees them."""
    import pymupdf

    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    page.insert_text((40, 60), "19,604")
    page.insert_text((150, 120), "17,486")
    page.set_rotation(rotation)
    boxes = {word[4]: tuple(pymupdf.Rect(word[:4]) * page.rotation_matrix) for word in page.get_text("words")}
    document.save(path)
    return boxes


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_inside_a_pdf_box_are_read_again_on_rotated_pages_too(tmp_path, rotation):
    path = tmp_path / "a.pdf"
    boxes = pdf(path, rotation)
    assert reread([row(path, "19,604", page=1, box=boxes["19,604"])], tmp_path).result == "pass"
    assert reread([row(path, "19,604", page=1, box=boxes["17,486"])], tmp_path).result == "fail"
    assert reread([row(path, "9,604", page=1, box=boxes["19,604"])], tmp_path).result == "fail"
    assert reread([row(path, "19,604", page=2, box=boxes["19,604"])], tmp_path).result == "fail"


def test_a_file_that_is_gone_changed_or_broken_is_a_fail(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    assert "cannot open" in reread([row(path, "1", page=1)], tmp_path).reason
    evidence = row(path, "1", page=1)
    path.unlink()
    assert reread([evidence], tmp_path).result == "fail"
    assert SourceIndex(tmp_path, {}).reread([]).result == "not_applicable"


def test_a_docx_that_declares_entities_is_refused(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    assert reread([row(path, "aaaa", node="table", modality="text")], tmp_path).result == "fail"


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("19,604", "$ 19,604 (1)", True),
        ("604", "19,604", False),
        ("19", "19,604", False),
        ("4.8", "4.80", False),
        ("Mars", "mars", True),
        ("Mar", "Mars", False),
        ("multilingual reward model", "multi-\nlingual reward model", True),
        ("ﬁne", "fine", True),
        ("−52.6", "-52.6", True),
        ("", "x", True),
        ("✓", "x", False),
    ],
)
def test_words_match_whole(wanted, found, same):
    assert occurs(wanted, found) is same


def test_a_label_may_be_crossed_by_a_mark_but_not_changed():
    assert threaded("Three Months Ended January 29, 2023", "Three Months Ended 3 January 29, 2023")
    assert not threaded("Three Months Ended January 28, 2023", "Three Months Ended 3 January 29, 2023")
