"""`kgmine template preview`: what a template would ask, and what the proof says of each question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgmine.corpus import Manifest
from kgmine.graph import Built, snapshot
from kgmine.mine import source_index
from kgmine.show import place
from kgmine.workspace import Workspace
from schemas.reject import Rejected

if TYPE_CHECKING:
    from kg.cypher.template import Template


def preview(template: Template, workspace: Workspace, built: Built, number: int, seed: int) -> Iterator[str]:
    """Lines for the first `number` drawn matches: question, answer, evidence, and the verdict of the proof.

    Raises: TemplateError: the template does not fit the graph.
    """
    from kg.cypher.lint import check
    from kg.proof.prove import prove
    from sampling.draw import draw_with_report
    from synthesis.synthesize import bench_of

    graph = snapshot(built)
    check(template, graph)
    sources = source_index(Manifest.read(workspace.manifest))
    matches, report = draw_with_report(template, graph, number, seed)
    bench = bench_of(template, graph, seed=seed)
    for match in matches:
        made = bench.draft(match)
        if isinstance(made, Rejected):
            yield f"- rejected, {made.check}: {made.reason}"
            continue
        yield f"- {made.question}"
        yield f"    {made.answer}{f' {made.answer_unit}' if made.answer_unit else ''}"
        yield from (f"    {item.kind}: {item.text[:80]}  [{place(item)}]" for item in made.evidence[:4])
        result = prove(made, template, graph, sources)
        verdict = f"{result.check}: {result.reason}" if isinstance(result, Rejected) else _verdict(result.proved)
        yield f"    {verdict}"
    yield str(report)


def _verdict(proved: bool) -> str:
    return "proved" if proved else "not proved: a check could not be judged"
