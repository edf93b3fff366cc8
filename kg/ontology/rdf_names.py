"""What RDF calls things: labels, synonyms and descriptions of IRIs, in the user's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from kg.ontology.nouns import words
from kg.values.name import normal

KG: Final = "urn:kgmine:schema#"
"""Our own annotations: what OWL cannot say."""
OBO: Final = "http://www.geneontology.org/formats/oboInOwl#"
SCHEMA_ORG: Final = ("http://schema.org/", "https://schema.org/")
_OPAQUE: Final = re.compile(r"(?:[A-Za-z]{1,8}[_:]?)?\d[\d_]*$|[A-Z]+\d{2,}\w*$|[0-9a-f]{12,}$")
"""Local names that say nothing: `BFO_0000050`, `P123`, a hash."""


@dataclass(slots=True)
class Source:
    """A parsed graph and what is to be said about it afterwards."""

    graph: Any
    """rdflib.Graph"""
    language: str
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def texts(self, subject: Any, predicates: Iterable[Any]) -> list[str]:
        """Literals of some predicates in their order: of the language, else without one, else of any; sorted within."""
        found: list[str] = []
        for predicate in predicates:
            literals = [value for value in self.graph.objects(subject, predicate) if hasattr(value, "language")]
            ranks = {self._rank(value.language) for value in literals}
            best = min(ranks, default=0)
            kept = [value for value in literals if self._rank(value.language) <= max(best, 1)]
            texts = {" ".join(str(value).split()): self._rank(value.language) for value in kept}
            found += [text for text, _ in sorted(texts.items(), key=lambda item: (item[1], item[0])) if text]
        return list(dict.fromkeys(found))

    def _rank(self, language: str | None) -> int:
        """0 the user's language, 1 none, 2 another."""
        if not language:
            return 1
        return 0 if language.lower().split("-")[0] == self.language else 2

    def own(self, subject: Any, name: str) -> str | None:
        """Value of one of our own annotations."""
        value = self.graph.value(subject, _uri(KG + name))
        return None if value is None else str(value)

    def names(self, subject: Any) -> list[str]:
        """Everything that a thing is called, the preferred name first."""
        return self.texts(subject, map(_uri, _NAMES))

    def description(self, subject: Any) -> str:
        """The first of its descriptions."""
        return next(iter(self.texts(subject, map(_uri, _DESCRIPTIONS))), "")

    def label(self, subject: Any, make: Callable[[str], str]) -> str:
        """Label of a class or property: our own annotation, else the speaking local name, else its name; "" where
        nothing is left of it.
        """
        if own := self.own(subject, "label"):
            return own
        name = local(subject)
        if _OPAQUE.fullmatch(name):
            name = next(iter(self.names(subject)), name)
        return make(name)

    def synonyms(self, subject: Any, label: str) -> tuple[str, ...]:
        """Names that the label does not say anyway, sorted."""
        seen = {normal(words(label))}
        found = []
        for name in self.names(subject):
            if normal(name) and normal(name) not in seen:
                seen.add(normal(name))
                found.append(name)
        return tuple(sorted(found))


_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_NAMES: Final = (
    f"{_SKOS}prefLabel", f"{_RDFS}label", f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel", f"{OBO}hasExactSynonym",
    *(f"{base}{name}" for base in SCHEMA_ORG for name in ("name", "alternateName")),
    "http://purl.org/dc/terms/title", "http://purl.org/dc/elements/1.1/title", "http://xmlns.com/foaf/0.1/name",
)  # fmt: skip
_DESCRIPTIONS: Final = (
    f"{_SKOS}definition", f"{_RDFS}comment", "http://purl.org/dc/terms/description",
    "http://purl.obolibrary.org/obo/IAO_0000115", *(f"{base}description" for base in SCHEMA_ORG),
)  # fmt: skip


def local(subject: Any) -> str:
    """The part of an IRI behind `#`, `/` or `:`."""
    return unquote(re.split(r"[#/:]", str(subject).rstrip("#/"))[-1])


def _uri(text: str) -> Any:
    from rdflib import URIRef

    return URIRef(text)
