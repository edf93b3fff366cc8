"""What a query says, as frozen dataclasses with the place where each part stands.

Positions are 1-based lines and columns of the file; they take no part in equality, so `count(*)` in ORDER BY equals
`count(*)` in RETURN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal as Choice

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Anything with a place in the text."""

    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Literal(Part):
    value: Scalar | tuple[Scalar, ...]

    def __eq__(self, other: object) -> bool:
        """1, 1.0 and true are three literals, though Python holds them equal; so are 0.0 and -0.0."""
        return isinstance(other, Literal) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash(repr(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Part):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Part):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Part):
    variable: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Part):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Part):
    operand: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate(Part):
    operand: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(Part):
    op: Choice["AND", "OR", "XOR"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Part):
    """`op` is one of = <> < <= > >= + - * / % ^ IN CONTAINS `STARTS WITH` `ENDS WITH`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class IsNull(Part):
    operand: Expr
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Part):
    """`name` is in lower case; `star` stands for `count(*)`."""

    name: str
    arguments: tuple[Expr, ...] = ()
    distinct: bool = False
    star: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantifier(Part):
    kind: Choice["all", "any", "none", "single"]
    variable: str
    source: Expr
    where: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Subquery(Part):
    kind: Choice["exists", "count"]
    matches: tuple[MatchClause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Part):
    """`CASE subject WHEN value THEN result … ELSE otherwise END`; without a subject each WHEN is a condition."""

    subject: Expr | None
    branches: tuple[tuple[Expr, Expr], ...]
    """(after WHEN, after THEN)."""
    otherwise: Expr | None = None
    """None: null."""


Expr = (
    Literal
    | Parameter
    | Variable
    | Property
    | ListOf
    | Not
    | Negate
    | Logic
    | Binary
    | IsNull
    | Call
    | Quantifier
    | Subquery
    | Case
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Part):
    name: str | None
    labels: tuple[Variable, ...] = ()
    """Alternatives; empty: any label. `Variable` carries the place of the name."""
    properties: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship(Part):
    name: str | None
    types: tuple[Variable, ...] = ()
    direction: Choice[-1, 0, 1] = 0
    """1: from the node on its left to the node on its right, -1: the other way, 0: either."""
    low: int = 1
    high: int | None = 1
    """Bounds of the length; `high` None: unbounded."""
    ranged: bool = False
    """Written with `*`: the variable is a list of relationships, even for `*1`."""
    properties: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(Part):
    name: str | None
    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchClause(Part):
    """Within one clause a relationship is used at most once."""

    patterns: tuple[Pattern, ...]
    where: Expr | None = None
    optional: bool = False
    """OPTIONAL MATCH: a row without a match stays, its new variables null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Part):
    expression: Expr | None
    """None: `*`."""
    alias: str | None
    text: str = ""
    """As written: the name of the column where there is no alias."""

    @property
    def column_name(self) -> str:
        return self.alias or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Part):
    expression: Expr
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Part):
    items: tuple[Item, ...]
    distinct: bool = False
    order: tuple[Order, ...] = ()
    skip: Expr | None = None
    limit: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class With(Part):
    """A projection in the middle: what it does not name is gone."""

    projection: Return
    where: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwind(Part):
    """One row for each member of a list; null and the empty list have none."""

    source: Expr
    name: str


Clause = MatchClause | With | Unwind


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Part):
    clauses: tuple[Clause, ...]
    returns: Return | None = None

    @property
    def matches(self) -> tuple[MatchClause, ...]:
        """The MATCH and OPTIONAL MATCH clauses."""
        return tuple(clause for clause in self.clauses if isinstance(clause, MatchClause))

    @property
    def plain(self) -> bool:
        """Nothing but MATCH clauses before RETURN: the matches are a set that can be counted and drawn from."""
        return bool(self.clauses) and all(isinstance(part, MatchClause) and not part.optional for part in self.clauses)


def children(part: Part) -> Iterator[Part]:
    """The parts directly inside a part, in the order of the text."""
    for spec in fields(part):
        yield from _parts(getattr(part, spec.name))


def _parts(value: object) -> Iterator[Part]:
    if isinstance(value, Part):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)


def walk(part: Part) -> Iterator[Part]:
    """A part and everything inside it."""
    yield part
    for child in children(part):
        yield from walk(child)


def names_in(expression: Part) -> dict[str, Part]:
    """Free variable names of an expression, each with the first part that mentions it."""
    found: dict[str, Part] = {}
    _collect(expression, frozenset(), found)
    return found


def _collect(part: Part, local: frozenset[str], found: dict[str, Part]) -> None:
    match part:
        case Variable():
            if part.name not in local:
                found.setdefault(part.name, part)
        case Property():
            if part.variable not in local:
                found.setdefault(part.variable, part)
        case Quantifier():
            _collect(part.source, local, found)
            _collect(part.where, local | {part.variable}, found)
        case Subquery():
            inner = local | _declared(part)
            for clause in part.matches:
                _collect_clause(clause, local, inner, found)
        case _:
            for child in children(part):
                _collect(child, local, found)


def _declared(part: Subquery) -> frozenset[str]:
    """Relationships and paths of a subquery: always its own."""
    patterns = [pattern for clause in part.matches for pattern in clause.patterns]
    names = [pattern.name for pattern in patterns]
    names.extend(relationship.name for pattern in patterns for relationship in pattern.relationships)
    return frozenset(name for name in names if name is not None)


def _collect_clause(clause: MatchClause, local: frozenset[str], inner: frozenset[str], found: dict[str, Part]) -> None:
    """Nodes of a subquery may be variables from outside; the caller drops those that are not."""
    for pattern in clause.patterns:
        for node in pattern.nodes:
            if node.name is not None and node.name not in local:
                found.setdefault(node.name, node)
            for _, value in node.properties:
                _collect(value, inner, found)
        for relationship in pattern.relationships:
            for _, value in relationship.properties:
                _collect(value, inner, found)
    if clause.where is not None:
        _collect(clause.where, inner, found)


def conjuncts(expression: Expr | None) -> Iterator[Expr]:
    """The parts of a conjunction, left to right."""
    if expression is not None:
        yield from operands(expression, "AND")


def operands(expression: Expr, op: str) -> Iterator[Expr]:
    """What AND, OR or XOR joins, left to right: they are associative."""
    if isinstance(expression, Logic) and expression.op == op:
        yield from operands(expression.left, op)
        yield from operands(expression.right, op)
    else:
        yield expression
