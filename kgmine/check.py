"""`kgmine verify`: an export proved again, from the files on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kg.cypher.template import Template, load
from kg.proof.source import SourceIndex
from kg.proof.verify import verify_sample
from kgmine.corpus import Manifest
from kgmine.graph import current as current_graph
from kgmine.graph import generations, snapshot
from kgmine.show import samples as samples_of
from kgmine.workspace import Workspace
from runtime.artefacts import read_json, sha256_file
from schemas.errors import GraphError, UsageError
from schemas.sample import Sample
from scoring.leaks import leaks

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Failure:
    """One sample that did not pass again."""

    sample: str
    check: str
    reason: str


@dataclass(slots=True)
class Report:
    """What `verify` found."""

    samples: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Check -> pass, fail, not_applicable, unknown, attested."""
    failures: list[Failure] = field(default_factory=list)
    stale: list[Failure] = field(default_factory=list)
    """Of `--current`: samples that the newest graph would not give."""
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """True if there are samples and none failed."""
        return self.samples > 0 and not self.failures

    def add(self, sample: str, check: str, result: str, reason: str = "") -> None:
        """Count one result; a fail is kept with its reason."""
        self.counts.setdefault(check, Counter())[result] += 1
        if result == "fail":
            self.failures.append(Failure(sample, check, reason))

    def text(self) -> str:
        """The counts as a table, then one line per failure."""
        from kgmine.report import table

        results = ("pass", "fail", "not_applicable", "unknown", "attested")
        rows = [(name, *(found[result] for result in results)) for name, found in sorted(self.counts.items())]
        lines = [table(("check", *results), rows), ""]
        lines += [f"{failure.sample[:12]}  {failure.check}: {failure.reason}" for failure in self.failures]
        lines += [f"{failure.sample[:12]}  stale, {failure.check}: {failure.reason}" for failure in self.stale]
        lines += self.notes
        verdict = "all pass" if self.clean else f"{len({f.sample for f in self.failures})} samples fail"
        lines.append(f"{self.samples} samples verified: {verdict}" if self.samples else "no samples to verify")
        return "\n".join(lines)


def corpus_of(export: Path, workspace: Path | None = None) -> Path:
    """The corpus folder as the export's workspace remembers it.

    Raises: UsageError: no workspace beside the export.
    """
    manifest = (workspace or export / "workspace") / "corpus.json"
    if not manifest.exists():
        raise UsageError(
            f"{manifest.parent}: no workspace here; name it with --workspace WS, or the sources with --corpus FOLDER"
        )
    return Path(Manifest.read(manifest).root)


def verify(export: Path, corpus: Path | None = None, *, workspace: Path | None = None, current: bool = False) -> Report:
    """Run every derivation, read every source, prove uniqueness and necessity on the pinned snapshot, look for leaks.

    Args: workspace: where it does not lie in the export's folder.
    Raises: UsageError: no export here, or the sources are not where they were.
    """
    rows, listed = list(samples_of(export)), _listed(export)
    home = workspace or export / "workspace"
    # A graph that was imported has no source files: without its workspace it is attested.
    root = (corpus or corpus_of(export, workspace)) if listed else export
    if not root.is_dir():
        raise UsageError(f"{root}: the sources are not here; say where they are with --corpus FOLDER")
    sources = SourceIndex(root, {entry["sha256"]: entry["paths"] for entry in listed})
    templates = {path.stem: load(path) for path in sorted((export / "templates").glob("*.cypher"))}
    pinned = graphs(home, {sample.match.snapshot for sample in rows})
    report = check(rows, sources, templates, pinned)
    _unchanged(export, root, report)
    _pinned_tables(home, rows, report)
    _leaks(rows, _order(export), report)
    if current:
        newest = snapshot(current_graph(Workspace(home)))
        stale = check(rows, sources, templates, dict.fromkeys(pinned, newest))
        report.stale = stale.failures
        report.notes.append(f"{len({row.sample for row in stale.failures})} samples are stale in the newest graph")
    return report


def check(
    rows: Iterable[Sample], sources: SourceIndex, templates: Mapping[str, Template], pinned: Mapping[str, Snapshot]
) -> Report:
    """Every sample proved again.

    Args:
        rows: samples as exported.
        sources: the corpus folder.
        templates: name -> template, as it was used.
        pinned: snapshot hash -> snapshot; what is missing makes the graph's checks `attested`.
    """
    report = Report()
    for sample in rows:
        report.samples += 1
        graph = pinned.get(sample.match.snapshot)
        for name, found in verify_sample(sample, sources, templates.get(sample.match.template), graph).items():
            attested = found.result == "unknown" and found.reason.startswith("attested")
            report.add(sample.id, name, "attested" if attested else found.result, found.reason)
    return report


def graphs(workspace: Path, wanted: set[str]) -> dict[str, Snapshot]:
    """Hash -> snapshot, of the generations in a workspace that samples name."""
    found = {}
    for built in generations(Workspace(workspace)):
        if built.content in wanted:
            found[built.content] = snapshot(built)
    return found


def _listed(export: Path) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = read_json(export / "sources.json")["documents"]
    return documents


def _unchanged(export: Path, root: Path, report: Report) -> None:
    """The source files are those that the samples were made from; a graph that was imported has none."""
    for entry in _listed(export):
        name = entry["paths"][0]
        path = root / name
        if not path.exists():
            report.add(name, "source_file", "fail", "the source file is gone")
        elif sha256_file(path) != entry["sha256"]:
            report.add(name, "source_file", "fail", "the source file was changed")
        else:
            report.add(name, "source_file", "pass")


def _pinned_tables(workspace: Path, rows: list[Sample], report: Report) -> None:
    """Of a user's own graph: the tables that the samples were made from are there, and say what they said."""
    from kg.graph.content import content_hash

    wanted = {row.match.snapshot for row in rows if any(item.property is not None for item in row.evidence)}
    for built in generations(Workspace(workspace)) if wanted else ():
        if built.content in wanted:
            try:
                same = content_hash(built.read()) == built.content
                report.add(built.content, "source_tables", "pass" if same else "fail", "the tables were changed")
            except GraphError as error:
                report.add(built.content, "source_tables", "fail", str(error))
            wanted.discard(built.content)
    for content in sorted(wanted):
        report.add(content, "source_tables", "attested", "the workspace is not here")


def _leaks(rows: list[Sample], order: list[str], report: Report) -> None:
    found = {leak.sample: leak for leak in leaks(rows, order)}
    for sample in rows:
        leak = found.get(sample.id)
        if leak is None:
            report.add(sample.id, "no_leak", "pass")
        else:
            report.add(sample.id, "no_leak", "fail", f"{leak.kind} shared with {leak.other[:12]}: {leak.what}")


def _order(export: Path) -> list[str]:
    return list(yaml.safe_load((export / "kgmine.yaml").read_text(encoding="utf-8"))["splits"])
