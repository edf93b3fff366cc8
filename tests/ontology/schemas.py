"""Schemas drawn at random that break no rule."""

from __future__ import annotations

from hypothesis import strategies as st

from kg.ontology.nouns import words
from kg.ontology.rules import OWN_PROPERTIES, RESERVED
from kg.ontology.vocabulary import relation_words
from kg.values import unit as units
from kg.values.name import normal
from schemas.ontology import VALUE_TYPES, Instance, NodeType, PropertyType, RelationshipType, Schema

LABEL = st.from_regex(r"[A-ZÄÉ中][A-Za-zé_\d]{0,9}", fullmatch=True)
TEXT = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), include_characters="äß中—\"'\\#:{}[]<>&,%|"),
    min_size=1,
    max_size=14,
).map(lambda text: " ".join(text.split()))
PHRASE = TEXT.filter(normal)


def distinct(strategy, key, **size):
    return st.lists(strategy, unique_by=key, **size)


def named(draw, seen, **size):
    """Phrases whose normal form was not seen yet."""
    rows = [row for row in draw(st.lists(PHRASE, max_size=3, **size)) if normal(row) not in seen]
    kept = []
    for row in rows:
        if normal(row) not in seen:
            seen.add(normal(row))
            kept.append(row)
    return tuple(kept)


@st.composite
def properties(draw, *, relation=False):
    seen, rows = set(), []
    for name in draw(distinct(LABEL, lambda n: normal(words(n)), max_size=3)):
        if name in OWN_PROPERTIES or normal(words(name)) in seen or not normal(words(name)):
            continue
        seen.add(normal(words(name)))
        type_ = draw(st.sampled_from(VALUE_TYPES))
        amounts = type_ in ("FLOAT", "INTEGER", "DURATION", "LIST")
        rows.append((name, type_, draw(st.none() | st.sampled_from(sorted(units.UNITS))) if amounts else None))
    return tuple(
        PropertyType(
            name=name,
            type=type_,
            unit=unit,
            description=draw(st.just("") | TEXT),
            required=draw(st.booleans()) and not relation,
            unique=draw(st.booleans()) and not relation,
            synonyms=named(draw, seen),
        )
        for name, type_, unit in rows
    )


@st.composite
def node_types(draw, label, seen):
    own = set()
    instances = []
    for name in named(draw, own):
        instances.append((name, named(draw, own)))
    props = draw(properties())
    row = {
        "label": label,
        "description": draw(st.just("") | TEXT),
        "synonyms": named(draw, seen),
        "instances": tuple(Instance(name=name, synonyms=rest) for name, rest in instances),
        "properties": props,
    }
    return NodeType(**row, **draw(maybe("additional_properties")))


@st.composite
def schemas(draw):
    labels = draw(distinct(LABEL, lambda n: normal(words(n)), max_size=4))
    labels = [label for label in labels if normal(words(label))]
    seen = {normal(words(label)) for label in labels}
    nodes = tuple(draw(node_types(label, seen)) for label in labels)
    names = draw(distinct(LABEL.map(str.upper), relation_words, max_size=3))
    relations = tuple(
        RelationshipType(
            label=name,
            description=draw(st.just("") | TEXT),
            synonyms=named(draw, {*relation_words(name)}),
            properties=draw(properties(relation=True)),
            **draw(maybe("additional_properties")),
        )
        for name in names
        if name not in RESERVED and name not in labels
    )
    every = [(a, r.label, b) for a in labels for r in relations for b in labels]
    patterns = tuple(draw(st.lists(st.sampled_from(every), unique=True, max_size=6))) if every else ()
    flags = (
        draw(maybe("additional_node_types"))
        | draw(maybe("additional_relationship_types"))
        | draw(maybe("additional_patterns"))
    )
    schema = Schema(node_types=nodes, relationship_types=relations, patterns=patterns, **flags)
    if not schema.additional_patterns and schema.additional_relationship_types:
        return Schema(**{**dict(schema), "additional_patterns": True})
    return schema


def maybe(key):
    return st.just({}) | st.booleans().map(lambda value: {key: value})


def arranged(schema):
    """The same schema in one order: RDF knows none."""

    def prop(row):
        return row.model_copy(update={"synonyms": tuple(sorted(row.synonyms))})

    def instance(row):
        return row.model_copy(update={"synonyms": tuple(sorted(row.synonyms))})

    def typed(row):
        update = {
            "synonyms": tuple(sorted(row.synonyms)),
            "properties": tuple(sorted(map(prop, row.properties), key=lambda p: p.name)),
        }
        if isinstance(row, NodeType):
            update["instances"] = tuple(sorted(map(instance, row.instances), key=lambda i: i.name))
        return row.model_copy(update=update)

    return schema.model_copy(
        update={
            "node_types": tuple(sorted(map(typed, schema.node_types), key=lambda r: r.label)),
            "relationship_types": tuple(sorted(map(typed, schema.relationship_types), key=lambda r: r.label)),
            "patterns": tuple(sorted(schema.patterns)),
        }
    )
