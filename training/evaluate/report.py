"""report.md of one evaluation, with its plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from runtime.artefacts import fingerprint, write_text
from training.evaluate import plots
from training.evaluate.about import About
from training.evaluate.markdown import interval, plain, quoted, share, table
from training.evaluate.outputs import Output
from training.evaluate.statistics import FEW
from training.evaluate.subject import LOG
from training.evaluate.summary import Figures, Summary

FILE: Final = "report.md"
_EXAMPLES: Final = 5
_LEGEND: Final = (
    "Accuracy counts an output as correct if its final answer is the right one (`scoring.answers`); what was left "
    "empty or did not fit the context is not correct, what the transport lost is left out. Intervals are 95 % "
    f"(Wilson). Groups of fewer than {FEW} questions are marked *few*: their figures say little."
)
_NO_PLOTS: Final = "Plots need matplotlib: `pip install 'kgmine[train]'`, then run the same command again."


def write(folder: Path, about: About, summary: Summary, rows: Sequence[Output]) -> None:
    """report.md, accuracy.png and, of a student with its log, loss.png."""
    drawn = _plots(folder, about, summary) if plots.possible() else []
    parts = [f"# Evaluation of {title(about)}", setup(about), _overall(summary), *_groups(summary)]
    parts += [f"![{alt}]({name})" for name, alt in drawn] or [_NO_PLOTS]
    parts += [_examples(rows), _lost(rows), _LEGEND]
    write_text(folder / FILE, "\n\n".join(part for part in parts if part) + "\n")


def title(about: About) -> str:
    """`Qwen3-8B with adapter filings-2k`, with evidence or closed book."""
    adapter = about.adapter
    name = about.model.name + (f" with {adapter.name}" if adapter else "")
    return f"{name}, {'with evidence' if about.wording.evidence else 'closed book'}"


def setup(about: About) -> str:
    """What was asked, and how."""
    data = f"{about.data.questions} questions of {about.data.name}"
    data += f" ({', '.join(about.data.splits)})" if about.data.splits else " (own rows)"
    drawn = (
        "greedy"
        if not about.temperature
        else f"temperature {about.temperature:g}, top-p {about.top_p:g}, seed {about.seed}"
    )
    asked = "the answer alone" if about.wording.target == "answer" else "steps, then the answer"
    lines = [
        f"* data: {data}, hash `{about.data.sha256}`",
        f"* asked for {asked}; thinking {'on' if about.wording.thinking else 'off'}"
        + (f"; system message {quoted(about.wording.system)}" if about.wording.system else ""),
        f"* {about.attempts} attempt{'s' if about.attempts > 1 else ''} each, {drawn}, "
        f"up to {about.max_new_tokens:,} new tokens",
        f"* {'a server' if about.model.server else f'in this process, {about.precision}'}; "
        + ", ".join(f"{name} {version}" for name, version in about.versions.items()),
    ]
    if about.model.server and not about.template_flags:
        lines.append("* the server's template was not told whether to think")
    if (trained := about.adapter and about.adapter.trained) and trained.volume:
        lines.append(f"* the student was trained on {trained.volume:,} rows, data hash `{trained.data_sha256}`")
    if about.trained_wording and about.trained_wording != about.wording:
        lines.append("* **the student was trained with another wording**: " + "; ".join(_other(about)))
    return "\n".join(lines)


def _other(about: About) -> list[str]:
    assert about.trained_wording
    was, now = about.trained_wording.model_dump(), about.wording.model_dump()
    return [f"{key} {was[key]!r} then, {now[key]!r} here" for key in now if was[key] != now[key]]


def _overall(summary: Summary) -> str:
    outcomes = summary.outcomes
    all_ = sum(outcomes.values())
    counts = [(name, count, share(count / all_)) for name, count in outcomes.items()]
    text = "## Overall\n\n" + table(_HEADER, [_line("all", summary.overall)])
    if summary.overall.pass_at:
        text += "\n\n" + table(
            [f"pass@{k}" for k in summary.overall.pass_at],
            [[share(value) for value in summary.overall.pass_at.values()]],
        )
    text += "\n\n" + table(("attempts", "n", "share"), counts)
    if summary.cut:
        text += f"\n\n{summary.cut} outputs ended at the limit of new tokens."
    return text


_HEADER: Final = ("", "questions", "accuracy", "95 %", "exact match", "soft exact match", "F1", "")


def _line(name: str, one: Figures) -> list[object]:
    note = ("few" if one.few else "") + (f" ({one.missing} missing)" if one.missing else "")
    figures = [share(one.exact_match), share(one.soft_exact_match), share(one.f1)]
    return [name, one.questions, share(one.accuracy), interval(one.low, one.high), *figures, note.strip()]


def _groups(summary: Summary) -> list[str]:
    parts = []
    for dimension, groups in summary.by.items():
        if list(groups) == ["not scored"]:
            parts.append(f"## By {dimension}\n\nNot scored: the samples carry no difficulty.")
        elif len(groups) > 1:
            parts.append(f"## By {dimension}\n\n" + table(_HEADER, [_line(name, one) for name, one in groups.items()]))
    same = [
        f"{dimension} {next(iter(groups))}"
        for dimension, groups in summary.by.items()
        if len(groups) == 1 and "not scored" not in groups
    ]
    if same:
        parts.append(f"All questions have {', '.join(same)}.")
    return parts


def labelled(name: str, one: Figures) -> str:
    """A group with its size."""
    return f"{name}  (n = {one.questions})"


def _plots(folder: Path, about: About, summary: Summary) -> list[tuple[str, str]]:
    groups = {"all": summary.overall, **summary.by["task"]}
    plots.by_group(
        folder / "accuracy.png",
        f"Accuracy by task: {title(about)}",
        [labelled(name, one) for name, one in groups.items()],
        [plots.Series("accuracy", [one.interval for one in groups.values()])],
    )
    drawn = [("accuracy.png", "accuracy by task with intervals")]
    line = loss(folder, about.adapter.name if about.adapter else about.model.name)
    if line:
        plots.curves(folder / "loss.png", f"Training loss of {line.label}", [line])
        drawn.append(("loss.png", "training loss by step"))
    return drawn


def loss(folder: Path, label: str, style: int = 0) -> plots.Curve | None:
    """The loss curve of the student that was evaluated; None where there is no log."""
    import json

    if not (folder / LOG).exists():
        return None
    rows = [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row.get("loss") is not None]
    return plots.Curve(label, [row["step"] for row in rows], [row["loss"] for row in rows], style) if rows else None


def sampled(rows: Sequence[Output], most: int = _EXAMPLES) -> list[Output]:
    """A few rows, in an order that says nothing of the data's."""
    return sorted(rows, key=lambda row: fingerprint(row.id, row.attempt))[:most]


def _examples(rows: Sequence[Output]) -> str:
    wrong = [row for row in rows if row.outcome == "wrong"]
    if not wrong:
        return ""
    lines = [
        f"* {plain(row.question)} Right: {quoted(row.answer)}. Said: {quoted(row.output)} ({row.grade.how})"
        for row in sampled(wrong)
    ]
    return "## Some wrong answers\n\n" + "\n".join(lines)


def _lost(rows: Sequence[Output]) -> str:
    from collections import Counter

    said = Counter(row.reason for row in rows if row.outcome == "unanswerable")
    said.update(f"missing: {row.error}" for row in rows if row.outcome == "missing")
    if not said:
        return ""
    lines = [f"* {count} x {plain(reason)}" for reason, count in said.most_common(10)]
    return "## Not answered\n\n" + "\n".join(lines)
