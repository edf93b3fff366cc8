"""Shapes: a plan with its variable lengths written out, one shape for each combination of lengths.

The matches of a plan are the disjoint union of the matches of its shapes. A slot is a node position (several variables
may share one, where a length is 0); a link is one relationship.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise, product
from typing import Literal

from kg.cypher import ast
from kg.cypher.plan import Hop, Path, Plan, variables
from schemas.errors import TemplateError

MOST_SHAPES = 256

Mask = tuple[str, ast.Expr]
"""(variable that the condition calls the element by, condition)."""


@dataclass(frozen=True, slots=True)
class Slot:
    names: tuple[str, ...]
    """Variables at this position, at least one."""
    labels: tuple[str, ...] | None
    masks: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    hop: str
    source: int
    target: int
    types: tuple[str, ...]
    direction: Literal[-1, 0, 1]
    clause: int
    masks: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class Cross:
    """A condition with what must be bound before it can be tested."""

    expression: ast.Expr
    slots: frozenset[int]
    links: frozenset[int]


@dataclass(frozen=True, eq=False)
class Shape:
    plan: Plan
    slots: tuple[Slot, ...]
    links: tuple[Link, ...]
    variables: dict[str, int]
    """Node variable -> slot."""
    relationships: dict[str, int | tuple[int, ...]]
    """Relationship variable -> link, or its links in order where it is a list."""
    paths: dict[str, tuple[tuple[int, ...], tuple[int, ...]]]
    """Path variable -> (slots, links)."""
    cross: tuple[Cross, ...] = ()
    trails: tuple[tuple[int, int], ...] = field(default=())
    """Pairs of links that might be one relationship."""


def shapes(plan: Plan) -> list[Shape]:
    """All shapes of a plan, shortest lengths first.

    Raises:
        TemplateError: more than 256 combinations of lengths.
    """
    choices = [range(hop.low, hop.high + 1) for hop in plan.hops]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MOST_SHAPES:
        hop = max(plan.hops, key=lambda hop: hop.high - hop.low)
        raise TemplateError(
            f"{total} combinations of lengths, more than {MOST_SHAPES}: narrow the bounds",
            line=hop.line,
            column=hop.column,
        )
    return [_shape(plan, lengths) for lengths in product(*choices)]


def _shape(plan: Plan, lengths: tuple[int, ...]) -> Shape:
    place = _places(plan, lengths)
    count = max(place.values(), default=-1) + 1
    names: list[list[str]] = [[] for _ in range(count)]
    for name, slot in place.items():
        names[slot].append(name)
    links: list[Link] = []
    relationships: dict[str, int | tuple[int, ...]] = {}
    inner: dict[str, tuple[int, ...]] = {}
    for hop, length in zip(plan.hops, lengths, strict=True):
        middle = tuple(range(len(names), len(names) + max(length - 1, 0)))
        names.extend([f"{hop.name}.{k}"] for k in range(1, len(middle) + 1))
        inner[hop.name] = middle
        route = [place[hop.source], *middle, place[hop.target]] if length else []
        numbers = tuple(range(len(links), len(links) + length))
        links.extend(_link(plan, hop, one, two) for one, two in pairwise(route))
        relationships[hop.name] = numbers if hop.ranged else numbers[0]
    slots = [_slot(plan, tuple(group)) for group in names]
    paths = {path.name: _route(path, place, inner, relationships) for path in plan.paths}
    shape = Shape(plan, tuple(slots), tuple(links), place, relationships, paths)
    return _with_conditions(shape)


def _places(plan: Plan, lengths: tuple[int, ...]) -> dict[str, int]:
    """Slot of each node variable; a hop of length 0 joins its ends."""
    joined = {node.name: node.name for node in plan.nodes}

    def find(name: str) -> str:
        while joined[name] != name:
            name = joined[name]
        return name

    for hop, length in zip(plan.hops, lengths, strict=True):
        if length == 0:
            joined[find(hop.target)] = find(hop.source)
    numbers: dict[str, int] = {}
    return {node.name: numbers.setdefault(find(node.name), len(numbers)) for node in plan.nodes}


def _slot(plan: Plan, names: tuple[str, ...]) -> Slot:
    labels: tuple[str, ...] | None = None
    for name in names:
        node = plan.node(name)
        if node is not None and node.labels is not None:
            labels = node.labels if labels is None else tuple(x for x in labels if x in node.labels)
    return Slot(names, labels, tuple(mask for mask in plan.masks if mask[0] in names))


def _link(plan: Plan, hop: Hop, source: int, target: int) -> Link:
    masks = tuple(mask for mask in plan.masks if mask[0] == hop.name)
    return Link(hop.name, source, target, hop.types, hop.direction, hop.clause, masks)


def _route(
    path: Path,
    place: dict[str, int],
    inner: dict[str, tuple[int, ...]],
    relationships: dict[str, int | tuple[int, ...]],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    nodes = [place[path.nodes[0]]]
    links: list[int] = []
    for name, target in zip(path.hops, path.nodes[1:], strict=True):
        numbers = relationships[name]
        numbers = (numbers,) if isinstance(numbers, int) else numbers
        links.extend(numbers)
        nodes.extend(inner[name])
        if numbers:
            nodes.append(place[target])
    return tuple(nodes), tuple(links)


def _with_conditions(shape: Shape) -> Shape:
    """Conditions on every node or edge of a path become masks; the others wait for what they need."""
    slots, links, cross = list(shape.slots), list(shape.links), []
    for expression in shape.plan.cross:
        pushed = _pushed(shape, expression)
        if pushed is None:
            cross.append(_needs(shape, expression))
            continue
        on_nodes, places, mask = pushed
        for k in dict.fromkeys(places):
            if on_nodes:
                slots[k] = replace(slots[k], masks=(*slots[k].masks, mask))
            else:
                links[k] = replace(links[k], masks=(*links[k].masks, mask))
    shape = replace(shape, slots=tuple(slots), links=tuple(links), cross=tuple(cross))
    return replace(shape, trails=tuple(_trails(shape)))


def _pushed(shape: Shape, expression: ast.Expr) -> tuple[bool, tuple[int, ...], Mask] | None:
    """`all` and `none` over a path, on one element at a time: (on nodes?, places, mask). None: anything else."""
    if not isinstance(expression, ast.Quantifier) or expression.kind not in ("all", "none"):
        return None
    call = expression.source
    if not isinstance(call, ast.Call) or len(call.arguments) != 1 or call.name not in ("nodes", "relationships"):
        return None
    path = call.arguments[0]
    if not isinstance(path, ast.Variable) or path.name not in shape.paths:
        return None
    if set(ast.names_in(expression.where)) != {expression.variable}:
        return None
    if any(isinstance(part, ast.Subquery) for part in ast.walk(expression.where)):
        return None
    test = expression.where
    if expression.kind == "none":
        test = ast.Not(operand=test, line=expression.line, column=expression.column)
    on_nodes = call.name == "nodes"
    return on_nodes, shape.paths[path.name][0 if on_nodes else 1], (expression.variable, test)


def _needs(shape: Shape, expression: ast.Expr) -> Cross:
    slots: set[int] = set()
    links: set[int] = set()
    for name in variables(expression, shape.plan.scope):
        if name in shape.variables:
            slots.add(shape.variables[name])
        elif name in shape.relationships:
            numbers = shape.relationships[name]
            links.update((numbers,) if isinstance(numbers, int) else numbers)
        elif name in shape.paths:
            slots.update(shape.paths[name][0])
            links.update(shape.paths[name][1])
    return Cross(expression, frozenset(slots), frozenset(links))


def _trails(shape: Shape) -> Iterator[tuple[int, int]]:
    """Pairs of links of one clause whose types allow them to be one relationship."""
    for (i, one), (j, two) in combinations(enumerate(shape.links), 2):
        overlap = not one.types or not two.types or bool(set(one.types) & set(two.types))
        if one.clause == two.clause and overlap:
            yield i, j
