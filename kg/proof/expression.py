"""Arithmetic over matched quantities: a small parser and an exact evaluator. Nothing is ever handed to `eval`.

    expression := term (("+" | "-") term)*          term  := factor (("*" | "/") factor)*
    factor     := ("-" | "+") factor | power        power := atom (("**" | "^") factor)?
    atom       := NUMBER | var.property | call | "(" expression ")"
    call       := NAME "(" argument ("," argument)* ")"      argument := [NAME | STRING "="] expression | NAME

Functions: abs, min, max, mean, sum, days (difference of two ISO dates), formula (see `kg.proof.sympy`).

Every quantity carries its dimension. Adding metres to hours is an error, a literal takes the dimension of what it is
added to, and `%` is a dimension for addition only (3 % of 5 USD is USD).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Protocol

from kg.cypher.derivation import ARITHMETIC
from kg.proof.exact import guard
from schemas.errors import DerivationError

Dimension = tuple[tuple[str, int], ...] | None
"""Sorted (unit, exponent) pairs; () is a bare number, None a literal that fits everywhere."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact value in base units (`number * 10**scale`)."""

    value: Fraction
    dimension: Dimension = None


class Environment(Protocol):
    """Where variables and formulas come from."""

    def number(self, variable: str, prop: str) -> Quantity: ...

    def date(self, variable: str, prop: str) -> str: ...

    def formula(self, variable: str, symbols: Mapping[str, Quantity]) -> Quantity: ...


@dataclass(frozen=True, slots=True)
class Literal:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Reference:
    variable: str
    prop: str
    """Empty where the bare variable stands (a formula)."""


@dataclass(frozen=True, slots=True)
class Operation:
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[tuple[str | None, Expression], ...]


Expression = Literal | Reference | Operation | Call

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40
MAX_EXPONENT: Final = 64

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)"""
    r"""|(?P<string>"[^"]*"|'[^']*')|(?P<op>\*\*|[-+*/^(),=]))"""
)


@lru_cache(maxsize=1024)
def parse(text: str) -> Expression:
    """Parse an arithmetic expression.

    Raises:
        DerivationError: with the character position of what is wrong.
    """
    if len(text) > MAX_LENGTH:
        raise DerivationError(f"an expression of more than {MAX_LENGTH} characters")
    return _Parser(list(_tokens(text))).whole()


def references(tree: Expression) -> Iterator[Reference]:
    """Every `var.property` (and bare variable), in order of appearance, repeated as often as it stands."""
    if isinstance(tree, Reference):
        yield tree
    elif isinstance(tree, Operation):
        yield from references(tree.left)
        yield from references(tree.right)
    elif isinstance(tree, Call):
        for _, argument in tree.arguments:
            yield from references(argument)


def formulas(tree: Expression) -> Iterator[Call]:
    """Every call of `formula`."""
    if isinstance(tree, Operation):
        yield from formulas(tree.left)
        yield from formulas(tree.right)
    elif isinstance(tree, Call):
        if tree.name == "formula":
            yield tree
        for _, argument in tree.arguments:
            yield from formulas(argument)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise DerivationError(f"expression, character {position + 1}: unexpected {text[position:].lstrip()[:1]!r}")
        kind = found.lastgroup or ""
        yield kind, found[kind], found.start(kind)
        position = found.end()
    yield "end", "", len(text)


