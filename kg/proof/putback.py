"""Put claims back: every match of the pattern that satisfies the claims, all else free, over the whole snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from kg.cypher.plan import Plan, variables
from kg.proof.claims import Array, candidates, said_of
from kg.snapshot.evaluate import engine
from kg.snapshot.evaluate_search import common
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Claim

MOST_MATCHES: Final = 20_000


class TooManyError(Exception):
    """The claims leave more open than is worth enumerating; internal to `kg.proof`, which turns it into a fail."""


def matches(plan: Plan, claims: Sequence[Claim], snapshot: Snapshot) -> Iterator[dict[str, int]]:
    """Named variables of every match of the pattern with the claims, predicates left out: nodes, and edges as `~e`.

    Matches that differ in anonymous nodes or edges only come once. Variable-length relationships are left out.

    Raises:
        TooManyError: more than `MOST_MATCHES` matches.
    """
    labels, names, hops = plan.labels, plan.named_nodes, plan.named_hops
    held = candidates([claim for claim in claims if claim.variable in labels], labels, snapshot)
    of_edges = [claim for claim in claims if claim.variable in hops]
    seen: set[tuple[int, ...]] = set()
    found = 0
    for search in engine(snapshot).searches(plan, predicates=False):
        known: dict[int, Array] = {}
        for name, nodes in held.items():
            slot = search.shape.variables[name]
            known[slot] = common(known[slot], nodes) if slot in known else nodes
        places = [search.shape.variables[name] for name in names]
        links = [_single(search.shape.relationships[name]) for name in hops]
        for state in search.run(known, {}):
            found += 1
            if found > MOST_MATCHES:
                raise TooManyError
            if not all(said_of(snapshot, state.edges[links[hops.index(claim.variable)]], claim) for claim in of_edges):
                continue
            key = (*(state.nodes[place] for place in places), *(~state.edges[link] for link in links))
            if key not in seen:
                seen.add(key)
                yield dict(zip((*names, *hops), key, strict=True))


def _single(link: int | tuple[int, ...]) -> int:
    """The link of a relationship of fixed length."""
    assert isinstance(link, int)
    return link


@lru_cache(maxsize=512)
def restricted(plan: Plan, gone: frozenset[str], keep: str) -> Plan:
    """The plan without some node variables, and without all that this cuts off from a variable.

    Args:
        plan: of a template.
        gone: node variables that are taken out, with their hops.
        keep: node variable whose side stays, e.g. the answer's.
    """
    bare = replace(
        plan,
        nodes=tuple(node for node in plan.nodes if node.name not in gone),
        hops=tuple(hop for hop in plan.hops if not {hop.source, hop.target} & gone),
        paths=(),
    )
    kept = set(next(part for part in bare.components if keep in part))
    return replace(
        bare,
        nodes=tuple(node for node in bare.nodes if node.name in kept),
        hops=tuple(hop for hop in bare.hops if hop.source in kept),
        masks=(),
        cross=tuple(part for part in plan.cross if set(variables(part, plan.scope)) <= kept),
    )


def on(claims: Sequence[Claim], names: Collection[str]) -> list[Claim]:
    """The claims on some variables."""
    return [claim for claim in claims if claim.variable in names]
