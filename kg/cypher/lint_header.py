"""Lint of the header: claims, answer, derivation, closed set, evidence, strata."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.cypher.lint_pattern import similar
from kg.cypher.schema import Schema
from kg.cypher.template import Place, Template
from schemas.errors import TemplateError

DEGREE = re.compile(r"degree\(\s*(\w+)\s*\)")
"""A stratum: the power-of-two band of a node's degree."""
STRATA = ("document", "answer", "split")
CLOSED_BY = {"kind": "Entity", "stating": "Assertion"}
"""Ways to name a set of documents -> label of the variable that they take."""
DOTTED = re.compile(r"\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
FORMULA = re.compile(r"\bformula\(\s*(\w+)\s*,?((?:[^()]|\([^()]*\))*)\)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def problems(template: Template, schema: Schema) -> Iterator[TemplateError]:
    """See `kg.cypher.lint.lint`."""
    linter = Header(template, schema)
    yield from linter.given()
    yield from linter.answer()
    yield from linter.unclaimed()
    yield from linter.closed()
    yield from linter.variables("evidence", template.header.evidence)
    yield from linter.variables("operands", template.header.operands)
    yield from linter.strata()
    yield from linter.parameters()


class Header:
    """A header under lint: where its keys stand, and what a `variable.property` of it may be."""

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

    def unclaimed(self) -> Iterator[TemplateError]:
        """A fact that the answer is read or computed from, and of which the question says nothing, can be any fact."""
        derive = self.header.derive
        codes = [("answer", self.header.answer)] if derive is None else [("sql", derive.sql), ("sympy", derive.sympy)]
        said = {text.partition(".")[0] for text in self.header.given}
        for key, code in codes:
            for name in dict.fromkeys(found[1] for found in DOTTED.finditer(QUOTED.sub("", code or ""))):
                node = self.plan.node(name)
                if node is not None and node.labels == ("Assertion",) and name not in said:
                    message = (
                        f"the answer comes from `{name}`, but `given` says nothing of it, so that it can be any fact: "
                        f"give {name}.quantity (what the question says once of two facts counts for both)"
                    )
                    yield self.error(message, *(("answer", "=") if key == "answer" else ("derive", key)))

    def closed(self) -> Iterator[TemplateError]:
        text = self.header.closed
        if text is None:
            return
        if self.schema.own:
            yield from self.graph_closed(text.strip())
            return
        named = re.fullmatch(r"(kind|stating)\(\s*(\w+(?:\s*,\s*\w+)*)\s*\)", text.strip())
        how, names = (named[1], re.findall(r"\w+", named[2])) if named else ("", [text.strip()])
        if how == "kind" and len(names) > 1:
            yield self.error(f"`{text}` takes one Entity", "closed", "=")
        for name in names:
            yield from self.closed_by(how, name)

    def closed_by(self, how: str, name: str) -> Iterator[TemplateError]:
        node = self.plan.node(name)
        if node is None:
            message = f"`{name}` in `closed` is no variable of the MATCH; {similar(name, self.known)}"
            yield self.error(message, "closed", "=")
        elif not how and node.labels != ("Table",):
            message = (
                f"`closed: {name}` needs a Table; for all documents of a kind write kind({name}), "
                "for those that state something stating(f)"
            )
            yield self.error(message, "closed", "=")
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

    def parameters(self) -> Iterator[TemplateError]:
        written = self.template.text[self.template.text.find("*/") :]
        for name in self.header.parameters:
            if not re.search(rf"\$`?{re.escape(name)}(?!\w)", written):
                yield self.error(f"the pattern does not use the parameter ${name}", "parameters", name)

    def stratum(self, name: str, *path: str | int) -> Iterator[TemplateError]:
        if name in STRATA:
            return
        band = DEGREE.fullmatch(name)
        if band is not None:
            if self.plan.node(band[1]) is None:
                close = similar(band[1], self.known)
                yield self.error(f"`{band[1]}` in `{path[0]}` is no node variable of the MATCH; {close}", *path)
            return
        if "." not in name:
            yield self.error(
                f"unknown stratum `{name}`; write {', '.join(STRATA)}, variable.property or degree(variable)", *path
            )
            return
        message = self.reference(name, f"`{path[0]}`")
        if message is None and self.plan.node(name.partition(".")[0]) is None:
            message = f"`{name}` in `{path[0]}`: strata are properties of nodes, not of relationships"
        if message is not None:
            yield self.error(message, *path)
