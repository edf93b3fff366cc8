"""Elements from the flow of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from extraction.readers.assemble import Assembler, store_blob
from extraction.readers.pdf_captions import captions
from extraction.readers.pdf_flow import ROLES, Item
from extraction.readers.pdf_formula import is_prose, latex_of
from extraction.readers.pdf_head import head_of
from extraction.readers.pdf_lines import Paragraph, Vocabulary
from extraction.readers.pdf_links import Target, cite_label, links_of
from extraction.readers.pdf_pages import Block, Page
from extraction.readers.pdf_pictures import picture_bytes
from extraction.readers.pdf_sections import Levels, section_label
from extraction.readers.pdf_tables import Table, read_tables
from extraction.readers.references import own_label
from runtime.pdf import Pdf
from schemas.base import Place
from schemas.element import ChunkRole, Element
from schemas.errors import DocumentError

_NUMBER: Final = re.compile(r"\((?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?[a-z]?)\)\s*$")


def build(
    pdf: Pdf, pages: Sequence[Page], items: Sequence[Item], title: str | None, document: str, blobs: Path
) -> tuple[Element, ...]:
    """Elements in reading order; images go to `blobs`. The title is no section: the whole document would be in it."""
    builder = _Builder(pdf, pages, items, document, blobs)
    for index, item in enumerate(items):
        if item.page == 1 and item.kind == "section-header" and item.blocks[0].text == title:
            item.kind = "title"
        builder.add(index, item)
    return builder.finish()


class _Builder:
    """What one document needs to become elements."""

    def __init__(self, pdf: Pdf, pages: Sequence[Page], items: Sequence[Item], document: str, blobs: Path) -> None:
        self.pdf, self.items, self.blobs = pdf, items, blobs
        self.pages = {page.number: page for page in pages}
        self.vocabulary = Vocabulary.of(line for page in pages for block in page.blocks for line in block.lines)
        self.captions = captions(pages)
        self.levels = Levels.of(items)
        self.tables = read_tables(items, pages, self.vocabulary, pdf.path, set(self.captions))
        self.out = Assembler(document)
        self.targets: list[Target] = []
        self.running: list[tuple[int, Paragraph]] = []
        """Handles whose links are resolved once all targets are known."""

    def add(self, index: int, item: Item) -> None:
        if item.kind == "table" and index in self.tables:
            self._table(index, self.tables[index])
        elif item.kind == "picture":
            self._picture(item)
        elif item.kind == "formula" and not is_prose(item.blocks[0].words):
            self._formula(item)
        elif item.kind == "section-header" or (item.kind == "title" and item.page > 1):
            self._section(item)
        else:
            self._chunk(item)

    def finish(self) -> tuple[Element, ...]:
        """All elements, links resolved."""
        for handle, part in self.running:
            links = links_of(part, self.pages, self.targets)
            if links:
                self.out.amend(handle, links=links)
        return self.out.finish()

    def _target(self, block: Block, kind: str) -> str:
        anchor = f"{kind}-{len(self.targets)}"
        self.targets.append(Target(block.page, block.box[0], block.box[1], anchor, kind))
        return anchor

    def _section(self, item: Item) -> None:
        part = item.paragraph(self.vocabulary)
        if not part.text:
            return
        self.out.section(
            part.text,
            level=self.levels.level(item),
            places=part.places,
            label=section_label(part.text),
            anchors=(self._target(item.blocks[0], "section"),),
            bold=item.lines[0].bold,
        )

    def _chunk(self, item: Item) -> None:
        part = item.paragraph(self.vocabulary)
        if not part.text:
            return
        role: ChunkRole = "reference" if item.kind == "reference" else ROLES.get(item.kind, "text")
        bold = all(line.bold for line in item.lines)
        handle = self.out.chunk(part.text, role=role, places=part.places, bold=bold)
        if role == "reference":
            first = Block("reference", item.lines[0].page, item.lines[0].box, [])
            self.out.amend(handle, anchors=(self._target(first, "cite"),), label=cite_label(part.text))
        self.running.append((handle, part))

    def _table(self, index: int, table: Table) -> None:
        if table.merged:
            return
        label, caption, place = self._caption(table.block)
        head, head_place = head_of(self.items, index, self.vocabulary)
        self.out.table(
            table.grid,
            places=table.places,
            label=label,
            caption=caption,
            caption_place=place,
            head=head,
            head_place=head_place,
            notes=table.notes,
            anchors=(self._target(self.captions.get(id(table.block), table.block), "table"),),
            confidence=1.0 if table.grid.agreement is None else round(table.grid.agreement, 4),
        )

    def _caption(self, block: Block) -> tuple[str | None, str | None, Place | None]:
        """(label, caption without label, place) of a float."""
        found = self.captions.get(id(block))
        if found is None:
            return None, None, None
        text = Item("caption", [found], found.lines).paragraph(self.vocabulary).text
        return *own_label(text), Place(page=found.page, box=found.box)

    def _picture(self, item: Item) -> None:
        block = item.blocks[0]
        label, caption, place = self._caption(block)
        if label is None and min(block.box[2] - block.box[0], block.box[3] - block.box[1]) < 20:
            return
        try:
            blob: str | None = store_blob(picture_bytes(self.pdf, block), self.blobs)
        except DocumentError:
            # An image that cannot be drawn keeps its place and caption.
            blob = None
        self.out.image(
            item.paragraph(self.vocabulary).text if item.lines else "",
            blob=blob,
            places=[Place(page=block.page, box=block.box)],
            label=label,
            caption=caption,
            caption_place=place,
            anchors=(self._target(self.captions.get(id(block), block), "figure"),),
        )

    def _formula(self, item: Item) -> None:
        block = item.blocks[0]
        latex, number, confidence = latex_of(self.pdf, self.pages[block.page], block)
        if not latex:
            return
        self.out.formula(
            latex,
            places=[Place(page=block.page, box=block.box)],
            label=f"equation {number.lower()}" if number else None,
            anchors=(self._target(block, "equation"),),
            confidence=confidence,
        )
