"""Elements: what a reader finds in one document, in reading order, with provenance."""

from __future__ import annotations

from typing import Literal

from schemas.base import Confidence, Place, Row

ElementKind = Literal["section", "chunk", "table", "formula", "image"]

ChunkRole = Literal["text", "title", "list-item", "caption", "footnote", "header", "footer", "reference"]


class GridCell(Row):
    """One cell of a table as parsed; the top-left grid position and its spans."""

    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    text: str
    """NFC, lines joined by one space, hyphenation undone."""
    header: bool = False
    """The parser or the markup marks it as a header cell."""
    bold: bool = False
    indent: float = 0.0
    """Left inset of the text within its column: points in PDF, levels elsewhere."""
    place: Place = Place()
    formula: str | None = None
    """Spreadsheet formula without '=', where the file has one."""


class Grid(Row):
    """A table as a grid. Cells are sorted by (row, col); covered positions of a span have no cell."""

    n_rows: int
    n_cols: int
    cells: tuple[GridCell, ...]
    header_rows: int = 0
    """Leading rows that the parser or the markup marks as header."""
    agreement: Confidence | None = None
    """Share of numeric cells that a second parser puts in the same row order; None where there is only one."""
    rows_agree: bool | None = None
    """A second parser sees the same data rows (the completeness certificate of closed sets)."""
    cut: bool = False
    """The table touches a page break and goes on, or its continuation was not found."""


class Link(Row):
    """A link or cross reference as it stands in the text of an element."""

    text: str
    span: tuple[int, int] | None = None
    target: str | None = None
    """Element id in the same document, once resolved by the reader."""
    uri: str | None = None
    """External URI or relative path (with fragment) to another document of the corpus."""
    label: str | None = None
    """Normal label of what is referred to: `table 3`, `figure 2`, `equation 4`, `section 5.1`, `cite smith2020`."""


class Element(Row):
    """One element of one document. id = H(document, kind, text, occurrence)."""

    id: str
    document: str
    """Document id, see `Document.id`."""
    kind: ElementKind
    order: int
    """0-based reading order in the document."""
    parent: str | None = None
    """Id of the enclosing section; None at the top."""
    level: int | None = None
    """Heading level of a section, 1 = top."""
    role: ChunkRole | None = None
    """Of a chunk."""
    text: str = ""
    """Chunk: paragraph text. Section: heading. Table: cells row by row. Formula: LaTeX. Image: alternative text."""
    places: tuple[Place, ...] = ()
    label: str | None = None
    """Normal own label: `table 3`, `figure 2`, `equation 4`."""
    caption: str | None = None
    """Caption text without its label, of tables and images."""
    caption_place: Place | None = None
    head: str | None = None
    """The line(s) right above a table that state scale or units (`In millions, except ...`), or that name the table
    where it has no caption."""
    head_place: Place | None = None
    grid: Grid | None = None
    notes: tuple[str, ...] = ()
    """Footnotes of a table."""
    blob: str | None = None
    """sha256 of an image's bytes in the workspace's `blobs/`."""
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    """Ids in the source that point here (HTML id, LaTeX label, named destination)."""
    bold: bool = False
    confidence: Confidence = 1.0


class Document(Row):
    """One content. id = sha256 of the bytes (hex)."""

    id: str
    paths: tuple[str, ...]
    """NFC POSIX paths relative to the corpus folder, sorted."""
    format: str
    """pdf, docx, html, md, latex, epub, csv, xlsx, ..."""
    title: str | None = None
    """Title as the document gives it (metadata where it is not a file name, else largest text of page 1, h1, sheet)."""
    metadata: dict[str, str] = {}
    pages: int | None = None
    language: str = "en"
    warnings: tuple[str, ...] = ()
    """One line each, e.g. `no text layer: 3 pages (2, 3, 7)`."""


class Elements(Row):
    """The first artefact of a fragment: what one reader found in one document."""

    document: Document
    reader: str
    """Name and version of the reader, `pdf/1`."""
    elements: tuple[Element, ...]
