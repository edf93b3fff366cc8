from hypothesis import given
from hypothesis import strategies as st

from schemas.sample import Sample
from scoring.leaks import clean, leaks, near_duplicates
from tests.scoring.samples import evidence, sample

ORDER = ("train", "dev", "test")
LONG = "The spacecraft crossed the orbit of the ringed planet after seven years of flight and sent back pictures"


def context(element: str, text: str) -> tuple[dict[str, str], ...]:
    return ({"element": element, "kind": "chunk", "text": text},)


def test_a_train_sample_on_a_test_fact_is_removed_and_the_test_sample_stays() -> None:
    rows = [sample("a", fact_keys=("k",)), sample("b", fact_keys=("k",), split="test")]
    kept, found = clean(rows, ORDER)
    assert [row.id for row in kept] == ["b"]
    assert [(leak.sample, leak.other, leak.kind) for leak in found] == [("a", "b", "fact")]


def test_near_duplicate_evidence_links_and_different_evidence_does_not() -> None:
    near = LONG.replace("pictures", "images")
    assert leaks(
        [sample("a", context=context("e", LONG)), sample("b", split="test", context=context("f", near))], ORDER
    )
    other = "A rocket left the pad in the early morning and reached its parking orbit ten minutes later as planned"
    assert not leaks(
        [sample("a", context=context("e", LONG)), sample("b", split="test", context=context("f", other))], ORDER
    )


def test_a_rare_answer_entity_links_and_a_number_does_not() -> None:
    def pair(kind: str) -> list[Sample]:
        one = sample("a", answer_type=kind, answer_entities=("mars",))
        return [one, sample("b", answer_type=kind, answer_entities=("mars",), split="test")]

    assert [leak.kind for leak in leaks(pair("entity"), ORDER)] == ["answer_entity"]
    assert not leaks(pair("number"), ORDER)


def test_an_answer_entity_of_many_documents_links_nothing() -> None:
    rows = [
        sample(
            str(n), answer_type="entity", answer_entities=("mars",), evidence=(evidence(document=f"d{n}"),), split=split
        )
        for n, split in enumerate(("train", "train", "test"))
    ]
    assert not leaks(rows, ORDER)


KEYS = st.lists(st.sampled_from("abcdef"), max_size=2).map(tuple)


@given(st.lists(st.tuples(KEYS, st.sampled_from(ORDER)), max_size=20))
def test_what_is_left_after_cleaning_shares_no_fact_across_splits(made: list[tuple[tuple[str, ...], str]]) -> None:
    rows = [sample(str(n), fact_keys=keys, split=split) for n, (keys, split) in enumerate(made)]
    kept, _ = clean(rows, ORDER)
    assert not leaks(kept, ORDER)
    where: dict[str, set[str]] = {}
    for row in kept:
        for key in row.fact_keys:
            where.setdefault(key, set()).add(str(row.split))
    assert all(len(splits) == 1 for splits in where.values())


def test_short_texts_are_never_near_duplicates() -> None:
    assert near_duplicates({"a": "net sales", "b": "net sales"}) == {}
