"""Which caption belongs to which table or figure: nearest on the same page, on the side that the document uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from extraction.readers.pdf_pages import Block, Page
from extraction.readers.references import own_label
from schemas.base import Box

MAX_GAP: Final = 60.0
"""Points between a caption and its float."""
WRONG_SIDE: Final = 25.0
"""Points that a caption on the side that the document does not use counts as farther away."""


def captions(pages: Sequence[Page]) -> dict[int, Block]:
    """id of a table or picture block -> its caption block; each caption serves one float."""
    wanted = {"table": "table", "picture": "figure"}
    found: dict[int, Block] = {}
    for kind, noun in wanted.items():
        pairs = [pair for page in pages for pair in _pairs(page, kind, noun)]
        nearest: dict[int, tuple[float, bool]] = {}
        for gap, above, block, _ in pairs:
            nearest[id(block)] = min(nearest.get(id(block), (gap, above)), (gap, above))
        sides = Counter(above for _, above in nearest.values())
        usual = sides[True] > sides[False]
        ranked = sorted(
            pairs, key=lambda p: (p[0] + (WRONG_SIDE if p[1] != usual else 0), p[2].page, p[2].box[1], p[2].box[0])
        )
        taken: set[int] = set()
        for _, _, block, caption in ranked:
            if id(block) not in found and id(caption) not in taken:
                found[id(block)] = caption
                taken.add(id(caption))
    return found


def _pairs(page: Page, kind: str, noun: str) -> Iterable[tuple[float, bool, Block, Block]]:
    """(gap, caption stands above, float, caption) of one page."""
    floats = [block for block in page.blocks if block.kind == kind]
    for caption in page.blocks:
        label = own_label(caption.text)[0] if caption.kind in {"caption", "text", "section-header"} else None
        if label is None or label.split()[0] != noun:
            continue
        for block in floats:
            if _overlap(block.box, caption.box) < 0.3:
                continue
            above = caption.box[1] < block.box[1]
            gap = block.box[1] - caption.box[3] if above else caption.box[1] - block.box[3]
            if gap <= MAX_GAP:
                yield max(gap, 0.0), above, block, caption


def _overlap(a: Box, b: Box) -> float:
    """Horizontal overlap as a share of the narrower box."""
    return (min(a[2], b[2]) - max(a[0], b[0])) / max(min(a[2] - a[0], b[2] - b[0]), 1.0)
