"""Column borders of a table from where its lines leave white space, with the layout model's borders as a hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from extraction.readers.pdf_atoms import Atom, Row

WIDE: Final = 0.7
"""Em; white space of this width through all voting lines is a border."""
HINTED: Final = 0.25
"""Em; narrower white space is a border where another analysis has one too."""
NUMERIC: Final = 0.12
"""Em; between two columns of numbers this is enough."""
ALIGNED: Final = 1.0
"""Points between edges that are meant to be one."""
CROSSED: Final = 0.3
"""Share of all lines; more running text than this through white space shows that it is none (wrapped labels)."""
STRAY: Final = 0.08
"""Share of voting lines that may cross a border (spanning cells, overflowing labels), one line from 6 lines on."""


@dataclass(frozen=True, slots=True)
class Border:
    """White space between two columns."""

    x0: float
    x1: float
    usual: float
    """Median width of the white space in the lines that have text on both sides, points."""
    left: float = 0.0
    """Where most texts right of the border begin."""
    right: float = 0.0
    """Where most texts of the column right of the border end."""

    def begins(self, atom: Atom) -> bool:
        """Whether an atom stands where the cells of the column right of the border stand."""
        return abs(atom.x0 - self.left) < ALIGNED or (atom.is_value and abs(atom.x1 - self.right) < ALIGNED)

    def centres(self, atom: Atom) -> bool:
        """Whether an atom stands over the middle of the column right of the border."""
        return abs(atom.middle - (self.left + self.right) / 2) < 1.5 * ALIGNED

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


PRUNED: Final = 0.12
"""Share of the voting lines that a column must hold something in."""


def voting(rows: Sequence[Row]) -> list[Row]:
    """Lines that show the columns: those with at least half as many values (else pieces) as the fullest lines have."""
    values = sorted(row.values for row in rows)
    full = values[int(0.8 * (len(values) - 1))]
    if full >= 2 and sum(value >= full / 2 for value in values) >= 2:
        return [row for row in rows if row.values >= full / 2]
    counts = sorted(len(row.segments()) for row in rows)
    most = counts[int(0.8 * (len(counts) - 1))]
    return [row for row in rows if len(row.segments()) >= max(2, most / 2)]


def borders(rows: Sequence[Row], hints: Sequence[float]) -> list[Border]:
    """Borders between columns, left to right.

    Args:
        rows: lines of the region.
        hints: x of borders that other analyses propose.
    """
    voters = voting(rows)
    if not voters:
        return []
    em = median(row.em for row in voters)
    found = [Border(x0, x1, _usual(voters, x0, x1)) for x0, x1 in _white(voters, em)]
    others = [row for row in rows if row not in voters]
    found = [border for border in found if _accepted(border, voters, others, hints, em)]
    found = _outer(_pruned(found, voters), rows, voters, hints, em)
    return [_anchored(border, found, voters) for border in found]


def _anchored(border: Border, found: Sequence[Border], voters: Sequence[Row]) -> Border:
    """The border with the usual edges of the column right of it."""
    column = column_of(border.middle, found)
    runs = [[atom for atom in row.atoms if column_of(atom.middle, found) == column] for row in voters]
    lefts = [round(run[0].x0, 1) for run in runs if run]
    rights = [round(run[-1].x1, 1) for run in runs if run]
    return replace(border, left=_mode(lefts), right=_mode(rights))


def _mode(values: Sequence[float]) -> float:
    """The most frequent value, the smallest of equals; far outside the page where there is none."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=-1e6)


def _outer(
    found: list[Border], rows: Sequence[Row], voters: Sequence[Row], hints: Sequence[float], em: float
) -> list[Border]:
    """Borders before the first and after the last column, where only other lines have something there.

    Labels between two rows, a column that holds nothing but a total.
    """
    others = [atom for row in rows if row not in voters for atom in row.atoms]
    edge = min(row.atoms[0].x0 for row in voters)
    beside = [atom.x1 for atom in others if atom.x1 < edge - 0.3 * em]
    if len(beside) > 1:
        found = [Border(max(beside), edge, edge - max(beside)), *found]
    end = max(row.atoms[-1].x1 for row in voters)
    after = [atom.x0 for atom in others if atom.is_value and atom.x0 > end + 0.3 * em]
    if after and any(end <= x <= min(after) for x in hints):
        found = [*found, Border(end, min(after), min(after) - end)]
    return found


