"""Elements from the flow of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from extraction.readers.assemble import Assembler
from extraction.readers.pdf_captions import captions
from extraction.readers.pdf_flow import ROLES, Item
from extraction.readers.pdf_check import Char, page_chars
from extraction.readers.pdf_choice import choose
from extraction.readers.pdf_head import head_of
from extraction.readers.pdf_lines import Vocabulary
from extraction.readers.pdf_pages import Block, Page
from extraction.readers.pdf_sections import Levels, section_label
from extraction.readers.references import own_label, with_mentions
from runtime.pdf import Pdf
from schemas.base import Place
from schemas.element import ChunkRole, Element

_NUMBER: Final = re.compile(r"\s*\((\d{1,3}(?:\.\d{1,2})?[a-z]?)\)\s*")


def build(pdf: Pdf, pages: Sequence[Page], items: Sequence[Item], document: str, blobs: Path) -> tuple[Element, ...]:
    """Elements in reading order."""
    vocabulary = Vocabulary.of(line for page in pages for block in page.blocks for line in block.lines)
    builder = _Builder(Assembler(document), vocabulary, captions(pages), Levels.of(items), items, pdf.path, {p.number: p for p in pages})
    for index, item in enumerate(items):
        builder.add(index, item)
    return builder.out.finish()


class _Builder:
    def __init__(
        self, out: Assembler, vocabulary: Vocabulary, captions: dict[int, Block], levels: Levels, items: Sequence[Item]
    ) -> None:
        self.out, self.vocabulary, self.captions, self.levels, self.items = out, vocabulary, captions, levels, items

    def add(self, index: int, item: Item) -> None:
        if item.kind == "table":
            self.table(index, item)
        elif item.kind == "picture":
            self.picture(item)
        elif item.kind == "formula":
            self.formula(item)
        elif item.kind == "section-header" or (item.kind == "title" and item.page > 1):
            part = item.paragraph(self.vocabulary)
            self.out.section(
                part.text,
                level=self.levels.level(item),
                places=part.places,
                label=section_label(part.text),
                bold=item.lines[0].bold,
            )
        else:
            part = item.paragraph(self.vocabulary)
            if part.text:
                role: ChunkRole = "reference" if item.kind == "reference" else ROLES.get(item.kind, "text")
                self.out.chunk(
                    part.text,
                    role=role,
                    places=part.places,
                    links=with_mentions(part.text, ()),
                    bold=all(line.bold for line in item.lines),
                )

    def table(self, index: int, item: Item) -> None:
        block = item.blocks[0]
        if block.page not in self.chars:
            self.chars[block.page] = page_chars(self.path, block.page)
        chosen = choose(block, self.pages[block.page], self.vocabulary, self.chars[block.page], self.path)
        if chosen is None:
            part = item.paragraph(self.vocabulary)
            self.out.chunk(part.text, places=part.places)
            return
        label, caption, place = self.caption(block)
        head, head_place = head_of(self.items, index, self.vocabulary)
        self.out.table(
            grid,
            places=[Place(page=block.page, box=block.box)],
            label=label,
            caption=caption,
            caption_place=place,
            head=head,
            head_place=head_place,
        )

    def caption(self, block: Block) -> tuple[str | None, str | None, Place | None]:
        found = self.captions.get(id(block))
        if found is None:
            return None, None, None
        text = Item("caption", [found], found.lines).paragraph(self.vocabulary).text
        return *own_label(text), Place(page=found.page, box=found.box)

    def picture(self, item: Item) -> None:
        block = item.blocks[0]
        label, caption, place = self.caption(block)
        self.out.image(
            item.paragraph(self.vocabulary).text if item.lines else "",
            blob=None,
            places=[Place(page=block.page, box=block.box)],
            label=label,
            caption=caption,
            caption_place=place,
        )

    def formula(self, item: Item) -> None:
        text = item.paragraph(self.vocabulary).text
        match = re.search(r"\((\d{1,3}(?:\.\d{1,2})?[a-z]?)\)\s*$", text)
        label = f"equation {match[1]}" if match else None
        block = item.blocks[0]
        self.out.formula(
            text[: match.start()].strip() if match else text,
            places=[Place(page=block.page, box=block.box)],
            label=label,
        )
