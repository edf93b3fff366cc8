"""Lines and paragraphs from words: reading order inside a region, hyphens undone, every line with its box and span."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from runtime.pdf_model import union
from runtime.pdf_words import Word, joined, spelled
from schemas.base import Box, Place

SMALL: Final = 0.8
"""Share of a region's font size below which a word is a script (footnote mark, index), not a line of its own."""
_HYPHENS: Final = "-‐‑"
_SUFFIXES: Final = frozenset(
    ("able", "age", "ance", "ate", "est", "ful", "ing", "ion", "ist", "ity", "ment", "ness", "ship", "tion")
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, left to right, with the scripts that belong to them."""

    words: tuple[Word, ...]
    page: int

    @property
    def box(self) -> Box:
        return union([word.box for word in self.words])

    @property
    def text(self) -> str:
        return joined(self.words)

    @property
    def size(self) -> float:
        """Font size of most characters."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        return max(sizes.items(), key=lambda item: (item[1], item[0]))[0]

    @property
    def baseline(self) -> float:
        """Baseline of the words of the line's own size."""
        size = self.size
        return median(word.baseline for word in self.words if word.size == size)

    @property
    def bold(self) -> bool:
        """More than half of the characters are bold."""
        total = sum(len(word.text) for word in self.words)
        return sum(len(word.text) for word in self.words if word.bold) * 2 > total


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Groups the words of one column by baseline, top to bottom.

    Scripts (words much smaller than their neighbours) join the line whose vertical extent they overlap most.
    """
    if not words:
        return []
    size = _main_size(words)
    large = [word for word in words if word.size >= SMALL * size]
    rows = _baselines(large)
    homeless: list[Word] = []
    for word in sorted((w for w in words if w.size < SMALL * size), key=lambda w: (w.baseline, w.box[0])):
        # Small capitals share the baseline; scripts do not.
        level = next((i for i, row in enumerate(rows) if abs(row[0].baseline - word.baseline) < 0.05 * size), None)
        home = _home(word, rows) if level is None else level
        if home is None:
            homeless.append(word)
        else:
            rows[home].append(word)
    rows.extend(_baselines(homeless))
    rows.sort(key=lambda row: (median(w.baseline for w in row), row[0].box[0]))
    return [Line(_spaced(sorted(row, key=lambda w: (w.box[0], w.box[1]))), page) for row in rows]


def _baselines(words: Iterable[Word]) -> list[list[Word]]:
    """Groups words whose baselines differ by less than a quarter of their size."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.baseline, w.box[0])):
        if rows and abs(word.baseline - rows[-1][0].baseline) <= 0.25 * max(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _main_size(words: Iterable[Word]) -> float:
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word.size, 1)] += len(word.text)
    return max(sizes.items(), key=lambda item: (item[1], item[0]))[0]


def _home(word: Word, rows: Sequence[Sequence[Word]]) -> int | None:
    """The row that a script belongs to: its nearest word touches it, and its baseline is within one size."""
    best: tuple[float, int] | None = None
    for index, row in enumerate(rows):
        size = row[0].size
        off = word.baseline - row[0].baseline
        if not -0.9 * size < off < 0.6 * size:
            continue
        gap = min(max(word.box[0] - other.box[2], other.box[0] - word.box[2], 0.0) for other in row)
        if gap > 1.5 * size:
            continue
        score = gap + abs(off)
        if best is None or score < best[0]:
            best = (score, index)
    return None if best is None else best[1]


