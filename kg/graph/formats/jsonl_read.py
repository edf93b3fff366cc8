"""JSON lines -> canonical tables: the form of APOC's export (and kgmine's), or plain triples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kg.graph.formats.gather import Gathered
from kg.graph.formats.imported import Imported
from kg.graph.formats.jsonl_write import FORMAT, schema_path
from kg.graph.formats.rows import Lines, Rows
from kg.graph.formats.scan import open_text
from kg.graph.formats.triples import Triples, is_triple
from kg.graph.roles import Roles, roles_of
from kg.graph.tables import ARROW
from schemas.errors import GraphError
from schemas.mapping import Mapping as Meaning

SUFFIXES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

Types = dict[tuple[str, ...], dict[str, Any]]


def read_jsonl(path: Path, mapping: Meaning | None = None) -> Imported:
    """The graph of a JSONL file, or of all in a folder.

    Raises: GraphError: one line with file:line:column.
    """
    meaning, gathered = mapping or Meaning(), Gathered()
    roles: Roles | None = None
    for file in _files(path):
        types, mine = _schema(file, gathered, meaning)
        roles = roles or mine
        rows = Rows(gathered, meaning, partial(Lines, str(file)), types=types)
        triples = Triples(gathered, meaning, str(file))
        for number, row in _objects(file):
            if row.get("type") not in ("node", "relationship") and is_triple(row):
                triples.add(row, number, f"{file}:{number}:1")
            else:
                _add(rows, row, number, f"{file}:{number}:1")
        rows.close()
        triples.close()
    _without_internal_ids(gathered)
    gathered.by_frequency = roles is None
    return Imported.of(gathered, meaning, roles)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise GraphError(f"{path}: no such file")
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.iterdir() if p.name.endswith(SUFFIXES))
    if not files:
        raise GraphError(f"{path}: no *.jsonl there")
    return files


def _schema(file: Path, gathered: Gathered, meaning: Meaning) -> tuple[Types, Roles | None]:
    """What the file beside an export of kgmine's says: types of columns, and roles."""
    path = schema_path(file)
    if not path.exists():
        return {}, None
    types: Types = {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise GraphError(f"{path}: not written by this version of kgmine (format {FORMAT} expected)")
        for entry in (*found["nodes"], *found["edges"]):
            types[tuple(entry["key"])] = {name: ARROW[type_] for name, type_ in entry["properties"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GraphError(f"{path}: damaged ({type(error).__name__}: {error})") from error
    for key, columns in types.items():
        if len(key) == 1 and (not meaning.labels or key[0] in meaning.labels):
            gathered.empty_nodes[key[0]] = pa.schema(list(columns.items()))
        elif len(key) == 3 and not meaning.labels and (not meaning.types or key[0] in meaning.types):
            gathered.empty_edges[key] = pa.schema(list(columns.items()))
    return types, roles_of(found)


def _objects(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of every line that is not blank."""
    try:
        with open_text(file, "utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _object(line, f"{file}:{number}")
    except (OSError, EOFError) as error:
        raise GraphError(f"{file}: cannot be read ({error})") from error
    except UnicodeDecodeError as error:
        raise GraphError(f"{file}: {error.reason} at byte {error.start} ({error.encoding})") from error


def _object(line: str, at: str) -> dict[str, Any]:
    try:
        row = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        raise GraphError(f"{at}:{error.colno}: {error.msg}; one JSON object per line is expected") from error
    except (RecursionError, ValueError) as error:
        raise GraphError(f"{at}:1: {error}") from error
    if not isinstance(row, dict):
        raise GraphError(f"{at}:1: one JSON object per line is expected, not {type(row).__name__}")
    return row


def _add(rows: Rows, row: Mapping[str, Any], number: int, at: str) -> None:
    kind, properties = row.get("type"), row.get("properties", {})
    if not isinstance(properties, dict):
        raise GraphError(f"{at}: properties must be an object")
    if kind == "node":
        labels = row.get("labels", [])
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            raise GraphError(f"{at}: labels must be a list of texts")
        rows.node(_key(row, at), labels, properties, number)
    elif kind == "relationship":
        label = row.get("label")
        if not isinstance(label, str) or not label:
            raise GraphError(f"{at}: a relationship needs its type as `label`")
        ends = [_end(row, name, at) for name in ("start", "end")]
        rows.edge(label, (ends[0][0], ends[1][0]), _with_id(row, properties), number, (ends[0][1], ends[1][1]))
    else:
        raise GraphError(
            f'{at}: neither {{"type": "node" | "relationship", ...}} nor {{"subject", "predicate", "object"}}'
        )


def _key(row: Mapping[str, Any], at: str) -> str | None:
    key = row.get("id")
    if key is None:
        return None
    if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
        return str(key)
    raise GraphError(f"{at}: an id is a text or a whole number, not {key!r}")


def _end(row: Mapping[str, Any], name: str, at: str) -> tuple[str, str]:
    """Id and first label of an end."""
    end = row.get(name)
    if not isinstance(end, dict):
        end = {"id": end}
    key, labels = _key(end, at), end.get("labels")
    if key is None:
        raise GraphError(f"{at}: a relationship needs the id of its {name}")
    return key, str(labels[0]) if isinstance(labels, list) and labels else ""


def _with_id(row: Mapping[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """A relationship's own id counts where it is no number that a database gave."""
    key = row.get("id")
    if "id" in properties or not isinstance(key, str) or key.isdecimal():
        return properties
    return {"id": key, **properties}


def _without_internal_ids(gathered: Gathered) -> None:
    """Ids that are nothing but numbers are those that a database gave: another export gives others."""
    keys = [part.keys.drop_null() for part in gathered.nodes if pa.types.is_string(part.keys.type)]
    if not any(len(k) for k in keys) or not all(pc.all(pc.utf8_is_decimal(k)).as_py() is not False for k in keys):
        return
    if any("id" not in part.properties.column_names for part in gathered.nodes):
        gathered.note(
            "ids that are numbers only are taken as a database's own: nodes without a property `id` get others"
        )
    gathered.nodes[:] = [replace(part, given=False) for part in gathered.nodes]
