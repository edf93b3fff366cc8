"""What a template may name: labels, types, properties, and which label a type joins to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from kg.graph import model
from kg.graph.roles import HOUSE


class HasSchema(Protocol):
    """A graph that knows its schema; a snapshot is one."""

    @property
    def labels(self) -> Iterable[str]: ...
    @property
    def types(self) -> Iterable[str]: ...
    @property
    def connections(self) -> Mapping[tuple[str, str, str], int]: ...
    def properties(self, label: str) -> Mapping[str, str]: ...
    def edge_properties(self, type_: str) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Schema:
    nodes: Mapping[str, Mapping[str, str]]
    """Label -> property -> type."""
    edges: Mapping[str, Mapping[str, str]]
    """Relationship type -> property -> type."""
    connections: frozenset[tuple[str, str, str]]
    """(source label, type, target label)."""
    own: bool = False
    """Of a user's own graph: kgmine's labels are not known there."""

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted(self.nodes))

    @cached_property
    def types(self) -> tuple[str, ...]:
        return tuple(sorted(self.edges))

    def node_type(self, labels: Iterable[str] | None, prop: str) -> str | None:
        """Type of a property on the first of some labels (None: any) that has it; None where none has it."""
        if prop == "id":
            return model.STRING
        chosen = self.labels if labels is None else labels
        return next((self.nodes[label][prop] for label in chosen if prop in self.nodes.get(label, {})), None)

    def edge_type(self, types: Iterable[str], prop: str) -> str | None:
        """Type of a property on the first of some relationship types (none: any) that has it."""
        if prop == "id":
            return model.STRING
        chosen = tuple(types) or self.types
        return next((self.edges[kind][prop] for kind in chosen if prop in self.edges.get(kind, {})), None)

    def step(self, labels: Iterable[str], types: Iterable[str], direction: Literal[-1, 0, 1]) -> set[str]:
        """Labels that one hop reaches from some labels."""
        near, wanted, found = set(labels), set(types), set()
        for source, kind, target in self.connections:
            if not wanted or kind in wanted:
                found |= {target} if direction >= 0 and source in near else set()
                found |= {source} if direction <= 0 and target in near else set()
        return found


def schema_of(graph: HasSchema | None) -> Schema:
    """kgmine's own labels and types, with those that a graph adds (a user's schema, edits on a server).

    A label that kgmine knows but this graph does not have is no mistake: the template merely counts 0 there. A user's
    own graph has its own labels only.
    """
    if graph is not None and not getattr(graph, "roles", HOUSE).house:
        own = {label: graph.properties(label) for label in graph.labels}
        types = {kind: graph.edge_properties(kind) for kind in graph.types}
        return Schema(own, types, frozenset(graph.connections), own=True)
    nodes = {label: {**model.COMMON, **properties} for label, properties in model.NODE_PROPERTIES.items()}
    edges = {kind: dict(model.COMMON) for kind in model.EDGE_TYPES}
    connections = {(source, kind, target) for kind, ends in model.EDGE_TYPES.items() for source, target in ends}
    if graph is not None:
        for label in graph.labels:
            nodes[label] = {**nodes.get(label, {}), **graph.properties(label)}
        for kind in graph.types:
            edges[kind] = {**edges.get(kind, {}), **graph.edge_properties(kind)}
        connections |= set(graph.connections)
    return Schema(nodes, edges, frozenset(connections))
