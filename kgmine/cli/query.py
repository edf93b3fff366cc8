"""`kgmine query`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgmine.cli import options

if TYPE_CHECKING:
    from kg.stores import GraphStore


@click.command()
@click.argument("cypher")
@options.workspace
@options.store
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@click.option("--param", "params", multiple=True, metavar="NAME=JSON", help="Parameter of the query.")
def query(cypher: str, folder: Path, store: str | None, form: str, params: tuple[str, ...]) -> None:
    """Run CYPHER on the graph of a workspace, or on the server itself with --store, and print the rows."""
    opened, note = _open(folder, store)
    if note:
        click.echo(note, err=True)
    try:
        columns, rows = opened.query(cypher, dict(_parameter(text) for text in params))
    finally:
        opened.close()
    if opened.note:
        click.echo(opened.note, err=True)
    _print(columns, rows, form)


def _open(folder: Path, store: str | None) -> tuple[GraphStore, str | None]:
    from kg.stores import open_store
    from kgmine.graph import current
    from kgmine.server import connect, place_of
    from kgmine.workspace import workspace_of

    place = place_of(store)
    return open_store(current(workspace_of(folder)).tables) if place is None else (connect(place), None)


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
