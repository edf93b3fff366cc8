"""Formulas: the stored `srepr` becomes a SymPy expression through a whitelist, and is evaluated for one symbol.

`formula(x, m = e.number, ...)` puts values into the formula and returns its target. Where the formula is an equation
and another symbol than its target is the unknown, the equation is turned round step by step along the one path to the
unknown; a symbol that stands twice is refused. Nothing here parses with `sympify` or `eval`, and sizes are bounded
before SymPy sees a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from kg.proof.exact import guard
from schemas.errors import DerivationError

MAX_LENGTH: Final = 8_000
MAX_DEPTH: Final = 60
MAX_NODES: Final = 400
MAX_EXPONENT: Final = 64
DIGITS: Final = 30
"""Significant digits of an irrational result: far beyond any stated rounding."""

FUNCTIONS: Final = frozenset({"Add", "Mul", "Pow", "sqrt", "exp", "log", "sin", "cos", "tan", "Abs", "Max", "Min"})
CONSTANTS: Final = frozenset({"pi", "E"})

_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>-?\d+)|(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<op>[(),=]))"""
)


def build(text: str) -> Any:
    """A SymPy expression or `Equality` from its `srepr`.

    Raises:
        DerivationError: a name off the whitelist, or too long, deep or large.
    """
    if len(text) > MAX_LENGTH:
        raise DerivationError(f"a formula of more than {MAX_LENGTH} characters")
    reader = _Reader(text)
    tree = reader.node(0)
    if reader.text[reader.at :].strip():
        raise DerivationError("formula: text after the expression")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.count = text, 0, 0

    def token(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise DerivationError(f"formula, character {self.at + 1}: cannot be read")
        self.at = found.end()
        kind = found.lastgroup or ""
        return kind, found[kind]

    def peek(self) -> str:
        found = _TOKEN.match(self.text, self.at)
        return found[found.lastgroup or ""] if found else ""

    def node(self, depth: int) -> Any:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            raise DerivationError("formula: nested too deep or too large")
        kind, name = self.token()
        if kind == "name" and name in CONSTANTS:
            return _sympy(name)
        if kind != "name" or self.token() != ("op", "("):
            raise DerivationError(f"formula: unexpected {name!r}")
        arguments = self.arguments(depth)
        return _make(name, arguments)

    def arguments(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while self.peek() != ")":
            if found:
                self.separator()
            kind, _ = self.look()
            if kind == "name" and self.after_is_equals():
                self.assumption()
                continue
            found.append(self.plain() if kind in {"number", "string"} else self.node(depth + 1))
        self.token()
        return found

    def separator(self) -> None:
        if self.token() != ("op", ","):
            raise DerivationError("formula: a comma is missing")

    def look(self) -> tuple[str, str]:
        at = self.at
        token = self.token()
        self.at = at
        return token

    def plain(self) -> str | int:
        kind, text = self.token()
        return int(text) if kind == "number" else re.sub(r"\\(.)", r"\1", text[1:-1])

    def after_is_equals(self) -> bool:
        return re.match(r"\s*\w+\s*=", self.text[self.at :]) is not None

    def assumption(self) -> None:
        """`positive=True` and the like: symbols are compared by name, so assumptions are dropped."""
        for _ in range(3):
            self.token()


def _sympy(name: str) -> Any:
    import sympy

    return getattr(sympy, name)


def _make(name: str, arguments: list[Any]) -> Any:
    import sympy

    numbers = [argument for argument in arguments if isinstance(argument, int)]
    if name == "Symbol" and len(arguments) == 1 and isinstance(arguments[0], str):
        return sympy.Symbol(arguments[0])
    if name == "Integer" and len(numbers) == len(arguments) == 1:
        return sympy.Integer(_small(numbers[0]))
    if name == "Rational" and len(numbers) == len(arguments) == 2 and numbers[1]:
        return sympy.Rational(_small(numbers[0]), _small(numbers[1]))
    if name == "Float" and arguments and isinstance(arguments[0], str):
        return _rational(_float(arguments[0]))
    if any(isinstance(argument, int | str) for argument in arguments) or not arguments:
        raise DerivationError(f"formula: {name} with plain arguments")
    if name in {"Equality", "Eq"} and len(arguments) == 2:
        return sympy.Equality(*arguments, evaluate=False)
    if name == "Pow":
        _check_power(arguments)
    if name not in FUNCTIONS:
        raise DerivationError(f"formula: {name} is not allowed")
    return _sympy(name)(*arguments)


def _small(number: int) -> int:
    if abs(number) > 10**60:
        raise DerivationError("formula: a number of more than 60 digits")
    return number


def _float(text: str) -> Fraction:
    if not re.fullmatch(r"-?\d{1,60}(\.\d{1,60})?([eE][-+]?\d{1,2})?", text):
        raise DerivationError("formula: an odd Float")
    return Fraction(text)


def _rational(value: Fraction) -> Any:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)


def _check_power(arguments: list[Any]) -> None:
    exponent = arguments[1] if len(arguments) == 2 else None
    if exponent is None or (exponent.is_number and not (exponent.is_Rational and abs(exponent) <= MAX_EXPONENT)):
        raise DerivationError(f"formula: a power outside {MAX_EXPONENT}")


def value_of(text: str, target: str | None, symbols: Mapping[str, Fraction]) -> Fraction:
    """The value of a formula's unknown.

    Args:
        text: `srepr` of an expression or equation.
        target: left-hand symbol of the equation, if any.
        symbols: values of all other symbols, by name.

    Returns:
        The exact rational, or `DIGITS` significant digits where the value is irrational.

    Raises:
        DerivationError: not exactly one unknown, an unknown that stands twice, or no real value.
    """
    tree = solved(text, target, symbols)
    import sympy

    return _number(tree, {sympy.Symbol(name): _rational(guard(value)) for name, value in symbols.items()})


def solved(text: str, target: str | None, known: Iterable[str]) -> Any:
    """The SymPy expression of a formula's unknown in terms of the known symbols.

    Raises:
        DerivationError: not exactly one unknown, or one that stands twice.
    """
    import sympy

    tree, known = build(text), sorted(known)
    names = {symbol.name for symbol in tree.free_symbols}
    strange = [name for name in known if name not in names]
    if strange:
        raise DerivationError(f"formula: no symbol {', '.join(strange)}; it has {', '.join(sorted(names))}")
    unknown = sorted(names - set(known))
    if not isinstance(tree, sympy.Equality):
        if unknown:
            raise DerivationError(f"formula: no value for {', '.join(unknown)}")
        return tree
    if len(unknown) != 1:
        raise DerivationError(f"formula: {len(unknown)} unknowns ({', '.join(unknown)}), target {target}")
    return solve(tree, sympy.Symbol(unknown[0]))


def solve(equation: Any, unknown: Any) -> Any:
    """The expression that the equation gives for a symbol that stands in it once; positive roots only.

    Raises:
        DerivationError: the symbol stands more than once, or under a function that cannot be turned round.
    """
    import sympy

    here, there = (equation.lhs, equation.rhs) if equation.lhs.has(unknown) else (equation.rhs, equation.lhs)
    total = sum(side.count(unknown) for side in (equation.lhs, equation.rhs))
    if total != 1:
        raise DerivationError(f"formula: {unknown} stands {total} times")
    inverse = {sympy.exp: sympy.log, sympy.log: sympy.exp}
    while here != unknown:
        inner = next(argument for argument in here.args if argument.has(unknown))
        others = [argument for argument in here.args if not argument.has(unknown)]
        if here.is_Add:
            there = there - sympy.Add(*others)
        elif here.is_Mul:
            there = there / sympy.Mul(*others)
        elif here.is_Pow and here.exp.is_Rational and here.exp != 0:
            there = there ** (1 / here.exp)
        elif here.func in inverse:
            there = inverse[here.func](there)
        else:
            raise DerivationError(f"formula: cannot be solved for {unknown}")
        here = inner
    return there


def _number(expression: Any, values: Mapping[Any, Any]) -> Fraction:
    import sympy

    for power in expression.atoms(sympy.Pow):
        exponent = power.exp.subs(values)
        if exponent.is_number and abs(exponent) > MAX_EXPONENT:
            raise DerivationError(f"formula: a power outside {MAX_EXPONENT}")
    result = expression.subs(values)
    if result.is_Rational:
        return guard(Fraction(int(result.p), int(result.q)))
    digits = sympy.N(result, DIGITS)
    if not digits.is_Float or not digits.is_finite:
        raise DerivationError("formula: no real value")
    return guard(Fraction(str(digits)))
