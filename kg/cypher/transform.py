"""From lark's parse tree to `kg.cypher.ast`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Literal, TypedDict

from lark import Token, Transformer, Tree, v_args
from lark.tree import Meta

from kg.cypher import ast
from kg.cypher.operators import INTEGERS
from schemas.errors import TemplateError

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "'": "'", '"': '"'}


class At(TypedDict):
    """Where a part stands, as keyword arguments."""

    line: int
    column: int


def at(meta: Meta) -> At:
    """Position arguments of a part; a rule without tokens has none."""
    return {"line": 0, "column": 0} if meta.empty else {"line": meta.line, "column": meta.column}


def unquote(token: Token) -> str:
    """A name without its backticks."""
    return token[1:-1].replace("``", "`") if token.startswith("`") else str(token)


def unescape(token: Token) -> str:
    """The characters that a string literal stands for."""
    text, out, i = token[1:-1], [], 0
    while i < len(text):
        if text[i] != "\\":
            out.append(text[i])
            i += 1
        elif text[i + 1] == "u":
            out.append(_code_point(text[i + 2 : i + 6], token))
            i += 6
        else:
            out.append(_escape(text[i + 1], token))
            i += 2
    try:  # a character beyond the first plane may be written as two \\u escapes
        return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise TemplateError("half of a character: \\uD800 to \\uDFFF stand in pairs only", **_place(token)) from None


def _escape(letter: str, token: Token) -> str:
    if letter not in ESCAPES:
        known = " ".join("\\" + key for key in ESCAPES)
        raise TemplateError(f"unknown escape \\{letter}; known are {known} \\uXXXX", **_place(token))
    return ESCAPES[letter]


def _code_point(digits: str, token: Token) -> str:
    try:
        return chr(int(digits, 16))
    except ValueError:
        raise TemplateError(f"\\u needs four hexadecimal digits, not `{digits}`", **_place(token)) from None


def _place(token: Token) -> At:
    return {"line": token.line or 0, "column": token.column or 0}


def name_part(token: Token) -> ast.Variable:
    return ast.Variable(name=unquote(token), **_place(token))


@v_args(meta=True)
class ToAst(Transformer[Token, ast.Query]):
    """One method per rule of the grammar."""

    def start(self, _meta: Meta, parts: list[ast.Query]) -> ast.Query:
        for part in ast.walk(parts[0]):
            if isinstance(part, ast.Literal) and type(part.value) is int and part.value not in INTEGERS:
                raise too_large(str(part.value), {"line": part.line, "column": part.column})
        return parts[0]

    def query(self, meta: Meta, parts: list[Any]) -> ast.Query:
        *clauses, returns = parts
        return ast.Query(clauses=tuple(clauses), returns=returns, **at(meta))

    def subquery(self, _meta: Meta, parts: list[Any]) -> tuple[ast.MatchClause, ...]:
        return tuple(parts)

    def match(self, meta: Meta, parts: list[Any]) -> ast.MatchClause:
        *patterns, where = parts
        return ast.MatchClause(patterns=tuple(patterns), where=where, **at(meta))

    def optional(self, meta: Meta, parts: list[Any]) -> ast.MatchClause:
        *patterns, where = parts
        return ast.MatchClause(patterns=tuple(patterns), where=where, optional=True, **at(meta))

    def with_(self, meta: Meta, parts: list[Any]) -> ast.With:
        return ast.With(projection=parts[0], where=parts[1], **at(meta))

    def unwind(self, meta: Meta, parts: list[Any]) -> ast.Unwind:
        return ast.Unwind(source=parts[0], name=unquote(parts[1]), **at(meta))

    def where(self, _meta: Meta, parts: list[Any]) -> Any:
        return parts[0]

    def pattern(self, meta: Meta, parts: list[Any]) -> ast.Pattern:
        name, *elements = parts
        return ast.Pattern(
            name=None if name is None else unquote(name),
            nodes=tuple(elements[0::2]),
            relationships=tuple(elements[1::2]),
            **at(meta),
        )

    def node(self, meta: Meta, parts: list[Any]) -> ast.Node:
        name, labels, properties = parts
        return ast.Node(
            name=None if name is None else unquote(name),
            labels=labels or (),
            properties=properties or (),
            **at(meta),
        )

    def labels(self, _meta: Meta, parts: list[Token]) -> tuple[ast.Variable, ...]:
        return tuple(name_part(token) for token in parts)

    types = labels

    def right(self, meta: Meta, parts: list[Any]) -> ast.Relationship:
        return self._relationship(meta, parts, 1)

    def left(self, meta: Meta, parts: list[Any]) -> ast.Relationship:
        return self._relationship(meta, parts, -1)

    def either(self, meta: Meta, parts: list[Any]) -> ast.Relationship:
        return self._relationship(meta, parts, 0)

    def _relationship(self, meta: Meta, parts: list[Any], direction: Literal[-1, 0, 1]) -> ast.Relationship:
        name, types, bounds, properties = parts[0] or (None, None, None, None)
        low, high = bounds or (1, 1)
        return ast.Relationship(
            name=None if name is None else unquote(name),
            types=types or (),
            direction=direction,
            low=low,
            high=high,
            ranged=bounds is not None,
            properties=properties or (),
            **at(meta),
        )

    def body(self, _meta: Meta, parts: list[Any]) -> tuple[Any, ...]:
        return tuple(parts)

    def exactly(self, _meta: Meta, parts: list[Token]) -> tuple[int, int]:
        return int(parts[0]), int(parts[0])

    def between(self, _meta: Meta, parts: list[Token | None]) -> tuple[int, int | None]:
        low, high = parts
        return 1 if low is None else int(low), None if high is None else int(high)

    def unbounded(self, _meta: Meta, _parts: list[Any]) -> tuple[int, None]:
        return 1, None

    def map(self, _meta: Meta, parts: list[Any]) -> tuple[tuple[str, ast.Expr], ...]:
        pairs = zip(parts[0::2], parts[1::2], strict=True)
        return tuple((unquote(key), value) for key, value in pairs if key is not None)

    # RETURN

    def return_(self, meta: Meta, parts: list[ast.Return]) -> ast.Return:
        return replace(parts[0], **at(meta))

    def projection(self, meta: Meta, parts: list[Any]) -> ast.Return:
        distinct, items, *rest = parts
        skip, limit = rest[-2:]
        return ast.Return(
            items=items,
            distinct=distinct is not None,
            order=tuple(part for part in rest[:-2] if part is not None),
            skip=skip,
            limit=limit,
            **at(meta),
        )

    def items(self, _meta: Meta, parts: list[ast.Item]) -> tuple[ast.Item, ...]:
        return tuple(parts)

    def item(self, meta: Meta, parts: list[Any]) -> ast.Item:
        expression, alias = parts
        # `text` is a span for now: parse_query, which has the source, puts the text there
        span = f"{meta.start_pos}:{_end(meta, alias)}"
        return ast.Item(expression=expression, alias=None if alias is None else unquote(alias), text=span, **at(meta))

    def everything(self, meta: Meta, _parts: list[Any]) -> ast.Item:
        return ast.Item(expression=None, alias=None, text=f"{meta.start_pos}:{meta.end_pos}", **at(meta))

    def order(self, meta: Meta, parts: list[Any]) -> ast.Order:
        expression, direction = parts
        descending = direction is not None and direction.lower().startswith("desc")
        return ast.Order(expression=expression, descending=descending, **at(meta))

    # expressions

    def or_(self, meta: Meta, parts: list[Any]) -> ast.Expr:
        return _balanced("OR", parts, at(meta))

    def xor_(self, meta: Meta, parts: list[Any]) -> ast.Logic:
        return ast.Logic(op="XOR", left=parts[0], right=parts[1], **at(meta))

    def and_(self, meta: Meta, parts: list[Any]) -> ast.Expr:
        return _balanced("AND", parts, at(meta))

    def not_(self, meta: Meta, parts: list[Any]) -> ast.Not:
        return ast.Not(operand=parts[-1], **at(meta))

    def chain(self, meta: Meta, parts: list[Any]) -> Any:
        """`a < b < c` is `a < b AND b < c`, as in Neo4j."""
        links: list[ast.Expr] = []
        left = parts[0]
        for op, right in parts[1:]:
            links.append(ast.Binary(op=op, left=left, right=right, **at(meta)))
            left = right
        return _balanced("AND", links, at(meta))

    def tail(self, _meta: Meta, parts: list[Any]) -> tuple[str, ast.Expr]:
        return str(parts[0]), parts[1]

    def less_than_minus(self, meta: Meta, parts: list[Any]) -> tuple[str, ast.Expr]:
        """`a <-2` reaches the parser as `a <- 2`."""
        return "<", self.minus(meta, parts)

    def string_op(self, meta: Meta, parts: list[Any]) -> ast.Binary:
        op = " ".join(parts[1].upper().split())
        return ast.Binary(op=op, left=parts[0], right=parts[2], **at(meta))

    def in_(self, meta: Meta, parts: list[Any]) -> ast.Binary:
        return ast.Binary(op="IN", left=parts[0], right=parts[2], **at(meta))

    def is_null(self, meta: Meta, parts: list[Any]) -> ast.IsNull:
        return ast.IsNull(operand=parts[0], negated=False, **at(meta))

    def is_not_null(self, meta: Meta, parts: list[Any]) -> ast.IsNull:
        return ast.IsNull(operand=parts[0], negated=True, **at(meta))

    def minus(self, meta: Meta, parts: list[Any]) -> ast.Expr:
        operand = parts[0]
        if isinstance(operand, ast.Literal) and isinstance(operand.value, int | float):
            return ast.Literal(value=-operand.value, **at(meta))
        return ast.Negate(operand=operand, **at(meta))

    def plus(self, meta: Meta, parts: list[Any]) -> Any:
        """Only numbers have a sign."""
        return self.minus(meta, [self.minus(meta, parts)])

    def string(self, meta: Meta, parts: list[Token]) -> ast.Literal:
        return ast.Literal(value=unescape(parts[0]), **at(meta))

    def integer(self, meta: Meta, parts: list[Token]) -> ast.Literal:
        value = int(parts[0])
        if value - 1 not in INTEGERS:  # -2^63 is minus 2^63
            raise too_large(parts[0], at(meta))
        return ast.Literal(value=value, **at(meta))

    def float_(self, meta: Meta, parts: list[Token]) -> ast.Literal:
        value = float(parts[0])
        if math.isinf(value):
            raise TemplateError(f"{parts[0]} is larger than any number of 64 bits", **at(meta))
        return ast.Literal(value=value, **at(meta))

    def true(self, meta: Meta, _parts: list[Token]) -> ast.Literal:
        return ast.Literal(value=True, **at(meta))

    def false(self, meta: Meta, _parts: list[Token]) -> ast.Literal:
        return ast.Literal(value=False, **at(meta))

    def null(self, meta: Meta, _parts: list[Token]) -> ast.Literal:
        return ast.Literal(value=None, **at(meta))

    def parameter(self, meta: Meta, parts: list[Token]) -> ast.Parameter:
        return ast.Parameter(name=unquote(parts[0]), **at(meta))

    def variable(self, meta: Meta, parts: list[Token]) -> ast.Variable:
        return ast.Variable(name=unquote(parts[0]), **at(meta))

    def property_(self, meta: Meta, parts: list[Token]) -> ast.Property:
        return ast.Property(variable=unquote(parts[0]), key=unquote(parts[1]), **at(meta))

    def call_star(self, meta: Meta, parts: list[Token]) -> ast.Call:
        return ast.Call(name=parts[0].lower(), star=True, **at(meta))

    def call(self, meta: Meta, parts: list[Any]) -> ast.Call:
        name, distinct, *arguments = parts
        given = tuple(part for part in arguments if part is not None)
        return ast.Call(name=name.lower(), arguments=given, distinct=distinct is not None, **at(meta))

    def quantifier(self, meta: Meta, parts: list[Any]) -> ast.Quantifier:
        kind, variable, _, source, where = parts
        return ast.Quantifier(kind=kind.lower(), variable=unquote(variable), source=source, where=where, **at(meta))

    def case(self, meta: Meta, parts: list[Any]) -> ast.Case:
        subject, *branches, otherwise = parts
        return ast.Case(subject=subject, branches=tuple(branches), otherwise=otherwise, **at(meta))

    def when(self, _meta: Meta, parts: list[Any]) -> tuple[ast.Expr, ast.Expr]:
        return parts[0], parts[1]

    def exists(self, meta: Meta, parts: list[Any]) -> ast.Subquery:
        return ast.Subquery(kind="exists", matches=parts[-1], **at(meta))

    def count(self, meta: Meta, parts: list[Any]) -> ast.Subquery:
        return ast.Subquery(kind="count", matches=parts[-1], **at(meta))

    def list_(self, meta: Meta, parts: list[Any]) -> ast.ListOf:
        return ast.ListOf(items=tuple(part for part in parts if part is not None), **at(meta))

    def group(self, _meta: Meta, parts: list[Any]) -> Any:
        return parts[0]


def _balanced(op: Literal["AND", "OR"], parts: list[ast.Expr], place: At) -> ast.Expr:
    """A long AND or OR as a tree of small depth: both are associative, null included."""
    found = list(parts)
    while len(found) > 1:
        pairs = zip(found[0::2], found[1::2], strict=False)
        joined: list[ast.Expr] = [ast.Logic(op=op, left=one, right=two, **place) for one, two in pairs]
        found = joined + found[len(joined) * 2 :]
    return found[0]


def too_large(text: str, place: At) -> TemplateError:
    """Of a whole number."""
    return TemplateError(f"{text} is larger than any whole number of 64 bits", **place)


def _end(meta: Meta, alias: Token | None) -> int:
    return meta.end_pos if alias is None or alias.start_pos is None else alias.start_pos


for _rule in ("add:+", "subtract:-", "multiply:*", "divide:/", "modulo:%", "raise_:^"):
    _method, _op = _rule.split(":")

    def _binary(_self: ToAst, meta: Meta, parts: list[Any], op: str = _op) -> ast.Binary:
        return ast.Binary(op=op, left=parts[0], right=parts[1], **at(meta))

    setattr(ToAst, _method, v_args(meta=True)(_binary))

ParseTree = Tree[Token]