def _white(rows: Sequence[Row], em: float) -> list[tuple[float, float]]:
    """Maximal x intervals that at most a stray line covers, inside the text's extent."""
    limit = max(1, int(STRAY * len(rows))) if len(rows) >= 6 else 0
    events = sorted(
        [(atom.x0, 1) for row in rows for atom in row.atoms] + [(atom.x1, -1) for row in rows for atom in row.atoms]
    )
    intervals: list[tuple[float, float]] = []
    depth = 0
    start: float | None = None
    for x, step in events:
        depth += step
        if depth <= limit and start is None:
            start = x
        elif depth > limit and start is not None:
            intervals.append((start, x))
            start = None
    return [(x0, x1) for x0, x1 in intervals if x1 - x0 >= NUMERIC * em]


def sides(row: Row, middle: float) -> tuple[Atom | None, Atom | None]:
    """The atoms next to a vertical line."""
    left = [atom for atom in row.atoms if atom.middle <= middle]
    right = [atom for atom in row.atoms if atom.middle > middle]
    return (left[-1] if left else None), (right[0] if right else None)


def _usual(rows: Sequence[Row], x0: float, x1: float) -> float:
    pairs = [sides(row, (x0 + x1) / 2) for row in rows]
    widths = [right.x0 - left.x1 for left, right in pairs if left is not None and right is not None]
    return median(widths) if widths else 0.0


def _crosses(row: Row, border: Border) -> bool:
    """Whether running text goes through the border."""
    left, right = sides(row, border.middle)
    if any(atom.x0 < border.x0 and atom.x1 > border.x1 for atom in row.atoms):
        return True
    if left is None or right is None or left.is_value or right.is_value:
        return False
    return right.x0 - left.x1 < 0.45 * row.em


def _accepted(border: Border, rows: Sequence[Row], others: Sequence[Row], hints: Sequence[float], em: float) -> bool:
    """Whether white space between the voting `rows` is a border; `others` may stand on one side of it alone."""
    below = [row for row in others if row.baseline > rows[0].baseline]
    if sum(_crosses(row, border) for row in below) > CROSSED * (len(rows) + len(below)):
        return False
    width = border.x1 - border.x0
    pairs = [sides(row, border.middle) for row in rows]
    both = [(left, right) for left, right in pairs if left is not None and right is not None]
    # One line alone (a label that hangs out to the left) shows no border.
    hinted = any(border.x0 - 0.2 * em <= x <= border.x1 + 0.2 * em for x in hints)
    alone = sum(row.atoms[-1].x1 <= border.x1 for row in others)
    if len(both) + alone < min(2, len(rows)) and not (both and hinted):
        return False
    if width >= WIDE * em:
        return True
    if width >= HINTED * em and hinted:
        return border.usual >= 0.4 * em
    # Each side must hold a column of its own: the white space is about as wide as it is everywhere.
    numeric = sum(left.is_value and right.is_value and right.x0 - left.x1 < 4 * em for left, right in both)
    return numeric >= 0.6 * len(both) and len(both) >= 0.5 * len(rows)


def _pruned(found: list[Border], rows: Sequence[Row]) -> list[Border]:
    """Drops borders until every column between two borders holds something in enough of the lines."""
    kept = list(found)
    while len(kept) > 1:
        counts = _filled(kept, rows)
        thin = next((i for i in range(1, len(kept)) if counts[i] < max(1, PRUNED * len(rows))), None)
        if thin is None:
            return kept
        left, right = kept[thin - 1], kept[thin]
        kept.remove(left if left.x1 - left.x0 < right.x1 - right.x0 else right)
    return kept


def _filled(found: Sequence[Border], rows: Sequence[Row]) -> list[int]:
    counts = [0] * (len(found) + 1)
    for row in rows:
        for column in sorted({column_of(atom.middle, found) for atom in row.atoms}):
            counts[column] += 1
    return counts


def column_of(x: float, found: Sequence[Border]) -> int:
    """Index of the column that holds x."""
    return sum(border.middle <= x for border in found)
