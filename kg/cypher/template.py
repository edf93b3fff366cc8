"""Path templates: one `.cypher` file, a YAML header in its leading comment and a query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kg.cypher import ast
from kg.cypher.check import check_pipeline, check_plan
from kg.cypher.kinds import wrong
from kg.cypher.parse import located, parse_query, source_line
from kg.cypher.pipeline import pipeline
from kg.cypher.plan import Plan, fill, plan
from schemas.errors import TemplateError
from schemas.template import Derive, Expect, TemplateHeader

JINJA_NAMES: Final = ("answer", "closed")
"""Names that a question may use beside the variables: the answer's unit and rounding, the closed set's words."""

SIBLINGS: Final = {"period_text": "period", "condition_text": "condition"}
"""Properties that say the same as another one: the claim is the other's."""

Place = tuple[int, int]
"""1-based (line, column) in the file."""


@dataclass(frozen=True)
class Template:
    """A template that parses, with a well-formed header and a plan. `kg.cypher.lint` checks the rest."""

    name: str
    """The file's stem."""
    header: TemplateHeader
    query: ast.Query
    plan: Plan
    text: str
    """The whole file."""
    path: str
    sha: str
    """sha256 (hex) of the text with `\\n` line ends."""
    places: Mapping[tuple[str | int, ...], Place] = field(default_factory=dict)
    """Path of a header's key or list item, e.g. ("given", 1), -> where it stands."""

    @cached_property
    def node_variables(self) -> tuple[str, ...]:
        """Named node variables in the order of the text."""
        return tuple(node.name for node in self.plan.nodes if node.named)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Named nodes, and named relationships of fixed length: what may be given, asked for and said."""
        return (*self.node_variables, *(hop.name for hop in self.plan.hops if hop.named and not hop.ranged))

    @cached_property
    def evidence(self) -> tuple[str, ...]:
        """Variables whose supports are the evidence: the header's, else every Assertion, Chunk and Formula."""
        if self.header.evidence:
            return self.header.evidence
        kinds = {"Assertion", "Chunk", "Formula"}
        named = [node for node in self.plan.nodes if node.named]
        found = tuple(node.name for node in named if node.labels and set(node.labels) <= kinds)
        return found or self.node_variables[:1]

    def offset(self, place: Place) -> int:
        """Characters before a place."""
        line, column = place
        return sum(len(each) + 1 for each in self.text.split("\n")[: line - 1]) + column - 1

    def place(self, offset: int) -> Place:
        """The place after so many characters."""
        before = self.text[:offset]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def error(self, message: str, place: Place) -> TemplateError:
        line, column = place
        return TemplateError(message, path=self.path, line=line, column=column, source=source_line(self.text, line))


def load(path: Path | str) -> Template:
    """Load a template.

    Raises:
        TemplateError: missing file, no header, YAML or query that does not parse, a header key that is unknown or of
            the wrong type, an unknown variable in the query.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"cannot be read: {error}", path=str(file)) from None
    return loads(text, name=file.stem, path=str(file))


def loads(text: str, *, name: str = "template", path: str = "") -> Template:
    """Load a template from its text; see `load`."""
    text = text.replace("\r\n", "\n")
    try:
        yaml_text = header_text(text)
        values, places = read_yaml(yaml_text)
        header = _header(values, places)
        query = _filled(parse_query(text, path=path), header)
        _sampled(query)
        made = plan(query)
        check_plan(made)
        check_pipeline(pipeline(query))
    except TemplateError as error:
        raise located(error, text, path) from None
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Template(name, header, query, made, text, path, sha, places)


def header_text(text: str) -> str:
    """The YAML of the header, in its place: as many lines before it as in the file.

    Raises:
        TemplateError: the file does not begin with a comment.
    """
    start = len(text) - len(text.lstrip())
    if not text.startswith("/*", start):
        line = text[:start].count("\n") + 1
        raise TemplateError(
            "a template begins with its header: /* task: …  given: […]  answer: …  question: … */", line=line, column=1
        )
    end = text.find("*/", start)
    if end < 0:
        raise TemplateError("the header's comment is not closed: write */ after it", line=1, column=start + 1)
    before = "\n" * text[:start].count("\n")
    body = text[start + 2 : end]
    first, newline, rest = body.partition("\n")
    return before + first.strip() + newline + rest


def read_yaml(text: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], Place]]:
    """A YAML mapping and the place of each of its keys and items.

    Raises:
        TemplateError: not YAML, not a mapping, or a key that occurs twice.
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        hint = "; quote text that holds `: `, `{` or `#`" if "mapping values" in str(error) or "{" in str(error) else ""
        raise TemplateError(
            f"the header is not YAML: {error.problem or error}{hint}", line=line, column=column
        ) from None
    except yaml.YAMLError as error:
        raise TemplateError(f"the header is not YAML: {error}", line=1, column=1) from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise TemplateError("the header is not a mapping: write `key: value` lines", line=1, column=1)
    places: dict[tuple[str | int, ...], Place] = {}
    for path, place in _walk(node, ()):
        if path in places:
            raise TemplateError(f"`{path[-1]}` occurs twice in the header", line=place[0], column=place[1])
        places[path] = place
    return values, places


