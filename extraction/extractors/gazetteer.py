"""Mentions of what the user's schema lists by name: instances of its node types, in any of their spellings.

A spelling matches whole words in normal form, the longest first: `Cessna Aircraft Companies` is `Cessna Aircraft
Company`, and then not also `Cessna`. A name with a capital does not match words without one (`Apple`, `apple`); a name
of up to three letters matches as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, final

from extraction.extractors.terms import TEXT_ROLES
from kg.graph.ids import digest
from kg.values.name import normal, singular
from schemas.element import Elements
from schemas.fact import Facts, Mention
from schemas.ontology import Term

_TOKEN: Final = re.compile(r"[^\s\[\](){}<>\"“”„;,!?:/|]+")
"""Words with what may stand in a name: hyphens, dots, apostrophes, signs."""
_END: Final = re.compile(r"(?:['’]s?|[.\-])+$")
"""What may stand behind a name."""
_ARTICLE: Final = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
SHORT: Final = 3
"""Letters of a name that matches as it is written only."""


@final
@dataclass(frozen=True, kw_only=True)
class GazetteerExtractor:
    """Mentions with the noun of the node type as their kind; the first of each name in each element and cell."""

    terms: tuple[Term, ...]
    """Every spelling, as `kg.ontology.terms` gives them."""
    version: int = 1

    @cached_property
    def name(self) -> str:
        """Another list of names is another extractor: facts are found again."""
        listed = [part for term in self.terms for part in (term.kind, term.spelling)]
        return f"gazetteer-{digest(*listed, length=8)}"

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """See `extraction.extractors.Extractor`; adds `mentions`. A name that stands for two types is a mention of
        each: which one it is, is decided over the whole corpus.
        """
        del earlier
        found: dict[tuple[str, str, str, int | None, int | None], Mention] = {}
        for mention in self._mentions(elements):
            found.setdefault((mention.element, mention.kind, mention.name, mention.row, mention.col), mention)
        return Facts(document=elements.document.id, extractors=(), mentions=tuple(found.values()))

    def _mentions(self, elements: Elements) -> Iterator[Mention]:
        for element in elements.elements:
            if element.kind in ("chunk", "section") and element.role in TEXT_ROLES:
                for start, end, kinds in self._spans(element.text):
                    for kind in kinds:
                        yield Mention(element=element.id, name=element.text[start:end], kind=kind, span=(start, end))
            elif element.grid is not None:
                for cell in element.grid.cells:
                    for kind in self._whole(cell.text):
                        name = cell.text.strip()
                        yield Mention(element=element.id, name=name, kind=kind, row=cell.row, col=cell.col)

    def _spans(self, text: str) -> Iterator[tuple[int, int, Sequence[str]]]:
        """(start, end, kinds) of the names in a text, the longest at each place, none inside another."""
        words = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
        place = 0
        while place < len(words):
            longest = self._longest.get(_first(text[words[place][0] : words[place][1]]), 0)
            for length in range(min(longest, len(words) - place), 0, -1):
                start, end = words[place][0], words[place + length - 1][1]
                end -= len(text[start:end]) - len(_END.sub("", text[start:end]))
                if kinds := self._whole(text[start:end]):
                    yield start, end, kinds
                    place += length - 1
                    break
            place += 1

    def _whole(self, text: str) -> Sequence[str]:
        """Kinds of a text that is a name as a whole."""
        if len(text) > self._widest:
            return ()
        found = self._index.get(normal(text), ())
        return tuple(dict.fromkeys(term.kind for term in found if _alike(text.strip(), term.spelling)))

    @cached_property
    def _index(self) -> dict[str, list[Term]]:
        index: dict[str, list[Term]] = {}
        for term in self.terms:
            if name := normal(term.spelling):
                index.setdefault(name, []).append(term)
        return index

    @cached_property
    def _longest(self) -> dict[str, int]:
        """First word of a name -> words of the longest such name, and one more: hyphens may be spaces."""
        found: dict[str, int] = {}
        for term in self.terms:
            words = _TOKEN.findall(_ARTICLE.sub("", term.spelling))
            key = _first(words[0]) if words else ""
            found[key] = max(found.get(key, 0), len(words) + 1)
        found.pop("", None)
        return found

    @cached_property
    def _widest(self) -> int:
        return max((len(term.spelling) for term in self.terms), default=0) + 16


@lru_cache(maxsize=1 << 16)
def _first(word: str) -> str:
    """What names with this first word have in common."""
    return singular(normal(word).partition(" ")[0])


def _alike(text: str, spelling: str) -> bool:
    """Whether article and capitals agree well enough for the text to be this name and no common word."""
    if _ARTICLE.match(text) and not _ARTICLE.match(spelling):
        return False
    if len(spelling) <= SHORT:
        return text in (spelling, f"{spelling}s")
    return any(c.isupper() for c in text) or not any(c.isupper() for c in spelling)
