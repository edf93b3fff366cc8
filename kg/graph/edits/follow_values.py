"""What follows from a corrected text or number: the facts whose value stands there, and a fact's own number and text.

    a cell's text      its number, unit and scale are read again; the text of its table; the facts whose value it is
    a cell's number    its text, spelled as before
    a chunk's text     spans of facts, mentions and references move with their words; a value that was corrected within
                       its words is the fact's new value; a span that cannot be told any more goes, and with it the
                       fact whose value stood there
    a fact             of text, exact number and number the first that an edit gives decides the others

A value that is read again keeps unit and scale where the new text prints none. A text that is no number any more makes
the fact one of text; one that says that there is no value takes the fact away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any, Final

from kg.graph import model
from kg.graph.edits.patch import Patch, Row
from kg.values import date as dates
from kg.values import number as numbers
from kg.values.name import normal
from kg.values.period import day_of, parse_period, spoken_period

Pins = dict[str, set[str]]
"""Id -> properties that an edit gives."""
SPANNED: Final = ("SUPPORTED_BY", "MENTIONS", "REFERS_TO", "CITES", "DEFINED_IN")
OWNER: Final = {"SUPPORTED_BY": model.END, "DEFINED_IN": model.END}
"""Type -> the end whose text its span counts; the source of all others."""
WORD: Final = re.compile(r"\d[\d.,]*\d|\w+|\s|.", re.DOTALL)
NUMBER: Final = re.compile(r"[-−–+]?(?:\d[\d,\u00a0\u2009\u202f ]*(?:\.\d+)?|\.\d+)")


def unpinned(pins: Pins, id_: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that no edit gives."""
    return {name: value for name, value in values.items() if name not in pins.get(id_, ())}


def is_value(edge: Row) -> bool:
    """Whether a SUPPORTED_BY edge leads to where the fact's value stands."""
    return edge.get("role") in ("value", None) or edge.get("position") == 0


def follow(patch: Patch, pins: Pins) -> tuple[str, ...]:
    """Bring facts in line with changed cells, chunks and formulas, and with what edits give themselves."""
    tables: set[str] = set()
    for old, row in list(patch.changed("Cell")):
        if old is not None and any(old.get(name) != row.get(name) for name in ("text", "number", "unit", "scale")):
            tables.add(str(row.get("table")))
            _cell(patch, pins, old, row)
    _table_texts(patch, pins, tables)
    for old, row in list(patch.changed("Chunk")):
        if old is not None and old.get("text") != row.get("text"):
            _chunk(patch, pins, str(old.get("text") or ""), row)
    for old, row in list(patch.changed("Formula")):
        if old is not None and old.get("text") != row.get("text"):
            patch.update(("Formula",), row["id"], unpinned(pins, row["id"], {"sympy": None, "target": None}))
    for old, row in list(patch.changed("Assertion")):
        if old is not None and pins.get(row["id"]):
            _fact(patch, pins, old, row)
    return ()


# Cells -------------------------------------------------------------------------------------------------------------


def _cell(patch: Patch, pins: Pins, old: Row, row: Row) -> None:
    given, values = pins.get(row["id"], set()), dict[str, Any]()
    if "text" in given and old.get("text") != row.get("text"):
        values = {"number": None, "unit": None, "scale": None} if row.get("header") else _amount(old, row)
    elif "number" in given and row.get("number") is not None:
        values = {"text": respelled(str(old.get("text") or ""), _decimal(row["number"]))}
    row = {**row, **unpinned(pins, row["id"], values)}
    patch.update(("Cell",), row["id"], row)
    for _, edge in patch.at([row["id"]], types=["SUPPORTED_BY"]):
        fact = patch.node(edge[model.START])
        if not is_value(edge) or fact is None:
            continue
        text = within(str(old.get("text") or ""), str(row.get("text") or ""), str(fact[1].get("text") or ""))
        again = _read_again(fact[1], text) if text is not None else None
        if again is None:
            if fact[1]["id"] not in pins:
                patch.drop(("Assertion",), fact[1]["id"])
            continue
        if given & {"unit", "scale"}:
            again |= {name: row[name] for name in ("unit", "scale") if name in given}
        _update_fact(patch, pins, fact[1], again)


def _amount(old: Row, row: Row) -> dict[str, Any]:
    value = numbers.parse(str(row.get("text") or ""))
    if value is None or value.number is None:
        return {"number": None, "unit": None, "scale": None}
    unit, scale = value.unit or old.get("unit"), value.scale or old.get("scale") or 0
    return {"number": float(value.number), "unit": unit, "scale": scale}


