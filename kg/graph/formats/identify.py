"""Which id a node or an edge of a user's graph gets: its own where it has one, else one made from its content.

A node's own id is the property that the mapping names, its property `id`, or the key that the source's edges use. Where
two labels use the same ids, the ids of both become `Label:id`. A property `id` that is not the id after all becomes the
property `own_id`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kg.graph import model
from kg.graph.formats.values import Note, canonical
from kg.graph.ids import digest
from schemas.errors import GraphError

if TYPE_CHECKING:
    from kg.graph.formats.gather import NodePart
    from kg.graph.tables import EdgeKey

OWN: Final = "own_id"

Identified = tuple[Any, pa.Table]
"""(array of ids, properties without `id`)."""


def node_ids(parts: Sequence[NodePart], key: Mapping[str, str], note: Note) -> list[Identified]:
    """Ids of the nodes of every part, unique over all of them.

    Args: key: label -> property whose value is the id.
    Raises: GraphError: such a property is null or comes twice.
    """
    if not parts:
        return []
    wanted = pa.chunked_array([_candidates(part, key.get(part.label)) for part in parts], pa.string())
    sizes = [len(part.keys) for part in parts]
    labels = np.repeat(pc.dictionary_encode(pa.array([p.label for p in parts])).indices.to_numpy(), sizes)
    names = list(dict.fromkeys(part.label for part in parts))
    ids = _apart(wanted.combine_chunks(), labels, names, note)
    found, first = [], 0
    for part, size in zip(parts, sizes, strict=True):
        mine = _filled(ids.slice(first, size), part)
        found.append((mine, _without_id(part.properties, mine)))
        first += size
    return found


def edge_ids(tables: Mapping[EdgeKey, pa.Table], note: Note) -> dict[EdgeKey, pa.Table]:
    """The tables with a column `id` behind their two ends.

    An edge without an id of its own gets H(type, source, target, ordinal among its twins), twins in the order of what
    they say.
    """
    wanted = {key: _as_id(table["id"]) for key, table in tables.items() if "id" in table.column_names}
    taken = pa.chunked_array([chunk for ids in wanted.values() for chunk in ids.chunks], pa.string())
    twice = _twice(taken)
    if len(twice):
        note(f"{len(twice)} ids are shared by several relationships: these get ids of their own")
    found = {}
    for key, table in tables.items():
        own = wanted.get(key, pa.chunked_array([pa.nulls(table.num_rows, pa.string())])).combine_chunks()
        own = pc.if_else(pc.is_in(own, value_set=twice), pa.scalar(None, pa.string()), own) if len(twice) else own
        ids = _edges_filled(key[0], own, table)
        rest = _without_id(table, ids)
        ends = {name: rest[name] for name in (model.START, model.END)}
        found[key] = pa.table({**ends, "id": ids, **{n: rest[n] for n in rest.column_names if n not in ends}})
    return found


def _candidates(part: NodePart, key: str | None) -> Any:
    """The ids that the part's nodes would like to have; null: one made from content."""
    table = part.properties
    if key is not None:
        return _declared(part, key)
    given = part.keys.cast(pa.string()) if part.given else pa.nulls(len(part.keys), pa.string())
    if "id" not in table.column_names:
        return given
    return pc.coalesce(_as_id(table["id"]).combine_chunks(), given)


def _declared(part: NodePart, key: str) -> Any:
    where = f"graph.key: {part.label}.{key}"
    if key not in part.properties.column_names:
        raise GraphError(f"{where}: no node has this property")
    found = _as_id(part.properties[key]).combine_chunks()
    if found.null_count:
        row = int(np.flatnonzero(found.is_null().to_numpy(zero_copy_only=False))[0])
        raise GraphError(f"{part.origin.at(row, key)}: {where} is null")
    twice = _twice(found)
    if len(twice):
        row = found.to_pylist().index(twice[0].as_py())
        raise GraphError(f"{part.origin.at(row, key)}: {where} comes twice: {twice[0].as_py()!r}")
    return found


