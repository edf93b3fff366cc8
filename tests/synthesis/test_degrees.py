"""Degrees: high prices, great distances, long periods, large radii."""

from __future__ import annotations

import pytest

from synthesis.wording import english_asking as asking
from synthesis.wording.english_degrees import degree
from tests.synthesis.test_wording import Fake


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("distance from the Sun", "kilometre", "greatest"),
        ("orbital period", "day", "longest"),
        ("length of day", "hour", "longest"),
        ("mean radius", "kilometre", "largest"),
        ("semi-major axis", "kilometre", "largest"),
        ("number of known moons", None, "largest"),
        ("launch mass", "kilogram", "greatest"),
        ("certified maximum gross weight", "pound", "greatest"),
        ("elevation", "foot", "highest"),
        ("mean temperature", "degree Celsius", "highest"),
        ("latency", "second", "highest"),
        ("net sales of services", "USD", "highest"),
        ("F1 score", None, "highest"),
    ],
)
def test_the_noun_decides_and_else_the_dimension(quantity, unit, said):
    assert degree(Fake(quantity=quantity, unit=unit).quantity, "highest") == said


def test_the_other_end_is_named_alike():
    period = Fake(quantity="orbital period", unit="day").quantity
    assert [degree(period, word) for word in ("higher", "lower", "lowest")] == ["longer", "shorter", "shortest"]
    assert degree("orbital period", "odd") == "odd"


def test_counts_are_more_or_fewer():
    moons = Fake(quantity="number of known moons", kind="number").quantity
    assert (asking.graded(moons, "higher"), asking.graded(moons, "lower")) == ("more known moons", "fewer known moons")
    assert asking.graded(Fake(quantity="orbital period").quantity, "lower") == "a shorter orbital period"


@pytest.mark.parametrize("denotes", ["mean density", "mean density of the planet", "mean density of the gas giant"])
def test_what_a_symbol_denotes_is_asked_of_the_subject(denotes):
    assert asking.meant(denotes) == "mean density"
