"""Formulas: two are compared at exact points, after `scoring.answers.grammar` has read them.

Nothing is evaluated as code: no `eval`, no `sympify`. Sizes are bounded before and while numbers are made, so that each
comparison ends in milliseconds. Equality is decided by identity testing (Schwartz 1980, Zippel 1979): both sides are
evaluated at fixed points with `DIGITS` digits by mpmath, the arithmetic of SymPy; where either has no real value the
point says nothing, and too few points that speak are doubt, so not equal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from schemas.errors import DerivationError
from scoring.answers.clean import plain
from scoring.answers.grammar import Node, parse

DIGITS: Final = 50
LARGEST: Final = 10**200
"""No intermediate number may be larger."""
POINTS: Final = 24
_INLINE: Final = re.compile(r"\$\$?([^$]+)\$\$?|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
_PROSE: Final = re.compile(r"(?<![_{A-Za-z])(?!(?:sqrt|arc|sinh|cosh|tanh)[a-z]*)[^\W\d_]{4,}|\b(?:is|the|of|we|by)\b")
ENOUGH: Final = 6
"""Points where both formulas have a real value, at least."""


def is_formula(text: str) -> bool:
    """Whether a text is a formula and nothing else: it has a letter and an operator, and can be read."""
    inner = text.strip().strip("$").strip()
    if not re.search(r"[=^\\√]|\s[-+*/]\s|\d\s?[-+*/]\s?[a-z]", inner) or re.search(
        r"[^\W\d_]{4,}(?![^{]*\})", re.sub(r"\\[A-Za-z]+", "", inner)
    ):
        return False
    try:
        tree = parse(inner)
    except DerivationError:
        return False
    return bool(tree.symbols()) and tree.op != "symbol"


def number(text: str) -> Fraction | None:
    r"""The value of a formula without symbols, `\\frac{\\sqrt{2}}{2}`; None where it is none."""
    try:
        tree = parse(text)
        if tree.symbols() or tree.op == "equal":
            return None
        value = _value(tree, {})
    except DerivationError:
        return None
    import mpmath

    with mpmath.workdps(DIGITS):
        return Fraction(mpmath.nstr(value, DIGITS - 10, strip_zeros=False))


def equal(left: str, right: str) -> bool:
    """Whether two formulas are equivalent; in doubt (one cannot be read, no common domain) they are not.

    Two equations are equivalent where their residuals differ by a constant factor. `y = f` equals a bare `f`.

    """
    try:
        one, two = parse(left), parse(right)
    except DerivationError:
        return False
    if one.op != "equal" and two.op == "equal":
        one, two = two, one
    if one.op == "equal" and two.op != "equal":
        target = one.args[0]
        return target.op == "symbol" and target.name not in two.symbols() and _same(one.args[1], two)
    if one.op == "equal":
        residuals = [Node("add", (tree.args[0], Node("neg", (tree.args[1],)))) for tree in (one, two)]
        return _same(*residuals, up_to_factor=True)
    return _same(one, two)


def _same(one: Node, two: Node, *, up_to_factor: bool = False) -> bool:
    if one.symbols() != two.symbols() and not up_to_factor:
        return _agree(one, two, sorted(one.symbols() | two.symbols()), up_to_factor=False)
    return _agree(one, two, sorted(one.symbols() | two.symbols()), up_to_factor=up_to_factor)


def _agree(one: Node, two: Node, names: list[str], *, up_to_factor: bool) -> bool:
    import mpmath

    spoken, factor = 0, None
    with mpmath.workdps(DIGITS):
        tiny = mpmath.mpf(10) ** (10 - DIGITS // 2)
        for point in range(POINTS if names else 1):
            values = {name: _point(name, point) for name in names}
            try:
                left, right = _value(one, values), _value(two, values)
            except DerivationError:
                continue
            if up_to_factor:
                if not right or not left:
                    return False
                factor = left / right if factor is None else factor
                right = right * factor
            if abs(left - right) > tiny * max(1, abs(left), abs(right)):
                return False
            spoken += 1
    return spoken >= (ENOUGH if names else 1)


def _point(name: str, point: int) -> Fraction:
    """A fixed rational of a symbol: positive at every second point, so that roots and logarithms have values."""
    digest = int(hashlib.sha256(f"{point}\0{name}".encode()).hexdigest()[:8], 16)
    value = Fraction(digest % 4001 + 37, 1009)
    return -value if point % 2 and digest >> 24 & 1 else value


def _value(tree: Node, values: Mapping[str, Fraction]) -> Any:
    """The real value of a tree with `DIGITS` digits.

    Raises:
        DerivationError: no real value, or an intermediate number beyond `LARGEST`.
    """
    import mpmath

    if tree.op in {"number", "symbol"}:
        exact = tree.value if tree.op == "number" else values[tree.name]
        return _bounded(mpmath.mpf(exact.numerator) / exact.denominator)
    if tree.op == "pi":
        return +mpmath.pi
    if tree.op == "equal":
        raise DerivationError("formula: an equation has no value")
    arguments = [_value(argument, values) for argument in tree.args]
    try:
        return _bounded(_apply(tree.op, arguments))
    except (ZeroDivisionError, ValueError, OverflowError) as error:
        raise DerivationError(f"formula: {tree.op} has no value") from error


def _bounded(value: Any) -> Any:
    import mpmath

    if not isinstance(value, mpmath.mpf) or not mpmath.isfinite(value) or abs(value) > LARGEST:
        raise DerivationError("formula: no real value of a sensible size")
    return value


def _apply(op: str, arguments: list[Any]) -> Any:
    import mpmath

    first, *rest = arguments
    if op == "pow":
        return _power(first, rest[0])
    if op in {"min", "max"}:
        return (min if op == "min" else max)(arguments)
    if rest and op not in {"add", "mul", "div"}:
        raise DerivationError(f"formula: {op} of several numbers")
    if op == "exp" and abs(first) > 400:
        raise DerivationError("formula: an exponent beyond 400")
    if op in {"add", "mul", "div"}:
        return first + rest[0] if op == "add" else first * rest[0] if op == "mul" else first / rest[0]
    if op in {"neg", "abs"}:
        return -first if op == "neg" else abs(first)
    return getattr(mpmath, {"arcsin": "asin", "arccos": "acos", "arctan": "atan"}.get(op, op))(first)


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > 1000:
        raise DerivationError("formula: an exponent beyond 1000")
    return base**exponent


def judge(text: str, forms: tuple[str, ...]) -> bool | None:
    """Whether a statement gives a formula that is equivalent to one of the right ones; None where it gives none."""
    said = statement(text)
    if said is None:
        return None
    return any(equal(said, form.strip().strip("$")) for form in forms)


def statement(text: str) -> str | None:
    """The formula in a statement: the whole text, what stands between `$`, or behind the last `is`, `:`."""
    inner = [match[1] or match[2] or match[3] for match in _INLINE.finditer(text)]
    for source in (text, *inner[:1] * (len(inner) == 1), re.split(r"(?:\bis|:)\s", text)[-1], plain(text)):
        candidate = source.strip().strip("`*$ ").rstrip(".").removeprefix("=")
        if _PROSE.search(re.sub(r"\\[A-Za-z]+(?:\s*\{[A-Za-z]*\})?", " ", candidate)):
            continue
        try:
            parse(candidate)
        except DerivationError:
            continue
        return candidate
    return None
