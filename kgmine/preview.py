"""`kgmine template preview`: what a template would ask, and what the proof says of each question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgmine.author.trial import tried
from kgmine.graph import Built
from kgmine.show import place
from kgmine.workspace import Workspace
from schemas.sample import Sample

if TYPE_CHECKING:
    from kg.cypher.template import Template


def preview(template: Template, workspace: Workspace, built: Built, number: int, seed: int) -> Iterator[str]:
    """Lines for the first `number` drawn matches: question, answer, evidence, and the verdict of the proof.

    Raises: TemplateError: the template does not fit the graph.
    """
    trials, report = tried(template, workspace, built, number, seed)
    for trial in trials:
        made = trial.draft
        if made is None:
            yield f"- rejected, {trial.verdict}"
            continue
        yield f"- {made.question}"
        yield f"    {made.answer}{f' {made.answer_unit}' if made.answer_unit else ''}"
        evidence = trial.result.evidence if isinstance(trial.result, Sample) else made.evidence
        yield from (f"    {item.kind}: {item.text[:80]}  [{place(item)}]" for item in evidence[:4])
        yield f"    {trial.verdict}"
    yield str(report)
