"""Canonical tables -> neo4j-admin CSV that reads back equal.

`import.args` goes with it: `neo4j-admin database import full DATABASE @import.args` loads the folder, and its comments
tell `read_csv` what that tool has no words for.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from kg.graph import model
from kg.graph.disk import file_name, replace_folder
from kg.graph.formats.gather import FURTHER
from kg.graph.formats.sources import ARGS, COMMENT
from kg.graph.roles import manifest_entry
from kg.graph.tables import EdgeKey, Tables, properties
from schemas.errors import GraphError, UsageError

TYPES: Final = {
    "string": "string",
    "int64": "long",
    "float64": "double",
    "bool": "boolean",
    "list<string>": "string[]",
    "list<int64>": "long[]",
    "list<float64>": "double[]",
}
DELIMITERS: Final = ";|~^\t\x1f\x1e\x1d\x1c\x01\x02\x03\x04\x05\x06"
"""Array delimiters, first choice first: the first that no member of a list has."""
ROWS: Final = 50_000
"""Rows written at once."""
HEAD: Final = """\
# Written by kgmine, which reads it back. It loads into an empty Neo4j, too; in this folder say:
# neo4j-admin database import full neo4j @import.args
--multiline-fields=true
"""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.-]+")
"""Labels and types that an option of neo4j-admin can hold; others get a column."""


def write_csv(tables: Tables, folder: Path) -> None:
    """Write a folder with `nodes/`, `edges/` and `import.args`; it appears whole or not at all.

    Raises:
        UsageError: the folder holds something else than such an export.
        GraphError: a value that CSV of this kind cannot hold.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / ARGS).exists():
        raise UsageError(f"{folder}: not empty, and no earlier export; name another folder")
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for name in ("nodes", "edges"):
        (partial / name).mkdir(parents=True)
    delimiter = _array_delimiter(tables)
    spaces = _spaces(tables)
    lines = [f"--array-delimiter={_said(delimiter)}"]
    lines += [COMMENT + json.dumps(manifest_entry(tables.roles))]
    for label, table in tables.nodes.items():
        lines += _write(partial, (label,), table, _node_columns(label, table, spaces, delimiter))
    for key, table in tables.edges.items():
        lines += _write(partial, key, table, _edge_columns(key, table, spaces, delimiter))
    (partial / ARGS).write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    replace_folder(partial, folder)


_Column = tuple[str, Any]
"""(field of the header, values as CSV shows them)."""


def _node_columns(label: str, table: pa.Table, spaces: dict[str, str], delimiter: str) -> Iterator[_Column]:
    yield f"id:ID({spaces[label]})", table["id"]
    labels = [] if _PLAIN.fullmatch(label) else [label]
    if FURTHER in table.column_names and pa.types.is_list(table[FURTHER].type):
        rows = table[FURTHER].to_pylist()
        yield ":LABEL", pa.array([delimiter.join([*labels, *filter(None, row or ())]) or None for row in rows])
    elif labels:
        yield ":LABEL", pa.array([label] * table.num_rows, pa.string())
    yield from _property_columns(table, delimiter)


def _edge_columns(key: EdgeKey, table: pa.Table, spaces: dict[str, str], delimiter: str) -> Iterator[_Column]:
    kind, source, target = key
    yield f":START_ID({spaces.get(source, '')})", table[model.START]
    yield f":END_ID({spaces.get(target, '')})", table[model.END]
    if not _PLAIN.fullmatch(kind):
        yield ":TYPE", pa.array([kind] * table.num_rows, pa.string())
    yield "id:string", table["id"]
    yield from _property_columns(table, delimiter)


def _property_columns(table: pa.Table, delimiter: str) -> Iterator[_Column]:
    for name, type_ in properties(table).items():
        yield f"{_encoded(name)}:{TYPES[type_]}", _shown(table[name], type_, delimiter)


