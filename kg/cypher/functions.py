"""Functions of the portable subset. Each gives null for null, and refuses a value of another type by name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from kg.cypher.operators import INTEGERS, kind, number_text


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    """As it is written in documentation and messages."""
    least: int
    most: int | None
    """Number of arguments; None: any number."""
    compute: Callable[..., Any]
    aggregate: bool = False


SPACE: Final = "".join(c for k in range(0x3001) if (c := chr(k)).isspace() and c not in "\x85\xa0\u2007\u202f")
"""Characters that trim() takes away: whitespace that may break a line, as in Java."""
DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""What toInteger() reads."""
FLOAT: Final = re.compile(rf"({DECIMAL.pattern})[dDfF]?|([+-]?(?:NaN|Infinity))", re.ASCII)
"""What toFloat() reads."""
EVEN: Final = 2.0**52
"""From here on every float is a whole number."""
MOST_MEMBERS: Final = 1_000_000
"""Numbers of a range()."""
MOST_PLACES: Final = 12
"""Decimals that round() looks at: a float of fewer digits before the point has no more that mean anything."""


def _of_string(name: str, operation: Callable[[str], Any]) -> Function:
    def compute(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(f"{name}() needs a string, not a {kind(value)}")
        return operation(value)

    return Function(name, 1, 1, compute)


def _of_number(name: str, operation: Callable[[Any], Any]) -> Function:
    def compute(value: Any) -> Any:
        if value is None:
            return None
        if kind(value) != "number":
            raise TypeError(f"{name}() needs a number, not a {kind(value)}")
        return operation(value)

    return Function(name, 1, 1, compute)


def _size(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, str | list | tuple):
        raise TypeError(f"size() needs a string or a list, not a {kind(value)}")
    return len(value)


def _round(value: Any, places: Any = 0) -> float | None:
    """Half up without places, half away from zero with places, as in Neo4j."""
    from decimal import ROUND_HALF_UP, Decimal

    if value is None or places is None:
        return None
    if kind(value) != "number" or kind(places) != "number":
        raise TypeError(f"round() needs a number and a number of places, not a {kind(value)} and a {kind(places)}")
    if places < 0:
        raise TypeError("round() needs a number of places of at least 0")
    if not math.isfinite(value) or (abs(value) >= EVEN and places >= 1):
        return float(value)
    if places < 1:
        return float(_saturated(value)) if abs(value) >= EVEN else _half_up(value)
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-min(int(places), MOST_PLACES)), ROUND_HALF_UP))


def _half_up(value: float) -> float:
    """Without the rounding of `value + 0.5`."""
    below = math.floor(value)
    return float(below + (value - below >= 0.5))


def _saturated(value: float) -> int:
    """The whole number towards zero, the nearest of 64 bits; NaN is 0."""
    if math.isnan(value):
        return 0
    return INTEGERS[0] if value < INTEGERS[0] else INTEGERS[-1] if value > INTEGERS[-1] else math.trunc(value)


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _to_integer(value: Any) -> int | None:
    if value is None or isinstance(value, int):
        return None if value is None else int(value)
    if kind(value) not in ("number", "string"):
        raise TypeError(f"toInteger() needs a number or a string, not a {kind(value)}")
    if isinstance(value, float):
        return _saturated(value)
    if not DECIMAL.fullmatch(value):
        return None
    whole = int(value) if value.lstrip("+-").isdigit() else math.trunc(float(value))
    if whole not in INTEGERS:
        raise OverflowError(f"toInteger() of '{value}' leaves the whole numbers of 64 bits")
    return whole


def _to_float(value: Any) -> float | None:
    if value is None:
        return None
    if kind(value) not in ("number", "string"):
        raise TypeError(f"toFloat() needs a number or a string, not a {kind(value)}")
    if not isinstance(value, str):
        return float(value)
    found = FLOAT.fullmatch(value.strip(SPACE))
    return None if found is None else float(found[1] or found[2])


def _to_string(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind(value) != "number":
        raise TypeError(f"toString() needs a string, number or boolean, not a {kind(value)}")
    return number_text(value)


def _head(value: Any) -> Any:
    if value is not None and not isinstance(value, list | tuple):
        raise TypeError(f"head() needs a list, not a {kind(value)}")
    return value[0] if value else None


def _last(value: Any) -> Any:
    if value is not None and not isinstance(value, list | tuple):
        raise TypeError(f"last() needs a list, not a {kind(value)}")
    return value[-1] if value else None


def _range(start: Any, end: Any, step: Any = 1) -> list[int] | None:
    """Both ends included."""
    if start is None or end is None or step is None:
        return None
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in (start, end, step)):
        raise TypeError("range() needs whole numbers")
    if step == 0:
        raise TypeError("range() needs a step other than 0")
    found = range(start, end + (1 if step > 0 else -1), step)
    if len(found) > MOST_MEMBERS:
        raise OverflowError(f"range() of more than {MOST_MEMBERS:,} numbers")
    return list(found)


