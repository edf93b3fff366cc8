"""What became of each document and template: matches, drafts, samples, exported, and why the rest was thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kgmine.corpus import Manifest
from runtime.artefacts import read_json, write_json
from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample

COUNTS = ("matches", "drafts", "samples")


def funnel(
    manifest: Manifest, mined: Mapping[str, Mapping[str, Any]], exported: Sequence[Sample], rejected: Sequence[Rejected]
) -> dict[str, Any]:
    """The funnel of a run.

    Args:
        mined: template -> counts of `kgmine.mine`, with `documents`: document id -> what happened.
        rejected: what selection threw away after proof.
    Returns: `{documents: {path: {...}}, templates: {name: {...}}, cells: [...]}` with counts and rejects by check.
    """
    names = {entry.document: entry.paths[0] for entry in manifest.documents}
    cells = []
    for template, counts in mined.items():
        for document, row in counts["documents"].items():
            cells.append({"document": names.get(document, document), "template": template, **_split(row)})
    homes = {sample: home for counts in mined.values() for sample, home in counts["homes"].items()}
    after = Counter((homes.get(row.item, ""), row.template or "", f"{row.stage}: {row.check}") for row in rejected)
    for (document, template, check), count in sorted(after.items()):
        for cell in cells:
            if cell["document"] == names.get(document, document) and cell["template"] == template:
                cell["rejects"][check] = cell["rejects"].get(check, 0) + count
    kept = Counter((names.get(homes[sample.id], ""), sample.match.template) for sample in exported)
    for cell in cells:
        cell["exported"] = kept[cell["document"], cell["template"]]
    unread = {row.item: f"{row.check}: {row.reason}" for row in manifest.rejected}
    return {
        "documents": {
            name: _sum(cell for cell in cells if cell["document"] == name) for name in sorted(names.values())
        },
        "templates": {
            name: {
                **{k: v for k, v in counts.items() if k != "documents"},
                **_sum(c for c in cells if c["template"] == name),
            }
            for name, counts in mined.items()
        },
        "cells": cells,
        "unread": unread,
    }


def _plain(counts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in counts.items() if not isinstance(value, dict)}


def _split(row: Mapping[str, int]) -> dict[str, Any]:
    rejects = {key: count for key, count in sorted(row.items()) if key not in COUNTS}
    return {**{name: row.get(name, 0) for name in COUNTS}, "rejects": rejects}


def _sum(cells: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    rejects: Counter[str] = Counter()
    for cell in cells:
        total.update({name: cell[name] for name in (*COUNTS, "exported")})
        rejects.update(cell["rejects"])
    return {**{name: total[name] for name in (*COUNTS, "exported")}, "rejects": dict(sorted(rejects.items()))}


def write(path: Path, data: Mapping[str, Any]) -> None:
    write_json(path, data)


def text(export: Path, document: str | None = None, template: str | None = None) -> str:
    """The funnel as tables: documents, templates, or the cells of one of them.

    Raises: UsageError: no funnel here, or no such document or template.
    """
    from kgmine.report import table

    path = export / "funnel.json"
    if not path.exists():
        raise UsageError(f"{export}: no funnel.json here; `kgmine run` writes it")
    data = read_json(path)
    head = (*COUNTS, "exported", "most frequent rejects")
    if document is None and template is None:
        parts = [
            table((kind, *head), [(name, *_cells(row)) for name, row in data[f"{kind}s"].items()])
            for kind in ("document", "template")
        ]
        if data["unread"]:
            parts.append(table(("not read", "reason"), sorted(data["unread"].items())))
        return "\n\n".join(parts)
    key, other = ("document", "template") if document else ("template", "document")
    wanted = document or template
    rows = [cell for cell in data["cells"] if cell[key] == wanted]
    if not rows:
        raise UsageError(f"{wanted}: no such {key}; there are {', '.join(data[f'{key}s'])}")
    return table((other, *head), [(cell[other], *_cells(cell, 6)) for cell in rows])


def _cells(row: Mapping[str, Any], most: int = 3) -> tuple[Any, ...]:
    rejects = sorted(row["rejects"].items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{check} {count}" for check, count in rejects[:most])
    return (*(row[name] for name in (*COUNTS, "exported")), said)
