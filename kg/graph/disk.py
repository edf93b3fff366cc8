"""Tables on disk: one sorted Parquet file per label and type, and a manifest that knows their hashes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from kg.graph.roles import manifest_entry, roles_of
from kg.graph.tables import ARROW, EdgeKey, Tables
from kg.graph.tables import type_name as _type_name
from schemas.errors import GraphError

MANIFEST: Final = "tables.json"
FORMAT: Final = 1
ROW_GROUP: Final = 65_536
"""Rows per row group: part of the bytes, so never derived from the machine."""


def write(tables: Tables, folder: Path) -> None:
    """Write the tables; the folder appears whole or not at all, and replaces an older one.

    The same tables give the same bytes.
    """
    partial = folder.with_name(folder.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    (partial / "nodes").mkdir(parents=True)
    (partial / "edges").mkdir()
    files = [_write_one(table, partial, "nodes", (label,)) for label, table in tables.nodes.items()]
    files += [_write_one(table, partial, "edges", key) for key, table in tables.edges.items()]
    manifest = {"format": FORMAT, "hash": tables.hash, "files": files, **manifest_entry(tables.roles)}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    replace_folder(partial, folder)


def read(folder: Path) -> Tables:
    """The tables of a folder, every file checked against the manifest's hash.

    Raises:
        GraphError: no tables there, or a file is missing or damaged; names the file.
    """
    nodes: dict[str, pa.Table] = {}
    edges: dict[EdgeKey, pa.Table] = {}
    manifest = read_manifest(folder)
    for entry in manifest["files"]:
        table = _read_one(folder, entry)
        if len(entry["key"]) == 1:
            nodes[entry["key"][0]] = table
        else:
            kind, source, target = entry["key"]
            edges[kind, source, target] = table
    tables = Tables(nodes, edges, roles_of(manifest))
    # The files were checked byte for byte against the manifest: its content hash holds and need not be computed again.
    tables.__dict__["hash"] = manifest["hash"]
    return tables


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest: `format`, content `hash`, `files` (key, file, rows, columns, sha256).

    Raises:
        GraphError: it is missing, or no manifest of this format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GraphError(f"{folder}: no graph there (no {MANIFEST})") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}: damaged ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise GraphError(f"{path}: not written by this version of kgmine (format {FORMAT} expected)")
    return manifest


def _write_one(table: pa.Table, folder: Path, kind: str, key: tuple[str, ...]) -> dict[str, object]:
    name = f"{kind}/{file_name(key)}.parquet"
    path = folder / name
    pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd", version="2.6", store_schema=False)
    columns = [[field.name, _type_name(field.type)] for field in table.schema]
    return {"key": list(key), "file": name, "rows": table.num_rows, "columns": columns, "sha256": _sha256(path)}


def file_name(key: tuple[str, ...]) -> str:
    """A legal file name for any label or type.

    Other than `HAS_ROW.Table.Row` they carry a hash, which keeps `A` and `a` apart on file systems that fold case.
    """
    plain = ".".join(quote(part, safe="") for part in key)
    kinds, labels = key[:-2], key[-2:]
    house = [*map(str.upper, kinds), *map(str.capitalize, labels)] == list(key)
    usual = house and all(part.isascii() and part.replace("_", "").isalnum() for part in key)
    if usual and len(plain) < 150:
        return plain
    return f"{plain[:150]}-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:12]}"


def _read_one(folder: Path, entry: dict[str, Any]) -> pa.Table:
    path = folder / entry["file"]
    try:
        if _sha256(path) != entry["sha256"]:
            raise GraphError(f"{path}: damaged (its hash is not the one in {MANIFEST})")
        # Not `read_table`: its first call imports a library for data sets, which takes as long as a small graph.
        with pq.ParquetFile(path) as file:
            table = file.read(use_threads=False).combine_chunks()
    except FileNotFoundError as error:
        raise GraphError(f"{path}: missing") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise GraphError(f"{path}: damaged ({error})") from error
    schema = pa.schema([(name, ARROW[kind]) for name, kind in entry["columns"]])
    if table.num_rows != entry["rows"] or table.column_names != schema.names:
        raise GraphError(f"{path}: rows or columns are not those in {MANIFEST}")
    return table.cast(schema).replace_schema_metadata(None)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_folder(partial: Path, folder: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    if folder.exists():
        folder.replace(old)
    partial.replace(folder)
    if old.exists():
        shutil.rmtree(old)
