"""One draft on trial: the template, the binding, the claims and the answer, read once and shared by the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from kg.cypher.plan import Plan
from kg.proof.derive import Derived, derive
from kg.proof.expression import parse, references
from kg.proof.relations import Nodes, mentioned
from kg.proof.things import bound
from kg.proof.words import Words, words_of
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.sample import Check, Claim, Draft, Modality
from schemas.template import TemplateHeader

PASS = Check(result="pass")
ELEMENTS: Mapping[str, Modality] = {
    "Table": "table",
    "Cell": "table",
    "Row": "table",
    "Column": "table",
    "Chunk": "text",
    "Section": "text",
    "Document": "text",
    "Formula": "formula",
    "Image": "image",
}
"""Label -> modality of what stands there, in a graph that kgmine extracted."""
MOST_STATED = 3
"""Facts that are cited for one relation: each of them states it alone."""


class Templated(Protocol):
    """What the proof needs of `kg.cypher.template.Template`."""

    @property
    def header(self) -> TemplateHeader: ...

    @property
    def plan(self) -> Plan: ...

    @property
    def evidence(self) -> tuple[str, ...]: ...


def failed(reason: str) -> Check:
    """A fail with what was found."""
    return Check(result="fail", reason=reason)


@lru_cache(maxsize=64)
def not_applicable(reason: str = "") -> Check:
    """A check that has nothing to look at; a few reasons cover all drafts."""
    return Check(result="not_applicable", reason=reason)


@dataclass(frozen=True)
class Case:
    """A draft with everything that the checks look at."""

    draft: Draft
    template: Templated
    snapshot: Snapshot
    nodes: Nodes
    """Named variables of the match; a relationship as `~edge`."""
    derived: Derived
    """The answer, computed now, on this snapshot."""

    @property
    def header(self) -> TemplateHeader:
        return self.template.header

    @property
    def house(self) -> bool:
        """Whether the graph is one that kgmine extracted; else every node and relationship is a fact."""
        return self.snapshot.roles.house

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.draft.claims

    @cached_property
    def required(self) -> frozenset[str]:
        """Variables without which nothing can be computed."""
        spec = self.header.derive
        if spec is None:
            return frozenset({(self.header.answer or "").partition(".")[0]})
        if spec.sympy is not None:
            return frozenset(reference.variable for reference in references(parse(spec.sympy))) & set(self.nodes)
        return frozenset(mentioned(" ".join([spec.sql or "", *spec.rows.values()]), self.nodes))

    @cached_property
    def words(self) -> Words:
        return words_of(self.snapshot)

    @cached_property
    def operands(self) -> tuple[int, ...]:
        """Facts that the answer rests on: those that the derivation names, else those that were matched."""
        found = [self.snapshot.thing_of(id_) for id_ in self.derived.operands]
        facts = [node for node in found if node is not None]
        if not self.house:
            return tuple(dict.fromkeys(facts))
        matched = [node for name in self.template.evidence if (node := self.nodes.get(name)) is not None]
        return tuple(dict.fromkeys([*facts, *matched]))

    @cached_property
    def stated(self) -> tuple[int, ...]:
        """Facts that state the matched relations of the user's schema: what such a hop rests on."""
        found: list[int | None] = []
        for id_ in self.draft.match.edges if self.house and self.snapshot.on_edges("supports") else ():
            edge = self.snapshot.edge_index(id_)
            supports = [] if edge is None else self.snapshot.edge_get(edge, "supports") or []
            found += [self.snapshot.index_of(str(fact), "Assertion") for fact in supports[:MOST_STATED]]
        return tuple(dict.fromkeys(node for node in found if node is not None))

    @cached_property
    def members(self) -> tuple[int, ...]:
        """Facts of the closed set."""
        found = [self.snapshot.index_of(id_) for id_ in self.derived.members]
        return tuple(node for node in found if node is not None)

    def element_of(self, node: int) -> int:
        """The element that holds a node: a fact's table or chunk, a cell's table, else the node itself."""
        if not self.house:
            return node
        label = self.snapshot.label_of(node)
        name = {"Assertion": "element", "Cell": "table", "Row": "table", "Column": "table"}.get(label)
        found = self.snapshot.index_of(str(self.snapshot.get(node, name) or "")) if name else None
        return node if found is None else found

    def modality_of(self, node: int) -> Modality:
        if not self.house:
            return own_modality(self.snapshot, node)
        return ELEMENTS.get(self.snapshot.label_of(self.element_of(node)), "text")


def own_modality(snapshot: Snapshot, thing: int, prop: str | None = None) -> Modality:
    """Modality of a thing of a user's own graph, or of one of its properties: text, table, else the graph itself."""
    label, roles = snapshot.label_of(thing), snapshot.roles
    if label in roles.texts and prop in (None, roles.texts[label]) and (prop or label not in roles.entities):
        return "text"
    return "table" if label in roles.tables and prop in (None, roles.tables[label]) else "graph"


def open_case(draft: Draft, template: Templated, snapshot: Snapshot) -> Case:
    """Bind a draft to a snapshot and compute its answer.

    Raises:
        DerivationError: a node of the match is gone, or the answer cannot be computed.
    """
    nodes, lost = bound(template.plan, draft.match.bindings, snapshot)
    if lost is not None:
        raise DerivationError(f"the node of {lost} is not in the graph")
    return Case(draft, template, snapshot, nodes, derive(template.header, nodes, snapshot))
