"""What is wrong with a template, before a single match is drawn.

A problem is a `TemplateError`: its text has file, line, column, the source line and a caret.
"""

from __future__ import annotations

from pathlib import Path

from kg.cypher import lint_derive, lint_header, lint_pattern, lint_question
from kg.cypher.schema import HasSchema, schema_of
from kg.cypher.template import Template, load
from schemas.errors import TemplateError


def lint(template: Template, graph: HasSchema | None = None) -> list[TemplateError]:
    """All problems of a loaded template, in the order of the text; none: the template is sound.

    Args:
        template: as loaded.
        graph: a snapshot; its labels, types and properties count beside kgmine's own.
    """
    schema = schema_of(graph)
    found = [
        *lint_pattern.problems(template, schema),
        *lint_header.problems(template, schema),
        *lint_derive.problems(template, schema),
        *lint_question.problems(template),
    ]
    unique = {(error.line, error.column, error.message): error for error in found}
    return [unique[key] for key in sorted(unique)]


def check(template: Template, graph: HasSchema | None = None) -> None:
    """Raise the first problem of a template.

    Raises:
        TemplateError: the template is not sound.
    """
    for error in lint(template, graph):
        raise error


def lint_file(path: Path | str, graph: HasSchema | None = None) -> list[str]:
    """All problems of a file as text; a file that does not load has one."""
    try:
        return [str(error) for error in lint(load(path), graph)]
    except TemplateError as error:
        return [str(error)]
