import pytest

from schemas.sample import Sample, Step
from scoring.rank import quality, rank
from scoring.scorers import SHIPPED, Scorer, scores
from tests.scoring.samples import evidence, sample

EXTREMES = [
    sample("plain"),
    sample(
        "empty",
        answer="",
        evidence=(),
        modalities=(),
        derivation=sample("x").derivation.model_copy(update={"steps": ()}),
    ),
    sample("long", question="why " * 300, answer="because " * 300, hops=99, set_members=tuple(map(str, range(5000)))),
    sample(
        "wide",
        evidence=tuple(evidence(f"e{n}", f"d{n}") for n in range(200)),
        derivation=sample("x").derivation.model_copy(update={"steps": (Step(op="join", text="j"),) * 50}),
    ),
]


@pytest.mark.parametrize("scorer", SHIPPED, ids=lambda scorer: scorer.name)
@pytest.mark.parametrize("row", EXTREMES, ids=lambda row: row.id)
def test_every_score_is_in_its_range_or_none(scorer: Scorer, row: Sample) -> None:
    value = scorer.score(row).value
    assert value is None or scorer.low <= value <= scorer.high


def test_scorers_have_distinct_names() -> None:
    assert len({scorer.name for scorer in SHIPPED}) == len(SHIPPED)


def test_what_cannot_be_judged_is_none_and_not_zero() -> None:
    assert scores(EXTREMES[1])["operation_depth"] is None
    assert scores(sample("a"))["set_size"] is None


def test_quality_is_between_zero_and_one_and_counts_none_as_the_middle() -> None:
    assert quality(dict.fromkeys((scorer.name for scorer in SHIPPED), None)) == 0.5
    assert all(0 <= quality(scores(row)) <= 1 for row in EXTREMES)


def test_proved_samples_come_first_and_tasks_take_turns() -> None:
    rows = [sample(f"v{n}") for n in range(3)] + [sample("c", task="count"), sample("u", proved=False, hops=5)]
    ranked = rank(rows)
    assert {ranked[0].task, ranked[1].task} == {"value", "count"}
    assert ranked[-1].id == "u"
    assert [row.rank for row in ranked] == [1, 2, 3, 4, 5]


def test_ranking_does_not_depend_on_the_order_of_samples() -> None:
    rows = [sample(f"v{n}", hops=n % 3, task="abc"[n % 3]) for n in range(12)]
    assert rank(rows) == rank(rows[::-1])
