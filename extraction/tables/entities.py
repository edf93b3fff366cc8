"""Entities x attributes: the rows are named things of one kind, the columns say something of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from extraction.tables import measure, quantity
from extraction.tables import scale as scales
from extraction.tables.cell import Reading, without_citation, without_footnote
from extraction.tables.languages import language
from extraction.tables.phrase import NO_NOUN, kind_noun, lowered, noun_phrase, set_phrase
from extraction.tables.rows import RowView
from extraction.tables.sheet import Sheet
from kg.values.name import normal, plural, singular
from kg.values.period import parse_period, spoken_period
from schemas.fact import Fact, Qualifiers, Subject, Value

_ORDER: Final = re.compile(
    r"^(?:#|(?:\w+ )?no\.?|week|round|nr\.?|rank|ranking|pos\.?|position|place|id|index|seed|number|item|code|page)$",
    re.IGNORECASE,
)
_NO_ATTRIBUTE: Final = re.compile(
    r"^(?:notes?|remarks?|comments?|links?|url|ref(?:erence|\.)?s?|sources?|citations?|description|details"
    r"|images?|photo|example|prompt)$",
    re.IGNORECASE,
)
_KINDS: Final = re.compile(
    r"\b((?:[a-z][a-z\-]+ )?(?:models?|LLMs|RMs|methods?|systems?|approach(?:es)?|baselines|languages|datasets"
    r"|benchmarks|countries|cities"
    r"|planets|moons|missions|rockets|companies|products|algorithms|tasks|categories|segments|aircraft))\b"
)
_MOVEMENT: Final = re.compile(
    r"(?:granted|vested|forfeited|exercised|cancell?ed|expired|additions?|balances?|outstanding|at (?:beginning"
    r"|end))\b",
    re.IGNORECASE,
)
_EVENT: Final = re.compile(r"^(?:date|week|year|season|round|day|game|month|date and time)\b", re.IGNORECASE)
NUMERALS: Final = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|fifty|hundred"
_LOOSE: Final = frozenset(
    ["the", "of", "all", "our", "various", "different", "these", "those", "both", "each", "several", "other",
     "best", "top", "on", "for", "and", "with", "ten", "five", "many", "some", "open", "state", "performing",
     "compared", "two", "three", "listed", "main", "large", "small", "big", "new", "old", "known", "major",
     "minor", "retired", "selected", "famous", "nearest", "largest", "tallest", "early", "recent", "modern",
     "first", "single", "last"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """Which column names the entities, what they are, and what cannot be told apart."""

    kind: str | None
    reason: str | None = None


def kind_of(sheet: Sheet) -> Keys:
    """The kind of the row entities: from the key column's header, sharpened by the caption, else from the caption."""
    header = kind_noun(sheet.header.corner, sheet.vocabulary) if sheet.header.corner else None
    if sheet.key != 0:
        path = sheet.path(sheet.key)
        header = kind_noun(path[-1], sheet.vocabulary) if path else None
    if header:
        return Keys(_sharpened(header, sheet.element.caption or ""))
    for text in (sheet.element.caption, sheet.element.head):
        if found := _from_caption(text or ""):
            return Keys(found)
    return Keys(None, f"no_kind: nothing says what the rows are (header of the first column: {sheet.header.corner!r})")


def _sharpened(kind: str, caption: str) -> str:
    """`model` under `Top ten reward models on ...` -> `reward model`."""
    if " " in kind:
        return kind
    match = re.search(rf"\b([a-z][a-z\-]+) {re.escape(plural(kind))}\b", caption)
    return (
        f"{match[1]} {kind}"
        if match and match[1] not in _LOOSE and not match[1].endswith(("ed", "ing", "ly"))
        else kind
    )


def _from_caption(caption: str) -> str | None:
    first = re.split(r"(?<=[.!?])\s", caption, maxsplit=1)[0]
    match = _KINDS.search(first)
    if match is None:
        return None
    words = match[1].split()
    while len(words) > 1 and (words[0] in _LOOSE or words[0].endswith(("ed", "ing", "ly"))):
        words = words[1:]
    if words[-1].endswith("Ms"):
        return words[-1][:-1]
    return " ".join([*words[:-1], singular(words[-1])])


