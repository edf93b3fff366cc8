"""Values of forms: composite values are split by rules of form, never by domain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.values import date as dates
from kg.values import number as numbers
from kg.values.name import singular
from schemas.fact import Value

_MISSING: Final = re.compile(
    r"^(?:none|unknown|unk|n/?a|nil|[-–—/\s.]*|not (?:available|applicable|reported|specified|known)|on file|pending"
    r"|tbd|unspecified|other|see .*)$",
    re.IGNORECASE,
)
SELF_NAMING: Final = {"male": "sex", "female": "sex", "man": "sex", "woman": "sex"}
"""Values that say which attribute they are of."""
SUFFIXES: Final = {
    "agl": "above ground level", "msl": "above mean sea level", "amsl": "above mean sea level",
    "asl": "above sea level", "gross": "gross", "net": "net",
}  # fmt: skip
"""What may stand behind a unit, and how it is said."""
_TIME: Final = re.compile(
    r"^(?:(?:[01]\d|2[0-3])[0-5]\d|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,5})?$",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s*(?P<value>[^(),]+?)\s*\((?P<note>[^()]+)\)\s*(?:[,;]|$)")
_COUNTED: Final = re.compile(r"^(?P<count>\d{1,3}) (?P<kind>[A-Za-z][\w-]*(?: [A-Za-z][\w-]*)?)$")
_CODE: Final = re.compile(r"(?:^|\s+)\((?:[A-Z0-9]{2,5}|NONE)\)$")


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a composite, with what it says beside itself."""

    value: Value
    note: tuple[str, ...] = ()
    """Qualifiers in brackets or behind the unit, as printed."""
    attribute: str | None = None
    """The attribute that the value itself names: `sex` for `Male`."""
    counted: str | None = None
    """What a count counts: `fatal` of `3 Fatal, 1 Serious`."""


def is_missing(text: str) -> bool:
    """Whether a field says that nothing is known or there is nothing. Missing is not zero."""
    return bool(_MISSING.match(text.strip()))


def plain(text: str) -> Value:
    """A date, a number (with unit), yes or no, or the text itself without a code in brackets at its end."""
    text = text.strip()
    if text.lower() in ("yes", "no"):
        return Value(kind="boolean", text=text)
    iso = dates.parse(text)
    if iso is not None and (len(iso) > 4 or re.fullmatch(r"(?:1[89]|20)\d\d", text)):
        return Value(kind="date", text=text, date=iso)
    return numbers.parse(text) or Value(kind="text", text=_CODE.sub("", text).strip())


def as_text(text: str) -> Value:
    """A value that is a name whatever it looks like."""
    return Value(kind="text", text=text.strip())


def is_time(text: str) -> bool:
    """Whether a text is a time of day: `1730 EST`, `08:30`."""
    return bool(_TIME.match(text.strip()))


def measured(text: str) -> Part | None:
    """A number with its unit, and what stands behind it: `3861 Hours at time of accident`, `9000 ft agl`."""
    words = text.strip().split()
    for end in range(len(words), 0, -1):
        value = numbers.parse(" ".join(words[:end]))
        if value is None or value.number is None:
            continue
        rest = " ".join(words[end:])
        if not rest:
            return Part(value)
        if value.unit is None:
            return None
        if rest.lower() in SUFFIXES or re.match(r"(?:at|on|in|per|as of|since|from|before|after)\s\w", rest.lower()):
            return Part(value, note=(rest,))
        return None
    return None


def listed(text: str) -> tuple[Part, ...]:
    """`2319 hours (Total, all aircraft), 17 hours (Last 90 days)` -> its items; empty where it is no such list."""
    parts, end = [], 0
    for match in _LISTED.finditer(text):
        if match.start() != end:
            return ()
        end = match.end()
        value = numbers.parse(match["value"])
        if value is None:
            return ()
        parts.append(Part(value, note=tuple(n.strip() for n in match["note"].split(","))))
    return tuple(parts) if parts and end == len(text) else ()


def counted(text: str) -> tuple[Part, ...]:
    """`3 Fatal, 1 Serious` -> two counts; empty where it is no such list."""
    parts = []
    for item in re.split(r"[,;]\s*", text.strip()):
        match = _COUNTED.match(item)
        if match is None or numbers.parse(item) is not None:
            return ()
        value = Value(kind="number", text=match["count"], number=Decimal(match["count"]))
        parts.append(Part(value, counted=match["kind"]))
    return tuple(parts)


def split(text: str, joint: str, wanted: int) -> tuple[str, ...]:
    """The pieces of a value for a label with several parts; one piece where it does not split.

    `12/08/2007, 1730 EST` for `Date & Time`, `22°C / 17°C` for `Temperature/Dew Point`. Missing pieces are empty.
    """
    for separator in (" / ", "/", ", ") if joint == "/" else (", ", " / ", "; "):
        if separator == "/" and numbers.parse(text) is not None:
            continue
        padded = f"{text} " if text.endswith(separator.rstrip()) else text
        pieces = [p.strip() for p in padded.split(separator)]
        if len(pieces) == wanted:
            return tuple("" if is_missing(p) else p for p in pieces)
    return (text,)


def singular_of(noun: str) -> str:
    """`engines` -> `engine`: the label of one of the things that a plural label counts."""
    first, space, last = noun.rpartition(" ")
    return first + space + singular(last)
