"""Statements: quantities x periods. The subject is the document's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from extraction.tables import measure, quantity
from extraction.tables import scale as scales
from extraction.tables.phrase import noun_phrase
from extraction.tables.rows import RowView
from extraction.tables.sheet import Sheet
from kg.values.name import normal, plural
from kg.values.period import end_of, is_instant, parse_period, spoken_period
from kg.values.unit import is_currency
from schemas.fact import Fact, Qualifiers, Subject, Value

_PER: Final = re.compile(
    r"\bper\s+(?:common\s+|diluted\s+|basic\s+|ordinary\s+)?(?:share|unit|rsu|ads|employee)\b", re.IGNORECASE
)
_SHARES: Final = re.compile(r"\b(?:shares|rsus|stock units|options|warrants|stock outstanding)\b", re.IGNORECASE)
_RATE: Final = re.compile(
    r"\b(?:percentage|percent|rate|ratio|multiple|times)\b|\bto (?:EBITDA|equity|assets|capital)\b|^%|%\s+(?:of"
    r"|change)|\(%\)|\((?:years|months|days)\)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"^(?:average |total )?(?:number of|employees|headcount|stores|customers|subscribers|countries)\b", re.IGNORECASE
)
_CHANGE: Final = re.compile(r"\b(?:change|variance|growth|increase|decrease|vs\.?)\b|%|\bbps\b", re.IGNORECASE)
_OF_PERIOD: Final = re.compile(
    r"\b(?:during the (?:period|year|quarter)|(?:beginning|end) of (?:the )?(?:period|year|quarter))\b", re.IGNORECASE
)
_EITHER: Final = re.compile(
    r"^(?P<a>.*\w)\s*/?\s*\((?:accumulated deficit|deficit|loss(?:es)?|expenses?|benefit|used in|repayments of|decrease"
    r"|provision)\)(?P<rest>.*)$",
    re.IGNORECASE,
)
_PERIOD_LABEL: Final = re.compile(r"\b(?:months|weeks|year|quarter)s? end(?:ed|ing)\b", re.IGNORECASE)
_BEGINNING: Final = re.compile(
    r"^(?:beginning|opening)\b|\b(?:at|,) (?:the )?beginning of (?:the )?(?:period|year|quarter)$", re.IGNORECASE
)
_ENDING: Final = re.compile(
    r"^(?:ending|closing) (?:balances? of )?(?P<a>\S.*)$"
    r"|^(?P<b>\S.*?),? at (?:the )?end of (?:the )?(?:period|year|quarter)$",
    re.IGNORECASE,
)
_FLOW: Final = re.compile(
    r"(?:total |net |gross |basic |diluted |operating |cost of |adjusted |underlying )*"
    r"(?:sales|revenues?|income|earnings|profit|loss|ebitda|cash (?:used|provided|generated))\b"
    r"(?! (?:tax(?:es)? )?(?:payable|receivable)| tax assets)",
    re.IGNORECASE,
)
"""Quantities of a period, never of a day: under a bare date nobody knows which period is meant."""
_AS_PERCENTAGE: Final = re.compile(
    r"(?:expressed\s+)?as\s+a\s+(?:percentage|percent|%)\s+of\s+(?:our\s+)?((?:total\s+|net\s+)*(?:revenues?|sales))",
    re.IGNORECASE,
)


_AMOUNTS_OF: Final = re.compile(
    r"\bthe ((?:gross |net )?(?:notional|carrying|fair|principal) (?:amounts?|values?)) of [^.;:]*"
    r"\b(?:were|was|are|is) as follows",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Periods of the columns of a statement: column -> normal period; the others are no values of a period."""

    periods: Mapping[int, str]
    skipped: Mapping[int, str]


def columns(sheet: Sheet) -> Columns:
    """Which columns are periods."""
    periods: dict[int, str] = {}
    skipped: dict[int, str] = {}
    for col in sheet.value_columns:
        path = sheet.path(col)
        found = parse_period(path) if path else None
        if found is None or not sheet.numeric(col):
            skipped[col] = "change column" if _CHANGE.search(" ".join(path)) else "no period"
        else:
            periods[col] = _as_duration(found, sheet)
    return Columns(_one_duration(periods), skipped)