def names(sheet: Sheet) -> dict[int, str]:
    """Row index -> name of its entity, without citations and marks; empty where the table does not say whose row it is.

    A row `+ X` is the plain row above it with X. Behind a group's label that is sure only of the first plain row, or
    of one that the label names: `Beta-8B` above `fine-tuning with BETA3-data`.
    """
    found: dict[int, str] = {}
    kind = kind_of(sheet).kind
    bases: list[tuple[int, str]] = []
    for row in sheet.rows:
        if row.role not in ("data", "total"):
            continue
        name = clean_name(row.label)
        if is_addition(name) and bases:
            name = _with_addition(bases, row, name, sheet) or ""
        elif kind == "language" and (known := language(name)):
            name = known
        elif name:
            bases.append((row.index, name))
        found[row.index] = name
    return found


def is_addition(label: str) -> bool:
    """Whether a row's label adds something to the row above: `+ SFT`."""
    return bool(re.match(r"^[+–-]\s*\S", label))


def is_mean_row(sheet: Sheet, row: RowView) -> bool:
    """Whether a row holds means over others, or is a `+ X` row that goes on from such a row."""
    if row.mean or not is_addition(row.label):
        return row.mean
    plain = [r for r in sheet.rows if r.index < row.index and r.role == "data" and not is_addition(r.label)]
    return bool(plain) and plain[-1].mean


def _with_addition(bases: list[tuple[int, str]], row: RowView, name: str, sheet: Sheet) -> str | None:
    """`Alpha + SFT`, `Alpha with teacher feedback`; None where more than one plain row may be meant."""
    above, base = bases[-1]
    between = [label for label, at in zip(row.groups, row.group_rows, strict=True) if at > above]
    first_word = re.match(r"[^\W\d_]+", base)
    named = first_word is not None and any(first_word[0].casefold() in label.casefold() for label in between)
    if between and len(bases) > 1 and not named:
        return None
    added = name.lstrip("+–- ")
    words = re.fullmatch(r"[A-Z]?[a-z-]+(?: [A-Z]?[a-z-]+)+", added)
    return f"{base} with {lowered(added, sheet.vocabulary)}" if words else f"{base} {name}"


def selected(sheet: Sheet, kind: str) -> str:
    """How the caption picks the rows out of more: `top ten` of `Top ten reward models on ...`; else empty."""
    nouns = re.escape(plural(kind.rsplit(maxsplit=1)[-1]))
    match = re.match(
        rf"(?:the\s+)?((?:top|best|worst|first|last|largest|smallest|bottom)(?:[\s-](?:\d+|{NUMERALS}))?)\s+"
        rf"(?:[\w-]+\s+){{0,2}}{nouns}\b",
        sheet.element.caption or "",
        re.IGNORECASE,
    )
    return match[1].lower().replace("-", " ") if match else ""


def clean_name(label: str) -> str:
    """A name without footnote marks, citations and release dates in brackets."""
    text = without_citation(without_footnote(label))
    text = re.sub(r"\s*\((?:\d{4}(?:-\d\d)?\s*[|/,;]\s*)+\d{4}(?:-\d\d)?\)$", "", text)
    text = re.sub(r"\s*\((?=[^()\s]*[/\-])(?=[^()\s]*[/\d])[^()\s]{8,}\)$", "", text)
    return text.strip(" :;,")


def check_names(sheet: Sheet) -> str | None:
    """Why the rows are not names of distinct things, None if they are."""
    named = [n for r, n in names(sheet).items() if any(r == d.index for d in sheet.data)]
    if len(named) < 2:
        return "no_entities: fewer than two rows of data"
    if any(not n for n in named):
        return "wrong_grain: rows without a name"
    if len({normal(n) for n in named}) != len(named):
        return "wrong_grain: names of rows repeat"
    if any(len(n.split()) > 9 or len(n) > 80 or re.search(r"[<>=]", n) for n in named):
        return "fragment: names of rows are no names"
    if len(named) > 2 and all(re.search(r"[^\W\d].*\s[\d.,]+$", n) for n in named) and " " in sheet.header.corner:
        return "wrong_grain: names and numbers stand in one cell"
    if sum(n.casefold() in NO_NOUN for n in named) >= 2:
        return "fragment: names of rows are adjectives"
    if sum(bool(_MOVEMENT.match(n)) for n in named) >= 2:
        return "wrong_grain: rows are movements between balances"
    if any(_EVENT.match(" ".join(sheet.path(c))) for c in range(sheet.key)):
        return "wrong_grain: rows are events, told apart by their date"
    letters = sum(bool(re.search(r"[^\W\d_]{2}", n)) for n in named)
    return None if 5 * letters >= 4 * len(named) else "wrong_grain: rows are numbered, not named"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column as a quantity of the row's entity."""

    col: int
    phrase: str
    unit: str | None
    scale: int
    numeric: bool
    period: str | None = None


