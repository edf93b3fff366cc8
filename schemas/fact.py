"""Facts and table structure: what extractors find in the elements of one document."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from schemas.base import Confidence, Place, Row

Shape = Literal["statement", "entities", "results", "form"]
"""The four shapes of a table. A table without a shape yields no fact."""

FactShape = Literal["statement", "entities", "results", "form", "sentence", "definition", "reason", "formula"]

ValueKind = Literal["number", "date", "text", "entity", "boolean"]

AxisRole = Literal["header", "data", "total", "group", "note", "blank", "key"]
"""`group`: a row that only names the rows below it; `key`: the column whose cells name the rows."""


class Value(Row):
    """A value as printed, and what it means. `number * 10**scale` is the amount in `unit`."""

    kind: ValueKind
    text: str
    """As printed, trimmed, without footnote marks."""
    number: Decimal | None = None
    """As printed, sign and parentheses applied, in the printed scale: 19604 for `19,604` (in millions)."""
    unit: str | None = None
    """Canonical base unit (`kg.values.unit`): `USD`, `%`, `hour`, `foot`, `token`; None for a bare number or count."""
    scale: int = 0
    """Power of ten of the printed scale: 6 for millions."""
    decimals: int = 0
    """Digits printed after the point: the printed precision."""
    date: str | None = None
    """ISO date, `2007-12-08`, `2007-12` or `2007`, of kind `date`."""


class Qualifiers(Row):
    """What else must be said to single the value out."""

    period: str | None = None
    """Normal period (`kg.values.period`): `2022-06-25` instant, `P3M/2022-06-25` duration, `FY2024`, `2007`."""
    period_text: str | None = None
    """As people say it, with its preposition: `in the three months ended June 25, 2022`."""
    conditions: tuple[tuple[str, str], ...] = ()
    """Sorted (axis, member) pairs: ("language", "Arabic"). Axis is "" where the table does not name it."""
    condition_text: str | None = None
    """As people say it, with its preposition: `on DL19`, `for Arabic`, `with 40 passages`."""


class Support(Row):
    """Where a fact stands: an element, and a cell or a span in it."""

    element: str
    row: int | None = None
    col: int | None = None
    span: tuple[int, int] | None = None
    """Span of the value in the element's text, for chunks."""
    role: Literal["value", "header", "scale", "subject", "caption"] = "value"


class Subject(Row):
    """Whom or what a fact is about."""

    name: str | None = None
    """Surface name; None = the document's own subject, which `kg.corpus` resolves."""
    kind: str = "thing"
    """Singular noun: company, reward model, language, aircraft accident."""


class Fact(Row):
    """A typed statement (an `Assertion` of the graph). Fact key = (subject, quantity, qualifiers) in normal form."""

    id: str
    document: str
    subject: Subject
    shape: FactShape
    quantity: str
    """Noun phrase, lower case unless a proper name or acronym, no article: `net sales of services`.
    For `reason`: the clause that is explained, past tense finite clause as in the text."""
    qualifiers: Qualifiers = Qualifiers()
    value: Value
    supports: tuple[Support, ...]
    """The value first, then the headers, scale line and so on that give it its meaning."""
    role: Literal["data", "total", "note", "rank", "mean"] = "data"
    """`total`: never an operand of sums, counts, superlatives. `mean`, `rank` likewise."""
    additive: bool = False
    """Values of this quantity may be added over the members of the set (amounts, counts; not rates, scores, ages)."""
    group: str | None = None
    """Row group label as printed (`Net sales`), where the row stands in one."""
    set: str | None = None
    """Plural noun phrase that names the closed set of the rows of the table: `languages listed for M-RewardBench`."""
    better: Literal["higher", "lower"] | None = None
    """Which end of the quantity is better, where the table or the measure says so."""
    confidence: Confidence = 1.0
    extractor: str = ""
    """Name and version, `tables/1`."""


class Axis(Row):
    """One row or column of a table with its role and header path."""

    index: int
    role: AxisRole
    path: tuple[str, ...] = ()
    """Header labels from the outside in: ("Three Months Ended", "June 25, 2022")."""
    group: str | None = None
    noun: str | None = None
    """The path as a noun phrase, where there is one."""
    unit: str | None = None
    scale: int = 0


class TableStructure(Row):
    """Shape, roles and header paths of one table element."""

    element: str
    shape: Shape | None
    reason: str | None = None
    """Why it has no shape, e.g. `header_salad: 5 of 7 headers are not noun phrases`."""
    rows: tuple[Axis, ...] = ()
    columns: tuple[Axis, ...] = ()
    key_column: int | None = None
    kind: str | None = None
    """Singular noun of the row entities: `reward model`."""
    set: str | None = None
    total_checked: bool | None = None
    """Totals add up (True), do not (False), or there are none (None)."""


class Mention(Row):
    """A name of an entity in an element."""

    element: str
    name: str
    kind: str = "term"
    span: tuple[int, int] | None = None
    row: int | None = None
    col: int | None = None
    alias_of: str | None = None
    """Long form that the text defines for this name, e.g. `reward model` for `RM`."""


class SymbolDefinition(Row):
    """A symbol of a formula, with what the text says it denotes."""

    formula: str
    """Element id of the formula."""
    symbol: str
    """Atomic symbol in LaTeX: `\\mathcal{L}_{ia}`."""
    denotes: str | None = None
    element: str | None = None
    """Chunk that defines it."""
    span: tuple[int, int] | None = None
    place: Place | None = None


class FormulaReading(Row):
    """What could be made of a formula."""

    element: str
    sympy: str | None = None
    """`srepr` of the parsed equation or expression; None where it could not be parsed strictly."""
    target: str | None = None
    """Left-hand symbol of an equation `x = ...`."""
    symbols: tuple[str, ...] = ()
    name: str | None = None
    """What the text calls it: `escape velocity`."""


class Facts(Row):
    """The second artefact of a fragment: what the extractors found in one document."""

    document: str
    extractors: tuple[str, ...]
    """Names and versions, in the order they ran."""
    structures: tuple[TableStructure, ...] = ()
    facts: tuple[Fact, ...] = ()
    mentions: tuple[Mention, ...] = ()
    symbols: tuple[SymbolDefinition, ...] = ()
    formulas: tuple[FormulaReading, ...] = ()
    subject: Subject | None = None
    """The document's own subject as this document alone shows it."""
    subject_facts: dict[str, str] = {}
    """What describes the subject, by role: name, type, model, registration, location, date, period."""
    rejected: tuple[tuple[str, str, str], ...] = ()
    """(element id, check, reason) for each table or text from which nothing could be made."""
