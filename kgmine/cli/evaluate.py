"""`kgmine evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgmine.cli import options

if TYPE_CHECKING:
    from training.evaluate.pairing import Comparison
    from training.evaluate.summary import Summary

_MORE = click.IntRange(min=1)


@click.command()
@click.argument("sources", metavar="[SPLITS | A B ...]", nargs=-1, type=options.FOLDER)
@click.option("--out", type=options.FOLDER, required=True, help="Folder of the evaluation or comparison.")
@click.option("--compare", is_flag=True, help="Compare evaluations A B …, paired by question; A is before.")
@click.option("--split", multiple=True, help="Split of the export, may be repeated (default: all but train).")
@click.option("--rows", type=options.FOLDER, help="Your own test rows instead: JSON lines, Parquet, `datasets` folder.")
@click.option("--first", type=_MORE, metavar="N", help="Only N questions, the same ones every time.")
@click.option("--model", metavar="FOLDER|NAME", help="Base weights, or a student trained whole; at a server its name.")
@click.option("--adapter", type=options.FOLDER, help="LoRA adapter (PEFT), or a student's folder.")
@click.option("--recipe", type=options.FOLDER, help="Recipe with the wording (default: that of the student).")
@click.option("--set", "overrides", multiple=True, metavar="A.B=C", help="Override one key of the recipe.")
@click.option("--closed-book", is_flag=True, help="Ask without passages.")
@click.option("--evidence", is_flag=True, help="Ask with the passages that hold the evidence; both flags: two results.")
@click.option("-k", "attempts", type=_MORE, default=1, show_default=True, help="Sampled attempts at each question.")
@click.option("--temperature", type=click.FloatRange(min=0), help="0: greedy.  [default: 0; with -k above 1 0.7]")
@click.option("--top-p", type=click.FloatRange(0, 1, min_open=True), help="Nucleus of sampling.  [default: 0.95]")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of sampling.")
@click.option("--max-new-tokens", type=_MORE, help="Of an output.  [default: 256; with steps 2048]")
@click.option("--batch", type=_MORE, help="Prompts at once.  [default: 1 on a CPU, 16 on CUDA]")
@click.option("--device", metavar="auto|cpu|cuda[:N]", help="Where the model runs.  [default: auto]")
@click.option("--precision", type=click.Choice(["auto", "bf16", "float32"]), help="Of the weights.  [default: auto]")
@click.option("--server", metavar="URL", help="OpenAI-compatible server; key: KGMINE_API_KEY or OPENAI_API_KEY.")
@click.option("--concurrency", type=_MORE, help="Requests at once.  [default: 8]")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds of a request.  [default: 120]")
@click.option("--retries", type=click.IntRange(min=0), help="Of a request that is lost.  [default: 5]")
@click.option("--no-template-flags", is_flag=True, help="Send no chat_template_kwargs (servers that refuse them).")
def evaluate(*, compare: bool, **given: Any) -> int:
    """Examine a model on the held-out SPLITS of an export, or on your own rows; or compare evaluations A B ….

    \b
    kgmine evaluate out --model Qwen/Qwen3-0.6B --out before
    kgmine evaluate out --model Qwen/Qwen3-0.6B --adapter student --out after
    kgmine evaluate out --server http://localhost:8000 --model NAME -k 8 --out served
    kgmine evaluate --compare before after --out compared

    Killed, or answers lost by the server? The same command goes on where it was.
    """  # noqa: D301
    if compare:
        return _compare(given)
    from kgmine.evaluate import Options, missing
    from kgmine.evaluate import evaluate as make

    done = make(Options(**given))
    for folder, summary in done:
        click.echo(_closing(folder, summary))
    if lost := missing(done):
        click.echo(f"{lost} answers are missing, not wrong (lost by the server); the same command asks for them again")
        return 3
    return 0


def _compare(given: dict[str, Any]) -> int:
    from schemas.errors import UsageError
    from training.evaluate.compare import compare

    unused = [name for name in ("model", "adapter", "rows", "server") if given[name] is not None]
    if unused:
        raise UsageError(f"--compare takes evaluations that are there; --{unused[0]} does not go with it")
    made = compare(given["sources"], given["out"])
    click.echo(_compared(given["out"], made))
    return 0


def _closing(folder: Path, summary: Summary) -> str:
    from kgmine.report import table
    from training.evaluate.markdown import interval, share

    rows = [("all", summary.overall), *summary.by["task"].items()]
    lines = [
        table(
            ("task", "questions", "accuracy", "95 %", ""),
            [
                (name, one.questions, share(one.accuracy), interval(one.low, one.high), "few" if one.few else "")
                for name, one in rows
            ],
        )
    ]
    lines += [f"pass@{k} {share(value)}" for k, value in summary.overall.pass_at.items()]
    counts = ", ".join(f"{count} {name}" for name, count in summary.outcomes.items() if count)
    lines.append(f"attempts: {counts}" + (f"; {summary.cut} cut at the limit of new tokens" if summary.cut else ""))
    return "\n".join([*lines, f"{folder}/report.md\n"])


def _compared(out: Path, made: Comparison) -> str:
    from kgmine.report import table
    from training.evaluate.markdown import interval, points, probability, share

    changes = {one.name: one.overall for one in made.pairings}
    rows = []
    for name, one in made.overall.items():
        row = [name, one.questions, share(one.accuracy), interval(one.low, one.high)]
        if name in changes:
            change = changes[name]
            row += [points(change.difference), change.gained, change.lost, probability(change.p_holm)]
        rows.append([*row, *[""] * (8 - len(row))])
    header = ("evaluation", "questions", "accuracy", "95 %", "difference", "gained", "lost", "p (Holm)")
    return f"{table(header, rows)}\n{out}/report.md"
