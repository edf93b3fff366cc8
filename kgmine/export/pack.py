"""The benchmark: data files, card, proof pack, rejects and funnel; no time stamps, job counts or paths of a machine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kgmine.corpus import Manifest
from kgmine.export import rows
from kgmine.export.card import card
from runtime.artefacts import write_bytes, write_json, write_rows, write_text
from schemas.reject import Rejected
from schemas.sample import Sample


def write(
    out: Path,
    samples: Sequence[Sample],
    rejected: Sequence[Rejected],
    facts: Mapping[str, Any],
    manifest: Manifest,
    splits: Sequence[str],
) -> None:
    """Write an export; what an older one left in `data/` and `templates/` goes first."""
    for name in ("data", "templates"):
        shutil.rmtree(out / name, ignore_errors=True)
    filled = [split for split in splits if any(sample.split == split for sample in samples)]
    for split in filled:
        rows.write([sample for sample in samples if sample.split == split], out / "data", split)
    write_text(out / "README.md", card(samples, filled, rejected, facts))
    write_rows(out / "rejected.jsonl", rejected)
    write_json(out / "sources.json", sources(manifest, facts))


def sources(manifest: Manifest, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the samples rest on: documents by sha256, and the snapshot that uniqueness is attested for."""
    documents = [
        {"sha256": entry.document, "paths": list(entry.paths), "format": entry.format} for entry in manifest.documents
    ]
    return {"documents": documents, "snapshot": facts["snapshot"], "seed": facts["seed"], "unit": facts["unit"]}


def pack_templates(out: Path, templates: Mapping[str, Path]) -> None:
    """The templates as they were used."""
    for name, path in templates.items():
        write_bytes(out / "templates" / f"{name}.cypher", path.read_bytes())


def write_funnel(out: Path, data: Mapping[str, Any]) -> None:
    write_json(out / "funnel.json", data)