def _shown(values: Any, type_: str, delimiter: str) -> Any:
    if type_ == "float64":
        return _numbers(values)
    if not type_.startswith("list"):
        return values
    flat = pa.chunked_array([chunk.flatten() for chunk in values.chunks], values.type.value_type)
    if flat.null_count:
        raise GraphError("a list has null in it, which CSV cannot hold; export as jsonl")
    members = flat if type_ == "list<string>" else _numbers(flat).cast(pa.string())
    chunks, first = [], 0
    for chunk in values.chunks:
        sizes = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy(zero_copy_only=False)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        mine = members.slice(first, int(offsets[-1])).combine_chunks()
        first += int(offsets[-1])
        chunks.append(pa.ListArray.from_arrays(pa.array(offsets), mine, mask=chunk.is_null()))
    return pc.binary_join(pa.chunked_array(chunks, pa.list_(pa.string())), delimiter)


def _numbers(values: Any) -> Any:
    """Floats as Java reads them: its words for what is not finite are others than Arrow's."""
    if not pa.types.is_floating(values.type) or pc.all(pc.fill_null(pc.is_finite(values), True)).as_py() is not False:
        return values
    text = values.cast(pa.string())
    for arrow, java in (("inf", "Infinity"), ("-inf", "-Infinity"), ("nan", "NaN"), ("-nan", "NaN")):
        text = pc.if_else(pc.equal(text, arrow), java, text)
    return text


def _write(folder: Path, key: tuple[str, ...], table: pa.Table, columns: Iterable[_Column]) -> Iterator[str]:
    """Write one file; its lines of `import.args`."""
    kind = "nodes" if len(key) == 1 else "edges"
    path = f"{kind}/{file_name(key)}.csv"
    header, arrays = zip(*columns, strict=True)
    shown = pa.table(list(arrays), [str(k) for k in range(len(arrays))])
    with (folder / path).open("wb") as file:
        file.write((",".join('"' + name.replace('"', '""') + '"' for name in header) + "\n").encode())
        options = arrow_csv.WriteOptions(include_header=False, batch_size=ROWS, quoting_style="needed")
        with arrow_csv.CSVWriter(file, shown.schema, write_options=options) as writer:
            writer.write_table(shown, ROWS)
    option = "--nodes" if kind == "nodes" else "--relationships"
    name = f"{key[0]}=" if _PLAIN.fullmatch(key[0]) else ""
    extra = {"file": path, "key": list(key), **_names(table), **_ones(table, header)}
    return iter((f"{option}={name}{path}", COMMENT + json.dumps(extra)))


def _encoded(name: str) -> str:
    """A property's name without the characters that a header gives a meaning."""
    return "".join(f"%{ord(c):02X}" if c in "(){}%" else c for c in name)


def _names(table: pa.Table) -> dict[str, Any]:
    names = {_encoded(name): name for name in properties(table) if _encoded(name) != name}
    return {"names": names} if names else {}


def _ones(table: pa.Table, header: tuple[str, ...]) -> dict[str, Any]:
    """Rows whose list has one member, the empty string: in CSV they look like empty lists."""
    found = {}
    for name, type_ in properties(table).items():
        if type_ == "list<string>":
            single = pc.equal(pc.list_value_length(table[name]), 1).to_numpy()
            rows = [row for row in np.flatnonzero(single == True).tolist() if table[name][row].as_py() == [""]]  # noqa: E712
            if rows:
                found[str(header.index(f"{_encoded(name)}:string[]"))] = rows
    return {"ones": found} if found else {}


def _array_delimiter(tables: Tables) -> str:
    labels = [*tables.nodes, *(key[0] for key in tables.edges)]
    found = [label.encode() for label in labels]
    free = [d for d in DELIMITERS if not any(d.encode() in label for label in found)]
    for table in (*tables.nodes.values(), *tables.edges.values()):
        for name, type_ in properties(table).items():
            if type_ == "list<string>":
                members = pc.list_flatten(table[name])
                free = [d for d in free if not pc.any(pc.match_substring(members, d)).as_py()]
    if not free:
        raise GraphError("no character is left to part the members of lists; export as jsonl")
    return free[0]


def _said(char: str) -> str:
    return char if char.isprintable() else f"U+{ord(char):04X}"


def _spaces(tables: Tables) -> dict[str, str]:
    """Label -> name of its ID space."""
    return {label: label if _PLAIN.fullmatch(label) else f"n{k}" for k, label in enumerate(tables.nodes)}
