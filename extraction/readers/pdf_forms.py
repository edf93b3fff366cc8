"""Key-value forms from words: `label:` columns with values beside them, where a table finder sees torn cells.

A table finder cuts a form at its gaps: a value that runs over the whole width is torn into cells with interleaved
lines, and a short value is glued to the next label. The labels themselves say how the form is built: they end with a
colon and start at few x positions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from schemas.base import Box, Place
from schemas.element import Grid, GridCell

Word = tuple[float, float, float, float, str]
"""(x0, y0, x1, y1, text) in points, as PyMuPDF's `get_text("words")` gives them (first five items)."""

SEGMENT_GAP = 0.6
"""Words farther apart than this share of the line height belong to different segments (a space is about 0.27)."""
ROW_GAP = 0.3
"""Lines farther apart than this share of the line height start a new row; wrapped lines touch."""
ALIGNED = 3.0
"""Points within which two left edges are one column."""
INDENT = 40.0
"""Points from the left edge within which a line begins with a label; values stand farther right."""
LEAST_LABELS = 3
"""A form has one column of at least so many labels; further columns may be short."""


@dataclass(slots=True)
class _Segment:
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word[4] for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0][0]

    @property
    def height(self) -> float:
        return median(word[3] - word[1] for word in self.words)


@dataclass(slots=True)
class _Row:
    lines: list[list[_Segment]] = field(default_factory=list)

    def labels(self, starts: Sequence[float]) -> dict[int, list[_Segment]]:
        """Label column -> its segments, top down."""
        found: dict[int, list[_Segment]] = {}
        for line in self.lines:
            for segment in line:
                column = _column(segment.x0, starts)
                if column is not None:
                    found.setdefault(column, []).append(segment)
        return found


def form_grid(words: Sequence[Word], box: Box, page: int) -> Grid | None:
    """Read the words inside a box as a form.

    Args:
        words: words of the page, in any order; those with their middle outside `box` are ignored.
        box: region of the table.
        page: 1-based page number for the places.

    Returns:
        A grid of 2 columns per label column (label cells are marked as header), one row per line of labels; a value
        without a label to its right spans the rest of the row; a heading inside the form is one cell over the whole
        row, marked as header. None where the words are not a form.
    """
    inside = [word for word in words if _inside(word, box) and word[4].strip()]
    lines = _lines(inside)
    starts = _label_columns(lines)
    if not starts or not _labels_lead(lines, starts[0]):
        return None
    rows = _rows(lines, starts)
    if not _is_form(rows, starts):
        return None
    base = median(word[3] - word[1] for word in inside)
    cells: list[GridCell] = []
    for index, row in enumerate(rows):
        cells += _cells(row, index, starts, page, base)
    return Grid(n_rows=len(rows), n_cols=2 * len(starts), cells=tuple(cells))


