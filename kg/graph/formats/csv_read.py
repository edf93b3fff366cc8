"""neo4j-admin CSV -> canonical tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from kg.graph.formats.cells import BadValueError, property_type, typed, with_ones
from kg.graph.formats.gather import UNLABELLED, EdgePart, Gathered, NodePart, bare
from kg.graph.formats.header import Column, Header
from kg.graph.formats.imported import Imported
from kg.graph.formats.scan import Dialect, Field, check_quotes, first_record, records, records_of
from kg.graph.formats.sources import Group, Sources, find
from schemas.errors import GraphError
from schemas.mapping import Mapping

BLOCK: Final = 8 * 2**20
"""Bytes that become typed columns at once."""


def read_csv(folder: Path, mapping: Mapping | None = None, dialect: Dialect | None = None) -> Imported:
    """The graph of a folder of CSV files in the format of `neo4j-admin database import` (or of one `*.args` file).

    Args: dialect: how the files are written; None: as the args file says, else commas (tabs in *.tsv).
    Raises: GraphError: one line with file:line:column.
    """
    meaning = mapping or Mapping()
    sources = find(folder, dialect)
    gathered = Gathered(skip_bad=sources.skip_bad, skip_duplicates=sources.skip_duplicates)
    for group in sources.nodes:
        _nodes(group, sources, meaning, gathered)
    for group in sources.edges:
        _edges(group, sources, meaning, gathered)
    return Imported.of(gathered, meaning, sources.roles)


@dataclass
class _Part:
    """A file's rows as typed columns by header index, and where each stands."""

    path: Path
    header: Header
    dialect: Dialect
    skipped: int
    """Records before the first row: the header."""
    columns: dict[int, Any] = field(default_factory=dict)
    odd: int = 0
    """Rows at the end that had fewer fields than the header, or more."""
    rows: Any = None
    """Row numbers in the file's order, where this part is a choice of them."""
    size: int = 0

    def at(self, row: int, column: str) -> str:
        """`file:line:column`. Reads the file again: only errors ask."""
        number = row if self.rows is None else self.rows[row].as_py()
        place = self._place(column)
        regular, width = self.size - self.odd, len(self.header.columns)
        wanted_odd = number >= regular
        left = number - regular if wanted_odd else number
        for k, record in enumerate(records(self.path, self.dialect)):
            if k < self.skipped or (len(record) != width) != wanted_odd:
                continue
            if not left:
                found = record[min(place, len(record) - 1)]
                return f"{self.path}:{found.line}:{found.column}"
            left -= 1
        return f"{self.path}:1:1"

    def _place(self, column: str) -> int:
        wanted = column.removeprefix(":")
        for k, one in enumerate(self.header.columns):
            if column == f":{one.kind}" or (one.kind in ("ID", "PROPERTY") and one.name == wanted):
                return k
        return 0

    def choice(self, mask: Any) -> _Part:
        """The rows where the mask is true."""
        rows = pc.indices_nonzero(mask)
        columns = {k: values.take(rows) for k, values in self.columns.items()}
        return _Part(self.path, self.header, self.dialect, self.skipped, columns, self.odd, rows, self.size)

    def __len__(self) -> int:
        return self.size if self.rows is None else len(self.rows)


def _nodes(group: Group, sources: Sources, meaning: Mapping, gathered: Gathered) -> None:
    header = group.header
    known = [group.names] if group.names else []
    if group.guessed:
        gathered.note(f"{group.files[0].name}: no :LABEL, so its nodes are called {group.names[0]} by the file's name")
    for part in _parts(group, sources):
        for labels, rows in _by_labels(part, group.names):
            if known != [labels] and labels not in known:
                known.append(labels)
            _add_nodes(rows, labels or (UNLABELLED,), meaning, gathered)
    if "key" in group.extra or (len(known) == 1 and not meaning.labels):
        label = group.extra["key"][0] if "key" in group.extra else _primary(known[0], meaning)[0]
        gathered.empty_nodes.setdefault(label, _schema(header, group))


