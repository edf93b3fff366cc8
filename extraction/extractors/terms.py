"""Mentions of entities: keys of tables, defined acronyms, names by their spelling, the document's own subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from extraction.extractors import phrases
from extraction.extractors.acronyms import acronyms
from schemas.element import Element, Elements
from schemas.fact import Facts, Mention

LEAST_COUNT: Final = 2
"""Occurrences of a name in a document before its spelling alone makes it a mention."""
NAME: Final = re.compile(
    r"(?<![\w./@-])(?:"
    r"[A-Z][\w]*(?:-[A-Z0-9][\w.]*)+"
    r"|[A-Z][a-z0-9]*[A-Z][\w+]*"
    r"|[A-Z]{2,}[\w+]*(?:-[\w.]+)*"
    r"|[A-Z][a-z]+(?: (?:of|for|and|the) [A-Z][a-z]+| [A-Z][a-z]+)+"
    r")(?![\w@])"
)
"""Mixed case, capitals, hyphenated capitals, and Title Case spans (precision 0.92 on papers, notes on extraction)."""
NOT_NAMES: Final = phrases.words(
    "Table Figure Section Appendix Equation Eq Fig Algorithm Chapter Item Part Note Page Form AND OR NOT THE NOTE FOR "
    "I II III IV VI VII VIII IX XI XII USA US UK OK et al"
)
TEXT_ROLES: Final = (None, "text", "list-item", "caption", "title")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TermsExtractor:
    """Mentions, one per element, name and place."""

    name: str = "terms"
    version: int = 1
    least_count: int = LEAST_COUNT
    """Occurrences of a name before its spelling alone makes it a mention; 1..100."""

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """See `extraction.extractors.Extractor`; adds `mentions`."""
        found = [*_keys(elements, earlier), *_acronyms(elements), *self._names(elements), *_subject(elements, earlier)]
        first: dict[tuple[str, str, str, int | None, int | None], Mention] = {}
        for mention in found:
            first.setdefault((mention.element, mention.kind, mention.name, mention.row, mention.col), mention)
        return Facts(document=elements.document.id, extractors=(), mentions=tuple(first.values()))

    def _names(self, elements: Elements) -> Iterator[Mention]:
        spans = [(e, m) for e in _texts(elements) for m in NAME.finditer(e.text) if _is_name(e, m)]
        counts = Counter(_surface(match[0]) for _, match in spans)
        for element, match in spans:
            name = _surface(match[0])
            if counts[name] >= self.least_count:
                yield Mention(element=element.id, name=name, span=(match.start(), match.start() + len(name)))


def _texts(elements: Elements) -> Iterator[Element]:
    for element in elements.elements:
        if element.kind in ("chunk", "section") and element.role in TEXT_ROLES:
            yield element


def _is_name(element: Element, match: re.Match[str]) -> bool:
    """Not a numbered thing, not the first word of a sentence that is Title Case by position, not a shouted line."""
    words = match[0].split()
    if match[0].isupper() and _shouted(element.text, match):
        return False
    if words[0] in NOT_NAMES or element.text.isupper() or len(match[0]) > 60:
        return False
    if element.kind == "section" and len(words) > 1 and phrases.is_title_case(element.text):
        return False
    opens = match.start() == 0 or re.search(r"[.!?:]\s+$", element.text[: match.start()])
    ordinary = len(words) > 1 and all(re.fullmatch(r"[A-Z]?[a-z]+", w) for w in words)
    return not (opens and ordinary and words[0].lower() in phrases.STOP)


def _shouted(text: str, match: re.Match[str]) -> bool:
    """Whether a word in capitals stands beside another: a line in capitals, not a name."""
    before = re.search(r"(\w{2,})\W{1,3}$", text[: match.start()])
    after = re.match(r"\W{1,3}(\w{2,})", text[match.end() :])
    return any(m is not None and m[1].isupper() and m[1].isalpha() for m in (before, after))


def _surface(name: str) -> str:
    """A name without the full stop of its sentence and the plural of an acronym."""
    name = name.rstrip(".-")
    return name[:-1] if re.fullmatch(r"[A-Z]{2,}s", name) else name


def _keys(elements: Elements, earlier: Facts) -> Iterator[Mention]:
    """Row keys of tables whose rows are entities."""
    grids = {e.id: e.grid for e in elements.elements if e.grid is not None}
    for structure in earlier.structures:
        grid = grids.get(structure.element)
        if grid is None or structure.key_column is None or structure.shape not in ("entities", "results"):
            continue
        rows = {axis.index for axis in structure.rows if axis.role == "data"}
        for cell in grid.cells:
            if cell.col == structure.key_column and cell.row in rows and re.search(r"[^\W\d_]", cell.text):
                yield Mention(
                    element=structure.element,
                    name=cell.text.strip(" *†‡"),
                    kind=structure.kind or "term",
                    row=cell.row,
                    col=cell.col,
                )


def _acronyms(elements: Elements) -> Iterator[Mention]:
    for element in _texts(elements):
        for acronym in acronyms(element.text):
            if phrases.is_noun_phrase(acronym.long, longest=8):
                yield Mention(element=element.id, name=acronym.short, span=acronym.span, alias_of=acronym.long)
                yield Mention(element=element.id, name=acronym.long, span=acronym.long_span)


def _subject(elements: Elements, earlier: Facts) -> Iterator[Mention]:
    """The document's own subject, under its own kind, wherever its name stands."""
    subject = earlier.subject
    if subject is None or not subject.name or "event" in earlier.subject_facts:
        return
    pattern = re.compile(rf"(?<![\w-]){re.escape(subject.name)}(?![\w-])", re.IGNORECASE)
    for element in _texts(elements):
        if match := pattern.search(element.text):
            yield Mention(element=element.id, name=subject.name, kind=subject.kind, span=match.span())