def _one_duration(periods: dict[int, str]) -> dict[int, str]:
    """`April 30 | Three Months Ended January 29 | May 1`: a duration centred over bare dates holds for all of them."""
    durations = [p for p in periods.values() if p.startswith("P")]
    instants = [c for c, p in periods.items() if is_instant(p)]
    if len(durations) != 1 or len(instants) < 2 or len(instants) + 1 != len(periods):
        return periods
    length = durations[0].split("/")[0]
    return {c: f"{length}/{p}" if c in instants else p for c, p in periods.items()}


def is_statement(sheet: Sheet) -> bool:
    """Periods over the columns: at least one, and nearly all others are changes between them or words."""
    found = columns(sheet)
    others = [c for c, why in found.skipped.items() if why == "no period" and sheet.numeric(c)]
    if not found.periods or len(others) > len(found.periods):
        return False
    labels = [r.label for r in sheet.data]
    years = all(len(p) == 4 for p in found.periods.values())
    words = sum(bool(re.search(r"[^\W\d_]{2}", label)) for label in labels)
    return bool(labels) and 2 * words >= len(labels) and not (years and sheet.element.caption and _is_listing(sheet))


def _is_listing(sheet: Sheet) -> bool:
    return bool(re.match(r"^(?:nation|country|team|player|name|language|city)s?$", sheet.header.corner, re.IGNORECASE))


def _as_duration(period: str, sheet: Sheet) -> str:
    """A bare date under `for the three months ended June 25, 2022 and ...` means these three months."""
    if not is_instant(period) or not sheet.context or "ended" in " ".join(sheet.header.paths[sheet.key]).lower():
        return period
    named = durations(sheet.context)
    hits = {d for d in named if d.endswith("/" + period)}
    as_of = re.search(r"\bas\s+of\b|\bat\b", sheet.context[-300:], re.IGNORECASE)
    return hits.pop() if len(hits) == 1 and not as_of else period


def durations(text: str) -> set[str]:
    """Durations that a text names with each of the dates that follow them: `three months ended A and B`."""
    found: set[str] = set()
    for match in re.finditer(
        r"((?:three|six|nine|twelve)[\s-]+months?|years?|quarters?|\w+[\s-]+weeks?)\s+ended\s+([^.;(:]{6,120})",
        text,
        re.IGNORECASE,
    ):
        for part in re.split(r"\s+and\s+|\s+to\s+", match[2]):
            if period := parse_period(f"{match[1]} ended {part.strip(' ,')}"):
                found.add(period)
    return found


def quantities(sheet: Sheet) -> dict[int, str | None]:
    """Row index -> noun phrase of data and total rows, None where the words do not stand on their own."""
    counts = Counter(normal(r.label) for r in sheet.rows if r.role in ("data", "total"))
    parts = _parts_of_totals(sheet)
    share, measured = percentage_of(sheet), measured_by(sheet)
    named: dict[int, str | None] = {}
    above: str | None = None
    for row in sheet.rows:
        if row.role not in ("data", "total"):
            continue
        if not row.label and not row.total_of:
            named[row.index] = None
            continue
        groups = _announced(sheet, row.groups) or parts.get(row.index, ())
        label = row.label
        if row.role == "total" and quantity.total_name(label) is None:
            label = _total_label(sheet, row)
        if groups == (_UNNAMED,):
            named[row.index] = None
            continue
        found = quantity.phrase(label, groups, sheet.vocabulary, repeated=counts[normal(row.label)] > 1, above=above)
        if found and share and " as a percentage of " not in found:
            found = None if normal(found) == normal(share) else f"{found} as a percentage of {share}"
        if found and not row.groups and row.index in parts:
            found = quantity.inside(found, parts[row.index][-1], sheet.vocabulary)
        if found and measured and measured not in found and row.role != "total":
            found = f"{measured} of {found}"
        named[row.index] = found
        above = found if found and " as a percentage of " not in found else above
    return _without_doubles(named)


def percentage_of(sheet: Sheet) -> str | None:
    """What all values are percentages of: the head says so, or a row is 100 % in every period and others are bare."""
    if found := _AS_PERCENTAGE.search(sheet.context):
        return found[1].lower()
    for row in sheet.rows:
        values = [v for c in columns(sheet).periods if (v := sheet.reading(row.index, c).value) is not None]
        if len(values) >= 1 and all(v.number == 100 and v.unit == "%" for v in values):
            return noun_phrase(row.label, sheet.vocabulary)
    return None


