"""`kgmine template new|lint|count|explain|preview|test|list|schema` and `kgmine sample`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgmine.cli import options

if TYPE_CHECKING:
    from kg.cypher.template import Template
    from kg.snapshot.snapshot import Snapshot


def _optional_workspace(folder: Path | None) -> Snapshot | None:
    return None if folder is None else _snapshot(folder)


def _snapshot(folder: Path, store: str | None = None, *, refresh: bool = False) -> Snapshot:
    from kgmine.graph import snapshot
    from kgmine.sync import graph_of

    return snapshot(graph_of(folder, store, refresh=refresh))


def _load(files: Iterable[Path]) -> Iterator[Template]:
    from kg.cypher.template import load

    for path in files:
        yield load(_file(path))


def _file(path: Path) -> Path:
    """The path itself, or the shipped template of that name.

    Raises: UsageError: there is neither.
    """
    from difflib import get_close_matches

    from kgmine.templates import shipped
    from schemas.errors import UsageError

    if path.exists():
        return path
    known = shipped()
    if str(path) not in known:
        beside = [each.name for each in path.parent.glob("*.cypher")]
        close = get_close_matches(path.name, [*beside, *known], n=1)
        hint = f"did you mean {close[0]}?" if close else "`kgmine template list` shows the shipped ones"
        raise UsageError(f"{path}: no such file, and no shipped template of this name; {hint}")
    return known[str(path)]


@click.group()
def template() -> None:
    """Write, check and try path templates. FILE is a path or the name of a shipped template."""


@template.command("list")
def list_() -> None:
    """The templates that come with kgmine."""
    from kgmine.report import table
    from kgmine.templates import shipped

    loaded = _load(tuple(shipped().values()))
    click.echo(table(("name", "task", "description"), [(t.name, t.header.task, t.header.description) for t in loaded]))


@template.command()
@click.argument("file", type=options.FOLDER)
@options.workspace
@click.option("--answer", help="Label.property; of extracted facts number, date, text or a quantity.")
@click.option("--hops", type=click.IntRange(min=0), help="Hops between what is told and what is asked.")
@click.option("--start", help="Label of the first node; of extracted facts the kind of the first thing.")
@click.option("--modalities", default="", help="table, text (of extracted facts one for each), or text, graph.")
@options.store
@options.refresh
def new(
    file: Path,
    folder: Path,
    answer: str | None,
    hops: int | None,
    start: str | None,
    modalities: str,
    store: str | None,
    refresh: bool,
) -> None:
    """Write FILE: a commented template that works on the workspace's graph. Asks for what no flag says."""
    from kgmine.author.new import choices, write
    from kgmine.author.new import new as made
    from kgmine.graph import snapshot
    from kgmine.sync import graph_of
    from kgmine.workspace import workspace_of

    built = graph_of(folder, store, refresh=refresh)
    answer = answer or _asked("--answer", "What is asked", choices(snapshot(built)))
    if hops is None:
        hops = int(_asked("--hops", "Hops between what is told and what is asked", ["1"]))
    asked = [name.strip() for name in modalities.split(",") if name.strip()]
    for line in write(file, made(workspace_of(folder), built, answer, hops, start, asked)):
        click.echo(line)


def _asked(flag: str, question: str, offered: list[str]) -> str:
    """The answer of whoever sits at the terminal.

    Raises: UsageError: nobody does.
    """
    import sys

    from schemas.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(f"{flag} is missing: {question.lower()}, e.g. {', '.join(offered[:12])}")
    if len(offered) > 1:
        click.echo(", ".join(offered))
    return str(click.prompt(question, default=offered[0]))


@template.command()
@click.argument("files", nargs=-1, required=True, type=options.FOLDER)
@click.option(
    "--workspace", "folder", type=options.FOLDER, help="Check labels, types and properties against this graph."
)
def lint(files: tuple[Path, ...], folder: Path | None) -> int:
    """Say what is wrong with each FILE, with line, column and a caret."""
    from kg.cypher.lint import lint_file

    snapshot = _optional_workspace(folder)
    wrong = False
    for path in files:
        found = lint_file(_file(path), snapshot)
        wrong = wrong or bool(found)
        click.echo("\n".join(found) or f"{path}: ok")
    return 2 if wrong else 0


