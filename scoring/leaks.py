"""What still links two splits after they were made disjoint: facts, answer entities, evidence text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.sample import Sample

SHINGLE: Final = 5
"""Words per shingle."""
NEAR: Final = 0.8
"""Jaccard similarity of shingles from which two texts are the same evidence."""
SHORT: Final = 12
"""Texts with fewer words are never near-duplicates: two short cells that agree are a coincidence."""
ENTITY_SHARE: Final = 0.2
"""An answer entity that occurs in the evidence of more than this share of documents links nothing; where there are no
documents, in that of more than this share of the nodes and relationships that are evidence."""

Keys = Callable[[Sample], Iterator[tuple[str, str]]]
"""(kind, key) pairs of a sample; samples that share one are linked."""

_NEVER_LINK = frozenset({"number", "percent", "count", "boolean", "date"})


@dataclass(frozen=True, slots=True)
class Leak:
    """A sample that links to another split."""

    sample: str
    other: str
    kind: str
    """fact, answer_entity or evidence_text."""
    what: str


def leaks(samples: Sequence[Sample], order: Sequence[str]) -> list[Leak]:
    """Every link from a sample to one of a later split in `order` (train first), one per sample, sorted by sample id.

    Removing the named samples makes the splits disjoint.
    """
    found: dict[str, Leak] = {}
    for keys in (_facts, _entities(samples), _texts(samples)):
        seen: dict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            for _, key in keys(sample):
                seen[key].append(sample)
        for sample in samples:
            for kind, key in keys(sample):
                other = next((o for o in seen[key] if _rank(o, order) > _rank(sample, order)), None)
                if other is not None:
                    found.setdefault(sample.id, Leak(sample.id, other.id, kind, key[:80]))
    return sorted(found.values(), key=lambda leak: leak.sample)


def _rank(sample: Sample, order: Sequence[str]) -> int:
    return order.index(sample.split) if sample.split in order else -1


def _facts(sample: Sample) -> Iterator[tuple[str, str]]:
    yield from (("fact", key) for key in sample.fact_keys)


def _entities(samples: Sequence[Sample]) -> Keys:
    documents: dict[str, set[str]] = defaultdict(set)
    everything: set[str] = set()
    for sample in samples:
        place = {item.document or item.element for item in sample.evidence}
        everything |= place
        for entity in sample.answer_entities:
            documents[entity] |= place
    common = {entity for entity, places in documents.items() if len(places) > max(1, ENTITY_SHARE * len(everything))}

    def keys(sample: Sample) -> Iterator[tuple[str, str]]:
        if sample.answer_type not in _NEVER_LINK:
            yield from (("answer_entity", entity) for entity in sample.answer_entities if entity not in common)

    return keys


def _texts(samples: Sequence[Sample]) -> Keys:
    """Evidence texts by cluster: an exact normal form, or that of the first near-duplicate text in id order."""
    texts = {row["element"]: row["text"] for sample in samples for row in sample.context if row.get("element")}
    clusters = near_duplicates(texts)

    def keys(sample: Sample) -> Iterator[tuple[str, str]]:
        yield from (
            ("evidence_text", clusters[row["element"]]) for row in sample.context if row.get("element") in clusters
        )

    return keys


def near_duplicates(texts: dict[str, str]) -> dict[str, str]:
    """Element -> the first element (by id) whose text is equal or nearly so; short texts are left out.

    Source: Broder 1997, "On the resemblance and containment of documents": Jaccard over word shingles, computed exactly
    through an inverted index.
    """
    shingles = {name: found for name in sorted(texts) if (found := _shingles(texts[name]))}
    index: dict[tuple[str, ...], list[str]] = defaultdict(list)
    cluster: dict[str, str] = {}
    for name, mine in shingles.items():
        shared: dict[str, int] = defaultdict(int)
        for shingle in mine:
            for other in index[shingle]:
                shared[other] += 1
        near = [o for o, n in shared.items() if n / (len(mine) + len(shingles[o]) - n) >= NEAR]
        cluster[name] = cluster[min(near)] if near else name
        for shingle in mine:
            index[shingle].append(name)
    return cluster


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    if len(words) < SHORT:
        return frozenset()
    return frozenset(tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def clean(samples: Iterable[Sample], order: Sequence[str]) -> tuple[list[Sample], list[Leak]]:
    """Samples without those that link to a later split, and what linked."""
    rows = list(samples)
    found = leaks(rows, order)
    gone = {leak.sample for leak in found}
    return [sample for sample in rows if sample.id not in gone], found
