"""Levels of headings: from their numbers where they have them, else from how they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extraction.readers.pdf_flow import Item

DEEPEST: Final = 6
_NUMBERED: Final = re.compile(
    r"^(?:(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?|(?P<letter>[A-Z](?:\.\d{1,2})+)\.?|(?P<appendix>[A-Z])\.?)\s+\S"
)

Style = tuple[float, bool, bool]
"""(size to half a point, bold, all capitals)."""


def number_of(heading: str) -> str | None:
    """The number of a heading: "4.1 Results" -> "4.1", "B Data" -> "B", else None."""
    match = _NUMBERED.match(heading)
    if match is None:
        return None
    return match["number"] or match["letter"] or match["appendix"]


def section_label(heading: str) -> str | None:
    """The normal label of a numbered heading, `section 4.1`."""
    number = number_of(heading)
    # "A single letter" starts many plain headings; only with a real heading's capital after it is it an appendix.
    if number is None or (number == "A" and not re.match(r"^A\.?\s+[A-Z]", heading)):
        return None
    return f"section {number.lower()}"


def style_of(item: Item) -> Style:
    line = item.lines[0]
    return (round(line.size * 2) / 2, line.bold, line.text.isupper())


@dataclass(frozen=True, slots=True)
class Levels:
    """Level of each heading style of one document."""

    by_style: dict[Style, int]

    @classmethod
    def of(cls, items: Sequence[Item]) -> Levels:
        """Learns from numbered headings; other styles rank by size, then weight, then capitals."""
        votes: dict[Style, Counter[int]] = {}
        plain: set[Style] = set()
        for item in items:
            if item.kind not in {"section-header", "title"} or not item.lines:
                continue
            number = number_of(item.lines[0].text)
            if number is None:
                plain.add(style_of(item))
            else:
                votes.setdefault(style_of(item), Counter())[number.count(".") + 1] += 1
        known = {style: min(c.items(), key=lambda kv: (-kv[1], kv[0]))[0] for style, c in votes.items()}
        ranked = sorted(plain - set(known), key=lambda s: (-s[0], not s[1], not s[2]))
        for style in ranked:
            smaller = [level for other, level in known.items() if other[0] > style[0] + 0.25]
            known[style] = min((max(smaller) + 1) if smaller else 1, DEEPEST)
        return cls(known)

    def level(self, item: Item) -> int:
        """1 = top."""
        number = number_of(item.lines[0].text)
        if number is not None:
            return min(number.count(".") + 1, DEEPEST)
        return self.by_style.get(style_of(item), 1)
