"""Ladybug's text of a query: relationships used once, self-loops once, every label and type in backticks.

Checked against a literal enumeration: `id(x) <> id(y)` for each pair of relationships of a clause whose types overlap;
`is_trail(p)` for a pattern with a variable length; distinct keys of all nodes and relationships where a hop is
undirected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from kg.cypher import ast
from kg.cypher.dialects.writer import Writer, quoted, refuse
from kg.cypher.expressions import is_aggregate
from kg.cypher.kinds import wrong


@dataclass(slots=True)
class Named:
    """The names of a query's elements once everything has one."""

    nodes: list[str] = field(default_factory=list)
    relationships: list[ast.Relationship] = field(default_factory=list)
    labels: dict[str, tuple[ast.Variable, ...]] = field(default_factory=dict)
    """Labels that a node still has to be written with: at its first mention."""
    paths: list[ast.Pattern] = field(default_factory=list)
    """Patterns that have or got a name."""


def rewritten(query: ast.Query) -> str:
    """See `kg.cypher.dialects.ladybug`."""
    returns = query.returns
    if returns is None:
        raise wrong(query, "RETURN is missing: name what you want, e.g. RETURN e.name AS name")
    if not query.plain:
        raise refuse(query, "OPTIONAL MATCH, WITH, UNWIND")
    text, named = matches(query.matches, Writer(), prefix="_")
    if all(relationship.direction != 0 for relationship in named.relationships):
        return f"{text} {_return(returns, Writer(), query)}"
    keys, renamed = _keys(query, named)
    return f"{text} WITH DISTINCT {', '.join(keys)} {_return(returns, Writer(renamed), query)}"


def matches(clauses: Sequence[ast.MatchClause], writer: Writer, *, prefix: str) -> tuple[str, Named]:
    """The MATCH clauses and the names of all elements; `prefix` begins the names of anonymous ones."""
    named = Named(labels=_labels(clauses))
    _refuse_lengths(clauses)
    out = []
    for clause in clauses:
        patterns = tuple(_named(pattern, prefix, named) for pattern in clause.patterns)
        conditions = list(_apart(patterns))
        if clause.where is not None:
            conditions.append(writer.expression(clause.where))
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        out.append(f"MATCH {', '.join(_pattern(pattern, writer) for pattern in patterns)}{where}")
    return " ".join(out), named


def _labels(clauses: Sequence[ast.MatchClause]) -> dict[str, tuple[ast.Variable, ...]]:
    """Labels of each named node: of several mentions those that fit all, because Ladybug would take any.

    Raises:
        TemplateError: no label fits.
    """
    found: dict[str, tuple[ast.Variable, ...]] = {}
    nodes = [node for clause in clauses for pattern in clause.patterns for node in pattern.nodes]
    for node in nodes:
        if node.name is not None and node.labels:
            old = found.get(node.name, node.labels)
            found[node.name] = tuple(label for label in old if label in node.labels)
            if not found[node.name]:
                raise refuse(node, f"`{node.name}` has two labels that exclude each other")
    return found


def _refuse_lengths(clauses: Sequence[ast.MatchClause]) -> None:
    """A variable length is rewritten exactly only where the query is one chain with one of them: beside a second one
    Ladybug 0.22 binds other nodes than it walks, and beside another hop it miscounts length 0 (both measured).

    Raises:
        TemplateError: it stands elsewhere.
    """
    patterns = [pattern for clause in clauses for pattern in clause.patterns]
    for pattern in patterns:
        for relationship in pattern.relationships:
            if relationship.ranged and len(patterns) > 1:
                raise refuse(relationship, "a variable length beside another pattern")
            if relationship.ranged and sum(other.ranged for other in pattern.relationships) > 1:
                raise refuse(relationship, "two variable lengths in one pattern")
            if relationship.ranged and relationship.low == 0 and len(pattern.relationships) > 1:
                raise refuse(relationship, "a length of 0 beside another hop")


def _named(pattern: ast.Pattern, prefix: str, named: Named) -> ast.Pattern:
    """The pattern with a name for every node, relationship and, where a length varies, path."""
    nodes = []
    for node in pattern.nodes:
        name = node.name or f"{prefix}n{len(named.nodes)}"
        labels = node.labels if node.name is None else named.labels.pop(name, ())
        if name not in named.nodes:
            named.nodes.append(name)
        nodes.append(replace(node, name=name, labels=labels))
    relationships = []
    for relationship in pattern.relationships:
        made = replace(relationship, name=relationship.name or f"{prefix}r{len(named.relationships)}")
        named.relationships.append(made)
        relationships.append(made)
    path = pattern.name
    if any(relationship.ranged for relationship in relationships):
        path = path or f"{prefix}p{len(named.paths)}"
    made_pattern = replace(pattern, name=path, nodes=tuple(nodes), relationships=tuple(relationships))
    if path is not None:
        named.paths.append(made_pattern)
    return made_pattern


def _apart(patterns: Sequence[ast.Pattern]) -> list[str]:
    """Conditions that keep a relationship from being used twice in a clause."""
    found = [f"is_trail({quoted(p.name)})" for p in patterns if p.name and any(r.ranged for r in p.relationships)]
    owned = [(k, relationship) for k, pattern in enumerate(patterns) for relationship in pattern.relationships]
    for (i, one), (j, two) in combinations(owned, 2):
        if not _overlap(one, two):
            continue
        if i != j or not any(relationship.ranged for relationship in patterns[i].relationships):
            found.append(f"id({quoted(one.name or '')}) <> id({quoted(two.name or '')})")
    return found


