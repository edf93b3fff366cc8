"""Settings: one YAML, checked by a pydantic model. Unknown keys are refused by name; `--set a.b=c` overrides one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import ConfigError

S = TypeVar("S", bound=BaseModel)


class Section(BaseModel):
    """The base of settings: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load(
    model: type[S],
    path: Path | None,
    overrides: tuple[str, ...] = (),
    *,
    what: str,
    start: Mapping[str, Any] | None = None,
    **direct: Any,
) -> S:
    """The settings of a file with overrides.

    Args:
        model: what the settings are.
        path: YAML file, or None for `start`.
        overrides: `a.b=c` with c in YAML.
        what: their name, for errors where there is no file.
        start: what overrides apply to where there is no file; None: the defaults.
        direct: top-level keys that flags of the command line set; None is ignored.
    Raises: ConfigError: names file and key.
    """
    data = _read(path) if path is not None else deepcopy(dict(start or {}))
    for override in overrides:
        _override(data, override)
    data.update({key: value for key, value in direct.items() if value is not None})
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "top"
        said = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{path or what}: {key}: {said}") from None


def changed(old: Any, new: Any, name: str = "") -> list[tuple[str, Any, Any]]:
    """What differs between two nested settings: (key, old value, new value), the keys joined by points."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted({*old, *new})
        return [found for key in keys for found in changed(old.get(key), new.get(key), f"{name}.{key}".lstrip("."))]
    return [] if old == new else [(name, old, new)]


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{path}{where}: {getattr(error, 'problem', None) or 'not YAML'}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: expected keys and values at the top")
    return data


def _override(data: dict[str, Any], override: str) -> None:
    key, separator, value = override.partition("=")
    if not separator or not key:
        raise ConfigError(f"--set {override}: expected key=value, e.g. --set sampling.draws=200")
    node = data
    *parents, last = key.split(".")
    for parent in parents:
        child = node.setdefault(parent, {})
        if not isinstance(child, dict):
            raise ConfigError(f"--set {override}: {parent} is not a section")
        node = child
    try:
        node[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        raise ConfigError(f"--set {override}: the value is not YAML") from None
