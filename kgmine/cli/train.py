"""`kgmine train`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import click

from kgmine.cli import options


def _print(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo((Path(str(files("kgmine"))) / "starter" / "recipe.yaml").read_text(encoding="utf-8"), nl=False)
        context.exit()


def _volumes(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(part) for part in value.split(",")})) if value else ()
    except ValueError:
        raise click.BadParameter("expected numbers with commas between them, e.g. 500,1000,2000") from None
    if found and found[0] < 1:
        raise click.BadParameter("a volume is 1 or more")
    return found


@click.command()
@click.argument("splits", type=options.FOLDER)
@click.option(
    "--model", required=True, metavar="FOLDER|HUB-NAME", help="Base: a folder of weights, or a name on the hub."
)
@click.option("--out", type=options.FOLDER, required=True, help="Folder of the student.")
@click.option("--recipe", "recipe_file", type=options.FOLDER, help="YAML (see --print-recipe); default: as printed.")
@click.option("--set", "overrides", multiple=True, metavar="A.B=C", help="Override one key of the recipe.")
@click.option(
    "--volumes", callback=_volumes, metavar="N,N,…", help="A student for each: the best N samples of the slice."
)
@click.option("--backend", type=click.Choice(["auto", "trl", "plain"]), default="auto", show_default=True)
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda[:N]")
@click.option("--merge", is_flag=True, help="Also write base and adapter as one model; read back and compared.")
@click.option("--dry-run", is_flag=True, help="Print rows, steps, tokens and memory; load no weights, write nothing.")
@click.option("--seed", type=int, help="Seed of adapters, order and dropout.")
@click.option(
    "--print-recipe", is_flag=True, is_eager=True, expose_value=False, callback=_print, help="Print a commented recipe."
)
def train(
    splits: Path,
    model: str,
    out: Path,
    recipe_file: Path | None,
    overrides: tuple[str, ...],
    volumes: tuple[int, ...],
    backend: Literal["auto", "trl", "plain"],
    device: str,
    merge: bool,
    dry_run: bool,
    seed: int | None,
) -> None:
    """Tune a causal language model on the top slice of SPLITS (an export, or a JSON-lines file of samples).

    Killed? The same command goes on from the last whole checkpoint, and the student has the same bytes.
    """
    from training import recipe
    from training.train import Request
    from training.train import train as run

    folders = run(
        Request(
            splits=splits,
            model=model,
            out=out,
            recipe=recipe.load(recipe_file, overrides, seed=seed),
            backend=backend,
            device=device,
            volumes=volumes,
            merge=merge,
            dry_run=dry_run,
            command=_command(click.get_current_context().params),
            say=click.echo,
        )
    )
    for folder in folders:
        click.echo(f"done: {folder}; look at {folder / 'README.md'}")


def _command(given: dict[str, Any]) -> str:
    """The command as it may be said elsewhere: of paths their names."""
    from training.models.weights import called

    words = ["kgmine", "train", given["splits"].name, "--model", called(given["model"]), "--out", given["out"].name]
    if given["recipe_file"]:
        words += ["--recipe", given["recipe_file"].name]
    for override in given["overrides"]:
        key, _, value = override.partition("=")
        words += ["--set", f"{key}={Path(value).name if key == 'replay.rows' else value}"]
    if given["volumes"]:
        words += ["--volumes", ",".join(str(volume) for volume in given["volumes"])]
    for key in ("backend", "device"):
        if given[key] != "auto":
            words += [f"--{key}", given[key]]
    if given["merge"]:
        words.append("--merge")
    if given["seed"] is not None:
        words += ["--seed", str(given["seed"])]
    return " ".join(words)
