"""The lines right above a table that name it, or state its scale and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from extraction.readers.pdf_flow import Item
from extraction.readers.pdf_lines import Vocabulary
from runtime.pdf_model import union
from schemas.base import Place

MAX_GAP: Final = 32.0
"""Points between the lowest line of the head and the table."""
MAX_LINES: Final = 4
_UNITS: Final = re.compile(
    r"\b(?:in|of|\$)\s*(?:millions|thousands|billions|percent|dollars|euros|us\$|usd|eur)\b"
    r"|\b(?:millions|thousands|billions) of\b"
    r"|\(\s*(?:unaudited|%|\$)",
    re.IGNORECASE,
)


def head_of(items: Sequence[Item], index: int, vocabulary: Vocabulary) -> tuple[str | None, Place | None]:
    """Text and place of the head of the table at `items[index]`: lines joined by a line end, nearest last.

    A head is a run of headings and short lines that stand directly above the table, or the one paragraph above it
    that ends with a colon or names a scale.
    """
    table = items[index].blocks[0]
    run: list[Item] = []
    top = table.box[1]
    for item in reversed(items[max(0, index - MAX_LINES) : index]):
        if item.kind in {"page-header", "page-footer", "footnote"}:
            continue
        block = item.blocks[-1]
        if (
            block.page != table.page
            or not item.lines
            or item.kind not in {"text", "section-header", "title", "list-item"}
        ):
            break
        bottom = block.box[3]
        if not -3 <= top - bottom <= MAX_GAP or min(block.box[2], table.box[2]) <= max(block.box[0], table.box[0]):
            break
        text = item.paragraph(vocabulary).text
        is_prose = item.kind in {"text", "list-item"} and len(item.lines) > 2
        if is_prose and (run or not (_UNITS.search(text) or text.endswith(":"))):
            break
        if item.kind in {"text", "list-item"} and text.endswith(".") and not _UNITS.search(text):
            break
        run.insert(0, item)
        top = block.box[1]
        if is_prose:
            break
    if not run:
        return None, None
    lines = [line for item in run for line in item.lines if line.page == table.page]
    text = "\n".join(item.paragraph(vocabulary).text for item in run)
    return text, Place(page=table.page, box=union([line.box for line in lines]))
