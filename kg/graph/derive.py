"""A schema of what a graph holds: a first draft for the user, or the schema of a graph that was imported.

Of a graph that kgmine extracted: kinds of entities become node types, the quantities that facts give for them become
properties, and facts whose value is another entity become relationship types. Of a user's own graph: labels,
relationship types and properties as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow.compute as pc

from kg.graph import model
from kg.graph.tables import Tables
from kg.graph.tables import properties as columns
from kg.ontology.nouns import node_label, property_name, relationship_label, words
from kg.ontology.rules import RESERVED
from kg.values.name import normal
from schemas.ontology import NodeType, PropertyType, RelationshipType, Schema

LEAST: Final = 3
"""Entities of a kind, or facts of a quantity, that are worth a declaration."""
_TYPES: Final = {"string": "STRING", "int64": "INTEGER", "float64": "FLOAT", "bool": "BOOLEAN"}
_KINDS: Final = {"number": "FLOAT", "date": "DATE", "boolean": "BOOLEAN"}
_NAMELESS: Final = frozenset({"term", "thing", "acronym", ""})


def derive(tables: Tables, *, least: int = LEAST) -> Schema:
    """A schema under which everything frequent in the graph is allowed, and nothing else is pruned.

    Args:
        tables: the graph.
        least: how many times a kind or a quantity must occur to be declared; labels of a user's own graph always are.
    """
    return _of_facts(tables, least) if tables.roles.house else _of_labels(tables)


def _of_labels(tables: Tables) -> Schema:
    nodes = [
        NodeType(label=label, properties=tuple(_column(table, name, kind) for name, kind in columns(table).items()))
        for label, table in tables.nodes.items()
        if table.num_rows
    ]
    kinds: dict[str, dict[str, PropertyType]] = {}
    patterns = []
    for (kind, source, target), table in tables.edges.items():
        if table.num_rows:
            own = kinds.setdefault(kind, {})
            own.update({name: PropertyType(name=name, type=_value_type(t)) for name, t in columns(table).items()})
            patterns.append((source, kind, target))
    relations = [RelationshipType(label=kind, properties=tuple(own.values())) for kind, own in kinds.items()]
    return Schema(node_types=tuple(nodes), relationship_types=tuple(relations), patterns=tuple(patterns))


def _value_type(kind: str) -> Any:
    return _TYPES.get(kind, "LIST")


def _column(table: Any, name: str, kind: str) -> PropertyType:
    """Required where no row lacks it; unique where no two rows share it."""
    column = table[name]
    whole = column.null_count == 0
    plain = not kind.startswith("list<")
    unique = (
        plain
        and kind != "bool"
        and table.num_rows > 1
        and whole
        and pc.count_distinct(column).as_py() == table.num_rows
    )
    return PropertyType(name=name, type=_value_type(kind), required=whole, unique=unique)


def _of_facts(tables: Tables, least: int) -> Schema:
    entities = tables.nodes["Entity"]
    kind_of = dict(zip(entities["id"].to_pylist(), entities["kind"].to_pylist(), strict=True))
    subject_of, object_of = _ends(tables, "SUBJECT"), _ends(tables, "OBJECT")
    labels = _labels(kind_of.values(), least)
    given: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    joined: Counter[tuple[str, str, str]] = Counter()
    wanted = tables.nodes["Assertion"].select(["id", "quantity", "kind", "unit", "shape"])
    for fact in wanted.to_pylist():
        source = labels.get(kind_of.get(subject_of.get(fact["id"], ""), ""))
        if source is None or fact["shape"] in ("reason", "definition", "formula"):
            continue
        target = labels.get(kind_of.get(object_of.get(fact["id"], ""), ""))
        relation = relationship_label(fact["quantity"])
        if target is not None and relation:
            joined[source, f"{relation}_RELATION" if relation in RESERVED else relation, target] += 1
        else:
            given[source, fact["quantity"]].append(fact)
    patterns = tuple(sorted(pattern for pattern, count in joined.items() if count >= least))
    named = {(row.label, name): row for row, name in _relation_names(patterns)}
    kinds = sorted(set(labels.values()))
    return Schema(
        node_types=tuple(
            NodeType(
                label=label,
                synonyms=_synonyms(label, labels),
                properties=_properties(label, given, least),
                additional_properties=True,
            )
            for label in kinds
        ),
        relationship_types=tuple(named[key] for key in sorted(named)),
        patterns=patterns,
        additional_node_types=True,
    )


def _ends(tables: Tables, kind: str) -> dict[str, str]:
    table = tables.edges.get((kind, "Assertion", "Entity"))
    if table is None:
        return {}
    return dict(zip(table[model.START].to_pylist(), table[model.END].to_pylist(), strict=True))


def _labels(kinds: Iterable[str], least: int) -> dict[str, str]:
    """Kind -> label, of the kinds that are frequent enough."""
    counts = Counter(kind for kind in kinds if kind not in _NAMELESS)
    found = {kind: node_label(kind) for kind, count in sorted(counts.items()) if count >= least}
    return {kind: label for kind, label in found.items() if label}


def _synonyms(label: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    same = {kind for kind, other in labels.items() if other == label and normal(kind) != normal(words(label))}
    return tuple(sorted(same))


def _properties(
    label: str, given: Mapping[tuple[str, str], list[Mapping[str, Any]]], least: int
) -> tuple[PropertyType, ...]:
    rows: dict[str, PropertyType] = {}
    for (owner, quantity), facts in sorted(given.items()):
        name = property_name(quantity)
        if owner != label or len(facts) < least or not name:
            continue
        kinds, units = {fact["kind"] for fact in facts}, {fact["unit"] for fact in facts}
        type_ = _KINDS.get(next(iter(kinds)), "STRING") if len(kinds) == 1 else "STRING"
        unit = next(iter(units)) if len(units) == 1 and type_ == "FLOAT" else None
        spelled = () if normal(words(name)) == normal(quantity) else (quantity,)
        rows.setdefault(
            name, PropertyType.model_validate({"name": name, "type": type_, "unit": unit, "synonyms": spelled})
        )
    return tuple(rows.values())


def _relation_names(patterns: Iterable[tuple[str, str, str]]) -> Iterable[tuple[RelationshipType, str]]:
    for _, relation, _ in patterns:
        synonyms = (words(relation.removesuffix("_RELATION")),) if relation.endswith("_RELATION") else ()
        yield RelationshipType(label=relation, synonyms=synonyms), relation
