"""From the blocks of all pages to paragraphs: split where lines end early, joined across columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from extraction.readers.pdf_lines import Line, Paragraph, Vocabulary, ends_open, paragraph, starts_low
from extraction.readers.pdf_pages import Block, Page
from extraction.readers.references import own_label
from schemas.element import ChunkRole

ROLES: Final[dict[str, ChunkRole]] = {
    "title": "title",
    "text": "text",
    "list-item": "list-item",
    "caption": "caption",
    "footnote": "footnote",
    "page-header": "header",
    "page-footer": "footer",
}
_FLOATS: Final = frozenset({"table", "picture", "caption", "footnote", "page-header", "page-footer"})
"""What may stand between the two halves of a paragraph."""
_BULLET: Final = re.compile(r"^\s*(?:[•◦▪●○■–—*·]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+\S")
_MARK: Final = re.compile(r"^[*†‡§¶∗♠♣♡]|^\d{1,2}\s?[A-Z(]")
_REFERENCES: Final = re.compile(
    r"^\s*(?:\d+\.?\s+)?(?:references|bibliography|works cited|literature)\s*$", re.IGNORECASE
)


@dataclass(slots=True)
class Item:
    """One block of the document's flow: running text with its lines, or a float."""

    kind: str
    blocks: list[Block]
    lines: list[Line] = field(default_factory=list)

    @property
    def page(self) -> int:
        return self.blocks[0].page

    def paragraph(self, vocabulary: Vocabulary) -> Paragraph:
        return paragraph(self.lines, vocabulary)


def flow(pages: Sequence[Page]) -> list[Item]:
    """All blocks in reading order; paragraphs cut by a column or page end are one item, at the place of its start."""
    items: list[Item] = []
    references = False
    for page in pages:
        body = _body_size(page)
        for block in page.blocks:
            if block.kind == "section-header":
                references = bool(_REFERENCES.match(block.text))
            kind = "footnote" if _is_footnote(block, page, body) else block.kind
            kind = "caption" if kind == "text" and _is_caption(block) else kind
            kind = "reference" if references and kind in {"text", "list-item"} else kind
            for lines in _pieces(block, kind, _column_end(block, page)):
                items.append(Item(kind, [block], list(lines)))
    return _rejoined(items)


def _body_size(page: Page) -> float:
    """The largest font size that a quarter of the page's running text has; 0 where there is none."""
    sizes: Counter[float] = Counter()
    for block in page.blocks:
        if block.kind == "text":
            for line in block.lines:
                # Half points: justified text is set in slightly scaled fonts.
                sizes[round(line.size * 2) / 2] += len(line.text)
    return max((size for size, count in sizes.items() if 4 * count >= sizes.total()), default=0.0)


def _is_footnote(block: Block, page: Page, body: float) -> bool:
    """Small text with a mark in the lower half of a page, which the layout model takes for a paragraph."""
    if block.kind not in {"text", "list-item"} or not block.lines or block.box[1] < 0.5 * page.height:
        return False
    return block.lines[0].size < 0.95 * body and bool(_MARK.match(block.lines[0].text))


def _column_end(block: Block, page: Page) -> float:
    """Where lines of the block could end: at its own right edge, or at that of a longer paragraph below or above it."""
    ends = [
        other.box[2]
        for other in page.blocks
        if other is not block and other.kind == "text" and len(other.lines) > 2 and abs(other.box[0] - block.box[0]) < 3
    ]
    return min((end for end in ends if end >= block.box[2] - 1), default=block.box[2])


def _is_caption(block: Block) -> bool:
    """A paragraph that begins as captions do, `Table 3: ...`."""
    label = own_label(block.text)[0] if len(block.lines) < 8 else None
    return label is not None and label.split()[0] in {"table", "figure"}


def _pieces(block: Block, kind: str, right: float) -> Iterable[Sequence[Line]]:
    """Paragraphs of one block."""
    if kind == "reference":
        return _entries(block)
    if kind not in {"text", "list-item", "footnote"} or len(block.lines) < 2:
        return [block.lines]
    return _split(block, right)


def _split(block: Block, right: float) -> list[list[Line]]:
    """Breaks a block where the next line's first word would have fitted, or where an indented line follows an end."""
    left = min(line.box[0] for line in block.lines)
    parts = [[block.lines[0]]]
    for above, line in zip(block.lines, block.lines[1:], strict=False):
        first = line.words[0]
        room = right - above.box[2]
        fits = first.box[2] - first.box[0] + 1.2 * line.size < room
        ended = not ends_open(above.text)
        early = fits and (ended or not starts_low(line.text)) and right - left > 12 * line.size
        indented = ended and line.box[0] - left > 0.8 * line.size and above.box[0] - left < 0.4 * line.size
        if early or indented or (_BULLET.match(line.text) and ended):
            parts.append([])
        parts[-1].append(line)
    return parts


def _entries(block: Block) -> list[list[Line]]:
    """Entries of a reference list: each begins at the left edge, its other lines hang in."""
    left = min(line.box[0] for line in block.lines)
    hanging = any(line.box[0] - left > 4 for line in block.lines)
    parts: list[list[Line]] = []
    for line in block.lines:
        starts = line.box[0] - left <= 4 if hanging else not parts or not ends_open(parts[-1][-1].text)
        if starts or not parts:
            parts.append([])
        parts[-1].append(line)
    return parts


def _rejoined(items: Sequence[Item]) -> list[Item]:
    """Appends a paragraph to the last open one of its kind when only floats stand between them."""
    result: list[Item] = []
    last: Item | None = None
    for item in items:
        if item.kind in {"text", "list-item", "reference"} and item.lines:
            below = bool(result) and result[-1] is last and _is_below(last, item)
            if last is not None and not below and _continues(last, item):
                last.blocks.extend(block for block in item.blocks if block not in last.blocks)
                last.lines.extend(item.lines)
                continue
            last = item
        elif item.kind not in _FLOATS:
            last = None
        result.append(item)
    return result


def _is_below(last: Item | None, item: Item) -> bool:
    """Whether an item stands right below another in one column: the layout model has parted them already."""
    if last is None or last.blocks[-1].page != item.page:
        return False
    above, below = last.blocks[-1].box, item.blocks[0].box
    return last.blocks[-1] is not item.blocks[0] and abs(above[0] - below[0]) < 3 and below[1] > above[1]


def _continues(last: Item, item: Item) -> bool:
    end, start = last.lines[-1], item.lines[0]
    if end is start or abs(end.size - start.size) > 0.12 * end.size:
        return False
    same = last.blocks[-1] is item.blocks[0]
    if item.kind == "reference" or last.kind == "reference":
        left = min(line.box[0] for line in item.blocks[0].lines)
        return last.kind == item.kind and not same and start.box[0] - left > 4
    if same or _BULLET.match(start.text):
        return False
    text = end.text
    return (ends_open(text) and (starts_low(start.text) or text[-1] == "-")) or (
        text[-1] in ",-" and not starts_low(text)
    )
