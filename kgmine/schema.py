"""Which `schema.yaml` constrains a workspace, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgmine.workspace import Workspace
from runtime.artefacts import write_bytes

if TYPE_CHECKING:
    from schemas.ontology import Schema

NAME = "schema.yaml"


def find(workspace: Workspace, config_file: Path | None) -> Path | None:
    """The schema beside the configuration, else the workspace's; None: extraction is free."""
    beside = config_file.parent / NAME if config_file else None
    return next((path for path in (beside, workspace.schema) if path and path.exists()), None)


def adopt(workspace: Workspace, path: Path | None) -> Schema | None:
    """Check a schema and keep a copy: the graph is built again without naming it.

    Raises: ConfigError: it is wrong; names file, line and column.
    """
    from kg.ontology import load

    if path is None:
        workspace.used_schema.unlink(missing_ok=True)
        return None
    schema = load(path)
    write_bytes(workspace.used_schema, path.read_bytes())
    return schema


def used(workspace: Workspace) -> Schema | None:
    """The schema that the last ingest used."""
    from kg.ontology import load

    return load(workspace.used_schema) if workspace.used_schema.exists() else None
