"""`kgmine run`: ingest, graph, splits, mining, selection, export; each whole or absent, so a killed run goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kgmine import select
from kgmine.config import Config
from kgmine.corpus import Manifest
from kgmine.export import pack
from kgmine.funnel import funnel
from kgmine.graph import Built, build, rebuild, snapshot
from kgmine.ingest import Ingested, ingest
from kgmine.mine import Mined, mine
from kgmine.server import Place
from kgmine.sync import KEEP, Sync, beside
from kgmine.templates import chosen
from kgmine.workspace import Workspace
from runtime.artefacts import fingerprint, write_bytes, write_text
from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What `kgmine run` was asked to do."""

    corpus: Path | None
    """None: the workspace holds a graph that was imported."""
    out: Path
    workspace: Workspace
    config: Config
    templates: Path
    """Folder of the user's own templates."""
    schema: Path | None = None
    """`schema.yaml` that extraction keeps to."""
    jobs: int = 1
    first: int | None = None
    place: Place | None = None
    """Server that holds the graph beside the workspace."""
    sync: Sync = KEEP
    say: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run made."""

    ingested: Ingested
    built: Built
    mined: Mined
    samples: tuple[Sample, ...]
    rejected: tuple[Rejected, ...]
    """Everything that was thrown away after ingest."""


def execute(run: Run) -> Finished:
    """All stages in order.

    Raises: UsageError, ConfigError, TemplateError: before anything costly is done where possible.
    """
    imported = None if run.corpus else _imported(run)
    templates = chosen(run.templates, run.config.sampling, imported=imported is not None)
    _lint(templates)
    if imported:
        ingested, built = Ingested(imported, 0, ()), rebuild(run.workspace)
        run.say(f"graph:  {built.nodes:,} nodes, {built.edges:,} edges, imported")
    else:
        ingested, built = _extracted(run)
    _fit(templates, built)
    assigned = select.assign(run.workspace, snapshot(built), run.config)
    folder = run.workspace.run(fingerprint(built.key, run.config.exported(), sorted(templates)))
    pinned = _pin(templates, folder / "sources")
    mined = mine(run.workspace, built, pinned, run.config, folder, jobs=run.jobs)
    run.say(f"mine:   {len(mined.samples):,} samples proved, {len(mined.rejected):,} drafts rejected")
    selection = select.select(mined.samples, assigned, run.config)
    rejected = (*built.rejected(), *mined.rejected, *selection.rejected)
    _export(run, ingested.manifest, built, mined, pinned, selection.samples, rejected, selection.rejected)
    return Finished(ingested, built, mined, selection.samples, rejected)


def _imported(run: Run) -> Manifest:
    manifest = Manifest.read(run.workspace.manifest) if run.workspace.manifest.exists() else None
    if manifest is None or manifest.imported is None:
        raise UsageError("name the folder of your documents, or import a graph into the workspace (`kgmine import`)")
    if run.place is not None:
        raise UsageError("--store holds graphs that kgmine extracted; an imported graph stays where it came from")
    return manifest


def _extracted(run: Run) -> tuple[Ingested, Built]:
    """Documents to graph; what users changed on the server is pulled before, the graph is pushed after."""
    assert run.corpus is not None
    with beside(run.workspace, run.place, say=run.say, options=run.sync) as push:
        ingested = ingest(run.corpus, run.workspace, run.config, schema=run.schema, jobs=run.jobs, first=run.first)
        run.say(f"ingest: {len(ingested.manifest.documents)} documents, {ingested.read} read now")
        built = build(run.workspace, ingested.manifest)
        run.say(f"graph:  {built.nodes:,} nodes, {built.edges:,} edges")
        built = push(built)
    return ingested, built


def _pin(templates: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Copies that the run draws with and the export carries: a file edited on the way changes neither."""
    pinned = {name: folder / f"{name}.cypher" for name in templates}
    for name, path in templates.items():
        write_bytes(pinned[name], path.read_bytes())
    return pinned


def _lint(templates: dict[str, Path]) -> None:
    """A template that does not compile stops the run before the corpus is read."""
    from kg.cypher.template import load

    for path in templates.values():
        load(path)


def _fit(templates: dict[str, Path], built: Built) -> None:
    """A template that names what the graph cannot have stops the run before anything is drawn."""
    from kg.cypher.lint import check
    from kg.cypher.template import load

    graph = snapshot(built)
    for path in templates.values():
        check(load(path), graph)


def _export(
    run: Run,
    manifest: Manifest,
    built: Built,
    mined: Mined,
    pinned: dict[str, Path],
    samples: tuple[Sample, ...],
    rejected: tuple[Rejected, ...],
    late: tuple[Rejected, ...],
) -> None:
    source = "--workspace WS" if manifest.imported else "CORPUS"
    facts: dict[str, Any] = {
        "name": run.config.name,
        "license": run.config.license,
        "language": run.config.language,
        "seed": run.config.seed,
        "unit": select.NODE if manifest.imported else select.unit_of(run.config, len(manifest.documents)),
        "snapshot": snapshot(built).hash,
        "imported": manifest.imported is not None,
        "command": f"kgmine run {source} --out DIR --config kgmine.yaml --seed {run.config.seed}",
        "documents": len(manifest.documents),
    }
    if manifest.imported:
        facts |= {"nodes": built.nodes, "edges": built.edges}
    ingest_rejects = manifest.rejected
    pack.write(run.out, samples, (*ingest_rejects, *rejected), facts, manifest, list(run.config.splits))
    write_text(run.out / "kgmine.yaml", yaml.safe_dump(run.config.exported(), sort_keys=True, allow_unicode=True))
    pack.pack_templates(run.out, pinned)
    pack.write_funnel(run.out, funnel(manifest, mined.counts, samples, late))
