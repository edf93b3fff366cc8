from __future__ import annotations

import base64
import os
import re

import pytest

from extraction.readers.pandoc import PandocReader
from extraction.readers.pandoc_html import with_heads
from extraction.readers.pandoc_latex import display_rows
from schemas.errors import DocumentError, TransientError

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

LATEX = r"""
\documentclass{article}\title{Bodies}\newcommand{\grav}{G}
\begin{document}\maketitle
\section{One}\label{sec:one}
See Eq.~\eqref{eq:v}, Table~\ref{tab:a} and Section~\ref{sec:one} \cite{smith2020}.\footnote{A note.}
\begin{equation}\label{eq:v} v = \sqrt{\frac{2 \grav M}{r}}, \end{equation}
where $\grav$ denotes the constant and $5.97\times 10^{24}$ kg the mass.
\begin{align} a &= b \nonumber \\ c &= d \label{eq:c} \end{align}
\begin{table}\caption{Moons.}\label{tab:a}\begin{tabular}{lrr} A & \multicolumn{2}{c}{B} \\ 1 & 2 & 3 \end{tabular}\end{table}
\input{more}
\input{../outside}
\end{document}
"""


def kinds(elements, kind):
    return [element for element in elements.elements if element.kind == kind]


def test_latex_has_the_numbers_that_tex_would_print(read):
    found = read("a.tex", LATEX, **{"more.tex": b"Included text."})
    formulas = kinds(found, "formula")
    assert [(f.text, f.label) for f in formulas] == [
        (r"v = \sqrt{\frac{2 GM}{r}}", "equation 1"),
        ("a = b", None),
        ("c = d", "equation 2"),
    ]
    (table,) = kinds(found, "table")
    assert (table.label, table.caption) == ("table 1", "Moons.")
    assert [cell.col_span for cell in table.grid.cells] == [1, 2, 1, 1, 1]
    chunk = next(e for e in found.elements if e.text.startswith("See"))
    assert chunk.text == "See Eq. (1), Table 1 and Section 1 [smith2020]."
    assert [link.label for link in chunk.links] == ["equation 1", "table 1", "section 1", "cite smith2020"]
    assert [link.target for link in chunk.links[:2]] == [formulas[0].id, table.id]


def test_latex_includes_files_of_its_own_folder_only(read, tmp_path):
    (tmp_path / "outside.tex").write_text("Secret text.")
    found = read("a.tex", LATEX, **{"more.tex": b"Included text."})
    texts = [element.text for element in found.elements]
    assert "Included text." in texts
    assert not any("Secret" in text for text in texts)
    assert found.document.metadata["files"] == "more.tex"


def test_a_loop_of_inclusions_ends(read):
    found = read("a.tex", r"\begin{document}Text.\input{a}\end{document}")
    assert found.elements


def test_inline_maths_stays_in_the_text_and_numbers_become_plain(read):
    found = read("a.tex", LATEX)
    chunk = next(e for e in found.elements if e.text.startswith("where"))
    assert chunk.text == "where $G$ denotes the constant and 5.97 × 10^24 kg the mass."


def test_rows_of_align_are_formulas_and_continued_lines_are_joined():
    rows = display_rows(
        r"\begin{align}x &= 1 \\ &= 2 \nonumber \\ y &= \begin{cases} a & b \\ c & d \end{cases}\end{align}"
    )
    assert [row.latex for row in rows] == ["x = 1 = 2", r"y = \begin{cases} a & b \\ c & d \end{cases}"]


def test_html_tables_keep_spans_headers_caption_notes_and_scale_line(read, rows):
    found = read(
        "a.html",
        """<h1>T</h1><p>In millions of dollars</p><table id=t><caption>Table 2. Sales</caption>
        <tr><th rowspan=2>Year</th><th colspan=2>Sales<sup>a</sup></th></tr><tr><th>A</th><th>B</th></tr>
        <tr><td>2020</td><td>10<sup>3</sup></td><td>5 km<sup>2</sup></td></tr></table>
        <p>Note: unaudited.</p><p>See <a href="#t">the table</a> and <a href="b.html#x">b</a>.</p>""",
    )
    (table,) = kinds(found, "table")
    assert rows(table) == [["Year", "Sales", ""], ["", "A", "B"], ["2020", "10^3", "5 km²"]]
    assert (table.grid.header_rows, table.label, table.caption, table.head) == (
        2,
        "table 2",
        "Sales",
        "In millions of dollars",
    )
    assert table.notes == ("Note: unaudited.",)
    last = found.elements[-1]
    assert [(link.target, link.uri) for link in last.links] == [(table.id, None), (None, "b.html#x")]
    assert [cell.place.cell for cell in table.grid.cells][:3] == ["A1", "B1", "B2"]