def measured_by(sheet: Sheet) -> str | None:
    """Which amount of its rows a table shows: `The notional amounts of our derivatives were as follows`."""
    found = _AMOUNTS_OF.search(sheet.context)
    return found[1].lower().removesuffix("s") if found else None


_UNNAMED: Final = "\x00"


def _parts_of_totals(sheet: Sheet) -> dict[int, tuple[str, ...]]:
    """Rows without a group that a named total sums: the total's name is their group. Under a bare `Total` they are
    parts of something that only the head can name; where it does not, they say nothing.
    """
    announced = quantity.named_by(sheet.context)
    found: dict[int, tuple[str, ...]] = {}
    for row in sheet.rows:
        if row.role != "total" or not (row.label or row.total_of):
            continue
        name = quantity.total_name(row.label)
        if name is not None and announced and normal(announced.split(" by ")[0]) == normal(name):
            name = announced
        bare = name is None
        name = name or announced or _UNNAMED
        loose = bare or quantity.is_expense(name)
        for member in row.total_of or (_all_before(sheet, row) if loose else ()):
            found.setdefault(member, (name,))
    return found


def _total_label(sheet: Sheet, row: RowView) -> str:
    """A bare `Total` with the name of what it sums: its group, or what the head announces."""
    announced = quantity.named_by(sheet.context)
    name = row.groups[-1] if row.groups else announced.split(" by ")[0] if announced else ""
    return f"Total {name}" if name and len(name.split()) <= 4 else row.label


def _all_before(sheet: Sheet, total: RowView) -> tuple[int, ...]:
    return tuple(r.index for r in sheet.rows if r.index < total.index and r.role == "data" and not r.groups)


def _without_doubles(named: Mapping[int, str | None]) -> dict[int, str | None]:
    """Two rows with one phrase say nothing: neither is kept."""
    counts = Counter(normal(p) for p in named.values() if p)
    return {row: p if p and counts[normal(p)] == 1 else None for row, p in named.items()}


def facts(sheet: Sheet, document: str) -> Iterator[Fact]:
    """One fact for each number in a column of a period."""
    found = columns(sheet)
    named = quantities(sheet)
    currency = currency_of(sheet)
    for row in sheet.rows:
        phrase = named.get(row.index)
        if phrase is None:
            continue
        for col, period in found.periods.items():
            value = value_of(sheet, row, col, phrase, currency)
            if value is None or (said := balance(by_sign(phrase, value), period)) is None:
                continue
            flow = _OF_PERIOD.search(said[0]) or _FLOW.match(said[0])
            if not (flow and is_instant(said[1])):
                yield _fact(sheet, document, row, col, said[0], value, said[1])


def by_sign(phrase: str, value: Value) -> str:
    """What a positive number is of `income/(loss)` and `provided by (used in)`: the words outside the brackets."""
    either = _EITHER.match(phrase)
    if either is None or value.number is None or value.number <= 0:
        return phrase
    return f"{either['a']}{either['rest']}"


def balance(phrase: str, period: str) -> tuple[str, str] | None:
    """Quantity and period as they are said: a balance holds on a day, not in a period.

    `ending balance of retained earnings` in the three months ended June 25, 2022 -> `retained earnings` as of June 25,
    2022; of a beginning balance nobody prints the day: None.
    """
    if _BEGINNING.search(phrase):
        return None
    ending = _ENDING.match(phrase)
    if ending is None:
        return phrase, period
    day = end_of(period)
    return (ending["a"] or ending["b"], day) if is_instant(day) else None


def _fact(sheet: Sheet, document: str, row: RowView, col: int, phrase: str, value: Value, period: str) -> Fact:
    return Fact(
        id=sheet.fact_id(row.index, col, phrase),
        document=document,
        subject=Subject(),
        shape="statement",
        quantity=phrase,
        qualifiers=Qualifiers(period=period, period_text=spoken_period(period)),
        value=value,
        supports=sheet.supports(row, col),
        role="total" if row.role == "total" else "mean" if row.mean else measure.role_of(phrase),
        additive=measure.is_additive(phrase, value.unit),
        group=group_of(sheet, row),
        set=set_of(sheet, row),
    )


