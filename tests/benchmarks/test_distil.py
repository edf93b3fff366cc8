"""The benchmark of distillation: chance and controls are what they say, and a small one runs."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from benchmarks import distil_facts
from benchmarks.distil_facts import Fact, best_constants, examined, lessons, permuted, world

PLANETS = Path(__file__).parents[2] / "examples" / "planets" / "facts.yaml"


def facts() -> list[Fact]:
    rows = yaml.safe_load(PLANETS.read_text(encoding="utf-8"))["planets"]
    return [Fact(row["name"], what, "", row[what]) for row in rows for what in ("day", "distance", "tilt", "speed")]


def test_no_fact_is_asked_in_a_wording_that_it_was_taught_in() -> None:
    made = world(facts(), 0)
    taught = {row.prompt[-1].content for row in lessons(made)}
    asked = {
        name: {q.ask(distil_facts.Wording()).prompt[-1].content for q in found}
        for name, found in examined(made).items()
    }
    assert len(taught) == 3 * len(made.taught)
    assert not any(taught & found for found in asked.values())
    assert all(
        any(word in text for text in taught) for word in ("Tell me, for", "has which", "Looking at", "What is the")
    )


def test_held_out_facts_are_taught_in_no_wording() -> None:
    made = world(facts(), 1)
    assert {fact.id for fact in made.held_out}.isdisjoint(row.id.partition("-")[0] for row in lessons(made))
    assert len(made.held_out) == round(0.15 * len(facts()))


def test_permuted_answers_stay_within_their_kind() -> None:
    made = world(facts(), 0)
    wrong = permuted(made.taught, 0)
    for kind in {fact.what for fact in made.taught}:
        mine = [fact for fact in made.taught if fact.what == kind]
        assert Counter(wrong[fact.id] for fact in mine) == Counter(fact.value for fact in mine)
    assert sum(wrong[fact.id] != fact.value for fact in made.taught) > len(made.taught) / 2


def test_the_best_constant_guess_is_the_most_frequent_taught_answer_of_a_kind() -> None:
    made = [
        Fact("a", "colour", "", "red"),
        Fact("b", "colour", "", "red"),
        Fact("c", "colour", "", "blue"),
        Fact("a", "age", "", "9"),
    ]
    assert best_constants(made) == {"colour": "red", "age": "9"}


@pytest.mark.slow
@pytest.mark.skipif(find_spec("torch") is None, reason="the extra `train` is not installed (make install-students)")
def test_a_small_benchmark_teaches_and_its_controls_stay_at_chance() -> None:
    from benchmarks import distil

    found = {row["examination"]: row for row in distil.measure(facts(), seeds=1, steps=150)}
    assert found["paraphrase"]["over_chance"] > 0.2
    assert found["held-out facts"]["holds"] == "yes"
    assert found["permuted answers"]["holds"] == "yes"
    assert found["permuted answers"]["exact_match"] < found["paraphrase"]["exact_match"] - 0.2