def _inside(word: Word, box: Box) -> bool:
    x, y = (word[0] + word[2]) / 2, (word[1] + word[3]) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def _lines(words: Sequence[Word]) -> list[list[_Segment]]:
    """Lines from top to bottom, each as segments from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: ((w[1] + w[3]) / 2, w[0])):
        middle = (word[1] + word[3]) / 2
        if lines and abs(middle - _middle(lines[-1])) < 0.5 * (word[3] - word[1]):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_segments(sorted(line)) for line in lines]


def _middle(line: Sequence[Word]) -> float:
    return sum((w[1] + w[3]) / 2 for w in line) / len(line)


def _segments(line: Sequence[Word]) -> list[_Segment]:
    segments: list[_Segment] = []
    for word in line:
        gap = SEGMENT_GAP * (word[3] - word[1])
        # A label ends at its colon, even where its value follows closely.
        if segments and word[0] - segments[-1].words[-1][2] < gap:
            segments[-1].words.append(word)
        else:
            segments.append(_Segment([word]))
    return segments


def _label_columns(lines: Sequence[Sequence[_Segment]]) -> list[float]:
    """Left edges of segments with a colon at the end, if at least `LEAST_LABELS` of them share one edge."""
    edges = sorted(segment.x0 for line in lines for segment in line if segment.text.endswith(":"))
    groups: list[list[float]] = []
    for edge in edges:
        if groups and edge - groups[-1][0] <= ALIGNED:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [group[0] for group in groups] if any(len(group) >= LEAST_LABELS for group in groups) else []


def _labels_lead(lines: Sequence[Sequence[_Segment]], left: float) -> bool:
    """Most lines that begin at the left edge are labels; in a statement with row groups, few are."""
    leading = [line[0].text.endswith(":") for line in lines if line[0].x0 < left + INDENT]
    return sum(leading) >= 0.6 * len(leading)


def _column(x0: float, starts: Sequence[float]) -> int | None:
    return next((i for i, start in enumerate(starts) if abs(x0 - start) <= ALIGNED), None)


def _rows(lines: Sequence[list[_Segment]], starts: Sequence[float]) -> list[_Row]:
    rows: list[_Row] = []
    bottom = 0.0
    for line in lines:
        top = min(word[1] for segment in line for word in segment.words)
        height = max(segment.height for segment in line)
        apart = top - bottom > ROW_GAP * height and any(_column(s.x0, starts) is not None for s in line)
        if not rows or apart or _starts_row(rows[-1], line, starts):
            rows.append(_Row())
        rows[-1].lines.append(line)
        bottom = max(word[3] for segment in line for word in segment.words)
    return rows


def _starts_row(row: _Row, line: Sequence[_Segment], starts: Sequence[float]) -> bool:
    """A line starts a row if a label begins below one that is complete."""
    above = row.labels(starts)
    begun = [column for segment in line if (column := _column(segment.x0, starts)) is not None]
    return any(column in above and above[column][-1].text.endswith(":") for column in begun)


def _is_form(rows: Sequence[_Row], starts: Sequence[float]) -> bool:
    """Most rows begin with a label that ends with a colon."""
    kinds = Counter(any(segments[-1].text.endswith(":") for segments in row.labels(starts).values()) for row in rows)
    return kinds[True] >= LEAST_LABELS and kinds[True] >= 0.6 * len(rows)


def _cells(row: _Row, index: int, starts: Sequence[float], page: int, base: float) -> list[GridCell]:
    labels = row.labels(starts)
    segments = [segment for line in row.lines for segment in line]
    width = 2 * len(starts)
    if _is_heading(labels, segments, base):
        return [_cell(segments, index, 0, page, header=True, span=width)]
    label_ids = {id(segment) for found in labels.values() for segment in found}
    order = sorted(labels)
    cells: list[GridCell] = []
    for place, column in enumerate(order):
        end = order[place + 1] if place + 1 < len(order) else len(starts)
        right = starts[end] - ALIGNED if end < len(starts) else float("inf")
        left = starts[column] + ALIGNED
        value = [s for s in segments if id(s) not in label_ids and left < s.x0 < right]
        cells.append(_cell(labels[column], index, 2 * column, page, header=True))
        if value:
            cells.append(_cell(value, index, 2 * column + 1, page, span=2 * (end - column) - 1))
    loose = [s for s in segments if id(s) not in label_ids and (not order or s.x0 < starts[order[0]])]
    if loose:
        cells.insert(0, _cell(loose, index, 1 if not order else 0, page, span=width - 1 if not order else 1))
    return cells


def _is_heading(labels: dict[int, list[_Segment]], segments: Sequence[_Segment], base: float) -> bool:
    """One segment at the left edge, larger than the form's text, without a colon."""
    if list(labels) != [0] or len(labels[0]) != len(segments):
        return False
    return not segments[-1].text.endswith(":") and segments[0].height > 1.15 * base


def _cell(
    segments: Sequence[_Segment], row: int, col: int, page: int, *, header: bool = False, span: int = 1
) -> GridCell:
    words = [word for segment in segments for word in segment.words]
    box = (
        round(min(w[0] for w in words), 2),
        round(min(w[1] for w in words), 2),
        round(max(w[2] for w in words), 2),
        round(max(w[3] for w in words), 2),
    )
    # A hyphen at a line's end belongs to the word where a capital or a digit follows: `Churyumov-` `Gerasimenko`.
    text = re.sub(r"(?<=[a-z])- (?=[A-Z\d])", "-", " ".join(segment.text for segment in segments))
    return GridCell(row=row, col=col, col_span=span, text=text, header=header, place=Place(page=page, box=box))
