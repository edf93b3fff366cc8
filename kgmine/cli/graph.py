"""`kgmine graph`: the graph on a server, what users changed there, and exports of the graph itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgmine.cli import options
from schemas.errors import UsageError

if TYPE_CHECKING:
    from kgmine.server import Place
    from kgmine.sync import Session
    from kgmine.workspace import Workspace


@click.group()
def graph() -> None:
    """Keep the graph on a Neo4j server, list what users changed there, export the graph."""


@graph.command()
@options.workspace
@options.store
@options.refresh
@options.discard_edits
def push(folder: Path, store: str | None, refresh: bool, discard_edits: bool) -> None:
    """Pull what users changed, then make the server hold the workspace's graph."""
    from kgmine.graph import rebuild
    from kgmine.sync import Sync, beside

    workspace, place = _place(folder, store)
    with beside(workspace, place, say=click.echo, options=Sync(refresh=refresh, discard_edits=discard_edits)) as write:
        built = write(rebuild(workspace))
    click.echo(f"graph:  {built.nodes:,} nodes, {built.edges:,} edges")


@graph.command()
@options.workspace
@options.store
@options.refresh
def pull(folder: Path, store: str | None, refresh: bool) -> None:
    """Harvest what users changed on the server into the workspace's edits.jsonl."""
    from kgmine.graph import rebuild

    with _session(folder, store) as session:
        count = session.pull(refresh=refresh)
        built = rebuild(session.workspace)
    click.echo(f"{count} edits are new or gone; `kgmine graph diff` lists them")
    for row in built.rejected():
        click.echo(f"  {row.check}: {row.item}: {row.reason}", err=True)


@graph.command()
@options.workspace
@options.store
@options.refresh
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
def diff(folder: Path, store: str | None, refresh: bool, form: str) -> None:
    """List the edits: what a user changed, what extraction says, and what became of it."""
    from kg.graph.edits import describe, read_edits
    from kgmine.report import table
    from kgmine.sync import graph_of
    from kgmine.workspace import workspace_of

    workspace = workspace_of(folder)
    built = graph_of(folder, store, refresh=refresh)
    edits = read_edits(workspace.edits)
    rows = describe(edits, built.pure_tables())
    if form == "jsonl":
        for row in rows:
            click.echo(row.model_dump_json())
        return
    click.echo(table(("edit", "element", "change", "extraction says", "state"), [row.cells() for row in rows]))
    click.echo(f"{len(rows)} edits")


@graph.command()
@options.workspace
@click.option("--format", "form", type=click.Choice(["neo4j-csv", "jsonl"]), default="neo4j-csv", show_default=True)
@click.option("--out", type=options.FOLDER, required=True, help="Folder of the CSV files, or the JSON-lines file.")
def export(folder: Path, form: str, out: Path) -> None:
    """Write the graph for other programs; `kgmine import` reads it back equal."""
    from kg.graph.formats import write_csv, write_jsonl
    from kgmine.sync import graph_of

    tables = graph_of(folder).read()
    if form == "neo4j-csv":
        write_csv(tables, out)
        click.echo(f"wrote {out}; load it with: neo4j-admin database import full neo4j @import.args")
    else:
        file = out if out.suffix else out / "graph.jsonl"
        write_jsonl(tables, file)
        click.echo(f"wrote {file}")


@graph.command()
@options.workspace
@options.store
def drop(folder: Path, store: str | None) -> None:
    """Remove kgmine's graph from the server; what others wrote there stays. The workspace keeps its own."""
    from kgmine.server import forget

    with _session(folder, store) as session:
        session.store.drop()
        forget(session.workspace)
    click.echo(f"{session.place.uri}: kgmine's graph is gone")


def _place(folder: Path, store: str | None) -> tuple[Workspace, Place]:
    """The workspace and its server: the one that is named, else the one that it was last pushed to."""
    from kgmine.server import place_of, remembered
    from kgmine.workspace import workspace_of

    workspace = workspace_of(folder)
    place = place_of(store) or remembered(workspace)
    if place is None:
        raise UsageError(f"{folder}: this workspace has no server yet; name one with --store bolt://HOST:PORT")
    return workspace, place


@contextmanager
def _session(folder: Path, store: str | None) -> Iterator[Session]:
    """The workspace with its open server."""
    from kgmine.sync import Session

    opened = Session(*_place(folder, store), say=click.echo)
    try:
        yield opened
    finally:
        opened.close()
