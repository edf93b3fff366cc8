"""Words from glyphs, lines from words, text from lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.readers.pdf_lines import Vocabulary, lines_of, paragraph
from kg.evidence.locate import words_box
from runtime.pdf_words import Glyph, joined, words_of
from tests.readers_pdf.pages import phrase, word


def glyphs(
    text: str, *, x: float = 0.0, gap: dict[int, float] | None = None, lift: set[int] | None = None
) -> list[Glyph]:
    found = []
    for index, char in enumerate(text):
        x += (gap or {}).get(index, 0.0)
        raised = index in (lift or set())
        box = (x, 90.0, x + 5.0, 97.0 if raised else 100.0)
        found.append(Glyph(char, box, (x, 100.0), 10.0, "Test", bold=False, italic=False, line=1))
        x += 5.0
    return found


def test_a_gap_without_a_space_character_parts_words() -> None:
    assert [w.text for w in words_of(glyphs("ChatHard", gap={4: 1.4}))] == ["Chat", "Hard"]


def test_kerning_does_not_part_words() -> None:
    assert [w.text for w in words_of(glyphs("AVA", gap={1: 0.6, 2: -0.8}))] == ["AVA"]


def test_raised_figures_at_full_size_are_exponents() -> None:
    """Typst draws superscripts with the font's own figures: 10^-11 must not become 1011."""
    words = words_of(glyphs("10−11", lift={3, 4}))
    assert joined(words) == "10^{−11}"


@pytest.mark.parametrize(
    ("base", "script", "expected"),
    [("10", "24", "10^24"), ("km", "2", "km^2"), ("iPhone", "1", "iPhone1"), ("4.5", "1", "4.5^1")],
)
def test_a_raised_number_after_a_number_or_unit_is_marked(base: str, script: str, expected: str) -> None:
    first = word(base, 0, 100)
    second = word(script, first.box[2], 96, size=7, space=False)
    assert joined([first, second]) == expected


def test_small_capitals_stay_in_their_line() -> None:
    words = [word("E", 0, 100), word("COM", 5, 100, size=7.5, space=False), word("fits", 40, 100)]
    assert [line.text for line in lines_of(words, 1)] == ["ECOM fits"]


def test_a_hyphen_at_a_line_end_goes_where_the_word_occurs_whole() -> None:
    lines = lines_of([*phrase("an align-", 0, 100), *phrase("ment of words", 0, 112), *phrase("alignment", 0, 124)], 1)
    assert paragraph(lines[:2], Vocabulary.of(lines)).text == "an alignment of words"


def test_a_hyphen_stays_where_the_document_writes_the_compound() -> None:
    lines = lines_of([*phrase("a large-", 0, 100), *phrase("scale study", 0, 112), *phrase("large-scale", 0, 124)], 1)
    assert paragraph(lines[:2], Vocabulary.of(lines)).text == "a large-scale study"


def test_a_hyphen_before_a_digit_stays() -> None:
    lines = lines_of([*phrase("with GPT-", 0, 100), *phrase("4 and", 0, 112)], 1)
    assert paragraph(lines, Vocabulary.of(lines)).text == "with GPT-4 and"


words = st.text(alphabet="abcdefghij", min_size=1, max_size=8)


@given(st.lists(st.lists(words, min_size=1, max_size=6), min_size=1, max_size=6))
def test_each_place_of_a_paragraph_holds_its_line(rows: list[list[str]]) -> None:
    laid = [w for i, row in enumerate(rows) for w in phrase(" ".join(row), 50, 100 + 12 * i)]
    lines = lines_of(laid, 3)
    part = paragraph(lines, Vocabulary.of(lines))
    assert [part.text[slice(*place.span)] for place in part.places if place.span] == [" ".join(row) for row in rows]
    assert {place.page for place in part.places} == {3}
    for spot in part.words:
        assert " " not in part.text[spot.start : spot.end]


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_a_span_of_a_line_is_located_at_its_words(row: list[str], data: st.DataObject) -> None:
    laid = phrase(" ".join(row), 50, 100)
    first = data.draw(st.integers(0, len(row) - 1))
    last = data.draw(st.integers(first, len(row) - 1))
    start = len(" ".join(row[:first])) + (1 if first else 0)
    end = len(" ".join(row[: last + 1]))
    box = words_box(laid, start, end)
    assert box is not None
    assert (box[0], box[2]) == (laid[first].box[0], laid[last].box[2])