def test_a_paragraph_beside_a_table_that_is_labelled_is_its_caption(read):
    found = read("a.md", "Table 1: Above.\n\n|a|b|\n|-|-|\n|1|2|\n\nText.\n\n|a|b|\n|-|-|\n|1|2|\n\nTable 2: Below.\n")
    assert [(t.label, t.caption) for t in kinds(found, "table")] == [("table 1", "Above."), ("table 2", "Below.")]
    assert [e.text for e in kinds(found, "chunk")] == ["Text."]


def test_a_header_of_one_row_and_a_table_of_headers_stay_as_they_are():
    for rows_in in ("<tr><th>a<tr><td>b", "<tr><th>a<tr><th>b", "<thead><tr><th>a<tr><th>b</thead><tr><td>c"):
        assert with_heads(f"<table>{rows_in}</table>") == f"<table>{rows_in}</table>"


def test_images_come_from_data_uris_and_the_own_folder_and_are_never_fetched(read, tmp_path):
    (tmp_path / "out.png").write_bytes(PIXEL)
    uri = "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    found = read(
        "a.html",
        f'<figure id=f><img src="{uri}" alt="dot"><figcaption>Figure 4: A dot.</figcaption></figure>'
        '<p><img src="in.png"></p><p><img src="../out.png"></p><p><img src="http://localhost:9/x.png"></p>',
        **{"in.png": PIXEL},
    )
    images = kinds(found, "image")
    assert [image.blob is not None for image in images] == [True, True, False, False]
    assert (images[0].label, images[0].caption, images[0].text) == ("figure 4", "A dot.", "dot")
    assert (tmp_path / "blobs" / images[0].blob).read_bytes() == PIXEL
    assert len(found.document.warnings) == 2


def test_headings_nest_and_places_have_the_heading_path(read):
    found = read("a.md", "# A\n\n## 2.1 B\n\ntext\n\n# C\n\nmore\n")
    a, b, text, c, more = found.elements
    assert (b.parent, b.label, text.parent, c.parent, more.parent) == (a.id, "section 2.1", b.id, None, c.id)
    assert text.places[0].path == ("A", "2.1 B")
    assert [e.places[0].block for e in found.elements] == [0, 1, 2, 3, 4]


def test_the_number_behind_a_display_formula_is_its_label(read):
    found = read("a.html", r"<p>so \[ x = y \] (3) holds</p>")
    assert [(e.kind, e.text, e.label) for e in found.elements] == [
        ("chunk", "so", None),
        ("formula", "x = y", "equation 3"),
        ("chunk", "holds", None),
    ]


def test_footnotes_definitions_and_lists_are_chunks_with_roles(read):
    found = read("a.md", "Text.[^1]\n\n[^1]: Aside.\n\n- one\n- two\n\nTerm\n: Meaning.\n")
    assert [(e.role, e.text) for e in found.elements] == [
        ("text", "Text."),
        ("footnote", "Aside."),
        ("list-item", "one"),
        ("list-item", "two"),
        ("list-item", "Term: Meaning."),
    ]


@pytest.mark.parametrize(
    ("name", "content", "check"),
    [
        ("a.docx", b"\xff\xfe" + "noise".encode("utf-16-le") * 50, "not_a_docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "encrypted"),
        ("a.docx", b"PK\x03\x04 truncated", "truncated"),
        ("a.html", b"", "empty"),
        ("a.md", b"bytes \0 in text", "not_text"),
        ("a.html", b"<html><body></body></html>", "empty"),
        ("a.pdf", b"just text", "not_a_pdf"),
    ],
)
def test_a_damaged_file_is_one_named_error(read, name, content, check):
    with pytest.raises(DocumentError) as caught:
        read(name, content)
    assert caught.value.check == check


def test_a_zip_that_is_no_word_file_is_broken(read, tmp_path):
    import zipfile

    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(DocumentError) as caught:
        read("a.docx", path.read_bytes())
    assert caught.value.check == "broken_docx"


def test_deep_nesting_is_an_error_and_no_crash(read):
    with pytest.raises(DocumentError):
        read("a.html", "<div><blockquote>" * 3000 + "x")


def test_pandoc_that_runs_too_long_is_transient(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("word " * 200_000)
    with pytest.raises(TransientError):
        PandocReader(timeout=0.001).read(path, tmp_path)


def test_reading_twice_gives_equal_elements(read):
    assert read("a.tex", LATEX) == read("a.tex", LATEX)


@pytest.mark.parametrize("text", ["a\u0301 b\u00a0c\u00ad d", "x   y\n z"])
def test_text_is_nfc_with_single_spaces(read, text):
    (element,) = read("a.md", text).elements
    assert re.fullmatch(r"\S+( \S+)*", element.text)
    assert "\u00ad" not in element.text


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_a_symbolic_link_out_of_the_folder_is_not_followed(read, tmp_path):
    (tmp_path / "out.png").write_bytes(PIXEL)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "link.png").symlink_to(tmp_path / "out.png")
    (image,) = kinds(read("a.md", "![](link.png)"), "image")
    assert image.blob is None
