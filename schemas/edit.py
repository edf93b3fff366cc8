"""Edits: what users change in the graph, kept beside it so that the next extraction does not undo it."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr

from schemas.base import Row

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
Property = Scalar | tuple[StrictStr, ...] | tuple[StrictInt, ...] | tuple[StrictFloat | StrictInt, ...] | None
"""A property of a node or an edge. Not-a-number and the infinities stand in the file as Python's JSON writes them."""

Op = Literal["set", "remove", "add", "merge", "split", "ignore"]


class _EditRow(Row):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    @cached_property
    def line(self) -> str:
        """Canonical JSON on one line, without what is not said."""
        return self.model_dump_json(exclude_defaults=True)

    def but(self, **changes: object) -> Self:
        """The same row with other values."""
        return type(self).model_validate({**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def __eq__(self, other: object) -> bool:
        # By what it says: not-a-number is no other value because it was read from a file.
        return type(other) is type(self) and isinstance(other, _EditRow) and other.line == self.line

    def __hash__(self) -> int:
        return hash(self.line)


class Ref(_EditRow):
    """One node or edge: by its id, and by what it says (its anchor), for when a changed document gave it another id."""

    label: str
    """Label of a node, type of an edge."""
    id: str | None = None
    document: str | None = None
    """Path of the document that it belongs to, relative to the corpus."""
    says: dict[str, Property] = {}
    """Values that extraction gave it and that tell it from its siblings."""
    inside: Ref | None = None
    """The table of a row, column or cell; the element that a fact stands in."""
    start: Ref | None = None
    """Source of an edge."""
    end: Ref | None = None
    """Target of an edge."""


class Edit(_EditRow):
    """One change of the graph.

    op       on                        takes
    set      a node or an edge         `properties`: new values, null removes one; `was`: what extraction said
    remove   a node or an edge
    add      what comes to be          `properties`; of an edge, `on.start` and `on.end`
    merge    the node that goes        `into`: the one that stays and gets all its edges, future ones included
    split    -                         `surfaces`: two names that extraction must keep as two entities
    ignore   what a user made on the server and what stays there, outside the graph
    """

    op: Op
    on: Ref | None = None
    properties: dict[str, Property] = {}
    was: dict[str, Property] = {}
    into: Ref | None = None
    surfaces: tuple[str, str] | None = None
    origin: Literal["server", "file"] = "file"
    """`server`: harvested, and taken back where the server takes it back; `file`: written into edits.jsonl by hand."""

    @cached_property
    def id(self) -> str:
        """16 hex characters from what is done to what; not from where it came or what stood there before."""
        said = json.loads(self.model_dump_json(exclude={"was", "origin", "on", "into"}))
        return _digest([said, _key(self.on), _key(self.into)])


def _key(ref: Ref | None) -> Any:
    if ref is None:
        return None
    return [ref.label, ref.id] if ref.id is not None else ref.line


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
