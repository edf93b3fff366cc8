"""`template new`: the sketch that gives the most proved samples on a graph, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kgmine.author import facts, walks
from kgmine.author.sketch import Sketch
from kgmine.author.trial import Trial, tried
from kgmine.graph import Built, snapshot
from kgmine.workspace import Workspace
from schemas.errors import UsageError

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot

TRIED: Final = 8
"""Sketches whose matches are drawn and proved."""
DRAWS: Final = 20


@dataclass(frozen=True, slots=True)
class Made:
    """A sketch on trial."""

    text: str
    matches: int
    drawn: int
    proved: tuple[Trial, ...]
    failed: tuple[Trial, ...]


def choices(graph: Snapshot) -> list[str]:
    """Answers to offer: frequent quantities of extracted facts, or names and properties of a user's own graph."""
    if graph.roles.house:
        return [*facts.KINDS, *(name for name, _ in facts.quantities(graph).most_common(7))]
    return [f"{label}.{prop}" for label in walks.names(graph) for prop in graph.properties(label)]


def new(
    workspace: Workspace,
    built: Built,
    answer: str,
    hops: int,
    start: str | None,
    modalities: Sequence[str],
) -> Made:
    """The best sketch.

    Raises: UsageError: an argument does not fit the graph, or nothing matches.
    """
    graph = snapshot(built)
    kind = facts if graph.roles.house else walks
    found = list(_counted(graph, kind.sketches(graph, answer, hops, start, tuple(modalities))))
    if not found:
        over = f"{hops} hop{'s' * (hops != 1)} to {answer}"
        flags = [*(["--start"] if start else []), *(["--modalities"] if modalities else [])]
        rest = f"leave out {' and '.join(flags)}, or try fewer hops" if flags else "try fewer hops"
        raise UsageError(f"nothing matches: {over}; {rest}; `kgmine schema --facts` lists what is stated")
    return max(
        (_trial(sketch, count, workspace, built) for count, sketch in found[:TRIED]),
        key=lambda made: len(made.proved),
    )


def _counted(graph: Snapshot, sketches: Iterator[Sketch]) -> Iterator[tuple[int, Sketch]]:
    """Sketches with matches, those first that have few matches for each first node, and many of these."""
    from kg.cypher.template import loads
    from sampling.count import count
    from sampling.population import population

    ranked = []
    for k, sketch in enumerate(sketches):
        template = loads(sketch.text(), name="new")
        matches = count(template, graph).value
        if matches:
            first = int(population(template, graph).reached(template.plan.nodes[0].name).sum())
            several = round(4 * log2(max(matches / max(first, 1), 1)))  # 0: about one answer for each question
            ranked.append((several, -first, k, matches, sketch))
    for _, _, _, matches, sketch in sorted(ranked, key=lambda row: row[:3]):
        yield matches, sketch


def _trial(sketch: Sketch, matches: int, workspace: Workspace, built: Built) -> Made:
    from kg.cypher.template import loads

    trials, _ = tried(loads(sketch.text(), name="new"), workspace, built, DRAWS, 0)
    drawn = list(trials)
    proved = tuple(trial for trial in drawn if trial.proved)
    failed = tuple(trial for trial in drawn if not trial.proved)
    return Made(sketch.text(matches, len({trial.question for trial in proved})), matches, len(drawn), proved, failed)


def write(path: Path, made: Made) -> Iterator[str]:
    """Write the file and say what it gives.

    Raises: UsageError: the file exists.
    """
    from runtime.artefacts import write_text

    if path.exists():
        raise UsageError(f"{path} exists; give another name or remove it")
    write_text(path, made.text)
    yield f"wrote {path}: {made.matches:,} matches; {len(made.proved)} of {made.drawn} drawn ones are proved"
    for trial in (*made.proved[:2], *made.failed[:1]):
        answer = "" if trial.draft is None or not trial.proved else f" {trial.draft.answer}"
        unit = f" {trial.draft.answer_unit}" if answer and trial.draft and trial.draft.answer_unit else ""
        yield f"- {trial.question}{answer}{unit}" + ("" if trial.proved else f"\n    {trial.verdict}")
