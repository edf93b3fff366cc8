"""The graph stage: overlay, canonical tables, the user's edits on top, and the snapshot.

graph = f(corpus.json, fragments, schema.yaml, edits.jsonl)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgmine.corpus import Manifest
from kgmine.ingest import fragments
from kgmine.schema import used
from kgmine.workspace import Workspace
from runtime.artefacts import (
    fingerprint,
    is_done,
    read_json,
    read_rows,
    set_done,
    sha256_file,
    write_bytes,
    write_json,
    write_packed,
    write_rows,
)
from runtime.code import code_version
from schemas.errors import GraphError
from schemas.reject import Rejected

if TYPE_CHECKING:
    from kg.graph.tables import Tables
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
        """The graph."""
        return self.folder / "tables"

    @property
    def pure(self) -> Path:
        """What extraction alone gave; the graph itself where nobody edited it."""
        folder = self.folder / "pure"
        return folder if folder.exists() else self.tables

    @property
    def edits(self) -> Path:
        """The edits that this generation was built with."""
        return self.folder / "edits.jsonl"

    def read(self) -> Tables:
        """The graph's tables."""
        from kg.graph.tables import read

        return read(self.tables)

    def pure_tables(self) -> Tables:
        """The tables without the edits."""
        from kg.graph.tables import read

        return read(self.pure)

    def rejected(self) -> tuple[Rejected, ...]:
        """What the user's schema pruned, and edits that found no target."""
        return tuple(read_rows(self.folder / "rejected.jsonl", Rejected))


def build(workspace: Workspace, manifest: Manifest) -> Built:
    """Build the graph of the manifest's fragments, unless it is there; the pointer moves to it last."""
    documents = [entry.model_dump(mode="json") for entry in manifest.documents]
    schema = used(workspace)
    inputs = [schema.sha] if schema else []
    inputs += [sha256_file(workspace.edits)] if workspace.edits.exists() else []
    key = fingerprint(documents, code_version("kg.values", "kg.ontology", "kg.corpus", "kg.graph"), *inputs)
    folder = workspace.graph(key)
    new = not is_done(folder, key)
    if new:
        _write(workspace, manifest, folder)
        set_done(folder, key)
    write_json(workspace.graph_pointer, {"key": key})
    return replace(generation(workspace, key), new=new)


def rebuild(workspace: Workspace) -> Built:
    """The graph with the edits as they are now; nothing is ingested. An imported graph is as it was imported."""
    manifest = Manifest.read(workspace.manifest)
    return generation(workspace, manifest.imported) if manifest.imported else build(workspace, manifest)


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


def generations(workspace: Workspace) -> Iterator[Built]:
    """Every finished generation, in the order of their keys."""
    for path in sorted((workspace.root / "graph").glob("*/DONE")):
        yield generation(workspace, path.parent.name)


def snapshot(built: Built) -> Snapshot:
    """The memory-mapped snapshot of a generation, built on first use."""
    from kg.snapshot.build import open_snapshot

    return open_snapshot(built.tables)


def store(tables: Tables, folder: Path, rejected: tuple[Rejected, ...] = ()) -> None:
    """Write the tables of a generation with its counts and rejects."""
    tables.write(folder / "tables")
    write_rows(folder / "rejected.jsonl", rejected)
    counts = {"nodes": tables.node_count, "edges": tables.edge_count, "hash": tables.hash}
    write_json(folder / "counts.json", counts)


def _write(workspace: Workspace, manifest: Manifest, folder: Path) -> None:
    from kg.corpus.constrain import rejected as pruned
    from kg.corpus.overlay import build as overlay_of
    from kg.graph.build import build as tables_of
    from kg.graph.edits import apply_edits, read_edits, splits

    pairs, schema, edits = fragments(workspace, manifest), used(workspace), read_edits(workspace.edits)
    overlay = overlay_of(pairs, schema=schema, splits=splits(edits))
    write_packed(folder / "overlay.json.gz", overlay)
    tables, rejected = tables_of(pairs, overlay, schema), pruned(overlay)
    if edits:
        tables.write(folder / "pure")
        write_bytes(folder / "edits.jsonl", workspace.edits.read_bytes())
        applied = apply_edits(tables, edits)
        tables, rejected = applied.tables, (*rejected, *applied.rejected)
    store(tables, folder, rejected)
