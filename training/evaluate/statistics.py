"""Intervals, pass@k and paired tests: closed forms and exact sums, nothing simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist
from typing import Final

FEW: Final = 30
"""Below this many questions a 95 % interval can span a third: too few to say much."""
LEAST_CHANGES: Final = 6
"""With fewer questions that changed no exact two-sided test reaches 0.05: 2 x 0.5^5 = 0.0625."""
_Z: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(successes: float, n: int) -> Interval | None:
    """The Wilson score interval of a share; None for n = 0.

    Args:
        successes: 0..n; with several attempts a sum of shares, which makes the interval wider than it need be.
        n: questions.
    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    if n == 0:
        return None
    p, z2 = successes / n, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Interval(p, max(0.0, min(middle - half, p)), min(1.0, max(middle + half, p)))


def pass_at_k(m: int, c: int, k: int) -> float | None:
    """Unbiased probability that one of k attempts is correct; None where fewer than k came back.

    Args:
        m: attempts.
        c: correct ones.
        k: 1..m.
    Source: Chen et al. 2021, "Evaluating Large Language Models Trained on Code", equation 1.
    """
    return None if m < k else 1 - comb(m - c, k) / comb(m, k)


def sign_test(gained: int, lost: int) -> float:
    """Exact two-sided p that gains and losses are equally likely; with one attempt each, McNemar's exact test.

    Source: McNemar 1947, Psychometrika 12; exact form: Binomial(gained + lost, 1/2).
    """
    changed = gained + lost
    tail = sum(comb(changed, count) for count in range(min(gained, lost) + 1))
    return min(1.0, float(Fraction(2 * tail, 1 << changed)))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values that keep the family-wise error rate.

    Source: Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6.
    """
    adjusted, largest = [0.0] * len(ps), 0.0
    for place, index in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        largest = max(largest, min(1.0, (len(ps) - place) * ps[index]))
        adjusted[index] = largest
    return adjusted


def paired_difference(differences: Sequence[float]) -> Interval | None:
    """Mean of paired differences with a 95 % interval; None where there are none.

    Args:
        differences: after minus before for each question, -1..1.
    Source: Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions", Statistics
        in Medicine 24: half a question is added to each of the four outcomes.
    """
    if not differences:
        return None
    total, n = sum(differences), len(differences) + 2
    spread = sum(d * d for d in differences) + 1
    half = _Z * sqrt(max(0.0, spread - total * total / n)) / n
    return Interval(total / len(differences), max(-1.0, total / n - half), min(1.0, total / n + half))
