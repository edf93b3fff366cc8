"""A join is total on the counted side: no row of the closed set is lost for want of a partner.

Keys that should meet and do not (`jp` in one table, `ja` in another) drop rows in silence, and counts and superlatives
come out wrong. The SQL of the derivation is therefore asked once more, its joins to other relations made LEFT joins:

    SELECT name FROM r JOIN s ON s.code = r.code JOIN f ON r.text = f.text ORDER BY s.number DESC LIMIT 1
    SELECT name FROM r LEFT JOIN s ON s.code = r.code JOIN f ON r.text = f.text WHERE s.rowid IS NULL

Conditions on r and on matched variables still choose what is counted; conditions on the partners do not. The counted
relation stands first after FROM, its partners behind JOIN: otherwise the join cannot be checked and the set is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.proof import sql
from schemas.errors import DerivationError

_FROM: Final = re.compile(
    r"\bFROM\s+(\w+)(?:\s+(?:AS\s+)?(?!JOIN\b|INNER\b|LEFT\b|WHERE\b|GROUP\b|ORDER\b|LIMIT\b|ON\b)(\w+))?",
    re.IGNORECASE,
)
_END: Final = re.compile(r"\b(?:GROUP\s+BY|ORDER\s+BY|LIMIT|HAVING|UNION|EXCEPT|INTERSECT)\b", re.IGNORECASE)
_WHERE: Final = re.compile(r"\bWHERE\b", re.IGNORECASE)


def lost(code: str, relations: dict[str, sql.Relation], own: Sequence[str], others: Sequence[str]) -> str | None:
    """Rows of the counted relation that a join loses, in words; None where it loses none.

    Args:
        code: the SQL of the derivation.
        relations: all relations, one-row relations of variables included.
        own: relations made of the facts of the closed set.
        others: their partners.
    """
    found = _FROM.search(code)
    partners = [name for name in others if re.search(rf"\b{name}\b", code, re.IGNORECASE)]
    if not partners:
        return None
    if found is None or found[1] not in own:
        return (
            f"the join with {', '.join(partners)} cannot be checked: the counted relation must stand first after FROM"
        )
    counted = found[2] or found[1]
    body = _END.split(code[found.start() :])[0]
    aliases = {}
    for name in partners:
        joined = re.compile(
            rf"\b(?:INNER\s+|LEFT\s+(?:OUTER\s+)?)?JOIN\s+{name}\b(?:\s+(?:AS\s+)?(?!ON\b)(\w+))?", re.IGNORECASE
        )
        match = joined.search(body)
        if match is None:
            return f"the join with {name} cannot be checked: write JOIN {name} ON ..."
        aliases[name] = match[1] or name
        body = joined.sub(f"LEFT JOIN {name} {aliases[name]}", body)
    return _asked(_without(body, list(aliases.values())), relations, counted, found[1], list(aliases.values()))


def _without(body: str, partners: Sequence[str]) -> tuple[str, list[str]]:
    """The joins, and the conditions of WHERE that say nothing about the partners."""
    head, *rest = _WHERE.split(body, maxsplit=1)
    conditions = re.split(r"\bAND\b", rest[0], flags=re.IGNORECASE) if rest else []
    mine = [part for part in conditions if not any(re.search(rf"\b{name}\b", part) for name in partners)]
    # A cut through brackets or BETWEEN leaves pieces that are no conditions: then nothing is kept but the joins.
    whole = all(
        part.count("(") == part.count(")") and not re.search(r"\bBETWEEN\b", part, re.IGNORECASE) for part in mine
    )
    return head, mine if whole else []


def _asked(
    parts: tuple[str, list[str]], relations: dict[str, sql.Relation], counted: str, name: str, partners: Sequence[str]
) -> str | None:
    head, conditions = parts
    rows = relations.get(name) or [{}]
    column = "name" if "name" in rows[0] else next(iter(rows[0]), "rowid")
    missing = " OR ".join(f"{partner}.rowid IS NULL" for partner in partners)
    where = " AND ".join([*(f"({part})" for part in conditions), f"({missing})"])
    try:
        outcome = sql.run(f"SELECT DISTINCT {counted}.{column} {head} WHERE {where}", relations, tie="set")
    except DerivationError as error:
        return f"the join cannot be checked: {error}"
    if not outcome.rows:
        return None
    some = ", ".join(str(row[0]) for row in outcome.rows[:3])
    return f"the join finds no partner for {len(outcome.rows)} rows ({some})"