def _overlap(one: ast.Relationship, two: ast.Relationship) -> bool:
    first, second = ({kind.name for kind in relationship.types} for relationship in (one, two))
    return not first or not second or bool(first & second)


def _pattern(pattern: ast.Pattern, writer: Writer) -> str:
    parts = [_node(pattern.nodes[0], writer)]
    for relationship, node in zip(pattern.relationships, pattern.nodes[1:], strict=True):
        parts += [_relationship(relationship, writer), _node(node, writer)]
    return (f"{quoted(pattern.name)} = " if pattern.name is not None else "") + "".join(parts)


def _node(node: ast.Node, writer: Writer) -> str:
    labels = ":" + "|".join(quoted(label.name) for label in node.labels) if node.labels else ""
    return f"({quoted(node.name or '')}{labels}{_map(node.properties, writer)})"


def _relationship(relationship: ast.Relationship, writer: Writer) -> str:
    types = ":" + "|".join(quoted(kind.name) for kind in relationship.types) if relationship.types else ""
    if relationship.ranged and relationship.properties:
        raise refuse(relationship, "properties of a variable-length hop")
    length = f"*{relationship.low}..{relationship.high}" if relationship.ranged else ""
    body = f"[{quoted(relationship.name or '')}{types}{length}{_map(relationship.properties, writer)}]"
    return f"{'<' if relationship.direction < 0 else ''}-{body}-{'>' if relationship.direction > 0 else ''}"


def _map(properties: Sequence[tuple[str, ast.Expr]], writer: Writer) -> str:
    pairs = [f"{quoted(key)}: {writer.expression(value)}" for key, value in properties]
    return f" {{{', '.join(pairs)}}}" if pairs else ""


def _keys(query: ast.Query, named: Named) -> tuple[list[str], dict[tuple[str, str], str]]:
    """Columns of a WITH DISTINCT that make each match one row, and what replaces the relationships after it.

    Ladybug gives a self-loop on an undirected hop twice, as two values that are not equal; their ids are.
    """
    keys = [quoted(name) for name in named.nodes]
    renamed: dict[tuple[str, str], str] = {}
    wanted = {(part.variable, part.key) for part in ast.walk(query) if isinstance(part, ast.Property)}
    for relationship in named.relationships:
        name = relationship.name or ""
        if relationship.ranged:
            keys.append(f"properties(rels({quoted(name)}), 'id') AS {quoted(f'_{name}_ids')}")
            continue
        for prop in dict.fromkeys(["id", *sorted(key for variable, key in wanted if variable == name)]):
            column = quoted(f"_{name}_{prop}")
            keys.append(f"{quoted(name)}.{quoted(prop)} AS {column}")
            renamed[name, prop] = column
    _refuse_elements(query, named)
    return keys, renamed


def _refuse_elements(query: ast.Query, named: Named) -> None:
    """After WITH DISTINCT paths and relationships are gone: only ids and properties are left.

    Raises:
        TemplateError: RETURN needs more of them.
    """
    returns = query.returns
    assert returns is not None
    paths = {pattern.name for pattern in named.paths}
    relationships = {relationship.name: relationship for relationship in named.relationships}
    for part in ast.walk(returns):
        if isinstance(part, ast.Call) and part.name in ("type", "length", "nodes", "relationships"):
            raise refuse(part, f"{part.name}() in RETURN beside an undirected hop")
        if isinstance(part, ast.Variable) and (
            part.name in paths or getattr(relationships.get(part.name), "ranged", False)
        ):
            raise refuse(part, "a path in RETURN beside an undirected hop")


def _return(returns: ast.Return, writer: Writer, query: ast.Query) -> str:
    items = []
    columns: dict[ast.Expr, str] = {}
    for item in returns.items:
        for name, expression in _expanded(item, query):
            items.append(f"{writer.expression(expression)} AS {quoted(name)}")
            columns[expression] = quoted(name)
    text = f"RETURN {'DISTINCT ' if returns.distinct else ''}{', '.join(items)}"
    if returns.order:
        folded = returns.distinct or any(is_aggregate(part) for part in ast.walk(returns))
        text += " ORDER BY " + ", ".join(_order(part, writer, columns, folded=folded) for part in returns.order)
    for word, amount in (("SKIP", returns.skip), ("LIMIT", returns.limit)):
        text += f" {word} {writer.expression(amount)}" if amount is not None else ""
    return text


def _expanded(item: ast.Item, query: ast.Query) -> list[tuple[str, ast.Expr]]:
    if item.expression is not None:
        return [(item.column_name, item.expression)]
    patterns = [pattern for clause in query.matches for pattern in clause.patterns]
    names = {node.name for pattern in patterns for node in pattern.nodes if node.name}
    names |= {hop.name for pattern in patterns for hop in pattern.relationships if hop.name}
    names |= {pattern.name for pattern in patterns if pattern.name}
    return [(name, ast.Variable(name=name)) for name in sorted(names)]


def _order(part: ast.Order, writer: Writer, columns: dict[ast.Expr, str], *, folded: bool) -> str:
    text = columns.get(part.expression) if folded else None
    if text is None:
        text = columns.get(part.expression, writer.expression(part.expression))
    return f"{text}{' DESC' if part.descending else ''}"