def group_of(sheet: Sheet, row: RowView) -> str | None:
    """The group that a row stands in, by the words of the head where these say by what it is parted; no period is one.

    `Revenue:` under `revenue by geographic regions` -> `revenue by geographic regions`.
    """
    group = _announced(sheet, row.groups)[-1:]
    return None if not group or _PERIOD_LABEL.search(group[0]) else group[0]


def _announced(sheet: Sheet, groups: tuple[str, ...]) -> tuple[str, ...]:
    """Groups of a row, the innermost by the words of the head where these say by what it is parted."""
    named = quantity.named_by(sheet.context) if groups else None
    return (*groups[:-1], named) if named and normal(named.split(" by ")[0]) == normal(groups[-1]) else groups


def set_of(sheet: Sheet, row: RowView) -> str | None:
    """The closed set that the row is a member of: the rows that a total sums, named by the group or by the total."""
    for total in sheet.rows:
        if total.role != "total" or row.index not in total.total_of:
            continue
        announced = quantity.named_by(sheet.context)
        name = row.groups[-1] if row.groups else quantity.total_name(total.label) or announced
        if name and announced and normal(announced.split(" by ")[0]) == normal(name):
            name = announced
        if name and " by " in name:
            return plural(name.split(" by ", 1)[1].lower())
        phrase = noun_phrase(name, sheet.vocabulary) if name else None
        return f"components of {phrase}" if phrase else None
    return None


def currency_of(sheet: Sheet) -> str | None:
    """The currency of bare numbers: what the scale line says, else the one that cells print."""
    if sheet.scale and sheet.scale.unit:
        return sheet.scale.unit
    printed = Counter(
        r.value.unit
        for row in sheet.rows
        for c in sheet.value_columns
        if (r := sheet.reading(row.index, c)).value and is_currency(r.value.unit)
    )
    return printed.most_common(1)[0][0] if printed else None


def value_of(sheet: Sheet, row: RowView, col: int, phrase: str, currency: str | None) -> Value | None:
    """The number of a cell; unit and scale from cell, label, row, column header, scale line. None for no number."""
    value = sheet.reading(row.index, col).value
    if value is None or value.kind != "number":
        return None
    unit, scale, certain = value.unit, value.scale, bool(value.scale)
    label, label_unit, label_scale = scales.of_header(row.label)
    _, head_unit, head_scale = scales.of_header(sheet.path(col)[-1]) if sheet.path(col) else ("", None, 0)
    if unit is None:
        unit = label_unit or head_unit or _row_unit(sheet, row)
    if not certain and (label_scale or head_scale):
        scale, certain = label_scale or head_scale, True
    if unit is None:
        unit = _implied(phrase, currency)
    if unit == "share" and value.unit is None and not certain:
        line = sheet.scale
        scale, certain = (line.shares if line and line.shares is not None else line.scale if line else 0), True
    if is_currency(unit) and not certain and not _PER.search(f"{label} {phrase}"):
        scale = sheet.scale.scale if sheet.scale else 0
    return value.model_copy(update={"unit": unit, "scale": scale, "number": Decimal(value.number or 0)})


def _row_unit(sheet: Sheet, row: RowView) -> str | None:
    """Per cent or currency printed in another cell of the row, where the row prints just one."""
    printed = {
        r.value.unit for c in columns(sheet).periods if (r := sheet.reading(row.index, c)).value and r.value.unit
    }
    return printed.pop() if len(printed) == 1 else None


def _implied(phrase: str, currency: str | None) -> str | None:
    """The unit of a bare number from the words of its quantity."""
    if " as a percentage of " in phrase:
        return "%"
    bare = re.sub(r"(?:used in )?(?:computing )?(?:earnings )?per share(?: computation)?$", "", phrase)
    counted = re.match(r"(?:basic |diluted |weighted|number|shares|rsu)", phrase, re.IGNORECASE)
    if counted and _SHARES.search(phrase) and not _PER.search(bare):
        return "share"
    if re.match(r"(?:effect of dilutive|dilutive (?:impact|effect))", phrase, re.IGNORECASE):
        return "share"
    if _RATE.search(phrase) or _COUNTED.search(phrase):
        return None
    return currency


def scale_unknown(sheet: Sheet, scaled_document: bool) -> bool:
    """Money without any word on its scale, in a document whose other tables state one: nobody knows what is meant."""
    return sheet.scale is None and scaled_document and currency_of(sheet) is not None
