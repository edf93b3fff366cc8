"""What the finders of facts in sentences share: the document's context, and how a fact is made of a span."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.graph.ids import digest
from schemas.element import Element
from schemas.fact import Fact, FactShape, Qualifiers, Subject, Support, Value


@dataclass(frozen=True, slots=True)
class Told:
    """One chunk with what is known about its document."""

    document: str
    subject: Subject | None
    """The document's own subject."""
    event: str | None
    extractor: str
    chunk: Element
    names: tuple[str, ...] = ()
    """Spellings of the own subject."""
    proper: frozenset[str] = frozenset()
    """Words that the document capitalises in the middle of sentences."""

    @property
    def company(self) -> bool:
        """Whether "we" and "the Company" are the document's subject."""
        return self.subject is not None and self.subject.kind == "company"

    def own(self) -> Subject | None:
        """The document's own subject, as facts name it."""
        return Subject(kind=self.subject.kind) if self.subject else None

    def mentions_own(self, text: str) -> bool:
        """Whether the text names the document's subject."""
        return any(name.lower() in text.lower() for name in self.names)

    def fact(
        self,
        subject: Subject,
        shape: FactShape,
        quantity: str,
        value: Value,
        span: tuple[int, int],
        *,
        qualifiers: Qualifiers | None = None,
        others: Iterable[Support] = (),
        confidence: float = 0.9,
        additive: bool = False,
    ) -> Fact:
        """A fact whose value stands at a span of the chunk."""
        qualified = qualifiers or Qualifiers()
        id_ = digest(
            "fact", shape, self.document, self.chunk.id, str(span), quantity, subject.name or "", qualified.period or ""
        )
        return Fact(
            id=id_,
            document=self.document,
            subject=subject,
            shape=shape,
            quantity=quantity,
            qualifiers=qualified,
            value=value,
            supports=(Support(element=self.chunk.id, span=span), *others),
            additive=additive,
            confidence=confidence,
            extractor=self.extractor,
        )

    def text_fact(self, subject: Subject, shape: FactShape, quantity: str, span: tuple[int, int]) -> Fact:
        """A fact whose value is the text of a span."""
        start, end = span
        return self.fact(subject, shape, quantity, Value(kind="text", text=self.chunk.text[start:end]), span)
