"""Ranking: best first, and varied.

    quality(s) = sum over scorers of weight * (value - low) / (high - low), a None counting as the middle (0.5)
    rank       = proved before unproved; then round-robin over (task, document) cells, each cell's samples by quality,
                 cells in the order of their best sample

so that the first n of the ranking hold many tasks and documents for every n. Ties are broken by sample id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from schemas.sample import Sample
from scoring.scorers import SHIPPED, Scorer, scores

WEIGHTS: Final[Mapping[str, float]] = {
    "question_length": 2.0,
    "answer_brevity": 1.0,
    "specificity": 1.0,
    "hops": 1.5,
    "modalities": 1.0,
    "evidence_spread": 1.0,
    "operation_depth": 1.5,
    "set_size": 0.5,
}
"""Weights of the shipped scorers; a wording that nobody reads to its end costs most."""


def quality(values: Mapping[str, float | None], scorers: Sequence[Scorer] = SHIPPED) -> float:
    """Weighted mean of the scores, each scaled to [0, 1]; None counts as 0.5."""
    total = weight_sum = 0.0
    for scorer in scorers:
        value, weight = values.get(scorer.name), WEIGHTS.get(scorer.name, 1.0)
        scaled = 0.5 if value is None else (value - scorer.low) / (scorer.high - scorer.low)
        total += weight * (scaled if scorer.larger_is_better else 1 - scaled)
        weight_sum += weight
    return round(total / weight_sum, 6) if weight_sum else 0.0


def rank(samples: Sequence[Sample]) -> list[Sample]:
    """Samples with `scores` and `rank` (1 = best) filled in, best first."""
    scored = [sample.model_copy(update={"scores": _with_quality(sample)}) for sample in samples]
    cells: dict[tuple[bool, str, str], list[Sample]] = defaultdict(list)
    for sample in sorted(scored, key=lambda item: (-(item.scores["quality"] or 0.0), item.id)):
        cells[not sample.proved, sample.task, _document(sample)].append(sample)
    keyed = [
        (unproved, turn, -(sample.scores["quality"] or 0.0), sample.id, sample)
        for (unproved, _, _), rows in cells.items()
        for turn, sample in enumerate(rows)
    ]
    ordered = [entry[-1] for entry in sorted(keyed, key=lambda entry: entry[:-1])]
    return [sample.model_copy(update={"rank": place}) for place, sample in enumerate(ordered, 1)]


def _with_quality(sample: Sample) -> dict[str, float | None]:
    values = scores(sample)
    return {**values, "quality": quality(values)}


def _document(sample: Sample) -> str:
    return sample.evidence[0].document if sample.evidence else ""
