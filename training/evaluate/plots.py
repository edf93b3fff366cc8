"""PNG plots with the same bytes every time: one size, one font, no time stamp.

Colours are those of Okabe and Ito (2008, "Color Universal Design"), which colour-blind people tell apart; every series
has a marker and a line style of its own, too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from runtime.artefacts import write_bytes
from training.evaluate.statistics import Interval

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
LINES: Final = ("-", "--", "-.", ":")
MOST_SERIES: Final = len(COLOURS)
INTERVALS: Final = "accuracy (share of questions answered correctly), bars: 95 % Wilson interval"
_DPI: Final = 144
_MOST_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Series:
    """One evaluation in a plot by group."""

    label: str
    points: Sequence[Interval | None]
    """One for each group; None: nothing came back."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    style: int = 0
    """Which colour, marker and line: those of the same evaluation in other plots."""


def possible() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def by_group(path: Path, title: str, groups: Sequence[str], series: Sequence[Series]) -> None:
    """Accuracy with intervals, one line of dots for each group, from the top down."""
    height = 1.6 + max(0.34, 0.16 * len(series) + 0.12) * len(groups) + 0.2 * len(series)
    with _figure(path, width=8.0, height=height) as axes:
        for index, one in enumerate(series):
            offset = (index - (len(series) - 1) / 2) * min(0.8 / len(series), 0.24)
            for place, point in enumerate(one.points):
                if point is not None:
                    _dot(axes, point, place + offset, index, label=one.label)
        axes.set_yticks(range(len(groups)), [_short(group) for group in groups])
        axes.set_ylim(len(groups) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(INTERVALS)
        axes.set_title(title, loc="left")
        axes.grid(axis="x", color="#dddddd")
        _legend(axes, len(series))


def curves(path: Path, title: str, lines: Sequence[Curve]) -> None:
    """Training loss by optimiser step."""
    with _figure(path, width=8.0, height=4.2) as axes:
        for line in lines:
            index, few = line.style, len(line.x) < 30
            axes.plot(
                line.x,
                line.y,
                color=COLOURS[index % MOST_SERIES],
                linestyle=LINES[index % len(LINES)],
                marker=MARKERS[index % MOST_SERIES] if few else None,
                label=_short(line.label),
            )
        axes.set_xlabel("optimiser step")
        axes.set_ylabel("training loss (nats per target token)")
        axes.set_ylim(bottom=0)
        axes.set_title(title, loc="left")
        axes.grid(color="#dddddd")
        _legend(axes, len(lines))


def volume(path: Path, title: str, points: Sequence[tuple[int, Interval]], base: tuple[str, Interval] | None) -> None:
    """Accuracy by number of training rows; the base, which has none, as a line with its band."""
    with _figure(path, width=8.0, height=4.2) as axes:
        if base:
            _, point = base
            axes.axhline(point.value, color="#555555", linestyle="--", label=_short(f"{base[0]} (base)"))
            axes.axhspan(point.low, point.high, color="#555555", alpha=0.12, linewidth=0)
        x, y = [rows for rows, _ in points], [point.value for _, point in points]
        low = [point.value - point.low for _, point in points]
        high = [point.high - point.value for _, point in points]
        axes.errorbar(x, y, yerr=[low, high], color=COLOURS[0], marker="o", capsize=4, label="students")
        if max(x) > 10 * min(x):
            axes.set_xscale("log")
        axes.set_xticks(sorted(set(x)), [f"{rows:,}" for rows in sorted(set(x))])
        axes.minorticks_off()
        axes.set_xlabel("training rows")
        axes.set_ylabel("accuracy (share of questions)\nbars: 95 % Wilson interval")
        axes.set_ylim(-0.02, 1.02)
        axes.set_title(title, loc="left")
        axes.grid(color="#dddddd")
        _legend(axes, 2)


def _dot(axes: Any, point: Interval, place: float, index: int, *, label: str) -> None:
    axes.errorbar(
        [point.value],
        [place],
        xerr=[[point.value - point.low], [point.high - point.value]],
        color=COLOURS[index % MOST_SERIES],
        marker=MARKERS[index % MOST_SERIES],
        markersize=5,
        capsize=3,
        linestyle="none",
        label=_short(label),
    )


def _legend(axes: Any, count: int) -> None:
    """Half an inch below the axes, where it hides no point; each label once."""
    if count < 2:
        return
    handles, labels = axes.get_legend_handles_labels()
    once = {label: handle for handle, label in zip(handles[::-1], labels[::-1], strict=True)}
    shown = list(dict.fromkeys(labels))
    axes.legend(
        [once[label] for label in shown],
        shown,
        loc="upper left",
        bbox_to_anchor=(0, -0.5 / (axes.get_position().height * axes.figure.get_figheight())),
        frameon=False,
        ncols=min(3, len(shown)),
    )


def _short(label: str) -> str:
    label = label.replace("$", r"\$")  # no mathematics in names
    return label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"


@contextmanager
def _figure(path: Path, *, width: float, height: float) -> Iterator[Any]:
    """Axes whose figure is written when the block ends."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()  # not the user's own style: the same bytes everywhere
        mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
        figure = Figure(figsize=(width, height), dpi=_DPI)
        FigureCanvasAgg(figure)
        yield figure.add_subplot()
        sink = io.BytesIO()
        figure.savefig(sink, format="png", bbox_inches="tight", metadata={"Software": None})
    write_bytes(path, sink.getvalue())
