"""Figures by group, and what is not correct without being wrong."""

from __future__ import annotations

import pytest

from scoring.answers import Expected, of_text
from training.answerers import Answer, draw_seed
from training.evaluate.outputs import Output, graded
from training.evaluate.summary import summarise
from training.rows.questions import Question


def question(name: str, difficulty: dict[str, float] | None = None) -> Question:
    expected: Expected = of_text("42", question="What is it?")
    return Question(id=name, text="What is it?", expected=expected, answer_type="number", difficulty=difficulty or {})


def output(
    name: str, text: str | None, attempt: int = 0, error: str | None = None, difficulty: dict[str, float] | None = None
) -> Output:
    finish = "error" if error else "stop"
    return graded(question(name, difficulty), Answer(id=name, attempt=attempt, output=text, finish=finish, error=error))


def test_an_empty_output_is_unanswered_and_not_correct() -> None:
    made = summarise([output("a", "42"), output("b", "\n")])
    assert (made.outcomes["correct"], made.outcomes["unanswered"], made.overall.accuracy) == (1, 1, 0.5)


def test_what_the_transport_lost_counts_for_nothing() -> None:
    made = summarise([output("a", "42"), output("b", None, error="HTTP 500")])
    assert (made.overall.questions, made.overall.missing, made.overall.accuracy) == (1, 1, 1.0)
    nothing = summarise([output("b", None, error="HTTP 500")])
    assert (nothing.overall.questions, nothing.overall.accuracy, nothing.overall.interval) == (0, None, None)


def test_accuracy_is_the_mean_over_questions_of_the_attempts_that_came_back() -> None:
    rows = [output("a", "42"), output("a", "7", 1), output("b", "42"), output("b", None, 1, error="lost")]
    made = summarise(rows)
    assert made.overall.accuracy == 0.75
    assert made.overall.pass_at == {1: 0.75, 2: 1.0}  # b has one attempt: it does not count for pass@2


def test_exact_match_soft_exact_match_and_f1_are_means() -> None:
    made = summarise([output("a", "42"), output("b", "It is 42."), output("c", "nothing")])
    assert made.overall.exact_match == pytest.approx(1 / 3, abs=1e-6)
    assert made.overall.soft_exact_match == pytest.approx(2 / 3, abs=1e-6)
    assert 1 / 3 < (made.overall.f1 or 0) < 2 / 3


def test_difficulty_falls_into_thirds_and_what_has_none_is_not_scored() -> None:
    rows = [
        output(name, "42", difficulty=at)
        for name, at in (("a", {"solver": 0.1}), ("b", {"solver": 0.5}), ("c", {"solver": 1.0}), ("d", {}))
    ]
    assert list(summarise(rows).by["difficulty"]) == ["easy", "medium", "hard", "not scored"]
    two = [output("a", "42", difficulty={"solver": 0.1, "judge": 0.9})]
    assert {"difficulty (judge)", "difficulty (solver)"} < set(summarise(two).by)


def test_thirty_questions_are_not_few() -> None:
    assert summarise([output(str(n), "42") for n in range(29)]).overall.few
    assert not summarise([output(str(n), "42") for n in range(30)]).overall.few


def test_draws_differ_by_question_attempt_and_seed() -> None:
    seeds = {draw_seed(seed, (name, attempt)) for seed in (0, 1) for name in "ab" for attempt in (0, 1)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**32 for seed in seeds)
