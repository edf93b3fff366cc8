"""Nodes and relationships of any graph: what names them, and what they say in one line.

A thing is a node i, or an edge e as `~e` (`kg.snapshot.snapshot`). In a graph that kgmine extracted only an Entity has
a name and facts are Assertions. In a user's own graph (`Roles.house` is false) the roles say which property names the
nodes of a label; every property and every relationship is a fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from kg.cypher.plan import Plan
from kg.snapshot.evaluate import Binding
from kg.snapshot.snapshot import Snapshot
from kg.values import unit as units

ALIASES: Final = "aliases"
"""Property that holds further names of a node, a list of strings."""
HOUSE_NAMES: Final = ("name", "described", ALIASES)
_SOUND: Final = re.compile(r"[^\W_]+")


def bound(plan: Plan, bindings: Mapping[str, str], snapshot: Snapshot) -> tuple[dict[str, int], str | None]:
    """Named variables of a match -> things, and the first variable whose thing is not in the graph.

    Args:
        bindings: variable -> node or edge id; a variable-length relationship is many and is left out.
    """
    found: dict[str, int] = {}
    for name in plan.named_nodes:
        index = snapshot.index_of(bindings.get(name, ""))
        if index is None:
            return found, name
        found[name] = index
    for name in plan.named_hops:
        edge = snapshot.edge_index(bindings.get(name, ""))
        if edge is None:
            return found, name
        found[name] = ~edge
    return found, None


def binding_of(things: Mapping[str, int]) -> Binding:
    """Things as the evaluator binds them."""
    return Binding(
        {name: thing for name, thing in things.items() if thing >= 0},
        {name: ~thing for name, thing in things.items() if thing < 0},
    )


def properties(snapshot: Snapshot, thing: int) -> dict[str, str]:
    """Property -> type of a thing's label or type."""
    label = snapshot.label_of(thing)
    return snapshot.properties(label) if thing >= 0 else snapshot.edge_properties(label)


@lru_cache(maxsize=1024)
def names_of(snapshot: Snapshot, label: str) -> tuple[str, ...]:
    """The properties that name an entity of a label, the name itself first; () where the label is no entity."""
    name = snapshot.roles.entities.get(label)
    if name is None:
        return ()
    if snapshot.roles.house:
        return HOUSE_NAMES
    further = (ALIASES,) if name != ALIASES and ALIASES in snapshot.properties(label) else ()
    return (name, *further)


def is_name(snapshot: Snapshot, thing: int, prop: str) -> bool:
    """Whether a property names its node, so that as an answer it is the node."""
    return thing >= 0 and prop in names_of(snapshot, snapshot.label_of(thing))[:1]


def same_name(one: str, other: str) -> bool:
    """Whether two names of the user's own are one: `Alien` is not `Aliens`, case and punctuation do not count."""
    return _SOUND.findall(one.casefold()) == _SOUND.findall(other.casefold())


def called(snapshot: Snapshot, thing: int) -> str:
    """What a person would call a thing: its name, else the beginning of its text, else its label and id."""
    if thing < 0:
        return edge_text(snapshot, ~thing)
    label = snapshot.label_of(thing)
    name = snapshot.roles.name_of(label) or snapshot.roles.texts.get(label)
    words = " ".join(str(snapshot.get(thing, name) or "").split()) if name else ""
    if not words:
        return f"{label} {snapshot.id_of(thing)}"
    return words if len(words) <= 80 else f"{words[:79]}…"


def plain(value: Any) -> str:
    """A property's value as text; the members of a list one after the other."""
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def property_text(snapshot: Snapshot, thing: int, prop: str) -> str:
    """`runtime of Alien = 117 minutes`; of a name `Person Ridley Scott`; of a relationship `year of A WON B = 2001`."""
    value = plain(snapshot.get(thing, prop))
    if is_name(snapshot, thing, prop):
        return f"{snapshot.label_of(thing)} {value}"
    unit = units.spoken(snapshot.roles.unit_of(snapshot.label_of(thing), prop), many=value not in ("1", "-1"))
    return f"{prop} of {called(snapshot, thing)} = {value} {unit}".rstrip()


def edge_text(snapshot: Snapshot, edge: int) -> str:
    """`Ridley Scott DIRECTED Alien`."""
    _, kind, source, target = snapshot.edge(edge)
    return f"{called(snapshot, source)} {kind} {called(snapshot, target)}"


def thing_text(snapshot: Snapshot, thing: int) -> str:
    """A thing with all that it says of itself: `Movie Alien: runtime 117 minutes; year 1979`."""
    label, name = snapshot.label_of(thing), snapshot.roles.name_of(snapshot.label_of(thing))
    said = []
    for prop in sorted(properties(snapshot, thing)):
        value = snapshot.get(thing, prop)
        if prop not in (name, "id") and value is not None and value not in ("", []):
            unit = units.spoken(snapshot.roles.unit_of(label, prop), many=value != 1)
            said.append(f"{prop} {plain(value)} {unit}".rstrip())
    head = called(snapshot, thing) if thing < 0 else f"{label} {called(snapshot, thing)}"
    return f"{head}: {'; '.join(said)}" if said else head
