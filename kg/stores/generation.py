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
from dataclasses import dataclass
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
"""Bytes of the buffer pool, while reading and at least while building."""
POOL_PER_BYTE: Final = 8
"""Bytes of the pool for each byte of the largest edge table while building. Measured: 4 to 7 are needed where one node
has a fifth of the edges, and the pool takes no more memory than it uses."""
FULL: Final = "Buffer manager exception"
"""Beginning of Ladybug's message where its pool does not suffice."""

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
        OverwhelmedError: Ladybug's memory does not suffice; remembered, so that the next call says it at once.
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
            _build(tables_dir, generation)
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


class OverwhelmedError(GraphError):
    """The graph or the query is too much for Ladybug on this machine; another engine may answer."""


@contextmanager
def connect(file: Path, *, read_only: bool, pool: int = POOL) -> Iterator[Any]:
    """A connection; both database and connection are closed after it. Args: pool: bytes of the buffer pool.

    Raises:
        GraphError: Ladybug cannot open the file.
    """
    import ladybug

    try:
        # A checkpoint after every COPY makes a build of many small tables four times as slow: `_build` asks for one.
        database = ladybug.Database(
            str(file), read_only=read_only, buffer_pool_size=pool, max_num_threads=2, auto_checkpoint=False
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


@dataclass(frozen=True)
class _Plan:
    """How a database is built; holds no table."""

    content: str
    statements: list[str]
    counts: list[tuple[str, int, str]]
    """(query, the number of rows that it must give, of what)."""
    rows: tuple[int, int]
    """Nodes and edges."""
    pool: int


def _plan(tables_dir: Path) -> _Plan:
    tables = disk.read(tables_dir)
    files = {tuple(entry["key"]): tables_dir / entry["file"] for entry in disk.read_manifest(tables_dir)["files"]}
    return _Plan(
        tables.hash,
        [*schema(tables), *copies(tables, files)],
        list(_counts(tables)),
        (tables.node_count, tables.edge_count),
        pool_for(tables),
    )


def pool_for(tables: Tables) -> int:
    """Bytes of the buffer pool while a database is built, half of the machine's memory at most."""
    largest = max((table.nbytes for table in tables.edges.values()), default=0)
    return max(POOL, min(POOL_PER_BYTE * largest, _memory() // 2))


def _memory() -> int:
    """Bytes of this machine's memory; 16 GB where it does not tell."""
    if not hasattr(os, "sysconf"):
        return 16 * 2**30
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _build(tables_dir: Path, generation: Path) -> None:
    import pyarrow as pa

    failed = generation.with_name(generation.name + ".failed")
    if failed.exists() and failed.read_text(encoding="utf-8") == _version():
        raise OverwhelmedError("the graph is too large for Ladybug on this machine")
    partial = generation.with_name(generation.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    plan = _plan(tables_dir)
    # Arrow keeps what the tables took, and Ladybug needs it.
    pa.default_memory_pool().release_unused()
    try:
        _fill(partial / FILE, plan)
    except RuntimeError as error:
        if not str(error).startswith(FULL):
            raise GraphError(f"{partial}: Ladybug cannot load the tables: {error}") from error
        # Trying takes longer than any query: not again with this version.
        shutil.rmtree(partial)
        failed.write_text(_version(), encoding="utf-8")
        raise OverwhelmedError("the graph is too large for Ladybug on this machine") from error
    file = partial / FILE
    manifest = {
        "format": FORMAT,
        "ladybug": _version(),
        "tables": plan.content,
        "nodes": plan.rows[0],
        "edges": plan.rows[1],
        "size": file.stat().st_size,
        "sha256": _sha256(file),
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    partial.replace(generation)


def _fill(file: Path, plan: _Plan) -> None:
    with connect(file, read_only=False, pool=plan.pool) as connection:
        for statement in plan.statements:
            connection.execute(statement)
        connection.execute("CHECKPOINT")
        for query, rows, what in plan.counts:
            found = connection.execute(query).get_next()[0]
            if found != rows:
                raise GraphError(f"{file}: {what}: {found} rows in the database, {rows} in the tables")


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


def _counts(tables: Tables) -> Iterator[tuple[str, int, str]]:
    for label, table in tables.nodes.items():
        yield f"MATCH (n:{quoted(label)}) RETURN count(*)", table.num_rows, label
    for (kind, source, target), table in tables.edges.items():
        pattern = f"(:{quoted(source)})-[r:{quoted(kind)}]->(:{quoted(target)})"
        yield f"MATCH {pattern} RETURN count(*)", table.num_rows, f"{kind} {source} {target}"


def _remove_others(folder: Path, keep: Path) -> None:
    for path in sorted(folder.glob("gen-*")):
        if path.suffix == ".failed":
            path.unlink(missing_ok=True)
        elif path != keep:
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
