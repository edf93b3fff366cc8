"""What every benchmark prints and writes: one table, one JSON file with machine, versions and rows."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """The machine in words; nothing that names its owner."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Installed versions; a package that is not there is left out."""
    found: dict[str, str] = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def report(name: str, rows: Sequence[Mapping[str, Any]], packages: Sequence[str], *, results: Path = RESULTS) -> Path:
    """Prints the rows as a table and writes `<results>/<name>.json`; rows share their keys."""
    print(table(rows))
    results.mkdir(parents=True, exist_ok=True)
    target = results / f"{name}.json"
    content = {"machine": machine(), "versions": versions(packages), "rows": [dict(row) for row in rows]}
    target.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{target}")
    return target


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Columns padded to their widest cell, numbers to the right."""
    if not rows:
        return "nothing was measured"
    names = list(rows[0])
    cells = [[_shown(row.get(name)) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[i]) for line in cells)) for i, name in enumerate(names)]
    right = [all(isinstance(row.get(name), int | float) for row in rows) for name in names]

    def line(parts: Sequence[str]) -> str:
        return "  ".join(p.rjust(w) if r else p.ljust(w) for p, w, r in zip(parts, widths, right, strict=True)).rstrip()

    return "\n".join([line(names), line(["-" * w for w in widths]), *(line(parts) for parts in cells)])


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
