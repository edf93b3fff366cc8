"""report.md of a comparison, with before and after by task, loss and volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from runtime.artefacts import fingerprint, write_text
from training.evaluate import plots, report
from training.evaluate.about import Evaluation
from training.evaluate.markdown import interval, plain, points, probability, quoted, share, table
from training.evaluate.pairing import Change, Changed, Comparison, Pairing

_EXAMPLES: Final = 5
_LEGEND: Final = (
    "*Gained* and *lost* count questions with a larger or smaller share of correct attempts than before; p is the "
    "exact two-sided test that both are equally likely (with one attempt each McNemar's), p (Holm) keeps 5 % over all "
    "rows of its table. Differences are points of accuracy over the questions that came back in both, with 95 % "
    "intervals (Agresti and Min). *too few*: no test over so few changes can reach 0.05."
)


def write(out: Path, made: Comparison, changed: Sequence[Changed], evaluations: Mapping[str, Evaluation]) -> None:
    """report.md and the plots that the evaluations allow."""
    drawn = _plots(out, made, evaluations) if plots.possible() else []
    parts = [f"# {' against '.join([made.names[-1], made.names[0]]) if len(made.names) == 2 else 'Comparison'}"]
    parts.append(
        "\n".join(f"* **{name}**: {report.title(one.about)}" for name, one in evaluations.items())
        + f"\n* the same {next(iter(evaluations.values())).about.data.questions} questions, hash `{made.data_sha256}`"
    )
    parts += [_overall(made), *(_pairing(one, made.names[0], changed) for one in made.pairings)]
    parts += [f"![{alt}]({name})" for name, alt in drawn]
    parts.append(_LEGEND)
    write_text(out / report.FILE, "\n\n".join(parts) + "\n")


def _overall(made: Comparison) -> str:
    changes = {one.name: one.overall for one in made.pairings}
    rows = []
    for name, figures in made.overall.items():
        row: list[object] = [name, figures.questions, share(figures.accuracy), interval(figures.low, figures.high)]
        rows.append(row + (_cells(changes[name]) if name in changes else [""] * 6))
    return "## Overall\n\n" + table(("", "questions", "accuracy", "95 %", *_COLUMNS), rows)


_COLUMNS: Final = ("difference", "gained", "lost", "p", "p (Holm)", "")


def _cells(change: Change) -> list[object]:
    low, high = points(change.low), points(change.high)
    note = ("too few" if change.too_few else "") + (f" ({change.left_out} left out)" if change.left_out else "")
    said = f"{points(change.difference)} ({low} to {high})" if change.questions else ""
    return [said, change.gained, change.lost, probability(change.p), probability(change.p_holm), note.strip()]


def _pairing(one: Pairing, before: str, changed: Sequence[Changed]) -> str:
    rows = [[task, change.questions, *_cells(change)] for task, change in one.by_task.items()]
    text = f"## {one.name} against {before}\n\n" + table(("task", "pairs", *_COLUMNS), rows)
    if one.differs:
        text += "\n\nNot the same: " + "; ".join(plain(line) for line in one.differs) + "."
    for direction, said in (("gained", "Right only now"), ("lost", "Right only before")):
        found = [row for row in changed if row.name == one.name and row.direction == direction]
        if found:
            text += f"\n\n{said}, {min(len(found), _EXAMPLES)} of {len(found)}:\n\n" + "\n".join(
                _example(row) for row in sorted(found, key=lambda row: fingerprint(row.id))[:_EXAMPLES]
            )
    return text


def _example(row: Changed) -> str:
    said = f"Before: {quoted(row.before)}. After: {quoted(row.after)}."
    return f"* {plain(row.question)} Right: {quoted(row.answer)}. {said}"


def _plots(out: Path, made: Comparison, evaluations: Mapping[str, Evaluation]) -> list[tuple[str, str]]:
    shown = made.names[: plots.MOST_SERIES]
    tasks = list(made.by_task[made.names[0]])
    groups = [report.labelled("all", made.overall[made.names[0]])]
    groups += [report.labelled(task, made.by_task[made.names[0]][task]) for task in tasks]
    series = [
        plots.Series(name, [one.interval for one in (made.overall[name], *(made.by_task[name][t] for t in tasks))])
        for name in shown
    ]
    plots.by_group(out / "before_after.png", "Accuracy by task", groups, series)
    drawn = [("before_after.png", "accuracy by task, before and after, with intervals")]
    lines = [line for n, name in enumerate(shown) if (line := report.loss(evaluations[name].folder, name, n))]
    if lines:
        plots.curves(out / "loss.png", "Training loss", lines)
        drawn.append(("loss.png", "training loss by step"))
    volumes = {name: rows for name, one in evaluations.items() if (rows := _volume(one))}
    if len(set(volumes.values())) > 1:
        base = next((name for name, one in evaluations.items() if one.about.adapter is None), None)
        ordered = [
            (volumes[name], made.overall[name].interval) for name in sorted(volumes, key=lambda name: volumes[name])
        ]
        plots.volume(
            out / "volume.png",
            "Accuracy by number of training rows",
            [(rows, point) for rows, point in ordered if point],
            (base, flat) if base and (flat := made.overall[base].interval) else None,
        )
        drawn.append(("volume.png", "accuracy by number of training rows"))
    return drawn


def _volume(one: Evaluation) -> int | None:
    adapter = one.about.adapter
    return adapter.trained.volume if adapter and adapter.trained else None
