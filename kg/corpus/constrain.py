"""The overlay within the bounds of the user's schema: typed entities, relations between them, and what was pruned.

An entity is pruned that has no node type (unless `additional_node_types`) or lacks a required property; a fact, whose
subject is pruned, or whose quantity is no property of its subject's type (unless `additional_properties`), or whose
value has another type or dimension; a relation, that no pattern allows. Elements (chunks, tables, cells) always stay:
the schema is about what documents say, not about documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.corpus.fits import misfit
from kg.corpus.names import UNTYPED
from kg.corpus.relations import SHAPES, Known, Link, links, said
from kg.corpus.resolve import Fragment
from kg.corpus.typing import Typing
from kg.values.name import normal
from schemas.fact import Fact, Facts
from schemas.ontology import Constraint, PropertyType, Pruned, Relation
from schemas.overlay import Overlay, ResolvedEntity
from schemas.reject import Rejected


@dataclass(slots=True)
class _Found:
    """What accumulates over the facts of a corpus."""

    known: Known
    typing: Typing
    links: list[Link] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    """Fact id -> property."""
    dropped: dict[str, None] = field(default_factory=dict)
    values: dict[tuple[str, str], dict[str, dict[str, None]]] = field(default_factory=dict)
    """(type, property) -> entity -> normal forms of the values."""
    unrelated: dict[str, None] = field(default_factory=dict)
    """Facts whose quantity names a relation that is pruned: the reason is given there."""
    pruned: list[Pruned] = field(default_factory=list)

    def prune(self, fact: Fact, what: str, check: str, reason: str) -> None:
        name = f"{fact.quantity} of {_whom(fact, self.known)}: {fact.value.text}"
        self.pruned.append(
            Pruned.model_validate(
                {"element": fact.id, "what": what, "name": name, "check": check, "reason": reason}
                | {"document": fact.document}
            )
        )


def constrain(overlay: Overlay, fragments: Sequence[Fragment], typing: Typing, *, before: frozenset[str]) -> Overlay:
    """Keep what the schema allows.

    Args:
        overlay: of the whole corpus, with typed entities.
        fragments: the same that it was built from.
        typing: the schema.
        before: ids of entities that are there without relations; the others are ends of relations and go with them.
    """
    found = _Found(Known(overlay), typing)
    for _, facts in fragments:
        _read(facts, found)
    gone = _without_type(overlay.entities, found) | _incomplete(overlay.entities, found)
    relations = _relations(found, gone)
    _drop_with(fragments, found, gone, frozenset(id_ for relation in relations for id_ in relation.facts))
    joined = {end for relation in relations for end in (relation.source, relation.target)}
    gone |= {entity.id for entity in overlay.entities} - before - joined
    kept = tuple(entity for entity in overlay.entities if entity.id not in gone)
    ids = frozenset(entity.id for entity in kept)
    twins = [*overlay.same_as, *_twins(found, ids)]
    return overlay.model_copy(
        update={
            "entities": kept,
            "resolution": {key: entity for key, entity in overlay.resolution.items() if entity in ids},
            "documents": tuple(
                view if view.subject in ids or view.subject is None else view.model_copy(update={"subject": None})
                for view in overlay.documents
            ),
            "same_as": tuple(sorted({row for row in twins if row[0] in ids and row[1] in ids})),
            "constraint": Constraint(
                relations=relations,
                dropped=tuple(sorted(found.dropped)),
                properties={id_: name for id_, name in sorted(found.properties.items()) if id_ not in found.dropped},
                pruned=tuple(sorted(found.pruned, key=lambda row: (row.what, row.check, row.name, row.element))),
            ),
        }
    )


def rejected(overlay: Overlay) -> tuple[Rejected, ...]:
    """What the schema pruned, as reject rows; none without a schema."""
    rows = overlay.constraint.pruned if overlay.constraint else ()
    return tuple(
        Rejected(
            item=row.name,
            stage="schema",
            check=row.check,
            reason=row.reason,
            document=row.document,
            details={"element": row.element, "what": row.what},
        )
        for row in rows
    )


def summary(pruned: Iterable[Pruned]) -> list[tuple[str, str, str, int, str]]:
    """(what, check, reason, how many, one example), the most frequent first: the pruned list at a glance."""
    counts: Counter[tuple[str, str, str]] = Counter()
    example: dict[tuple[str, str, str], str] = {}
    for row in pruned:
        key = (row.what, row.check, row.reason)
        counts[key] += 1
        example.setdefault(key, row.name)
    return [(*key, n, example[key]) for key, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _whom(fact: Fact, known: Known) -> str:
    entity = known.lookup.entities.get(known.lookup.subject(fact.document, fact.subject) or "")
    return entity.name if entity else fact.subject.name or f"a {fact.subject.kind}"


def _read(facts: Facts, found: _Found) -> None:
    """Links and properties of the facts of one document."""
    found.links += links(facts, found.known, found.typing)
    event = facts.subject_facts.get("event", "").split()
    for fact in facts.facts:
        subject = found.known.lookup.subject(fact.document, fact.subject)
        type_ = found.known.type_of(subject) if subject else found.typing.type_of(fact.subject.kind)
        if type_ is None:
            continue
        phrases = said(fact.quantity, event[-1] if event else None)
        property_ = found.typing.vocabulary.property_of(type_, phrases)
        if property_ is None:
            continue
        if reason := misfit(fact.value, property_):
            found.dropped[fact.id] = None
            found.prune(fact, "property", reason[0], f"{type_}.{property_.name} {reason[1]}")
            continue
        found.properties[fact.id] = property_.name
        if subject:
            values = found.values.setdefault((type_, property_.name), {})
            values.setdefault(subject, {})[normal(fact.value.text)] = None


def _without_type(entities: Iterable[ResolvedEntity], found: _Found) -> frozenset[str]:
    """Entities of no declared type, where the schema wants one."""
    if found.typing.schema.additional_node_types:
        return frozenset()
    gone = [entity for entity in entities if entity.type is None]
    for entity in gone:
        said_ = "of no known type" if entity.kind in UNTYPED else f"no node type is called {entity.kind!r}"
        found.pruned.append(Pruned(element=entity.id, what="entity", name=entity.name, check="node_type", reason=said_))
    return frozenset(entity.id for entity in gone)


def _incomplete(entities: Iterable[ResolvedEntity], found: _Found) -> frozenset[str]:
    """Entities without a property that their type requires. Everything has a name."""
    gone = []
    for entity in entities:
        missing = [
            p for p in _required(entity, found) if entity.id not in found.values.get((entity.type or "", p.name), {})
        ]
        if missing:
            names = ", ".join(property_.name for property_ in missing)
            reason = f"{entity.type} requires {names}, and no document gives it"
            gone.append(entity.id)
            found.pruned.append(
                Pruned(element=entity.id, what="entity", name=entity.name, check="required", reason=reason)
            )
    return frozenset(gone)


def _required(entity: ResolvedEntity, found: _Found) -> list[PropertyType]:
    type_ = found.typing.vocabulary.types.get(entity.type or "")
    return [p for p in type_.properties if p.required and p.name != "name"] if type_ else []


def _relations(found: _Found, gone: frozenset[str]) -> tuple[Relation, ...]:
    """One relation per type, ends and declared properties, with all facts that state it."""
    stated: defaultdict[tuple[str, str, str, tuple[tuple[str, str], ...]], list[Link]] = defaultdict(list)
    for link in found.links:
        if link.subject in gone or link.fact.id in found.dropped:
            continue
        other = found.known.only(link.name, link.type) if not link.check else None
        check, reason = link.check, link.reason
        if not check:
            check, reason = _refused(link, other, gone, found)
        if check or other is None:
            found.prune(link.fact, "relation", check, reason)
            if link.of_value:
                found.unrelated[link.fact.id] = None
            continue
        source, target = (link.subject, other) if link.forward else (other, link.subject)
        stated[link.relation, source, target, _given(link, found)].append(link)
        if link.of_value:
            found.properties[link.fact.id] = link.relation
    relations = []
    for (type_, source, target, properties), of in sorted(stated.items(), key=lambda item: item[0]):
        first = min(of, key=lambda link: (link.fact.document, link.fact.id))
        relations.append(
            Relation(
                type=type_,
                source=source,
                target=target,
                text=first.name,
                document=first.fact.document,
                facts=tuple(sorted({link.fact.id for link in of})),
                confidence=max(link.fact.confidence for link in of),
                properties=properties,
            )
        )
    return tuple(relations)


def _refused(link: Link, other: str | None, gone: frozenset[str], found: _Found) -> tuple[str, str]:
    """Why a relation with this other end is pruned; ("", "") where it is allowed."""
    if other is None:
        types = found.known.types(link.name)
        said_ = (
            f"{link.name!r} is a {types[0]}, not a {link.type}"
            if types and link.type
            else f"nothing is called {link.name!r}"
        )
        return ("pattern" if types else "no_entity"), f"{link.relation}: {said_}"
    if other in gone:
        return "no_entity", f"{link.relation}: {link.name!r} is pruned"
    if other == link.subject:
        return "itself", f"{link.relation} would lead from {link.name!r} to itself"
    return "", ""


def _given(link: Link, found: _Found) -> tuple[tuple[str, str], ...]:
    """Declared properties of the relation that the fact's conditions and period give, in the schema's order."""
    qualifiers, given = link.fact.qualifiers, []
    for property_ in found.typing.vocabulary.relations[link.relation].properties:
        names = {normal(name.replace("_", " ")) for name in (property_.name, *property_.synonyms)}
        member = next((member for axis, member in qualifiers.conditions if normal(axis) in names), None)
        if member is None and (names & {"period", "year", "date"} or property_.type == "DATE"):
            member = qualifiers.period
        if member is not None:
            given.append((property_.name, member))
    return tuple(given)


def _drop_with(fragments: Sequence[Fragment], found: _Found, gone: frozenset[str], related: frozenset[str]) -> None:
    """Facts that go with their subject, and facts of quantities that the subject's type does not have."""
    lost: Counter[str] = Counter()
    for _, facts in fragments:
        for fact in facts.facts:
            if fact.id in found.dropped or fact.id in related:
                continue
            subject = found.known.lookup.subject(fact.document, fact.subject)
            if subject in gone:
                found.dropped[fact.id] = None
                lost[subject or ""] += 1
            elif reason := _unwanted(fact, subject, found):
                found.dropped[fact.id] = None
                if fact.id not in found.unrelated:
                    found.prune(fact, "fact", *reason)
    found.pruned = [
        row.model_copy(update={"reason": f"{row.reason}; {_facts(lost[row.element])} with it"})
        if lost[row.element]
        else row
        for row in found.pruned
    ]


