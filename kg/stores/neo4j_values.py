"""Values of a Neo4j server as tables and results have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.graph.tables import infer
from schemas.errors import GraphError


def plain(value: Any) -> Any:
    """A property's value as null, bool, int, float, str or a list of one of these.

    Dates, times and durations become ISO strings, points lists of their coordinates, bytes hexadecimal digits. A list
    of several kinds of values becomes a list of strings.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, list):
        members = [plain(member) for member in value]
        return members if _fits(members) else [text(member) for member in members]
    iso = getattr(value, "iso_format", None)
    if iso is not None:  # before the points: a duration is a tuple, too
        return iso()
    return [float(member) for member in value] if isinstance(value, tuple) else str(value)


def shown(value: Any) -> Any:
    """A value of a query's result as `kg.stores.Rows` says it; a map stays one."""
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Node | Relationship):
        id_ = value.get("id")
        return id_ if isinstance(id_, str) and id_ else value.element_id
    if isinstance(value, Path):
        path: list[Any] = [shown(value.nodes[0])]
        for node, relationship in zip(value.nodes[1:], value.relationships, strict=True):
            path += [shown(relationship), shown(node)]
        return path
    if isinstance(value, list):
        return [shown(member) for member in value]
    if isinstance(value, dict):
        return {name: shown(member) for name, member in value.items()}
    return plain(value)


def text(value: Any) -> str:
    """A value as a string, for a property that has values of several types."""
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def types_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Property -> type over rows of plain values, names sorted; string where values do not fit together."""
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            by_name.setdefault(name, []).append(value)
    return {name: _type(name, values) for name, values in sorted(by_name.items())}


def _type(name: str, values: list[Any]) -> str:
    try:
        return infer([{name: value} for value in values], ())[name]
    except GraphError:
        return "list<string>" if all(isinstance(value, list) for value in values) else "string"


def _fits(members: list[Any]) -> bool:
    try:
        infer([{"": members}], ())
    except GraphError:
        return False
    return None not in members