def _as_id(values: Any) -> Any:
    """Strings and whole numbers as strings; what else a property `id` may hold is no id."""
    if pa.types.is_string(values.type) or pa.types.is_integer(values.type):
        return values.cast(pa.string())
    return pa.chunked_array([pa.nulls(len(values), pa.string())])


def _twice(values: Any) -> Any:
    valid = values.drop_null()
    if pc.count_distinct(valid).as_py() == len(valid):
        return pa.array([], pa.string())
    counts = pc.value_counts(valid)
    return counts.filter(pc.greater(counts.field("counts"), 1)).field("values")


def _apart(wanted: Any, labels: npt.NDArray[np.int32], names: Sequence[str], note: Note) -> Any:
    """The wanted ids, prefixed where labels clash and null where one label has an id twice."""
    twice = _twice(wanted)
    if not len(twice):
        return wanted
    clash = pc.is_in(wanted, value_set=twice).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(clash)
    inside = Counter(zip(labels[rows].tolist(), wanted.take(pa.array(rows)).to_pylist(), strict=True))
    shared = {pair for pair, n in inside.items() if n > 1}
    involved = {label for label, value in inside if sum((k, value) in inside for k in range(len(names))) > 1}
    values = wanted.to_pylist()
    for row in rows.tolist():
        if (int(labels[row]), values[row]) in shared:
            values[row] = None
    for label in sorted({label for label, _ in shared}):
        note(f"{names[label]}: some nodes share their id: these get ids made from their content")
    if involved:
        note(f"{', '.join(names[k] for k in sorted(involved))} use the same ids: they become `Label:id`")
    members = np.isin(labels, sorted(involved))
    for row in np.flatnonzero(members).tolist():
        values[row] = None if values[row] is None else f"{names[labels[row]]}:{values[row]}"
    result = pa.array(values, pa.string())
    again = _twice(result)
    return pc.if_else(pc.is_in(result, value_set=again), pa.scalar(None, pa.string()), result) if len(again) else result


def _filled(ids: Any, part: NodePart) -> Any:
    if not ids.null_count:
        return ids
    rows = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
    made = _from_content(["node", part.label, *part.further], part.properties.take(pa.array(rows)))
    values = ids.to_pylist()
    for row, id_ in zip(rows.tolist(), made, strict=True):
        values[row] = id_
    return pa.array(values, pa.string())


def _from_content(head: Sequence[str], table: pa.Table) -> Iterable[str]:
    seen: Counter[str] = Counter()
    for row in _rows(table):
        content = canonical(row.items())
        yield digest(*head, content, str(seen[content]))
        seen[content] += 1


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    return list(table.to_pylist()) if table.num_columns else [{} for _ in range(table.num_rows)]


def _without_id(table: pa.Table, ids: Any) -> pa.Table:
    """The properties beside the id; what the id is not stays as `own_id`."""
    if "id" not in table.column_names:
        return table
    own, place = table["id"], table.column_names.index("id")
    rest = table.remove_column(place)
    kept = own.drop_null()
    same = pc.equal(_as_id(own).combine_chunks(), ids)
    if len(kept) == pc.sum(pc.fill_null(same, False)).as_py() or OWN in rest.column_names:
        return rest
    return rest.append_column(OWN, own)


def _edges_filled(kind: str, ids: Any, table: pa.Table) -> Any:
    if not ids.null_count:
        return ids
    rows = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
    chosen = table.take(pa.array(rows))
    starts, ends = chosen[model.START].to_pylist(), chosen[model.END].to_pylist()
    twins = Counter(zip(starts, ends, strict=True))
    ordinal: list[int] = [0] * len(rows)
    several = [k for k, pair in enumerate(zip(starts, ends, strict=True)) if twins[pair] > 1]
    says = [canonical(row.items()) for row in chosen.take(pa.array(several, pa.int64())).to_pylist()]
    seen: Counter[tuple[str, str]] = Counter()
    for _, k in sorted(zip(says, several, strict=True)):
        pair = (starts[k], ends[k])
        ordinal[k] = seen[pair]
        seen[pair] += 1
    values = ids.to_pylist()
    for k, row in enumerate(rows.tolist()):
        values[row] = digest(kind, starts[k], ends[k], str(ordinal[k]))
    return pa.array(values, pa.string())
