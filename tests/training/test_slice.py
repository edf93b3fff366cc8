"""The top slice: gates, order, quotas, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.artefacts import write_rows
from schemas.errors import UsageError
from schemas.sample import Check, Sample
from tests.scoring.samples import evidence, sample
from training.recipe import Slice
from training.rows import splits
from training.rows.slice import choose, document


def ranked(count: int, *, tasks: int = 1, documents: int = 1, **fields: Any) -> list[Sample]:
    return [
        sample(
            f"s{n:03}",
            rank=n + 1,
            task=f"t{n % tasks}",
            evidence=(evidence(document=f"d{n // tasks % documents}"),),
            **fields,
        )
        for n in range(count)
    ]


def test_the_best_ranked_come_first_whatever_the_order_of_the_file() -> None:
    rows = ranked(9)
    assert [s.rank for s in choose(rows[::-1], Slice(top=4)).samples] == [1, 2, 3, 4]


def test_a_sample_without_a_score_does_not_pass_its_gate() -> None:
    rows = [
        sample("good", scores={"quality": 0.5}),
        sample("poor", scores={"quality": 0.3}),
        sample("unjudged", scores={"quality": None}),
        sample("unscored"),
    ]
    chosen = choose(rows, Slice(gates={"quality": 0.4}))
    assert [s.id for s in chosen.samples] == ["good"]
    assert {r.item: r.reason for r in chosen.rejected} == {
        "poor": "0.3 < 0.4",
        "unjudged": "could not be scored",
        "unscored": "has no such score",
    }


def test_unproved_samples_and_other_tasks_are_dropped_and_counted() -> None:
    rows = [
        sample("a"),
        sample("b", proved=False, checks={"unique": Check(result="unknown")}),
        sample("c", task="other"),
    ]
    chosen = choose(rows, Slice(tasks=("value",)))
    assert chosen.report()["dropped"] == {"proved": 1, "tasks": 1}
    assert next(r.reason for r in chosen.rejected if r.item == "b") == "not proved: unique"
    assert len(choose(rows, Slice(proved=False)).samples) == 3


def test_quotas_are_shares_of_the_slice_as_it_is_in_the_end() -> None:
    rows = [*ranked(30), *(s.model_copy(update={"id": f"o{s.id}", "task": "t1"}) for s in ranked(10))]
    chosen = choose(rows, Slice(max_task_share=0.5))
    assert Counter(s.task for s in chosen.samples) == {"t0": 10, "t1": 10}
    assert chosen.report()["dropped"] == {"max_task_share": 20}


def test_what_stands_behind_a_full_slice_says_so() -> None:
    chosen = choose(ranked(5), Slice(top=3))
    assert [(r.item, r.check, r.reason) for r in chosen.rejected] == [
        ("s003", "top", "behind the best 3"),
        ("s004", "top", "behind the best 3"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    places=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=60),
    task_share=st.sampled_from([0.25, 0.3, 0.5, 1.0]),
    document_share=st.sampled_from([0.2, 0.34, 1.0]),
    top=st.none() | st.integers(1, 60),
)
def test_shares_hold_nothing_is_lost_and_the_slice_is_the_same_for_any_order(
    places: list[tuple[int, int]], task_share: float, document_share: float, top: int | None
) -> None:
    rows = [
        sample(f"s{n:02}", rank=n, task=f"t{task}", evidence=(evidence(document=f"d{place}"),))
        for n, (task, place) in enumerate(places)
    ]
    rule = Slice(max_task_share=task_share, max_document_share=document_share, top=top)
    try:
        chosen = choose(rows, rule)
    except UsageError:
        assert min(task_share, document_share) < 1  # only quotas can empty it here
        return
    size = len(chosen.samples)
    assert size <= (top or len(rows))
    assert max(Counter(s.task for s in chosen.samples).values()) <= task_share * size + 1e-9
    assert max(Counter(document(s) for s in chosen.samples).values()) <= document_share * size + 1e-9
    assert sorted([*(s.id for s in chosen.samples), *(r.item for r in chosen.rejected)]) == [s.id for s in rows]
    assert [s.rank for s in chosen.samples] == sorted(s.rank or 0 for s in chosen.samples)
    assert choose(rows[::-1], rule) == chosen


@settings(max_examples=100, deadline=None)
@given(counts=st.lists(st.integers(0, 12), min_size=1, max_size=5), share=st.sampled_from([0.2, 0.3, 0.5, 0.7]))
def test_with_one_quota_the_slice_is_the_largest_there_is(counts: list[int], share: float) -> None:
    rows = [sample(f"{t}-{n:02}", rank=n, task=f"t{t}") for t, count in enumerate(counts) for n in range(count)]
    caps = ((n, int(share * n + 1e-9)) for n in range(len(rows), 0, -1))
    largest = next((n for n, cap in caps if sum(min(c, cap) for c in counts) >= n), 0)
    try:
        assert len(choose(rows, Slice(max_task_share=share)).samples) == largest
    except UsageError:
        assert largest == 0


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            Slice(gates={"quality": 0.9}),
            "the slice is empty: all 6 samples were dropped: gate quality 6; the first: 0.5 < 0.9",
        ),
        (
            Slice(max_document_share=0.2),
            "the slice is empty: slice.max_document_share 0.2 needs rows of at least 5 documents, and the gates leave 2",
        ),
        (
            Slice(max_task_share=0.3),
            "the slice is empty: slice.max_task_share 0.3 needs rows of at least 4 tasks, and the gates leave 3",
        ),
    ],
)
def test_an_empty_slice_says_which_rule_emptied_it(rule: Slice, message: str) -> None:
    with pytest.raises(UsageError) as error:
        choose(ranked(6, tasks=3, documents=2, scores={"quality": 0.5}), rule)
    assert str(error.value) == message


def test_an_export_and_a_file_of_samples_read_the_same(tmp_path: Path) -> None:
    rows = [*ranked(3), sample("t", split="test")]
    write_rows(tmp_path / "data" / "train.jsonl", rows)
    assert splits.read(tmp_path, "train") == rows[:3] == splits.read(tmp_path / "data" / "train.jsonl", "train")


def test_a_split_without_rows_is_one_line(tmp_path: Path) -> None:
    def said(path: Path, split: str) -> str:
        with pytest.raises(UsageError) as error:
            splits.read(path, split)
        return str(error.value)

    path = tmp_path / "data" / "train.jsonl"
    write_rows(path, [sample("t", split="test")])
    (tmp_path / "data" / "dev.jsonl").touch()
    assert said(tmp_path, "train") == f"{path}: no row of split `train`; it has rows of test"
    assert said(tmp_path, "dev") == f"{tmp_path}/data/dev.jsonl: no row of split `dev`"
    assert said(tmp_path, "tset") == f"{tmp_path}: no split `tset` in this export; it has dev, train"
    assert said(tmp_path / "data", "train") == f"{tmp_path}/data: not an export of kgmine (no data/*.jsonl)"
    assert said(tmp_path / "no", "train").startswith(f"{tmp_path}/no: no such export folder or file")
    path.write_text('{"id": "x"}\n')
    assert said(tmp_path, "train").startswith(f"{path}:1: not a sample of kgmine: question: Field required")
    path.write_text("\n{]\n")
    assert said(tmp_path, "train").startswith(f"{path}:2: not JSON")