SCALAR: Final = (
    _of_string("toLower", str.lower),
    _of_string("toUpper", str.upper),
    _of_string("trim", lambda text: text.strip(SPACE)),
    _of_string("lTrim", lambda text: text.lstrip(SPACE)),
    _of_string("rTrim", lambda text: text.rstrip(SPACE)),
    _of_number("abs", abs),
    _of_number("ceil", lambda x: math.copysign(math.ceil(x), x) if math.isfinite(x) else x),
    _of_number("floor", lambda x: float(math.floor(x)) if math.isfinite(x) else x),
    _of_number("sign", lambda x: (x > 0) - (x < 0)),
    _of_number("sqrt", lambda x: math.sqrt(x) if x >= 0 else math.nan),
    Function("round", 1, 2, _round),
    Function("size", 1, 1, _size),
    Function("head", 1, 1, _head),
    Function("last", 1, 1, _last),
    Function("coalesce", 1, None, _coalesce),
    Function("range", 2, 3, _range),
    Function("toInteger", 1, 1, _to_integer),
    Function("toFloat", 1, 1, _to_float),
    Function("toString", 1, 1, _to_string),
)

GRAPH: Final = {
    "type": ("type", "relationship"),
    "labels": ("labels", "node"),
    "length": ("length", "path"),
    "nodes": ("nodes", "path"),
    "relationships": ("relationships", "path"),
    "startnode": ("startNode", "relationship"),
    "endnode": ("endNode", "relationship"),
}
"""Functions of graph elements: lower-case name -> (written name, kind of the argument)."""


def _never(*_: Any) -> Any:
    raise AssertionError("aggregates are computed over groups of rows")


AGGREGATES: Final = tuple(
    Function(name, 1, 1, _never, aggregate=True) for name in ("count", "sum", "min", "max", "avg", "collect")
)

FUNCTIONS: Final[dict[str, Function]] = {function.name.lower(): function for function in (*SCALAR, *AGGREGATES)}
"""By lower-case name: Cypher does not distinguish case in function names."""

OF_ANYTHING: Final = ("coalesce",)
"""Functions of values that take graph elements, too."""


def written(name: str) -> str:
    """A function's name as documentation spells it."""
    return GRAPH[name][0] if name in GRAPH else FUNCTIONS[name].name


def unknown(name: str) -> str:
    """What to say of a function that is not in the portable subset."""
    if name in INSTEAD:
        return f"{name}() is not in the portable subset; {INSTEAD[name]}"
    known = [*FUNCTIONS, *GRAPH]
    close = get_close_matches(name, known, n=1)
    hint = f"; did you mean {written(close[0])}()?" if close else ""
    return f"unknown function {name}(){hint or ' (known: ' + ', '.join(sorted(map(written, known))) + ')'}"


INSTEAD: Final = {
    "id": "write n.id: the id that kgmine gives every node and relationship",
    "elementid": "write n.id: the id that kgmine gives every node and relationship",
    "rand": "drawing is the sampler's work: kgmine sample --seed",
    "random": "drawing is the sampler's work: kgmine sample --seed",
    "substring": "strings start at 0 in one engine and at 1 in another; write STARTS WITH, ENDS WITH or CONTAINS",
    "exists": "write `n.property IS NOT NULL`, or EXISTS { MATCH … }",
    "properties": "name the properties that you want",
    "keys": "name the properties that you want",
    "shortestpath": "write the lengths, e.g. -[:T*1..3]->",
    "stdev": "compute it in `derive: sql`",
    "percentilecont": "compute it in `derive: sql`",
    "reduce": "compute it in `derive: sql`",
    "tolowercase": "write toLower()",
    "lower": "write toLower()",
    "upper": "write toUpper()",
    "len": "write size()",
    "char_length": "write size()",
    "character_length": "write size()",
    "isempty": "write size(x) = 0",
    "nullif": "write CASE WHEN a = b THEN null ELSE a END",
    "btrim": "write trim()",
    "toboolean": "write CASE toLower(x) WHEN 'true' THEN true WHEN 'false' THEN false END",
    **dict.fromkeys(("left", "right"), "write STARTS WITH or ENDS WITH"),
    **dict.fromkeys(("replace", "split", "reverse", "normalize"), "compute it in `derive: sql`"),
    "tail": "write head(), last(), or a condition on each member: any(x IN list WHERE …)",
    **dict.fromkeys(("exp", "log", "log10", "pi", "e", "sin", "cos", "tan", "isnan"), "compute it in `derive: sympy`"),
    **dict.fromkeys(
        ("time", "localdatetime", "localtime", "duration", "timestamp"),
        "dates are ISO strings: compare them as strings",
    ),
    "randomuuid": "drawing is the sampler's work: kgmine sample --seed",
    **dict.fromkeys(("stdevp", "percentiledisc"), "compute it in `derive: sql`"),
    "average": "write avg()",
    "datetime": "dates are ISO strings: compare them as strings",
    "date": "dates are ISO strings: compare them as strings",
}
"""What to write instead of a function that is not in the portable subset."""
