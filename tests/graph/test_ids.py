from hypothesis import given
from hypothesis import strategies as st

from kg.graph.ids import digest


def test_parts_are_kept_apart():
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


def test_unicode_spellings_of_one_text_are_one_id():
    assert digest("é") == digest("e\u0301")


@given(st.lists(st.text(), max_size=4), st.integers(1, 64))
def test_an_id_is_lower_hex_of_the_asked_length(parts, length):
    found = digest(*parts, length=length)
    assert len(found) == length
    assert set(found) <= set("0123456789abcdef")
    assert found == digest(*parts, length=length)
