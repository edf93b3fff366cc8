"""What an import gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.graph.formats.gather import Gathered
from kg.graph.formats.guess import completed
from kg.graph.roles import Roles
from kg.graph.tables import Tables, properties
from kg.values import unit
from schemas.errors import ConfigError
from schemas.mapping import ROLES, Mapping


@dataclass(frozen=True)
class Imported:
    """A user's graph as canonical tables with roles."""

    tables: Tables
    mapping: Mapping
    """The mapping with what was guessed."""
    notes: tuple[str, ...]
    """Lines for the user: what was guessed, converted or left out."""

    @classmethod
    def of(cls, gathered: Gathered, mapping: Mapping, roles: Roles | None = None) -> Imported:
        """Resolve what a reader gathered.

        Args: roles: those that the graph brings along; what the mapping names wins, and nothing is guessed.

        Raises:
            GraphError: two nodes have one key, or an edge's end is missing.
            ConfigError: the mapping names what the graph does not have.
        """
        tables = gathered.tables(mapping)
        _check(mapping, tables)
        if roles is None:
            mapping = completed(mapping, tables, gathered.note)
            roles = Roles()
        named = {role: getattr(mapping, role) for role in (*ROLES, "source")}
        units = {label: {name: _unit(label, name, u) for name, u in of.items()} for label, of in mapping.units.items()}
        changed = {key: value for key, value in {**named, "units": units}.items() if value}
        if mapping.closed_world:
            changed["closed_world"] = True
        full = replace(tables, roles=Roles.model_validate({**roles.model_dump(), **changed}))
        return cls(full, mapping, tuple(gathered.notes))


def _check(mapping: Mapping, tables: Tables) -> None:
    """Every label and property that the mapping names is there."""
    wanted = [(role, label, name) for role in (*ROLES, "source") for label, name in getattr(mapping, role).items()]
    wanted += [("units", label, name) for label, of in mapping.units.items() for name in of]
    for role, label, name in wanted:
        where = f"graph.{role}.{label}"
        if label not in tables.nodes:
            raise ConfigError(f"{where}: no node has this label; the graph has {', '.join(tables.nodes) or 'no nodes'}")
        types = properties(tables.nodes[label])
        if name != "id" and name not in types:
            raise ConfigError(f"{where}: {label} has no property {name}; it has {', '.join(types) or 'none'}")
        if role in ROLES and types.get(name, "string") != "string":
            raise ConfigError(f"{where}: {name} is {types[name]}; a name or a text is a string")
        if role == "units" and types.get(name) not in ("int64", "float64"):
            raise ConfigError(f"{where}: {name} is {types.get(name, 'string')}; only numbers have a unit")


def _unit(label: str, name: str, text: str) -> str:
    found = unit.find(text)
    if found is None:
        raise ConfigError(f"graph.units.{label}.{name}: {text!r} is no unit that kgmine knows")
    return found
