"""The header of a neo4j-admin CSV file: one field per column, `name:type(space){options}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from schemas.errors import GraphError

Kind = Literal["ID", "LABEL", "START_ID", "END_ID", "TYPE", "IGNORE", "PROPERTY"]

_KEYWORDS: Final[dict[str, Kind]] = {
    kind: kind  # type: ignore[dict-item, unused-ignore]
    for kind in ("ID", "LABEL", "START_ID", "END_ID", "TYPE", "IGNORE")
}
SCALARS: Final[dict[str, str]] = {
    "int": "int64", "long": "int64", "short": "int64", "byte": "int64",
    "float": "float64", "double": "float64", "boolean": "bool",
    "string": "string", "char": "string", "point": "list<float64>",
    "date": "string", "localtime": "string", "time": "string", "localdatetime": "string", "datetime": "string",
    "duration": "string",
}  # fmt: skip
"""Type in a header, in lower case -> property type. Arrays (`type[]`) are lists; those without a list type of their own
(booleans, points, temporal values) are lists of strings."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds."""

    kind: Kind
    name: str = ""
    """Property name; also of an ID column that is kept as a property. Empty: none."""
    type: str = "string"
    """As in `SCALARS`, with `[]` behind it for arrays; in lower case."""
    space: str = ""

    @property
    def is_array(self) -> bool:
        return self.type.endswith("[]")

    @property
    def scalar(self) -> str:
        """The type without `[]`."""
        return self.type.removesuffix("[]")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file of nodes or relationships."""

    columns: tuple[Column, ...]

    @property
    def is_edges(self) -> bool:
        return any(column.kind in ("START_ID", "END_ID") for column in self.columns)

    def places(self, kind: Kind) -> list[int]:
        """Indices of the columns of a kind."""
        return [k for k, column in enumerate(self.columns) if column.kind == kind]

    def one(self, kind: Kind) -> int | None:
        """Index of the only column of a kind."""
        return next(iter(self.places(kind)), None)


def is_header(fields: Sequence[str | None]) -> bool:
    """Whether a file's first record can be a header: some field is an ID."""
    parsed = [_split(field or "")[1] for field in fields]
    return any(kind in ("ID", "START_ID", "END_ID") for kind in parsed)


def parse(fields: Sequence[str | None], at: Sequence[str]) -> Header:
    """The header of the fields; `at[k]` is `file:line:column` of field k, for errors.

    Raises: GraphError: unknown type, a name or a key comes twice, or nodes and relationships are mixed.
    """
    header = Header(tuple(_column(field, at[k]) for k, field in enumerate(fields)))
    seen: dict[str, int] = {}
    for k, column in enumerate(header.columns):
        once = column.kind in ("START_ID", "END_ID", "TYPE")
        name = column.name if column.kind in ("ID", "PROPERTY") else f":{column.kind}" if once else ""
        if name and name in seen:
            raise GraphError(f"{at[k]}: {name} comes twice in this header")
        seen[name] = k
    here = at[0] if at else "header"
    needed: tuple[Kind, ...] = ("START_ID", "END_ID") if header.is_edges else ()
    foreign: tuple[Kind, ...] = ("ID", "LABEL") if header.is_edges else ("TYPE",)
    what = "relationships" if header.is_edges else "nodes"
    for kind in needed:
        if not header.places(kind):
            raise GraphError(f"{here}: a header of relationships needs :START_ID and :END_ID; :{kind} is missing")
    for kind in foreign:
        for k in header.places(kind):
            raise GraphError(f"{at[k]}: :{kind} in a header of {what}")
    if len({header.columns[k].space for k in header.places("ID")}) > 1:
        raise GraphError(f"{here}: the :ID columns of one file have different spaces")
    return header


def _split(field: str) -> tuple[str, str, str]:
    """(name, type as it stands, space) of a field, as neo4j-admin cuts it: options, then space, then type."""
    for opening, closing in ("{}", "()"):
        start, end = field.find(opening), field.rfind(closing)
        if 0 <= start < end:
            if opening == "(":
                space = field[start + 1 : end]
                name, _, type_ = (field[:start] + field[end + 1 :]).rpartition(":")
                return name, _upper(type_), space
            field = field[:start] + field[end + 1 :]
    name, colon, type_ = field.rpartition(":")
    return (name, _upper(type_), "") if colon else (field, "", "")


def _upper(type_: str) -> str:
    return type_.upper() if type_.upper() in _KEYWORDS else type_


def _column(field: str | None, at: str) -> Column:
    name, type_, space = _split(field or "")
    if not field or type_ == "IGNORE":
        return Column("IGNORE")
    if type_ in _KEYWORDS:
        return Column(_KEYWORDS[type_], name if type_ == "ID" else "", space=space)
    type_ = type_.lower() or "string"
    if type_.removesuffix("[]") not in SCALARS:
        raise GraphError(f"{at}: {field}: unknown type {type_!r}; known: {', '.join(SCALARS)}, each with [] for arrays")
    if not name:
        raise GraphError(f"{at}: a column of type {type_} without a name")
    return Column("PROPERTY", name, type_)
