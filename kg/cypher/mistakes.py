"""What a syntax error means and what to write instead.

The first rule whose patterns fit the text before and after the place of the error says the message; where none does,
the message lists what could have stood there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from kg.cypher.parse import source_line
from schemas.errors import TemplateError


@dataclass(frozen=True, slots=True)
class Mistake:
    after: str
    """Pattern of the text from the place of the error on."""
    message: str
    before: str = ""
    """Pattern of the text that ends at the place of the error."""

    def fits(self, before: str, after: str) -> bool:
        found = re.match(self.after, after, re.IGNORECASE | re.DOTALL)
        return found is not None and (not self.before or _ends(self.before, before))


def _ends(pattern: str, text: str) -> bool:
    return re.search(f"(?:{pattern})\\s*\\Z", text[-400:], re.IGNORECASE) is not None


READ_ONLY = "kgmine only reads the graph: {} is not allowed in a template or query"

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        r".",
        "an expression is missing before this clause",
        r"(=|<>|<|>|\+|,|\bAND|\bOR|\bNOT|\bWHERE)\s*(RETURN|WHERE|MATCH|ORDER|LIMIT|SKIP)",
    ),
    Mistake(
        r"(OPTIONAL\s+MATCH|WITH|UNWIND)\b",
        "a subquery holds MATCH clauses only; write its conditions in their WHERE",
        r"(EXISTS|COUNT)\s*\{[^}]*",
    ),
    Mistake(r"(EXPLAIN|PROFILE)\b", "a plan is no part of a query; kgmine template explain FILE shows a template's"),
    Mistake(r"CALL\b", "CALL is not in the portable subset; write a MATCH, or `derive: rows`"),
    Mistake(
        r"UNION\b",
        "UNION is not in the portable subset; write one query or template for each part, or alternatives `A|B`",
    ),
    Mistake(r"(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|LOAD|DROP)\b", READ_ONLY.format("a clause that writes")),
    Mistake(r",", "each WHEN has one value: WHEN 1 THEN … WHEN 2 THEN …", r"\bWHEN\b(?!.*\bTHEN\b).*"),
    Mistake(r"\|", "reduce() is not in the portable subset; compute it in `derive: sql`", r"\breduce\s*\(.*"),
    Mistake(r"[-+]", "two signs in a row are not portable; write -(-x)", r"[-+]"),
    Mistake(r"\.\d", "a number has a digit before its point: write 0.5", r"[^\w.]"),
    Mistake(r"\d+[A-Za-z_]", "a number ends with a digit: write decimal digits only, and a space before a word"),
    Mistake(r"END\b|ELSE\b|THEN\b|$", "CASE needs at least one WHEN … THEN …", r"\bCASE(\s+[\w.]+)?"),
    Mistake(
        r"RETURN\b|WITH\b|MATCH\b|$", "CASE is not closed: write END after its last branch", r"\bCASE\b.*\bTHEN\b.*"
    ),
    Mistake(
        r"\(",
        "shortestPath is not in the portable subset; write the lengths, e.g. -[:T*1..3]->",
        r"shortestPaths?|allShortestPaths",
    ),
    Mistake(
        r"(all)?shortestPaths?\b|SHORTEST\b|ANY\s+SHORTEST",
        "shortestPath is not in the portable subset; write the lengths, e.g. -[:T*1..3]->",
    ),
    Mistake(r"\S", "SKIP and LIMIT take a whole number or a parameter", r"\b(SKIP|LIMIT)\s+[\w$]*"),
    Mistake(r"(ORDER|SKIP|LIMIT)\b", "a WITH has ORDER BY, SKIP and LIMIT before WHERE", r"\bWITH\b.*\bWHERE\b.*"),
    Mistake(r"\(", "an optional part is written OPTIONAL MATCH (a)-[:T]->(b)", r"\bOPTIONAL"),
    Mistake(r"OPTIONAL\b", "an optional part is written OPTIONAL MATCH (a)-[:T]->(b)"),
    Mistake(
        r"\w|$", "the members of a list need a name: UNWIND list AS x", r"\bUNWIND\b(?!.*\b(AS|RETURN|WITH|MATCH)\b).*"
    ),
    Mistake(r"\{", "maps are not in the portable subset; name a column for each value", r"\b(RETURN|WITH)\b.*"),
    Mistake(r"=~", "regular expressions are not in the portable subset; write STARTS WITH, ENDS WITH or CONTAINS"),
    Mistake(r"==", "equality is written `=`"),
    Mistake(r"!=", "inequality is written `<>`"),
    Mistake(r"&&", "conjunction is written AND"),
    Mistake(r"\|\|", "disjunction is written OR, and strings are joined with +"),
    Mistake(r":", "a node of this graph has one label; write (x:A|B) for either label", r"\(\s*[\w`]*\s*:\s*[\w`]+"),
    Mistake(
        r"&",
        "a node of this graph has one label, so `&` matches nothing; write one label, or (x:A|B) for either",
        r":\s*[\w`|]+",
    ),
    Mistake(
        r"[!%]",
        "label expressions are not in the portable subset; list the labels or types that you want: A|B",
        r"[:|]",
    ),
    Mistake(
        r"\(",
        "label expressions are not in the portable subset; list the labels or types that you want: A|B",
        r"[(\[]\s*[\w`]*\s*:",
    ),
    Mistake(r"IS\b", "a label is written behind a colon: (x:Label)", r"(MATCH|,|-|>)\s*\(\s*[\w`]*"),
    Mistake(
        r":", "alternatives of labels are written (x:A|B), without the second colon", r"\(\s*[\w`]*\s*:\s*[\w`|]+\|"
    ),
    Mistake(
        r":",
        "a label in WHERE is not in the portable subset; write it in the pattern, (x:Label)",
        r"\b(WHERE|AND|OR|NOT)\s+\(?[\w`]+",
    ),
    Mistake(r":", "a pattern in WHERE is written EXISTS { MATCH (a)-[:T]->(b) }", r"-\s*\[\s*\w*"),
    Mistake(
        r">|->|\)",
        "a pattern in WHERE is written EXISTS { MATCH (a)-[:T]->(b) }",
        r"\b(WHERE|AND|OR|NOT)\b[^()]*\(+[^()]*\)\s*-(\s*-|\s*\[[^\]]*\]\s*-)?",
    ),
    Mistake(
        r"\|",
        "list comprehensions are not in the portable subset; write all(…), any(…), none(…) or single(…)",
        r"\[[^\]]*\bIN\b[^\]]*",
    ),
    Mistake(
        r"WHERE\b",
        "list comprehensions are not in the portable subset; write all(…), any(…), none(…) or single(…)",
        r"\[[^\]]*\bIN\b[^\]]*",
    ),
    Mistake(
        r"WHERE\b",
        "a predicate inside a pattern is not in the portable subset; write it in the WHERE after the pattern",
        r"[(\[][^()\[\]]*",
    ),
    Mistake(
        r"\{",
        "quantified paths are not in the portable subset; write the lengths in the hop, e.g. -[:T*1..3]->",
        r"[->)+]",
    ),
    Mistake(
        r"[+*]",
        "quantified paths are not in the portable subset; write the lengths in the hop, e.g. -[:T*1..3]->",
        r"->|\]-",
    ),
    Mistake(
        r"\(",
        "quantified paths are not in the portable subset; write the lengths in the hop, e.g. -[:T*1..3]->",
        r"(MATCH|,|->|-)\s*\(",
    ),
    Mistake(
        r"\[", "indexing is not in the portable subset: lists start at 0 in one engine and at 1 in another", r"[\w)\]]"
    ),
    Mistake(r"\(", "functions with a namespace are not in the portable subset", r"\w+\.\w+"),
    Mistake(r"\.", "a property of a property does not exist; write variable.property", r"\w+\.\w+"),
    Mistake(r">\s*\(", "a hop is written --> or -[:T]->", r"\)\s*-"),
    Mistake(r"->", "write one arrow head: -[:T]->, <-[:T]-, or -[:T]- for either direction", r"<-\s*(\[[^\]]*\])?"),
    Mistake(r">", "write one arrow head: -[:T]->, <-[:T]-, or -[:T]- for either direction", r"<-\s*-"),
    Mistake(r"\(", "EXISTS is written with braces and MATCH: EXISTS { MATCH (a)-[:T]->(b) }", r"\bEXISTS"),
    Mistake(r"\(", "a subquery needs its MATCH: EXISTS { MATCH (a)-[:T]->(b) }", r"\b(EXISTS|COUNT)\s*\{"),
    Mistake(r"['\"]", "this string has no closing quote"),
    Mistake(r"`", "this name has no closing backtick"),
    Mistake(r"(MATCH|WITH|UNWIND|OPTIONAL)\b", "RETURN is the last clause: write WITH where rows go on", r"RETURN\b.*"),
    Mistake(r"WHERE\b", "write one WHERE after each MATCH and join its conditions with AND", r"WHERE\b.*"),
    Mistake(r"RETURN\b", "a subquery in EXISTS or COUNT needs no RETURN", r"(EXISTS|COUNT)\s*\{[^}]*"),
)

NAMES = {
    "NAME": "a name",
    "INT": "a whole number",
    "FLOAT": "a number",
    "STRING": "a string",
    "COMPARE": "a comparison",
    "STRING_OP": "STARTS WITH",
    "IS_NULL": "IS NULL",
    "IS_NOT_NULL": "IS NOT NULL",
    "_ORDER_BY": "ORDER BY",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "VBAR": "`|`",
    "DOLLAR": "`$`",
    "EQUAL": "`=`",
    "$END": "the end",
    "__ANON_0": "`->`",
    "__ANON_1": "`<-`",
    "__ANON_2": "`..`",
}
EXPRESSION = frozenset({"STRING", "FLOAT", "QUANTIFIER"})
CLAUSES = frozenset({"_MATCH", "_OPTIONAL_MATCH", "_UNWIND", "_WITH", "_RETURN"})
OPERATORS = frozenset({"COMPARE", "PLUS", "MINUS"})


def explain(error: UnexpectedInput, text: str, path: str) -> TemplateError:
    """The error in the template author's words."""
    position, line, column = _where(error, text)
    before, after = text[:position], text[position:]
    message = next((rule.message for rule in MISTAKES if rule.fits(before, after)), None)
    if message is None:
        message = _unexpected(error, after)
    return TemplateError(message, path=path, line=line, column=column, source=source_line(text, line))


def _where(error: UnexpectedInput, text: str) -> tuple[int, int, int]:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    position = getattr(error, "pos_in_stream", None)
    if not at_end and position is not None:
        return int(position), error.line, error.column
    written = text.rstrip()
    return len(written), written.count("\n") + 1, len(written) - (written.rfind("\n") + 1) + 1


def _unexpected(error: UnexpectedInput, after: str) -> str:
    expected = _expected(error)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        found = f"`{error.token}`"
    else:
        found = f"`{after[0]}`" if after.strip() else "the end of the text"
    return f"{found} cannot stand here; expected {expected}"


def _expected(error: UnexpectedInput) -> str:
    names: set[str] = set()
    if isinstance(error, UnexpectedToken):
        names = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    if names >= EXPRESSION:
        return "an expression"
    if names >= OPERATORS:
        return "an operator, AND, OR, or the next clause"
    if not names - CLAUSES:
        return "a clause that reads: MATCH, OPTIONAL MATCH, UNWIND, WITH or RETURN"
    words = sorted({NAMES.get(name, name.strip("_").replace("_", " ")) for name in names if name != "SEMICOLON"})
    shown = words[:8]
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
