"""`template count --prefixes`: the count at each prefix of a pattern, to see which hop or condition kills it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

import numpy as np

from kg.cypher import ast
from kg.cypher.plan import Hop, NodeVar, Plan, equality, variables
from kg.cypher.template import Template
from kg.snapshot.snapshot import Snapshot
from kgmine.author import spell
from kgmine.report import table
from sampling.count import Count, count
from sampling.population import population

SHOWN: Final = 5
"""Values or connections that a hint names."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """The pattern up to some part."""

    text: str
    """The part that came last."""
    condition: ast.Expr | None
    """The condition that came last; None: a node or hop did."""
    template: Template


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list."""

    text: str
    count: Count
    hint: str = ""
    """Of the first part without a match: what there is instead."""


def steps(template: Template, snapshot: Snapshot) -> Iterator[Step]:
    """Counts from the first node to the whole template; they end with the first part that leaves nothing."""
    before: Prefix | None = None
    for prefix in prefixes(template):
        found = count(prefix.template, snapshot)
        empty = found.exact and found.value == 0
        yield Step(prefix.text, found, hint(before, prefix, snapshot) if empty else "")
        if empty:
            return
        before = prefix


def listing(template: Template, snapshot: Snapshot) -> str:
    """The steps as a table: what came, how many matches there are, and that as a multiple of the line before."""
    rows: list[tuple[str, str, str]] = []
    before, hints = None, []
    for step in steps(template, snapshot):
        factor = "" if not before else f"× {step.count.value / before:,.3g}"
        rows.append((str(step.count), factor, step.text))
        before = step.count.value
        hints += [step.hint] if step.hint else []
    return "\n".join([table(("matches", "", "pattern"), rows), *hints])


def prefixes(template: Template) -> Iterator[Prefix]:
    """The pattern hop by hop, then with each condition of its WHERE in the order of the text."""
    whole = template.plan
    grown: list[Prefix] = []
    for text, names, joined in _grown(whole):
        grown.append(_prefix(template, len(grown), text, names, joined))
        yield grown[-1]
    names = {node.name for node in whole.nodes} | {hop.name for hop in whole.hops}
    used = list(_written_in(whole, names)) + [part for _, _, joined in _grown(whole) for part in joined]
    left = [part for part in conditions(whole) if not any(part is other for other in used)]
    for k, condition in enumerate(left):
        kept = [*used, *left[: k + 1]]
        text = ("AND " if k else "WHERE ") + spell.expression(condition, 2)
        plan = _with(whole, names, kept)
        yield Prefix(text, condition, _bare(template, plan, len(grown) + k))
    if template.header.symmetric == "once":
        yield Prefix("symmetric matches once", None, template)


def conditions(plan: Plan) -> list[ast.Expr]:
    """All conditions in the order of the text."""
    every = [condition for _, condition in plan.masks] + list(plan.cross)
    return sorted(every, key=lambda part: min((each.line, each.column) for each in ast.walk(part) if each.line))


Part = tuple[str, set[str], list[ast.Expr]]
"""(text, names of nodes and hops so far, equalities that join by value so far)."""


def _grown(plan: Plan) -> Iterator[Part]:
    """The pattern in the order of the text, as far as each part hangs together with what came before."""
    first = plan.nodes[0]
    placed, joined, hops = {first.name}, list[ast.Expr](), list(plan.hops)
    yield spell.named(plan, first.name), set(placed), []
    while True:
        hop = next((hop for hop in hops if placed & {hop.source, hop.target}), None)
        if hop is not None:
            hops.remove(hop)
            text, far = _step(plan, hop, placed)
            placed |= {far, hop.name}
        elif len(placed & {node.name for node in plan.nodes}) == len(plan.nodes):
            return
        else:
            far, equal = _joined(plan, placed)
            joined += equal
            placed.add(far)
            said = " AND ".join(spell.expression(part, 4) for part in equal)
            text = f", {spell.named(plan, far)}" + (f" WHERE {said}" if said else "")
        yield text, set(placed), list(joined)


def _step(plan: Plan, hop: Hop, placed: set[str]) -> tuple[str, str]:
    """(text of a hop from what is placed, the node that it leads to)."""
    reverse = hop.source not in placed
    near, far = (hop.target, hop.source) if reverse else (hop.source, hop.target)
    end = spell.bracketed("()", far, "") if far in placed and not far.startswith("#") else spell.named(plan, far)
    begin = spell.named(plan, near) if near.startswith("#") else spell.bracketed("()", near, "")
    return f"{begin}{spell.hop_text(plan, hop, reverse=reverse)}{end}", far


