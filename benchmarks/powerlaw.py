"""A typed graph with power-law degrees, shaped like a corpus: what the benchmarks count, draw and prove on.

Each hundred nodes are one document: a table of six subjects in four quantities with rows, cells and facts, sixteen
chunks that mention entities, a formula, an image, and fourteen new entities. Subjects and mentions follow Zipf's law.
Equal (subject, quantity, period) have equal values wherever they stand, so facts agree. With `files`, each document is
a CSV file whose hash is its id: proofs read it again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.graph import model
from kg.graph.tables import Tables, sort_table

Array = npt.NDArray[Any]

PER_DOCUMENT: Final = 100
"""Nodes that one document adds."""
ROWS, COLUMNS, CHUNKS, ENTITIES = 6, 4, 16, 14
CELLS: Final = (ROWS + 1) * (COLUMNS + 1)
FACTS: Final = ROWS * COLUMNS
MENTIONS, DEPICTED, REFERENCES = 16, 28, 20
"""Entities of a chunk, entities of an image, references of a document."""
QUANTITIES: Final = ("orbital speed", "mean radius", "surface gravity", "escape velocity", "axial tilt", "albedo")
UNITS: Final = ("km/s", "km", "m/s²", "km/s", "°", "")
SYLLABLES: Final = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu")
KINDS: Final = ("planet", "moon", "comet", "asteroid", "star")


def power_law(nodes: int, seed: int = 1, files: Path | None = None, hub: float = 0.0) -> Tables:
    """Tables of about so many nodes and five times as many edges.

    Args:
        nodes: about; a multiple of a hundred is exact.
        seed: of the random generator.
        files: folder for the documents' source files; without it nodes have no texts either, only what is counted.
        hub: share of all edges that end at one entity, beside what Zipf's law gives it.
    """
    return _Maker(max(1, nodes // PER_DOCUMENT), seed, files, hub).tables()


class _Maker:
    """Ids are zero-padded numbers, so that the order of ids is the order of numbers."""

    def __init__(self, documents: int, seed: int, files: Path | None, hub: float) -> None:
        self.documents, self.files, self.hub = documents, files, hub
        self.rng = np.random.default_rng(seed)
        self.entities = documents * ENTITIES
        weights = (np.arange(self.entities) + 10.0) ** -0.8
        self.cumulated = np.cumsum(weights) / weights.sum()
        self.popular = self.rng.permutation(self.entities)
        self.names = np.array([_name(k) for k in range(self.entities)], object)
        self.subject = self._zipf(documents * ROWS).reshape(documents, ROWS)
        first = self.rng.integers(0, len(QUANTITIES), (documents, 1))
        self.quantity = (first + np.arange(COLUMNS)) % len(QUANTITIES)
        self.year = self.rng.integers(1990, 2024, documents)
        self.ids = self._documents()

    def _zipf(self, size: int) -> Array:
        found: Array = self.popular[np.searchsorted(self.cumulated, self.rng.random(size))]
        return found

    def values(self) -> Array:
        """Value of each fact, shape (documents, ROWS, COLUMNS): decided by subject, quantity and year."""
        seeds = (self.subject[:, :, None] * 1_000_003 + self.quantity[:, None, :] * 8191 + self.year[:, None, None]) % (
            2**31 - 1
        )
        found: Array = seeds * 48271 % 99_991 + 10
        return found

    def _documents(self) -> Array:
        """Ids: sha256 of the source file, or of the number where there is no file."""
        ids = []
        values = self.values()
        for d in range(self.documents):
            content = f"document {d}\n".encode() if self.files is None else self._file(d, values[d]).encode()
            ids.append(hashlib.sha256(content).hexdigest())
            if self.files is not None:
                (self.files / f"d{d:07d}.csv").write_bytes(content)
        return np.array(ids, object)

    def _file(self, d: int, values: Array) -> str:
        heads = ["body", *(QUANTITIES[q] for q in self.quantity[d])]
        rows = [[self.names[s], *map(str, row)] for s, row in zip(self.subject[d], values.tolist(), strict=True)]
        return "".join(",".join(row) + "\n" for row in (heads, *rows)) + f"table {d}\n"

    def tables(self) -> Tables:
        """All of it."""
        return Tables({**self._small(), **self._table_nodes(), "Assertion": self._facts()}, self._edges())

    # Nodes -----------------------------------------------------------------------------------------------------------

    def _home(self, each: int) -> Any:
        return pa.array(np.repeat(self.ids, each), pa.string())

    def _small(self) -> dict[str, pa.Table]:
        n, e = self.documents, self.entities
        order = np.arange(n * CHUNKS) % CHUNKS
        chunk = {"id": _ids("c", n * CHUNKS), "document": self._home(CHUNKS), "position": order}
        if self.files is not None:
            chunk["text"] = self._texts()
        kinds = np.array(KINDS, object)[self.rng.integers(0, len(KINDS), e)]
        return {
            "Document": _nodes(
                id=pa.array(self.ids, pa.string()),
                title=[f"Report {d}" for d in range(n)],
                path=[f"d{d:07d}.csv" for d in range(n)],
                kind=["report"] * n,
            ),
            "Chunk": _nodes(**chunk),
            "Formula": _nodes(id=_ids("o", n), document=self._home(1), text=[f"v_{{{d}}} = a" for d in range(n)]),
            "Image": _nodes(id=_ids("i", n), document=self._home(1), caption=[f"Figure {d}" for d in range(n)]),
            "Entity": _nodes(id=_ids("e", e), name=pa.array(self.names), kind=pa.array(kinds)),
        }

    def _texts(self) -> list[str]:
        """Each chunk states one fact of its document, in words."""
        values, found = self.values(), []
        for d in range(self.documents):
            for k in range(CHUNKS):
                row, col = k % ROWS, k % COLUMNS
                q = int(self.quantity[d, col])
                found.append(
                    f"In {self.year[d]} the {QUANTITIES[q]} of {self.names[self.subject[d, row]]} was "
                    f"{values[d, row, col]} {UNITS[q]}. Observers in section {k} of the report discuss how it was found."
                )
        return found

    def _table_nodes(self) -> dict[str, pa.Table]:
        n, cells = self.documents, self.documents * CELLS
        table_ids = _ids("t", n)
        number = np.arange(cells) % CELLS
        row, col = number // (COLUMNS + 1), number % (COLUMNS + 1)
        of_table = pa.array(np.repeat(table_ids.to_numpy(zero_copy_only=False), CELLS))
        cell = {"id": _ids("l", cells), "document": self._home(CELLS), "table": of_table, "row": row, "col": col}
        table = {"id": table_ids, "document": self._home(1), "rows": np.full(n, ROWS), "columns": np.full(n, COLUMNS)}
        if self.files is not None:
            places = [json.dumps([{"sheet": "", "cell": f"{'ABCDE'[c]}{r + 1}"}]) for r, c in np.ndindex(7, 5)]
            cell["places"] = places * n
            cell["text"] = self._cell_texts()
            table["text"] = [self._file(d, values).partition("table ")[0] for d, values in enumerate(self.values())]
        rows = {"id": _ids("r", n * (ROWS + 1)), "document": self._home(ROWS + 1)}
        return {"Table": _nodes(**table), "Row": _nodes(**rows), "Cell": _nodes(**cell)}

    def _cell_texts(self) -> list[str]:
        grid = np.empty((self.documents, ROWS + 1, COLUMNS + 1), object)
        grid[:, 0, 0] = "body"
        grid[:, 0, 1:] = np.array(QUANTITIES, object)[self.quantity]
        grid[:, 1:, 0] = self.names[self.subject]
        grid[:, 1:, 1:] = self.values().astype(str)
        found: list[str] = grid.reshape(-1).tolist()
        return found

    def _facts(self) -> pa.Table:
        n = self.documents * FACTS
        subject = self.names[np.repeat(self.subject.reshape(-1), COLUMNS)]
        quantity = np.tile(self.quantity[:, None, :], (1, ROWS, 1)).reshape(-1)
        year = np.repeat(self.year, FACTS)
        numbers = self.values().reshape(-1)
        said = np.array(QUANTITIES, object)[quantity]
        columns: dict[str, Any] = {
            "id": _ids("f", n),
            "document": self._home(FACTS),
            "quantity": pa.array(said),
            "period": pa.array(np.array([str(y) for y in range(3000)], object)[year]),
            "number": pa.array(numbers.astype(np.float64)),
        }
        if self.files is not None:
            tables = _ids("t", self.documents).to_numpy(zero_copy_only=False)
            columns |= {
                "subject": pa.array(subject),
                "element": pa.array(np.repeat(tables, FACTS)),
                "fact_key": [f"{s}|{q}|{y}" for s, q, y in zip(subject, said, year.tolist(), strict=True)],
                "kind": ["number"] * n,
                "shape": ["entities"] * n,
                "role": ["data"] * n,
                "text": pa.array(numbers.astype(str).astype(object)),
                "exact": pa.array(numbers.astype(str).astype(object)),
                "unit": pa.array(np.array(UNITS, object)[quantity]),
                "scale": np.zeros(n, np.int64),
                "decimals": np.zeros(n, np.int64),
            }
        return _nodes(**columns)

    # Edges -----------------------------------------------------------------------------------------------------------

    def _edges(self) -> dict[tuple[str, str, str], pa.Table]:
        n = self.documents
        d, letters = np.arange(n), {"Chunk": "c", "Table": "t", "Image": "i", "Formula": "o", "Entity": "e"}
        ids = {label: _ids(letter, self._count(label)) for label, letter in letters.items()}
        ids |= {"Document": pa.array(self.ids, pa.string()), "Assertion": _ids("f", n * FACTS)}
        ids |= {"Cell": _ids("l", n * CELLS), "Row": _ids("r", n * (ROWS + 1))}
        pairs = self._pairs(d)
        if self.hub:
            total = sum(len(one) for one, _ in pairs.values())
            _, mentioned = pairs["MENTIONS", "Chunk", "Entity"]
            mentioned[self.rng.permutation(len(mentioned))[: round(self.hub * total)]] = 0
        made: dict[tuple[str, str, str], pa.Table] = {}
        for number, ((kind, source, target), (one, two)) in enumerate(sorted(pairs.items())):
            extra = self._roles(len(one)) if kind == "SUPPORTED_BY" and self.files is not None else {}
            made[kind, source, target] = _edge_table(ids[source], ids[target], one, two, f"x{number:02d}", extra)
        return made

    def _count(self, label: str) -> int:
        return {"Chunk": self.documents * CHUNKS, "Entity": self.entities}.get(label, self.documents)

    @staticmethod
    def _roles(edges: int) -> dict[str, Any]:
        return {
            "role": ["value", "header", "header"] * (edges // 3),
            "position": np.arange(edges) % 3,
        }

    def _pairs(self, d: Array) -> dict[tuple[str, str, str], tuple[Array, Array]]:
        n, rng = self.documents, self.rng
        chunk, fact = np.arange(n * CHUNKS), np.arange(n * FACTS)
        referring = rng.integers(0, CHUNKS, n * REFERENCES) + np.repeat(d, REFERENCES) * CHUNKS
        to_table = rng.random(n * REFERENCES) < 0.7
        # Most references stay in the document; the others go to popular ones.
        to = np.where(rng.random(n * REFERENCES) < 0.8, referring // CHUNKS, self._zipf(n * REFERENCES) % n)
        following = chunk[chunk % CHUNKS < CHUNKS - 1]
        row, col = fact % FACTS // COLUMNS + 1, fact % COLUMNS + 1
        base = fact // FACTS * CELLS
        value = base + row * (COLUMNS + 1) + col
        supports = np.stack([value, base + row * (COLUMNS + 1), base + col], 1).reshape(-1)
        cells, rows = np.arange(n * CELLS), np.arange(n * (ROWS + 1))
        return {
            ("ABOUT", "Document", "Entity"): (d, d * ENTITIES),
            ("CONTAINS", "Document", "Chunk"): (chunk // CHUNKS, chunk),
            ("CONTAINS", "Document", "Table"): (d, d),
            ("CONTAINS", "Document", "Image"): (d, d),
            ("NEXT", "Chunk", "Chunk"): (following, following + 1),
            ("HAS_ROW", "Table", "Row"): (rows // (ROWS + 1), rows),
            ("HAS_CELL", "Row", "Cell"): (cells // (COLUMNS + 1), cells),
            ("STATES", "Table", "Assertion"): (fact // FACTS, fact),
            ("SUBJECT", "Assertion", "Entity"): (fact, np.repeat(self.subject.reshape(-1), COLUMNS)),
            ("SUPPORTED_BY", "Assertion", "Cell"): (np.repeat(fact, 3), supports),
            ("REFERS_TO", "Chunk", "Table"): (referring[to_table], to[to_table]),
            ("REFERS_TO", "Chunk", "Formula"): (referring[~to_table], to[~to_table]),
            ("MENTIONS", "Chunk", "Entity"): (np.repeat(chunk, MENTIONS), self._zipf(n * CHUNKS * MENTIONS)),
            ("MENTIONS", "Image", "Entity"): (np.repeat(d, DEPICTED), self._zipf(n * DEPICTED)),
        }


def _name(k: int) -> str:
    """Two words; no two entities have both."""
    base, words = len(SYLLABLES), []
    for part in (k % base**3, k // base**3):
        digits = (part, part // base, part // base**2)
        words.append("".join(SYLLABLES[digit % base] for digit in digits).capitalize())
    return " ".join(words)


def _ids(letter: str, count: int) -> Any:
    return pa.array([f"{letter}{k:08d}" for k in range(count)], pa.string())


def _nodes(**columns: Any) -> pa.Table:
    return sort_table(pa.table(columns))


def _edge_table(sources: Any, targets: Any, one: Array, two: Array, prefix: str, extra: dict[str, Any]) -> pa.Table:
    columns = {
        model.START: sources.take(pa.array(one)),
        model.END: targets.take(pa.array(two)),
        "id": _ids(prefix, len(one)),
        **extra,
    }
    return sort_table(pa.table(columns))