def _walk(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Place]]:
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield inner, (key.start_mark.line + 1, key.start_mark.column + 1)
            if isinstance(value, yaml.ScalarNode):
                yield (*inner, "="), (value.start_mark.line + 1, value.start_mark.column + 1)
            yield from _walk(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for k, item in enumerate(node.value):
            yield (*path, k), (item.start_mark.line + 1, item.start_mark.column + 1)
            yield from _walk(item, (*path, k))


def _header(values: dict[str, Any], places: Mapping[tuple[str | int, ...], Place]) -> TemplateHeader:
    try:
        return TemplateHeader.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(first["loc"])
        line, column = _nearest(where, places)
        raise TemplateError(_said(first["type"], where, first["msg"]), line=line, column=column) from None


def _nearest(where: tuple[str | int, ...], places: Mapping[tuple[str | int, ...], Place]) -> Place:
    while where and where not in places:
        where = where[:-1]
    return places.get(where, (1, 1))


def _said(type_: str, where: tuple[str | int, ...], message: str) -> str:
    key = ".".join(str(part) for part in where)
    if type_ == "missing":
        return f"the header lacks `{key}`"
    if type_ == "extra_forbidden":
        inner: dict[object, Any] = {"derive": Derive, "expect": Expect}
        known = inner.get(where[0] if len(where) > 1 else "", TemplateHeader).model_fields
        close = get_close_matches(str(where[-1]), known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}"
        return f"unknown key `{key}` in the header; {hint}"
    message = message.removeprefix("Value error, ")
    return f"`{key}` in the header: {message[:1].lower()}{message[1:]}"


def _filled(query: ast.Query, header: TemplateHeader) -> ast.Query:
    """The query with the header's parameters.

    Raises:
        TemplateError: one has no value.
    """
    for part in ast.walk(query):
        if isinstance(part, ast.Parameter) and part.name not in header.parameters:
            known = f"`parameters: {{{part.name}: …}}`"
            raise wrong(part, f"parameter ${part.name} has no value; write {known} in the header")
    return fill(query, header.parameters)


_CLAUSES: Final = {ast.With: "WITH", ast.Unwind: "UNWIND"}


def _sampled(query: ast.Query) -> None:
    """A template's population is the multiset of its matches: nothing may fold, order or cut it.

    Raises:
        TemplateError: OPTIONAL MATCH, WITH, UNWIND, an aggregate, DISTINCT, ORDER BY, SKIP or LIMIT; or no RETURN.
    """
    from kg.cypher.expressions import is_aggregate

    returns = query.returns
    if returns is None:
        raise wrong(query, "RETURN is missing: name the variables of a match, e.g. RETURN f, e")
    instead = "a template is sampled over all its matches; it belongs to `derive` or to kgmine query"
    if not query.clauses:
        raise wrong(query, "a template begins with MATCH: there is nothing to draw from")
    for clause in query.clauses:
        word = _CLAUSES.get(type(clause), "OPTIONAL MATCH")
        if not isinstance(clause, ast.MatchClause) or clause.optional:
            raise wrong(clause, f"{word} cannot stand in a template: {instead}")
    for found, word in (
        (returns.distinct, "DISTINCT"),
        (returns.order, "ORDER BY"),
        (returns.skip, "SKIP"),
        (returns.limit, "LIMIT"),
    ):
        if found:
            raise wrong(returns, f"{word} cannot stand in a template: {instead}")
    for part in ast.walk(returns):
        if is_aggregate(part):
            raise wrong(part, f"an aggregate cannot stand in a template: {instead}")
