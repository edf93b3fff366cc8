"""Lint of a derivation: its relations, and whether its SQL or arithmetic can be computed over them at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kg.cypher import ast
from kg.cypher.check import check_pipeline
from kg.cypher.derivation import ANSWER_COLUMNS, arithmetic_problem, sql_problem
from kg.cypher.kinds import Kind
from kg.cypher.lint_header import DOTTED, QUOTED, Header
from kg.cypher.lint_pattern import NUMBERS, query_problems, similar
from kg.cypher.parse import parse_query
from kg.cypher.pipeline import Pipeline, pipeline
from kg.cypher.plan import Hop, NodeVar, Plan
from kg.cypher.schema import Schema
from kg.cypher.template import Place, Template
from schemas.errors import TemplateError

FORMULA: Final = re.compile(r"\bformula\(\s*(\w+)\s*,?((?:[^()]|\([^()]*\))*)\)")
DAYS: Final = re.compile(r"\bdays\(([^()]*)\)")
SUMMED: Final = re.compile(r"\b(sum|avg|total|abs|round)\(\s*(?:DISTINCT\s+)?(?:(\w+)\.)?(\w+)\s*[,)]", re.IGNORECASE)


def problems(template: Template, schema: Schema) -> Iterator[TemplateError]:
    """See `kg.cypher.lint.lint`."""
    yield from _Derivation(template, schema).derive()


class _Derivation(Header):
    def derive(self) -> Iterator[TemplateError]:
        derive = self.header.derive
        if derive is None:
            return
        if (derive.sql is None) == (derive.sympy is None):
            yield self.error("`derive` needs exactly one of `sql` and `sympy`", "derive")
        columns: dict[str, dict[str, str] | None] = {}
        for name, text in derive.rows.items():
            if name in self.plan.scope:
                yield self.error(
                    f"the relation `{name}` has the name of a variable of the MATCH", "derive", "rows", name
                )
            yield from self.rows(name, text)
            columns[name] = self.columns(text)
        if derive.sql is not None:
            yield from self.sql(derive.sql, columns)
        if derive.sympy is not None:
            yield from self.sympy(derive.sympy)

    def rows(self, name: str, text: str) -> Iterator[TemplateError]:
        """The query of one relation; its variables are the MATCH's own and those of the template."""
        kinds: dict[str, Kind] = {each: kind for each, kind in self.plan.scope.items() if not each.startswith("#")}
        path = ("derive", "rows", name)
        try:
            query = parse_query(text)
            made = pipeline(query, outer=kinds)
            check_pipeline(made)
        except TemplateError as error:
            place = self.inside(text, error.line, error.column, *path)
            yield self.template.error(f"in the query of `{name}`: {error.message}", place)
            return
        for item in query.returns.items if query.returns is not None else ():
            if item.alias is None and item.expression is not None:
                place = self.inside(text, item.line, item.column, *path)
                yield self.template.error(f"`{item.text}` in `{name}` needs a name: {item.text} AS column", place)
        problems = list(query_problems(query, self.with_labels(made), self.schema))
        if query.returns is not None and query.returns.limit and not query.returns.order:
            problems.append(("LIMIT without ORDER BY takes any rows: say which come first", query.returns))
        for message, part in problems:
            place = self.inside(text, part.line, part.column, *path)
            yield self.template.error(f"in the query of `{name}`: {message}", place)

    def inside(self, text: str, line: int, column: int, *path: str | int) -> Place:
        """Where a place of a YAML scalar stands in the file: the scalar's words are looked for, folded lines or not."""
        lines = text.splitlines() or [""]
        rest = lines[min(max(line, 1), len(lines)) - 1][max(column, 1) - 1 :]
        token = re.match(r"[\w.]+|\S", rest)
        start = self.template.offset(self.place(*path, "="))
        before = " ".join([*lines[: max(line, 1) - 1], lines[min(max(line, 1), len(lines)) - 1][: max(column, 1) - 1]])
        if token is None:
            return self.place(*path, "=")
        words = [re.escape(word) for word in re.findall(r"\S+", before)[-2:]]
        for pattern in (r"\s*".join([*words, f"({re.escape(token.group())})"]), f"({re.escape(token.group())})"):
            found = re.compile(pattern).search(self.template.text, start)
            if found is not None:
                return self.template.place(found.start(1))
        return self.place(*path, "=")

    def with_labels(self, made: Pipeline) -> Plan:
        """One plan of all clauses; variables of the template keep their labels inside a correlated query."""
        nodes: dict[str, NodeVar] = {}
        hops: dict[str, Hop] = {}
        for part in made.plans:
            hops.update({hop.name: hop for hop in part.hops if hop.name not in hops})
            for node in part.nodes:
                known = nodes.get(node.name) or self.plan.node(node.name)
                labels = node.labels if known is None or node.labels is not None else known.labels
                nodes[node.name] = replace(node, labels=labels)
        for node in self.plan.nodes:
            if node.named:
                nodes.setdefault(node.name, node)
        return replace(self.plan, nodes=tuple(nodes.values()), hops=tuple(hops.values()), outer=())

    def columns(self, text: str) -> dict[str, str] | None:
        """Column -> type of a relation, `` where it is not known; None: the query is wrong, which was said."""
        try:
            query = parse_query(text)
        except TemplateError:
            return None
        if query.returns is None:
            return None
        labels = {node.name: node.labels for node in self.plan.nodes}
        for part in ast.walk(query):
            if isinstance(part, ast.Node) and part.name is not None and part.labels:
                labels[part.name] = tuple(label.name for label in part.labels)
        found: dict[str, str] = {}
        for item in query.returns.items:
            of = item.expression
            known = isinstance(of, ast.Property) and of.variable in labels
            kind = self.schema.node_type(labels[of.variable], of.key) if known else None  # type: ignore[union-attr]
            found[item.column_name] = kind or ""
        return found

    def word(self, text: str, *path: str | int) -> Place:
        """Where a word of a scalar stands first."""
        found = re.compile(rf"\b{re.escape(text)}\b").search(
            self.template.text, self.template.offset(self.place(*path, "="))
        )
        return self.place(*path, "=") if found is None else self.template.place(found.start())

    def sql(self, text: str, relations: dict[str, dict[str, str] | None]) -> Iterator[TemplateError]:
        found = list(self.sql_names(text, relations))
        yield from found
        if not found and None not in relations.values():
            yield from self.sql_types(text, {name: columns or {} for name, columns in relations.items()})

    def sql_names(self, text: str, relations: dict[str, dict[str, str] | None]) -> Iterator[TemplateError]:
        bare = QUOTED.sub("''", text)
        for name, column in DOTTED.findall(bare):
            columns = relations.get(name)
            if name in relations and columns is not None and column not in columns:
                message = f"`{name}` has no column `{column}`; {similar(column, tuple(columns))}"
                yield self.template.error(message, self.word(f"{name}.{column}", "derive", "sql"))
            elif name in self.known and name not in relations:
                wrong = self.reference(f"{name}.{column}", "`sql`")
                if wrong is not None:
                    yield self.template.error(wrong, self.word(f"{name}.{column}", "derive", "sql"))
        words = set(re.findall(r"\w+", bare))
        for name in relations:
            if name not in words:
                yield self.error(f"`sql` does not use the relation `{name}`", "derive", "rows", name)

    def sql_types(self, text: str, relations: dict[str, dict[str, str]]) -> Iterator[TemplateError]:
        """What SQLite says of the query over empty relations, and arithmetic on text."""
        tables = {node.name: self.properties(node.labels) for node in self.plan.nodes if node.named}
        tables |= {hop.name: self.edge_properties(hop.types) for hop in self.plan.hops if hop.named and not hop.ranged}
        tables |= relations
        tables.setdefault("answer", dict.fromkeys(ANSWER_COLUMNS, ""))
        wrong = sql_problem(text, tables)
        if wrong is not None:
            message, word = wrong
            yield self.about(message, word, "sql")
            return
        for function, name, column in SUMMED.findall(QUOTED.sub("''", text)):
            read = [key for key in tables if key == name or (not name and re.search(rf"\b{key}\b", text))]
            kinds = {tables[key][column] for key in read if column in tables[key]}
            if kinds and kinds <= {"string", "bool"}:
                written = f"{name}.{column}" if name else column
                message = f"{function}() needs numbers, `{written}` is a {kinds.pop()}; write a number, e.g. g.number"
                yield self.template.error(message, self.word(written, "derive", "sql"))

    def properties(self, labels: tuple[str, ...] | None) -> dict[str, str]:
        chosen = self.schema.labels if labels is None else labels
        return {"id": "string", **{k: v for label in chosen for k, v in self.schema.nodes.get(label, {}).items()}}

    def edge_properties(self, types: tuple[str, ...]) -> dict[str, str]:
        chosen = types or self.schema.types
        return {"id": "string", **{k: v for kind in chosen for k, v in self.schema.edges.get(kind, {}).items()}}

    def sympy(self, text: str) -> Iterator[TemplateError]:
        found = list(self.sympy_names(text))
        yield from found
        if not found:
            yield from self.sympy_types(text)

    def sympy_names(self, text: str) -> Iterator[TemplateError]:
        for name, prop in DOTTED.findall(QUOTED.sub("''", text)):
            wrong = self.reference(f"{name}.{prop}", "`sympy`")
            if wrong is not None:
                yield self.template.error(wrong, self.word(f"{name}.{prop}", "derive", "sympy"))
        for first, rest in FORMULA.findall(text):
            yield from self.formula(first, re.findall(r"(\w+)\s*=", QUOTED.sub("''", rest)))

    def formula(self, first: str, symbols: list[str]) -> Iterator[TemplateError]:
        """`formula(x, s = ...)`: x is a Formula; s, where it is a variable, a Symbol, else a symbol's own name."""
        for name, label in ((first, "Formula"), *((symbol, "Symbol") for symbol in symbols)):
            node = self.plan.node(name)
            if node is None and label == "Formula":
                message = f"`{name}` in formula() is no variable of the MATCH; {similar(name, self.known)}"
                yield self.template.error(message, self.word(name, "derive", "sympy"))
            elif node is not None and node.labels != (label,):
                hint = f"; for the symbol of this name write '{name}'" if label == "Symbol" else ""
                message = (
                    f"`{name}` in formula() must be a {label}, it is {'|'.join(node.labels or ('any node',))}{hint}"
                )
                yield self.template.error(message, self.word(name, "derive", "sympy"))

    def sympy_types(self, text: str) -> Iterator[TemplateError]:
        """Arithmetic is over numbers, days() over dates; functions and operands are all there."""
        wrong = arithmetic_problem(QUOTED.sub("''", text))
        if wrong is not None:
            message, word = wrong
            yield self.about(message, word, "sympy")
            return
        dates = {pair for inside in DAYS.findall(text) for pair in DOTTED.findall(inside)}
        for name, prop in DOTTED.findall(QUOTED.sub("''", text)):
            date = (name, prop) in dates
            kind = self.type_of(name, prop)
            if kind is not None and kind not in (("string",) if date else NUMBERS):
                instead = f"a date, e.g. {name}.date" if date else f"a number, e.g. {name}.number"
                message = f"`{name}.{prop}` is a {kind}: this needs {instead}"
                yield self.template.error(message, self.word(f"{name}.{prop}", "derive", "sympy"))

    def type_of(self, name: str, prop: str) -> str | None:
        node, hop = self.plan.node(name), self.plan.hop(name)
        if node is not None:
            return self.schema.node_type(node.labels, prop)
        return None if hop is None else self.schema.edge_type(hop.types, prop)

    def about(self, message: str, word: str, key: str) -> TemplateError:
        """An error at a word of the code, or at its beginning."""
        place = self.word(word, "derive", key) if word else self.place("derive", key, "=")
        return self.template.error(message, place)
