"""Key-value forms of a PDF are read from their labels, not from the gaps between words."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.extractors import extract_all
from extraction.readers.pdf_forms import form_grid

PAGE = (0.0, 0.0, 600.0, 800.0)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "ntsb"


def words(lines, pitch=17.0):
    """Words from (y, [(x, text), ...]) lines; a character is 5 points wide, a line 10 high."""
    found = []
    for row, segments in lines:
        for x, text in segments:
            at = float(x)
            for word in text.split():
                found.append((at, row * pitch, at + 5 * len(word), row * pitch + 10, word))
                at += 5 * len(word) + 2.7
    return found


def rows(grid):
    return [[c.text for c in grid.cells if c.row == r] for r in range(grid.n_rows)]


FORM = [
    (1, [(54, "Certificate:"), (167, "Private"), (320, "Age:"), (440, "85, Male")]),
    (2, [(54, "Rating(s):"), (167, "Land"), (320, "Seat:")]),
    (3, [(54, "Port:"), (167, "Kiel"), (320, "Flag:"), (440, "DE")]),
]


def test_labels_and_values_alternate_and_an_empty_value_has_no_cell():
    grid = form_grid(words(FORM), PAGE, 1)
    assert rows(grid) == [
        ["Certificate:", "Private", "Age:", "85, Male"],
        ["Rating(s):", "Land", "Seat:"],
        ["Port:", "Kiel", "Flag:", "DE"],
    ]
    assert all(c.header == c.text.endswith(":") for c in grid.cells)


def test_a_value_over_the_whole_width_is_one_cell_in_reading_order():
    wide = [
        *FORM,
        (4, [(54, "Time:"), (167, "2319 hours (Total, all), 17 hours (Last 90 days, in all the craft")]),
        (4.62, [(167, "and boats)")]),
    ]
    last = rows(form_grid(words(wide), PAGE, 1))[-1]
    assert last == ["Time:", "2319 hours (Total, all), 17 hours (Last 90 days, in all the craft and boats)"]


def test_a_wrapped_label_is_one_label():
    wrapped = [*FORM, (4, [(54, "Operating Permit(s)"), (167, "None")]), (4.6, [(54, "Held:")])]
    assert rows(form_grid(words(wrapped), PAGE, 1))[-1] == ["Operating Permit(s) Held:", "None"]


def test_a_statement_with_row_groups_is_no_form():
    lines = [
        (1, [(54, "Net sales:")]),
        (2, [(60, "Products"), (300, "10"), (400, "20")]),
        (3, [(60, "Services"), (300, "1"), (400, "2")]),
        (4, [(54, "Costs:")]),
        (5, [(60, "Products"), (300, "5"), (400, "6")]),
        (6, [(54, "Others:")]),
        (7, [(60, "Taxes"), (300, "5"), (400, "6")]),
        (8, [(60, "Fees"), (300, "5"), (400, "6")]),
    ]
    assert form_grid(words(lines), PAGE, 1) is None


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there: no third-party report to read")
def test_a_report_of_a_third_party_gives_comparable_facts(tmp_path):
    from extraction.readers import reader_for

    path = SHARED / "20071229X02007.pdf"
    facts = extract_all(reader_for(path).read(path, tmp_path)).facts
    said = {(f.quantity, f.qualifiers.condition_text): f.value for f in facts}
    assert said["total flight time of the pilot", "in all aircraft"].number == 2319
    assert said["total flight time of the pilot", "in the same make and model"].number == 2313
    assert said["age of the pilot", None].number == 85
    assert said["number of seats", None].number == 4
    assert said["width of the runway in the accident", None].unit == "foot"
    assert (
        said["probable cause of the accident", None].text
        == "The pilot's misjudged clearance over obstacles during final approach."
    )
