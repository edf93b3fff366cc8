"""`kgmine template preview`: what a template would ask, and what the proof says of each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kgmine.author.trial import tried
from kgmine.graph import Built
from kgmine.show import place
from kgmine.workspace import Workspace
from schemas.sample import Evidence, Sample

if TYPE_CHECKING:
    from kg.cypher.template import Template

LINES: Final = 4
"""Evidence that is shown of a question, if it has no more values."""


def preview(template: Template, workspace: Workspace, built: Built, number: int, seed: int) -> Iterator[str]:
    """Lines for the first `number` drawn matches: question, answer, evidence, and the verdict of the proof.

    Raises: TemplateError: the template does not fit the graph.
    """
    trials, report = tried(template, workspace, built, number, seed)
    for trial in trials:
        made = trial.draft
        if made is None:
            yield f"- {trial.question or '(no question)'}"
            yield f"    rejected, {trial.verdict}"
            continue
        yield f"- {made.question}"
        yield f"    {made.answer}{f' {made.answer_unit}' if made.answer_unit else ''}"
        evidence = trial.result.evidence if isinstance(trial.result, Sample) else made.evidence
        yield from _shown(evidence)
        yield f"    {trial.verdict}"
    yield str(report)


def _shown(evidence: Sequence[Evidence]) -> Iterator[str]:
    """The values first: all that an answer was computed from, and then by what they were found."""
    ordered = sorted(evidence, key=lambda item: item.kind != "value")
    values = sum(item.kind == "value" for item in evidence)
    shown = ordered[: max(values, LINES)]
    yield from (f"    {item.kind}: {' '.join(item.text.split())[:80]}  [{place(item)}]" for item in shown)
    if len(ordered) > len(shown):
        yield f"    and {len(ordered) - len(shown)} more"
