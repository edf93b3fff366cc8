"""Extractors: from the elements of one document to facts, structure and mentions.

An extractor sees the elements and what earlier extractors found in the same document, and returns what it adds. The
shipped ones run in the order of `ORDER`; third parties add theirs through the entry point group `kgmine.extractors`
(name -> a callable without arguments that gives an Extractor) and run behind them, sorted by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final, Protocol

from schemas.element import Elements
from schemas.fact import Fact, Facts
from schemas.ontology import Term

ORDER: Final = (
    ("structure", "extraction.extractors.structure", "StructureExtractor"),
    ("tables", "extraction.extractors.tables", "TablesExtractor"),
    ("forms", "extraction.extractors.forms", "FormsExtractor"),
    ("formulas", "extraction.extractors.formulas", "FormulasExtractor"),
    ("terms", "extraction.extractors.terms", "TermsExtractor"),
    ("sentences", "extraction.extractors.sentences", "SentencesExtractor"),
)
"""(name, module, class) in the order they run: each may read what those before it found."""

GROUP: Final = "kgmine.extractors"


class Extractor(Protocol):
    """One way to find facts in a document. `name` and `version` name its output; a changed rule is a new version."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    def extract(self, elements: Elements, earlier: Facts) -> Facts:
        """What this extractor adds; `extractors`, `document` of the result are ignored by `merge`."""
        ...


@cache
def registered() -> tuple[tuple[str, Callable[[], Extractor]], ...]:
    """(name, factory) of every extractor, in the order they run."""
    shipped = tuple((name, _shipped(module, attribute)) for name, module, attribute in ORDER)
    others = tuple((point.name, point.load()) for point in sorted(entry_points(group=GROUP), key=lambda p: p.name))
    return shipped + others


def _shipped(module: str, attribute: str) -> Callable[[], Extractor]:
    def make() -> Extractor:
        extractor: Extractor = getattr(import_module(module), attribute)()
        return extractor

    return make


def default_extractors(names: Sequence[str] | None = None, *, gazetteer: Sequence[Term] = ()) -> tuple[Extractor, ...]:
    """All extractors, or those named, always in the registry's order.

    Args:
        names: of extractors; None: all.
        gazetteer: names that the user's schema lists; one more extractor looks for them, the last.

    Raises:
        KeyError: a name is not registered.
    """
    known = dict(registered())
    for name in names or ():
        if name not in known:
            raise KeyError(f"no extractor {name!r}; there are: {', '.join(known)}")
    chosen = tuple(make() for name, make in registered() if names is None or name in names)
    return (*chosen, _gazetteer(tuple(gazetteer))) if gazetteer else chosen


@cache
def _gazetteer(terms: tuple[Term, ...]) -> Extractor:
    """One per list of names and process: its index is made once."""
    from extraction.extractors.gazetteer import GazetteerExtractor

    return GazetteerExtractor(terms=terms)


def fingerprint(extractors: Sequence[Extractor]) -> tuple[str, ...]:
    """`name/version` of each, in order: part of the key of a fragment's facts."""
    return tuple(f"{e.name}/{e.version}" for e in extractors)


def merge(earlier: Facts, added: Facts, signature: str) -> Facts:
    """Two results in one. The first extractor that names a subject wins; a table has one structure, the latest."""
    replaced = {s.element for s in added.structures}
    return Facts(
        document=earlier.document,
        extractors=(*earlier.extractors, signature),
        structures=(*(s for s in earlier.structures if s.element not in replaced), *added.structures),
        facts=_first_by_id(earlier, added),
        mentions=(*earlier.mentions, *added.mentions),
        symbols=(*earlier.symbols, *added.symbols),
        formulas=(*earlier.formulas, *added.formulas),
        subject=earlier.subject or added.subject,
        subject_facts={**added.subject_facts, **earlier.subject_facts},
        rejected=(*earlier.rejected, *added.rejected),
    )


def _first_by_id(earlier: Facts, added: Facts) -> tuple[Fact, ...]:
    facts = {fact.id: fact for fact in (*added.facts, *earlier.facts)}
    order = dict.fromkeys(fact.id for fact in (*earlier.facts, *added.facts))
    return tuple(facts[i] for i in order)


def extract_all(
    elements: Elements, extractors: Sequence[Extractor] | None = None, *, gazetteer: Sequence[Term] = ()
) -> Facts:
    """Runs the extractors (default: all registered) over one document, each seeing what those before it found.

    Args:
        elements: of the document.
        extractors: which; None: all.
        gazetteer: names that the user's schema lists, for the default extractors.
    """
    facts = Facts(document=elements.document.id, extractors=())
    for extractor in extractors if extractors is not None else default_extractors(gazetteer=gazetteer):
        facts = merge(facts, extractor.extract(elements, facts), f"{extractor.name}/{extractor.version}")
    return facts
