"""Lint of the query: names that the graph does not have, hops that cannot match, patterns that fall apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from kg.cypher import ast
from kg.cypher.plan import Hop, Plan, joins
from kg.cypher.schema import Schema
from kg.cypher.template import Template
from schemas.errors import TemplateError

NUMBERS = ("int64", "float64")


def problems(template: Template, schema: Schema) -> Iterator[TemplateError]:
    """See `kg.cypher.lint.lint`."""
    for message, part in query_problems(template.query, template.plan, schema):
        yield template.error(message, (part.line, part.column))
    yield from _apart(template)
    yield from _idle(template, schema)


def query_problems(query: ast.Query, plan: Plan, schema: Schema) -> Iterator[tuple[str, ast.Part]]:
    """Problems of a query by itself; for `derive: rows` too."""
    yield from _names(query, schema)
    yield from _properties(query, plan, schema)
    for hop in plan.hops:
        message = _impossible(hop, plan, schema)
        if message is not None:
            yield message, ast.Part(line=hop.line, column=hop.column)


def similar(name: str, known: tuple[str, ...]) -> str:
    """`did you mean …` or the list of what there is."""
    folded = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), list(folded), n=1, cutoff=0.6)
    return f"did you mean `{folded[close[0]]}`?" if close else f"known: {', '.join(known)}"


def _names(query: ast.Query, schema: Schema) -> Iterator[tuple[str, ast.Part]]:
    for part in ast.walk(query):
        if isinstance(part, ast.Node):
            for label in part.labels:
                if label.name not in schema.nodes:
                    yield f"unknown label `{label.name}`; {similar(label.name, schema.labels)}", label
        elif isinstance(part, ast.Relationship):
            for kind in part.types:
                if kind.name not in schema.edges:
                    yield f"unknown relationship type `{kind.name}`; {similar(kind.name, schema.types)}", kind


def _properties(query: ast.Query, plan: Plan, schema: Schema) -> Iterator[tuple[str, ast.Part]]:
    """Properties that no possible element has, and comparisons with a literal of another type."""
    scope = _Types(query, plan, schema)
    for part in ast.walk(query):
        if isinstance(part, ast.Property) and scope.knows(part.variable) and scope.type_of(part) is None:
            yield f"{scope.owner(part.variable)} has no property `{part.key}`; {scope.similar(part)}", part
        if isinstance(part, ast.Node | ast.Relationship):
            yield from scope.mapped(part)
        if isinstance(part, ast.Binary) and part.op in ("=", "<>", "<", "<=", ">", ">="):
            message = scope.mismatch(part)
            if message is not None:
                yield message, part


class _Types:
    """Types of the properties of a query's variables."""

    def __init__(self, query: ast.Query, plan: Plan, schema: Schema) -> None:
        self.schema = schema
        self.labels: dict[str, tuple[str, ...] | None] = {node.name: node.labels for node in plan.nodes}
        self.types: dict[str, tuple[str, ...]] = {hop.name: hop.types for hop in plan.hops}
        for part in ast.walk(query):
            if isinstance(part, ast.Node) and part.name is not None:
                self.labels.setdefault(part.name, tuple(label.name for label in part.labels) or None)
            elif isinstance(part, ast.Relationship) and part.name is not None:
                self.types.setdefault(part.name, tuple(kind.name for kind in part.types))

    def knows(self, name: str) -> bool:
        """Whether the name is a node or a relationship, with labels and types that exist."""
        labels, types = self.labels.get(name), self.types.get(name, ())
        known = all(label in self.schema.nodes for label in labels or ())
        return (
            known and (name in self.labels or name in self.types) and all(kind in self.schema.edges for kind in types)
        )

    def type_of(self, part: ast.Property) -> str | None:
        if part.variable in self.labels:
            return self.schema.node_type(self.labels[part.variable], part.key)
        return self.schema.edge_type(self.types.get(part.variable, ()), part.key)

    def owner(self, name: str) -> str:
        names = self.labels.get(name) if name in self.labels else self.types.get(name)
        return "|".join(names) if names else "no label" if name in self.labels else "no type"

    def similar(self, part: ast.Property) -> str:
        return similar(part.key, self._known(self.labels.get(part.variable), self.types.get(part.variable)))

    def _known(self, labels: tuple[str, ...] | None, types: tuple[str, ...] | None) -> tuple[str, ...]:
        owners, chosen = (self.schema.edges, types) if types is not None else (self.schema.nodes, labels)
        return tuple(sorted({prop for owner in chosen or owners for prop in owners.get(owner, {})} | {"id"}))

    def mapped(self, part: ast.Node | ast.Relationship) -> Iterator[tuple[str, ast.Part]]:
        """Keys of property maps."""
        node = isinstance(part, ast.Node)
        names = tuple(each.name for each in (part.labels if isinstance(part, ast.Node) else part.types))
        if node and part.name is not None:
            names = self.labels.get(part.name) or ()
        if not set(names) <= set(self.schema.nodes if node else self.schema.edges):
            return  # said already
        for key, _ in part.properties:
            found = self.schema.node_type(names or None, key) if node else self.schema.edge_type(names, key)
            if found is None:
                known = self._known(names or None, None if node else names)
                yield f"{'|'.join(names) or 'no element'} has no property `{key}`; {similar(key, known)}", part

    def mismatch(self, part: ast.Binary) -> str | None:
        for one, two in ((part.left, part.right), (part.right, part.left)):
            if not isinstance(one, ast.Property) or not isinstance(two, ast.Literal) or two.value is None:
                continue
            kind = self.type_of(one) if self.knows(one.variable) else None
            if kind is not None and not _fits(kind, two.value):
                hint = "; write `x IN list`" if kind.startswith("list") else ""
                return (
                    f"`{one.variable}.{one.key}` is a {_word(kind)}: it never compares with {_shown(two.value)}{hint}"
                )
        return None