@template.command()
@click.argument("files", nargs=-1, required=True, type=options.FOLDER)
@options.workspace
@options.store
@options.refresh
@click.option("--prefixes", is_flag=True, help="Count hop by hop, then condition by condition.")
def count(files: tuple[Path, ...], folder: Path, store: str | None, refresh: bool, prefixes: bool) -> None:
    """Print how many matches each FILE has: exact, or an interval that says so."""
    from kg.cypher.lint import check
    from kgmine.author.prefixes import listing
    from kgmine.report import table
    from sampling.count import count as count_matches

    snapshot = _snapshot(folder, store, refresh=refresh)
    rows = []
    for loaded in _load(files):
        check(loaded, snapshot)
        if prefixes:
            click.echo(f"{loaded.name}\n{listing(loaded, snapshot)}")
        else:
            rows.append((loaded.name, str(count_matches(loaded, snapshot))))
    if rows:
        click.echo(table(("template", "matches"), rows))


@template.command()
@click.argument("file", type=options.FOLDER)
@options.workspace
@options.store
@options.refresh
def explain(file: Path, folder: Path, store: str | None, refresh: bool) -> None:
    """Say how FILE is counted and drawn: join tree, selectivity of each mask, rejection, acceptance, cost."""
    from kg.cypher.lint import check
    from kgmine.author.explain import explain as lines

    snapshot = _snapshot(folder, store, refresh=refresh)
    (loaded,) = _load((file,))
    check(loaded, snapshot)
    for line in lines(loaded, snapshot):
        click.echo(line)


@template.command()
@click.argument("file", type=options.FOLDER)
@options.workspace
@click.option("-n", "number", default=5, show_default=True, type=click.IntRange(min=1), help="Drafts to show.")
@options.seed
@options.store
@options.refresh
def preview(file: Path, folder: Path, number: int, seed: int | None, store: str | None, refresh: bool) -> None:
    """Draw matches of FILE and print the questions with what the proof says of each."""
    from kgmine.preview import preview as lines
    from kgmine.sync import graph_of
    from kgmine.workspace import workspace_of

    (loaded,) = _load((file,))
    built = graph_of(folder, store, refresh=refresh)
    for line in lines(loaded, workspace_of(folder), built, number, seed or 0):
        click.echo(line)


@template.command()
@click.argument("files", nargs=-1, required=True, type=options.FOLDER)
@options.workspace
@options.store
@options.refresh
def test(files: tuple[Path, ...], folder: Path, store: str | None, refresh: bool) -> int:
    """Check what the header of each FILE expects (`expect:`); without it, that there is a match and a proved sample."""
    from kgmine.author.expect import failures
    from kgmine.sync import graph_of
    from kgmine.workspace import workspace_of

    built = graph_of(folder, store, refresh=refresh)
    failed = False
    for loaded in _load(files):
        found = list(failures(loaded, workspace_of(folder), built))
        failed = failed or bool(found)
        click.echo("\n".join(found) or f"{loaded.path}: ok")
    return int(failed)


@template.command()
@click.option("--out", type=options.FOLDER, help="File to write (default: standard output).")
def schema(out: Path | None) -> None:
    """Write the JSON Schema of a header, for editors."""
    import json

    from kgmine.author.schema import json_schema
    from runtime.artefacts import write_text

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
        return
    write_text(out, text + "\n")
    click.echo(f"wrote {out}")


@click.command()
@click.argument("file", type=options.FOLDER)
@options.workspace
@click.option("-n", "number", default=10, show_default=True, type=click.IntRange(min=1), help="Matches to draw.")
@options.seed
@options.store
@options.refresh
def sample(file: Path, folder: Path, number: int, seed: int | None, store: str | None, refresh: bool) -> int:
    """Draw matches of FILE and print them as JSON lines; the law goes to standard error."""
    from kg.cypher.lint import check
    from kgmine.select import splits_for
    from kgmine.workspace import workspace_of
    from sampling.draw import draw_with_report

    snapshot = _snapshot(folder, store, refresh=refresh)
    (loaded,) = _load((file,))
    check(loaded, snapshot)
    splits = splits_for(loaded, snapshot, workspace_of(folder).splits)
    matches, report = draw_with_report(loaded, snapshot, number, seed or 0, splits=splits)
    for match in matches:
        click.echo(match.model_dump_json())
    click.echo(str(report), err=True)
    return 0 if matches else 1
