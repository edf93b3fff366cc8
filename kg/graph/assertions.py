"""Facts as Assertion nodes, with what they rest on and who states them."""

from __future__ import annotations

import re
from typing import Final

from kg.graph.collect import Collector
from kg.graph.grid import CellIds, column_id, row_id
from kg.graph.ids import digest
from kg.graph.lookup import Lookup
from kg.values.name import normal
from kg.values.period import day_of
from schemas.errors import GraphError
from schemas.fact import Fact, Facts, Support


def add_facts(out: Collector, facts: Facts, lookup: Lookup, cells: CellIds) -> None:
    """Add the facts of one document.

    Raises:
        GraphError: a fact rests on an element or a cell that does not exist: its extractor is wrong.
    """
    subjects: dict[str, dict[str | None, None]] = {}
    own = _own_names(facts.document, lookup)
    for fact in (_unsaid(fact, own) for fact in facts.facts if fact.id not in lookup.dropped):
        subject = lookup.subject(fact.document, fact.subject)
        targets = [(support, _target(out, fact, support, cells)) for support in fact.supports]
        if not targets:
            raise GraphError(f"document {fact.document}: fact {fact.id} rests on nothing")
        values = [pair for pair in targets if pair[0].role == "value"] or targets[:1]
        id_ = assertion_id(fact, [support for support, _ in values])
        lookup.assertions[fact.id] = id_
        if id_ in out.label_of:
            continue  # two extractors found the same fact in the same place: the earlier one has it
        properties = _properties(out, fact, subject, lookup, values[0])
        out.node("Assertion", id_, properties, extractor=fact.extractor, confidence=fact.confidence)
        object_ = _object(fact, subject, lookup)
        for kind, entity in (("SUBJECT", subject), ("OBJECT", object_)):
            if entity:
                out.edge(kind, id_, entity, extractor=fact.extractor, confidence=fact.confidence)
        _add_supports(out, fact, id_, targets)
        for support, _ in values:
            _add_states(out, fact, id_, support)
            subjects.setdefault(support.element, {})[subject] = None
    for element, found in subjects.items():
        only = next(iter(found))
        if len(found) == 1 and only is not None and out.label_of[element] == "Table":
            out.edge("ABOUT", element, only)


NAMELESS: Final = frozenset({"term", "thing", ""})
"""Kinds that say nothing: a text that equals such a name is not taken for the entity."""


def _object(fact: Fact, subject: str | None, lookup: Lookup) -> str | None:
    """Entity that a value is: what the extractor calls one, or a text that is the whole name of one typed entity.

    A moon's `planet` is `Saturn`, which another table has rows about: without this edge the two never join.
    """
    if fact.value.kind == "entity":
        return lookup.only(fact.value.text)
    if fact.value.kind != "text" or fact.shape not in ("entities", "results", "form"):
        return None
    found = lookup.only(fact.value.text)
    named = found is not None and lookup.entities[found].kind not in NAMELESS
    return found if named and found != subject else None


def _own_names(document: str, lookup: Lookup) -> frozenset[str]:
    """Names of what a document is about, in normal form."""
    entity = lookup.entities.get(lookup.document_subject(document) or "")
    return frozenset(normal(name) for name in (entity.name, *entity.aliases)) if entity else frozenset()


def _unsaid(fact: Fact, own: frozenset[str]) -> Fact:
    """A fact without the condition that it holds for what its document is about: the scope says that.

    `for Arabic on M-RewardBench` in the M-RewardBench paper -> `for Arabic`.
    """
    given = fact.qualifiers
    kept = tuple((axis, member) for axis, member in given.conditions if axis or normal(member) not in own)
    if len(kept) == len(given.conditions):
        return fact
    names = "|".join(re.escape(member) for axis, member in given.conditions if (axis, member) not in kept)
    text = " ".join(re.sub(rf"\bon (?:the )?(?:{names})(?!\w)", "", given.condition_text or "").split())
    bare = given.model_copy(update={"conditions": kept, "condition_text": text or None})
    return fact.model_copy(update={"qualifiers": bare})


def assertion_id(fact: Fact, values: list[Support]) -> str:
    """Id from what the document alone says: other documents, which may merge entities, do not change it."""
    places = [f"{s.element}:{s.row}:{s.col}:{s.span}" for s in values]
    subject = (fact.subject.kind, normal(fact.subject.name or ""))
    return digest("assertion", fact.document, *subject, *_qualified(fact), fact.value.text, *places)


