"""Which rows make which step, and how fast it learns: the same for every backend, and for a run that was killed.

    stream     the rows in a keyed permutation, then in another, ... : one for each epoch, drawn from (seed, epoch)
    step k     rows k B .. k B + B - 1 of the stream; it is cut into micro batches in order
    factor     of the learning rate: rises evenly over the warm-up, then half a cosine towards zero

Whatever chance a step needs (dropout) is drawn from (seed, k), so that a step does not depend on what ran before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from training.recipe import Optimiser


@dataclass(frozen=True, slots=True)
class Schedule:
    """The steps of one training."""

    rows: int
    """How many rows there are; at least 1."""
    seen: int
    """Rows that go through the model in all: `rows` x epochs, rounded."""
    batch: int
    micro_batch: int
    warmup: int
    """Steps."""
    seed: int

    @property
    def steps(self) -> int:
        return math.ceil(self.seen / self.batch)

    def factor(self, step: int) -> float:
        """Of the learning rate in a step, 0-based; in (0, 1] up to the last step."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return 0.5 * (1 + math.cos(math.pi * (step - self.warmup) / max(1, self.steps - self.warmup)))

    def stream(self) -> Iterator[int]:
        """Indices of rows, `seen` of them."""
        for place in range(self.seen):
            epoch, within = divmod(place, self.rows)
            yield int(permutation(self.rows, self.seed, epoch)[within])

    def step(self, step: int) -> list[list[int]]:
        """The micro batches of a step, 0-based."""
        places = range(step * self.batch, min((step + 1) * self.batch, self.seen))
        rows = [int(permutation(self.rows, self.seed, p // self.rows)[p % self.rows]) for p in places]
        return [rows[i : i + self.micro_batch] for i in range(0, len(rows), self.micro_batch)]

    def epoch(self, step: int) -> float:
        """Epochs that are over after a step, 0-based."""
        return min((step + 1) * self.batch, self.seen) / self.rows


def schedule(rows: int, rule: Optimiser, seed: int) -> Schedule:
    """The steps of a recipe over so many rows."""
    seen = rule.max_steps * rule.batch if rule.max_steps else max(1, round(rows * rule.epochs))
    steps = math.ceil(seen / rule.batch)
    return Schedule(
        rows=rows,
        seen=seen,
        batch=rule.batch,
        micro_batch=rule.micro_batch,
        warmup=math.ceil(steps * rule.warmup_share),
        seed=seed,
    )


@lru_cache(maxsize=4)
def permutation(rows: int, seed: int, epoch: int) -> Any:
    """Order of one epoch. shape: (rows,), int64."""
    return np.random.default_rng((seed, epoch)).permutation(rows)


def chance(seed: int, step: int) -> int:
    """Seed of what a step draws, 63 bits."""
    return int(np.random.SeedSequence((seed, step)).generate_state(1, np.uint64)[0] >> 1)
