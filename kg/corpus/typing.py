"""Node types of names: by the kind that documents give them, or by the schema's gazetteer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import final

from kg.corpus import names
from kg.ontology.vocabulary import Known, Vocabulary
from kg.values.name import normal
from schemas.ontology import Schema


@final
class Typing:
    """What a schema says about kinds and names."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.vocabulary = Vocabulary(schema)

    def type_of(self, kind: str) -> str | None:
        """Node type of a kind: `LLM` is a model, where the schema has models."""
        return self.vocabulary.type_of(kind) or self.vocabulary.exactly(names.kind_head(kind) or "?")

    def head(self, kind: str) -> str | None:
        """What stands for a kind in the key of an entity: the noun of its node type; None where it has none."""
        declared = self.type_of(kind)
        return normal(self.vocabulary.noun(declared)) if declared else None

    def known(self, kind: str, name: str) -> Known | None:
        """The instance that a name of a kind means. A kind that the schema declares wins over the gazetteer:
        `Java`, a language, is not the island that the schema lists.
        """
        declared = self.type_of(kind)
        return self.vocabulary.known(name, declared) or self.vocabulary.known(names.plain(name), declared)

    def key(self, known: Known) -> tuple[str, str]:
        """Key of the entity that an instance is."""
        return normal(self.vocabulary.noun(known.type)), names.base(known.name)

    def decided(self, kinds: Mapping[str, int], known: Known | None) -> str | None:
        """Node type of an entity that documents call by several kinds: the one that most uses give; ties by label."""
        if known:
            return known.type
        votes: Counter[str] = Counter()
        for kind, count in kinds.items():
            if declared := self.type_of(kind):
                votes[declared] += count
        return min(votes, key=lambda label: (-votes[label], label)) if votes else None