def attributes(sheet: Sheet) -> tuple[tuple[Attribute, ...], tuple[str, ...]]:
    """(attributes, reasons why other columns are none)."""
    found: list[Attribute] = []
    refused: list[str] = []
    for col in sheet.value_columns:
        one = _attribute(sheet, col)
        if isinstance(one, str):
            refused.append(one)
        else:
            found.append(one)
    counts = [normal(a.phrase) for a in found]
    clear = tuple(a for a in found if counts.count(normal(a.phrase)) == 1)
    refused += [f"header_salad: two columns are called {a.phrase!r}" for a in found if a not in clear]
    return clear, tuple(refused)


def _attribute(sheet: Sheet, col: int) -> Attribute | str:
    path = sheet.path(col)
    if not path:
        return f"header_salad: column {col + 1} has no header"
    if _ORDER.match(path[-1]) or _NO_ATTRIBUTE.match(path[-1]):
        return f"no_attribute: {path[-1]!r} orders or annotates the rows"
    label, unit, scale = scales.of_header(path[-1])
    if unit and label == path[-1]:
        label = _from_unit(sheet.element.caption or "", unit) or label
    parts = [noun_phrase(label, sheet.vocabulary), *(noun_phrase(p, sheet.vocabulary) for p in reversed(path[:-1]))]
    if parts[0] is None or (len(path) > 1 and parts[1] is None):
        return f"header_salad: {' > '.join(path)!r} is no noun phrase"
    kinds = [r.kind for r in sheet.readings(col)]
    if "mark" in kinds or not kinds:
        return f"no_attribute: {path[-1]!r} holds marks"
    numeric = sheet.numeric(col) and not _years(sheet, col)
    texts = [r.text for r in sheet.readings(col) if r.kind == "text"]
    if sum(bool(re.fullmatch(r"[\d.,%]+(?:\s+[\d.,%]+)+", t)) for t in texts) * 2 > len(texts) > 0:
        return f"wrong_grain: several numbers in one cell of {path[-1]!r}"
    if not numeric and not _years(sheet, col) and "number" in kinds and 3 * kinds.count("number") > len(kinds):
        return f"wrong_grain: {path[-1]!r} mixes numbers and words"
    if parts[0] in ("gold", "silver", "bronze"):
        parts[0] = f"number of {parts[0]} medals"
    phrase = parts[0] if len(path) == 1 or parts[1] is None else _two_level(parts[0], parts[1])
    dated = [k for k in kinds if k != "missing"]
    if (_years(sheet, col) or set(dated) == {"date"}) and not re.search(r"\b(?:year|date|day|since)\b", phrase):
        phrase = f"{'year' if _years(sheet, col) else 'date'} of the {phrase}"
    if numeric and unit is None and _counted(sheet, col, phrase):
        phrase = f"number of {phrase}"
    if numeric and unit is None and _graded(sheet, phrase):
        phrase = f"{phrase} score"
    kind = kind_of(sheet).kind
    if kind and " " not in phrase and f"{kind} {phrase}" in (sheet.element.caption or "").lower():
        phrase = f"{kind} {phrase}"
    elif " " not in phrase and texts:
        phrase = _in_full(sheet, path[-1], phrase)
    if kind and normal(phrase) == normal(kind):
        return f"no_attribute: {path[-1]!r} names the rows again"
    return Attribute(col, phrase, unit, scale, numeric)


def _graded(sheet: Sheet, phrase: str) -> bool:
    """Whether a column grades what its header names, `clarity`: the table evaluates, and the header is no measure."""
    return (
        re.search(r"\b(?:evaluation|performances?|assessment|ratings?)\b", sheet.element.caption or "", re.IGNORECASE)
        is not None
        and re.search(r"(?:ness|ity|ion|ing|ence|ance)$", phrase) is not None
        and not phrase.startswith(("number", "percentage", "average"))
        and not measure.find_all(phrase)
    )


def _in_full(sheet: Sheet, label: str, phrase: str) -> str:
    """`resource` as `resource availability`, where the caption says so and no other column is called that."""
    headers = {path[-1].casefold() for path in sheet.header.paths if path}
    nouns = re.findall(
        rf"\b{re.escape(label)} ([a-z]{{4,}}(?:ty|ion|ment|ness|type|level|class|status|size|name))\b",
        sheet.element.caption or "",
        re.IGNORECASE,
    )
    free = {noun.lower() for noun in nouns if f"{label} {noun}".casefold() not in headers}
    return f"{phrase} {free.pop()}" if len(free) == 1 else phrase


