"""What kgmine keeps on a server beside the graph: the state of the sync, the columns, and a constraint per label."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.graph.roles import HOUSE, Roles
from kg.graph.tables import EdgeKey, Tables, properties
from kg.stores.generation import quoted
from kg.stores.neo4j_connection import Connection
from schemas.errors import GraphError

META: Final = "KgmineSync"
"""Label of the one node that holds the state; it is not part of the graph."""
FORMAT: Final = 1
WRITING, WHOLE = "writing", "whole"
PREFIX: Final = "kgmine_id_"
"""Beginning of the names of kgmine's constraints; others are a user's."""

Columns = dict[tuple[str, ...], dict[str, str]]
"""(label,) or edge key -> property -> type."""


@dataclass(frozen=True, slots=True)
class State:
    """What the server says about kgmine's graph on it."""

    workspace: str
    """Id of the workspace that the graph belongs to."""
    state: str
    """`whole`, or `writing`: a sync began and has not ended."""
    content: str
    """Hash of the tables that were on the server when it was last whole; empty: never."""
    target: str
    """Hash of the tables that were written last, or are being written."""
    columns: Columns = field(repr=False)
    """Tables that kgmine wrote, with those of an unfinished sync."""
    roles: Roles = HOUSE
    """What the labels are for."""

    @property
    def is_whole(self) -> bool:
        """Whether the last sync ended."""
        return self.state == WHOLE

    def nodes(self) -> dict[str, dict[str, str]]:
        return {key[0]: types for key, types in self.columns.items() if len(key) == 1}

    def edges(self) -> dict[EdgeKey, dict[str, str]]:
        return {(key[0], key[1], key[2]): types for key, types in self.columns.items() if len(key) == 3}


def read_state(connection: Connection) -> State | None:
    """The state; None: no graph of kgmine's there.

    Raises: GraphError: it was written by a newer kgmine.
    """
    rows = connection.run(f"MATCH (m:{META}) RETURN properties(m)")
    if not rows:
        return None
    found = rows[0][0]
    if found.get("format") != FORMAT:
        raise GraphError(
            f"{connection.address}: its graph was written by another version of kgmine (format {found.get('format')}, "
            f"{FORMAT} expected); use that version, or another database"
        )
    columns = parse_columns(found["columns"])
    roles = Roles.model_validate_json(found["roles"])
    return State(found["workspace"], found["state"], found["content"], found["target"], columns, roles)


def columns_of(tables: Tables) -> Columns:
    """The columns of tables."""
    nodes: Columns = {(label,): properties(table) for label, table in tables.nodes.items()}
    return {**nodes, **{key: properties(table) for key, table in tables.edges.items()}}


def joined(old: Mapping[tuple[str, ...], Mapping[str, str]], new: Columns) -> Columns:
    """The columns of both; a type is the newer one's."""
    return {key: {**old.get(key, {}), **new.get(key, {})} for key in sorted({*old, *new})}


def dump_columns(columns: Columns) -> str:
    """As JSON, which keeps the order of columns."""
    return json.dumps([[list(key), list(types.items())] for key, types in columns.items()])


def parse_columns(text: str) -> Columns:
    """The inverse of `dump_columns`."""
    return {tuple(key): dict(types) for key, types in json.loads(text)}


def constraint_name(label: str) -> str:
    """The name of the constraint on a label's ids."""
    return PREFIX + hashlib.sha256(label.encode()).hexdigest()[:12]


def ensure_constraints(connection: Connection, labels: Iterable[str]) -> None:
    """One unique `id` per label, and one state per database.

    Raises: GraphError: nodes of somebody else have one id twice, or an index of somebody else is in the way.
    """
    rows = connection.run(
        "SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type WHERE type = 'UNIQUENESS' "
        "RETURN labelsOrTypes[0], properties"
    )
    there = {label for label, names in rows if names == ["id"]}
    wanted = [label for label in labels if label not in there]
    if [META, ["key"]] not in rows:
        connection.run(f"CREATE CONSTRAINT kgmine_sync IF NOT EXISTS FOR (n:{META}) REQUIRE n.key IS UNIQUE")
    for label in wanted:
        _constrain(connection, label)
    if wanted:
        connection.run("CALL db.awaitIndexes(3600)")


def drop_constraints(connection: Connection, keep: Iterable[str] = ()) -> None:
    """Remove kgmine's own constraints but those of some labels."""
    kept = {constraint_name(label) for label in keep}
    for [name] in connection.run("SHOW CONSTRAINTS YIELD name RETURN name"):
        if name.startswith(PREFIX) and name not in kept:
            connection.run(f"DROP CONSTRAINT {quoted(name)} IF EXISTS")


def _constrain(connection: Connection, label: str) -> None:
    text = f"CREATE CONSTRAINT {constraint_name(label)} IF NOT EXISTS FOR (n:{quoted(label)}) REQUIRE n.id IS UNIQUE"
    try:
        connection.run(text)
    except GraphError as error:
        reason = str(error)
        if "ConstraintCreationFailed" in reason or "ConstraintValidationFailed" in reason:
            raise GraphError(
                f"{connection.address}: nodes labelled {label} that kgmine did not write share an id, so ids cannot be "
                "kept unique; use another database, or give these nodes another label"
            ) from error
        if "IndexAlreadyExists" in reason:
            raise GraphError(
                f"{connection.address}: somebody's index on {label}.id is where kgmine needs a constraint; drop it "
                "(SHOW INDEXES names it), or use another database"
            ) from error
        raise
