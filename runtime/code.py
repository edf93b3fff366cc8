"""The version of the code that computed an artefact: a hash of its sources."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

SUFFIXES = (".py", ".cypher", ".lark", ".jinja", ".yaml")


@cache
def code_version(*packages: str) -> str:
    """16 hex characters over the sources of the packages, so that a changed program never serves an old stage.

    Args: packages: dotted names, folders or single modules.
    """
    digest = hashlib.sha256()
    for package in sorted(packages):
        for path in _sources(package):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return []
    origin = Path(spec.origin)
    if origin.name != "__init__.py":
        return [origin]
    return sorted(path for path in origin.parent.rglob("*") if path.suffix in SUFFIXES)
