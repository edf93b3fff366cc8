"""Small PDFs made on the spot, and pages made of words without any PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from extraction.readers.pdf_lines import lines_of
from extraction.readers.pdf_pages import Block
from runtime.pdf_words import Word

WIDTH = 5.0
"""Points of a character in `word`: Courier-like, at size 10."""


def word(
    text: str, x: float, y: float, *, size: float = 10.0, bold: bool = False, space: bool = True, right: bool = False
) -> Word:
    """A word that begins (or ends, `right`) at x with its baseline at y."""
    width = WIDTH * len(text) * size / 10
    x0 = x - width if right else x
    return Word(
        text, (x0, y - 0.7 * size, x0 + width, y), y, size, bold, italic=False, font="Test", line=0, space=space
    )


def phrase(text: str, x: float, y: float, **style: object) -> list[Word]:
    """Words separated by a space of a quarter em."""
    found: list[Word] = []
    for part in text.split():
        found.append(word(part, x, y, **style))  # type: ignore[arg-type]
        x = found[-1].box[2] + 2.5
    return found


def table(words: Sequence[Word], page: int = 1) -> Block:
    box = (
        min(w.box[0] for w in words),
        min(w.box[1] for w in words),
        max(w.box[2] for w in words),
        max(w.box[3] for w in words),
    )
    return Block("table", page, box, list(words), lines_of(words, page))


def pdf(path: Path, pages: Sequence[Sequence[tuple[float, float, str]]], **save: object) -> Path:
    """A PDF whose pages hold (x, baseline, text) in Helvetica 11."""
    document = pymupdf.open()
    for texts in pages:
        page = document.new_page()
        for x, y, text in texts:
            page.insert_text((x, y), text, fontsize=11)
    document.save(path, **save)
    document.close()
    return path


PROSE = [
    (72.0, 100.0, "The quick brown fox jumps over the lazy dog and runs into the deep forest."),
    (72.0, 114.0, "There it meets a bear that has been asleep since the first days of October."),
]
