"""Link annotations as links in running text: their span, and the element that they point to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from extraction.readers.pdf_lines import Paragraph
from extraction.readers.pdf_pages import Page
from extraction.readers.references import mentions
from runtime.pdf_model import PdfLink, inside
from schemas.element import Link

ABOVE: Final = 40.0
"""Points that a link's target may lie above or below the text that it means (TeX points at the top of the line)."""
_YEAR: Final = re.compile(r"\b(?:19|20)\d{2}[a-z]?\b")
_SURNAME: Final = re.compile(r"[^\W\d_][\w'’-]+(?=,| and\b| et al|\.(?:\s|$))")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that links point at: a caption's element, an equation, a heading, a bibliography entry."""

    page: int
    x: float
    y: float
    anchor: str
    kind: str


def links_of(paragraph: Paragraph, pages: dict[int, Page], targets: Sequence[Target]) -> tuple[Link, ...]:
    """Links of a paragraph: annotations by their words, and printed references ("Table 3") that have none."""
    found: list[Link] = []
    for number in sorted({word.page for word in paragraph.words}):
        for annotation in pages[number].links:
            spans = [
                (w.start, w.end) for w in paragraph.words if w.page == number and inside(w.box, annotation.box, 0.5)
            ]
            if spans:
                link = _link(annotation, paragraph.text, min(s[0] for s in spans), max(s[1] for s in spans), targets)
                if link is not None:
                    found.append(link)
    merged = _merged(found, paragraph.text)
    printed = mentions(paragraph.text)
    # A printed reference carries the label; the annotation on its number says nothing more.
    own = [link for link in merged if not any(_overlap(link, other) for other in printed)]
    return tuple(sorted((*own, *printed), key=lambda link: link.span or (0, 0)))


def _link(annotation: PdfLink, text: str, start: int, end: int, targets: Sequence[Target]) -> Link | None:
    words = text[start:end].strip("()[]., ;")
    start = text.index(words, start) if words else start
    span = (start, start + len(words))
    if annotation.uri is not None:
        return Link(text=words, span=span, uri=annotation.uri) if words else None
    target = nearest(annotation, targets)
    if target is None or not words:
        return None
    return Link(text=words, span=span, uri=f"#{target.anchor}")


def nearest(annotation: PdfLink, targets: Sequence[Target]) -> Target | None:
    """The target on the page that the link points to, in the column of its point, nearest below or at its height."""
    if annotation.target is None or annotation.point is None:
        return None
    x, y = annotation.point
    near = [t for t in targets if t.page == annotation.target and abs(t.y - y) <= ABOVE and -30 <= t.x - x <= 120]
    return min(near, key=lambda t: (abs(t.y - y - 4), t.x), default=None)


def _merged(links: Iterable[Link], text: str) -> list[Link]:
    """Annotations of one target that follow each other (a citation cut by a line end) are one link."""
    merged: list[Link] = []
    for link in sorted(links, key=lambda k: k.span or (0, 0)):
        last = merged[-1] if merged else None
        if last is not None and last.uri == link.uri and last.span and link.span and link.span[0] - last.span[1] <= 3:
            span = (last.span[0], max(last.span[1], link.span[1]))
            merged[-1] = Link(text=text[span[0] : span[1]], span=span, uri=link.uri)
        elif last is None or last.span != link.span or last.uri != link.uri:
            merged.append(link)
    return merged


def _overlap(a: Link, b: Link) -> bool:
    return bool(a.span and b.span and a.span[0] < b.span[1] and b.span[0] < a.span[1])


def cite_label(entry: str) -> str | None:
    """`cite brown2020` from a bibliography entry: the first author's surname and the year."""
    year = _YEAR.search(entry)
    authors = entry[: year.start()] if year else entry
    name = _SURNAME.search(authors)
    if year is None or name is None:
        return None
    return f"cite {name.group().lower()}{year.group()}"