def fact_key(fact: Fact, subject: str | None, scope: str) -> str:
    """The key that facts about the same thing share: (subject, quantity, qualifiers, scope) in normal form.

    Args:
        fact: the fact.
        subject: entity id; None where the subject's name is not resolved: then the name stands for it.
        scope: what must be said beside, see `kg.graph.model`.
    """
    whom = subject or f"{fact.subject.kind}|{normal(fact.subject.name or fact.document)}"
    return digest("fact", whom, *_qualified(fact), normal(scope))


def condition(fact: Fact) -> str | None:
    """Sorted `axis=member` pairs joined by `; `; the member alone where the table does not name the axis."""
    pairs = sorted(fact.qualifiers.conditions)
    return "; ".join(f"{axis}={member}" if axis else member for axis, member in pairs) or None


def _qualified(fact: Fact) -> tuple[str, str, str]:
    pairs = sorted((normal(axis), normal(member)) for axis, member in fact.qualifiers.conditions)
    conditions = ";".join(f"{axis}={member}" for axis, member in pairs)
    return normal(fact.quantity), fact.qualifiers.period or "", conditions


def _target(out: Collector, fact: Fact, support: Support, cells: CellIds) -> str:
    if support.row is None or support.col is None:
        found = support.element if support.element in out.label_of else None
    else:
        found = cells.get((support.element, support.row, support.col))
    if found is None:
        where = support.element if support.row is None else f"cell {support.row}, {support.col} of {support.element}"
        raise GraphError(f"document {fact.document}: fact {fact.id} ({fact.extractor}) rests on {where}: not there")
    return found


def _properties(
    out: Collector, fact: Fact, subject: str | None, lookup: Lookup, value: tuple[Support, str]
) -> dict[str, object]:
    view, entity = lookup.view(fact.document), lookup.entities.get(subject or "")
    own = subject is not None and subject == lookup.document_subject(fact.document)
    scope = "" if own or view is None else view.reference
    support, target = value
    place = out.nodes[out.label_of[target]][target]
    number = fact.value.number
    return {
        "document": fact.document,
        "element": support.element,
        "fact_key": fact_key(fact, subject, scope),
        "shape": fact.shape,
        "subject": entity.name if entity else fact.subject.name,
        "subject_kind": entity.kind if entity else fact.subject.kind,
        "quantity": fact.quantity,
        "period": fact.qualifiers.period,
        "period_text": fact.qualifiers.period_text,
        "period_day": day_of(fact.qualifiers.period),
        "condition": condition(fact),
        "condition_text": fact.qualifiers.condition_text,
        "scope": scope,
        "kind": fact.value.kind,
        "text": fact.value.text,
        "number": None if number is None else float(number),
        "exact": None if number is None else format(number, "f"),
        "unit": fact.value.unit,
        "scale": fact.value.scale,
        "decimals": fact.value.decimals,
        "date": fact.value.date,
        "role": fact.role,
        "additive": fact.additive,
        "better": fact.better,
        "group": fact.group,
        "set": fact.set,
        "row": support.row,
        "col": support.col,
        "page": place.get("page"),
        **({"property": lookup.property(fact.id)} if lookup.overlay.constraint else {}),
    }


def _add_supports(out: Collector, fact: Fact, id_: str, targets: list[tuple[Support, str]]) -> None:
    for position, (support, target) in enumerate(targets):
        start, end = support.span or (None, None)
        properties = {"role": support.role, "position": position, "span_start": start, "span_end": end}
        twin = f"{support.role}:{support.span}"
        out.edge("SUPPORTED_BY", id_, target, properties, extractor=fact.extractor, twin=twin)


def _add_states(out: Collector, fact: Fact, id_: str, support: Support) -> None:
    out.edge("STATES", fact.document, id_)
    if out.allows("STATES", support.element, id_):
        out.edge("STATES", support.element, id_)
    if support.row is not None and support.col is not None:
        # The position that the fact names, not all that a merged cell covers: each column's fact is its own.
        out.edge("STATES", row_id(support.element, support.row), id_)
        out.edge("STATES", column_id(support.element, support.col), id_)
