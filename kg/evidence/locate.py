"""From a piece of a line to the box of its words."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.pdf import Pdf
from runtime.pdf_model import union
from runtime.pdf_words import Word, spelled
from schemas.base import Box


def narrowed(pdf: Pdf, page: int, box: Box, text: str) -> Box:
    """The box of the words of `text` inside the box of a line that holds it; the whole box where they are not found.

    Args:
        pdf: the open document.
        page: 1-based.
        box: of one line (or cell), in points.
        text: what stands somewhere in it.
    """
    words = sorted(pdf.words_in(page, box), key=lambda word: (word.box[0], word.box[1]))
    start = "".join(spelled(words)).find(text)
    found = words_box(words, start, start + len(text)) if start >= 0 else None
    return found or box


def words_box(words: Sequence[Word], start: int, end: int) -> Box | None:
    """The box of the words that hold the characters [start, end) of a line's text; None where there are none."""
    line = sorted(words, key=lambda word: (word.box[0], word.box[1]))
    boxes: list[Box] = []
    position = 0
    for word, part in zip(line, spelled(line), strict=True):
        begin = position + part.index(word.text)
        if begin < end and start < begin + len(word.text):
            boxes.append(word.box)
        position += len(part)
    return union(boxes) if boxes else None
