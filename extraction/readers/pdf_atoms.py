"""The words of a table region as lines of atoms: pieces that no column border can cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extraction.readers.pdf_lines import lines_of
from runtime.pdf_model import union
from runtime.pdf_words import Word, joined
from schemas.base import Box

GLUE: Final = 0.12
"""Em; words closer than this are one atom."""
BESIDE: Final = 0.42
"""Em; groups of thousands and numbers in brackets stand at most so far from their number."""
PHRASE: Final = 0.6
"""Em; atoms closer than this are one segment (a space is 0.25, justified text up to 0.5)."""

NUMBER: Final = re.compile(
    r"^[(\[<>≤≥~≈+\-−–±]*[$€£¥]?\s*[(\-−–+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?\s*(?:[%‰kKMBx×°]|[eE][+\-−]?\d+)?[)\]]*"
    r"(?:\s*[±]\s*[\d.]+%?)?[*†‡§¶∗↑↓a-c]?$"
)
_THOUSANDS: Final = re.compile(r"^[+\-−–]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?$")
_PLACEHOLDER: Final = re.compile(r"^(?:[-–—−]+|N/?A|n/?a|✓|✗|✔|✘|[$€£]?\s*[—–-])%?$")
_CURRENCY: Final = re.compile(r"^[(\-−–]?\s*(?:[$€£¥]|US\$|C\$|HK\$)\s*\(?$")
_CLOSING: Final = re.compile(r"^(?:\)?\s*[%‰]|\)|\)\s*%|%\s*\)|[*†‡])$")


def is_number(text: str) -> bool:
    """Whether a text is one printed number, with its sign, unit mark or footnote mark."""
    plain = text.strip()
    return any(char.isdigit() for char in plain) and bool(NUMBER.match(plain) or _THOUSANDS.match(plain))


def is_value(text: str) -> bool:
    """A number, or what stands in place of one: a dash, `N/A`, a tick."""
    return is_number(text) or bool(_PLACEHOLDER.match(text.strip()))


def is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[:2] in {"17", "18", "19", "20"}


@dataclass(slots=True)
class Atom:
    """Words that belong together whatever the columns are: `$ 63,355`, `(4.2 )%`, `word¹`."""

    words: list[Word]

    @property
    def x0(self) -> float:
        return min(word.box[0] for word in self.words)

    @property
    def x1(self) -> float:
        return max(word.box[2] for word in self.words)

    @property
    def text(self) -> str:
        return joined(self.words)

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def is_value(self) -> bool:
        return is_value(self.text)


@dataclass(slots=True)
class Row:
    """Atoms on one baseline, left to right."""

    atoms: list[Atom]
    baseline: float
    em: float

    @property
    def box(self) -> Box:
        return union([word.box for atom in self.atoms for word in atom.words])

    def segments(self) -> list[list[Atom]]:
        """Runs of atoms without a gap wider than a space."""
        runs: list[list[Atom]] = [[self.atoms[0]]]
        for last, atom in zip(self.atoms, self.atoms[1:], strict=False):
            if atom.x0 - last.x1 < PHRASE * self.em:
                runs[-1].append(atom)
            else:
                runs.append([atom])
        return runs

    @property
    def values(self) -> int:
        """Number of values; years do not count, they stand in dates and headings."""
        return sum(atom.is_value and not is_year(atom.text) for atom in self.atoms)


def atom_rows(words: Sequence[Word], page: int) -> list[Row]:
    """Lines of a table region, top to bottom."""
    return [Row(_glued(line.words), line.baseline, line.size) for line in lines_of(words, page) if line.text.strip()]


def _glued(words: Sequence[Word]) -> list[Atom]:
    atoms: list[Atom] = [Atom([words[0]])]
    for word in words[1:]:
        last = atoms[-1]
        gap = word.box[0] - last.x1
        if not word.space or gap < GLUE * word.size or _belongs(last, word, gap):
            last.words.append(word)
        else:
            atoms.append(Atom([word]))
    return _closed(atoms)


def _belongs(last: Atom, word: Word, gap: float) -> bool:
    """A currency sign far left of its number, a raised footnote mark, `±` between two numbers."""
    if _CURRENCY.match(last.text) and (is_number(word.text) or is_value(word.text)):
        return gap < 40 * word.size
    if gap < BESIDE * word.size and (_THOUSANDS.match(f"{last.text} {word.text}") or _in_brackets(last, word)):
        return True
    head = last.words[0]
    if word.size < 0.8 * head.size and word.baseline < head.baseline - 0.5 and gap < 0.6 * head.size:
        # A raised mark, however far it stands off.
        return True
    if word.text in {"±", "+/-"} or last.words[-1].text in {"±", "+/-"}:
        return gap < word.size
    return False


def _in_brackets(last: Atom, word: Word) -> bool:
    """`38 (24.7%)`, `81.2 (+3.7)`: what a number is in brackets belongs to it."""
    return is_number(last.text) and word.text.startswith("(") and word.text.endswith(")") and is_number(word.text)


def _closed(atoms: list[Atom]) -> list[Atom]:
    """Appends a percent sign or closing bracket that stands apart to the number before it."""
    result: list[Atom] = []
    for atom in atoms:
        if (
            result
            and _CLOSING.match(atom.text)
            and result[-1].is_value
            and atom.x0 - result[-1].x1 < 2 * atom.words[0].size
        ):
            result[-1].words.extend(atom.words)
        else:
            result.append(atom)
    return result
