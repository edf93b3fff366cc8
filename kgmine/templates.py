"""Which templates a run uses: the shipped ones, and the workspace's own, which win over shipped ones of their name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from kgmine.config import Sampling
from schemas.errors import ConfigError


def shipped() -> dict[str, Path]:
    """Name -> file of every template that comes with kgmine."""
    folder = Path(str(files("synthesis"))) / "templates"
    return {path.stem: path for path in sorted(folder.glob("*.cypher"))}


def chosen(own: Path, sampling: Sampling, *, imported: bool = False) -> dict[str, Path]:
    """Name -> file, sorted by name.

    Args: imported: the graph is the user's own; the shipped templates are about extracted facts and do not fit it.
    Raises: ConfigError: `sampling.templates` names one that is not there, or none is left.
    """
    found = shipped() if sampling.shipped and not imported else {}
    if sampling.templates:
        missing = sorted(set(sampling.templates) - set(found))
        if missing:
            raise ConfigError(f"sampling.templates: no shipped template {missing[0]}; there are {', '.join(found)}")
        found = {name: found[name] for name in sampling.templates}
    found |= {path.stem: path for path in sorted(own.glob("*.cypher"))} if own.is_dir() else {}
    if imported and not found:
        raise ConfigError(f"an imported graph needs templates of your own: {own} holds none")
    if not found:
        raise ConfigError(f"no templates: sampling.shipped is false and {own} holds none")
    return dict(sorted(found.items()))
