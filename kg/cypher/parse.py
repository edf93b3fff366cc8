"""From text to `ast.Query`, or a `TemplateError` that says where, what, and what to write instead."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.cypher import ast
from schemas.errors import TemplateError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

GRAMMAR = Path(__file__).with_name("grammar.lark")
DEEPEST: Final = 120
"""Levels of a parse tree; Python's own limit is near 1,000 calls, and each level takes several."""


@cache
def parser() -> Lark:
    """The LALR(1) parser. Built at the first query: 0.3 s, which `kgmine --help` must not pay."""
    from lark import Lark

    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=True,
    )


def parse_query(text: str, *, path: str = "") -> ast.Query:
    """Parse one query of the portable subset.

    Args:
        text: the whole file; comments are skipped, so positions are the file's.
        path: only for the message of an error.

    Raises:
        TemplateError: with line, column, source line, and what to write instead.
    """
    from lark import UnexpectedInput
    from lark.exceptions import VisitError

    from kg.cypher.mistakes import explain
    from kg.cypher.transform import ToAst

    try:
        tree = parser().parse(text)
    except UnexpectedInput as error:
        raise explain(error, text, path) from None
    _not_too_deep(tree, text, path)
    try:
        query = ToAst().transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, TemplateError):
            raise located(error.orig_exc, text, path) from None
        raise
    return _with_texts(query, text)


def _not_too_deep(tree: Tree[Token], text: str, path: str) -> None:
    """Everything behind the parser follows the tree by recursion.

    Raises:
        TemplateError: an expression is nested too deeply for that.
    """
    level: list[Any] = [tree]
    for _ in range(DEEPEST):
        level = [child for part in level for child in part.children if hasattr(child, "children")]
        if not level:
            return
    place = next((part.meta for part in level if not part.meta.empty), tree.meta)
    message = f"an expression is nested more than {DEEPEST} deep: write a list, or fewer terms"
    raise located(TemplateError(message, line=place.line, column=place.column), text, path)


def source_line(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


def located(error: TemplateError, text: str, path: str) -> TemplateError:
    """The same error with the file's path and the source line."""
    return TemplateError(
        error.message,
        path=error.path or path,
        line=error.line,
        column=error.column,
        source=error.source or source_line(text, error.line),
    )


def _with_texts(query: ast.Query, text: str) -> ast.Query:
    """Columns without an alias are called as they were written, variables by their name."""
    clauses = tuple(
        replace(clause, projection=_named(clause.projection, text)) if isinstance(clause, ast.With) else clause
        for clause in query.clauses
    )
    returns = None if query.returns is None else _named(query.returns, text)
    return replace(query, clauses=clauses, returns=returns)


def _named(projection: ast.Return, text: str) -> ast.Return:
    return replace(projection, items=tuple(replace(item, text=_slice(item, text)) for item in projection.items))


def _slice(item: ast.Item, text: str) -> str:
    if isinstance(item.expression, ast.Variable):
        return item.expression.name
    start, _, end = item.text.partition(":")
    written = text[int(start) : int(end)].strip()
    if item.alias is not None:
        written = written[: -len("AS")].rstrip()
    return written
