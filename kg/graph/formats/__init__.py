"""Graphs that kgmine did not make: neo4j-admin CSV, JSON lines and triples in and out.

A reader streams its source into a `Gathered` graph (rows of one label or type, with the keys that the source uses),
which resolves ends and ids and becomes canonical tables. With which type a property is read:

    int, long, short, byte -> int64            float, double -> float64        boolean -> bool
    string, char, dates, times, durations -> string (ISO)                      point -> list<float64> (x, y[, z])
    arrays of these -> list<...>; arrays of booleans, dates and points -> list<string>
"""

from pathlib import Path

from kg.graph.formats.csv_read import read_csv
from kg.graph.formats.csv_write import write_csv
from kg.graph.formats.imported import Imported
from kg.graph.formats.jsonl_read import SUFFIXES as JSONL
from kg.graph.formats.jsonl_read import read_jsonl
from kg.graph.formats.jsonl_write import write_jsonl
from kg.graph.formats.sources import SUFFIXES as CSV
from schemas.errors import GraphError
from schemas.mapping import Mapping


def read(path: Path, mapping: Mapping | None = None) -> Imported:
    """The graph of a file or a folder, by the names of the files in it.

    Raises: GraphError: nothing there that is read, or one line with file:line:column.
    """
    if path.name.endswith((*CSV, ".args")):
        return read_csv(path, mapping)
    if not path.is_dir() or path.name.endswith(JSONL):
        return read_jsonl(path, mapping)
    csv = any(p.name.endswith((*CSV, ".args")) for p in path.rglob("*"))
    if not csv and not any(p.name.endswith(JSONL) for p in path.iterdir()):
        raise GraphError(f"{path}: neither {', '.join(CSV)} nor {', '.join(JSONL)} there")
    return read_csv(path, mapping) if csv else read_jsonl(path, mapping)


__all__ = ["Imported", "read", "read_csv", "read_jsonl", "write_csv", "write_jsonl"]
