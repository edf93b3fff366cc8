"""What the labels of a graph are for: which are entities, texts, documents and tables, and what names them.

A graph that kgmine extracted plays `HOUSE`: an Entity has a `name`, facts are Assertions with supports in documents. A
user's own graph has other labels: there every node may answer, its properties and relationships are the facts, and
the graph itself is the source. Roles travel with the tables (manifest, content hash) and with the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.base import Row
from schemas.errors import GraphError


class Roles(Row):
    """Label -> property, by role. A label may have several roles (a film has a title and a plot)."""

    house: bool = False
    """The graph has kgmine's own labels, and facts are Assertions."""
    entities: dict[str, str] = {}
    """Label -> the property that names a node; two nodes of one name are two things."""
    texts: dict[str, str] = {}
    """Label -> the property that holds running text."""
    documents: dict[str, str] = {}
    """Label -> the property that holds the title."""
    tables: dict[str, str] = {}
    """Label -> the property that holds the table as text."""
    source: dict[str, str] = {}
    """Label -> the property that says where a node's properties come from (a URL, a file)."""
    units: dict[str, dict[str, str]] = {}
    """Label -> property -> canonical unit of its numbers, as `kg.values.unit` writes it."""
    closed_world: bool = False
    """What the graph does not say is not so: counts and lists over it are complete."""

    def name_of(self, label: str) -> str | None:
        """The property that names a node of a label; None where nodes of the label have no name."""
        return self.entities.get(label) or self.documents.get(label)

    def unit_of(self, label: str, prop: str) -> str | None:
        """Canonical unit of a property's numbers; None for bare numbers and words."""
        return self.units.get(label, {}).get(prop)

    def canonical(self) -> Roles:
        """The same roles in canonical order of labels, for manifests and hashes."""
        found = {name: _sorted(value) for name, value in self.model_dump().items()}
        return Roles.model_validate(found)


def _sorted(value: object) -> object:
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


HOUSE: Final = Roles(
    house=True,
    entities={"Entity": "name"},
    texts={"Chunk": "text"},
    documents={"Document": "title"},
    tables={"Table": "text"},
)
"""The roles of kgmine's own labels (`kg.graph.model`)."""


def manifest_entry(roles: Roles) -> dict[str, Any]:
    """What a manifest says of the roles: nothing of kgmine's own."""
    return {} if roles == HOUSE else {"roles": roles.canonical().model_dump(exclude_defaults=True)}


def roles_of(manifest: Mapping[str, Any]) -> Roles:
    """The roles that a manifest names.

    Raises:
        GraphError: they are damaged.
    """
    try:
        return Roles.model_validate(manifest["roles"]) if "roles" in manifest else HOUSE
    except ValidationError as error:
        raise GraphError(f"the roles of the graph are damaged: {error.errors()[0]['msg']}") from error
