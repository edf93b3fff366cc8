"""`kgmine ingest`."""

from __future__ import annotations

from pathlib import Path

import click

from kgmine.cli import options


@click.command()
@click.argument("corpus", type=options.FOLDER)
@click.option(
    "--workspace", "folder", type=options.FOLDER, required=True, help="Folder of the workspace; made if missing."
)
@options.jobs
@options.first
@options.configuration
@options.store
@options.refresh
@options.discard_edits
def ingest(
    corpus: Path,
    folder: Path,
    jobs: int,
    first: int | None,
    config_file: Path | None,
    overrides: tuple[str, ...],
    max_pages: int | None,
    store: str | None,
    refresh: bool,
    discard_edits: bool,
) -> int:
    """Read CORPUS into the workspace: elements, facts and the graph. Unchanged documents cost nothing."""
    from kgmine.config import load
    from kgmine.graph import build
    from kgmine.ingest import ingest as read
    from kgmine.report import ingested
    from kgmine.schema import find
    from kgmine.server import place_of
    from kgmine.sync import Sync, beside
    from kgmine.workspace import Workspace

    workspace = Workspace(folder)
    config = load(config_file, options.with_pages(overrides, max_pages))
    place, sync = place_of(store, config.store), Sync(refresh=refresh, discard_edits=discard_edits)
    with beside(workspace, place, say=click.echo, options=sync) as push:
        schema = find(workspace, config_file)
        result = read(corpus, workspace, config, schema=schema, jobs=jobs, first=first)
        built = push(build(workspace, result.manifest))
    click.echo(ingested(result, built))
    return exit_code(result.manifest, config.max_reject_share)


def exit_code(manifest: object, allowed: float) -> int:
    """0 ok, 1 nothing could be read, 3 too many rejects or a transient one."""
    from kgmine.corpus import Manifest

    assert isinstance(manifest, Manifest)
    if manifest.imported is not None:
        return 0
    read, rejected = len(manifest.documents), len(manifest.rejected)
    if not read:
        return 1
    if any(row.transient for row in manifest.rejected) or rejected / (read + rejected) > allowed:
        return 3
    return 0