def _facts(count: int) -> str:
    return "a fact goes" if count == 1 else f"{count} facts go"


def _unwanted(fact: Fact, subject: str | None, found: _Found) -> tuple[str, str] | None:
    """Why a fact whose subject stays is pruned."""
    type_ = found.known.type_of(subject) if subject else found.typing.type_of(fact.subject.kind)
    if type_ is None:
        if subject is not None or found.typing.schema.additional_node_types:
            return None
        return "node_type", f"no node type is called {fact.subject.kind!r}"
    if fact.shape not in SHAPES or fact.id in found.properties:
        return None
    if found.typing.vocabulary.types[type_].additional_properties:
        return None
    near = found.typing.vocabulary.near_property(type_, fact.quantity)
    return "property", f"{type_} has no property {fact.quantity!r}" + (f"; the nearest is {near}" if near else "")


def _twins(found: _Found, kept: frozenset[str]) -> list[tuple[str, str, str]]:
    """Pairs of entities that share the value of a unique property: they may be one."""
    rows = []
    for (type_, name), values in sorted(found.values.items()):
        property_ = found.typing.vocabulary.property_of(type_, [name])
        if property_ is None or not property_.unique:
            continue
        by_value: defaultdict[str, list[str]] = defaultdict(list)
        for entity, given in sorted(values.items()):
            for value in given if entity in kept else ():
                by_value[value].append(entity)
        for value, same in sorted(by_value.items()):
            for one, other in pairwise(same):
                evidence = f"both have the {name} {value}"
                rows.append((min(one, other), max(one, other), evidence))
                names = " and ".join(found.known.lookup.entities[e].name for e in (one, other))
                reason = f"{type_}.{name} is unique, and {evidence}: kept, as a possible pair"
                found.pruned.append(Pruned(element=one, what="property", name=names, check="unique", reason=reason))
    return rows
