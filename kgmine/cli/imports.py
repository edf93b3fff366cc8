"""`kgmine import`."""

from __future__ import annotations

from pathlib import Path

import click

from kgmine.cli import options


@click.command("import")
@click.argument("source")
@click.option(
    "--workspace", "folder", type=options.FOLDER, required=True, help="Folder of the workspace; made if missing."
)
@click.option("--config", "config_file", type=options.FOLDER, help="kgmine.yaml with the mapping (section `graph`).")
@click.option("--set", "overrides", multiple=True, metavar="A.B=C", help="Override one key of the configuration.")
@options.refresh
def import_(source: str, folder: Path, config_file: Path | None, overrides: tuple[str, ...], refresh: bool) -> None:
    """Take the graph at SOURCE: a folder of neo4j-admin CSV, a JSON-lines file, or a Neo4j server's address.

    What the labels mean stands in the section `graph` of the configuration; what it leaves out is guessed, and said.
    """
    from kgmine.config import load
    from kgmine.imports import take
    from kgmine.server import is_server, place_of
    from kgmine.workspace import Workspace

    config = load(config_file, overrides)
    place = place_of(source, config.store) if is_server(source) else None
    taken = take(source, Workspace(folder), config.graph, place, refresh=refresh)
    for note in taken.notes:
        click.echo(f"  {note}")
    state = "" if taken.new else ", as before"
    click.echo(f"graph {taken.built.key}: {taken.built.nodes:,} nodes, {taken.built.edges:,} edges{state}")
    click.echo(f"next: kgmine schema --workspace {folder}")
