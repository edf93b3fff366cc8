"""Evaluate a plan on a snapshot: thousands of selective questions per second.

for binding in evaluate(template.plan, snapshot, equal=[("e", "name", "mars"), ("f", "quantity", "orbital period")]):
    snapshot.get(binding.nodes["f"], "text")
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from kg.cypher import ast
from kg.cypher.expressions import Closure
from kg.cypher.kinds import Scope
from kg.cypher.plan import Plan, plan
from kg.cypher.shape import Shape, shapes
from kg.snapshot.evaluate_masks import Masks
from kg.snapshot.evaluate_search import Search, State, common
from kg.snapshot.snapshot import Snapshot
from schemas.errors import GraphError

Array = npt.NDArray[Any]
Equal = Sequence[tuple[str, str, str]]

KEPT_PLANS: Final = 512
"""Compiled plans that are kept per snapshot."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One match."""

    nodes: dict[str, int]
    """Variable -> node; anonymous ones are called `#n1`, …"""
    edges: dict[str, int | tuple[int, ...]] = field(default_factory=dict)
    """Relationship -> edge, or the edges of a variable-length one in order; anonymous ones are called `#r1`, …"""

    @classmethod
    def of_nodes(cls, nodes: Mapping[str, int]) -> Binding:
        return cls(dict(nodes))


def evaluate(
    plan: Plan,
    snapshot: Snapshot,
    *,
    bound: Mapping[str, int] | None = None,
    equal: Equal = (),
    predicates: bool = True,
    limit: int | None = None,
) -> Iterator[Binding]:
    """All matches, with Neo4j's meaning: a relationship is used at most once in a MATCH.

    Args:
        plan: of a template or query.
        snapshot: the graph.
        bound: node variables that are fixed, and variables of the outer MATCH.
        equal: (variable, property, normal form) claims in the normal form of `Snapshot.find`; `""`: null or empty.
        predicates: False drops WHERE and property maps: what the question does not say.
        limit: stop after so many.

    Raises:
        GraphError: `bound` or `equal` names a variable that the plan does not have.
    """
    return islice(_bindings(plan, snapshot, dict(bound or {}), equal, predicates), limit)


def exists(plan: Plan, snapshot: Snapshot, **options: Any) -> bool:
    """Whether there is a match; options as in `evaluate`."""
    return next(evaluate(plan, snapshot, **options), None) is not None


@lru_cache(maxsize=4)
def engine(snapshot: Snapshot) -> Engine:
    """What was compiled for a snapshot, shared by all callers in the process; the last four are kept."""
    return Engine(snapshot)


def _bindings(
    plan: Plan, snapshot: Snapshot, bound: dict[str, int], equal: Equal, predicates: bool
) -> Iterator[Binding]:
    made = engine(snapshot)
    for search in made.searches(plan, predicates=predicates):
        for state in made.states(search, bound, equal):
            yield _binding(search.shape, state)


def _binding(shape: Shape, state: State) -> Binding:
    nodes = {name: state.nodes[slot] for name, slot in shape.variables.items()}
    edges = {
        name: state.edges[links] if isinstance(links, int) else tuple(state.edges[k] for k in links)
        for name, links in shape.relationships.items()
    }
    return Binding(nodes, edges)


@final
class Engine:
    """Masks, value indexes and compiled plans of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.masks = Masks(snapshot)
        self._searches: OrderedDict[tuple[int, bool], tuple[Plan, list[Search]]] = OrderedDict()

    def searches(self, plan: Plan, *, predicates: bool = True) -> list[Search]:
        """One search for each shape of a plan."""
        key = (id(plan), predicates)
        found = self._searches.get(key)
        if found is None or found[0] is not plan:
            made = [Search(shape, self.masks, self.subquery, predicates=predicates) for shape in shapes(plan)]
            found = self._searches[key] = (plan, made)
            if len(self._searches) > KEPT_PLANS:
                self._searches.popitem(last=False)
        return found[1]

    def states(self, search: Search, bound: Mapping[str, Any], equal: Equal = ()) -> Iterator[State]:
        """Matches of one shape; the state is overwritten between two of them."""
        known = self._known(search.shape, bound, equal)
        return iter(()) if known is None else search.run(known, dict(bound))

    def _known(self, shape: Shape, bound: Mapping[str, Any], equal: Equal) -> dict[int, Array] | None:
        """Slot -> candidates; None: there can be no match."""
        known: dict[int, Array] = {}
        for name, node in bound.items():
            if name in shape.variables:
                if node is None:  # after OPTIONAL MATCH: null matches nothing
                    return None
                self._narrow(known, shape.variables[name], np.array([node], np.int32))
            elif name not in shape.plan.scope:
                raise GraphError(f"there is no variable `{name}` to bind")
        found = []
        for name, prop, normal in equal:
            if name not in shape.variables:
                raise GraphError(f"there is no node variable `{name}` to claim {prop} of")
            slot = shape.variables[name]
            found.append((slot, self._with_normal(shape.slots[slot].labels, prop, normal)))
        for slot, nodes in sorted(found, key=lambda pair: len(pair[1])):
            self._narrow(known, slot, nodes)
        return None if any(not len(nodes) for nodes in known.values()) else known

    @staticmethod
    def _narrow(known: dict[int, Array], slot: int, nodes: Array) -> None:
        known[slot] = common(known[slot], nodes) if slot in known else nodes

    def _with_normal(self, labels: tuple[str, ...] | None, prop: str, normal: str) -> Array:
        snapshot = self.masks.snapshot
        parts = [snapshot.find(label, prop, normal) for label in self.masks.labels(labels)]
        return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.int32), *parts])

    def subquery(self, part: ast.Subquery, scope: Scope) -> Closure:
        """EXISTS and COUNT: the number of matches with the outer variables in scope."""
        named = {name: kind for name, kind in scope.items() if not name.startswith("#")}
        inner = plan(ast.Query(clauses=part.matches, line=part.line, column=part.column), outer=named)
        used = set(inner.scope) & set(named)
        limit = 1 if part.kind == "exists" else None

        def count(row: Mapping[str, Any]) -> int:
            bound = {name: row[name] for name in used if name in row}
            states = (state for search in self.searches(inner) for state in self.states(search, bound))
            return sum(1 for _ in islice(states, limit))

        return count
