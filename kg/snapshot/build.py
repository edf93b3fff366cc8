"""From tables to a snapshot, on disk as two files: `snapshot.json` (what is where) and `arrays.bin` (the arrays).

A snapshot is a cache of the tables: its folder is named by their content hash, appears whole or not at all, and may be
deleted at any time when no run uses it.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from kg.graph import model
from kg.graph.roles import HOUSE, Roles, manifest_entry, roles_of
from kg.snapshot.adjacency import Csr, pointers, transpose
from kg.snapshot.columns import encode, string_buffers
from kg.snapshot.snapshot import Group, Layout, Snapshot
from schemas.errors import GraphError

if TYPE_CHECKING:
    from kg.graph.tables import Tables

Array = npt.NDArray[Any]

FORMAT: Final = 1
ALIGN: Final = 64
"""Bytes: every array starts on a cache line."""
HEAD: Final = "snapshot.json"
ARRAYS: Final = "arrays.bin"


def open_snapshot(tables_dir: Path, snapshots: Path | None = None) -> Snapshot:
    """The snapshot of the tables in a folder, memory-mapped; built first where it does not exist yet.

    Args:
        tables_dir: folder that `kg.graph.disk.write` wrote.
        snapshots: folder of snapshots; default `snapshots/` beside `tables_dir`.

    Raises:
        GraphError: the tables are missing or damaged; names the file.
    """
    from kg.graph import disk

    content = str(disk.read_manifest(tables_dir)["hash"])
    folder = (snapshots or tables_dir.parent / "snapshots") / content[:24]
    try:
        return load(folder)
    except GraphError:  # not there yet, of an older version, or damaged: it is a cache, the tables are the graph
        layout, arrays = lay_out(disk.read(tables_dir))
        if folder.exists():
            shutil.rmtree(folder)
        write(layout, arrays, folder)
        return load(folder)


def snapshot_of(tables: Tables) -> Snapshot:
    """A snapshot in memory."""
    return Snapshot(*lay_out(tables))


def snapshot_from(
    nodes: Sequence[Mapping[str, object]], edges: Sequence[Mapping[str, object]], roles: Roles = HOUSE
) -> Snapshot:
    """A snapshot of a small graph written as dicts, see `kg.graph.tables.tables_from`.

    Example: `snapshot_from([{"id": "e1", "label": "Entity", "name": "Mars"}],
    [{"type": "SAME_AS", "source": "e1", "target": "e1"}])`.
    """
    from kg.graph.tables import tables_from

    return snapshot_of(tables_from(nodes, edges, roles))


def lay_out(tables: Tables) -> tuple[Layout, dict[str, Array]]:
    """The arrays of a snapshot and what they mean.

    Raises:
        GraphError: an edge's end does not exist, two labels share an id, or there are 2**31 nodes or more.
    """
    from kg.graph.tables import properties

    arrays: dict[str, Array] = {}
    _check_ids(tables)
    starts, total = {}, 0
    for k, (label, table) in enumerate(tables.nodes.items()):
        starts[label], total = total, total + table.num_rows
        _encode_ids(table, f"n{k}", arrays)
        for name in properties(table):
            encode(_one(table[name]), f"n{k}.{name}", arrays)
    if total >= 2**31:
        raise GraphError(f"{total} nodes: a snapshot holds fewer than 2**31")
    groups = []
    for g, ((kind, source, target), table) in enumerate(tables.edges.items()):
        names = properties(table)
        groups.append(Group(kind, source, target, table.num_rows, tuple(names.items())))
        _encode_edges(tables, (kind, source, target), starts, f"e{g}", arrays)
        _encode_ids(table, f"e{g}", arrays)
        for name in names:
            encode(_one(table[name]), f"e{g}.p.{name}", arrays)
    labels = tuple((label, t.num_rows, tuple(properties(t).items())) for label, t in tables.nodes.items())
    return Layout(tables.hash, labels, tuple(groups), tables.roles), arrays


def write(layout: Layout, arrays: Mapping[str, Array], folder: Path) -> None:
    """Write a snapshot; the folder appears whole or not at all. The same snapshot gives the same bytes."""
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    directory: dict[str, tuple[str, int, int]] = {}
    with (partial / ARRAYS).open("wb") as file:
        for name, array in arrays.items():
            file.write(b"\0" * (-file.tell() % ALIGN))
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            directory[name] = (little.dtype.str, len(little), file.tell())
            file.write(np.ascontiguousarray(little).data)
        size = file.tell()
    head = {
        "format": FORMAT,
        "hash": layout.hash,
        "labels": layout.labels,
        "groups": [[g.type, g.source, g.target, g.count, g.properties] for g in layout.groups],
        "size": size,
        "arrays": directory,
        **manifest_entry(layout.roles),
    }
    (partial / HEAD).write_text(json.dumps(head, ensure_ascii=True) + "\n", encoding="utf-8")
    try:
        partial.replace(folder)
    except OSError:  # another process was first: its folder has the same content
        shutil.rmtree(partial)
        if not (folder / HEAD).exists():
            raise


def load(folder: Path) -> Snapshot:
    """A written snapshot, memory-mapped.

    Raises:
        GraphError: missing, of another format, or cut; names the file.
    """
    path = folder / HEAD
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            raise GraphError(f"{path}: not written by this version of kgmine (format {FORMAT} expected)")
        labels = tuple((label, count, _pairs(pairs)) for label, count, pairs in head["labels"])
        groups = tuple(Group(t, s, d, count, _pairs(pairs)) for t, s, d, count, pairs in head["groups"])
        arrays = _map(folder / ARRAYS, head["size"], head["arrays"])
        return Snapshot(Layout(head["hash"], labels, groups, roles_of(head)), arrays)
    except FileNotFoundError as error:
        raise GraphError(f"{error.filename}: missing") from error
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise GraphError(f"{path}: damaged ({error})") from error


def _map(path: Path, size: int, directory: Mapping[str, tuple[str, int, int]]) -> dict[str, Array]:
    if path.stat().st_size != size:
        raise GraphError(f"{path}: damaged ({path.stat().st_size} bytes, {size} expected)")
    with path.open("rb") as file:
        data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    return {
        name: np.frombuffer(data, np.dtype(kind), count, offset) if count else np.zeros(0, np.dtype(kind))
        for name, (kind, count, offset) in directory.items()
    }


def _pairs(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, kind) for name, kind in pairs)


def _check_ids(tables: Tables) -> None:
    from kg.graph.distinct import all_distinct

    for what, found in (("nodes", tables.nodes), ("edges", tables.edges)):
        if not all_distinct(chunk for table in found.values() for chunk in table["id"].chunks):
            raise GraphError(f"two {what} of different {'labels' if what == 'nodes' else 'types'} have one id")


def _encode_ids(table: Any, prefix: str, arrays: dict[str, Array]) -> None:
    # Ids are distinct and never null: no codes.
    arrays[f"{prefix}:id.offsets"], arrays[f"{prefix}:id.data"] = string_buffers(_one(table["id"]))


def _encode_edges(
    tables: Tables, key: tuple[str, str, str], starts: Mapping[str, int], prefix: str, arrays: dict[str, Array]
) -> None:
    table, (_, source, target) = tables.edges[key], key
    from_rows = _rows(table, model.START, tables, source, key)
    to_rows = _rows(table, model.END, tables, target, key)
    n_source, n_target = tables.nodes[source].num_rows, tables.nodes[target].num_rows
    # Edge tables are sorted by source id and node tables by id: sources already ascend.
    forward = Csr(pointers(from_rows, n_source), to_rows + np.int32(starts[target]), np.arange(len(to_rows)))
    back = transpose(forward, starts[source], starts[target], n_target)
    arrays[f"{prefix}.indptr"], arrays[f"{prefix}.target"] = forward.indptr, forward.indices
    arrays[f"{prefix}.back.indptr"], arrays[f"{prefix}.back.source"] = back.indptr, back.indices
    small = np.int32 if len(to_rows) < 2**31 else np.int64
    arrays[f"{prefix}.back.edge"] = back.edge_ids.astype(small)


def _rows(table: Any, end: str, tables: Tables, label: str, key: tuple[str, str, str]) -> Array:
    """Row of each end in its label's table, shape (edges,), int32."""
    import pyarrow.compute as pc

    if label not in tables.nodes:
        raise GraphError(f"edges {'.'.join(key)}: there is no label {label}")
    found = pc.index_in(_one(table[end]), value_set=_one(tables.nodes[label]["id"]))
    if found.null_count:
        missing = table[end].filter(pc.is_null(found))[0].as_py()
        raise GraphError(f"edges {'.'.join(key)}: there is no {label} with id {missing}")
    rows: Array = found.to_numpy(zero_copy_only=False).astype(np.int32)
    return rows


def _one(column: Any) -> Any:
    """A column as one Arrow array."""
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
