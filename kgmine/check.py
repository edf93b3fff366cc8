"""`kgmine verify`: an export proved again, from the files on disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kgmine.corpus import Manifest
from kgmine.graph import Built
from kgmine.show import samples as samples_of
from kgmine.workspace import Workspace
from runtime.artefacts import is_done, read_json
from schemas.errors import UsageError
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


def corpus_of(export: Path) -> Path:
    """The corpus folder as the export's workspace remembers it.

    Raises: UsageError: no workspace beside the export.
    """
    manifest = export / "workspace" / "corpus.json"
    if not manifest.exists():
        raise UsageError(f"{export}: no workspace here; say where the sources are with --corpus FOLDER")
    return Path(Manifest.read(manifest).root)


def verify(export: Path, corpus: Path | None = None, *, current: bool = False) -> Report:
    """Run every derivation, read every source, prove uniqueness and necessity on the pinned snapshot, look for leaks.

    Raises: UsageError: no export here, or the sources are not where they were.
    """
    rows = list(samples_of(export))
    root = corpus or corpus_of(export)
    if not root.is_dir():
        raise UsageError(f"{root}: the sources are not here; say where they are with --corpus FOLDER")
    report = Report(samples=len(rows))
    _sources_unchanged(export, root, report)
    pinned = _snapshots(export, rows)
    for sample in rows:
        _one(sample, export, root, pinned.get(sample.match.snapshot), report)
    for leak in leaks(rows, _order(export)):
        report.add(leak.sample, "no_leak", "fail", f"{leak.kind} shared with {leak.other[:12]}: {leak.what}")
    leaking = {failure.sample for failure in report.failures if failure.check == "no_leak"}
    report.counts.setdefault("no_leak", Counter())["pass"] += len(rows) - len(leaking)
    if current:
        _compare(export, rows, report)
    return report


def _order(export: Path) -> list[str]:
    import yaml

    return list(yaml.safe_load((export / "kgmine.yaml").read_text(encoding="utf-8"))["splits"])
