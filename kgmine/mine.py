"""Mining: matches are drawn, worded and proved, one template at a time, each a unit that is whole or absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgmine.config import Config
from kgmine.corpus import Manifest
from kgmine.graph import Built
from kgmine.workspace import Workspace
from runtime.artefacts import fingerprint, is_done, read_json, read_rows, set_done, sha256_file, write_json, write_rows
from runtime.code import code_version
from runtime.executors import Failed, Killed, Pool
from runtime.progress import Progress
from schemas.errors import GraphError
from schemas.match import Match
from schemas.reject import Rejected
from schemas.sample import Draft, Sample

if TYPE_CHECKING:
    from kg.cypher.template import Template
    from kg.proof.source import SourceIndex
    from kg.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Job:
    """One template to be mined."""

    name: str
    path: Path
    folder: Path
    mark: str
    tables: Path
    manifest: Path
    splits: Path
    draws: int
    seed: int
    license: str


@dataclass(frozen=True, slots=True)
class Mined:
    """What all templates gave, in the order of their names."""

    samples: tuple[Sample, ...]
    rejected: tuple[Rejected, ...]
    counts: dict[str, dict[str, int | str]]
    """Template -> population, law, drawn, drafts, samples."""


def mine(
    workspace: Workspace, built: Built, templates: dict[str, Path], config: Config, run: Path, *, jobs: int = 1
) -> Mined:
    """Draw, word and prove with every template; what a killed run had finished is not done again.

    Raises: GraphError: a worker died; the line names the template.
    """
    plan = [_job(workspace, built, name, path, config, run) for name, path in templates.items()]
    todo = [job for job in plan if not is_done(job.folder, job.mark)]
    with Progress("mine", len(todo), "templates") as bar:
        for index, result in Pool(function=mine_template, jobs=jobs).run(todo) if todo else ():
            if isinstance(result, Killed | Failed):
                raise GraphError(f"template {todo[index].name}: {result.reason}")
            bar.step(todo[index].name)
    samples: list[Sample] = []
    rejected: list[Rejected] = []
    counts = {}
    for job in plan:
        samples += read_rows(job.folder / "samples.jsonl", Sample)
        rejected += read_rows(job.folder / "rejected.jsonl", Rejected)
        counts[job.name] = read_json(job.folder / "counts.json")
    return Mined(tuple(samples), tuple(rejected), counts)


def _job(workspace: Workspace, built: Built, name: str, path: Path, config: Config, run: Path) -> Job:
    splits = fingerprint(sha256_file(workspace.splits))
    code = code_version("kg", "sampling", "synthesis")
    mark = fingerprint(built.key, sha256_file(path), config.sampling.draws, config.seed, config.license, splits, code)
    folder = run / "templates" / name
    return Job(
        name=name,
        path=path,
        folder=folder,
        mark=mark,
        tables=built.tables,
        manifest=workspace.manifest,
        splits=workspace.splits,
        draws=config.sampling.draws,
        seed=config.seed,
        license=config.license,
    )


def mine_template(job: Job) -> None:
    """What a worker does: everything for one template, then the mark."""
    from kg.cypher.template import load
    from kg.proof.prove import prove
    from kgmine.select import splits_for
    from sampling.draw import draw_with_report
    from synthesis.synthesize import bench_of

    template, snapshot = load(job.path), _snapshot(job.tables)
    sources = source_index(Manifest.read(job.manifest))
    draws = max(1, round(job.draws * template.header.weight))
    splits = splits_for(template, snapshot, job.splits)
    matches, report = draw_with_report(template, snapshot, draws, job.seed, splits=splits)
    rows: list[Match] = list(matches)
    ledger, bench = Ledger(), bench_of(template, snapshot, seed=job.seed)
    for match in rows:
        document = document_of(match, template, snapshot)
        ledger.count(document, "matches")
        ledger.add(document, bench.draft(match), lambda draft: prove(draft, template, snapshot, sources))
    samples = [sample.model_copy(update={"license": job.license}) for sample in ledger.samples.values()]
    write_rows(job.folder / "matches.jsonl", rows)
    write_rows(job.folder / "samples.jsonl", samples)
    write_rows(job.folder / "rejected.jsonl", ledger.rejected)
    write_json(
        job.folder / "counts.json",
        {**report.row(), "task": template.header.task, "documents": ledger.rows, "homes": ledger.homes},
    )
    set_done(job.folder, job.mark)


@dataclass(slots=True)
class Ledger:
    """What became of each match, by document: the funnel's raw numbers."""

    samples: dict[str, Sample] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Sample -> the document that it is counted under."""

    def count(self, document: str, what: str) -> None:
        """One more of `matches`, `drafts`, `samples` or `stage: check`."""
        row = self.rows.setdefault(document, {})
        row[what] = row.get(what, 0) + 1

    def add(self, document: str, made: Draft | Rejected, proof: Callable[[Draft], Sample | Rejected]) -> None:
        """Prove a draft that is new; keep what came of it."""
        if isinstance(made, Draft):
            self.count(document, "drafts")
            if made.id in self.samples:
                self.count(document, "synthesis: same_sample")
                return
            proved = proof(made)
            if isinstance(proved, Sample):
                self.count(document, "samples")
                self.samples[proved.id], self.homes[proved.id] = proved, document
                return
            made = proved
        self.count(document, f"{made.stage}: {made.check}")
        self.rejected.append(made.model_copy(update={"document": made.document or document}))


def document_of(match: Match, template: Template, snapshot: Snapshot) -> str:
    """The document of the first bound node that has one; empty where no node has."""
    for name in template.node_variables:
        node = snapshot.index_of(match.bindings.get(name, ""))
        document = None if node is None else snapshot.get(node, "document")
        if document:
            return str(document)
    return ""


def source_index(manifest: Manifest) -> SourceIndex:
    """Where the proof finds the source file of a document."""
    from kg.proof.source import SourceIndex

    return SourceIndex(Path(manifest.root), {entry.document: entry.paths for entry in manifest.documents})


@lru_cache(maxsize=1)
def _snapshot(tables: Path) -> Snapshot:
    from kg.snapshot.build import open_snapshot

    return open_snapshot(tables)
