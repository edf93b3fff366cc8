"""What is no evidence: recurring text, page furniture, references, contents, acknowledgements, author blocks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from kg.values.name import normal
from schemas.element import Element, Elements

FURNITURE: Final = frozenset({"header", "footer", "reference"})
HEADINGS: Final = re.compile(
    r"^(?:[\dA-Z]{1,3}\.?\s+|item \d+[a-z]?\.?\s+)?(?:references?|bibliography|works cited|literature cited"
    r"|acknowledge?ments?|(?:table of )?contents|index|signatures?|disclaimers?|legal notices?|copyright.*|licen[sc]e"
    r"|forward[- ]looking statements?|about the authors?|author contributions?|conflicts? of interest)$",
    re.IGNORECASE,
)
LEAST_DOCUMENTS: Final = 3
SHARE: Final = 0.5
"""Text that stands in more than this share of the documents of a kind, and in three at least, is boilerplate."""
SHORTEST: Final = 25
"""Characters of a text that may recur by right when shorter (`None`, a heading)."""


def boilerplate(documents: Sequence[Elements], kinds: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of elements that are no evidence, sorted.

    Args:
        documents: all documents of the corpus.
        kinds: document id -> kind; recurrence is counted among documents of one kind.
    """
    recurring = _recurring(documents, kinds)
    found: set[str] = set()
    for elements in documents:
        kind = kinds[elements.document.id]
        excluded = _excluded_sections(elements)
        opening = _author_block(elements) if kind == "paper" else frozenset()
        for element in elements.elements:
            if (
                element.role in FURNITURE
                or element.id in excluded
                or element.parent in excluded
                or element.id in opening
                or (kind, normal(element.text)) in recurring
            ):
                found.add(element.id)
    return tuple(sorted(found))


def _recurring(documents: Sequence[Elements], kinds: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    sizes = Counter(kinds[elements.document.id] for elements in documents)
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for elements in documents:
        kind = kinds[elements.document.id]
        texts = {normal(e.text) for e in elements.elements if e.kind != "section" and len(e.text) >= SHORTEST}
        for text in texts:
            seen[kind, text] += 1
    return frozenset(
        (kind, text) for (kind, text), n in seen.items() if n >= LEAST_DOCUMENTS and n > SHARE * sizes[kind]
    )


def _excluded_sections(elements: Elements) -> frozenset[str]:
    """Sections with such a heading, and all sections below them."""
    excluded: set[str] = set()
    for element in elements.elements:
        if element.kind == "section" and (HEADINGS.match(element.text.strip()) or element.parent in excluded):
            excluded.add(element.id)
    return frozenset(excluded)


def _author_block(elements: Elements) -> frozenset[str]:
    """Chunks between a paper's title and its abstract."""
    opening: list[Element] = []
    for element in elements.elements:
        if element.kind == "section" and normal(element.text).endswith("abstract"):
            return frozenset(e.id for e in opening)
        if element.kind == "chunk":
            opening.append(element)
        if len(opening) > 20:
            break
    return frozenset()
