"""The document's title: metadata where it is one, else the largest text of page 1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from extraction.readers.pdf_lines import Line
from extraction.readers.pdf_pages import Page

_NO_TITLE: Final = re.compile(
    r"^(?:untitled.*|microsoft \w+ - .*|.*\.(?:docx?|pdf|tex|dvi|indd|qxd|rtf|html?)|[\d\W_]+|\w*\d{5,}[\w-]*)$",
    re.IGNORECASE,
)
_TITLES: Final = frozenset({"title", "section-header", "text"})


def title_of(metadata: Mapping[str, str], path: Path, pages: Sequence[Page]) -> str | None:
    """None where the document has neither a usable metadata title nor text on its first page."""
    stated = " ".join(metadata.get("title", "").split())
    if stated and not _NO_TITLE.match(stated) and stated.lower() != path.stem.lower() and " " in stated:
        return stated
    return largest(pages[0]) if pages else None


def largest(page: Page) -> str | None:
    """The largest run of lines on a page, joined; a line of one or two characters (a drop cap) does not count."""
    lines = [line for block in page.blocks if block.kind in _TITLES for line in block.lines if len(line.text) > 2]
    if not lines:
        return None
    size = max(line.size for line in lines)
    run: list[Line] = []
    for line in lines:
        if line.size > 0.95 * size:
            run.append(line)
        elif run:
            break
    return " ".join(line.text for line in run) or None