def _joined(plan: Plan, placed: set[str]) -> tuple[str, list[ast.Expr]]:
    """The next node that an equality joins to what is placed, with all such equalities of the two."""
    found: dict[str, list[ast.Expr]] = {}
    for condition in plan.cross:
        sides = equality(plan, condition)
        if sides is not None:
            for (near, _), (far, _) in (sides, sides[::-1]):
                if near in placed and far not in placed and plan.node(far) is not None:
                    found.setdefault(far, []).append(condition)
    return next(iter(found.items()), (next(node.name for node in plan.nodes if node.name not in placed), []))


def _prefix(template: Template, number: int, text: str, names: set[str], joined: list[ast.Expr]) -> Prefix:
    kept = [*_written_in(template.plan, names), *joined]
    return Prefix(text, None, _bare(template, _with(template.plan, names, kept), number))


def _written_in(plan: Plan, names: set[str]) -> Iterator[ast.Expr]:
    """Conditions of property maps, which are part of the pattern."""
    elements: tuple[NodeVar | Hop, ...] = (*plan.nodes, *plan.hops)
    for element in elements:
        if element.name in names:
            yield from spell.maps(plan, element)


def _with(plan: Plan, names: set[str], kept: list[ast.Expr]) -> Plan:
    paths = tuple(path for path in plan.paths if names >= {*path.nodes, *path.hops})
    return Plan(
        nodes=tuple(node for node in plan.nodes if node.name in names),
        hops=tuple(hop for hop in plan.hops if hop.name in names),
        paths=paths,
        masks=tuple(mask for mask in plan.masks if any(mask[1] is part for part in kept)),
        cross=tuple(part for part in plan.cross if any(part is other for other in kept)),
        returns=plan.returns,
        outer=plan.outer,
    )


def _bare(template: Template, plan: Plan, number: int) -> Template:
    """The template with another pattern and a header that only counts."""
    blank: dict[str, object] = {
        "strata": (),
        "limit_per": {},
        "evidence": (),
        "answer": None,
        "law": "uniform",
        "symmetric": "each",
    }
    return replace(template, plan=plan, header=template.header.model_copy(update=blank), sha=f"{template.sha}/{number}")


# Hints ---------------------------------------------------------------------------------------------------------------


def hint(before: Prefix | None, prefix: Prefix, snapshot: Snapshot) -> str:
    """What there is where a part finds nothing."""
    if before is None:
        return f"labels here: {', '.join(snapshot.labels)}"
    if prefix.condition is None:
        return _connections(before, prefix, snapshot)
    return _values(before, prefix.condition, snapshot)


def _connections(before: Prefix, prefix: Prefix, snapshot: Snapshot) -> str:
    known = {hop.name for hop in before.template.plan.hops}
    hop = next((hop for hop in prefix.template.plan.hops if hop.name not in known), None)
    near = None if hop is None else before.template.plan.node(hop.source) or before.template.plan.node(hop.target)
    if hop is None or near is None or near.labels is None:
        return ""
    found = [
        f"({source})-[:{kind}]->({target}) {number:,}"
        for (source, kind, target), number in sorted(snapshot.connections.items(), key=lambda item: -item[1])
        if {source, target} & set(near.labels) and number
    ]
    return f"{'|'.join(near.labels)} has {'; '.join(found[:SHOWN]) or 'no relationships'}"


def _values(before: Prefix, condition: ast.Expr, snapshot: Snapshot) -> str:
    """The values of the property that a condition tests, over the nodes that were still there."""
    names = variables(condition, before.template.plan.scope)
    found = [part for part in ast.walk(condition) if isinstance(part, ast.Property)]
    node = before.template.plan.node(names[0]) if len(names) == 1 else None
    if node is None or len({part.key for part in found}) != 1:
        return ""
    reached = np.flatnonzero(population(before.template, snapshot).reached(node.name)).tolist()
    values = Counter(value for value in (snapshot.get(i, found[0].key) for i in reached) if value is not None)
    said = f"{names[0]}.{found[0].key}"
    if not values:
        return f"{said} is null everywhere here"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return f"{said} is between {min(values)} and {max(values)} here"
    texts = [part.value for part in ast.walk(condition) if isinstance(part, ast.Literal)]
    asked = [text for value in texts for text in (value if isinstance(value, tuple) else (value,))]
    close = [near for text in asked for near in get_close_matches(str(text), [str(each) for each in values], n=2)]
    common = [str(value) for value, _ in sorted(values.items(), key=lambda item: (-item[1], str(item[0])))]
    chosen = list(dict.fromkeys([*close, *common]))[:SHOWN]
    more = f", … ({len(values):,} values)" if len(values) > SHOWN else ""
    return f"{said} is {', '.join(spell.literal(value[:60]) for value in chosen)}{more} here"
