"""Claims in normal form, and what it means to put them back.

A claim is `variable.property`. Its normal form is the snapshot's (`Snapshot.normal`): names without case, punctuation
and plural, amounts with scale and unit applied. What satisfies a claim:

    name, described of an Entity   nodes that have it as name or alias, and whatever SAME_AS joins to them: doubt counts
                                   against the sample. Of an entity of the user's own graph likewise by its name,
                                   where the plural counts: `Alien` is not `Aliens`
    subject of an Assertion        likewise, through the names of those entities
    the value of an Assertion      facts whose value is compatible (a coarser print of the same amount competes)
    scope of an Assertion, empty   vacuous: nothing needs saying, so nothing is demanded
    any property, null             "has none": a fact without period is another fact than one with
    anything else                  equal normal forms
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from kg.proof.reading import VALUE_PROPERTIES, base, neighbours, number_of
from kg.proof.relations import HasNodes, Nodes
from kg.proof.things import names_of, same_name
from kg.snapshot.evaluate_search import common
from kg.snapshot.snapshot import Snapshot
from kg.values import compatible
from kg.values import unit as units
from schemas.errors import DerivationError
from schemas.sample import Claim
from schemas.template import TemplateHeader

Array = npt.NDArray[Any]

VACUOUS: Final = frozenset({"scope", "set"})
"""Properties whose null says that nothing needs to be said."""
NEAR: Final = Decimal("0.5")
"""Relative half width of the window in which compatible numbers are looked for; half a unit of one printed digit."""


class HasHeader(Protocol):
    """A template of `kg.cypher.template`."""

    @property
    def header(self) -> TemplateHeader: ...


def claims_of(template: HasHeader | TemplateHeader, binding: HasNodes | Nodes, snapshot: Snapshot) -> tuple[Claim, ...]:
    """The claims of the header's `given`, in their order; vacuous ones are left out.

    A claim with an empty value says that the property has none.
    """
    header = template if isinstance(template, TemplateHeader) else template.header
    nodes: Nodes = binding if isinstance(binding, Mapping) else binding.nodes
    claims = []
    for name in header.given:
        variable, _, prop = name.partition(".")
        if variable not in nodes:
            continue
        node = nodes[variable]
        normal = _normal(snapshot, node, prop)
        if normal == "" and prop in VACUOUS and snapshot.roles.house:
            continue
        claims.append(Claim(variable=variable, property=prop, value=normal, surface=_surface(snapshot, node, prop)))
    return tuple(claims)


def _normal(snapshot: Snapshot, node: int, prop: str) -> str:
    return snapshot.normal(node, _read(snapshot, prop))


def _read(snapshot: Snapshot, prop: str) -> str:
    """The property that a claim is read from: the value of a fact is its text."""
    return "text" if prop == "value" and snapshot.roles.house else prop


def _surface(snapshot: Snapshot, node: int, prop: str) -> str:
    value = snapshot.get(node, _read(snapshot, prop))
    if isinstance(value, list):
        return "|".join(str(part) for part in value)
    return "" if value is None else str(value)


def candidates(claims: Iterable[Claim], labels: Mapping[str, tuple[str, ...]], snapshot: Snapshot) -> dict[str, Array]:
    """Variable -> nodes that satisfy all its claims, ascending.

    Args:
        claims: of one question.
        labels: variable -> labels that its pattern allows (empty: all).
    """
    of: dict[str, list[tuple[str, str, str]]] = {}
    for claim in claims:
        of.setdefault(claim.variable, []).append((claim.property, claim.value, claim.surface))
    return {name: _satisfying_all(snapshot, tuple(labels.get(name) or ()), tuple(said)) for name, said in of.items()}


@lru_cache(maxsize=4096)
def _satisfying_all(snapshot: Snapshot, labels: tuple[str, ...], said: tuple[tuple[str, str, str], ...]) -> Array:
    """Nodes that satisfy several claims (property, value, surface), ascending: from the claim that fewest satisfy."""
    every = []
    for claim in said:
        parts = [satisfying(snapshot, label, *claim) for label in snapshot.labels if not labels or label in labels]
        every.append(parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.int32), *parts]))
    every.sort(key=len)
    found = every[0]
    for nodes in every[1:]:
        found = common(found, nodes)
    return found


@lru_cache(maxsize=16384)
def satisfying(snapshot: Snapshot, label: str, prop: str, value: str, surface: str) -> Array:
    """Nodes of a label that satisfy one claim, ascending, int32."""
    if prop in names_of(snapshot, label):
        return _named(snapshot, label, value, surface)
    if not snapshot.roles.house:
        return _members(snapshot, label, prop, value)
    if label == "Assertion" and prop == "subject":
        return _about(snapshot, value)
    if label == "Assertion" and prop in VALUE_PROPERTIES and prop != "date":
        return _valued(snapshot, value, "text" if prop == "value" else prop, surface)
    return snapshot.find(label, prop, value)


def said_of(snapshot: Snapshot, edge: int, claim: Claim) -> bool:
    """Whether an edge satisfies a claim."""
    return snapshot.normal(~edge, claim.property) == claim.value


def _members(snapshot: Snapshot, label: str, prop: str, value: str) -> Array:
    """Nodes with a value; of a list all claimed members must be in it."""
    found = snapshot.find(label, prop, value)
    if "|" not in value:
        return found
    parts = [snapshot.find(label, prop, part) for part in value.split("|")]
    nodes = parts[0]
    for other in parts[1:]:
        nodes = np.intersect1d(nodes, other, assume_unique=True)
    return np.union1d(found, nodes).astype(np.int32)


def _named(snapshot: Snapshot, label: str, value: str, surface: str = "") -> Array:
    props = names_of(snapshot, label)
    parts = [snapshot.find(label, prop, value) for prop in props]
    nodes = {int(node) for part in parts for node in part} if value else {int(node) for node in parts[0]}
    if surface and not snapshot.roles.house:
        nodes = {node for node in nodes if any(same_name(name, surface) for name in _names(snapshot, node, props))}
    twins = {other for node in nodes for other in neighbours(snapshot, node, "SAME_AS", 0)}
    return np.array(sorted(nodes | twins), np.int32)


def _names(snapshot: Snapshot, node: int, props: Iterable[str]) -> list[str]:
    values = [snapshot.get(node, prop) for prop in props]
    return [str(name) for value in values if value for name in (value if isinstance(value, list) else [value])]


def _about(snapshot: Snapshot, value: str) -> Array:
    exact = snapshot.find("Assertion", "subject", value)
    if not value:
        return exact
    names = {snapshot.normal(int(node), "name") for node in _named(snapshot, "Entity", value)} - {value, ""}
    parts = [exact, *(snapshot.find("Assertion", "subject", name) for name in sorted(names))]
    return np.unique(np.concatenate(parts)).astype(np.int32)


def _valued(snapshot: Snapshot, value: str, prop: str, surface: str) -> Array:
    """Facts whose value is compatible with a claimed one: equal normal forms, or equal at the coarser print."""
    same = snapshot.find("Assertion", prop, value)
    first = next((int(node) for node in same if snapshot.get(int(node), "kind") == "number"), None)
    if first is None:
        return same
    claimed = next((node for node in map(int, same) if str(snapshot.get(node, prop)) == surface), first)
    number = number_of(snapshot, claimed)
    amount = float(base(number)) * float(units.factor(number.unit))
    nodes, amounts = _amounts(snapshot, units.dimension(number.unit))
    width = abs(amount) * float(NEAR) + 10.0 ** (number.scale - number.decimals) * float(units.factor(number.unit))
    low, high = np.searchsorted(amounts, [amount - width, amount + width * 2])
    close = [int(node) for node in nodes[low:high] if compatible(number_of(snapshot, int(node)), number)]
    return np.unique(np.concatenate([same, np.array(close, np.int32)])).astype(np.int32)


@lru_cache(maxsize=256)
def _amounts(snapshot: Snapshot, dimension: str) -> tuple[Array, Array]:
    """(facts, amounts in the base of the dimension), ascending by amount: built once per dimension."""
    pairs = []
    for node in range(*snapshot.ranges.get("Assertion", (0, 0))):
        if snapshot.get(node, "kind") != "number" or units.dimension(snapshot.get(node, "unit") or None) != dimension:
            continue
        try:
            value = number_of(snapshot, node)
        except DerivationError:
            continue
        pairs.append((float(base(value)) * float(units.factor(value.unit)), node))
    pairs.sort()
    return np.array([node for _, node in pairs], np.int32), np.array([amount for amount, _ in pairs])
