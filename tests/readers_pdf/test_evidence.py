"""Locating and drawing evidence."""

from pathlib import Path

import pymupdf

from kg.evidence.crop import render
from kg.evidence.locate import narrowed
from runtime.pdf import open_pdf
from tests.readers_pdf.pages import PROSE, pdf


def test_a_part_of_a_line_is_narrowed_to_the_box_of_its_words(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", [PROSE])
    with open_pdf(path) as opened:
        line = [word for word in opened.words(1) if abs(word.baseline - 114) < 1]
        box = (line[0].box[0], line[0].box[1], line[-1].box[2], line[-1].box[3])
        narrow = narrowed(opened, 1, box, "meets a bear")
        assert [word.text for word in opened.words_in(1, narrow)] == ["meets", "a", "bear"]
        assert narrowed(opened, 1, box, "no such words") == box


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