def _counted(sheet: Sheet, col: int, phrase: str) -> bool:
    """Whether a column counts what its header names in the plural: `known moons`, `laps`."""
    last = phrase.rsplit(maxsplit=1)[-1]
    if phrase.startswith(("number", "total", "average")) or quantity.is_measure(phrase) or singular(last) == last:
        return False
    values = [r.value for r in sheet.readings(col) if r.value is not None and r.kind == "number"]
    return all(v.decimals == 0 and v.unit is None and v.number is not None and v.number >= 0 for v in values)


def _years(sheet: Sheet, col: int) -> bool:
    """A column whose numbers are all years."""
    numbers = [r.text for r in sheet.readings(col) if r.kind == "number"]
    return bool(numbers) and all(re.fullmatch(r"1[5-9]\d\d|20\d\d", t) for t in numbers)


def _from_unit(caption: str, unit: str) -> str | None:
    """The name of a column that prints only its unit: `$USD / 1K Input Tokens` under `The price of ...`."""
    noun = re.search(r"\b(price|cost|fee|speed|throughput|latency|salary|rent)s?\b", caption, re.IGNORECASE)
    if noun is None or "/" not in unit:
        return noun[1].lower() if noun else None
    return f"{noun[1].lower()} of {plural(re.sub(r'^[0-9]+ ', '', unit.split('/', 1)[1]))}"


def _two_level(inner: str, outer: str) -> str:
    """Spanning header and header as one phrase."""
    if normal(outer) in {normal(w) for w in inner.split()} or normal(outer) in normal(inner):
        return inner
    return f"{outer} {inner}" if inner in ("maximum", "minimum", "average", "total") else f"{inner} of {outer}"


def facts(sheet: Sheet, document: str, kind: str) -> Iterator[Fact]:
    """One fact for each cell of an attribute that says something."""
    found, _ = attributes(sheet)
    named = names(sheet)
    listed = set_phrase(kind, "listed", selected(sheet, kind))
    period = _period(sheet)
    for row in sheet.rows:
        if row.role != "data" or not named.get(row.index) or row.mean:
            continue
        for attribute in found:
            value = _value(sheet.reading(row.index, attribute.col), attribute)
            if value is not None:
                yield _fact(
                    sheet, document, row, attribute, value, Subject(name=named[row.index], kind=kind), listed, period
                )


def _period(sheet: Sheet) -> str | None:
    """The one period that the caption names: `as of June 25, 2022`."""
    hits = {
        p
        for m in re.finditer(
            r"\b(?:as of|in|for|during) ((?:fiscal )?(?:[A-Z][a-z]+ \d{1,2}, )?\d{4})\b", sheet.context
        )
        if (p := parse_period(m[0] if "as of" in m[0] else m[1]))
    }
    return hits.pop() if len(hits) == 1 else None


def _value(reading: Reading, attribute: Attribute) -> Value | None:
    value = reading.value
    if value is None or (value.kind == "text" and not _sayable(value.text)):
        return None
    if attribute.numeric:
        if value.kind != "number":
            return None
        return value.model_copy(update={"unit": value.unit or attribute.unit, "scale": value.scale or attribute.scale})
    if value.kind == "number":
        year = re.fullmatch(r"\d{4}", value.text)
        return Value(kind="date", text=value.text, date=value.text) if year else None
    if value.kind == "text":
        return value.model_copy(update={"text": without_citation(value.text)})
    return value


def _sayable(text: str) -> bool:
    """A text that can be an answer: a few words, a name or a code, no formula."""
    if re.search(r"[∗θ→ˆ{}\\^=]|\b\w \w \w\b", text):
        return False
    return len(text.split()) <= 12 and bool(re.search(r"[^\W\d_]{2}|\d", text))


def _fact(
    sheet: Sheet,
    document: str,
    row: RowView,
    attribute: Attribute,
    value: Value,
    subject: Subject,
    listed: str,
    period: str | None,
) -> Fact:
    qualifiers = Qualifiers(period=period, period_text=spoken_period(period)) if period else Qualifiers()
    return Fact(
        id=sheet.fact_id(row.index, attribute.col, attribute.phrase),
        document=document,
        subject=subject,
        shape="entities",
        quantity=attribute.phrase,
        qualifiers=qualifiers,
        value=value,
        supports=sheet.supports(row, attribute.col, subject=True),
        role=measure.role_of(attribute.phrase),
        additive=value.kind == "number" and measure.is_additive(attribute.phrase, value.unit),
        group=row.groups[-1] if row.groups else None,
        set=listed,
        better=measure.better_of(attribute.phrase) if value.kind == "number" else None,
    )
