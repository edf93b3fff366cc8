from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kgmine.config import Config, Selection
from kgmine.select import Assigned, select, task_quota
from scoring.splits import Assignment
from tests.scoring.samples import evidence, sample

ASSIGNED = Assigned(
    Assignment(
        unit="element",
        shares={"train": 0.5, "test": 0.5},
        splits={"t1": "train", "t2": "test"},
        groups={"t1": "t1", "t2": "t2"},
    ),
    {"t1": "t1", "t2": "t2"},
)
CONFIG = Config(splits={"train": 0.5, "test": 0.5})


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 300), min_size=1), st.sampled_from([0.25, 0.4, 0.5]))
def test_no_task_gets_more_than_its_share(counts: dict[str, int], share: float) -> None:
    quota = task_quota(Counter(counts), share)
    assert all(quota[task] <= counts[task] for task in counts)
    total = sum(quota.values())
    if len(counts) * share >= 1:
        assert all(count <= share * total for count in quota.values())


def test_evidence_in_two_splits_is_rejected_by_name() -> None:
    row = sample("a", evidence=(evidence("t1"), evidence("t2")))
    result = select([row], ASSIGNED, CONFIG)
    assert [(r.item, r.check) for r in result.rejected] == [("a", "crosses_split")]


def test_a_question_that_two_templates_ask_is_exported_once() -> None:
    rows = [sample("a", question="Who?"), sample("b", question="who?")]
    result = select(rows, ASSIGNED, CONFIG)
    assert [row.id for row in result.samples] == ["a"]


def test_one_computation_from_the_same_facts_is_asked_once_whatever_the_rounding() -> None:
    rows = [
        sample("a", question="How fast is Rhea?", operands=("p", "q"), answer_value="8.48", task="formula"),
        sample("b", question="What is the speed of Rhea?", operands=("q", "p"), answer_value="8.483", task="formula"),
        sample(
            "c", question="By how much do they differ?", operands=("q", "p"), answer_value="8.483", task="difference"
        ),
    ]
    result = select(
        rows, ASSIGNED, CONFIG.model_copy(update={"selection": Selection(max_per_fact=9, max_task_share=1)})
    )
    assert {row.id for row in result.samples} == {"a", "c"}


def test_unproved_samples_are_exported_only_when_asked_for() -> None:
    row = sample("a", proved=False)
    assert select([row], ASSIGNED, CONFIG).samples == ()
    asked = CONFIG.model_copy(update={"selection": Selection(unproved=True)})
    assert [kept.proved for kept in select([row], ASSIGNED, asked).samples] == [False]


def test_at_most_so_many_samples_rest_on_one_fact() -> None:
    rows = [sample(str(n), fact_keys=("k",)) for n in range(9)]
    result = select(rows, ASSIGNED, CONFIG)
    assert len(result.samples) == CONFIG.selection.max_per_fact


def test_a_chain_may_rest_on_a_fact_that_twice_as_many_rest_on() -> None:
    rows = [sample(str(n), fact_keys=("k", str(n)), hops=1) for n in range(9)]
    assert len(select(rows, ASSIGNED, CONFIG).samples) == 2 * CONFIG.selection.max_per_fact


def test_no_name_is_the_answer_of_more_than_so_many_samples_of_a_task() -> None:
    rows = [sample(str(n), answer="Ant", answer_value="ant", answer_type="entity") for n in range(20)]
    rows = [row.model_copy(update={"fact_keys": (row.id,), "question": f"Which {row.id}?"}) for row in rows]
    result = select(rows, ASSIGNED, CONFIG)
    assert len(result.samples) == CONFIG.selection.max_per_answer
    assert {reject.check for reject in result.rejected} == {"answer_cap"}
