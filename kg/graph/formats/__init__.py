"""Graphs that kgmine did not make: neo4j-admin CSV, JSON lines and triples in and out.

A reader streams its source into a `Gathered` graph (rows of one label or type, with the keys that the source uses),
which resolves ends and ids and becomes canonical tables. With which type a property is read:

    int, long, short, byte -> int64            float, double -> float64        boolean -> bool
    string, char, dates, times, durations -> string (ISO)                      point -> list<float64> (x, y[, z])
    arrays of these -> list<...>; arrays of booleans, dates and points -> list<string>
"""

from kg.graph.formats.csv_read import read_csv
from kg.graph.formats.csv_write import write_csv
from kg.graph.formats.imported import Imported
from kg.graph.formats.jsonl_read import read_jsonl
from kg.graph.formats.jsonl_write import write_jsonl

__all__ = ["Imported", "read_csv", "read_jsonl", "write_csv", "write_jsonl"]
