"""What the overlay says, by key."""

from __future__ import annotations

from typing import final

from kg.values.name import normal
from schemas.fact import Subject
from schemas.ontology import Constraint
from schemas.overlay import DocumentView, Overlay, ResolvedEntity


@final
class Lookup:
    """The overlay, indexed."""

    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay
        self.entities: dict[str, ResolvedEntity] = {entity.id: entity for entity in overlay.entities}
        self.boilerplate = frozenset(overlay.boilerplate)
        self._views = {view.document: view for view in overlay.documents}
        constraint = overlay.constraint or Constraint()
        self.dropped = frozenset(constraint.dropped)
        """Ids of facts that the user's schema does not allow."""
        self.assertions: dict[str, str] = {}
        """Fact id -> Assertion id, as the facts are added."""
        self._properties = constraint.properties
        by_name: dict[str, set[str]] = {}
        for key, entity in overlay.resolution.items():
            if not key.startswith("document:"):
                by_name.setdefault(key.partition("|")[2], set()).add(entity)
        self._by_name = {name: min(found) if len(found) == 1 else None for name, found in by_name.items()}

    def property(self, fact: str) -> str | None:
        """Declared property, or relationship type, that a fact gives."""
        return self._properties.get(fact)

    def view(self, document: str) -> DocumentView | None:
        """What the corpus knows about a document."""
        return self._views.get(document)

    def document_subject(self, document: str) -> str | None:
        """Entity that a document is about."""
        view = self._views.get(document)
        found = self.overlay.resolution.get(f"document:{document}") or (view.subject if view else None)
        return found if found in self.entities else None

    def entity(self, kind: str, name: str) -> str | None:
        """Entity of a kind that a name means."""
        found = self.overlay.resolution.get(f"{kind}|{normal(name)}")
        return found if found in self.entities else None

    def only(self, name: str) -> str | None:
        """The one entity of any kind that a name means; None where there are none or several."""
        found = self._by_name.get(normal(name))
        return found if found in self.entities else None

    def subject(self, document: str, subject: Subject) -> str | None:
        """Entity that a fact of a document is about."""
        if subject.name is None:
            return self.document_subject(document)
        return self.entity(subject.kind, subject.name)
