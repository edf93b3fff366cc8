"""The graph stage: overlay, canonical tables and snapshot of the live fragments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgmine.corpus import Manifest
from kgmine.ingest import fragments
from kgmine.workspace import Workspace
from runtime.artefacts import fingerprint, is_done, read_json, set_done, write_json, write_packed
from runtime.code import code_version
from schemas.errors import GraphError

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Built:
    """One generation of the graph on disk."""

    folder: Path
    key: str
    nodes: int
    edges: int
    content: str
    """Content hash of the tables, which is the snapshot's."""
    new: bool = False

    @property
    def tables(self) -> Path:
        return self.folder / "tables"


def build(workspace: Workspace, manifest: Manifest) -> Built:
    """Build the graph of the manifest's fragments, unless it is there; the pointer moves to it last."""
    documents = [entry.model_dump(mode="json") for entry in manifest.documents]
    key = fingerprint(documents, code_version("kg.values", "kg.corpus", "kg.graph"))
    folder = workspace.graph(key)
    new = not is_done(folder, key)
    if new:
        _write(workspace, manifest, folder)
        set_done(folder, key)
    write_json(workspace.graph_pointer, {"key": key})
    return replace(generation(workspace, key), new=new)


def current(workspace: Workspace) -> Built:
    """The generation that the pointer names.

    Raises: GraphError: nothing was built yet, or it is damaged.
    """
    return generation(workspace, read_json(workspace.graph_pointer)["key"])


def generation(workspace: Workspace, key: str) -> Built:
    """One finished generation.

    Raises: GraphError: it is not there or not whole.
    """
    folder = workspace.graph(key)
    if not is_done(folder, key):
        raise GraphError(f"{folder}: not finished; run `kgmine ingest` again")
    counts = read_json(folder / "counts.json")
    return Built(folder, key, counts["nodes"], counts["edges"], counts["hash"])


def snapshot(built: Built) -> Snapshot:
    """The memory-mapped snapshot of a generation, built on first use."""
    from kg.snapshot.build import open_snapshot

    return open_snapshot(built.tables)


def _write(workspace: Workspace, manifest: Manifest, folder: Path) -> None:
    from kg.corpus.overlay import build as overlay_of
    from kg.graph.build import build as tables_of

    pairs = fragments(workspace, manifest)
    overlay = overlay_of(pairs)
    tables = tables_of(pairs, overlay)
    write_packed(folder / "overlay.json.gz", overlay)
    tables.write(folder / "tables")
    counts = {
        "nodes": sum(table.num_rows for table in tables.nodes.values()),
        "edges": sum(table.num_rows for table in tables.edges.values()),
        "hash": tables.hash,
    }
    write_json(folder / "counts.json", counts)