def _table_texts(patch: Patch, pins: Pins, tables: set[str]) -> None:
    """The text of a table is that of its cells."""
    before = Patch(patch.base)
    for id_ in sorted(tables):
        table = patch.node(id_)
        if table is not None and _grid_text(before.where(("Cell",), "table", [id_])) == table[1].get("text"):
            text = _grid_text(patch.where(("Cell",), "table", [id_]))
            patch.update(("Table",), id_, unpinned(pins, id_, {"text": text}))


def _grid_text(cells: list[Row]) -> str:
    """Cells joined by tabs, rows by line ends, as readers write a table's text."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(cells, key=lambda c: (c.get("row") or 0, c.get("col") or 0)):
        rows.setdefault(cell.get("row") or 0, []).append(str(cell.get("text") or ""))
    return "\n".join("\t".join(rows[row]) for row in sorted(rows))


def within(old: str, new: str, part: str) -> str | None:
    """What became of a part of a text; None where that cannot be told."""
    if old.strip() == part or not part:
        return new.strip()
    at = old.find(part)
    if at < 0 or old.count(part) > 1:
        return None
    span = shifted(old, new, (at, at + len(part)))
    return new[span[0] : span[1]] if span else None


# Chunks ------------------------------------------------------------------------------------------------------------


def _chunk(patch: Patch, pins: Pins, old: str, row: Row) -> None:
    new = str(row.get("text") or "")
    for key, edge in patch.at([row["id"]], types=SPANNED):
        start, end = edge.get("span_start"), edge.get("span_end")
        if edge[OWNER.get(key[0], model.START)] != row["id"] or start is None or end is None:
            continue
        span = shifted(old, new, (start, end))
        fact = patch.node(edge[model.START]) if key[0] == "SUPPORTED_BY" and is_value(edge) else None
        values = _read_again(fact[1], new[span[0] : span[1]].strip()) if fact and span else None
        if span is not None and new[span[0] : span[1]] == old[start:end]:
            values = {}
        if span is None or (fact and values is None):
            # A name, a reference or a value that is not there any more is no edge.
            patch.drop(key, edge["id"])
            continue
        patch.update(key, edge["id"], unpinned(pins, edge["id"], {"span_start": span[0], "span_end": span[1]}))
        if fact and values:
            _update_fact(patch, pins, fact[1], values)


def shifted(old: str, new: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """Where the words of a span stand after a change; None where that cannot be told.

    The two texts are aligned word by word. A span that begins and ends with words that are there still, or with words
    that others replace, moves with them; one that the change cuts is looked for by its words, which must stand there
    once.
    """
    blocks = list(_aligned(old, new))
    start = next(
        (j1 + span[0] - i1 for i1, i2, j1, _, same in blocks if i1 <= span[0] < i2 and (same or span[0] == i1)), None
    )
    end = next(
        (j2 + span[1] - i2 for i1, i2, _, j2, same in blocks if i1 < span[1] <= i2 and (same or span[1] == i2)), None
    )
    if start is not None and end is not None and start < end:
        return start, end
    found = list(re.finditer(rf"(?<!\w){re.escape(old[span[0] : span[1]])}(?!\w)", new))
    return found[0].span() if len(found) == 1 else None


def _aligned(old: str, new: str) -> Iterator[tuple[int, int, int, int, bool]]:
    """(begin, end) in the old text, (begin, end) in the new one, and whether the words there are the same."""
    words, others = WORD.findall(old), WORD.findall(new)
    at, there = (list(accumulate(map(len, found), initial=0)) for found in (words, others))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        yield at[i1], at[i2], there[j1], there[j2], tag == "equal"


# Facts -------------------------------------------------------------------------------------------------------------


def _read_again(fact: Row, text: str) -> dict[str, Any] | None:
    """Properties of a fact whose value is printed otherwise; None where it says that there is no value."""
    if numbers.is_missing(text) or not normal(text):
        return None
    none = {"number": None, "exact": None, "unit": None, "scale": 0, "decimals": 0, "date": None}
    if fact.get("kind") == "number" and (value := numbers.parse(text)) and value.number is not None:
        return {
            "text": text,
            "number": float(value.number),
            "exact": format(value.number, "f"),
            "unit": value.unit or fact.get("unit"),
            "scale": value.scale or fact.get("scale") or 0,
            "decimals": value.decimals,
        }
    if fact.get("kind") == "date" and (iso := dates.parse(text)):
        return {"text": text, "date": iso}
    if fact.get("kind") in ("number", "date"):
        return {"text": text, "kind": "text", **none}
    return {"text": text}


def _update_fact(patch: Patch, pins: Pins, fact: Row, values: Mapping[str, Any]) -> None:
    given = unpinned(pins, fact["id"], values)
    patch.update(("Assertion",), fact["id"], given)
    if "text" in given and given["text"] != fact.get("text"):
        _objects(patch, pins, fact["id"], str(given["text"]))


def _objects(patch: Patch, pins: Pins, fact: str, text: str) -> None:
    """The entity that a fact's value is: another one, where the value was corrected."""
    mine = [(key, edge) for key, edge in patch.at([fact], types=["OBJECT"]) if edge["id"] not in pins]
    for key, edge in mine:
        entity = patch.node(edge[model.END])
        names = (entity[1].get("name"), *(entity[1].get("aliases") or ())) if entity else ()
        if normal(text) in {normal(name) for name in names if name}:
            continue
        others = patch.where(("Entity",), "name", [text])
        patch.drop(key, edge["id"])
        if len(others) == 1:
            patch.put(key, {**edge, model.END: others[0]["id"], "provenance": model.USER})


