"""SQL over the rows of a user's own graph: in which unit a result is, and which thing a name in it is.

Names are what SQL compares, and two things may have one name (remakes, two actors). Where a computation would take them
for one, or its answer could be either, it has no answer; rows that carry `x.id AS id` tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from kg.proof.reading import own_value
from kg.proof.relations import Nodes, Rows, properties_in
from kg.proof.sql import Outcome
from kg.proof.things import called, names_of, properties
from kg.snapshot.snapshot import Snapshot
from schemas.errors import DerivationError
from schemas.template import Derive, TemplateHeader

_MERGES: Final = re.compile(r"\b(?:GROUP\s+BY|DISTINCT|JOIN|UNION|INTERSECT|EXCEPT|IN)\b", re.IGNORECASE)
"""What takes rows of one name for one thing."""


def stated(
    header: TemplateHeader, nodes: Nodes, made: Mapping[str, Rows], snapshot: Snapshot, cells: Sequence[Any]
) -> tuple[str | None, int, int | None]:
    """(unit, scale, decimals) of a result.

    Raises:
        DerivationError: `unit: same` with no unit or several in the rows; or digits that the header does not state.
    """
    spec = header.derive
    assert spec is not None
    if header.answer_type == "count":
        return None, 0, 0
    unit = spec.unit
    if unit == "same":
        found = sorted(_units(spec, nodes, made, snapshot))
        if len(found) != 1:
            raise DerivationError(f"unit: same, but the rows have {' and '.join(found) or 'no unit'}")
        unit = found[0]
    return unit, 0, spec.decimals if spec.decimals is not None else _printed(cells, made.values())


def _units(spec: Derive, nodes: Nodes, made: Mapping[str, Rows], snapshot: Snapshot) -> set[str]:
    things = {name: {thing} for name, thing in nodes.items()}
    for rows in made.values():
        for row in rows.members:
            for name, thing in row:
                things.setdefault(name, set()).add(thing)
    read = {pair for text in spec.rows.values() for pair in properties_in(text)}
    read |= {(name, prop) for name in nodes for prop in re.findall(rf"\b{re.escape(name)}\.(\w+)", spec.sql or "")}
    units = {
        snapshot.roles.unit_of(snapshot.label_of(thing), prop) for name, prop in read for thing in things.get(name, ())
    }
    return {unit for unit in units if unit is not None}


def _printed(cells: Sequence[Any], made: Iterable[Rows]) -> int | None:
    """Digits of a number that was picked from the rows; of whole numbers none.

    Raises:
        DerivationError: a computed number that is not whole, and the header does not say how to round it.
    """
    if len(cells) != 1 or not isinstance(cells[0], Decimal) or cells[0] == cells[0].to_integral_value():
        return None
    values = (value for rows in made for row in rows.rows for value in row.values() if isinstance(value, float))
    for value in values:
        if Decimal(str(value)) == cells[0]:
            return own_value(value).value.decimals
    raise DerivationError("the result is not whole: say `decimals` in the header")


def entities(
    code: str, nodes: Nodes, made: Mapping[str, Rows], outcome: Outcome, cells: Sequence[Any], snapshot: Snapshot
) -> dict[str, str | None]:
    """Name -> id of the things that the answer's cells name.

    Raises:
        DerivationError: a tie between two things of one name.
    """
    found: dict[str, set[int]] = {}
    for thing in dict.fromkeys([*nodes.values(), *(thing for rows in made.values() for thing in rows.things())]):
        for prop in names_of(snapshot, snapshot.label_of(thing))[:1] if thing >= 0 else ():
            found.setdefault(str(snapshot.get(thing, prop) or ""), set()).add(thing)
    _told_apart(code, made, {name for name, same in found.items() if len(same) > 1})
    ids = _ids(outcome)
    chosen: dict[str, str | None] = {}
    for cell in (str(cell) for cell in cells if not isinstance(cell, Decimal)):
        same = found.get(cell, set())
        named = {snapshot.id_of(thing) for thing in same}
        told = named & ids.get(cell, set())
        if len(told or named) > 1:
            some = ", ".join(sorted(f"{called(snapshot, thing)} ({snapshot.id_of(thing)})" for thing in same))
            raise DerivationError(f"tie: {len(same)} things of one name: {some}")
        if named:
            chosen[cell] = next(iter(told or named))
    return chosen


def _ids(outcome: Outcome) -> dict[str, set[str]]:
    """Cell of the answer -> the ids beside it, where the result has a column `id`."""
    if "id" not in outcome.columns:
        return {}
    column = outcome.columns.index("answer") if "answer" in outcome.columns else 0
    place, found = outcome.columns.index("id"), dict[str, set[str]]()
    for row in outcome.rows:
        found.setdefault(str(row[column]), set()).add(str(row[place]))
    return found


def _told_apart(code: str, made: Mapping[str, Rows], shared: set[str]) -> None:
    """Refuse to merge two things by their name.

    Raises:
        DerivationError: the SQL groups or joins, and rows without `id` hold a name that two things have.
    """
    if not _MERGES.search(code):
        return
    for rows in made.values():
        for row in rows.rows:
            merged = sorted(shared & {value for value in row.values() if isinstance(value, str)})
            if merged and "id" not in row:
                raise DerivationError(f"tie: two things are called {merged[0]}; give the rows a column `id`")


def number_row(snapshot: Snapshot, thing: int, prop: str) -> dict[str, Any]:
    """A property as an operand of arithmetic: `{runtime: "117", "runtime:unit": "minute", "runtime:decimals": 0}`.

    Raises:
        DerivationError: it has no value.
    """
    found = snapshot.get(thing, prop)
    if found is None or found == "" or prop not in properties(snapshot, thing):
        raise DerivationError(f"{prop} of {called(snapshot, thing)} has no value")
    if isinstance(found, bool | list | str):
        return {prop: str(found)}
    value = own_value(found, snapshot.roles.unit_of(snapshot.label_of(thing), prop)).value
    return {prop: value.text, f"{prop}:unit": value.unit, f"{prop}:decimals": value.decimals}
