"""`kgmine query` and `kgmine schema`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click

from kgmine.cli import options


@click.command()
@click.argument("cypher")
@options.workspace
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@click.option("--param", "params", multiple=True, metavar="NAME=JSON", help="Parameter of the query.")
def query(cypher: str, folder: Path, form: str, params: tuple[str, ...]) -> None:
    """Run CYPHER on the graph of a workspace and print the rows."""
    from kg.stores import open_store
    from kgmine.graph import current
    from kgmine.workspace import workspace_of

    store, note = open_store(current(workspace_of(folder)).tables)
    if note:
        click.echo(note, err=True)
    try:
        columns, rows = store.query(cypher, dict(_parameter(text) for text in params))
    finally:
        store.close()
    if store.note:
        click.echo(store.note, err=True)
    _print(columns, rows, form)


def _parameter(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text}: expected NAME=JSON")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _print(columns: list[str], rows: list[list[Any]], form: str) -> None:
    from kgmine.report import table

    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        click.echo(table(columns, [[_short(cell) for cell in row] for row in rows]))
        click.echo(f"{len(rows)} rows")


def _short(cell: Any, width: int = 60) -> str:
    if cell is None:
        return ""
    text = json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list | tuple) else str(cell)
    return text if len(text) <= width else f"{text[: width - 1]}…"


@click.command()
@options.workspace
def schema(folder: Path) -> None:
    """Show labels, types, which type connects which labels, and properties with examples: what a template needs."""
    from kg.graph.summary import summarise
    from kg.graph.tables import read
    from kgmine.graph import current
    from kgmine.report import table
    from kgmine.workspace import workspace_of

    summary = summarise(read(current(workspace_of(folder)).tables))
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
