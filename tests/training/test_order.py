"""Which rows make which step, and how fast it learns."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from training.recipe import Optimiser
from training.rows.order import schedule


@given(
    rows=st.integers(1, 40),
    epochs=st.sampled_from([0.5, 1.0, 2.0, 3.3]),
    micro=st.integers(1, 4),
    accumulation=st.integers(1, 4),
    seed=st.integers(0, 9),
)
def test_every_epoch_takes_every_row_once_and_steps_follow_the_stream(
    rows: int, epochs: float, micro: int, accumulation: int, seed: int
) -> None:
    rule = Optimiser(epochs=epochs, batch=micro * accumulation, micro_batch=micro)
    made = schedule(rows, rule, seed)
    stream = list(made.stream())
    assert len(stream) == made.seen == max(1, round(rows * epochs))
    for begin in range(0, made.seen - rows + 1, rows):
        assert sorted(stream[begin : begin + rows]) == list(range(rows))
    steps = [made.step(step) for step in range(made.steps)]
    assert [row for step in steps for part in step for row in part] == stream
    assert all(len(part) == micro for step in steps[:-1] for part in step)
    assert made.epoch(made.steps - 1) == made.seen / rows


def test_epochs_differ_in_order_and_a_seed_gives_the_same_again() -> None:
    made = schedule(50, Optimiser(epochs=2), 1)
    stream = list(made.stream())
    assert stream[:50] != stream[50:]
    assert stream == list(schedule(50, Optimiser(epochs=2), 1).stream())
    assert stream != list(schedule(50, Optimiser(epochs=2), 2).stream())


def test_max_steps_counts_full_steps_instead_of_epochs() -> None:
    made = schedule(5, Optimiser(max_steps=7, batch=4, micro_batch=2, epochs=1), 0)
    assert (made.steps, made.seen) == (7, 28)
    assert max(Counter(made.stream()).values()) == 6  # 28 of 5: five times each, three of them once more


def test_the_rate_rises_over_the_warm_up_and_falls_to_nearly_nothing_but_never_is_zero() -> None:
    made = schedule(100, Optimiser(max_steps=100, warmup_share=0.1), 0)
    factors = [made.factor(step) for step in range(made.steps)]
    assert made.warmup == 10
    assert factors[:10] == [(n + 1) / 10 for n in range(10)]
    assert max(factors) == 1.0 == factors[10]
    assert factors[9:] == sorted(factors[9:], reverse=True)
    assert 0 < factors[-1] < 0.001
    assert schedule(1, Optimiser(epochs=1), 0).factor(0) == 1.0  # one step alone learns at the full rate
