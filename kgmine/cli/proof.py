"""`kgmine verify`, `kgmine show` and `kgmine funnel`."""

from __future__ import annotations

from pathlib import Path

import click

from kgmine.cli import options

WORKSPACE = click.option(
    "--workspace", "folder", type=options.FOLDER, help="Workspace, where it does not lie in EXPORT."
)


@click.command()
@click.argument("export", type=options.FOLDER)
@click.option("--corpus", type=options.FOLDER, help="Folder of the source files, where it is not where it was.")
@WORKSPACE
@click.option("--current", is_flag=True, help="Also compare with the workspace's newest graph: what is stale?")
def verify(export: Path, corpus: Path | None, folder: Path | None, current: bool) -> int:
    """Prove EXPORT again: run every derivation, read every source, check uniqueness, hops and leaks."""
    from kgmine.check import verify as check

    report = check(export, corpus, workspace=folder, current=current)
    click.echo(report.text())
    return 0 if report.clean else 1


@click.command()
@click.argument("sample_id", metavar="ID")
@click.argument("export", type=options.FOLDER, default=Path("out"))
@click.option("--corpus", type=options.FOLDER, help="Folder of the source files, where it is not where it was.")
@WORKSPACE
@click.option("--crops", type=options.FOLDER, help="Where the page crops go (default: EXPORT/crops).")
def show(sample_id: str, export: Path, corpus: Path | None, folder: Path | None, crops: Path | None) -> None:
    """Print the sample ID of EXPORT with its proof, and write crops of the pages with the evidence boxed."""
    from kgmine import show as view
    from kgmine.check import corpus_of

    sample = view.find(export, sample_id)
    click.echo(view.text(sample))
    for path in view.crops(sample, corpus or corpus_of(export, folder), crops or export / "crops"):
        click.echo(f"wrote {path}")


@click.command()
@click.argument("export", type=options.FOLDER)
@click.option("--document", help="Path of one document: its templates.")
@click.option("--template", help="Name of one template: its documents.")
def funnel(export: Path, document: str | None, template: str | None) -> None:
    """Say for each document and template how many matches, drafts and samples there were, and what was rejected why."""
    from kgmine.funnel import text

    click.echo(text(export, document, template))
