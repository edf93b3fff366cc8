"""Facts from plain sentences, by pattern: findings, reasons, definitions and numbers.

Precision over recall: a span begins and ends at a clause border, and what it is about can be said without the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

from extraction.extractors.amounts import amounts
from extraction.extractors.definitions import definitions
from extraction.extractors.findings import findings
from extraction.extractors.reasons import reasons
from extraction.extractors.settings import settings
from extraction.extractors.told import Told
from kg.values.compare import compatible
from kg.values.name import normal
from schemas.element import Element, Elements
from schemas.fact import Fact, Facts

ROLES: Final = (None, "text", "list-item")
SKIPPED: Final = re.compile(
    r"references|bibliography|acknowledg|contents|forward.looking|risk factors|signature|certification|disclaimer",
    re.IGNORECASE,
)
"""Sections whose sentences, and those of their subsections, are no evidence."""
QUOTED: Final = re.compile(r"\bprompts?\b|\bexamples?\b|case stud|input format|output format", re.IGNORECASE)
"""Sections whose sentences are quoted, not stated."""
ORDINARY: Final = 5
"""A word that stands in lower case more often than this times its capitalised uses is no name."""
MIDDLE: Final = re.compile(r"(?<=[a-z,] )([A-Z][a-z]+)(?=[,.]? [a-z]|[,.])")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesExtractor:
    """Findings, reasons, definitions and numbers."""

    name: str = "sentences"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """See `extraction.extractors.Extractor`; adds facts of shape `sentence`, `reason` and `definition`."""
        found: list[Fact] = []
        proper = _proper(elements)
        for chunk, following in _chunks(elements):
            told = Told(
                document=elements.document.id,
                subject=earlier.subject,
                event=earlier.subject_facts.get("event"),
                extractor=f"{self.name}/{self.version}",
                chunk=chunk,
                names=_names(earlier),
                proper=proper,
            )
            found += [*findings(told, following), *reasons(told), *definitions(told), *amounts(told), *settings(told)]
        kept, rejected = _agreeing(found)
        return Facts(document=elements.document.id, extractors=(), facts=tuple(kept), rejected=tuple(rejected))


def _proper(elements: Elements) -> frozenset[str]:
    """Words that stand capitalised between lower-case words twice: `Gaming` in "lower Gaming margins"."""
    text = "\n".join(e.text for e in elements.elements if e.kind == "chunk" and e.role in ROLES)
    counts = Counter(MIDDLE.findall(text))
    ordinary = Counter(re.findall(r"\b[a-z]+\b", text))
    return frozenset(word for word, n in counts.items() if n >= 2 and ordinary[word.lower()] <= ORDINARY * n)


def _names(earlier: Facts) -> tuple[str, ...]:
    name = earlier.subject.name if earlier.subject else None
    return (name,) if name else ()


def _chunks(elements: Elements) -> Iterator[tuple[Element, Element | None]]:
    """Chunks of running text, each with the next one of its section."""
    skipped = _skipped(elements.elements)
    running = [
        e for e in elements.elements if e.kind == "chunk" and e.role in ROLES and e.parent not in skipped and e.text
    ]
    for index, chunk in enumerate(running):
        after = running[index + 1] if index + 1 < len(running) else None
        yield chunk, after if after is not None and after.parent == chunk.parent else None


def _skipped(elements: Sequence[Element]) -> frozenset[str]:
    found: set[str] = set()
    for element in elements:
        if element.kind == "section" and (SKIPPED.search(element.text) or element.parent in found):
            found.add(element.id)
    found |= {e.id for e in elements if e.kind == "section" and QUOTED.search(e.text)}
    return frozenset(found)


def _agreeing(found: Sequence[Fact]) -> tuple[list[Fact], list[tuple[str, str, str]]]:
    """One fact per key, the most precise; a key with incompatible values is refused in this document."""
    by_key: dict[tuple[str, ...], list[Fact]] = {}
    for fact in found:
        key = (fact.shape, normal(fact.subject.name or ""), normal(fact.quantity), fact.qualifiers.period or "")
        by_key.setdefault(key, []).append(fact)
    kept: list[Fact] = []
    rejected: list[tuple[str, str, str]] = []
    for facts in by_key.values():
        values = {normal(f.value.text) for f in facts}
        best = max(facts, key=lambda f: (f.value.decimals - f.value.scale, -facts.index(f)))
        if all(compatible(best.value, f.value) for f in facts):
            kept.append(best)
        else:
            said = f"{facts[0].quantity}: {'; '.join(sorted(values)[:3])}"[:160]
            rejected.append((facts[0].supports[0].element, "ambiguous", said))
    return kept, rejected
