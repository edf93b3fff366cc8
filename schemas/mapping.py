"""How a user's own graph is read: section `graph` of `kgmine.yaml`."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from schemas.base import Row

ROLES: Final = ("documents", "texts", "tables", "entities")
"""The fields of `Mapping` that say what a label is."""


class Mapping(Row):
    """What the labels of an imported graph mean. What is not named is guessed from the properties, and said."""

    documents: dict[str, str] = {}
    """Label -> property with the title: sources that texts and tables belong to."""
    texts: dict[str, str] = {}
    """Label -> property with the text: nodes that are running text."""
    tables: dict[str, str] = {}
    """Label -> property with the caption or name."""
    entities: dict[str, str] = {}
    """Label -> property with the name that a question calls the node by."""
    source: dict[str, str] = {}
    """Label -> property that says where the node comes from (an address, a citation)."""
    units: dict[str, dict[str, str]] = {}
    """Label -> property -> unit of its numbers: minute, USD, kilometre."""
    primary: tuple[str, ...] = ()
    """Labels in order: a node with several labels belongs to the first of these that it has, the others become its list
    property `labels`. Without any of them it belongs to its first label."""
    key: dict[str, str] = {}
    """Label -> property that becomes the node's id."""
    labels: tuple[str, ...] = ()
    """Only nodes with one of these labels; empty: all."""
    types: tuple[str, ...] = ()
    """Only relationships of these types; empty: all."""
    literals: tuple[str, ...] = ()
    """Triples: predicates whose object is a value of the subject, not a node. Numbers and booleans always are."""
    closed_world: bool = Field(default=False)
    """What the graph does not say is not so: counts, superlatives and lists over it are complete."""

    def roles(self) -> dict[str, str]:
        """Label -> property, over all four roles."""
        return {label: name for role in ROLES for label, name in getattr(self, role).items()}
