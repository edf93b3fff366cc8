"""`template explain`: the plan of a template on a graph, what it selects, what it rejects, and what a draw costs."""

from __future__ import annotations

from collections.abc import Iterator

from kg.cypher.plan import variables
from kg.cypher.shape import Link, Shape
from kg.cypher.template import Template
from kg.snapshot.evaluate import engine
from kg.snapshot.snapshot import Snapshot
from kgmine.author import spell
from sampling.count import count
from sampling.population import Part, Population, population
from sampling.report import LAWS
from sampling.tree import Branch


def explain(template: Template, snapshot: Snapshot) -> Iterator[str]:
    """Lines for a terminal.

    Raises: TemplateError: the template does not fit the graph.
    """
    pop, found = population(template, snapshot), count(template, snapshot)
    share = "every one is a match" if pop.exact else f"acceptance {found.acceptance or 0:.3g}"
    yield f"{template.name}: {found} matches of {found.walks:,} walks, {share}; {LAWS[template.header.law]}"
    for part in pop.parts:
        if len(pop.parts) > 1:
            lengths = ", ".join(str(n) for n in _lengths(part.shape))
            yield f"\nlengths {lengths}: {part.walks:,} walks"
        yield "\njoin tree"
        yield from (f"  {line}" for line in _tree(part, part.tree.root, snapshot, ""))
        rejection = list(_rejection(part))
        yield "\nrejection" if rejection else "\nrejection: none, each walk is a match"
        yield from (f"  {line}" for line in rejection)
    yield "\ncost"
    yield from (f"  {line}" for line in _cost(pop, found.acceptance))


def _lengths(shape: Shape) -> Iterator[int]:
    for hop in shape.plan.hops:
        if hop.ranged:
            links = shape.relationships[hop.name]
            yield 1 if isinstance(links, int) else len(links)


def _tree(part: Part, slot: int, snapshot: Snapshot, indent: str) -> Iterator[str]:
    """A slot with its masks, then what hangs below it."""
    yield from _slot(part.shape, slot, snapshot, indent)
    below = [branch for branch in part.tree.branches if branch.parent == slot]
    for branch in below:
        lines = list(_tree(part, branch.child, snapshot, ""))
        last = branch is below[-1]
        yield f"{indent}{'└' if last else '├'} {_edge(part, branch)}{lines[0]}"
        yield from (f"{indent}{' ' if last else '│'}   {line}" for line in lines[1:])


def _slot(shape: Shape, slot: int, snapshot: Snapshot, indent: str) -> Iterator[str]:
    masks, made = engine(snapshot).masks, shape.slots[slot]
    labels = masks.labels(made.labels)
    total = sum(snapshot.ranges[label][1] - snapshot.ranges[label][0] for label in labels)
    left = int(masks.nodes(made).sum())
    names = ",".join(spell.name(each) for each in made.names if "." not in each)
    text = spell.bracketed("()", names, "|".join(map(spell.name, made.labels or ()))) if names else "()"
    yield f"{indent}{text}  {left:,} of {total:,} nodes" + ("" if left == total else f" ({left / max(total, 1):.2%})")
    for name, condition in made.masks:
        kept = sum(int((masks.truth(label, name, condition) == 1).sum()) for label in labels)
        yield f"{indent}    mask {spell.expression(condition)}: {kept / max(total, 1):.2%}"


def _edge(part: Part, branch: Branch) -> str:
    if branch.link < 0:
        return "= joined by equal values "
    link = part.shape.links[branch.link]
    reverse = branch.parent != link.source
    filtered = f" mask {' AND '.join(spell.expression(mask[1], 4) for mask in link.masks)}" if link.masks else ""
    return f"{_arrow(link, reverse=reverse)}{filtered} "


def _arrow(link: Link, *, reverse: bool = False) -> str:
    variable = link.hop if not link.hop.startswith("#") else ""
    return spell.arrow(variable, link.types, -link.direction if reverse else link.direction)


def _rejection(part: Part) -> Iterator[str]:
    """What a walk of the tree must still satisfy."""
    shape, rejection = part.shape, part.rejection

    def said(link: int) -> str:
        made = shape.links[link]
        ends = [next(iter(shape.slots[slot].names)) for slot in (made.source, made.target)]
        return f"{spell.bracketed('()', ends[0], '')}{_arrow(made)}{spell.bracketed('()', ends[1], '')}"

    for closing in part.tree.closing:
        yield f"closes a cycle: {said(closing)}"
    for one, two in rejection.trails:
        yield f"not one relationship twice: {said(one)}, {said(two)}"
    slow = {id(test.condition) for test in rejection.slow}
    for condition in part.tree.left:
        how = "row by row" if id(condition) in slow else "on arrays"
        names = ", ".join(variables(condition.expression, shape.plan.scope))
        yield f"condition on {names}, {how}: {spell.expression(condition.expression)}"
    if rejection.mirrors:
        yield f"symmetric matches once: one of {len(rejection.mirrors) + 1} readings"


def _cost(pop: Population, acceptance: float | None) -> Iterator[str]:
    """What building the counts reads, and what a match then takes."""
    places = sum(len(branch.indices) for part in pop.parts for branch in part.tree.branches)
    yield f"counting: one pass over {places:,} places of {sum(len(part.tree.branches) for part in pop.parts)} branches"
    if not pop.ranked:
        yield "more walks than int64 numbers: drawn by float64 weights"
    steps = max(len(part.tree.branches) for part in pop.parts) + 1
    if not acceptance:
        yield "no match was found among the ranks that were looked at"
        return
    tries = 1 / acceptance
    yield f"drawing: {tries:,.1f} ranks for a match, {steps} look-ups for a rank: {tries * steps:,.1f} look-ups"
    slow = max(len(part.rejection.slow) for part in pop.parts)
    if slow:
        yield f"{slow} condition{'s are' if slow > 1 else ' is'} tested row by row, which is much slower than arrays"
