"""One YAML: what a run is made of. Unknown keys are refused by name; `--set a.b=c` overrides one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from runtime import settings
from runtime.settings import Section
from schemas.errors import ConfigError
from schemas.mapping import Mapping


class Limits(Section):
    """Bounds on one document. Clock and memory stops are `transient`: retried on the next run (exit code 3)."""

    max_pages: int | None = Field(default=None, ge=1)
    """Read only this many pages of a document; the rest is named in a warning."""
    max_bytes: int = Field(default=512 * 2**20, ge=1)
    """A larger file is refused unread."""
    seconds: float = Field(default=900.0, gt=0)
    """Wall clock per document."""
    memory_gib: float = Field(default=8.0, gt=0)
    """Resident memory of the process that reads one document."""


class Sampling(Section):
    """How many matches are drawn and which templates draw."""

    draws: int = Field(default=400, ge=1)
    """Matches drawn per template (times its weight), before proof."""
    templates: tuple[str, ...] = ()
    """Names of shipped templates to use; empty: all. The workspace's own always run."""
    shipped: bool = True
    """False: only the workspace's templates."""


class Selection(Section):
    """What is exported of what was proved."""

    samples: int | None = Field(default=None, ge=1)
    """At most this many, best first under the caps; None: all that the caps allow."""
    max_task_share: float = Field(default=0.3, gt=0, le=1)
    """No task type gets more than this share of the export."""
    max_per_answer: int = Field(default=6, ge=1)
    """At most this many samples of one task over one document have the same name or text as their answer: where one
    method is best everywhere, nobody wins by always saying it."""
    max_per_fact: int = Field(default=3, ge=1)
    """At most this many samples rest on one fact."""
    unproved: bool = False
    """True: also export samples with an `unknown` check (never one with a fail); they say `proved: false`."""


class Store(Section):
    """Where the graph is kept beside the workspace. User and password come from the environment, never from here."""

    uri: str | None = None
    """`bolt://`, `neo4j://`, `neo4j+s://` ...; None: the embedded store alone."""
    database: str | None = None
    """None: NEO4J_DATABASE, else the server's default."""
    ca: str | None = None
    """File with the certificate authority of an own TLS certificate."""


class Config(Section):
    """The whole configuration of `kgmine run`."""

    seed: int = 0
    name: str = "benchmark"
    """Pretty name of the exported data set."""
    license: str = "unknown"
    """Licence of the corpus, written on the card and in every row."""
    language: str = "en"
    store: Store = Store()
    graph: Mapping = Mapping()
    """How a graph that `kgmine import` takes is read."""
    limits: Limits = Limits()
    sampling: Sampling = Sampling()
    selection: Selection = Selection()
    splits: dict[str, float] = {"train": 0.8, "dev": 0.1, "test": 0.1}
    """Shares by name; `{test: 1}` for a pure benchmark."""
    split_unit: str | None = None
    """document or element; None: document from 20 documents on."""
    max_reject_share: float = Field(default=1.0, ge=0, le=1)
    """Exit code 3 where more than this share of the documents was rejected."""

    def exported(self) -> dict[str, Any]:
        """What an export says: everything that shapes it. Where the graph is kept does not."""
        return self.model_dump(mode="json", exclude={"store"})

    @field_validator("splits")
    @classmethod
    def _shares(cls, value: dict[str, float]) -> dict[str, float]:
        if not value or min(value.values()) < 0 or abs(sum(value.values()) - 1) > 1e-6:
            raise ValueError("shares must be positive and add up to 1")
        return value

    @field_validator("split_unit")
    @classmethod
    def _unit(cls, value: str | None) -> str | None:
        if value not in (None, "document", "element"):
            raise ValueError("document or element")
        return value


def load(path: Path | None, overrides: tuple[str, ...] = (), **direct: Any) -> Config:
    """The configuration of a file with overrides, see `runtime.settings.load`."""
    if path is not None and not path.exists():
        raise ConfigError(f"{path}: no such file; `kgmine init` writes one")
    return settings.load(Config, path, overrides, what="configuration", **direct)
