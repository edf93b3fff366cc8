"""Display formulas: their number, their rows, their LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from extraction.readers.pdf_latex import Node, latex, nodes_of
from extraction.readers.pdf_pages import Block, Page
from extraction.readers.pdf_symbols import FUNCTIONS
from runtime.pdf import Pdf
from runtime.pdf_model import Rule, inside
from runtime.pdf_words import Glyph, Word
from schemas.base import Box

SINGLE: Final = 0.8
"""Confidence of a formula in one row."""
SEVERAL: Final = 0.4
"""Confidence of a formula in several rows, or with glyphs whose meaning is unknown."""
_NUMBER: Final = re.compile(r"^\(([A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?)\)$")
_UNKNOWN: Final = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x1f]")


def latex_of(pdf: Pdf, page: Page, block: Block) -> tuple[str, str | None, float]:
    """(LaTeX, number as printed, confidence 0..1) of a formula region; "" where it holds no glyphs."""
    number = _number(block.words)
    box = _box(block, number)
    glyphs = [g for g in _glyphs(pdf, block.page) if inside(g.box, box) and not (number and inside(g.box, number.box))]
    nodes = nodes_of(glyphs)
    if not nodes:
        return "", None, 0.0
    bars = [rule for rule in page.rules if rule.lies and inside((rule.x0, rule.y0, rule.x1, rule.y1), box)]
    rows = _rows(nodes, bars)
    tex = r" \\ ".join(latex(row, [b for b in bars if _nearest(b.y0, rows) == i]) for i, row in enumerate(rows))
    plain = len(rows) == 1 and not _UNKNOWN.search(tex)
    return tex, _NUMBER.match(number.text).group(1) if number else None, SINGLE if plain else SEVERAL  # type: ignore[union-attr]


def _glyphs(pdf: Pdf, page: int) -> Sequence[Glyph]:
    return pdf.glyphs(page)


def _number(words: Sequence[Word]) -> Word | None:
    """The equation's number: in brackets, right of everything else, apart from it."""
    last = max(words, key=lambda w: w.box[2], default=None)
    if last is None or not _NUMBER.match(last.text):
        return None
    beside = [w.box[2] for w in words if w is not last and w.box[1] < last.box[3] and w.box[3] > last.box[1]]
    return last if not beside or last.box[0] - max(beside) > 0.5 * last.size else None


def is_prose(words: Sequence[Word]) -> bool:
    """Whether a region that the layout model calls a formula is text with formulas in it."""
    longer = [w for w in words if len(w.text) > 2 and w.text.isalpha() and w.text.lower() not in FUNCTIONS]
    return len(longer) > 3 and len(longer) * 3 > len(words)


def _box(block: Block, number: Word | None) -> Box:
    """The region, a little taller: the layout model cuts limits and large brackets off."""
    x0, y0, x1, y1 = block.box
    return (x0 - 1, y0 - 3, (number.box[0] if number else x1) + 1, y1 + 3)


def _rows(nodes: Sequence[Node], bars: Sequence[Rule]) -> list[list[Node]]:
    """Rows between gaps of the vertical projection that hold something of full size; scripts go to the nearest."""
    size = max(node.size for node in nodes)
    spans = sorted([(n.y0, n.y1) for n in nodes] + [(b.y0 - 0.4 * size, b.y0 + 0.4 * size) for b in bars])
    strips: list[list[float]] = []
    for top, bottom in spans:
        if strips and top <= strips[-1][1] + 0.5:
            strips[-1][1] = max(strips[-1][1], bottom)
        else:
            strips.append([top, bottom])
    full = [
        s
        for s in strips
        if any(n.size > 0.92 * size and n.kind in {"plain", "roman"} and s[0] <= n.middle[1] <= s[1] for n in nodes)
    ]
    if len(full) < 2:
        return [list(nodes)] if bars else _by_baseline(nodes, size)
    rows: list[list[Node]] = [[] for _ in full]
    for node in nodes:
        middle = node.middle[1]
        rows[min(range(len(full)), key=lambda i: max(full[i][0] - middle, middle - full[i][1], 0.0))].append(node)
    return [row for row in rows if row]


def _by_baseline(nodes: Sequence[Node], size: float) -> list[list[Node]]:
    """Rows that touch: full-size nodes on baselines more than an em apart; a script goes where its own height fits."""
    weights: dict[int, int] = {}
    for node in nodes:
        if node.size > 0.92 * size and node.kind in {"plain", "roman"}:
            weights[round(node.base)] = weights.get(round(node.base), 0) + 1
    lines: list[int] = []
    for base in sorted(weights):
        if weights[base] > 2 and (not lines or base - lines[-1] > 0.9 * size):
            lines.append(base)
    if len(lines) < 2 or any(node.kind == "large" for node in nodes):
        return [list(nodes)]
    rows: list[list[Node]] = [[] for _ in lines]
    for node in nodes:
        # A script's usual places are a third of the size above and a fifth below the line.
        raised = (0.0,) if node.size > 0.92 * size else (-0.36 * size, 0.2 * size)
        rows[min(range(len(lines)), key=lambda i: min(abs(node.base - lines[i] - off) for off in raised))].append(node)
    return rows


def _nearest(y: float, rows: Sequence[Sequence[Node]]) -> int:
    return min(
        range(len(rows)),
        key=lambda i: max(min(n.y0 for n in rows[i]) - y, y - max(n.y1 for n in rows[i]), 0.0),
    )
