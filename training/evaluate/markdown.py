"""Figures as people read them in report.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; None is an empty cell."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def share(value: float | None) -> str:
    """`82.4 %`."""
    return "" if value is None else f"{100 * value:.1f} %"


def interval(low: float | None, high: float | None) -> str:
    """`74.0–88.5 %`."""
    return "" if low is None or high is None else f"{100 * low:.1f}–{100 * high:.1f} %"


def points(value: float | None) -> str:
    """A difference of shares: `+12.3 points`."""
    return "" if value is None else f"{100 * value:+.1f}"


def probability(p: float | None) -> str:
    """`0.031`, `< 0.0001`."""
    return "" if p is None else "< 0.0001" if p < 0.0001 else f"{p:.4f}" if p < 0.001 else f"{p:.3f}"


def quoted(text: str | None, most: int = 160) -> str:
    """One line of code font, cut at `most` characters; what a model wrote is never read as Markdown."""
    if not text or not text.strip():
        return "*(nothing)*"
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line if len(line) <= most else line[: most - 1] + '…'}`"


def plain(text: str) -> str:
    """A question in a list: one line, no Markdown of its own."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
