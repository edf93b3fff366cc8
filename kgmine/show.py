"""One sample, readable: question, answer, match, derivation, evidence, checks, and crops with the boxes drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runtime.artefacts import read_rows
from schemas.base import Box
from schemas.errors import UsageError
from schemas.sample import Evidence, Sample


def find(export: Path, prefix: str) -> Sample:
    """The one sample of an export whose id begins so.

    Raises: UsageError: no export here, no such sample, or several.
    """
    found = [sample for sample in samples(export) if sample.id.startswith(prefix)]
    if not found:
        raise UsageError(f"{prefix}: no sample with this id in {export}")
    if len(found) > 1:
        raise UsageError(f"{prefix}: {len(found)} samples begin so; give more of the id")
    return found[0]


def samples(export: Path) -> Iterator[Sample]:
    """All samples of an export, split by split.

    Raises: UsageError: the folder holds no export.
    """
    files = sorted((export / "data").glob("*.jsonl"))
    if not files:
        raise UsageError(f"{export}: no export here (no data/*.jsonl); `kgmine run CORPUS --out {export}` makes one")
    for path in files:
        yield from read_rows(path, Sample)


def text(sample: Sample) -> str:
    """The sample as a person reads it."""
    unit = f" {sample.answer_unit}" if sample.answer_unit else ""
    lines = [sample.question, f"  {sample.answer}{unit}", ""]
    lines.append(f"id {sample.id}  task {sample.task}  split {sample.split}  hops {sample.hops}  rank {sample.rank}")
    lines.append(
        f"template {sample.match.template} ({sample.match.template_sha[:8]}), rank {sample.match.rank} of its matches"
    )
    lines += [f"  {name} = {node}" for name, node in sample.match.bindings.items()]
    lines.append("claims")
    lines += [f"  {claim.variable}.{claim.property} = {claim.surface}" for claim in sample.claims if claim.surface]
    lines.append(f"derivation ({sample.derivation.lang})")
    lines += [f"  {line}" for line in sample.derivation.code.splitlines()]
    lines += [f"  {number}. {step.text}" for number, step in enumerate(sample.derivation.steps, 1)]
    lines.append("evidence")
    lines += [f"  {item.kind}: {_short(item.text)}  [{place(item)}]" for item in sample.evidence]
    lines.append("checks")
    lines += [
        f"  {name}: {check.result}{f' ({check.reason})' if check.reason else ''}"
        for name, check in sample.checks.items()
    ]
    return "\n".join(lines)


def place(item: Evidence) -> str:
    """Where a piece of evidence stands, in one phrase."""
    if item.property is not None:
        return f"{item.property} of {item.node}" if item.kind != "relation" else item.node
    parts = [item.path]
    if item.page is not None:
        parts.append(f"page {item.page}")
    if item.sheet:
        parts.append(f"{item.sheet}!{item.cell}")
    if item.page is None and item.heading:
        parts.append(" > ".join(item.heading))
    return ", ".join(parts)


def crops(sample: Sample, corpus: Path, out: Path) -> list[Path]:
    """Write one PNG per page that holds evidence, with the evidence boxes drawn; documents without pages have none."""
    from kg.evidence.crop import render

    pages: dict[tuple[str, int], list[Box]] = {}
    for item in sample.evidence:
        if item.page is not None and item.box is not None and item.path.lower().endswith(".pdf"):
            pages.setdefault((item.path, item.page), []).append(_tight(item, corpus))
    written = []
    for number, ((path, page), boxes) in enumerate(sorted(pages.items()), 1):
        target = out / f"{sample.id[:12]}-{number}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        render(corpus / path, page, boxes, target)
        written.append(target)
    return written


def _tight(item: Evidence, corpus: Path) -> Box:
    """The box of the words themselves, where the evidence is a part of a line."""
    from kg.evidence.locate import narrowed
    from runtime.pdf import open_pdf

    assert item.page is not None
    assert item.box is not None
    if item.span is None:
        return item.box
    with open_pdf(corpus / item.path) as pdf:
        return narrowed(pdf, item.page, item.box, item.text)


def _short(value: str, width: int = 100) -> str:
    one = " ".join(value.split())
    return one if len(one) <= width else f"{one[: width - 1]}…"
