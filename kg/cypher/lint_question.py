"""Lint of the question: what it says must be given, and its filters must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.cypher.filters import FILTERS, arguments, call
from kg.cypher.template import JINJA_NAMES, SIBLINGS, Place, Template
from schemas.errors import TemplateError

if TYPE_CHECKING:
    from jinja2 import nodes


def problems(template: Template) -> Iterator[TemplateError]:
    """See `kg.cypher.lint.lint`."""
    if not template.header.question:
        yield template.error("the header has no question", template.places.get(("question",), (1, 1)))
    for k, text in enumerate(template.header.question):
        yield from _Question(template, text, k).problems()


class _Question:
    def __init__(self, template: Template, text: str, number: int) -> None:
        self.template, self.text = template, text
        places = template.places
        self.start: Place = places.get(
            ("question", number), places.get(("question", "="), places.get(("question",), (1, 1)))
        )

    def problems(self) -> Iterator[TemplateError]:
        from jinja2 import Environment, TemplateSyntaxError, meta, nodes

        environment = Environment(autoescape=True)  # only parsed, never rendered
        try:
            tree = environment.parse(self.text)
        except TemplateSyntaxError as error:
            yield self.template.error(f"the question is not Jinja: {error.message}", self.start)
            return
        known = {*environment.filters, *FILTERS}
        for part in tree.find_all(nodes.Filter):
            if part.name not in known:
                close = get_close_matches(part.name, sorted(known), n=1)
                hint = f"did you mean `{close[0]}`?" if close else f"known: {', '.join(FILTERS)}"
                yield self.error(f"unknown filter `{part.name}`; {hint}", rf"\|\s*({part.name})\b")
            yield from self._called(part)
        for test in tree.find_all(nodes.Test):
            if test.name not in environment.tests:
                yield self.error(f"unknown test `{test.name}`", rf"\bis\s+(?:not\s+)?({test.name})\b")
        # Jinja looks variables up by compiling, which would stop at the first filter that it does not know.
        environment.filters.update({part.name: _kept for part in tree.find_all(nodes.Filter)})
        environment.tests.update({part.name: _kept for part in tree.find_all(nodes.Test)})
        free = meta.find_undeclared_variables(tree)
        yield from self._names(sorted(free))
        yield from self._claims(tree, free)

    def _called(self, part: nodes.Filter) -> Iterator[TemplateError]:
        """A filter of kgmine takes its values by position, and no more or fewer than it has."""
        if part.name not in FILTERS:
            return
        fewest, most = arguments(part.name)
        spread = part.kwargs or part.dyn_args is not None or part.dyn_kwargs is not None
        if spread or not fewest <= len(part.args) <= most:
            takes = f"{fewest} to {most}" if fewest < most else str(most) if most else "no"
            message = (
                f"`{part.name}` takes {takes} value{'s' * (most != 1)} in brackets: write {{{{ {call(part.name)} }}}}"
            )
            yield self.error(message, rf"\|\s*({part.name})\b")

    def _names(self, free: list[str]) -> Iterator[TemplateError]:
        variables = self.template.variables
        for name in free:
            if name not in variables and name not in JINJA_NAMES:
                close = get_close_matches(name, [*variables, *JINJA_NAMES], n=1)
                known = ", ".join([*variables, *JINJA_NAMES])
                hint = f"did you mean `{close[0]}`?" if close else f"known: {known}"
                yield self.error(f"`{name}` in the question is no variable of the MATCH; {hint}", rf"\b({name})\b")
        if "closed" in free and self.template.header.closed is None:
            yield self.error("the question names the closed set, but the header has no `closed`", r"\b(closed)\b")

    def _claims(self, tree: nodes.Template, free: set[str]) -> Iterator[TemplateError]:
        """Each property that the question says must be given; a variable by itself says its name."""
        header = self.template.header
        given = set(header.given)
        for name, prop, bare in _said(tree):
            if name not in free or name not in self.template.variables:
                continue
            said = f"{name}.{prop}"
            claim = f"{name}.{SIBLINGS.get(prop, prop)}"
            pattern = rf"\b({name})\b" if bare else rf"\b({name}\s*\.\s*{prop})\b"
            if said == header.answer:
                yield self.error(f"the question says its answer, `{said}`", pattern)
            elif said not in given and claim not in given:
                written = f"`{name}`, that is `{said}`," if bare else f"`{said}`,"
                yield self.error(f"the question says {written} which is not in `given`", pattern)

    def error(self, message: str, pattern: str) -> TemplateError:
        """The error at the place of the first text in the question that the pattern's group finds."""
        found = re.compile(pattern).search(self.template.text, self.template.offset(self.start))
        return self.template.error(message, self.start if found is None else self.template.place(found.start(1)))


def _said(tree: nodes.Template) -> Iterator[tuple[str, str, bool]]:
    """(variable, property, without a property) of all that the question mentions."""
    from jinja2 import nodes

    inside: set[int] = set()
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name):
            inside.add(id(part.node))
            yield part.node.name, part.attr, False
    for name in tree.find_all(nodes.Name):
        if id(name) not in inside and name.ctx == "load":
            yield name.name, "name", True


def _kept(value: object) -> object:
    """Stands for a filter or test while the question is only looked at."""
    return value
