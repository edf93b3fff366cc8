"""`kgmine init` and `kgmine doctor`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from kgmine.cli import options
from schemas.errors import UsageError


@click.command()
@click.argument("folder", type=options.FOLDER, default=Path())
def init(folder: Path) -> None:
    """Write a commented kgmine.yaml and a first template into FOLDER."""
    starter = Path(str(files("kgmine"))) / "starter"
    targets = {
        folder / "kgmine.yaml": starter / "kgmine.yaml",
        folder / "templates" / "my_first.cypher": starter / "my_first.cypher",
    }
    for target in targets:
        if target.exists():
            raise UsageError(f"{target}: exists already; nothing was written")
    for target, source in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        click.echo(f"wrote {target}")
    click.echo(
        f"next: kgmine run CORPUS --out out --config {folder / 'kgmine.yaml'} --templates {folder / 'templates'}"
    )


@click.command()
def doctor() -> int:
    """Say what is there and what is missing."""
    from kgmine.doctor import findings, healthy
    from kgmine.report import table

    rows = findings()
    click.echo(table(("what", "state", "for"), [(row.name, row.state, row.purpose) for row in rows]))
    good = healthy(rows)
    click.echo(
        "\nall that the main job needs is here"
        if good
        else "\nsomething that is needed is missing: pip install kgmine again"
    )
    return 0 if good else 1
