"""Roles travel with the tables and the snapshot."""

from __future__ import annotations

from pathlib import Path

from kg.graph import disk
from kg.graph.diff import apply, diff
from kg.graph.roles import HOUSE, Roles
from kg.graph.tables import Tables, tables_from
from kg.snapshot.build import open_snapshot, snapshot_of

NODES = [{"id": "m", "label": "Movie", "title": "Alien"}, {"id": "p", "label": "Person", "name": "Ridley Scott"}]
EDGES = [{"type": "DIRECTED", "source": "p", "target": "m"}]
ROLES = Roles(entities={"Person": "name", "Movie": "title"}, units={"Movie": {"runtime": "minute"}}, closed_world=True)


def test_tables_without_roles_are_the_houses() -> None:
    assert tables_from(NODES, EDGES).roles == HOUSE
    assert snapshot_of(tables_from(NODES, EDGES)).roles.house


def test_roles_come_back_from_disk_and_from_the_snapshot(tmp_path: Path) -> None:
    tables = tables_from(NODES, EDGES, ROLES)
    tables.write(tmp_path / "tables")
    assert disk.read(tmp_path / "tables").roles == ROLES
    assert open_snapshot(tmp_path / "tables").roles == ROLES
    assert open_snapshot(tmp_path / "tables").hash == tables.hash


def test_other_roles_are_another_graph_whatever_their_order() -> None:
    turned = ROLES.model_copy(update={"entities": {"Movie": "title", "Person": "name"}})
    assert tables_from(NODES, EDGES, ROLES).hash == tables_from(NODES, EDGES, turned).hash
    assert tables_from(NODES, EDGES, ROLES).hash != tables_from(NODES, EDGES).hash


def test_a_store_that_takes_a_diff_takes_its_roles() -> None:
    tables = tables_from(NODES, EDGES, ROLES)
    assert apply(Tables({}, {}), diff(Tables({}, {}), tables)).roles == ROLES


def test_a_name_is_that_of_the_entity_or_the_document() -> None:
    assert ROLES.name_of("Movie") == "title"
    assert ROLES.name_of("Genre") is None
    assert HOUSE.name_of("Document") == "title"
    assert ROLES.unit_of("Movie", "runtime") == "minute"
    assert ROLES.unit_of("Person", "born") is None