def _fact(patch: Patch, pins: Pins, old: Row, row: Row) -> None:
    """A fact that an edit changed: its number, text, date and period say the same again."""
    given, values = pins[row["id"]], dict[str, Any]()
    changed = {name for name in given if old.get(name) != row.get(name)}
    if "text" in changed and row.get("text"):
        values = _read_again(row, str(row["text"])) or {}
    elif "exact" in changed and (exact := _number(row.get("exact"))) is not None:
        values = _as_number(old, exact)
    elif "number" in changed and row.get("number") is not None:
        values = _as_number(old, _printed(_decimal(row["number"]), int(old.get("decimals") or 0)))
    elif "date" in changed and row.get("date") and "text" not in given:
        values = {"text": dates.spoken(str(row["date"]))}
    if "period" in changed:
        values |= {"period_day": day_of(row.get("period")), "period_text": _spoken(row.get("period"))}
    elif "period_text" in changed and (period := parse_period(_bare(str(row.get("period_text") or "")))):
        values |= {"period": period, "period_day": day_of(period)}
    _update_fact(patch, pins, row, values)
    if "text" in changed:
        _objects(patch, pins, row["id"], str(row.get("text") or ""))


def _as_number(old: Row, exact: Decimal) -> dict[str, Any]:
    digits = max(-int(exact.as_tuple().exponent), 0)
    text = respelled(str(old.get("text") or ""), exact)
    return {"number": float(exact), "exact": format(exact, "f"), "decimals": digits, "text": text, "kind": "number"}


def _number(text: object) -> Decimal | None:
    try:
        found = Decimal(str(text))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _decimal(number: float) -> Decimal:
    found = Decimal(repr(number))
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


def _printed(number: Decimal, places: int) -> Decimal:
    """With at least as many digits after the point as were printed."""
    return number.quantize(Decimal(1).scaleb(-places)) if -int(number.as_tuple().exponent) < places else number


def respelled(text: str, number: Decimal) -> str:
    """A printed number with another value: sign, thousands, currency and unit as before where that can be said.

    `$82,959` with 1200 is `$1,200`; `(12)` with 5 is `5`, with -5 it is `(5)`.
    """
    plain = numbers.format_number(number) if "," in text or abs(number) >= 10_000 else format(number, "f")
    found = NUMBER.search(text)
    if found is None:
        return plain
    tried = [text[: found.start()] + plain + text[found.end() :]]
    tried += [
        text[: found.start()] + plain.lstrip("-") + text[found.end() :],
        tried[0].replace("(", "").replace(")", ""),
    ]
    old = numbers.parse(text)
    for candidate in tried:
        value = numbers.parse(candidate)
        if value and old and (value.number, value.unit, value.scale) == (number, old.unit, old.scale):
            return candidate
    return plain


def _spoken(period: object) -> str | None:
    try:
        return spoken_period(str(period)) if period else None
    except ValueError:
        return None


def _bare(text: str) -> str:
    """A period without its preposition."""
    return re.sub(r"^(?:in|on|as of|for|at|during)(?: the)? ", "", text.strip())
