"""The graph's labels, types and properties: one place that the tables, stores, snapshot, linter and docs read.

`graph = f(corpus.json, fragments, overlay, edits.jsonl)`. Every node has `id`, `provenance`, `extractor`,
`confidence`; every edge `id`, `source`, `target`, `provenance`, `extractor`, `confidence`.
"""

from __future__ import annotations

from typing import Final

STRING, INT, FLOAT, BOOL, STRINGS = "string", "int64", "float64", "bool", "list<string>"

COMMON: Final[dict[str, str]] = {"provenance": STRING, "extractor": STRING, "confidence": FLOAT}

NODE_PROPERTIES: Final[dict[str, dict[str, str]]] = {
    "Document": {
        "title": STRING,
        "kind": STRING,
        "reference": STRING,
        "format": STRING,
        "path": STRING,
        "paths": STRINGS,
        "pages": INT,
        "language": STRING,
    },
    "Section": {"document": STRING, "title": STRING, "level": INT, "position": INT, "page": INT},
    "Chunk": {
        "document": STRING,
        "text": STRING,
        "role": STRING,
        "position": INT,
        "page": INT,
        "boilerplate": BOOL,
    },
    "Table": {
        "document": STRING,
        "text": STRING,
        "label": STRING,
        "caption": STRING,
        "shape": STRING,
        "kind": STRING,
        "set": STRING,
        "rows": INT,
        "columns": INT,
        "position": INT,
        "page": INT,
        "cut": BOOL,
        "rows_agree": BOOL,
        "total_checked": BOOL,
        "boilerplate": BOOL,
    },
    "Row": {
        "document": STRING,
        "table": STRING,
        "position": INT,
        "role": STRING,
        "path": STRING,
        "group": STRING,
        "noun": STRING,
    },
    "Column": {
        "document": STRING,
        "table": STRING,
        "position": INT,
        "role": STRING,
        "path": STRING,
        "noun": STRING,
        "unit": STRING,
        "scale": INT,
    },
    "Cell": {
        "document": STRING,
        "table": STRING,
        "text": STRING,
        "row": INT,
        "col": INT,
        "row_span": INT,
        "col_span": INT,
        "number": FLOAT,
        "unit": STRING,
        "scale": INT,
        "header": BOOL,
        "page": INT,
    },
    "Formula": {
        "document": STRING,
        "text": STRING,
        "label": STRING,
        "name": STRING,
        "sympy": STRING,
        "target": STRING,
        "position": INT,
        "page": INT,
    },
    "Symbol": {"document": STRING, "name": STRING, "denotes": STRING},
    "Image": {
        "document": STRING,
        "label": STRING,
        "caption": STRING,
        "text": STRING,
        "blob": STRING,
        "position": INT,
        "page": INT,
    },
    "Entity": {"name": STRING, "kind": STRING, "described": STRING, "aliases": STRINGS, "former_ids": STRINGS},
    "Assertion": {
        "document": STRING,
        "element": STRING,
        "fact_key": STRING,
        "shape": STRING,
        "subject": STRING,
        "subject_kind": STRING,
        "quantity": STRING,
        "period": STRING,
        "period_text": STRING,
        "condition": STRING,
        "condition_text": STRING,
        "scope": STRING,
        "kind": STRING,
        "text": STRING,
        "number": FLOAT,
        "exact": STRING,
        "unit": STRING,
        "scale": INT,
        "decimals": INT,
        "date": STRING,
        "role": STRING,
        "additive": BOOL,
        "better": STRING,
        "group": STRING,
        "set": STRING,
        "row": INT,
        "col": INT,
        "page": INT,
    },
}
"""Assertion: `scope` is what must be said beside subject and qualifiers so that the fact stands on its own, a document's
`reference`; empty where the subject is the document's own subject. `condition` is the sorted `axis=member` pairs joined
by `; `. `exact` is the printed number as a decimal string (`number` is its float twin, for predicates)."""

EDGE_TYPES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "CONTAINS": (
        ("Document", "Section"),
        ("Document", "Chunk"),
        ("Document", "Table"),
        ("Document", "Formula"),
        ("Document", "Image"),
        ("Section", "Section"),
        ("Section", "Chunk"),
        ("Section", "Table"),
        ("Section", "Formula"),
        ("Section", "Image"),
    ),
    "NEXT": (("Chunk", "Chunk"),),
    "HAS_ROW": (("Table", "Row"),),
    "HAS_COLUMN": (("Table", "Column"),),
    "HAS_CELL": (("Row", "Cell"),),
    "IN_COLUMN": (("Cell", "Column"),),
    "USES": (("Formula", "Symbol"),),
    "DENOTES": (("Symbol", "Entity"),),
    "DEFINED_IN": (("Symbol", "Chunk"),),
    "ABOUT": (("Document", "Entity"), ("Table", "Entity")),
    "MENTIONS": (
        ("Chunk", "Entity"),
        ("Table", "Entity"),
        ("Cell", "Entity"),
        ("Section", "Entity"),
        ("Image", "Entity"),
    ),
    "REFERS_TO": (
        ("Chunk", "Table"),
        ("Chunk", "Image"),
        ("Chunk", "Formula"),
        ("Chunk", "Section"),
        ("Chunk", "Chunk"),
    ),
    "LINKS_TO": (("Chunk", "Document"), ("Cell", "Document"), ("Section", "Document")),
    "CITES": (("Chunk", "Chunk"),),
    "STATES": (
        ("Document", "Assertion"),
        ("Table", "Assertion"),
        ("Chunk", "Assertion"),
        ("Row", "Assertion"),
        ("Column", "Assertion"),
    ),
    "SUBJECT": (("Assertion", "Entity"),),
    "OBJECT": (("Assertion", "Entity"),),
    "SUPPORTED_BY": (("Assertion", "Cell"), ("Assertion", "Chunk"), ("Assertion", "Image"), ("Assertion", "Formula")),
    "SAME_AS": (("Entity", "Entity"),),
}
"""STATES is derived from SUPPORTED_BY and spares template authors the way down through rows and cells:
Document, Table, Row, Column or Chunk -> every fact that it holds."""

TEXT_PROPERTIES: Final[dict[str, tuple[str, ...]]] = {
    "Chunk": ("text",),
    "Table": ("text",),
    "Section": ("title",),
}
"""Long texts that the snapshot leaves on disk and reads on demand."""
