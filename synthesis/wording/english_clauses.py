"""English clauses that follow a noun phrase: period, condition, scope, a given value."""

from __future__ import annotations

import re
from typing import Final

from synthesis.wording import Slot, english_nouns, english_values, sibling

QUARTER: Final = re.compile(r"\bthree months ended\b")
OPENING: Final = re.compile(r"^(?:in|as of|at|for|during|on|over|throughout)\s+", re.IGNORECASE)


def trailing(text: str | None, *, preposition: str = "") -> str:
    """A clause with its leading space; empty where there is nothing to say."""
    text = " ".join((text or "").split())
    if not text:
        return ""
    opened = text.split()[0].lower() in english_nouns.PREPOSITIONS
    return f" {text}" if opened or not preposition else f" {preposition} {text}"


def conditioned(condition: str) -> str:
    """The clause of a condition as people say it: ` on DL19`, ` in all aircraft`."""
    return trailing(sibling(condition, "condition_text") or members(condition))


def before(first: str, second: str) -> str:
    """The first of two conditions that are named one after the other: what both end with comes with the second.

    ` on Easy`, where ` than on Hard in the final round` follows.
    """
    one, two = conditioned(first).split(), conditioned(second).split()
    shared = _shared_end(one, two)
    return trailing(" ".join(one[: len(one) - shared]))


def after(second: str, first: str) -> str:
    """The second of two conditions: without what both begin with, where they do not end alike."""
    one, two = conditioned(first).split(), conditioned(second).split()
    if _shared_end(one, two):
        return trailing(" ".join(two))
    same = 0
    while same < min(len(one), len(two)) and one[same] == two[same]:
        same += 1
    while same and two[same : same + 1] and two[same].lower() not in english_nouns.PREPOSITIONS:
        same -= 1
    return trailing(" ".join(two[same:] or two))


def _shared_end(one: list[str], two: list[str]) -> int:
    """Words of the longest common end that begins with a preposition and leaves something of both."""
    found = 0
    for size in range(1, min(len(one), len(two))):
        if one[-size:] != two[-size:]:
            break
        found = size if one[-size].lower() in english_nouns.PREPOSITIONS else found
    return found


def members(condition: str) -> str:
    """`language=Arabic; benchmark=DL19` -> `Arabic, DL19`."""
    return ", ".join(part.partition("=")[2].strip() or part.strip() for part in condition.split(";") if part.strip())


def when(period: str) -> str:
    """A period as people say it: three months of a company are a quarter."""
    text = " ".join(str(sibling(period, "period_text") or period).split())
    return QUARTER.sub("quarter ended", text)


def from_to(first: str, second: str) -> str:
    """`from the quarter ended June 26, 2021 to the quarter ended June 25, 2022`."""
    one, two = when(first), when(second)
    return f"from {OPENING.sub('', one)} to {OPENING.sub('', two)}"


def quoted(term: str) -> str:
    """A term that is asked about, in quotes."""
    return f"“{' '.join(term.split())}”"


def spoken(value: str) -> str:
    """A given value inside a question, with its unit: `19,604 million US dollars`, `Indo-European`."""
    node = value.node if isinstance(value, Slot) else None
    if not isinstance(value, Slot) or node is None:
        return value.strip().rstrip(".")
    if node.units is not None:
        unit = node.units.get(value.prop)
        if unit:
            return english_values.amount(english_values.grouped(value), unit, 0)
        return english_values.spoken_date(str(value)).strip().removesuffix(".0").rstrip(".")
    if node.get("kind") == "date" and node.get("date"):
        return english_values.spoken_date(str(node.get("date")))
    if node.get("kind") == "number":
        number = english_values.figure(str(node.get("text") or value), node.get("exact"))
        return english_values.amount(number, node.get("unit"), int(node.get("scale") or 0))
    return str(node.get("text") or value).strip().rstrip(".")
