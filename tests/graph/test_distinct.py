import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.distinct import all_distinct

TEXTS = st.lists(st.lists(st.text("aö0", min_size=0, max_size=3), max_size=6), max_size=4)
ALIKE = st.integers(1, 20).flatmap(
    lambda n: st.lists(st.lists(st.text("ab", min_size=n, max_size=n), max_size=4), max_size=3)
)


@settings(deadline=None)
@given(TEXTS | ALIKE)
def test_it_says_what_a_set_says(lists):
    arrays = [pa.array(texts, pa.string()) for texts in lists]
    every = [text for texts in lists for text in texts]
    assert all_distinct(arrays) == (len(set(every)) == len(every))


@settings(deadline=None)
@given(st.lists(st.text("ab", min_size=2, max_size=2), min_size=2, max_size=5))
def test_it_reads_a_part_of_an_array(texts):
    part = pa.array(texts).slice(1)
    assert all_distinct([part]) == (len(set(texts[1:])) == len(texts) - 1)
