"""Evidence in a user's own graph: properties of nodes and relationships, and relationships themselves.

The graph is the source, so evidence has no page: it is (thing, property), or (relationship, type). A sample rests on
what its question claims, on its answer, on every relationship of its match, and on what the rows of its derivation
read; the last has the kind `set`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg.cypher.parse import parse_query
from kg.proof.case import Case, own_modality
from kg.proof.expression import parse, references
from kg.proof.own_hops import cited
from kg.proof.relations import Nodes, properties_in, rows_of
from kg.proof.things import edge_text, is_name, names_of, plain, thing_text
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Evidence

MOST_ROWS: Final = 200
"""Rows of a derivation that are cited one by one."""


@dataclass(frozen=True, slots=True)
class Rested:
    """What a sample rests on: (thing, property) pairs; a relationship itself is (`~edge`, its type)."""

    own: tuple[tuple[int, str], ...]
    """The answer first, then operands, the relationships of the match that matter, claims."""
    rows: tuple[tuple[int, str], ...]
    """What the rows of the derivation read beside."""


def evidence_of(case: Case) -> tuple[Evidence, ...]:
    """Everything that the sample rests on, each once, the answer's own first."""
    rested = rests_on(case)
    rows = (_row(case.snapshot, thing, prop).model_copy(update={"kind": "set"}) for thing, prop in rested.rows)
    return (*(_row(case.snapshot, thing, prop) for thing, prop in rested.own), *rows)


def rests_on(case: Case) -> Rested:
    """See `Rested`."""
    own = dict.fromkeys(_own(case))
    rows = dict.fromkeys(pair for pair in _rows(case) if pair not in own)
    return Rested(tuple(own), tuple(rows))


def context_of(case: Case, evidence: tuple[Evidence, ...]) -> tuple[dict[str, str], ...]:
    """Each thing of the evidence with all that it says of itself: what a reader without the graph would be given."""
    rows = []
    for id_ in dict.fromkeys(row.element for row in evidence):
        thing = case.snapshot.thing_of(id_)
        if thing is not None:
            kind = own_modality(case.snapshot, thing)
            rows.append({"element": id_, "kind": kind, "text": thing_text(case.snapshot, thing)})
    return tuple(rows)


def fact_keys(case: Case) -> tuple[str, ...]:
    """Relationships, and properties that are no names: what two splits must not share."""
    rested, snapshot = rests_on(case), case.snapshot
    keys = {
        snapshot.id_of(thing) if _is_relation(snapshot, thing, prop) else f"{snapshot.id_of(thing)}.{prop}"
        for thing, prop in (*rested.own, *rested.rows)
        if not is_name(snapshot, thing, prop)
    }
    return tuple(sorted(keys))


def _own(case: Case) -> Iterator[tuple[int, str]]:
    snapshot, spec = case.snapshot, case.header.derive
    for id_ in case.derived.entities:
        thing = snapshot.index_of(id_)
        if thing is not None:
            yield thing, names_of(snapshot, snapshot.label_of(thing))[0]
    variable, _, prop = (case.header.answer or "").partition(".")
    if variable in case.nodes:
        yield case.nodes[variable], prop
    for reference in references(parse(spec.sympy)) if spec is not None and spec.sympy else ():
        if reference.variable in case.nodes:
            yield case.nodes[reference.variable], reference.prop
    for name, rows in case.derived.relations.items() if case.derived.lang == "sql" else ():
        if name in case.nodes:
            yield from ((case.nodes[name], column) for column in rows[0] if column != "id")
    for edge in cited(case):
        yield ~edge, snapshot.edge(edge)[1]
    for claim in case.claims:
        if claim.variable in case.nodes and claim.value:
            yield case.nodes[claim.variable], claim.property


def _rows(case: Case) -> Iterator[tuple[int, str]]:
    spec = case.header.derive
    for _, text in sorted(spec.rows.items()) if spec is not None else ():
        read, hops = properties_in(text), _hops(text)
        for members in rows_of(text, case.snapshot, case.nodes).members[:MOST_ROWS]:
            row = dict(members)
            for name, prop in read:
                if name in row and prop != "id" and case.snapshot.get(row[name], prop) is not None:
                    yield row[name], prop
            yield from _between(case.snapshot, {**case.nodes, **row}, hops)


Hops = tuple[tuple[str, tuple[str, ...], int, str], ...]
"""(variable, types, direction, variable) of the single relationships of a query whose both ends are named."""


@lru_cache(maxsize=1024)
def _hops(text: str) -> Hops:
    found = []
    for match in parse_query(text).matches:
        for pattern in match.patterns:
            for (left, right), link in zip(pairwise(pattern.nodes), pattern.relationships, strict=True):
                if left.name and right.name and not link.ranged:
                    found.append((left.name, tuple(kind.name for kind in link.types), link.direction, right.name))
    return tuple(found)


def _between(snapshot: Snapshot, nodes: Nodes, hops: Hops) -> Iterator[tuple[int, str]]:
    """The relationships of a row, found again between its nodes."""
    for left, types, direction, right in hops:
        if left not in nodes or right not in nodes:
            continue
        csr = snapshot.adjacency(types or None, direction)
        low, high = int(csr.indptr[nodes[left]]), int(csr.indptr[nodes[left] + 1])
        for place in range(low, high):
            if int(csr.indices[place]) == nodes[right]:
                edge = int(csr.edge_ids[place])
                yield ~edge, snapshot.edge(edge)[1]


def _is_relation(snapshot: Snapshot, thing: int, prop: str) -> bool:
    return thing < 0 and prop == snapshot.label_of(thing)


def _row(snapshot: Snapshot, thing: int, prop: str) -> Evidence:
    relation = _is_relation(snapshot, thing, prop)
    label, id_ = snapshot.label_of(thing), snapshot.id_of(thing)
    where = snapshot.roles.source.get(label)
    return Evidence(
        document=_document(snapshot, thing),
        path=str(snapshot.get(thing, where) or "") if where else "",
        node=id_,
        property=prop,
        element=id_,
        kind="relation" if relation else "property",
        modality="graph" if relation else own_modality(snapshot, thing, prop),
        text=edge_text(snapshot, ~thing) if relation else plain(snapshot.get(thing, prop)),
        sha256=snapshot.hash,
    )


def _document(snapshot: Snapshot, thing: int) -> str:
    """The id of a document, or of the one document that a text or table is joined to; empty for all else."""
    roles, label = snapshot.roles, snapshot.label_of(thing)
    if thing >= 0 and label in roles.documents:
        return snapshot.id_of(thing)
    if thing < 0 or not (label in roles.texts or label in roles.tables):
        return ""
    near = snapshot.adjacency(None, 0)
    others = set(near.indices[near.indptr[thing] : near.indptr[thing + 1]].tolist())
    found = [other for other in others if snapshot.label_of(other) in roles.documents]
    return snapshot.id_of(found[0]) if len(found) == 1 else ""


__all__ = ["Rested", "context_of", "evidence_of", "fact_keys", "rests_on"]
