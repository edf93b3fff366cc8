"""Cypher's values and operators with Neo4j's meaning. None is null; true, false and null form a three-valued logic."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

Truth = bool | None

INTEGERS: Final = range(-(2**63), 2**63)
"""Whole numbers have 64 bits; what leaves them is an error, as in Neo4j."""


def kind(value: Any) -> str:
    """Type of a value: null, boolean, number, string, list, or node, relationship, path by its Python class."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list | tuple) else type(value).__name__.lower()


def equal(a: Any, b: Any) -> Truth:
    """`a = b`: null where one is null, false across types, element by element for lists."""
    if a is None or b is None:
        return None
    if kind(a) != kind(b):
        return False
    if isinstance(a, list | tuple):
        if len(a) != len(b):
            return False
        parts = [equal(x, y) for x, y in zip(a, b, strict=True)]
        return False if False in parts else None if None in parts else True
    return bool(a == b)


def not_equal(a: Any, b: Any) -> Truth:
    return negation(equal(a, b))


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Truth]:
    def compare(a: Any, b: Any) -> Truth:
        # Values of different types are incomparable: null. So are two lists at the first two members that are.
        if kind(a) != kind(b) or a is None:
            return None
        if isinstance(a, list | tuple):
            for x, y in zip(a, b, strict=False):
                same = equal(x, y)
                if same is not True:
                    return None if same is None else compare(x, y)
            return bool(test(len(a), len(b)))
        return bool(test(a, b))

    return compare


def negation(a: Truth) -> Truth:
    return None if a is None else not a


def conjunction(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def disjunction(a: Truth, b: Truth) -> Truth:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def exclusive(a: Truth, b: Truth) -> Truth:
    return None if a is None or b is None else a != b


def member(a: Any, items: Any) -> Truth:
    """`a IN items`: null where a match cannot be excluded because of a null."""
    if items is None:
        return None
    if not isinstance(items, list | tuple):
        raise TypeError(f"IN needs a list, not a {kind(items)}")
    if not items:
        return False
    parts = [equal(a, item) for item in items]
    return True if True in parts else None if None in parts else False


def _on_strings(test: Callable[[str, str], bool]) -> Callable[[Any, Any], Truth]:
    def check(a: Any, b: Any) -> Truth:
        return test(a, b) if isinstance(a, str) and isinstance(b, str) else None

    return check


def add(a: Any, b: Any) -> Any:
    """Sum of numbers, concatenation of strings (a number beside a string is written out) and lists."""
    if a is None or b is None:
        return None
    kinds = {kind(a), kind(b)}
    if kinds == {"number"}:
        return _whole("+", a + b)
    if "list" in kinds:
        return [*_as_list(a), *_as_list(b)]
    if kinds <= {"string", "number"}:
        return _text(a) + _text(b)
    raise TypeError(f"+ does not take a {kind(a)} and a {kind(b)}")


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else number_text(value)


def number_text(value: float) -> str:
    """A number as Neo4j writes it: floats with a point, from 1e7 on and below 1e-3 with `E`."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f") if "e" in repr(value) else repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    return f"{'-' * sign}{written[0]}.{written[1:] or '0'}E{int(exponent) + len(digits) - 1}"


def _arithmetic(symbol: str, operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def compute(a: Any, b: Any) -> Any:
        if a is None or b is None:
            return None
        if kind(a) != "number" or kind(b) != "number":
            raise TypeError(f"{symbol} needs numbers, not a {kind(a)} and a {kind(b)}")
        return _whole(symbol, operation(a, b))

    return compute


def _whole(symbol: str, number: float) -> int | float:
    if isinstance(number, int) and number not in INTEGERS:
        raise OverflowError(f"{symbol} leaves the whole numbers of 64 bits: write one of the numbers with a point")
    return number


def _divide(a: Any, b: Any) -> Any:
    """Whole numbers divide towards zero; by a whole 0 is an error, by 0.0 infinite or not a number."""
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise ZeroDivisionError("division by zero")
        quotient = abs(a) // abs(b)
        return quotient if (a < 0) == (b < 0) else -quotient
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b


def _modulo(a: Any, b: Any) -> Any:
    """The sign is the dividend's."""
    if isinstance(a, int) and isinstance(b, int):
        return a - b * _divide(a, b)
    return math.nan if b == 0 or math.isinf(a) else math.fmod(a, b)


def _power(a: Any, b: Any) -> float:
    """As Java's Math.pow: 0 to a negative power is infinite, 1 to an unknown or infinite power is not a number."""
    if math.isnan(b) or (math.isinf(b) and abs(a) == 1):
        return math.nan
    try:
        return math.pow(a, b)
    except ValueError:
        return math.inf if a == 0 else math.nan
    except OverflowError:
        return -math.inf if a < 0 and float(b) % 2 == 1 else math.inf


BINARY: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": equal,
    "<>": not_equal,
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
    "IN": member,
    "STARTS WITH": _on_strings(str.startswith),
    "ENDS WITH": _on_strings(str.endswith),
    "CONTAINS": _on_strings(lambda a, b: b in a),
    "+": add,
    "-": _arithmetic("-", lambda a, b: a - b),
    "*": _arithmetic("*", lambda a, b: a * b),
    "/": _arithmetic("/", _divide),
    "%": _arithmetic("%", _modulo),
    "^": _arithmetic("^", _power),
}

ORDER: Final = {"list": 0, "path": 1, "string": 2, "boolean": 3, "number": 4, "null": 5}
"""Types in ascending order of ORDER BY: null last."""


def sort_key(value: Any) -> tuple[Any, ...]:
    """Key of Neo4j's order over all values: NaN after every number, null last."""
    name = kind(value)
    rank = ORDER.get(name, 1)
    if name == "null":
        return (rank,)
    if name == "list":
        return (rank, tuple(sort_key(item) for item in value))
    if name == "number":
        return (rank, 1, 0) if isinstance(value, float) and math.isnan(value) else (rank, 0, value)
    return (rank, value)
