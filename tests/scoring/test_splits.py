from hypothesis import given
from hypothesis import strategies as st

from scoring.splits import Assignment, UnitFacts, assign, groups_of

SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}
KEYS = st.lists(st.sampled_from("abcdefghijkl"), max_size=3).map(tuple)
UNITS = st.dictionaries(st.text("uvwxyz", min_size=1, max_size=4), KEYS, min_size=1, max_size=25).map(
    lambda found: [UnitFacts(unit=name, weight=1 + len(keys), keys=keys) for name, keys in sorted(found.items())]
)


@given(UNITS)
def test_units_that_share_a_fact_are_in_one_split(units: list[UnitFacts]) -> None:
    splits = assign(units, SHARES, unit="element").splits
    for one in units:
        for two in units:
            if set(one.keys) & set(two.keys):
                assert splits[one.unit] == splits[two.unit]


@given(UNITS, UNITS)
def test_old_units_never_move_when_new_ones_come(old: list[UnitFacts], new: list[UnitFacts]) -> None:
    before = assign(old, SHARES, unit="element")
    known = {item.unit for item in old}
    after = assign([*old, *(item for item in new if item.unit not in known)], SHARES, unit="element", old=before)
    assert {unit: after.splits[unit] for unit in before.splits} == before.splits


@given(UNITS)
def test_the_order_of_units_does_not_matter(units: list[UnitFacts]) -> None:
    assert assign(units, SHARES, unit="element") == assign(units[::-1], SHARES, unit="element")


def test_three_groups_fill_three_splits_and_the_largest_is_train() -> None:
    units = [UnitFacts(unit=name, weight=weight, keys=(name,)) for name, weight in (("a", 80), ("b", 10), ("c", 10))]
    assert assign(units, SHARES, unit="element").splits["a"] == "train"
    assert set(assign(units, SHARES, unit="element").splits.values()) == set(SHARES)


def test_a_chain_of_shared_facts_is_one_group_named_by_its_smallest_unit() -> None:
    units = [UnitFacts(unit="b", keys=("x", "y")), UnitFacts(unit="a", keys=("y",)), UnitFacts(unit="c", keys=("x",))]
    assert groups_of(units) == {"a": "a", "b": "a", "c": "a"}


def test_other_shares_start_over() -> None:
    units = [UnitFacts(unit=name, keys=(name,)) for name in "abcdefghij"]
    old = Assignment(unit="element", shares={"test": 1.0}, splits=dict.fromkeys("abcdefghij", "test"), groups={})
    assert set(assign(units, SHARES, unit="element", old=old).splits.values()) == set(SHARES)
