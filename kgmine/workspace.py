"""Where things lie in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.errors import UsageError


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with everything that a run needs again: fragments, graph, templates, runs."""

    root: Path

    @property
    def manifest(self) -> Path:
        return self.root / "corpus.json"

    @property
    def config(self) -> Path:
        return self.root / "kgmine.yaml"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def splits(self) -> Path:
        return self.root / "splits.json"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def rejected(self) -> Path:
        return self.root / "rejected.jsonl"

    @property
    def edits(self) -> Path:
        """What users changed in the graph."""
        return self.root / "edits.jsonl"

    @property
    def schema(self) -> Path:
        """The user's schema, where it does not lie beside the configuration."""
        return self.root / "schema.yaml"

    @property
    def used_schema(self) -> Path:
        """The schema that the last ingest used; absent where there was none."""
        return self.root / "graph" / "schema.yaml"

    @property
    def server(self) -> Path:
        """What was last written to a server."""
        return self.root / "graph" / "server.json"

    @property
    def imported(self) -> Path:
        """Where an imported graph came from."""
        return self.root / "graph" / "imported.json"

    @property
    def graph_pointer(self) -> Path:
        return self.root / "graph" / "current.json"

    def fragment(self, key: str, artefact: str) -> Path:
        """`artefact`: elements, facts or rejected."""
        return self.root / "fragments" / key[:2] / f"{key}.{artefact}.json.gz"

    def graph(self, key: str) -> Path:
        return self.root / "graph" / key

    def run(self, key: str) -> Path:
        return self.root / "runs" / key


def workspace_of(folder: Path) -> Workspace:
    """The workspace that a user names: the folder itself, or `workspace/` in an export folder.

    Raises: UsageError: there is none.
    """
    for candidate in (folder, folder / "workspace"):
        if (candidate / "corpus.json").exists():
            return Workspace(candidate)
    raise UsageError(f"{folder}: no workspace here; `kgmine ingest CORPUS --workspace {folder}` makes one")
