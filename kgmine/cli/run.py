"""`kgmine run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgmine.cli import options

if TYPE_CHECKING:
    from kgmine.pipeline import Finished


@click.command()
@click.argument("corpus", type=options.FOLDER, required=False)
@click.option("--out", type=options.FOLDER, required=True, help="Folder of the export.")
@click.option("--workspace", "folder", type=options.FOLDER, help="Workspace (default: OUT/workspace).")
@click.option(
    "--templates", type=options.FOLDER, help="Your own templates (default: `templates` beside the configuration)."
)
@options.configuration
@options.seed
@options.jobs
@options.first
@options.store
@options.refresh
@options.discard_edits
def run(
    corpus: Path | None,
    out: Path,
    folder: Path | None,
    templates: Path | None,
    config_file: Path | None,
    overrides: tuple[str, ...],
    max_pages: int | None,
    seed: int | None,
    jobs: int,
    first: int | None,
    store: str | None,
    refresh: bool,
    discard_edits: bool,
) -> int:
    """From the documents of CORPUS to proved benchmark splits in OUT. Killed? Run the same command again.

    Without CORPUS: from the graph that was imported into the workspace.
    """
    from kgmine.cli.ingest import exit_code
    from kgmine.config import load
    from kgmine.pipeline import Run, execute
    from kgmine.schema import find
    from kgmine.server import place_of
    from kgmine.sync import Sync
    from kgmine.workspace import Workspace

    config = load(config_file, options.with_pages(overrides, max_pages), seed=seed)
    workspace = Workspace(folder or out / "workspace")
    own = templates or ((config_file.parent if config_file else workspace.root) / "templates")
    request = Run(
        corpus=corpus,
        out=out,
        workspace=workspace,
        config=config,
        templates=own,
        schema=find(workspace, config_file),
        jobs=jobs,
        first=first,
        place=place_of(store, config.store),
        sync=Sync(refresh=refresh, discard_edits=discard_edits),
        say=click.echo,
    )
    done = execute(request)
    click.echo(_closing(done, out, workspace.root))
    if not done.samples:
        raise click.ClickException(f"no sample could be proved; `kgmine funnel {out}` says why")
    return exit_code(done.ingested.manifest, config.max_reject_share)


def _closing(done: Finished, out: Path, workspace: Path) -> str:
    from collections import Counter

    from kgmine.report import left_out, reasons, table, why

    tasks = Counter(sample.task for sample in done.samples)
    lines = [table(("task", "samples"), tasks.most_common())] if tasks else []
    splits = ", ".join(f"{name} {count}" for name, count in sorted(Counter(s.split for s in done.samples).items()))
    lines.append(f"\n{len(done.samples)} samples: {splits}")
    lines += [f"  warning: {line}" for line in done.ingested.warnings]
    lines += [f"  not read: {row.item}: {why(row)}" for row in done.ingested.manifest.rejected]
    lines += left_out(done.built)
    if idle := [name for name, row in done.mined.counts.items() if not row["drawn"]]:
        lines.append(f"  nothing to match in these documents: {', '.join(idle)}")
    if done.rejected:
        lines.append("\n" + reasons(done.rejected, most=8))
    if done.samples:
        first = done.samples[0]
        apart = "" if workspace == out / "workspace" else f" --workspace {workspace}"
        lines += [
            "\nlook next:",
            f"  kgmine show {first.id[:12]} {out}{apart}   one sample with its proof and page crops",
            f"  kgmine verify {out}{apart}              prove everything again",
            f"  kgmine funnel {out}              what became of each document and template",
            f"  {out}/README.md                  the data set card",
        ]
    return "\n".join(lines)
