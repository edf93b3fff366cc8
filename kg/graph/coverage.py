"""How often a graph holds what a schema declares: what stands at 0 is spelled otherwise in the documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from kg.graph.tables import Tables
from schemas.ontology import Schema


@dataclass(frozen=True, slots=True)
class Coverage:
    """One declared thing and how many of it there are."""

    what: Literal["node type", "property", "relationship type", "pattern"]
    name: str
    """`Aircraft`, `Aircraft.registration`, `OPERATED_BY`, `Aircraft OPERATED_BY Operator`."""
    count: int


def coverage(tables: Tables, schema: Schema) -> tuple[Coverage, ...]:
    """Counts in the order of the schema.

    Args:
        tables: a graph that was built under the schema.
        schema: the same.
    """
    type_of = _types(tables)
    types = Counter(type_of.values())
    properties = _properties(tables, type_of)
    relations: Counter[tuple[str | None, str, str | None]] = Counter()
    for (kind, source, target), table in tables.edges.items():
        if source == target == "Entity":
            ends = zip(table[":START_ID"].to_pylist(), table[":END_ID"].to_pylist(), strict=True)
            relations.update((type_of.get(a), kind, type_of.get(b)) for a, b in ends)
    totals: Counter[str] = Counter()
    for (_, kind, _), count in relations.items():
        totals[kind] += count
    rows = []
    for node in schema.node_types:
        rows.append(Coverage("node type", node.label, types[node.label]))
        for property_ in node.properties:
            count = types[node.label] if property_.name == "name" else properties[node.label, property_.name]
            rows.append(Coverage("property", f"{node.label}.{property_.name}", count))
    rows += [Coverage("relationship type", row.label, totals[row.label]) for row in schema.relationship_types]
    rows += [Coverage("pattern", " ".join(pattern), relations[pattern]) for pattern in schema.patterns]
    return tuple(rows)


def _types(tables: Tables) -> dict[str, str | None]:
    """Entity -> node type; none where the graph was built without a schema."""
    entities = tables.nodes.get("Entity")
    if entities is None or "type" not in entities.column_names:
        return {}
    return dict(zip(entities["id"].to_pylist(), entities["type"].to_pylist(), strict=True))


def _properties(tables: Tables, type_of: dict[str, str | None]) -> Counter[tuple[str | None, str]]:
    """(node type, property) -> facts that give it."""
    facts = tables.nodes.get("Assertion")
    if facts is None or "property" not in facts.column_names:
        return Counter()
    given = dict(zip(facts["id"].to_pylist(), facts["property"].to_pylist(), strict=True))
    subjects = tables.edges.get(("SUBJECT", "Assertion", "Entity"))
    if subjects is None:
        return Counter()
    pairs = zip(subjects[":START_ID"].to_pylist(), subjects[":END_ID"].to_pylist(), strict=True)
    return Counter((type_of.get(entity), name) for fact, entity in pairs if (name := given.get(fact)))
