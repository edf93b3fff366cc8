"""Draw matches of one template, word and prove them: what `preview` and `test` show and check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgmine.corpus import Manifest
from kgmine.graph import Built, snapshot
from kgmine.mine import source_index
from kgmine.workspace import Workspace
from schemas.reject import Rejected
from schemas.sample import Draft, Sample

if TYPE_CHECKING:
    from kg.cypher.template import Template
    from sampling.report import Report


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one drawn match."""

    draft: Draft | None
    """None: it could not be worded."""
    result: Sample | Rejected

    @property
    def question(self) -> str:
        """As far as it was worded."""
        if self.draft is not None:
            return self.draft.question
        return str(self.result.details.get("question", "")) if isinstance(self.result, Rejected) else ""

    @property
    def proved(self) -> bool:
        """A sample without a failed or an open check."""
        return isinstance(self.result, Sample) and self.result.proved

    @property
    def verdict(self) -> str:
        """The outcome in one line."""
        if isinstance(self.result, Rejected):
            return f"{self.result.check}: {self.result.reason}"
        return "proved" if self.result.proved else "not proved: a check could not be judged"


def tried(
    template: Template, workspace: Workspace, built: Built, number: int, seed: int
) -> tuple[Iterator[Trial], Report]:
    """The first `number` matches of the drawn order, each worded and proved when it is asked for.

    Raises: TemplateError: the template does not fit the graph.
    """
    from kg.cypher.lint import check
    from kg.proof.prove import prove
    from kgmine.select import splits_for
    from sampling.draw import draw_with_report
    from synthesis.synthesize import bench_of

    graph = snapshot(built)
    check(template, graph)
    sources = source_index(Manifest.read(workspace.manifest))
    splits = splits_for(template, graph, workspace.splits)
    matches, report = draw_with_report(template, graph, number, seed, splits=splits)
    bench = bench_of(template, graph, seed=seed)

    def trials() -> Iterator[Trial]:
        for match in matches:
            made = bench.draft(match)
            if isinstance(made, Rejected):
                yield Trial(None, made)
            else:
                yield Trial(made, prove(made, template, graph, sources))

    return trials(), report
