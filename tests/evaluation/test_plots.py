"""Plots: deterministic, labelled, told apart without colour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib", reason="the extra `train` is not installed")

from training.evaluate import plots
from training.evaluate.statistics import Interval, wilson

SERIES = [plots.Series("before", [wilson(3, 10), None]), plots.Series("a_$after$", [wilson(8, 10), wilson(1, 2)])]


def draw(path: Path) -> bytes:
    plots.by_group(path, "Accuracy", ["all", "value"], SERIES)
    return path.read_bytes()


def test_a_plot_has_the_same_bytes_whatever_the_users_style(tmp_path: Path) -> None:
    import matplotlib as mpl

    before = draw(tmp_path / "a.png")
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "black"}):
        assert draw(tmp_path / "b.png") == before
        assert mpl.rcParams["font.size"] == 20  # and the style is given back
    assert before.startswith(b"\x89PNG")
    assert b"Software" not in before


def test_axes_say_what_they_show_and_each_series_has_colour_and_marker_of_its_own(
    tmp_path: Path, monkeypatch: Any
) -> None:
    kept = []
    real = plots._legend
    monkeypatch.setattr(plots, "_legend", lambda axes, count: (kept.append(axes), real(axes, count)))
    draw(tmp_path / "a.png")
    plots.curves(tmp_path / "b.png", "Loss", [plots.Curve("x", [1, 2], [3, 2]), plots.Curve("y", [1, 2], [3, 1], 1)])
    plots.volume(
        tmp_path / "c.png",
        "Volume",
        [(500, Interval(0.4, 0.3, 0.5)), (50_000, Interval(0.6, 0.5, 0.7))],
        ("base", Interval(0.2, 0.1, 0.3)),
    )
    groups, loss, volume = kept
    assert "95 % Wilson interval" in groups.get_xlabel()
    assert [label.get_text() for label in groups.get_legend().get_texts()] == ["before", r"a_\$after\$"]
    dots = {(line.get_color(), line.get_marker()) for line in groups.lines if line.get_marker() in plots.MARKERS}
    assert len(dots) == 2
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("optimiser step", "training loss (nats per target token)")
    assert len({line.get_linestyle() for line in loss.lines}) == 2
    assert (volume.get_xlabel(), volume.get_xscale()) == ("training rows", "log")
    assert [label.get_text() for label in volume.get_xticklabels()] == ["500", "50,000"]
