"""`kgmine import`: a graph that others made becomes a workspace's graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgmine import graph, server
from kgmine.corpus import Manifest
from kgmine.workspace import Workspace
from runtime.artefacts import fingerprint, read_json, set_done, write_json
from schemas.errors import UsageError
from schemas.mapping import Mapping

if TYPE_CHECKING:
    from kg.graph.formats import Imported


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did."""

    built: graph.Built
    notes: tuple[str, ...]
    """What was guessed, widened or left out."""
    new: bool


def take(source: str, workspace: Workspace, mapping: Mapping, place: server.Place | None, *, refresh: bool) -> Taken:
    """Import a graph. A database that nobody wrote to since the last import is not read again.

    Args:
        source: folder of neo4j-admin CSV, a JSON-lines file, or a server's address.
        place: the server, where `source` is one.
        refresh: read the database in any case.

    Raises: UsageError: the workspace holds documents, or there is nothing to read at `source`.
    """
    if workspace.manifest.exists() and Manifest.read(workspace.manifest).imported is None:
        raise UsageError(f"{workspace.root}: holds a graph of documents; import into another workspace")
    if place is None:
        return _written(workspace, _read(Path(source), mapping), mapping, {})
    store = server.connect(place)
    try:
        seen = {"uri": place.uri, "database": place.database, "bookmark": store.bookmark()}
        known = _known(workspace, mapping, seen)
        if known is not None and not refresh:
            return known
        from kg.stores.neo4j_import import read_database

        return _written(workspace, read_database(store, mapping), mapping, seen)
    finally:
        store.close()


def _read(path: Path, mapping: Mapping) -> Imported:
    from kg.graph.formats import read

    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; expected neo4j-admin CSV, JSON lines or a server's address")
    return read(path, mapping)


def _written(workspace: Workspace, found: Imported, mapping: Mapping, seen: dict[str, str | None]) -> Taken:
    key = fingerprint("import", found.tables.hash)
    folder = workspace.graph(key)
    new = not (folder / "DONE").exists()
    if new:
        graph.store(found.tables, folder)
        set_done(folder, key)
    write_json(workspace.graph_pointer, {"key": key})
    Manifest(root="", documents=(), imported=key).write(workspace.manifest)
    memory = {"mapping": fingerprint(mapping.model_dump(mode="json")), "seen": seen, "notes": list(found.notes)}
    write_json(workspace.imported, memory)
    return Taken(graph.generation(workspace, key), tuple(found.notes), new)


def _known(workspace: Workspace, mapping: Mapping, seen: dict[str, str | None]) -> Taken | None:
    """The last import, where the database and the mapping are what they were."""
    if not workspace.imported.exists():
        return None
    memory = read_json(workspace.imported)
    if memory["seen"] != seen or memory["mapping"] != fingerprint(mapping.model_dump(mode="json")):
        return None
    return Taken(graph.current(workspace), tuple(memory["notes"]), new=False)
