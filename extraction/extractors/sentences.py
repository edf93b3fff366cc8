"""Facts from plain sentences, by pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from schemas.element import Elements
from schemas.fact import Facts


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesExtractor:
    """Findings, reasons, definitions and numbers."""

    name: str = "sentences"
    version: int = 1

    def extract(self, elements: Elements, earlier: Facts) -> Facts:  # noqa: ARG002
        """See `extraction.extractors.Extractor`."""
        return Facts(document=elements.document.id, extractors=())
