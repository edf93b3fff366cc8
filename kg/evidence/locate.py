"""Where a fact stands: from a support to places, from a span of a paragraph to the boxes of its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from runtime.pdf import Pdf
from runtime.pdf_model import union
from runtime.pdf_words import Word, spelled
from schemas.base import Box, Place
from schemas.element import Element, Elements, GridCell
from schemas.fact import Support
from schemas.sample import Evidence, Modality

MODALITIES: Final[dict[str, Modality]] = {"table": "table", "formula": "formula", "image": "image"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of text and where it stands."""

    text: str
    place: Place


def spots(element: Element, support: Support) -> tuple[Spot, ...]:
    """What a support points at, in reading order; several spots where it runs over a line or page end.

    A cell for a support with row and column, the line above a table for `scale`, its caption for `caption`, the part
    of a paragraph for one with a span, else the element as a whole.
    """
    if support.row is not None and support.col is not None and element.grid is not None:
        cell = cell_at(element.grid.cells, support.row, support.col)
        return () if cell is None else (Spot(cell.text, cell.place),)
    if support.role == "scale" and element.head and element.head_place:
        return (Spot(element.head, element.head_place),)
    if support.role == "caption" and element.caption and element.caption_place:
        return (Spot(element.caption, element.caption_place),)
    return tuple(_spanned(element, support.span)) or (Spot(element.text, Place()),)


def cell_at(cells: Iterable[GridCell], row: int, col: int) -> GridCell | None:
    """The cell that covers a grid position."""
    return next((c for c in cells if c.row <= row < c.row + c.row_span and c.col <= col < c.col + c.col_span), None)


def _spanned(element: Element, span: tuple[int, int] | None) -> Iterable[Spot]:
    for place in element.places:
        own = place.span or (0, len(element.text))
        low, high = (own[0], own[1]) if span is None else (max(own[0], span[0]), min(own[1], span[1]))
        if low < high or (span is None and not element.text):
            yield Spot(
                element.text[low:high], place if span is None else place.model_copy(update={"span": (low, high)})
            )


def narrowed(pdf: Pdf, element: Element, spot: Spot) -> Spot:
    """The spot with the box of its words instead of the box of their whole line; unchanged where they are not found."""
    place = spot.place
    line = next((p for p in element.places if _holds(p, place)), None)
    if line is None or line.span is None or place.span is None or place.page is None or line.box is None:
        return spot
    start = place.span[0] - line.span[0]
    box = words_box(pdf.words_in(place.page, line.box), start, start + place.span[1] - place.span[0])
    return spot if box is None else Spot(spot.text, place.model_copy(update={"box": box}))


def _holds(line: Place, part: Place) -> bool:
    if line.span is None or part.span is None or line.page != part.page:
        return False
    return line.span[0] <= part.span[0] and part.span[1] <= line.span[1]


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


def evidence(
    source: Elements, support: Support, *, node: str, path: str, pdf: Pdf | None = None
) -> tuple[Evidence, ...]:
    """Evidence rows of one support.

    Args:
        source: elements of the document that the support belongs to.
        support: element, cell or span, and role.
        node: id of the graph node (cell, chunk, formula, ...) that the support became.
        path: path of the document relative to the corpus.
        pdf: the open document; with it the boxes of spans are those of their words.
    """
    element = next((e for e in source.elements if e.id == support.element), None)
    if element is None:
        return ()
    found = spots(element, support)
    if pdf is not None and support.span is not None:
        found = tuple(narrowed(pdf, element, spot) for spot in found)
    return tuple(_row(source, element, support, spot, node, path) for spot in found)


def _row(source: Elements, element: Element, support: Support, spot: Spot, node: str, path: str) -> Evidence:
    place = spot.place
    return Evidence(
        document=source.document.id,
        path=path,
        page=place.page,
        box=place.box,
        sheet=place.sheet,
        cell=place.cell,
        heading=place.path,
        block=place.block,
        span=place.span,
        node=node,
        element=element.id,
        kind=support.role,
        modality=MODALITIES.get(element.kind, "text"),
        text=spot.text,
        sha256=source.document.id,
    )
