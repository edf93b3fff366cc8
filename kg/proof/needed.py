"""Hops and modalities: is each join needed, and could one element alone have answered?

A group is the evidence that stands in one element (table, chunk, formula, image). A join leads from one group to
another; an asserted relation (OBJECT, CITES, LINKS_TO, a relation of the user's schema) is a hop, too, where it joins
no two groups. Everything else (containment, SUBJECT, mentions) is a look-up. Facts of a closed set that lie in further
elements are one more join.

A join is needed when, without its group and without all that this cuts off from the answer, the answer cannot be
computed any more or Ans gains an incompatible member. What is not needed is not counted: the sample is relabelled with
the hops that it truly has. So it is where fewer groups, or one other element alone, hold all claim words and the
answer.

In a user's own graph every relationship is an asserted relation. Hops are then: the relationships of the pattern
without which the answer gains a rival; one for each further part of the pattern that gives a value which the question
does not, when the others are gone (two films that are compared); one where a derivation runs over further nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from kg.cypher.plan import without
from kg.proof import own_hops
from kg.proof.case import PASS, Case, failed, not_applicable, own_modality
from kg.proof.own_evidence import rests_on
from kg.proof.putback import restricted
from kg.proof.words import all_holders, holders
from schemas.sample import Check, Modality

LOOKUPS: Final = frozenset(
    {"CONTAINS", "NEXT", "HAS_ROW", "HAS_COLUMN", "HAS_CELL", "IN_COLUMN", "STATES", "SUPPORTED_BY", "SUBJECT", "ABOUT"}
    | {"USES", "DENOTES", "DEFINED_IN", "MENTIONS", "SAME_AS", "SIMILAR_TO", "DEPICTS", "PLOTS"}
)
"""Edge types that are no hop by themselves."""
ORDER: Final[tuple[Modality, ...]] = ("text", "table", "formula", "image", "graph")


@dataclass(frozen=True, slots=True)
class Needed:
    """What the sample truly needs."""

    hops: int
    modalities: tuple[Modality, ...]
    hop_check: Check
    modality_check: Check


def check_needed(case: Case) -> Needed:
    """Count the hops that are needed and check the modalities."""
    if not case.house:
        return _own_needed(case)
    groups = evidence_groups(case)
    required = case.required
    kept = [element for element, names in groups.items() if _group_needed(case, names, required)]
    beside = {case.element_of(node) for node in case.members} - set(groups)
    stated = [case.element_of(node) for node in case.stated]
    inner = sum(1 for hop in _asserted(case, groups) if _hop_needed(case, hop, required))
    claimed = max(0, len(groups) - 1) + len(list(_asserted(case, groups))) + bool(beside)
    hops = max(0, len(kept) - 1) + inner + bool(beside)
    alone = _alone(case)
    if hops:
        hops = min(hops, _fewest(case, list(dict.fromkeys([*kept, *stated])), alone) if not case.members else hops)
    modalities = _modalities(case, [*kept, *stated, *sorted(beside)] or list(groups))
    return Needed(hops, modalities, _hop_check(claimed, hops), _modality_check(case, [*groups, *stated], alone))


def _own_needed(case: Case) -> Needed:
    plan, required = case.template.plan, case.required
    beside = bool(set(case.members) - set(case.nodes.values()))
    # A variable-length relationship counts as often as the match walks it.
    longer = len(case.draft.match.edges) - len(plan.hops)
    kept = own_hops.kept(case)
    giving = {name for name in required if own_hops.gives(case, name)}
    rest = replace(plan, hops=tuple(kept))
    joined = sum(1 for part in rest.components if giving & {*part, *(h.name for h in kept if h.source in part)})
    claimed = len(plan.hops) + longer + beside
    alone = _alone(case)
    hops = 0 if alone and not case.members else len(kept) + (longer if kept else 0) + max(0, joined - 1) + beside
    used = {own_modality(case.snapshot, thing, prop) for thing, prop in (*rests_on(case).own, *rests_on(case).rows)}
    modalities = tuple(modality for modality in ORDER if modality in used)
    stated = {own_modality(case.snapshot, thing, prop) for thing, prop in rests_on(case).own[:1]}
    saying = next((n for n in alone if case.words.pieces[n].modality not in (stated or used)), None)
    check = PASS if saying is None else failed(f"a text says it: {case.words.pieces[saying].text[:200]!r}")
    return Needed(hops, modalities, _hop_check(claimed, hops), check)


def _hop_check(claimed: int, hops: int) -> Check:
    if claimed == 0:
        return not_applicable()
    if hops < claimed:
        return Check(result="pass", reason=f"relabelled: {hops} of {claimed} hops are needed")
    return PASS


def evidence_groups(case: Case) -> dict[int, list[str]]:
    """Element -> variables whose evidence stands in it, in the order of the pattern."""
    groups: dict[int, list[str]] = {}
    wanted = set(case.template.evidence) | {name for name in case.required if _holds(case, name)}
    for name, node in case.nodes.items():
        if name in wanted and _holds(case, name):
            groups.setdefault(case.element_of(node), []).append(name)
    return groups


def _holds(case: Case, name: str) -> bool:
    return case.snapshot.label_of(case.nodes[name]) in {"Assertion", "Chunk", "Formula", "Image", "Cell"}


def _anchor(case: Case, required: frozenset[str]) -> str:
    """A node on the side that computes the answer; of a relationship its left end."""
    ends = {hop.name: hop.source for hop in case.template.plan.hops}
    return next((ends.get(name, name) for name in case.nodes if name in required), next(iter(case.nodes)))


def _group_needed(case: Case, names: list[str], required: frozenset[str]) -> bool:
    """Whether the answer is lost or gains a rival without these variables."""
    gone = frozenset(names)
    if gone & required:
        return True
    rest = restricted(case.template.plan, gone, _anchor(case, required))
    return own_hops.lost(case, rest, required)


def _hop_needed(case: Case, hop: str, required: frozenset[str]) -> bool:
    if hop in required:
        return True
    return own_hops.lost(case, without(case.template.plan, hop, _anchor(case, required)), required)


def _asserted(case: Case, groups: dict[int, list[str]]) -> Iterator[str]:
    """Hops along asserted relations that do not merely join two groups."""
    plan = case.template.plan
    for hop in plan.hops:
        if hop.types and set(hop.types) <= LOOKUPS:
            continue
        near = {node.name for node in without(plan, hop.name, hop.source).nodes}
        sides: tuple[set[int], set[int]] = (set(), set())
        for element, names in groups.items():
            for name in names:
                sides[0 if name in near else 1].add(element)
        if not (sides[0] and sides[1] and not sides[0] & sides[1]):
            yield hop.name


def _alone(case: Case) -> list[int]:
    """Pieces that hold all claim words and the answer."""
    found = all_holders(case.words, case.claims, dict(case.nodes)).tolist()
    return [number for number in found if all(case.words.states(number, answer) for answer in case.derived.answers)]


def _fewest(case: Case, elements: list[int], alone: list[int]) -> int:
    """Joins that remain when the smallest part of the evidence that holds all claim words and the answer is taken."""
    if alone:
        return 0
    if case.header.derive is not None or len(elements) > 5:
        return len(elements)  # a computed answer stands in no part of the evidence; no bound
    words = case.words
    pieces = {element: words.of_nodes([element]) for element in elements}
    held = [holders(words, claim, case.nodes[claim.variable]) for claim in case.claims]
    for size in range(1, len(elements)):
        for some in combinations(elements, size):
            numbers = np.array(sorted(n for e in some for n in pieces[e]), np.int32)
            stated = any(words.states(int(n), answer) for n in numbers for answer in case.derived.answers)
            if stated and all(len(found.within(numbers)) for found in held):
                return size - 1
    return len(elements)


def _modalities(case: Case, elements: list[int]) -> tuple[Modality, ...]:
    found = {case.modality_of(element) for element in elements}
    return tuple(modality for modality in ORDER if modality in found)


def _modality_check(case: Case, elements: list[int], alone: list[int]) -> Check:
    """Fail where an element of another modality than the answer's says the answer."""
    own = _answer_modalities(case)
    for number in alone:
        piece = case.words.pieces[number]
        if piece.modality not in own and piece.node not in elements:
            return failed(f"a {piece.modality} element says it: {piece.text[:200]!r}")
    for number in case.words.of_nodes(elements):
        piece = case.words.pieces[number]
        if piece.modality not in own and any(case.words.states(number, answer) for answer in case.derived.answers):
            return failed(f"the cited {piece.modality} contains the answer: {piece.text[:200]!r}")
    return PASS


def _answer_modalities(case: Case) -> frozenset[Modality]:
    nodes = [case.nodes[name] for name in case.required if _holds(case, name)]
    nodes = nodes or list(case.stated) or list(case.operands)
    nodes += case.members
    return frozenset(case.modality_of(node) for node in nodes)
