"""Exports: the benchmark with its proof pack (`pack`), and training files for other programs (`Exporter`).

An exporter turns samples into files that one program loads at the first try. Third parties add theirs through the entry
point group `kgmine.exporters`; its entries are named by the format (`--format NAME`), built with the keywords of the
shipped ones, and come before these.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol, cast

from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample
from training.recipe import Recipe

ENTRY_POINTS: Final = "kgmine.exporters"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exporter wrote."""

    rows: Mapping[str, int]
    """Split -> rows, in the order of training, dev, test, others."""
    rejected: tuple[Rejected, ...]
    """Samples that the program could not take, and those that the recipe's slice leaves out of training."""
    notes: tuple[str, ...]
    """What a user should know: what was left out, what else to install."""
    next: str
    """The command that trains on it."""


class Exporter(Protocol):
    """Writes samples for one program. Implementations are frozen dataclasses whose fields are their configuration."""

    @property
    def recipe(self) -> Recipe:
        """Wording and settings of the student."""

    @property
    def model(self) -> str:
        """Base that the written recipe names."""

    def export(self, samples: Sequence[Sample], out: Path) -> Exported:
        """Write the files into `out`, an empty folder. Equal samples in any order give equal bytes.

        Every split keeps its own files: rows of a test split never stand in a file that is trained on.

        Raises: UsageError: there is nothing to train on, or an image is missing.
        """


SHIPPED: Final[Mapping[str, str]] = {
    "llamafactory": "kgmine.export.llamafactory:LlamaFactory",
    "trl": "kgmine.export.trl:Trl",
}
"""Format -> `module:class`, imported on first use."""


def registry() -> dict[str, str]:
    """All exporters that are installed, sorted by name."""
    found = {point.name: point.value for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.value)}
    return dict(sorted({**SHIPPED, **found}.items()))


def build(name: str, **fields: Any) -> Exporter:
    """The exporter of a format.

    Raises: UsageError: no exporter has this name.
    """
    target = registry().get(name)
    if target is None:
        raise UsageError(f"--format {name}: unknown; there are {', '.join(registry())}")
    module, _, kind = target.partition(":")
    return cast("Exporter", getattr(importlib.import_module(module), kind)(**fields))
