"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(path_type=Path)


def jobs(function: Any) -> Any:
    """`--jobs N`"""
    return click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes.")(
        function
    )


def first(function: Any) -> Any:
    """`--first N`"""
    return click.option("--first", type=click.IntRange(min=1), help="Only the first N files of the corpus.")(function)


def configuration(function: Any) -> Any:
    """`--config FILE`, `--set a.b=c` and `--max-pages N`"""
    function = click.option("--config", "config_file", type=FOLDER, help="kgmine.yaml to use.")(function)
    function = click.option(
        "--set", "overrides", multiple=True, metavar="A.B=C", help="Override one key of the configuration."
    )(function)
    return click.option("--max-pages", type=click.IntRange(min=1), help="Read only this many pages of each document.")(
        function
    )


def workspace(function: Any) -> Any:
    """`--workspace DIR`"""
    return click.option(
        "--workspace",
        "folder",
        type=FOLDER,
        default=Path("workspace"),
        show_default=True,
        help="Workspace, or export folder.",
    )(function)


def store(function: Any) -> Any:
    """`--store URI`"""
    return click.option(
        "--store",
        envvar="KGMINE_STORE",
        metavar="URI",
        help="Neo4j server (bolt://, neo4j://, neo4j+s://); user and password from NEO4J_USERNAME, NEO4J_PASSWORD.",
    )(function)


def refresh(function: Any) -> Any:
    """`--refresh`"""
    return click.option("--refresh", is_flag=True, help="Read the server again even where nobody wrote to it.")(
        function
    )


def discard_edits(function: Any) -> Any:
    """`--discard-edits`"""
    return click.option(
        "--discard-edits", is_flag=True, help="Drop what users changed: the graph is what was extracted."
    )(function)


def seed(function: Any) -> Any:
    """`--seed N`"""
    return click.option("--seed", type=int, help="Seed of every draw.")(function)


def with_pages(overrides: tuple[str, ...], max_pages: int | None) -> tuple[str, ...]:
    """`--max-pages N` is short for `--set limits.max_pages=N`."""
    return overrides if max_pages is None else (*overrides, f"limits.max_pages={max_pages}")
