"""From a page's analysis to blocks in reading order: regions with their lines, tables with their candidate grids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from extraction.readers.pdf_lines import Line, lines_of
from extraction.readers.references import own_label
from runtime.pdf import Pdf
from runtime.pdf_model import Analysis, PdfLink, RawTable, Region, Rule, inside, union
from runtime.pdf_words import Word
from schemas.base import Box

SMALLEST: Final = 25.0
"""Points; a figure is taller."""
REACH: Final = 60.0
"""Points between a figure and its caption."""
OVERLAP: Final = 0.5
"""Share of a table found by rules that must lie in a layout table to be a part of it."""


@dataclass(slots=True)
class Block:
    """A region of one page with its text."""

    kind: str
    """Class of the layout model: title, section-header, text, list-item, table, picture, caption, formula, footnote,
    page-header, page-footer."""
    page: int
    box: Box
    words: list[Word]
    lines: list[Line] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)
    """Parts that the table finder sees in a table region."""
    lattice: tuple[tuple[float, ...], tuple[float, ...]] | None = None
    """Inner x and y lines that the layout model predicts."""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Page:
    """One page: blocks in reading order, and what the later steps look up."""

    number: int
    width: float
    height: float
    blocks: list[Block]
    words: list[Word]
    rules: list[Rule]
    links: list[PdfLink]


def read_page(pdf: Pdf, number: int) -> Page:
    """Analyses one page.

    Raises:
        DocumentError: the page is damaged or out of bounds.
    """
    width, height = pdf.size(number)
    words = pdf.words(number)
    if not words:
        return Page(number, width, height, [], [], [], [])
    analysis = pdf.analyse(number)
    regions = _with_found_tables(analysis)
    blocks = _blocks(regions, words, number)
    _attach_tables(blocks, analysis)
    blocks = with_figures(blocks, lambda: pdf.graphics(number), number)
    return Page(number, width, height, blocks, words, pdf.rules(number), pdf.links(number))


def _with_found_tables(analysis: Analysis) -> list[Region]:
    """Layout regions, and as tables what only the rules show, where most of it lies outside of layout tables."""
    regions = list(analysis.regions)
    boxes = [region.box for region in regions if region.kind in {"table", "picture"}]
    for table in analysis.tables:
        if any(share(table.box, box) > OVERLAP for box in boxes):
            continue
        regions = [region for region in regions if share(region.box, table.box) <= OVERLAP]
        place = next((i for i, region in enumerate(regions) if region.box[1] >= table.box[1]), len(regions))
        regions.insert(place, Region(table.box, "table"))
    return regions


def share(inner: Box, outer: Box) -> float:
    """Share of the area of `inner` that lies in `outer`, 0..1."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(width, 0.0) * max(height, 0.0) / area if area > 0 else 0.0


def _blocks(regions: Sequence[Region], words: Sequence[Word], page: int) -> list[Block]:
    """Each word goes to the smallest region around its middle; what no region holds becomes text blocks."""
    order = sorted(range(len(regions)), key=lambda i: (_area(regions[i].box), i))
    held: list[list[Word]] = [[] for _ in regions]
    loose: list[Word] = []
    for word in words:
        home = next((i for i in order if inside(word.box, regions[i].box)), None)
        (loose if home is None else held[home]).append(word)
    blocks = [
        Block(region.kind, page, region.box, found, lines_of(found, page))
        for region, found in zip(regions, held, strict=True)
        if found or region.kind == "picture"
    ]
    return _with_loose(blocks, loose, page)


def _with_loose(blocks: list[Block], loose: Sequence[Word], page: int) -> list[Block]:
    """Lines that the layout model missed, placed before the first block that begins below them in their column."""
    for line in lines_of(loose, page):
        box = line.box
        near = next((b for b in blocks if b.kind in {"text", "table", "list-item"} and _adjoins(box, b)), None)
        if near is not None:
            near.words.extend(line.words)
            near.lines = lines_of(near.words, page)
            near.box = union([near.box, box])
            continue
        place = next((i for i, b in enumerate(blocks) if b.box[1] >= box[1] and b.box[0] < box[2]), len(blocks))
        blocks.insert(place, Block("text", page, box, list(line.words), [line]))
    return blocks


def _adjoins(box: Box, block: Block) -> bool:
    """Beside or within a line's height of the block, without crossing its column."""
    height = box[3] - box[1]
    x = min(box[2], block.box[2]) - max(box[0], block.box[0])
    y = max(box[1] - block.box[3], block.box[1] - box[3])
    return x > 0.6 * (box[2] - box[0]) and y < 0.35 * height


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _attach_tables(blocks: Sequence[Block], analysis: Analysis) -> None:
    for block in blocks:
        if block.kind != "table":
            continue
        block.tables = [table for table in analysis.tables if share(table.box, block.box) > OVERLAP]
        for box, xs, ys in analysis.lattices:
            if share(box, block.box) > OVERLAP:
                block.lattice = (xs, ys)


def with_figures(blocks: list[Block], graphics: Callable[[], Sequence[Box]], page: int) -> list[Block]:
    """Adds pictures that the layout model missed: graphics right above a figure's caption that has none."""
    pictures = [block for block in blocks if block.kind == "picture"]
    lonely = [
        block for block in blocks if _is_figure_caption(block) and not any(_above(p.box, block.box) for p in pictures)
    ]
    found = graphics() if lonely else ()
    for caption in lonely:
        parts = _stacked([box for box in found if _beside(box, caption.box)], caption.box[1])
        if not parts:
            continue
        box = union(parts)
        inner = [b for b in blocks if b.kind in {"text", "list-item", "formula", "table"} and share(b.box, box) > 0.7]
        if box[3] - box[1] < SMALLEST or any(b.kind == "table" for b in inner):
            continue
        blocks = [b for b in blocks if not any(b is other for other in inner)]
        words = [word for b in inner for word in b.words]
        place = next(i for i, b in enumerate(blocks) if b is caption)
        blocks.insert(place, Block("picture", page, box, words, lines_of(words, page)))
    return blocks


def _is_figure_caption(block: Block) -> bool:
    label = own_label(block.text)[0] if block.kind in {"caption", "text"} else None
    return label is not None and label.startswith("figure")


def _above(box: Box, caption: Box) -> bool:
    """Whether a graphic stands right above or below a caption."""
    return _beside(box, caption) and min(abs(caption[1] - box[3]), abs(box[1] - caption[3])) < REACH


def _beside(box: Box, caption: Box) -> bool:
    return min(box[2], caption[2]) - max(box[0], caption[0]) > 0.5 * min(box[2] - box[0], caption[2] - caption[0])


def _stacked(boxes: Sequence[Box], bottom: float) -> list[Box]:
    """Graphics from the caption upwards as long as the gaps between them are small."""
    parts: list[Box] = []
    for box in sorted(boxes, key=lambda b: -b[3]):
        if box[3] > bottom + 3:
            continue
        top = min((b[1] for b in parts), default=bottom)
        if top - box[3] > REACH / 2:
            break
        parts.append(box)
    return parts
