"""`kgmine schema`: what is in the graph, and the user's own schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgmine.cli import options

if TYPE_CHECKING:
    from kgmine.graph import Built


@click.group(invoke_without_command=True)
@options.workspace
@options.store
@options.refresh
@click.option("--facts", is_flag=True, help="Only what the extracted facts state: of which things which quantities.")
@click.pass_context
def schema(ctx: click.Context, folder: Path, store: str | None, refresh: bool, facts: bool) -> None:
    """Show labels, types, which type connects which labels, and properties with examples: what a template needs.

    The subcommands are about `schema.yaml`, which constrains extraction.
    """
    if ctx.invoked_subcommand is not None:
        return
    from kg.graph.summary import summarise
    from kgmine.report import table
    from kgmine.sync import graph_of

    built = graph_of(folder, store, refresh=refresh)
    if facts:
        _facts(built)
        return
    summary = summarise(built.read())
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


def _facts(built: Built) -> None:
    """Print what the facts of an extracted graph state."""
    from kgmine.author.facts import stated
    from kgmine.graph import snapshot
    from kgmine.report import table
    from schemas.errors import UsageError

    graph = snapshot(built)
    if not graph.roles.house:
        raise UsageError("--facts: an imported graph has no extracted facts; its properties are listed without it")
    header = ("of", "quantity", "kind", "unit", "facts", "things", "period or condition", "example")
    click.echo(table(header, (row.row() for row in stated(graph))))


FILE = click.argument("file", type=options.FOLDER, default=Path("schema.yaml"))


@schema.command()
@FILE
def check(file: Path) -> int:
    """Say what is wrong with FILE, with line and column, and what is allowed but looks like a mistake."""
    from kg.ontology import check as problems

    found = problems(file)
    for problem in found:
        click.echo(str(problem))
    if any(problem.level == "error" for problem in found):
        return 2
    click.echo(f"{file}: ok")
    return 0


@schema.command()
@FILE
@click.option("--workspace", "folder", type=options.FOLDER, help="Also say how often each part occurs in this graph.")
def show(file: Path, folder: Path | None) -> None:
    """Print FILE as tables."""
    from kg.ontology import load
    from kg.ontology.show import outline
    from kgmine.report import table

    declared = load(file)
    for title, columns, rows in outline(declared):
        click.echo(f"{title}\n{table(columns, rows)}\n")
    if folder is not None:
        from kg.graph.coverage import coverage
        from kgmine.sync import graph_of

        counts = [(found.what, found.name, found.count) for found in coverage(graph_of(folder).read(), declared)]
        click.echo(table(("what", "name", "in the graph"), counts))


@schema.command()
@FILE
@click.option(
    "--format", "form", type=click.Choice(["yaml", "json", "json-schema", "turtle"]), default="yaml", show_default=True
)
@click.option("--from-graph", "folder", type=options.FOLDER, metavar="WS", help="What this workspace's graph has.")
@click.option("--out", type=options.FOLDER, help="File to write (default: standard output).")
def export(file: Path, form: str, folder: Path | None, out: Path | None) -> None:
    """Write FILE in another form; `json-schema` describes schema.yaml itself, for editors."""
    from kg.ontology import load
    from kg.ontology.export import export as written
    from schemas.ontology import Schema

    if form == "json-schema":
        declared = Schema()
    elif folder is not None:
        from kg.graph.derive import derive
        from kgmine.sync import graph_of

        declared = derive(graph_of(folder).read())
    else:
        declared = load(file)
    _write(written(declared, form), out)


@schema.command("import")
@click.argument("sources", nargs=-1, required=True, type=options.FOLDER)
@click.option("--out", type=options.FOLDER, help="File to write (default: standard output).")
@click.option("--language", default="en", show_default=True, help="Language of the labels to take.")
def import_(sources: tuple[Path, ...], out: Path | None, language: str) -> None:
    """Turn RDFS, OWL or SKOS files (Turtle, RDF/XML, N-Triples, JSON-LD ...) into one schema.yaml."""
    from kg.ontology.export import export as written
    from kg.ontology.rdf import read_rdf

    found = read_rdf(sources, language=language)
    for note in found.notes:
        click.echo(f"  {note}", err=True)
    _write(written(found.schema, "yaml"), out)


def _write(text: str, out: Path | None) -> None:
    from runtime.artefacts import write_text

    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    write_text(out, text)
    click.echo(f"wrote {out}")