def _fits(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "bool"
    if isinstance(value, int | float):
        return kind in NUMBERS
    return kind == "string" if isinstance(value, str) else kind.startswith("list")


def _word(kind: str) -> str:
    return {"int64": "number", "float64": "number", "bool": "boolean"}.get(kind, "list" if "list" in kind else kind)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else f"{value}"


def _impossible(hop: Hop, plan: Plan, schema: Schema) -> str | None:
    """A hop that no graph of this schema has, e.g. `(:Table)-[:MENTIONS]->(:Image)`."""
    source, target = plan.node(hop.source), plan.node(hop.target)
    assert source is not None
    assert target is not None
    near = set(schema.labels if source.labels is None else source.labels)
    far = set(schema.labels if target.labels is None else target.labels)
    if not near <= set(schema.labels) or not far <= set(schema.labels) or not set(hop.types) <= set(schema.types):
        return None  # said already
    reached = set(near)
    for length in range(hop.high + 1):
        if length >= hop.low and reached & far:
            return None
        reached = schema.step(reached, hop.types, hop.direction)
    body = f"[:{'|'.join(hop.types)}{_range(hop)}]"
    arrow = f"{'<' if hop.direction < 0 else ''}-{body}-{'>' if hop.direction > 0 else ''}"
    ends = ["(:" + "|".join(labels) + ")" if labels else "()" for labels in (source.labels, target.labels)]
    written = f"{ends[0]}{arrow}{ends[1]}"
    return f"{written} never matches; {_instead(hop, schema)}"


def _range(hop: Hop) -> str:
    return "" if not hop.ranged else f"*{hop.low}..{hop.high}"


def _instead(hop: Hop, schema: Schema) -> str:
    """Where the hop's types do lead."""
    known = sorted(f"({s})-[:{t}]->({d})" for s, t, d in schema.connections if t in hop.types)
    shown = ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
    return f"there is {shown}" if known else "no type joins these labels"


def _apart(template: Template) -> Iterator[TemplateError]:
    """Parts of the pattern that neither a hop nor an equality joins."""
    components = [set(part) for part in template.plan.components]
    joined = components[0]
    growing = True
    pairs = list(joins(template.plan))
    while growing:
        growing = False
        for part in components:
            if not part <= joined and any((a in joined and b in part) or (b in joined and a in part) for a, b in pairs):
                joined, growing = joined | part, True
    for part in components:
        if not part <= joined:
            node = next(node for node in template.plan.nodes if node.name in part)
            name = f"`{node.name}`" if node.named else "this node"
            yield template.error(
                f"{name} is joined to the rest of the pattern by nothing: every combination would match; "
                "add a hop, or an equality such as a.quantity = b.quantity",
                (node.line, node.column),
            )


def _idle(template: Template, schema: Schema) -> Iterator[TemplateError]:
    """Hops at the edge of the pattern that constrain nothing: they only multiply the matches."""
    plan = template.plan
    used = used_names(template)
    for hop in plan.hops:
        for near_name, far_name, direction in (
            (hop.source, hop.target, hop.direction),
            (hop.target, hop.source, -hop.direction),
        ):
            leaf = sum(far_name in (other.source, other.target) for other in plan.hops) == 1
            near, far = plan.node(near_name), plan.node(far_name)
            assert near is not None
            assert far is not None
            if not leaf or {far_name, hop.name} & used or hop.ranged or near_name == far_name:
                continue
            reached = schema.step(near.labels or schema.labels, hop.types, direction)
            if reached and (far.labels is None or reached <= set(far.labels)):
                name = f"`{far.name}`" if far.named else "its far end"
                yield template.error(
                    f"this hop constrains nothing: no claim, condition, answer or derivation uses {name}; "
                    "drop the hop, or give a property of it",
                    (hop.line, hop.column),
                )
                break


def used_names(template: Template) -> set[str]:
    """Variables that the header or a condition uses."""
    header, plan = template.header, template.plan
    names = {name for name, _ in plan.masks}
    for condition in plan.cross:
        names |= set(ast.names_in(condition))
    for path in plan.paths:
        if path.name in names:
            names |= {*path.nodes, *path.hops}
    derive = header.derive
    texts = [*header.given, header.answer or "", header.closed or "", *header.evidence, *header.operands]
    texts += [*header.strata, *header.limit_per, *header.question]
    if derive is not None:
        texts += [*derive.rows.values(), derive.sql or "", derive.sympy or ""]
    words = set(re.findall(r"\w+", " ".join(texts)))
    return names | {name for name in plan.scope if name in words}
