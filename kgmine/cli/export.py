"""`kgmine export`."""

from __future__ import annotations

from pathlib import Path

import click

from kgmine.cli import options


@click.command()
@click.argument("export", metavar="DIR", type=options.FOLDER)
@click.option("--format", "kind", required=True, metavar="NAME", help="llamafactory or trl.")
@click.option("--out", required=True, type=options.FOLDER, help="Folder of the training files; new or of this command.")
@click.option("--recipe", "recipe_file", type=options.FOLDER, help="Recipe of the student (YAML).")
@click.option("--set", "overrides", multiple=True, metavar="A.B=C", help="Override one key of the recipe.")
@click.option("--evidence", is_flag=True, help="The passages that hold the evidence stand before the question.")
@click.option("--steps", is_flag=True, help="The steps of the derivation, then the answer.")
@click.option("--thinking", is_flag=True, help="The steps as the model's thought, then the answer.")
@click.option("--model", help="Base that the recipe names (default: Qwen/Qwen3-0.6B).")
@click.option("--workspace", "folder", type=options.FOLDER, help="Workspace with the images (default: DIR/workspace).")
@click.option("--no-images", is_flag=True, help="Leave images out: the student reads text.")
def export(
    export: Path,
    kind: str,
    out: Path,
    recipe_file: Path | None,
    overrides: tuple[str, ...],
    evidence: bool,
    steps: bool,
    thinking: bool,
    model: str | None,
    folder: Path | None,
    no_images: bool,
) -> None:
    """Write the splits of the export DIR as files that another training program loads.

    Formats: llamafactory (ShareGPT messages, dataset_info.json, recipe) and trl (prompt and completion, recipe).
    """
    from kgmine.export import build
    from kgmine.export.students import MODEL, write
    from kgmine.show import samples
    from training import recipe

    wording = [f"wording.{key}=true" for key, on in (("evidence", evidence), ("thinking", thinking)) if on]
    target = ["wording.target=steps"] if steps or thinking else []
    made = recipe.load(recipe_file, (*overrides, *wording, *target))
    blobs = None if no_images else (folder or export / "workspace") / "blobs"
    exporter = build(kind, recipe=made, model=model or MODEL, blobs=blobs)
    done = write(exporter, list(samples(export)), out, source=export)
    rows = ", ".join(f"{split} {count}" for split, count in done.rows.items())
    click.echo(f"{sum(done.rows.values())} rows: {rows}")
    for note in done.notes:
        click.echo(f"  {note}")
    if done.rejected:
        click.echo(f"  {len(done.rejected)} samples left out, with reasons: {out / 'rejected.jsonl'}")
    click.echo(f"look next:\n  {done.next}")
