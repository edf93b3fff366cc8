"""Collecting nodes and edges of the model before they become tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from kg.graph import model
from kg.graph.ids import digest
from kg.graph.tables import EdgeKey, Tables, edge_table, node_table
from schemas.errors import GraphError
from schemas.ontology import Schema

GRAPH: str = "graph/1"
"""`extractor` of nodes and edges that follow from others."""


@final
class Collector:
    """Rows by label and by (type, source label, target label), each id once."""

    def __init__(self, schema: Schema | None = None) -> None:
        self.node_properties = model.NODE_PROPERTIES
        self.edge_properties = model.EDGE_PROPERTIES
        self.nodes: dict[str, dict[str, dict[str, object]]] = {label: {} for label in model.NODE_PROPERTIES}
        self.label_of: dict[str, str] = {}
        self.edges: dict[EdgeKey, dict[str, dict[str, object]]] = {
            (kind, *ends): {} for kind, pairs in model.EDGE_TYPES.items() for ends in pairs
        }
        if schema is not None:
            self.node_properties = {
                label: {**own, **model.TYPED.get(label, {})} for label, own in model.NODE_PROPERTIES.items()
            }
            for type_ in schema.relationship_types:
                declared = {property_.name: model.STRING for property_ in type_.properties}
                self.edge_properties = {**self.edge_properties, type_.label: {**model.RELATION, **declared}}
                self.edges[type_.label, "Entity", "Entity"] = {}

    def node(
        self,
        label: str,
        id_: str,
        properties: Mapping[str, object],
        *,
        extractor: str = GRAPH,
        confidence: float = 1.0,
    ) -> str:
        """Add a node; the same node again is no harm.

        Raises:
            GraphError: another node has this id.
        """
        row = {"id": id_, **properties, "provenance": model.SOURCE, "extractor": extractor, "confidence": confidence}
        if self.label_of.setdefault(id_, label) != label or self.nodes[label].setdefault(id_, row) != row:
            raise GraphError(f"two different nodes have the id {id_} ({self.label_of[id_]} and {label})")
        return id_

    def edge(
        self,
        kind: str,
        source: str,
        target: str,
        properties: Mapping[str, object] | None = None,
        *,
        extractor: str = GRAPH,
        confidence: float = 1.0,
        twin: str = "",
    ) -> None:
        """Add an edge between nodes that exist; the first of equal ends and `twin` stays.

        Raises:
            GraphError: an end does not exist, or the model does not connect these labels.
        """
        if source not in self.label_of or target not in self.label_of:
            raise GraphError(f"{kind} from {source} to {target}: an end does not exist")
        key = (kind, self.label_of[source], self.label_of[target])
        if key not in self.edges:
            raise GraphError(f"the model has no {kind} from {key[1]} to {key[2]}")
        id_ = digest(kind, source, target, twin)
        ends = {model.START: source, model.END: target, "id": id_}
        facts = {"provenance": model.SOURCE, "extractor": extractor, "confidence": confidence}
        self.edges[key].setdefault(id_, {**ends, **(properties or {}), **facts})

    def allows(self, kind: str, source: str, target: str) -> bool:
        """Whether both ends exist and the model connects them so."""
        return (kind, self.label_of.get(source, ""), self.label_of.get(target, "")) in self.edges

    def tables(self) -> Tables:
        """Everything as canonical tables; labels and types without rows are there, too."""
        nodes = {
            label: node_table(rows.values(), {**self.node_properties[label], **model.COMMON})
            for label, rows in self.nodes.items()
        }
        edges = {
            key: edge_table(rows.values(), {**self.edge_properties.get(key[0], {}), **model.COMMON})
            for key, rows in self.edges.items()
        }
        return Tables(nodes, edges)