def _spaced(words: Sequence[Word]) -> tuple[Word, ...]:
    """Recomputes `space` where sorting changed the neighbour; scripts stick to what they stand beside."""
    result = [words[0]]
    size = max(word.size for word in words)
    for last, word in pairwise(words):
        gap = word.box[0] - last.box[2]
        script = word.size < SMALL * size
        if not word.space and gap > 0.3 * max(word.size, last.size):
            result.append(replace(word, space=True))
        elif word.space and script and gap < 0.15 * size and abs(word.baseline - last.baseline) > 0.1 * size:
            result.append(replace(word, space=False))
        else:
            result.append(word)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which words, and which hyphenated words, a document uses away from line ends."""

    words: Counter[str]
    hyphenated: Counter[str]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Vocabulary:
        words: Counter[str] = Counter()
        hyphenated: Counter[str] = Counter()
        cut = False
        for line in lines:
            text = line.text
            if cut:
                # The tail of a cut word is no word.
                text = text.partition(" ")[2]
            cut = line.text.endswith(tuple(_HYPHENS))
            if cut:
                text = text.rpartition(" ")[0]
            words.update(match.group().lower() for match in _WORD.finditer(text))
            hyphenated.update(re.findall(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)+", text.lower()))
        return cls(words, hyphenated)

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether `left-` at a line end and `right` at the next line's start are a compound.

        Kept where the document writes the compound elsewhere more often than the joined word, or where it never
        writes the joined word and knows both halves as words; also beside digits and capitals ("GPT-4", "F-score").
        """
        if not left or not right or not left[-1].isalpha() or not right[0].isalpha() or right[0].isupper():
            return True
        head = _WORD.findall(left.lower())[-1:]
        tail = _WORD.findall(right.lower())[:1]
        if not head or not tail:
            return True
        compound, whole = f"{head[0]}-{tail[0]}", head[0] + tail[0]
        if self.hyphenated[compound] or self.words[whole]:
            return self.hyphenated[compound] > self.words[whole]
        known = self.words[head[0]] and self.words[tail[0]]
        return bool(known) and len(head[0]) > 2 and len(tail[0]) > 2 and tail[0] not in _SUFFIXES


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of several lines, with one place per line; a place's span says which part of the text the line holds."""

    text: str
    places: tuple[Place, ...]
    words: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a word of a paragraph stands: characters [start, end) of its text, and its box."""

    start: int
    end: int
    page: int
    box: Box


def paragraph(lines: Sequence[Line], vocabulary: Vocabulary) -> Paragraph:
    """Joins lines into running text."""
    text = ""
    places: list[Place] = []
    spots: list[Spot] = []
    for line in lines:
        part = line.text
        if not part:
            continue
        if text:
            text = _join(text, part, vocabulary)
        start = len(text)
        text += part
        places.append(Place(page=line.page, box=line.box, span=(start, len(text))))
        spots.extend(_spots(line, start))
    return Paragraph(text, _closed(places), tuple(spots))


def _spots(line: Line, start: int) -> Iterable[Spot]:
    for word, part in zip(line.words, spelled(line.words), strict=True):
        begin = start + part.index(word.text)
        yield Spot(begin, begin + len(word.text), line.page, word.box)
        start += len(part)


def _closed(places: Sequence[Place]) -> tuple[Place, ...]:
    """A removed hyphen shortens the text before it: spans end where the next begins at the latest."""
    closed: list[Place] = []
    for index, place in enumerate(places):
        assert place.span is not None
        end = place.span[1]
        if index + 1 < len(places):
            following = places[index + 1].span
            assert following is not None
            end = min(end, following[0])
        closed.append(place.model_copy(update={"span": (place.span[0], end)}))
    return tuple(closed)


def _join(text: str, part: str, vocabulary: Vocabulary) -> str:
    """The text so far, ready for the next line to be appended."""
    if len(text) < 2 or text[-1] not in _HYPHENS or text[-2].isspace():
        return text + " "
    left, right = text.rsplit(None, 1)[-1][:-1], part.split(None, 1)[0]
    return text if vocabulary.keeps_hyphen(left, right) else text[:-1]


def ends_open(text: str) -> bool:
    """Whether a paragraph breaks off: no final punctuation."""
    return bool(text) and text.rstrip("\"'”’)] ")[-1:] not in ".!?:;。！？"


def starts_low(text: str) -> bool:
    """Whether a text starts as the rest of a sentence does: a lower-case letter, a digit after an open line, ..."""
    first = text.lstrip("\"'“‘([")[:1]
    return first.islower()
