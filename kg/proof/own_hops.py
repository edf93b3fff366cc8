"""Hops in a user's own graph, and what any computation cannot do without.

Every relationship of an own graph is an asserted relation. `kept` is a smallest part of the pattern that still gives
the answer: what is let go is no hop, and where the question does not even name its ends, it is no evidence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from kg.cypher.plan import Hop, Plan
from kg.proof.case import Case
from kg.proof.putback import TooManyError, on
from kg.proof.unique import rival


def lost(case: Case, rest: Plan, wanted: frozenset[str]) -> bool:
    """Whether the answer cannot be computed any more, or gains a rival, where only a part of the pattern holds."""
    left = {node.name for node in rest.nodes} | {hop.name for hop in rest.hops}
    if not wanted <= left:
        return True
    try:
        return rival(case, rest, on(case.claims, left)) is not None
    except TooManyError:
        return True


def kept(case: Case) -> list[Hop]:
    """A smallest part of the pattern that still gives the answer: relationships are let go one after the other."""
    left, wanted = list(case.template.plan.hops), case.required
    for hop in case.template.plan.hops:
        rest = [other for other in left if other is not hop]
        if hop.name not in wanted and not _lost_with(case, rest, wanted):
            left = rest
    return left


def _lost_with(case: Case, hops: list[Hop], wanted: frozenset[str]) -> bool:
    """Whether the answer is lost or gains a rival where only these relationships hold."""
    return lost(case, _rest(case.template.plan, tuple(hops), wanted), wanted)


@lru_cache(maxsize=512)
def _rest(plan: Plan, hops: tuple[Hop, ...], wanted: frozenset[str]) -> Plan:
    """The plan with these relationships only, without parts that nothing is computed from."""
    bare = replace(plan, hops=hops, masks=(), cross=(), paths=())
    anchors = wanted | {hop.source for hop in hops if hop.name in wanted}
    left = {name for part in bare.components if anchors & set(part) for name in part}
    return replace(
        bare,
        nodes=tuple(node for node in bare.nodes if node.name in left),
        hops=tuple(hop for hop in hops if hop.source in left),
    )


def gives(case: Case, name: str) -> bool:
    """Whether a computation reads a property of a variable that the question does not say."""
    spec = case.header.derive
    if spec is None:
        return True
    texts = " ".join([spec.sql or "", spec.sympy or "", *spec.rows.values()])
    read = {f"{name}.{prop}" for prop in re.findall(rf"\b{re.escape(name)}\.(\w+)", texts)}
    whole = spec.sql is not None and re.search(rf"\b(?:FROM|JOIN|,)\s*{re.escape(name)}\b", spec.sql, re.IGNORECASE)
    return bool(read - set(case.header.given)) or bool(whole)


def cited(case: Case) -> list[int]:
    """Edges of the match that are evidence: those of the hops that are kept, and those between two nodes that the
    question names or asks for.
    """
    snapshot, plan, match = case.snapshot, case.template.plan, case.draft.match
    found = [edge for id_ in match.edges if (edge := snapshot.edge_index(id_)) is not None]
    named = {claim.variable for claim in case.claims} | case.required
    if len(match.nodes) != len(plan.nodes) or all({hop.source, hop.target} <= named for hop in plan.hops):
        return found  # paths of variable length are cited whole
    place = {node.name: id_ for node, id_ in zip(plan.nodes, match.nodes, strict=True)}
    left = {hop.name for hop in kept(case)}
    wanted = [hop for hop in plan.hops if hop.name in left or {hop.source, hop.target} <= named]
    ends = [{place[hop.source], place[hop.target]} for hop in wanted]
    return [edge for edge in found if {snapshot.id_of(node) for node in snapshot.edge(edge)[2:]} in ends]