def _add_nodes(rows: _Part, labels: tuple[str, ...], meaning: Mapping, gathered: Gathered) -> None:
    if meaning.labels and not set(labels) & set(meaning.labels):
        return
    header = rows.header
    primary, further = _primary(labels, meaning)
    ids = header.places("ID")
    keys = _joined([rows.columns[k] for k in ids]) if ids else pa.nulls(len(rows), pa.string())
    if ids and keys.null_count:
        at = rows.at(keys.is_null().to_pylist().index(True), ":ID")
        raise GraphError(f"{at}: a node without an id")
    space = header.columns[ids[0]].space if ids else ""
    gathered.nodes.append(NodePart(primary, further, space, keys, _properties(rows), rows))


def _edges(group: Group, sources: Sources, meaning: Mapping, gathered: Gathered) -> None:
    header = group.header
    start, end = header.one("START_ID"), header.one("END_ID")
    assert start is not None
    assert end is not None
    if group.guessed:
        gathered.note(f"{group.files[0].name}: no :TYPE, so its relationships are called {group.names[0]} by its name")
    spaces = (header.columns[start].space, header.columns[end].space)
    for part in _parts(group, sources):
        for names, rows in _by_types(part, group.names):
            if meaning.types and names not in meaning.types:
                continue
            ends = (rows.columns[start], rows.columns[end])
            gathered.edges.append(EdgePart(names, spaces, *ends, _properties(rows), rows))
    if "key" in group.extra:
        kind, source, target = group.extra["key"]
        gathered.empty_edges.setdefault((kind, source, target), _schema(header, group))


def _by_labels(part: _Part, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], _Part]]:
    """The rows by what labels they have: the group's first, then those of the columns."""
    places = part.header.places("LABEL")
    if not places:
        yield names, part
        return
    joined = _joined([part.columns[k] for k in places], part.dialect.array_delimiter)
    for value in pc.unique(joined).to_pylist():
        mask = pc.is_null(joined) if value is None else pc.equal(joined, value)
        found = (value or "").split(part.dialect.array_delimiter)
        yield tuple(dict.fromkeys([*names, *filter(None, found)])), part.choice(mask)


def _by_types(part: _Part, names: tuple[str, ...]) -> Iterator[tuple[str, _Part]]:
    place = part.header.one("TYPE")
    if place is None:
        yield names[0], part
        return
    kinds = part.columns[place]
    for value in pc.unique(kinds).to_pylist():
        name = value or (names[0] if names else None)
        mask = pc.is_null(kinds) if value is None else pc.equal(kinds, value)
        rows = part.choice(mask)
        if name is None:
            raise GraphError(f"{rows.at(0, ':TYPE')}: a relationship without a type")
        yield name, rows


def _primary(labels: Sequence[str], meaning: Mapping) -> tuple[str, tuple[str, ...]]:
    """The label that the nodes belong to, and the others."""
    chosen = next((label for label in meaning.primary if label in labels), labels[0] if labels else UNLABELLED)
    return chosen, tuple(label for label in labels if label != chosen)


def _joined(columns: Sequence[Any], between: str = "") -> Any:
    """Several string columns as one; null where all are."""
    if len(columns) == 1:
        return columns[0]
    return pc.binary_join_element_wise(*columns, between, null_handling="skip")


def _name(column: Column, group: Group | None = None) -> str:
    return str(group.extra.get("names", {}).get(column.name, column.name)) if group else column.name


def _properties(rows: _Part) -> pa.Table:
    arrays = {
        column.name: rows.columns[k]
        for k, column in enumerate(rows.header.columns)
        if column.kind in ("PROPERTY", "ID") and column.name
    }
    return pa.table(arrays) if arrays else bare(len(rows))


def _schema(header: Header, group: Group) -> pa.Schema:
    """The properties of a group's files."""
    columns = [c for c in header.columns if c.kind in ("PROPERTY", "ID") and c.name and c.name != "id"]
    return pa.schema([(_name(c, group), pa.string() if c.kind == "ID" else property_type(c)) for c in columns])


def _parts(group: Group, sources: Sources) -> Iterator[_Part]:
    """The files of a group, one after the other."""
    header = _renamed(group)
    for k, path in enumerate(group.files):
        skipped = 1 if k == 0 or (sources.repeated_headers and _same(path, group.files[0], sources.dialect)) else 0
        part = _Part(path, header, sources.dialect, skipped)
        _fill(part, group.extra.get("ones", {}) if k == 0 else {})
        if part.size:
            yield part


def _renamed(group: Group) -> Header:
    if "names" not in group.extra:
        return group.header
    return Header(tuple(Column(c.kind, _name(c, group), c.type, c.space) for c in group.header.columns))


