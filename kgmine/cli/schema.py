"""`kgmine schema`: what is in the graph, and the user's own schema."""

from __future__ import annotations

from pathlib import Path

import click

from kgmine.cli import options


@click.group(invoke_without_command=True)
@options.workspace
@options.store
@options.refresh
@click.pass_context
def schema(ctx: click.Context, folder: Path, store: str | None, refresh: bool) -> None:
    """Show labels, types, which type connects which labels, and properties with examples: what a template needs.

    The subcommands are about `schema.yaml`, which constrains extraction.
    """
    if ctx.invoked_subcommand is not None:
        return
    from kg.graph.summary import summarise
    from kgmine.report import table
    from kgmine.server import graph_of

    summary = summarise(graph_of(folder, store, refresh=refresh).read())
    click.echo(table(("label", "nodes"), [(row.label, row.count) for row in summary.labels]))
    click.echo()
    click.echo(
        table(("type", "from", "to", "edges"), [(row.type, row.source, row.target, row.count) for row in summary.types])
    )
    for label in summary.labels:
        rows = [row for row in summary.properties if row.owner == label.label]
        if rows:
            click.echo(f"\n{label.label}")
            cells = [(f"  {row.name}", row.kind, f"{row.null_share:.0%}", "; ".join(row.examples)[:80]) for row in rows]
            click.echo(table(("  property", "type", "null", "examples"), cells))
