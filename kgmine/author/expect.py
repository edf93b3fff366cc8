"""`template test`: what a header expects, against what the graph gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from kgmine.author.trial import Trial, tried
from kgmine.graph import Built, snapshot
from kgmine.workspace import Workspace
from schemas.sample import Sample
from schemas.template import NUMBER, Expect

if TYPE_CHECKING:
    from kg.cypher.template import Template

LEAST: Final = Expect(matches=">= 1", samples=">= 1")
"""Of a template that says nothing."""


def failures(template: Template, workspace: Workspace, built: Built) -> Iterator[str]:
    """One line for each expectation that does not hold.

    Raises: TemplateError: the template does not fit the graph.
    """
    from kg.cypher.lint import check
    from sampling.count import count

    expect = template.header.expect or LEAST
    graph = snapshot(built)
    check(template, graph)
    if expect.matches is not None:
        found = count(template, graph)
        if not _holds(expect.matches, *found.interval):
            yield _line(template, f"expected {_spoken(expect.matches)} matches, found {found}", "matches")
    if expect.samples is None and not expect.questions and not expect.answers:
        return
    trials, _ = tried(template, workspace, built, expect.draws, 0)
    made = list(trials)
    proved = {trial.result.id: trial.result for trial in made if trial.proved and isinstance(trial.result, Sample)}
    if expect.samples is not None and not _holds(expect.samples, len(proved), len(proved)):
        message = f"expected {_spoken(expect.samples)} proved samples of {len(made)} draws, found {len(proved)}"
        yield _line(template, f"{message}{_most_frequent(made)}", "samples")
    asked = {sample.question: sample for sample in proved.values()}
    for k, question in enumerate(expect.questions):
        if question not in asked:
            yield _line(template, _missing(question, made), "questions", k)
    for question, answer in expect.answers.items():
        if question not in asked:
            yield _line(template, _missing(question, made), "answers", question)
        elif answer not in (said := _answers(asked[question])):
            yield _line(template, f"{question} expected {answer}, found {said[0]}", "answers", question)


def _holds(expected: str, low: int, high: int) -> bool:
    """Whether a number holds of an interval of which every value is possible."""
    found = NUMBER.fullmatch(expected)
    assert found is not None
    sign, number, first, last = found.groups()
    if number is None:
        return int(first) <= high and low <= int(last)
    value = int(number)
    return {">=": high >= value, "<=": low <= value, "=": low <= value <= high, "<": low < value, ">": high > value}[
        sign or ">="
    ]


def _spoken(expected: str) -> str:
    """`at least 10` for `>= 10`."""
    words = {">=": "at least", "<=": "at most", "=": "exactly", "<": "fewer than", ">": "more than"}
    sign = expected.rstrip("0123456789 ")
    return expected if ".." in sign else f"{words[sign.strip() or '>=']} {expected[len(sign) :].strip()}"


def _answers(sample: Sample) -> tuple[str, ...]:
    unit = f" {sample.answer_unit}" if sample.answer_unit else ""
    return sample.answer + unit, sample.answer, *sample.answer_aliases


def _missing(question: str, made: Iterable[Trial]) -> str:
    """Why a question was not asked by a proved sample: the proof's reason, or the nearest question."""
    trials = [trial for trial in made if trial.question]
    same = next((trial for trial in trials if trial.question == question), None)
    if same is not None:
        return f"{question} is not proved: {same.verdict}"
    near = get_close_matches(question, sorted({trial.question for trial in trials}), n=1, cutoff=0)
    return f"{question} is not asked; the nearest is {near[0]}" if near else f"{question} is not asked"


def _most_frequent(made: Iterable[Trial]) -> str:
    verdicts = [trial.verdict for trial in made if not trial.proved]
    checks = [verdict.partition(":")[0] for verdict in verdicts]
    if not checks:
        return ""
    most = min(set(checks), key=lambda check: (-checks.count(check), check))
    first = next(verdict for verdict in verdicts if verdict.startswith(most))
    return f"; {checks.count(most)} × {first}"


def _line(template: Template, message: str, *path: str | int) -> str:
    """Where the expectation stands, and what is wrong."""
    places, whole = template.places, ("expect", *path)
    while whole and whole not in places:
        whole = whole[:-1]
    line, column = places.get(whole, (1, 1))
    return f"{template.path}:{line}:{column}: {message}"
