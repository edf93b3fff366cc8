"""A scene: one match as questions see it. Variables become views over the snapshot, their properties become slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kg.graph.roles import HOUSE, Roles
from kg.proof.things import names_of, plain
from kg.snapshot.snapshot import Snapshot
from synthesis.wording import Slot


class Graph(Protocol):
    """What synthesis reads of a snapshot (`kg.snapshot`). Nodes are indices, edges `~index`; null is None."""

    hash: str
    ranges: dict[str, tuple[int, int]]

    def get(self, node: int, prop: str) -> Any: ...
    def id_of(self, node: int) -> str: ...
    def index_of(self, node_id: str) -> int | None: ...
    def label_of(self, node: int) -> str: ...
    def edge_get(self, edge: int, prop: str) -> Any: ...
    def adjacency(self, types: Any, direction: int) -> tuple[Any, Any, Any]: ...


@dataclass(frozen=True)
class View:
    """One matched node, or relationship."""

    graph: Graph
    index: int
    variable: str
    label: str = field(default="")

    @classmethod
    def of(cls, graph: Graph, index: int, variable: str = "") -> View:
        return cls(graph, index, variable, graph.label_of(index))

    @property
    def id(self) -> str:
        return self.graph.id_of(self.index)

    @property
    def roles(self) -> Roles:
        """What the labels of the graph are for."""
        return self.graph.roles if isinstance(self.graph, Snapshot) else HOUSE

    @property
    def names(self) -> tuple[str, ...]:
        """Properties that name the node, the name first: `name` of an Entity, what the roles say in an own graph."""
        if isinstance(self.graph, Snapshot) and not self.roles.house:
            return names_of(self.graph, self.label)
        return ("name",)

    @property
    def units(self) -> Mapping[str, str] | None:
        """See `synthesis.wording.Node`."""
        return None if self.roles.house else self.roles.units.get(self.label, {})

    def get(self, prop: str) -> Any:
        """The raw property; None where it is null or the label has none of this name."""
        try:
            return self.graph.get(self.index, prop)
        except KeyError:
            return None

    def text(self, prop: str) -> str:
        """The property as text; empty for null."""
        value = self.get(prop)
        return "" if value is None else plain(value)

    def slot(self, prop: str) -> Slot:
        value = self.get(prop)
        return Slot.of(plain(value) if isinstance(value, list) else value, self, prop)

    def __str__(self) -> str:
        if not self.roles.house:
            return next((self.text(name) for name in self.names), "")
        return self.text("name") or self.text("title") or self.text("text")

    def neighbours(self, edge_type: str, direction: int = 1) -> Iterator[tuple[View, int]]:
        """Nodes over one edge type with the edge's index, in the snapshot's order.

        Args:
            edge_type: e.g. `SUPPORTED_BY`.
            direction: +1 from source to target, -1 backwards.
        """
        if self.index < 0:
            return
        indptr, indices, edges = self.graph.adjacency((edge_type,), direction)
        for at in range(int(indptr[self.index]), int(indptr[self.index + 1])):
            yield View.of(self.graph, int(indices[at])), int(edges[at])


@dataclass(frozen=True)
class Scene:
    """A match with its nodes, ready to be worded and judged."""

    graph: Graph
    views: Mapping[str, View]
    """Variable -> view, in pattern order."""

    @classmethod
    def of(cls, graph: Graph, nodes: Mapping[str, int]) -> Scene:
        return cls(graph, {name: View.of(graph, index, name) for name, index in nodes.items()})

    @property
    def own(self) -> bool:
        """Whether the graph is a user's own: it has no Assertions, every property and relationship is a fact."""
        return isinstance(self.graph, Snapshot) and not self.graph.roles.house

    def slot(self, dotted: str) -> Slot:
        """`f.quantity`, or a bare variable for its name. Raises: KeyError where the variable is not matched."""
        variable, _, prop = dotted.partition(".")
        view = self.views[variable]
        return view.slot(prop or "name")

    def assertions(self) -> tuple[View, ...]:
        return tuple(view for view in self.views.values() if view.label == "Assertion")

    def of_label(self, label: str) -> Iterator[View]:
        """All nodes of a label, in the snapshot's order."""
        low, high = self.graph.ranges.get(label, (0, 0))
        return (View.of(self.graph, index) for index in range(low, high))

    def document(self, view: View) -> View | None:
        """The document that a node belongs to (`document` property, or the node itself)."""
        if view.label == "Document":
            return view
        document_id = view.text("document")
        index = self.graph.index_of(document_id) if document_id else None
        return None if index is None else View.of(self.graph, index)
