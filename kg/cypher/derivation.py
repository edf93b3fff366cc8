"""What the code of a derivation may be, told from the code alone: SQLite's opinion, and the shape of arithmetic."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

SQL_FUNCTIONS: Final = frozenset(
    {"abs", "avg", "coalesce", "count", "dense_rank", "first_value", "group_concat", "iif", "ifnull", "instr", "lag"}
    | {"last_value", "lead", "length", "like", "lower", "ltrim", "max", "min", "nullif", "rank", "replace", "round"}
    | {"row_number", "rtrim", "sign", "substr", "sum", "total", "trim", "upper"}
)
"""What a derivation may call. Left out on purpose: whatever reads a clock, a file, randomness or makes large blobs."""

ARITHMETIC: Final = frozenset({"abs", "min", "max", "mean", "sum", "days", "formula"})
"""Functions of `sympy`."""

ANSWER_COLUMNS: Final = ("unit", "scale", "decimals", "kind")
"""Columns of the relation that says how the answer is stated."""

Problem = tuple[str, str]
"""(message, word of the code that it is about, or "")."""


def sql_problem(code: str, tables: Mapping[str, Mapping[str, str]]) -> Problem | None:
    """What SQLite says of a query over empty tables.

    Args:
        code: one SELECT.
        tables: name -> column -> type.
    """
    if not re.match(r"\s*(select|with)\b", code, re.IGNORECASE):
        return "`sql` is not one SELECT", ""
    connection = sqlite3.connect(":memory:")
    try:
        for name, columns in tables.items():
            typed = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f'CREATE TABLE "{name}" ({typed})')
        denied: list[str] = []
        connection.set_authorizer(lambda action, _, what, __, ___: _allow(action, what, denied))
        try:
            connection.execute("EXPLAIN " + code)
        except (sqlite3.Error, sqlite3.Warning) as error:
            return _said(str(error), denied, tables)
    finally:
        connection.close()
    return None


def _allow(action: int, what: str | None, denied: list[str]) -> int:
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        if (what or "").lower() in SQL_FUNCTIONS:
            return sqlite3.SQLITE_OK
        denied.append(what or "")
    return sqlite3.SQLITE_DENY


def _said(message: str, denied: list[str], tables: Mapping[str, Mapping[str, str]]) -> Problem:
    if denied:
        close = get_close_matches(denied[0].lower(), SQL_FUNCTIONS, n=1)
        hint = f"did you mean {close[0]}()?" if close else f"known: {', '.join(sorted(SQL_FUNCTIONS))}"
        return f"a derivation may not call {denied[0]}(); {hint}", denied[0]
    for kind, known in (("column", [c for columns in tables.values() for c in columns]), ("table", list(tables))):
        found = re.fullmatch(rf"no such {kind}: ([\w.]+)", message)
        if found:
            name = found[1].rpartition(".")[2]
            close = get_close_matches(name, sorted(set(known)), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            return f"`sql` names the {kind} `{found[1]}`, which does not exist{hint}", name
    near = re.match(r'near "([^"]+)"', message)
    return f"`sql` is not SQL that SQLite understands: {message}", near[1] if near and near[1].isalnum() else ""


def arithmetic_problem(code: str) -> Problem | None:
    """What is wrong with the shape of an arithmetic expression; quoted text is emptied before."""
    for name in re.findall(r"\b([A-Za-z_]\w*)\s*\(", code):
        if name not in ARITHMETIC:
            close = get_close_matches(name, sorted(ARITHMETIC), n=1)
            hint = f"did you mean {close[0]}()?" if close else f"known: {', '.join(sorted(ARITHMETIC))}"
            return f"unknown function {name}() in `sympy`; {hint}", name
    depth = 0
    for letter in code:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return "a parenthesis in `sympy` closes what was not opened", ""
    if depth:
        return "a parenthesis in `sympy` is not closed", ""
    if not code.strip() or re.search(r"[-+*/^(,]\s*([)*/^,]|$)|^\s*[*/^]", code.replace("**", "^")):
        return "an operand is missing in `sympy`", ""
    if re.search(r"[\w)'\"]\s+\w|\)\s*\(", code):
        return "an operator is missing in `sympy`", ""
    bare = re.sub(r"\bformula\(\s*\w+", "formula(1", code)
    for word in re.findall(r"(?<![\w.])([A-Za-z_]\w*)(?![\w.]|\s*[(=])", bare):
        return f"`{word}` in `sympy` needs a property: write {word}.number", word
    return None
