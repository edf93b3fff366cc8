from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.readers.assemble import Assembler
from extraction.readers.references import mentions, own_label, with_mentions
from schemas.element import Grid, Link


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("see Tables 1 and 2, and Fig. 3", ["table 1", "table 2", "figure 3"]),
        ("by Eq. (5) and Equation 6", ["equation 5", "equation 6"]),
        ("Sections 3, 4, and 5.1; Appendix B", ["section 3", "section 4", "section 5.1", "section b"]),
        ("Table 7 and 30 % of all", ["table 7"]),
        ("the table of contents, an Algorithm Design", []),
    ],
)
def test_printed_cross_references_have_normal_labels(text, labels):
    assert [link.label for link in mentions(text)] == labels


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("Table 3: Moons", ("table 3", "Moons")),
        ("Fig. 2. A chart", ("figure 2", "A chart")),
        ("Table 1 shows that", (None, "Table 1 shows that")),
    ],
)
def test_a_caption_is_split_into_label_and_text(caption, expected):
    assert own_label(caption) == expected


@given(st.text(max_size=60))
def test_the_span_of_a_mention_is_its_text(text):
    for link in mentions(f"Table 2 {text} Figs. 3 and 4 {text}"):
        assert link.span is not None
        assert f"Table 2 {text} Figs. 3 and 4 {text}"[slice(*link.span)] == link.text


def test_a_link_of_the_source_hides_the_mention_that_it_covers():
    link = Link(text="Table 1", span=(4, 11), uri="#t")
    assert with_mentions("see Table 1", (link,)) == (link,)


def test_equal_blocks_get_different_ids_and_anchors_resolve_to_elements():
    document = Assembler("d")
    document.section("One", level=1, anchors=["one"])
    document.chunk("Same.")
    document.chunk("Same.", links=[Link(text="here", uri="#one"), Link(text="there", label="table 1")])
    document.section("Deeper", level=2)
    document.table(Grid(n_rows=0, n_cols=0, cells=()), label="table 1")
    document.section("Two", level=1)
    one, first, second, deeper, table, two = document.finish()
    assert first.id != second.id
    assert [e.parent for e in (first, deeper, table, two)] == [one.id, one.id, deeper.id, None]
    assert [link.target for link in second.links] == [one.id, table.id]
    assert second.links[0].uri is None
