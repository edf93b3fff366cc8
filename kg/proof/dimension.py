"""Dimensions of formulas: units become powers of base units, and a result finds the unit that it is stated in.

A formula is computed in base units (metre, kilogram, second, one of each money and counted thing), so that kilometres
and days may meet in it. What has no such factor (degrees Celsius, angles, decibels) and what does not fit (a sum of a
length and a time) is refused: a wrong unit must not become a plausible answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from kg.values import unit as units
from schemas.errors import DerivationError

if TYPE_CHECKING:
    from kg.proof.expression import Dimension

Powers = dict[str, Fraction]
"""Base unit -> exponent, none of them 0."""

_M, _S, _KG = "metre", "second", "kilogram"
COMPOUND: Final[dict[str, dict[str, int]]] = {
    "ratio": {}, "length": {_M: 1}, "time": {_S: 1}, "mass": {_KG: 1}, "area": {_M: 2}, "volume": {_M: 3},
    "volume3": {_M: 3}, "speed": {_M: 1, _S: -1}, "acceleration": {_M: 1, _S: -2}, "frequency": {_S: -1},
    "density": {_KG: 1, _M: -3}, "force": {_KG: 1, _M: 1, _S: -2}, "pressure": {_KG: 1, _M: -1, _S: -2},
    "energy": {_KG: 1, _M: 2, _S: -2}, "power": {_KG: 1, _M: 2, _S: -3}, "kelvin": {"kelvin": 1},
}  # fmt: skip
"""Dimension of `kg.values.unit` -> powers of base units."""
LITRE: Final = Fraction(1, 1000)
"""Cubic metres in the base of the dimension `volume`."""
REFUSED: Final = frozenset({"celsius", "fahrenheit", "angle", "decibel", "points"})
"""Dimensions whose zero or measure a factor does not keep."""
STATED: Final = (
    "millimetre", "metre", "kilometre", "gram", "kilogram", "second", "hour", "day", "metre/second",
    "kilometre/second", "metre/second²", "square metre", "square kilometre", "cubic metre", "kilogram/cubic metre",
    "newton", "kilonewton", "joule", "kilojoule", "watt", "kilowatt", "pascal", "kilopascal", "hertz", "kilohertz",
    "kelvin",
)  # fmt: skip
"""Units in which results are stated, the smaller first."""
MOST_DIGITS: Final = 4
"""Significant digits of a result at most; the least precise operand may allow fewer."""


@lru_cache(maxsize=1024)
def base_of(unit: str | None) -> tuple[Fraction, tuple[tuple[str, Fraction], ...]]:
    """(factor to base units, sorted powers of them) of a canonical unit; None is a bare number.

    Raises:
        DerivationError: no factor leads to base units.
    """
    if unit is None:
        return Fraction(1), ()
    known = units.UNITS.get(unit)
    if known is None and "/" in unit:
        above, below = unit.rsplit("/", 1)  # a/b/c is (a/b)/c
        size, _, noun = below.partition(" ") if below.split(" ")[0].isdigit() else ("1", "", below)
        (one, up), (other, down) = base_of(above), base_of(noun)
        return one / (other * int(size)), frozen(_sum([(dict(up), 1), (dict(down), -1)]))
    if known is None:
        return Fraction(1), ((unit, Fraction(1)),)
    if known.dimension in REFUSED:
        raise DerivationError(f"formula: {known.many} cannot be converted")
    powers = COMPOUND.get(known.dimension, {known.dimension: 1})
    factor = Fraction(known.factor) * (LITRE if known.dimension == "volume" else 1)
    return factor, frozen({name: Fraction(power) for name, power in powers.items()})


def frozen(powers: Powers) -> tuple[tuple[str, Fraction], ...]:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _sum(parts: Iterable[tuple[Powers, int | Fraction]]) -> Powers:
    total: Powers = {}
    for powers, times in parts:
        for name, power in powers.items():
            total[name] = total.get(name, Fraction(0)) + power * times
    return {name: power for name, power in total.items() if power}


def of_expression(tree: Any, symbols: Mapping[str, Powers]) -> Powers:
    """Powers of a SymPy expression whose symbols have these.

    Raises:
        DerivationError: unlike parts of a sum, a logarithm or power of what is no bare number.
    """
    if tree.is_Symbol:
        return symbols[tree.name]
    if tree.is_number:
        return {}
    inner = [of_expression(argument, symbols) for argument in tree.args]
    if tree.is_Mul:
        return _sum((powers, 1) for powers in inner)
    if tree.is_Pow and tree.exp.is_Rational:
        return _sum([(inner[0], Fraction(int(tree.exp.p), int(tree.exp.q)))])
    if tree.is_Add or tree.func.__name__ in {"Abs", "Max", "Min"}:
        if any(powers != inner[0] for powers in inner):
            raise DerivationError("formula: a sum of unlike units")
        return inner[0]
    if any(inner):
        raise DerivationError(f"formula: {tree.func.__name__} of what is no bare number")
    return {}


def whole(powers: Powers) -> Dimension:
    """As a dimension of `kg.proof.expression`.

    Raises:
        DerivationError: a root that no unit has.
    """
    if any(power.denominator != 1 for power in powers.values()):
        raise DerivationError("formula: the result has the root of a unit")
    return tuple((name, int(power)) for name, power in frozen(powers))


def stated(dimension: Dimension, value: Fraction, digits: int) -> tuple[str | None, int]:
    """(unit, scale) in which a result is stated: the largest usual unit of which it has at least one.

    Args:
        dimension: of the result, in base units.
        value: in base units.
        digits: significant digits; what has more before its point is stated in a power of ten.

    Raises:
        DerivationError: there is no unit of this dimension.
    """
    if not dimension:
        return None, 0
    powers = tuple((name, Fraction(power)) for name, power in dimension)
    fitting = [unit for unit in STATED if base_of(unit)[1] == powers]
    if not fitting and len(powers) == 1 and powers[0][1] == 1 and powers[0][0] in units.UNITS:
        fitting = [powers[0][0]]
    if not fitting:
        raise DerivationError(f"formula: no unit for {dict(dimension)}")
    size = abs(value)
    unit = next((unit for unit in reversed(fitting) if size >= base_of(unit)[0]), fitting[0])
    order = _order(size / base_of(unit)[0])
    return unit, order // 3 * 3 if order >= max(digits, MOST_DIGITS) + 2 else 0


def _order(value: Fraction) -> int:
    """Power of ten of the first digit; 0 for zero."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).adjusted() if value else 0


def digits_of(number: str, decimals: int) -> int:
    """Significant digits of a printed number: 3 of `0.330`, 5 of `10,747` (as its decimal string)."""
    shown = abs(int(Decimal(number).scaleb(decimals).to_integral_value()))
    return len(str(shown)) if shown else 1


def decimals_of(value: Fraction, digits: int) -> int:
    """Digits after the point that leave a number of so many significant digits."""
    return max(0, digits - 1 - _order(abs(value)))
