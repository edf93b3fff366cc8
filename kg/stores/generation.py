"""One generation of a Ladybug database: built aside, checked, renamed into place, never written again.

A generation is named by the content hash of its tables, so a reader of the tables knows which one is theirs and there
is no pointer to swap: the rename of the folder is the swap. Its manifest holds the file's hash, because Ladybug opens
an empty file as a new database and answers from a file that was cut to half.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kg.graph import disk
from kg.graph.tables import Tables, properties
from schemas.errors import GraphError

FILE: Final = "graph.lbdb"
MANIFEST: Final = "generation.json"
LOCK: Final = ".lock"
FORMAT: Final = 1
POOL: Final = 512 * 2**20
"""Bytes of the buffer pool: enough for a million nodes and five million edges."""

TYPES: Final = {
    "string": "STRING",
    "int64": "INT64",
    "float64": "DOUBLE",
    "bool": "BOOL",
    "list<string>": "STRING[]",
    "list<int64>": "INT64[]",
    "list<float64>": "DOUBLE[]",
}


def name_of(content_hash: str) -> str:
    """Folder name of the generation of these tables."""
    return f"gen-{content_hash[:16]}"


def ensure(tables_dir: Path, folder: Path, *, known: Path | None = None) -> Path:
    """The generation of the tables in `tables_dir`, built under `folder` where it is missing or damaged.

    A damaged one is moved to `folder/quarantine/`. One process builds at a time; the others wait.

    Args:
        tables_dir: canonical tables.
        folder: of generations.
        known: generation that the caller has checked and holds open; not checked again.

    Raises:
        GraphError: the tables are damaged, or the database cannot be built from them.
    """
    content = str(disk.read_manifest(tables_dir)["hash"])
    generation = folder / name_of(content)
    if generation == known or problem(generation, content) is None:
        return generation
    folder.mkdir(parents=True, exist_ok=True)
    with _lock(folder / LOCK):
        if problem(generation, content) is not None:  # else another process built it while we waited
            if generation.exists():
                quarantine(generation)
            _build(disk.read(tables_dir), tables_dir, generation)
            _remove_others(folder, generation)
    return generation


def problem(generation: Path, content: str) -> str | None:
    """What is wrong with a generation; None where it is whole and holds the tables with this hash."""
    file = generation / FILE
    try:
        manifest = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or manifest["ladybug"] != _version():
            return "built by another version"
        if manifest["tables"] != content:
            return "built from other tables"
        if file.stat().st_size != manifest["size"] or _sha256(file) != manifest["sha256"]:
            return f"{file}: damaged"
    except FileNotFoundError as error:
        return f"{error.filename}: missing"
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return f"{generation / MANIFEST}: damaged"
    return None


def quarantine(generation: Path) -> Path:
    """Move a damaged generation out of the way, to be looked at; returns where it is."""
    aside = generation.parent / "quarantine"
    aside.mkdir(exist_ok=True)
    number = sum(1 for path in aside.iterdir() if path.name.startswith(generation.name))
    target = aside / f"{generation.name}-{number}"
    generation.rename(target)
    return target


@contextmanager
def connect(file: Path, *, read_only: bool) -> Iterator[Any]:
    """A connection; both database and connection are closed after it.

    Raises:
        GraphError: Ladybug cannot open the file.
    """
    import ladybug

    try:
        # A checkpoint after every COPY makes a build of many small tables four times as slow: `_build` asks for one.
        database = ladybug.Database(
            str(file), read_only=read_only, buffer_pool_size=POOL, max_num_threads=2, auto_checkpoint=False
        )
    except RuntimeError as error:
        raise GraphError(f"{file}: {error}") from error
    try:
        connection = ladybug.Connection(database)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        database.close()


def quoted(name: str) -> str:
    """A label, type or property in backticks."""
    return "`" + name.replace("`", "``") + "`"


def _build(tables: Tables, tables_dir: Path, generation: Path) -> None:
    partial = generation.with_name(generation.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    files = {tuple(entry["key"]): tables_dir / entry["file"] for entry in disk.read_manifest(tables_dir)["files"]}
    try:
        with connect(partial / FILE, read_only=False) as connection:
            for statement in schema(tables):
                connection.execute(statement)
            for statement in copies(tables, files):
                connection.execute(statement)
            connection.execute("CHECKPOINT")
            _count(connection, tables, partial / FILE)
    except RuntimeError as error:
        raise GraphError(f"{partial}: Ladybug cannot load the tables: {error}") from error
    file = partial / FILE
    manifest = {
        "format": FORMAT,
        "ladybug": _version(),
        "tables": tables.hash,
        "nodes": tables.node_count,
        "edges": tables.edge_count,
        "size": file.stat().st_size,
        "sha256": _sha256(file),
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    partial.replace(generation)


def schema(tables: Tables) -> Iterator[str]:
    """The statements that make the empty tables."""
    for label, table in tables.nodes.items():
        columns = ["`id` STRING PRIMARY KEY", *_columns(properties(table))]
        yield f"CREATE NODE TABLE {quoted(label)}({', '.join(columns)})"
    for kind in dict.fromkeys(key[0] for key in tables.edges):
        groups = {key: table for key, table in tables.edges.items() if key[0] == kind}
        ends = [f"FROM {quoted(source)} TO {quoted(target)}" for _, source, target in groups]
        merged: dict[str, str] = {}
        for table in groups.values():
            for name, type_ in properties(table).items():
                if merged.setdefault(name, type_) != type_:
                    raise GraphError(f"{kind}.{name} is {merged[name]} between some labels and {type_} between others")
        yield f"CREATE REL TABLE {quoted(kind)}({', '.join([*ends, '`id` STRING', *_columns(merged)])})"


def _columns(types: Mapping[str, str]) -> list[str]:
    return [f"{quoted(name)} {TYPES[kind]}" for name, kind in types.items()]


def copies(tables: Tables, files: Mapping[tuple[str, ...], Path]) -> Iterator[str]:
    """The statements that fill them. Args: files: (label,) or (type, source label, target label) -> Parquet file."""
    # Always with the column list: COPY maps by position, and loads swapped columns without a word.
    for label, table in tables.nodes.items():
        if table.num_rows:
            yield f"COPY {quoted(label)}({_names(table)}) FROM {_path(files[label,])}"
    for (kind, source, target), table in tables.edges.items():
        if table.num_rows:
            ends = f"from={_text(source)}, to={_text(target)}"
            yield f"COPY {quoted(kind)}({_names(table)}) FROM {_path(files[kind, source, target])} ({ends})"


def _names(table: Any) -> str:
    return ", ".join(quoted(name) for name in ("id", *properties(table)))


def _path(path: Path) -> str:
    return _text(path.resolve().as_posix())


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _count(connection: Any, tables: Tables, file: Path) -> None:
    """Compare the rows in the database with the tables."""
    for label, table in tables.nodes.items():
        _expect(connection, f"MATCH (n:{quoted(label)}) RETURN count(*)", table.num_rows, f"{file}: {label}")
    for (kind, source, target), table in tables.edges.items():
        pattern = f"(:{quoted(source)})-[r:{quoted(kind)}]->(:{quoted(target)})"
        _expect(connection, f"MATCH {pattern} RETURN count(*)", table.num_rows, f"{file}: {kind} {source} {target}")


def _expect(connection: Any, query: str, rows: int, what: str) -> None:
    found = connection.execute(query).get_next()[0]
    if found != rows:
        raise GraphError(f"{what}: {found} rows in the database, {rows} in the tables")


def _remove_others(folder: Path, keep: Path) -> None:
    for path in sorted(folder.glob("gen-*")):
        if path != keep:
            # Readers of an older one keep their open file; where the system forbids that, it goes next time.
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a file lock; the system frees it when the process dies."""
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


def _version() -> str:
    import ladybug

    return str(ladybug.__version__)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
