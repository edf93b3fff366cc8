"""Lint of the header: claims, answer, derivation, closed set, evidence, strata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.cypher.check import check_plan
from kg.cypher.kinds import Kind
from kg.cypher.lint_pattern import query_problems, similar
from kg.cypher.parse import parse_query
from kg.cypher.plan import Plan, plan
from kg.cypher.schema import Schema
from kg.cypher.template import Place, Template
from schemas.errors import TemplateError

STRATA = ("document", "answer", "split")
CLOSED_BY = {"kind": "Entity", "stating": "Assertion"}
"""Ways to name a set of documents -> label of the variable that they take."""
DOTTED = re.compile(r"\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
FORMULA = re.compile(r"\bformula\(\s*(\w+)\s*,?((?:[^()]|\([^()]*\))*)\)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def problems(template: Template, schema: Schema) -> Iterator[TemplateError]:
    """See `kg.cypher.lint.lint`."""
    linter = _Header(template, schema)
    yield from linter.given()
    yield from linter.answer()
    yield from linter.derive()
    yield from linter.closed()
    yield from linter.variables("evidence", template.header.evidence)
    yield from linter.variables("operands", template.header.operands)
    yield from linter.strata()


class _Header:
    def __init__(self, template: Template, schema: Schema) -> None:
        self.template, self.schema = template, schema
        self.header, self.plan = template.header, template.plan
        self.known = template.variables

    def place(self, *path: str | int) -> Place:
        """Where a key or item stands; a lone value where a list is expected stands at its key."""
        places = self.template.places
        while path:
            for found in (path, (*path[:-1], "=")):
                if found in places:
                    return places[found]
            path = path[:-1]
        return 1, 1

    def error(self, message: str, *path: str | int) -> TemplateError:
        return self.template.error(message, self.place(*path))

    def reference(self, text: str, key: str) -> str | None:
        """What is wrong with a `variable.property`; None: nothing."""
        name, dot, prop = text.partition(".")
        if not dot or not prop:
            return f"`{text}` in {key} is not variable.property"
        node, hop = self.plan.node(name), self.plan.hop(name)
        if hop is not None and name in self.known:
            if set(hop.types) <= set(self.schema.types) and self.schema.edge_type(hop.types, prop) is None:
                known = tuple(sorted({each for kind in hop.types for each in self.schema.edges[kind]} | {"id"}))
                return f"{'|'.join(hop.types) or 'no type'} has no property `{prop}`; {similar(prop, known)}"
            return None
        if node is None:
            return f"`{name}` in {key} is no variable of the MATCH; {similar(name, self.known)}"
        unknown = set(node.labels or ()) - set(self.schema.labels)  # said already
        if not unknown and self.schema.node_type(node.labels, prop) is None:
            labels = node.labels or self.schema.labels
            known = tuple(sorted({each for label in labels for each in self.schema.nodes.get(label, {})} | {"id"}))
            return f"{'|'.join(node.labels or ('no label',))} has no property `{prop}`; {similar(prop, known)}"
        return None

    def given(self) -> Iterator[TemplateError]:
        for k, text in enumerate(self.header.given):
            message = self.reference(text, "`given`")
            if message is None and text in self.header.given[:k]:
                message = f"`{text}` occurs twice in `given`"
            if message is None and text == self.header.answer:
                message = f"`{text}` is the answer: a question that gives it asks nothing"
            if message is not None:
                yield self.error(message, "given", k)

    def answer(self) -> Iterator[TemplateError]:
        answer, derive = self.header.answer, self.header.derive
        if answer is None and derive is None:
            yield self.error("the header has neither `answer` nor `derive`: say what is asked for", "task")
        elif answer is not None and derive is not None:
            yield self.error("the header has both `answer` and `derive`: the answer is the derivation's", "answer")
        elif answer is not None:
            message = self.reference(answer, "`answer`")
            if message is not None:
                yield self.error(message, "answer", "=")

    def derive(self) -> Iterator[TemplateError]:
        derive = self.header.derive
        if derive is None:
            return
        if (derive.sql is None) == (derive.sympy is None):
            yield self.error("`derive` needs exactly one of `sql` and `sympy`", "derive")
        columns: dict[str, list[str] | None] = {}
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
            made = plan(query, outer=kinds)
            check_plan(made)
        except TemplateError as error:
            place = self.inside(text, error.line, error.column, *path)
            yield self.template.error(f"in the query of `{name}`: {error.message}", place)
            return
        if query.returns is None:
            yield self.error(f"the query of `{name}` has no RETURN: name its columns", *path, "=")
            return
        for item in query.returns.items:
            if item.alias is None:
                place = self.inside(text, item.line, item.column, *path)
                yield self.template.error(f"`{item.text}` in `{name}` needs a name: {item.text} AS column", place)
        for message, part in query_problems(query, self.with_labels(made), self.schema):
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

    def with_labels(self, made: Plan) -> Plan:
        """Variables of the template keep their labels inside a correlated query."""
        nodes = []
        for node in made.nodes:
            outer = self.plan.node(node.name)
            labels = node.labels if outer is None or node.labels is not None else outer.labels
            nodes.append(replace(node, labels=labels))
        mentioned = {node.name for node in nodes}
        nodes += [node for node in self.plan.nodes if node.named and node.name not in mentioned]
        return replace(made, nodes=tuple(nodes))

    def columns(self, text: str) -> list[str] | None:
        try:
            query = parse_query(text)
        except TemplateError:
            return None
        return [item.column_name for item in query.returns.items] if query.returns is not None else None

    def word(self, text: str, *path: str | int) -> Place:
        """Where a word of a scalar stands first."""
        found = re.compile(rf"\b{re.escape(text)}\b").search(
            self.template.text, self.template.offset(self.place(*path, "="))
        )
        return self.place(*path, "=") if found is None else self.template.place(found.start())

    def sql(self, text: str, relations: dict[str, list[str] | None]) -> Iterator[TemplateError]:
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

    def sympy(self, text: str) -> Iterator[TemplateError]:
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

    def closed(self) -> Iterator[TemplateError]:
        text = self.header.closed
        if text is None:
            return
        if self.schema.own:
            yield from self.graph_closed(text.strip())
            return
        named = re.fullmatch(r"(kind|stating)\(\s*(\w+)\s*\)", text.strip())
        how, name = (named[1], named[2]) if named else ("", text.strip())
        node = self.plan.node(name)
        if node is None:
            message = f"`{name}` in `closed` is no variable of the MATCH; {similar(name, self.known)}"
            yield self.error(message, "closed", "=")
        elif not how and node.labels != ("Table",):
            yield self.error(
                f"`closed: {name}` needs a Table; for all documents of a kind write kind({name})", "closed", "="
            )
        elif how and node.labels != (wanted := CLOSED_BY[how],):
            yield self.error(f"`{how}({name})` needs an {wanted}", "closed", "=")

    def graph_closed(self, text: str) -> Iterator[TemplateError]:
        """A user's own graph knows one closed set, itself, and every question that needs it says so."""
        if text != "graph":
            message = f"`closed: {text}`: a graph without documents knows one closed set: write `closed: graph`"
            yield self.error(message, "closed", "=")
        for k, question in enumerate(self.header.question):
            if not re.search(r"\{\{-?\s*closed\b", question):
                message = "the question does not name its closed set: say {{ closed }}, as in `the films {{ closed }}`"
                yield self.error(message, "question", k)

    def variables(self, key: str, names: tuple[str, ...]) -> Iterator[TemplateError]:
        for k, text in enumerate(names):
            name = text.partition(".")[0]
            if self.plan.node(name) is None:
                message = f"`{name}` in `{key}` is no variable of the MATCH; {similar(name, self.known)}"
                yield self.error(message, key, k)

    def strata(self) -> Iterator[TemplateError]:
        for k, name in enumerate(self.header.strata):
            yield from self.stratum(name, "strata", k)
        for name, most in self.header.limit_per.items():
            yield from self.stratum(name, "limit_per", name)
            if most < 1:
                yield self.error(f"`{name}: {most}` draws nothing: write at least 1", "limit_per", name)

    def stratum(self, name: str, *path: str | int) -> Iterator[TemplateError]:
        if name in STRATA:
            return
        if "." not in name:
            yield self.error(f"unknown stratum `{name}`; write {', '.join(STRATA)} or variable.property", *path)
            return
        message = self.reference(name, f"`{path[0]}`")
        if message is None and self.plan.node(name.partition(".")[0]) is None:
            message = f"`{name}` in `{path[0]}`: strata are properties of nodes, not of relationships"
        if message is not None:
            yield self.error(message, *path)