def _same(path: Path, other: Path, dialect: Dialect) -> bool:
    return _texts(first_record(path, dialect)) == _texts(first_record(other, dialect))


def _texts(fields: Sequence[Field]) -> list[str | None]:
    return [one.text for one in fields]


def _fill(part: _Part, ones: dict[str, list[int]]) -> None:
    """Read a file's rows into the part, block by block."""
    check_quotes(part.path, part.dialect)
    chunks: dict[int, list[Any]] = {k: [] for k, c in enumerate(part.header.columns) if c.kind != "IGNORE"}
    odd: list[str] = []

    def irregular(row: Any) -> str:
        # Fewer fields than the header has are nulls at the end; more are an error, unless an option says otherwise.
        if row.actual_columns > row.expected_columns and not part.dialect.extra_columns:
            return "error"
        odd.append(row.text)
        return "skip"

    for batch in _batches(part, chunks, irregular):
        _append(part, chunks, batch)
    if odd:
        regular = part.size
        part.odd = len(odd)
        _append(part, chunks, _padded(part, chunks, odd))
        part.odd = part.size - regular
    for k, pieces in chunks.items():
        values = pa.chunked_array(pieces, _arrow(part.header.columns[k]))
        part.columns[k] = with_ones(values, ones.get(str(k), []))


def _arrow(column: Column) -> Any:
    return property_type(column) if column.kind == "PROPERTY" else pa.string()


def _batches(part: _Part, wanted: Iterable[int], irregular: Any) -> Iterator[Any]:
    """Blocks of the file as strings, the header left out."""
    dialect, names = part.dialect, [str(k) for k in range(len(part.header.columns))]
    chosen = [str(k) for k in wanted]
    skip = part.skipped
    try:
        with pa.input_stream(str(part.path), compression="gzip" if part.path.suffix == ".gz" else None) as file:
            reader = arrow_csv.open_csv(
                file,
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=BLOCK, column_names=names, encoding=dialect.encoding
                ),
                arrow_csv.ParseOptions(
                    delimiter=dialect.delimiter,
                    quote_char=dialect.quote,
                    escape_char="\\" if dialect.escapes else False,
                    newlines_in_values=True,
                    invalid_row_handler=irregular,
                ),
                arrow_csv.ConvertOptions(
                    include_columns=chosen,
                    column_types=dict.fromkeys(chosen, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=dialect.empty_is_null,
                ),
            )
            for batch in reader:
                kept = batch.slice(skip)
                skip = max(0, skip - batch.num_rows)
                if kept.num_rows:
                    yield kept
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise _located(part, error) from error


def _append(part: _Part, chunks: dict[int, list[Any]], batch: Any) -> None:
    first = part.size
    part.size += batch.num_rows
    for k, pieces in chunks.items():
        column, raw = part.header.columns[k], batch[str(k)]
        try:
            trim = part.dialect.trim
            pieces.append(typed(column, raw, part.dialect.array_delimiter, trim=trim) if _is_value(column) else raw)
        except BadValueError as error:
            at = part.at(first + error.row, column.name)
            raise GraphError(f"{at}: {column.name}: {error.reason} is no {column.type}") from None


def _is_value(column: Column) -> bool:
    return column.kind == "PROPERTY"


def _padded(part: _Part, wanted: Iterable[int], odd: Sequence[str]) -> Any:
    """Rows with fewer fields (or more, where these are to be left out) than the header."""
    rows = list(records_of("\n".join(odd) + "\n", part.dialect))
    arrays = [pa.array([row[k].text if k < len(row) else None for row in rows], pa.string()) for k in wanted]
    return pa.record_batch(arrays, [str(k) for k in wanted])


def _located(part: _Part, error: Exception) -> GraphError:
    """An error of Arrow's reader with the place where it is."""
    width = len(part.header.columns)
    for record in records(part.path, part.dialect):
        if len(record) > width and not part.dialect.extra_columns:
            at = f"{part.path}:{record[width].line}:{record[width].column}"
            return GraphError(f"{at}: {len(record)} fields, the header has {width}")
    if "straddling" in str(error):
        return GraphError(f"{part.path}: a row is longer than {BLOCK // 2**20} MiB")
    return GraphError(f"{part.path}: {str(error).splitlines()[0]}")
