"""From MuPDF's raw characters to words that know their baseline, size and style."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.base import Box

WORD_GAP: Final = 0.11
"""Share of the font size; a wider gap is a space even where the file has none (a space is 0.25)."""
BACKWARD: Final = -0.5
"""Share of the font size; a glyph that starts this far left of the last one's end begins a new word."""

SCRIPT: Final = 0.8
"""Share of the size of its base below which a word is a script."""

_UNITS: Final = "m km cm mm nm s kg g t ft mi yd in h hr yr d K AU N J W Pa Hz ly pc"
UNITS: Final = frozenset(_UNITS.split())
"""Units whose raised number is an exponent, not a footnote mark."""

_BOLD, _ITALIC = 16, 2
_BOLD_NAMES: Final = ("bold", "medi", "black", "heavy", "semibold", "cmbx", "-bd", "sfbx")
_DINGBATS: Final[dict[str, dict[str, str]]] = {
    # Fonts whose codes have no Unicode: what authors mean by them.
    "bbding": {"!": "✓", "%": "✗", "$": "✗", '"': "✓"},
    "zapfdingbats": {"3": "✓", "4": "✔", "7": "✗", "8": "✘"},
    "pzdr": {"3": "✓", "4": "✔", "7": "✗", "8": "✘"},
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with the box of its ink and its origin on the baseline."""

    char: str
    box: Box
    origin: tuple[float, float]
    size: float
    font: str
    bold: bool
    italic: bool
    line: int
    """Counts MuPDF's text lines: glyphs of one line share it."""


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a gap between them, of one size and baseline."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    italic: bool
    font: str
    line: int
    space: bool
    """Whether a space or gap stands before it; False continues the word before, e.g. a raised footnote mark."""


def glyphs_of(raw: dict[str, Any]) -> list[Glyph]:
    """Upright glyphs of MuPDF's `rawdict`, spaces included, in the order of the file."""
    found: list[Glyph] = []
    count = 0
    for block in raw["blocks"]:
        for line in block.get("lines", ()):
            count += 1
            # Turned text (watermarks, axis labels) would tear the lines that it crosses.
            if abs(line["dir"][1]) > 0.1 or line["dir"][0] < 0:
                continue
            for span in line["spans"]:
                found.extend(_span_glyphs(span, count))
    return found


def _span_glyphs(span: dict[str, Any], line: int) -> list[Glyph]:
    font = span["font"].split("+")[-1]
    low = font.lower()
    bold = bool(span["flags"] & _BOLD) or any(name in low for name in _BOLD_NAMES)
    italic = bool(span["flags"] & _ITALIC) or "ital" in low or "oblique" in low
    dingbats = next((table for name, table in _DINGBATS.items() if low.startswith(name)), {})
    return [
        Glyph(
            dingbats.get(char["c"], "-" if char["c"] == "\u00ad" else char["c"]),
            _rounded(char["bbox"]),
            (round(char["origin"][0], 2), round(char["origin"][1], 2)),
            round(span["size"], 2),
            font,
            bold,
            italic,
            line,
        )
        for char in span["chars"]
    ]


def words_of(glyphs: Sequence[Glyph]) -> list[Word]:
    """Words in the order of the glyphs."""
    words: list[Word] = []
    current: list[Glyph] = []
    space = True
    for glyph in glyphs:
        if glyph.char.isspace() or glyph.char in "\u00a0\u200b\ufeff":
            _flush(words, current, space=space)
            current, space = [], True
            continue
        if current and (broken := _break(current[-1], glyph)) is not None:
            _flush(words, current, space=space)
            current, space = [], broken
        current.append(glyph)
    _flush(words, current, space=space)
    return words


def _break(last: Glyph, glyph: Glyph) -> bool | None:
    """None where the word goes on; else whether a space stands between."""
    size = max(last.size, glyph.size)
    if glyph.line != last.line:
        touching = abs(glyph.box[0] - last.box[2]) < WORD_GAP * size and glyph.box[1] < last.box[3]
        return not (touching and glyph.box[3] > last.box[1])
    gap = glyph.box[0] - last.box[2]
    if gap > WORD_GAP * size:
        return True
    if gap < BACKWARD * size and not unicodedata.combining(glyph.char):
        return True
    if abs(glyph.origin[1] - last.origin[1]) > 0.1 * size or abs(glyph.size - last.size) > 0.15 * size:
        return False
    return None


def _flush(words: list[Word], glyphs: Sequence[Glyph], *, space: bool) -> None:
    cut = _first_raised(glyphs)
    if cut:
        end = next((i for i in range(cut + 1, len(glyphs)) if not glyphs[i].char.isdigit()), len(glyphs))
        _append(words, glyphs[:cut], space=space, shrink=1.0)
        _append(words, glyphs[cut:end], space=False, shrink=0.7)
        _append(words, glyphs[end:], space=False, shrink=1.0)
    else:
        _append(words, glyphs, space=space, shrink=1.0)


def _first_raised(glyphs: Sequence[Glyph]) -> int:
    """Index of the first raised digit that a font draws at full size on the baseline (superscript figures); 0: none.

    A minus sign before them belongs to them.
    """
    raised = [g.char.isdigit() and g.box[3] < g.origin[1] - 0.15 * g.size for g in glyphs]
    first = raised.index(True) if True in raised else 0
    if first > 1 and glyphs[first - 1].char in "-−–+":
        first -= 1
    return first


def _append(words: list[Word], glyphs: Sequence[Glyph], *, space: bool, shrink: float) -> None:
    if not glyphs:
        return
    text = unicodedata.normalize("NFC", "".join(_plain(glyph.char) for glyph in glyphs))
    first = glyphs[0]
    words.append(
        Word(
            text,
            _around([glyph.box for glyph in glyphs]),
            first.origin[1] - (1.0 - shrink) * first.size,
            round(first.size * shrink, 2),
            sum(glyph.bold for glyph in glyphs) * 2 > len(glyphs),
            sum(glyph.italic for glyph in glyphs) * 2 > len(glyphs),
            first.font,
            first.line,
            space,
        )
    )


def _plain(char: str) -> str:
    """Letters of the mathematical alphabets as plain ones."""
    return unicodedata.normalize("NFKC", char) if "\U0001d400" <= char <= "\U0001d7ff" else char


def spelled(words: Sequence[Word]) -> list[str]:
    """What each word of a line adds to its text: a space before it, `^` or `_` where it is a script.

    Scripts are marked only where leaving the mark out would change the meaning: after a digit (10^24) and after a
    single letter of a formula (v_e); footnote marks and ordinals stick to their word.
    """
    parts: list[str] = []
    base: Word | None = None
    for index, word in enumerate(words):
        script = base is not None and word.size < SCRIPT * base.size
        if base is None or not script or (word.space and index):
            parts.append(f" {word.text}" if index and word.space else word.text)
            base = word if not script else base
            continue
        same = index > 0 and words[index - 1].size < SCRIPT * base.size and words[index - 1].baseline == word.baseline
        mark = "" if same else _mark(base, word)
        parts.append(
            f"{mark}{{{word.text}}}" if mark and len(word.text) > 1 and not word.text.isdigit() else mark + word.text
        )
    return parts


def _mark(base: Word, script: Word) -> str:
    raised = script.baseline < base.baseline - 0.12 * base.size
    if raised and base.text[-1].isdigit() and script.text.strip("+-−–").isdigit():
        return "^"
    if raised and base.text.strip("(·") in UNITS and script.text.strip("+-−–").isdigit():
        return "^"
    letter = base.text[-1:].isalpha() and not base.text[-2:-1].isalpha()
    if not letter or not (base.italic or "math" in base.font.lower() or base.font.startswith(("CMMI", "CMSY"))):
        return ""
    return "^" if raised else "_" if script.baseline > base.baseline + 0.03 * base.size else ""


def joined(words: Sequence[Word]) -> str:
    """Text of the words of one line."""
    return "".join(spelled(words))


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def _rounded(values: Sequence[float]) -> Box:
    x0, y0, x1, y1 = (round(float(v), 2) for v in values)
    return (x0, y0, x1, y1)
