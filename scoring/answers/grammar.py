"""The grammar of formulas: LaTeX or plain notation becomes a tree. Length, depth and number of nodes are bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from schemas.errors import DerivationError

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 60
MAX_NODES: Final = 200

FUNCTIONS: Final = frozenset(
    ["sqrt", "exp", "log", "ln", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "abs",
     "min", "max"]
)  # fmt: skip
_OTHER_NAMES: Final = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "ln": "log"}
_LETTERS: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "π": "pi", "ℏ": "hbar", "ℓ": "ell",
}  # fmt: skip
_GREEK: Final = frozenset(_LETTERS.values()) - {"pi"} | {"varepsilon", "vartheta", "varrho", "varphi"}
_WORDS: Final = "|".join(sorted({*FUNCTIONS, *_OTHER_NAMES, *_GREEK, "pi"}, key=lambda word: (-len(word), word)))
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)"""
    r"""|(?P<command>\\@?[A-Za-z]+)|(?P<op>\*\*|[-+*/^_=(){}\[\]|!,])|(?P<name>[A-Za-zͰ-ϿℏℓµΩ]))"""
)
_SUP: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_SAME: Final = (
    (re.compile(r"\\(?:left|right|displaystyle|big|Big|bigl|bigr|Bigl|Bigr)(?![A-Za-z])"), " "),
    (re.compile(r"\\[,;:! ]|\\(?:quad|qquad)(?![A-Za-z])|~"), " "),
    (re.compile(r"\\(?:cdot|times|ast)(?![A-Za-z])|[·×⋅∗]"), " * "),
    (re.compile(r"\\div(?![A-Za-z])|÷|⁄"), " / "),
    (re.compile(r"\\[dt]frac(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\frac\s*(\d)\s*(\d)"), r"\\frac{\1}{\2}"),
    (re.compile(r"−|–"), "-"),
    (re.compile(r"\\\(|\\\)|\\\[|\\\]|\$+"), " "),
    (re.compile(r"\\(?:mathrm|mathbf|mathit|text|operatorname|boldsymbol|mathcal)\s*\{([A-Za-z]+)\}"), r" \\@\1 "),
    (re.compile(r"√\s*\("), r"\\sqrt("),
    (re.compile(r"√\s*([A-Za-z0-9]+)"), r"\\sqrt{\1}"),
    (re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+)"), r"^{\1}"),
    (re.compile(rf"(?<![A-Za-z\\@])({_WORDS})(?![A-Za-z])"), r"\\\1"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """`op` of its arguments: number, symbol, add, mul, div, pow, neg, equal, or a function."""

    op: str
    args: tuple[Node, ...] = ()
    name: str = ""
    value: Fraction = Fraction(0)

    def symbols(self) -> frozenset[str]:
        """The names of all symbols."""
        return frozenset({self.name}) if self.op == "symbol" else frozenset().union(*(a.symbols() for a in self.args))


def parse(text: str) -> Node:
    """The tree of a formula in LaTeX or plain notation; `a = b` is one `equal` node.

    Raises:
        DerivationError: not a formula of this grammar, or too long, deep or large.
    """
    if len(text) > MAX_LENGTH:
        raise DerivationError(f"a formula of more than {MAX_LENGTH} characters")
    text = text.strip().rstrip(".,;")
    for pattern, replacement in _SAME:
        text = pattern.sub(replacement, text)
    reader = _Reader(text.translate(_SUP))
    tree = reader.equation()
    if reader.peek():
        raise DerivationError(f"formula, character {reader.at + 1}: cannot be read")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.count, self.depth, self.bars = text, 0, 0, 0, 0

    def peek(self) -> str:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            return "" if not self.text[self.at :].strip() else "?"
        return found[found.lastgroup or ""]

    def take(self, wanted: str = "") -> str:
        found = _TOKEN.match(self.text, self.at)
        token = found[found.lastgroup or ""] if found else ""
        if found is None or (wanted and token != wanted):
            raise DerivationError(f"formula, character {self.at + 1}: {wanted or 'a term'} is missing")
        self.at = found.end()
        return token

    def node(self, op: str, *args: Node, name: str = "", value: Fraction | None = None) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise DerivationError("formula: too large")
        return Node(op, args, name, value if value is not None else Fraction(0))

    def equation(self) -> Node:
        left = self.sum()
        if self.peek() == "=":
            self.take()
            return self.node("equal", left, self.sum())
        return left

    def sum(self) -> Node:
        self.deeper()
        sign = self.take() if self.peek() in {"+", "-"} else "+"
        tree = self.product()
        tree = self.node("neg", tree) if sign == "-" else tree
        while self.peek() in {"+", "-"}:
            operator, right = self.take(), self.product()
            tree = self.node("add", tree, right if operator == "+" else self.node("neg", right))
        self.depth -= 1
        return tree

    def product(self) -> Node:
        tree = self.power()
        while True:
            sign = self.peek()
            if sign in {"*", "/"}:
                self.take()
                tree = self.node("mul" if sign == "*" else "div", tree, self.signed())
            elif self.begins_factor(sign):
                if sign[0].isdigit() and tree.op == "number":
                    raise DerivationError("formula: two numbers side by side")
                tree = self.node("mul", tree, self.power())
            else:
                return tree

    def begins_factor(self, sign: str) -> bool:
        """Whether a product goes on without a sign: `2x`, `m c`, `2(a + b)`."""
        return bool(sign) and (sign[0].isalnum() or sign[0] in "([{\\" or (sign == "|" and not self.bars))

    def signed(self) -> Node:
        if self.peek() == "-":
            self.take()
            return self.node("neg", self.power())
        return self.power()

    def power(self) -> Node:
        tree = self.atom()
        if self.peek() == "!":
            raise DerivationError("formula: factorials are not read")
        if self.peek() in {"^", "**"}:
            self.take()
            return self.node("pow", tree, self.argument())
        return tree

    def argument(self) -> Node:
        """What `^` and a command take: a group, or one sign, digit or letter."""
        if self.peek() == "{":
            return self.group("{", "}")
        if self.peek() == "-":
            self.take()
            return self.node("neg", self.atom())
        return self.atom()

    def group(self, opening: str, closing: str) -> Node:
        self.take(opening)
        tree = self.sum()
        self.take(closing)
        return tree

    def atom(self) -> Node:
        self.deeper()
        first = self.peek()
        if first in {"(", "[", "{"}:
            tree = self.group(first, {"(": ")", "[": "]", "{": "}"}[first])
        elif first == "|":
            self.take()
            self.bars += 1
            inner = self.sum()
            self.bars -= 1
            self.take("|")
            tree = self.node("abs", inner)
        else:
            tree = self.word(self.take())
        self.depth -= 1
        return tree

    def word(self, text: str) -> Node:
        """A number, a command or a letter."""
        if text[0].isdigit() or text[0] == ".":
            return self.node("number", value=Fraction(text))
        if text.startswith("\\"):
            return self.command(text[1:])
        if text.isalpha():
            return self.symbol(_LETTERS.get(text, text))
        raise DerivationError(f"formula: unexpected {text!r}")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise DerivationError("formula: nested too deep")

    def command(self, name: str) -> Node:
        if name == "frac":
            top = self.argument()
            return self.node("div", top, self.argument())
        name, word = name.removeprefix("@"), name.startswith("@")
        name = _OTHER_NAMES.get(name, name)
        if name == "sqrt":
            root = self.group("[", "]") if self.peek() == "[" else self.node("number", value=Fraction(2))
            return self.node("pow", self.argument(), self.node("div", self.node("number", value=Fraction(1)), root))
        if name in FUNCTIONS:
            power = None
            if self.peek() == "^":
                self.take()
                power = self.argument()
            tree = self.node(name, *self.operands())
            return self.node("pow", tree, power) if power else tree
        if name == "pi" or name in _GREEK or word:
            return self.symbol(name)
        raise DerivationError(f"formula: \\{name} is not read")

    def operands(self) -> list[Node]:
        """Of a function: `(a, b)`, or what stands next to it as far as the product goes without another function."""
        if self.peek() not in {"(", "["}:
            return [self.argument() if self.peek() == "{" else self.power()]
        closing = ")" if self.take() == "(" else "]"
        found = [self.sum()]
        while self.peek() == ",":
            self.take()
            found.append(self.sum())
        self.take(closing)
        return found

    def symbol(self, name: str) -> Node:
        if name == "pi":
            return self.node("pi")
        if self.peek() == "_":
            self.take()
            index = re.match(
                r"\s*(?:\{\s*(?:\\@)?([A-Za-z0-9, ]+?)\s*\}|\\@([A-Za-z]+)|([A-Za-z0-9]))", self.text[self.at :]
            )
            if index is None:
                raise DerivationError("formula: an odd index")
            self.at += index.end()
            name += "_" + (index[1] or index[2] or index[3]).replace(" ", "")
        return self.node("symbol", name=name)