class _Parser:
    """Recursive descent over the token list; depth is bounded so that hostile nesting cannot exhaust the stack."""

    def __init__(self, tokens: list[tuple[str, str, int]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def whole(self) -> Expression:
        tree = self.sum()
        if self.peek()[0] != "end":
            self.fail()
        return tree

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at]

    def take(self, *texts: str) -> str | None:
        kind, text, _ = self.peek()
        if kind == "op" and text in texts:
            self.at += 1
            return text
        return None

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            self.fail()

    def fail(self) -> None:
        _, text, position = self.peek()
        raise DerivationError(f"expression, character {position + 1}: unexpected {text or 'end'!r}")

    def sum(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise DerivationError(f"an expression nested deeper than {MAX_DEPTH}")
        tree = self.term()
        while op := self.take("+", "-"):
            tree = Operation(op, tree, self.term())
        self.depth -= 1
        return tree

    def term(self) -> Expression:
        tree = self.factor()
        while op := self.take("*", "/"):
            tree = Operation(op, tree, self.factor())
        return tree

    def factor(self) -> Expression:
        sign = 1
        while op := self.take("-", "+"):
            sign = -sign if op == "-" else sign
        tree = self.power()
        return tree if sign > 0 else Operation("*", Literal(Fraction(-1)), tree)

    def power(self) -> Expression:
        tree = self.atom()
        if self.take("**", "^"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise DerivationError(f"an expression nested deeper than {MAX_DEPTH}")
            tree = Operation("**", tree, self.factor())
            self.depth -= 1
        return tree

    def atom(self) -> Expression:
        kind, text, _ = self.peek()
        if kind == "number":
            self.at += 1
            return Literal(Fraction(text))
        if kind == "name":
            self.at += 1
            return self.call(text) if self.take("(") else Reference(*[*text.split("."), ""][:2])
        self.expect("(")
        tree = self.sum()
        self.expect(")")
        return tree

    def call(self, name: str) -> Expression:
        if name not in ARITHMETIC:
            raise DerivationError(f"unknown function {name!r}; there are {', '.join(sorted(ARITHMETIC))}")
        arguments = [self.argument()]
        while self.take(","):
            arguments.append(self.argument())
        self.expect(")")
        return Call(name, tuple(arguments))

    def argument(self) -> tuple[str | None, Expression]:
        kind, text, _ = self.peek()
        if kind in {"name", "string"} and self.tokens[self.at + 1][:2] == ("op", "="):
            self.at += 2
            return text.strip("\"'") if kind == "string" else text, self.sum()
        return None, self.sum()


def evaluate(tree: Expression, environment: Environment) -> Quantity:
    """Evaluate exactly, in base units.

    Raises:
        DerivationError: division by zero, unlike dimensions, an unknown variable, a power that is not a small integer.
    """
    if isinstance(tree, Literal):
        return Quantity(tree.value)
    if isinstance(tree, Reference):
        return environment.number(tree.variable, tree.prop)
    if isinstance(tree, Call):
        return _call(tree, environment)
    left, right = evaluate(tree.left, environment), evaluate(tree.right, environment)
    return _operate(tree.op, left, right)


def _operate(op: str, left: Quantity, right: Quantity) -> Quantity:
    if op in {"+", "-"}:
        dimension = _same(left.dimension, right.dimension)
        return Quantity(guard(left.value + (right.value if op == "+" else -right.value)), dimension)
    if op == "**":
        return _power(left, right)
    if op == "/" and right.value == 0:
        raise DerivationError("division by zero")
    value = left.value * right.value if op == "*" else left.value / right.value
    return Quantity(guard(value), _product(left.dimension, right.dimension, 1 if op == "*" else -1))


def _power(base: Quantity, exponent: Quantity) -> Quantity:
    power = exponent.value
    if power.denominator != 1 or abs(power) > MAX_EXPONENT:
        raise DerivationError(f"a power must be an integer within {MAX_EXPONENT}")
    if base.value == 0 and power < 0:
        raise DerivationError("division by zero")
    dimension = None if base.dimension is None else tuple((unit, count * int(power)) for unit, count in base.dimension)
    return Quantity(guard(base.value ** int(power)), dimension)


def _same(left: Dimension, right: Dimension) -> Dimension:
    if left is None or right is None or left == right:
        return right if left is None else left
    raise DerivationError(f"unlike units: {spoken(left)} and {spoken(right)}")


def _product(left: Dimension, right: Dimension, sign: int) -> Dimension:
    if left is None and right is None:
        return None
    powers: dict[str, int] = {}
    # A percentage is a bare number as soon as it multiplies; against itself it cancels like any unit.
    for unit, count in (*(left or ()), *((unit, sign * count) for unit, count in right or ())):
        powers[unit] = powers.get(unit, 0) + count
    return tuple(sorted((unit, count) for unit, count in powers.items() if count and unit != "%"))


def atoms(dimension: Dimension) -> frozenset[tuple[str, int]]:
    """Units with their powers, a compound unit taken apart: dollars per share times shares are dollars."""
    powers: Counter[str] = Counter()
    for unit, count in dimension or ():
        above, *below = unit.split("/")
        for part in above.split("*"):
            powers[part] += count
        for part in below:
            powers[part] -= count
    return frozenset((unit, count) for unit, count in powers.items() if count and unit != "1")


def spoken(dimension: Dimension) -> str:
    """`USD`, `USD/hour`, `a bare number`."""
    if not dimension:
        return "a bare number"
    above = "*".join(unit if count == 1 else f"{unit}**{count}" for unit, count in dimension if count > 0)
    below = "*".join(unit if count == -1 else f"{unit}**{-count}" for unit, count in dimension if count < 0)
    return f"{above or '1'}/{below}" if below else above


def _call(tree: Call, environment: Environment) -> Quantity:
    if tree.name == "formula":
        return _formula(tree, environment)
    if any(name is not None for name, _ in tree.arguments):
        raise DerivationError(f"{tree.name}() takes no named arguments")
    if tree.name == "days":
        return _days([argument for _, argument in tree.arguments], environment)
    values = [evaluate(argument, environment) for _, argument in tree.arguments]
    dimension = values[0].dimension
    for value in values[1:]:
        dimension = _same(dimension, value.dimension)
    numbers = [value.value for value in values]
    if tree.name == "abs" and len(numbers) != 1:
        raise DerivationError("abs() takes one argument")
    total = sum(numbers, Fraction(0))
    results = {"abs": abs(numbers[0]), "min": min(numbers), "max": max(numbers), "sum": total}
    return Quantity(results.get(tree.name, total / len(numbers)), dimension)


def _formula(tree: Call, environment: Environment) -> Quantity:
    (name, first), *rest = tree.arguments
    if name is not None or not isinstance(first, Reference) or first.prop:
        raise DerivationError("formula() takes a matched Formula first")
    symbols: dict[str, Quantity] = {}
    for symbol, argument in rest:
        if symbol is None or symbol in symbols:
            raise DerivationError("formula() takes each symbol once, as symbol = value")
        symbols[symbol] = evaluate(argument, environment)
    return environment.formula(first.variable, symbols)


def _days(arguments: list[Expression], environment: Environment) -> Quantity:
    import datetime as dt

    if len(arguments) != 2 or not all(isinstance(argument, Reference) for argument in arguments):
        raise DerivationError("days() takes two dates, the later first")
    found = []
    for argument in arguments:
        assert isinstance(argument, Reference)
        try:
            found.append(dt.date.fromisoformat(environment.date(argument.variable, argument.prop)))
        except ValueError as error:
            raise DerivationError(f"{argument.variable}.{argument.prop} is not a full date") from error
    return Quantity(Fraction((found[0] - found[1]).days), (("day", 1),))
