r"""Strict reading of LaTeX arithmetic as SymPy: fractions, powers, roots, products, sums of terms, equations.

A symbol is atomic LaTeX with its subscript: `v_{e}`, `\mathcal{L}_{ia}`. What a person could read in two ways (a name
before a bracket, a number behind a name, three letters in a row) is not read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

_SPACING: Final = re.compile(r"\\(?:left|right|displaystyle|limits|,|;|:|!|big|Big|bigl|bigr)(?![a-zA-Z])|~|&")
_RUN: Final = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}(?![A-Za-z}])")
_LONGEST: Final = 600
_SYMBOL: Final = re.compile(
    r"(?:\\(?:mathcal|mathrm|mathbf|mathit|hat|bar|tilde|vec|dot)\{[^{}]*\}"
    r"|\\(?!(?:frac|sqrt|cdot|times|left|right|log|ln|exp|sin|cos|tan|sum|prod|int|text|quad|qquad|min|max|arg|lim|mathbb"
    r"|begin|end|to|in|forall|leq?|geq?|neq?|approx|sim|infty|partial|tag|label|operatorname|rightarrow|mid|pm"
    r"|ldots|cdots|dots|big|Big|bigl|bigr|displaystyle|limits|nonumber|pi)(?![a-zA-Z]))"
    r"[a-zA-Z]+|(?<![A-Za-z\\])[A-Za-z](?![A-Za-z]))(?:_(?:\{(?:[^{}]|\{[^{}]*\})*\}|[A-Za-z0-9]))?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A formula that could be read."""

    sympy: str
    """`srepr` of the equation or expression."""
    target: str | None
    """Left-hand symbol of `x = ...`."""
    symbols: tuple[str, ...]
    """Atomic LaTeX, in order of appearance."""


class _AmbiguousError(Exception):
    """Two readings."""


def read(latex: str) -> Reading | None:
    """The formula as SymPy, or None where it cannot be read strictly. The formula's text is never evaluated as code."""
    text = _clean(latex)
    if not text or len(text) > _LONGEST or _RUN.search(re.sub(r"\\[a-zA-Z]+(?:\{[^{}]*\})?|_\{[^{}]*\}", " ", text)):
        return None
    try:
        tree = _parser().parse(text)
        value = _Build().transform(tree)
    except (LarkError, _AmbiguousError):
        return None
    return _reading(value)


def symbols(latex: str) -> tuple[str, ...]:
    """Atomic symbols of any formula, in order of appearance, read or not."""
    return tuple(dict.fromkeys(_tidy(match[0]) for match in _SYMBOL.finditer(_clean(latex))))


def _clean(latex: str) -> str:
    text = re.sub(r"\\tag\*?\{[^{}]*\}|\\label\{[^{}]*\}|\\nonumber", " ", latex)
    text = _SPACING.sub(" ", text).replace("−", "-").replace("·", r"\cdot ").replace("×", r"\times ")
    return text.strip().strip("$").strip().rstrip(".,;").strip()


def _tidy(symbol: str) -> str:
    """One spelling per symbol: subscripts in braces, no spaces."""
    bare = re.sub(r"\s+", " ", symbol.strip())
    bare = re.sub(r"^(\\Delta)\s*(?=[A-Za-z])", r"\1 ", bare)
    return re.sub(r"_([A-Za-z0-9]|\\[a-zA-Z]+)$", r"_{\1}", bare)


@cache
def _parser() -> Lark:
    grammar = files("extraction.extractors").joinpath("latex.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


@dataclass(frozen=True, slots=True)
class _Term:
    """An expression, with what its first and last parts look like (for implicit products)."""

    value: Any
    first: str
    last: str


class _Build(Transformer[Token, Any]):
    """Parse tree to SymPy, bottom up."""

    def number(self, parts: list[Token]) -> _Term:
        from sympy import Rational

        return _Term(Rational(str(parts[0])), "number", "number")

    def symbol(self, parts: list[Token]) -> _Term:
        from sympy import Symbol, pi

        name = _tidy("".join(parts))
        return _Term(pi if name == r"\pi" else Symbol(name), "name", "name")

    def group(self, parts: list[_Term]) -> _Term:
        return _Term(parts[0].value, "group", "group")

    def add(self, parts: list[Any]) -> _Term:
        return _Term(parts[0].value + parts[2].value, "sum", "sum")

    def sub(self, parts: list[Any]) -> _Term:
        return _Term(parts[0].value - parts[2].value, "sum", "sum")

    def neg(self, parts: list[Any]) -> _Term:
        return _Term(-parts[1].value, "sum", "sum")

    def mul(self, parts: list[Any]) -> _Term:
        return _Term(parts[0].value * parts[2].value, parts[0].first, parts[2].last)

    def div(self, parts: list[Any]) -> _Term:
        return _Term(parts[0].value / parts[2].value, parts[0].first, "division")

    def implicit(self, parts: list[_Term]) -> _Term:
        left, right = parts
        if right.first == "number" or (left.last == "name" and right.first == "group") or left.last == "division":
            raise _AmbiguousError
        return _Term(left.value * right.value, left.first, right.last)

    def pow(self, parts: list[Any]) -> _Term:
        base, exponent = parts[0], parts[2]
        return _Term(base.value**exponent.value, base.first, "power")

    def frac(self, parts: list[_Term]) -> _Term:
        return _Term(parts[0].value / parts[1].value, "fraction", "fraction")

    def sqrt(self, parts: list[_Term]) -> _Term:
        from sympy import sqrt

        return _Term(sqrt(parts[0].value), "root", "root")

    def root(self, parts: list[Any]) -> _Term:
        from sympy import Rational

        return _Term(parts[1].value ** Rational(1, int(parts[0])), "root", "root")

    def call(self, parts: list[Any]) -> _Term:
        import sympy

        name = str(parts[0])[1:]
        if name == "log":  # base 10 or e: two readings
            raise _AmbiguousError
        function = getattr(sympy, {"ln": "log"}.get(name, name))
        return _Term(function(parts[1].value), "call", "call")

    def call_frac(self, parts: list[Any]) -> _Term:
        return self.call([parts[0], _Term(parts[1].value / parts[2].value, "fraction", "fraction")])

    def equation(self, parts: list[Any]) -> tuple[_Term, _Term]:
        return parts[0], parts[2]

    def single(self, parts: list[_Term]) -> tuple[_Term]:
        return (parts[0],)


def _reading(value: tuple[_Term, ...]) -> Reading | None:
    from sympy import Eq, Symbol, srepr

    terms = [term.value for term in value]
    names = sorted({s.name for term in terms for s in term.free_symbols})
    if not names:
        return None
    whole = Eq(*terms, evaluate=False) if len(terms) == 2 else terms[0]
    target = terms[0].name if len(terms) == 2 and isinstance(terms[0], Symbol) else None
    return Reading(srepr(whole), target, tuple(names))
