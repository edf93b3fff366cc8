"""The overlay: what needs many documents (`kg.corpus`), laid over the fragments when the graph is built."""

from __future__ import annotations

from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from schemas.base import Row
from schemas.ontology import Constraint


class ResolvedEntity(Row):
    """One node of label Entity. id = H(kind, smallest normal name)."""

    id: str
    name: str
    """Most frequent surface form; ties by the smallest."""
    kind: str
    described: str
    """Noun phrase that singles it out in the whole corpus: `the Piper PA-22-150 N5921D that ...`, `Apple`."""
    aliases: tuple[str, ...] = ()
    former_ids: tuple[str, ...] = ()
    type: str | None = None
    """Label of the user's node type; None where there is no schema, or it allows things without a type."""

    @model_serializer(mode="wrap")
    def _without_type(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without a schema, nothing speaks of types."""
        return {key: value for key, value in handler(self).items() if key != "type" or value is not None}


class DocumentView(Row):
    """What the corpus knows about one document."""

    document: str
    title: str
    kind: str
    """Singular noun of what the document is: paper, accident report, quarterly report."""
    reference: str
    """Noun phrase that singles the document out in the corpus: `the M-RewardBench paper`."""
    subject: str | None = None
    """Entity id of the document's own subject."""


class Overlay(Row):
    """Resolution, subjects and boilerplate of the whole corpus."""

    entities: tuple[ResolvedEntity, ...] = ()
    resolution: dict[str, str] = {}
    """`kind|normal name` (and `document:<id>` for a document's own subject) -> entity id."""
    documents: tuple[DocumentView, ...] = ()
    boilerplate: tuple[str, ...] = ()
    """Element ids that are no evidence: recurring text, headers, footers, references, contents, acknowledgements."""
    same_as: tuple[tuple[str, str, str], ...] = ()
    """(entity id, entity id, evidence): possible, unmerged pairs."""
    links: tuple[tuple[str, str, str], ...] = ()
    """(element id, document id or element id, text): links between documents."""
    constraint: Constraint | None = None
    """What the user's schema made of it: relations, facts that are dropped, what was pruned and why."""

    @model_serializer(mode="wrap")
    def _without_constraint(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if key != "constraint" or value is not None}
