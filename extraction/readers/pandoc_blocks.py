"""Pandoc blocks to elements: sections, paragraphs, lists, tables with captions and notes, formulas, images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from extraction.readers.assemble import Assembler
from extraction.readers.pandoc_inlines import Formula, Node, Run, read_inlines
from extraction.readers.pandoc_latex import display_rows
from extraction.readers.pandoc_media import Media
from extraction.readers.pandoc_tables import ParsedTable, read_table
from extraction.readers.pandoc_tree import Item, anchors_of, content_of, inlines_of, is_picture, unwrapped
from extraction.readers.references import label_of, own_label, with_mentions
from schemas.base import Place
from schemas.element import ChunkRole, Link

MAX_CAPTION: Final = 1200
MAX_HEAD: Final = 240

_SCALE_LINE: Final = re.compile(
    r"\b(?:in|of)\s+(?:\w+\s+)?(?:thousands|millions|billions|percent|dollars|euros|kilomet(?:re|er)s|USD)\b|\bunaudited\b",
    re.IGNORECASE,
)
_NOTE_LINE: Final = re.compile(
    r"^(?:notes?\b|sources?\b|\*|†|‡|§|[¹²³⁴⁵]|\([a-z1-9]\)\s|\[[a-z1-9]\]\s)", re.IGNORECASE
)
_NUMBERED_HEADING: Final = re.compile(r"^(?:(?P<number>\d+(?:\.\d+)*|[A-Z](?:\.\d+)+)\.?)\s+\S")
_EQUATION_NUMBER: Final = re.compile(r"^\s*\(\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)*[a-z]?)\s*\)")
_RELATION: Final = re.compile(r"[=<>]|\\(?:leq?|geq?|approx|sim|simeq|equiv|propto|neq?|ll|gg)(?![a-zA-Z])")


@dataclass(slots=True)
class Walker:
    """One pass over a document's blocks. `numbers`: printed numbers of LaTeX labels."""

    assembler: Assembler
    media: Media
    numbers: dict[str, str] = field(default_factory=dict)
    block: int = -1
    _last: tuple[str, int] | None = None
    """Kind and handle of the table or image that may still get a caption or notes."""
    _caption: tuple[str, tuple[str, ...], tuple[Link, ...], Place] | None = None
    """A caption that waits for its table or image: text, anchors, links, place."""

    def walk(self, blocks: Sequence[Node], outer: Item | None = None) -> None:
        items = list(unwrapped(blocks, outer))
        for index, item in enumerate(items):
            after = items[index + 1] if index + 1 < len(items) else None
            self._block(item, after)

    def place(self) -> Place:
        return Place(path=self.assembler.path(), block=self.block)

    def _block(self, item: Item, after: Item | None) -> None:
        self.block += 1
        kind, content = item.node["t"], content_of(item.node)
        if kind in {"Para", "Plain"}:
            self._paragraph(item, content, after)
        elif kind == "Header":
            self._header(item, content)
        elif kind == "Table":
            self._table(item, content)
        elif kind == "Figure":
            self._figure(item, content)
        elif kind in {"BulletList", "OrderedList"}:
            for blocks in content if kind == "BulletList" else content[1]:
                self.walk(blocks, replace(item, role="list-item"))
        elif kind == "DefinitionList":
            self._definitions(item, content)
        elif kind == "LineBlock":
            joined = [node for line in content for node in (*line, {"t": "LineBreak"})]
            self._paragraph(item, joined, after)
        elif kind == "CodeBlock":
            self._last = None
            self.assembler.chunk(content[1], anchors=anchors_of(item, content[0][0]), places=(self.place(),))

    def _header(self, item: Item, content: list[Any]) -> None:
        level, (identifier, _, named), inlines = content
        run = self._run(inlines)
        self._last = None
        if not run.text:
            return
        printed = _NUMBERED_HEADING.match(run.text)
        number = dict(named).get("number") or (printed["number"] if printed else None)
        handle = self.assembler.section(
            run.text, level=level, links=run.links, label=label_of("section", number) if number else None
        )
        anchors = (*anchors_of(item, identifier), *run.anchors)
        self.assembler.amend(handle, places=(self.place(),), anchors=anchors)
        self._aside(run)

    def _definitions(self, item: Item, content: list[Any]) -> None:
        """A definition list as one line for each definition: `term: definition`."""
        for term, definitions in content:
            lead = [*term, {"t": "Str", "c": ":"}, {"t": "Space"}]
            for blocks in definitions:
                first, rest = blocks[:1], blocks[1:]
                if first and first[0]["t"] in {"Para", "Plain"}:
                    self._paragraph(replace(item, role="list-item"), [*lead, *first[0]["c"]], None)
                else:
                    self._paragraph(replace(item, role="list-item"), term, None)
                    rest = blocks
                self.walk(rest, replace(item, role="list-item", anchors=()))

    def _paragraph(self, item: Item, inlines: list[Node], after: Item | None) -> None:
        run = self._run(inlines)
        if self._is_caption(item, run, after):
            return
        if run.pictures and not run.text and not run.formulas:
            for picture in run.pictures:
                self._picture(picture.alt, picture.target, (*anchors_of(item, picture.anchor), *run.anchors))
            self._aside(run)
            return
        role: ChunkRole = "title" if item.style == "title" else item.role
        if self._last and self._last[0] == "table" and len(run.text) < MAX_CAPTION and _NOTE_LINE.match(run.text):
            notes = self.assembler.field(self._last[1], "notes") or ()
            self.assembler.amend(self._last[1], notes=(*notes, run.text))
            role = "footnote"
        else:
            self._last = None
        self._segments(run, role, (*item.anchors, *run.anchors))
        for picture in run.pictures:
            self._picture(picture.alt, picture.target, (picture.anchor,) if picture.anchor else ())
        self._aside(run)

    def _segments(self, run: Run, role: ChunkRole, anchors: tuple[str, ...]) -> None:
        """The paragraph's text, cut where a display formula stands; inline equations follow their text."""
        start, place = 0, self.place()
        for formula in (formula for formula in run.formulas if formula.display):
            anchors = self._text(run, start, formula.at, role, anchors)
            number = _EQUATION_NUMBER.match(run.text[formula.at :])
            start = formula.at + number.end() if number else formula.at
            self._formula(formula, number["number"] if number else None, anchors, place)
            anchors = ()
        self._text(run, start, len(run.text), role, anchors)

    def _text(self, run: Run, start: int, end: int, role: ChunkRole, anchors: tuple[str, ...]) -> tuple[str, ...]:
        """Adds run.text[start:end]; returns the anchors that are still to be placed."""
        raw = run.text[start:end]
        text = raw.strip()
        if not any(letter.isalnum() for letter in text):
            return anchors
        start += len(raw) - len(raw.lstrip())
        links = tuple(
            link.model_copy(update={"span": (link.span[0] - start, link.span[1] - start)})
            for link in run.links
            if link.span and start <= link.span[0] and link.span[1] <= start + len(text)
        )
        links = with_mentions(text, links)
        place = self.place()
        self.assembler.chunk(text, role=role, places=(place,), links=links, anchors=anchors, bold=run.bold or None)
        for formula in run.formulas:
            if not formula.display and start <= formula.at < end and _RELATION.search(formula.latex):
                self._formula(formula, None, (), place)
        return ()

    def _formula(self, formula: Formula, number: str | None, anchors: tuple[str, ...], place: Place) -> None:
        for row in display_rows(formula.latex):
            own = number or row.number
            self.assembler.formula(
                row.latex,
                label=label_of("equation", own) if own else None,
                anchors=(*anchors, *row.labels),
                places=(place,),
            )
            anchors = ()

    def _is_caption(self, item: Item, run: Run, after: Item | None) -> bool:
        """Takes a paragraph as the caption of the table or image beside it."""
        label, text = own_label(run.text)
        if not run.text or len(run.text) > MAX_CAPTION or (run.formulas and label is None):
            return False
        following = after.node["t"] if after else ""
        styled = "caption" in item.style or (item.wrapped and following == "Table")
        if label is None and not styled:
            return False
        links = with_mentions(text, ())
        anchors = (*item.anchors, *run.anchors)
        below = self._last is not None and not self.assembler.field(self._last[1], "caption")
        fits_below = below and self._last is not None and (label is None or label.startswith(_noun(self._last[0])))
        if following == "Table" and not (fits_below and label and label.startswith("figure")):
            self._caption = (run.text, anchors, tuple(run.links), self.place())
            return True
        if fits_below and self._last is not None:
            old = self.assembler.field(self._last[1], "anchors") or ()
            self.assembler.amend(
                self._last[1], label=label, caption=text, caption_place=self.place(), anchors=(*old, *anchors)
            )
            self.assembler.amend(
                self._last[1], links=(*self.assembler.field(self._last[1], "links"), *run.links, *links)
            )
            self._last = None
            return True
        if after is not None and is_picture(after.node):
            self._caption = (run.text, anchors, tuple(run.links), self.place())
            return True
        return False

    def _take_caption(self, caption: Sequence[Node]) -> tuple[Run, Place]:
        """The node's own caption, else the one that waits."""
        run = self._cell(list(caption))
        place = self.place()
        if self._caption is not None:
            text, anchors, links, waiting = self._caption
            if not run.text:
                run.text, place = text, waiting
                run.links = list(links)
            run.anchors += anchors
            self._caption = None
        return run, place

    def _table(self, item: Item, content: list[Any]) -> None:
        caption, caption_place = self._take_caption(content[1][1])
        parsed = read_table(content, self._cell, self.place())
        self._last = None
        if self._numbered_formula(parsed, item):
            return
        if parsed.grid.n_rows * parsed.grid.n_cols <= 1 and not caption.text:
            # A frame around text, not a table.
            for row in (*content[3][1], *(row for body in content[4] for row in body[3])):
                for cell in row[1]:
                    self.walk(cell[4], replace(item, role="text"))
            return
        if not any(cell.text for cell in parsed.grid.cells):
            return
        label, text = own_label(caption.text)
        links = [link for run in (caption, *parsed.runs) for link in run.links]
        notes = [self._cell(blocks).text for run in (caption, *parsed.runs) for blocks in run.notes]
        head = self._head()
        handle = self.assembler.table(
            parsed.grid,
            places=(self.place(),),
            label=label,
            caption=text or None,
            caption_place=caption_place if text else None,
            notes=notes,
            links=[link.model_copy(update={"span": None}) for link in links],
            anchors=(
                *anchors_of(item, content[0][0]),
                *caption.anchors,
                *(a for run in parsed.runs for a in run.anchors),
            ),
            head=head[0] if head else None,
            head_place=head[1] if head else None,
        )
        for run in parsed.runs:
            self._cell_extras(run)
        for nested in parsed.nested:
            self._block(replace(item, node=nested, anchors=()), None)
        self._last = ("table", handle)

    def _head(self) -> tuple[str, Place] | None:
        """The chunk right above, where it states scale or units."""
        handle = self.assembler.last("chunk")
        if handle is None:
            return None
        text, places = self.assembler.field(handle, "text"), self.assembler.field(handle, "places")
        if len(text) <= MAX_HEAD and _SCALE_LINE.search(text) and places[0].block == self.block - 1:
            return text, places[0]
        return None

    def _numbered_formula(self, parsed: ParsedTable, item: Item) -> bool:
        """Word's way to number an equation: a frameless table of one row, formula and `(1)`."""
        runs = [run for run in parsed.runs if run.text or run.formulas]
        if parsed.grid.n_rows != 1 or len(runs) != 2 or len(runs[0].formulas) != 1:
            return False
        number = _EQUATION_NUMBER.fullmatch(runs[1].text)
        if number is None:
            return False
        self._formula(runs[0].formulas[0], number["number"], item.anchors, self.place())
        return True

    def _cell_extras(self, run: Run) -> None:
        for formula in run.formulas:
            if formula.display or _RELATION.search(formula.latex):
                self._formula(formula, None, (), self.place())
        for picture in run.pictures:
            self._picture(picture.alt, picture.target, ())

    def _figure(self, item: Item, content: list[Any]) -> None:
        attributes, (_, caption), blocks = content
        anchors = anchors_of(item, attributes[0])
        tables = [block for block in blocks if block["t"] == "Table"]
        if tables:
            if not tables[0]["c"][1][1]:
                tables[0]["c"][1] = [None, caption]
            self.walk(blocks, replace(item, anchors=anchors))
            return
        run, place = self._take_caption(caption)
        label, text = own_label(run.text)
        inner = self._cell(blocks)
        for picture in inner.pictures:
            self._picture(picture.alt, picture.target, (*anchors, *run.anchors), Caption(label, text, place, run.links))
            anchors, label = (), None
        if not inner.pictures:
            self.walk(blocks, replace(item, anchors=anchors))
            if text:
                self._text(run, 0, len(run.text), "caption", ())
        elif len(inner.text) > 0 and inner.text != text:
            self._text(inner, 0, len(inner.text), item.role, ())
        self._aside(run)

    def _picture(self, alt: str, target: str, anchors: tuple[str, ...], caption: Caption | None = None) -> None:
        if caption is None and self._caption is not None:
            run, place = self._take_caption(())
            label, text = own_label(run.text)
            caption, anchors = Caption(label, text, place, run.links), (*anchors, *run.anchors)
        handle = self.assembler.image(
            alt,
            blob=self.media.store(target),
            places=(self.place(),),
            anchors=anchors,
            label=caption.label if caption else None,
            caption=(caption.text or None) if caption else None,
            caption_place=caption.place if caption and caption.text else None,
            links=tuple(caption.links) if caption else (),
        )
        self._last = ("image", handle)

    def _aside(self, run: Run) -> None:
        """Footnotes of a paragraph, right after it."""
        last = self._last
        for blocks in run.notes:
            self.walk(blocks, Item(node={}, role="footnote"))
        self._last = last if run.text == "" else None

    def _run(self, inlines: Sequence[Node]) -> Run:
        return read_inlines(inlines, self.numbers)

    def _cell(self, blocks: list[Node]) -> Run:
        """The blocks of a cell or caption in one line."""
        inlines: list[Node] = []
        for item in unwrapped(blocks):
            inlines += [*inlines_of(item.node, 0), {"t": "Space"}]
        return read_inlines(inlines, self.numbers, breaks=" ", cut=False)


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption apart from what it belongs to."""

    label: str | None
    text: str
    place: Place
    links: Sequence[Link] = ()


def _noun(kind: str) -> str:
    return "table" if kind == "table" else "figure"
