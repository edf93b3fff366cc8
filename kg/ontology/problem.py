"""What is wrong with a schema, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.errors import ConfigError

Loc = tuple[str | int, ...]
"""Keys and indices from the top of the file: ("node_types", 0, "label")."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem. An error stops whatever needs the schema; a warning is something that will never match."""

    path: str
    line: int
    column: int
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {'' if self.level == 'error' else 'warning: '}{self.message}"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the keys and values of a file stand, 1-based (line, column)."""

    path: str
    keys: Mapping[Loc, tuple[int, int]]
    values: Mapping[Loc, tuple[int, int]]

    def problem(
        self, loc: Loc, message: str, *, key: bool = False, level: Literal["error", "warning"] = "error"
    ) -> Problem:
        """A problem at a place, or at the nearest place around it that the file spells out."""
        chosen = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(loc), -1, -1):
            for places in chosen:
                if found := places.get(loc[:length]):
                    return Problem(self.path, *found, message, level)
        return Problem(self.path, 1, 1, message, level)


class SchemaError(ConfigError):
    """A schema that cannot be used; `problems` are all its errors, the first is what the error says."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        super().__init__(str(self.problems[0]) + (f" (and {more} more: `kgmine schema check`)" if more else ""))
