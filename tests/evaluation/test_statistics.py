"""Statistics against closed values, against scipy, and by brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluate.statistics import LEAST_CHANGES, holm, paired_difference, pass_at_k, sign_test, wilson


def test_wilson_of_8_in_10_is_the_textbooks() -> None:
    made = wilson(8, 10)
    assert made is not None
    assert (made.value, round(made.low, 4), round(made.high, 4)) == (0.8, 0.4902, 0.9433)


def test_wilson_is_scipys() -> None:
    from scipy.stats import binomtest

    for n in range(1, 41):
        for successes in range(n + 1):
            made, theirs = wilson(successes, n), binomtest(successes, n).proportion_ci(method="wilson")
            assert made is not None
            assert (made.low, made.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_of_no_questions_there_is_no_interval() -> None:
    assert wilson(0, 0) is None
    assert paired_difference([]) is None


def test_pass_at_k_is_the_share_of_draws_with_a_correct_one() -> None:
    for m in range(1, 8):
        for c, k in product(range(m + 1), range(1, m + 1)):
            draws = list(combinations([i < c for i in range(m)], k))
            assert pass_at_k(m, c, k) == pytest.approx(sum(any(draw) for draw in draws) / len(draws))


def test_pass_at_1_is_the_share_of_correct_attempts_and_more_than_there_are_is_nothing() -> None:
    assert pass_at_k(8, 2, 1) == 0.25
    assert pass_at_k(3, 1, 4) is None


def test_the_sign_test_is_scipys_binomial() -> None:
    from scipy.stats import binomtest

    for gained, lost in product(range(16), range(16)):
        theirs = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
        assert sign_test(gained, lost) == pytest.approx(theirs, rel=1e-9)


def test_the_sign_test_is_mcnemars_by_counting_all_flips() -> None:
    """The pairs that changed, each flipped at random: how often is the imbalance at least as large?"""
    for gained, lost in [(0, 0), (1, 0), (5, 1), (2, 6), (4, 4), (0, 9)]:
        changed = gained + lost
        worse = sum(abs(2 * sum(flips) - changed) >= abs(gained - lost) for flips in product((0, 1), repeat=changed))
        assert sign_test(gained, lost) == float(min(Fraction(1), Fraction(worse, 2**changed)))


def test_thousands_of_changes_are_no_overflow() -> None:
    assert 0 < sign_test(900, 1100) < 1e-4


def test_too_few_changes_cannot_be_significant_and_one_more_can() -> None:
    assert sign_test(LEAST_CHANGES - 1, 0) > 0.05 > sign_test(LEAST_CHANGES, 0)


def test_holm_of_known_values() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_holm_is_the_closure_of_bonferroni(ps: list[float]) -> None:
    """A hypothesis is rejected if every set that holds it is: the largest Bonferroni p over such sets."""
    made = holm(ps)
    for index in range(len(ps)):
        others = [i for i in range(len(ps)) if i != index]
        sets = [(index, *more) for size in range(len(ps)) for more in combinations(others, size)]
        largest = max(min(1.0, len(chosen) * min(ps[i] for i in chosen)) for chosen in sets)
        assert made[index] == pytest.approx(largest, abs=1e-12)


def test_a_paired_difference_is_agresti_and_mins() -> None:
    """Formula of the paper: half a question more in each cell, then Wald."""
    gained, lost, same = 14, 5, 81
    made = paired_difference([1.0] * gained + [-1.0] * lost + [0.0] * same)
    assert made is not None
    n, b, c = 102, 14.5, 5.5
    half = 1.959963984540054 / n * sqrt(b + c - (b - c) ** 2 / n)
    assert made.value == pytest.approx(0.09)
    assert (made.low, made.high) == pytest.approx(((b - c) / n - half, (b - c) / n + half))


@pytest.mark.parametrize(("up", "down"), [(0.3, 0.1), (0.15, 0.15), (0.5, 0.2)])
def test_nineteen_of_twenty_intervals_hold_the_true_difference(up: float, down: float) -> None:
    """Exact coverage over every outcome of 40 pairs."""
    n, covered = 40, 0.0
    for gained in range(n + 1):
        for lost in range(n + 1 - gained):
            chance = (
                comb(n, gained)
                * comb(n - gained, lost)
                * up**gained
                * down**lost
                * (1 - up - down) ** (n - gained - lost)
            )
            made = paired_difference([1.0] * gained + [-1.0] * lost + [0.0] * (n - gained - lost))
            assert made is not None
            covered += chance * (made.low <= up - down <= made.high)
    assert 0.94 < covered < 0.975
