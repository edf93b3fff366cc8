"""Hostile and broken PDFs: one clear error or warning each."""

from pathlib import Path

import pymupdf
import pytest

from extraction.readers.pdf import PdfReader
from runtime.pdf import open_pdf
from schemas.errors import DocumentError
from tests.readers_pdf.pages import PROSE, pdf


def refused(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        open_pdf(path)
    assert "\n" not in str(caught.value)
    return caught.value.check


def test_an_empty_file_is_refused_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"")
    assert refused(path) == "empty"


def test_a_text_file_named_pdf_is_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_text("Dear reader, this is a letter.")
    assert refused(path) == "not_a_pdf"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_instead_of_read_in_part(tmp_path: Path, share: float) -> None:
    whole = pdf(tmp_path / "whole.pdf", [PROSE] * 3).read_bytes()
    path = tmp_path / "a.pdf"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refused(path) == "truncated"


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE], encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    assert refused(path) == "encrypted"


def test_a_scan_has_no_text_layer(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [[], []])
    with pytest.raises(DocumentError, match="no text layer: 2 pages"):
        PdfReader().read(path, tmp_path)


def test_pages_without_text_are_named_in_a_warning(tmp_path: Path) -> None:
    found = PdfReader().read(pdf(tmp_path / "a.pdf", [PROSE, [], []]), tmp_path)
    assert found.document.warnings == ("no text layer: 2 pages (2, 3)",)
    assert found.elements


def test_max_pages_reads_the_first_ones_and_says_so(tmp_path: Path) -> None:
    found = PdfReader(max_pages=1).read(pdf(tmp_path / "a.pdf", [PROSE] * 4), tmp_path)
    assert found.document.warnings == ("only the first 1 of 4 pages were read (max_pages)",)
    assert {place.page for element in found.elements for place in element.places} == {1}


def test_a_page_of_absurd_size_is_left_out_with_a_warning(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE, PROSE])
    document = pymupdf.open(path)
    document.xref_set_key(document[1].xref, "MediaBox", "[0 0 900000 900000]")
    document.save(tmp_path / "b.pdf")
    found = PdfReader().read(tmp_path / "b.pdf", tmp_path)
    assert len(found.document.warnings) == 1
    assert "900000 x 900000" in found.document.warnings[0]


def test_a_directory_is_unreadable(tmp_path: Path) -> None:
    assert refused(tmp_path) == "unreadable"
