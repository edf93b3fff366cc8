"""The graph's labels, types and properties: one place that the tables, stores, snapshot, linter and docs read.

`graph = f(corpus.json, fragments, overlay, edits.jsonl)`. Every node has `id`, `provenance`, `extractor`,
`confidence`; every edge its two ends (`START`, `END`), `id`, `provenance`, `extractor`, `confidence`.
"""

from __future__ import annotations

from typing import Final

STRING, INT, FLOAT, BOOL, STRINGS = "string", "int64", "float64", "bool", "list<string>"

START: Final = ":START_ID"
"""Column of an edge table that holds the source's id. No Cypher name contains a colon, so it never meets a property."""
END: Final = ":END_ID"
"""Column of an edge table that holds the target's id."""

SOURCE: Final = "source"
"""`provenance` of what was read from documents."""
USER: Final = "user"
"""`provenance` of what a user made or changed, and of what follows from it (`kg.graph.edits`)."""

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
    "Section": {"document": STRING, "title": STRING, "level": INT, "position": INT, "page": INT, "places": STRING},
    "Chunk": {
        "document": STRING,
        "text": STRING,
        "role": STRING,
        "position": INT,
        "page": INT,
        "boilerplate": BOOL,
        "places": STRING,
    },
    "Table": {
        "document": STRING,
        "text": STRING,
        "label": STRING,
        "caption": STRING,
        "head": STRING,
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
        "places": STRING,
        "caption_places": STRING,
        "head_places": STRING,
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
        "places": STRING,
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
        "places": STRING,
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
        "places": STRING,
        "caption_places": STRING,
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
        "period_day": INT,
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
"""Assertion: `scope` is what must be said beside subject and qualifiers so that the fact stands on its own, a
document's `reference`; empty where the subject is the document's own subject. `condition` is the sorted `axis=member`
pairs joined by `; ` (the member alone where its axis has no name). `exact` is the printed number as a decimal string
(`number` is its float twin, for predicates). `period_day` is the last day of the period, counted from 0001-01-01; null
where it is not known to the day.
`places` (and `caption_places`, `head_places`) are JSON lists of `schemas.base.Place`, see `kg.graph.places`: what is
needed to find a node's words in its source file without the fragments.
Row and Column: `path` is the header path from the outside in, joined by ` > `."""

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
    "LINKS_TO": (("Chunk", "Document"), ("Table", "Document"), ("Section", "Document"), ("Image", "Document")),
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
    "SUPPORTED_BY": (
        ("Assertion", "Cell"),
        ("Assertion", "Chunk"),
        ("Assertion", "Image"),
        ("Assertion", "Formula"),
        ("Assertion", "Table"),
        ("Assertion", "Section"),
    ),
    "SAME_AS": (("Entity", "Entity"),),
}
"""STATES is derived from SUPPORTED_BY and spares template authors the way down through rows and cells:
Document, Table, Row, Column or Chunk -> every fact whose value it holds.
SUPPORTED_BY a Table is the caption or the line above it (`role` caption or scale); a Section, its heading."""

EDGE_PROPERTIES: Final[dict[str, dict[str, str]]] = {
    "SUPPORTED_BY": {"role": STRING, "position": INT, "span_start": INT, "span_end": INT},
    "MENTIONS": {"text": STRING, "span_start": INT, "span_end": INT},
    "REFERS_TO": {"text": STRING, "span_start": INT, "span_end": INT},
    "LINKS_TO": {"text": STRING},
    "CITES": {"text": STRING, "span_start": INT, "span_end": INT},
    "DEFINED_IN": {"span_start": INT, "span_end": INT},
    "SAME_AS": {"text": STRING},
}
"""Beside `COMMON`. SUPPORTED_BY: `role` is value, header, scale, subject or caption; `position` the rank in the fact's
supports, 0 = the value; `span_start`, `span_end` the characters [start, end) in the target's text, where it is a chunk.
SAME_AS: `text` is the evidence for the pair."""

TYPED: Final[dict[str, dict[str, str]]] = {"Entity": {"type": STRING}, "Assertion": {"property": STRING}}
"""Properties that a graph has only under a user's schema: the node type of an entity; the property of that type, or the
relationship type, that a fact gives."""

RELATION: Final[dict[str, str]] = {"text": STRING, "document": STRING, "supports": STRINGS}
"""Properties of the relations that a user's schema declares (Entity -> Entity), beside those that it declares itself:
the words of the target and the document, both of the first fact; `supports` are the ids of all Assertions that state
the relation, sorted. It disappears with the last of them."""

TEXT_PROPERTIES: Final[dict[str, tuple[str, ...]]] = {
    "Chunk": ("text",),
    "Table": ("text",),
    "Section": ("title",),
}
"""Long texts that the snapshot leaves on disk and reads on demand."""
