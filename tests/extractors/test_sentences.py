"""Findings, reasons, definitions and numbers of plain sentences, with spans that begin and end at clause borders."""

from __future__ import annotations

import pytest

from extraction.extractors.clauses import closed, sentences, whole
from extraction.extractors.sentences import SentencesExtractor
from tests.extractors.build import about, document


def told(text, *, name="Acme Inc.", kind="company", after=(), heading="Results", **roles):
    elements = document([("section", heading), ("chunk", text), *(("chunk", a) for a in after)])
    found = SentencesExtractor().extract(elements, about(elements, name, kind, **roles))
    texts = {e.id: e.text for e in elements.elements}
    for fact in found.facts:
        start, end = fact.supports[0].span
        assert texts[fact.supports[0].element][start:end] == fact.value.text
    return [(f.shape, f.subject.name, f.quantity, f.value.text) for f in found.facts]


def test_sentences_do_not_end_at_abbreviations():
    text = "Sales rose in the U.S. market, e.g. in Ohio. Costs fell (Smith et al. 2020) by 2.5 points. Done."
    assert [text[a:b] for a, b in sentences(text)] == [
        "Sales rose in the U.S. market, e.g. in Ohio.",
        "Costs fell (Smith et al. 2020) by 2.5 points.",
        "Done.",
    ]


def test_a_change_over_the_year_says_what_it_is_measured_against():
    text = "Year-over-year boat net sales decreased during the first nine months of 2022 due to lower prices."
    (fact,) = told(text)
    assert fact[2].endswith("during the first nine months of fiscal 2022 compared to the same period a year earlier")


def test_a_reason_is_the_span_to_the_end_of_its_clause():
    text = "Boat net sales increased during the third quarter of 2022 due primarily to higher prices, partially offset by lower volume. More."
    assert told(text) == [
        (
            "reason",
            None,
            "Boat net sales increased during the third quarter of fiscal 2022",
            "higher prices, partially offset by lower volume",
        )
    ]


def test_the_possessive_of_the_own_company_is_dropped_from_the_clause():
    text = "Our gross margin decreased to 64.6% for fiscal year 2024 from 65.5%, reflecting lower margins of boats."
    assert (
        "reason",
        None,
        "gross margin decreased to 64.6% for fiscal year 2024 from 65.5%",
        "lower margins of boats",
    ) in told(text)


def test_a_stated_change_becomes_a_finite_clause():
    text = "The increase in interest income in the second quarter was primarily due to higher yields on our deposits."
    assert told(text)[0][2] == "interest income increased in the second quarter"


@pytest.mark.parametrize(
    "text",
    [
        "This decreased in 2022 due to lower prices.",
        "Sales may decrease in 2022 due to lower prices.",
        "Sales decreased due to lower prices.",
        "It increased during the quarter because of the weather.",
        "The differences in cost in 2022 are mainly due to taxes in some states.",
    ],
)
def test_no_reason_without_a_subject_a_period_or_with_a_hedge(text):
    assert [f for f in told(text) if f[0] == "reason"] == []


def test_the_reason_of_a_choice_is_told_of_the_authors():
    text = "Kayaks and rafts are our baselines, and we exclude canoes due to limited funds."
    assert told(text, name="BoatBench", kind="benchmark") == [
        ("reason", "the authors", "the authors excluded canoes", "limited funds")
    ]


def test_a_consequence_is_not_part_of_the_reason():
    text = "Novice rowers were excluded because of their limited strength, leading to fewer boats."
    assert told(text, name="BoatBench", kind="benchmark")[0][3] == "their limited strength"


def test_a_finding_is_the_full_text_behind_the_colon_or_of_the_next_chunk():
    head = "The Harbour Safety Board determines the probable cause(s) of this accident to be:"
    cause = "The skipper's loss of control. A factor was the wind."
    expected = [("sentence", None, "probable cause of the accident", cause)]
    assert told(f"{head} {cause}", name="Albatross", kind="vessel", event="boat accident") == expected
    assert told(head, name="Albatross", kind="vessel", event="boat accident", after=[cause]) == expected


@pytest.mark.parametrize(
    ("text", "term", "value"),
    [
        (
            "A kayak is a narrow boat that is moved by a double paddle.",
            "kayak",
            "a narrow boat that is moved by a double paddle",
        ),
        ("Rigging refers to the ropes of a ship (Smith, 2001).", "Rigging", "the ropes of a ship"),
        (
            "“Boat Value” means the average of the prices of all boats.",
            "Boat Value",
            "the average of the prices of all boats",
        ),
        (
            "We define seaworthiness as the ability to stand heavy weather.",
            "seaworthiness",
            "the ability to stand heavy weather",
        ),
    ],
)
def test_definitions(text, term, value):
    assert ("definition", term, "definition", value) in told(text, name="BoatBench", kind="benchmark")


@pytest.mark.parametrize(
    "text",
    [
        "It is a boat that floats on water.",
        "This refers to the ropes of a ship.",
        "The result is a number that we report below here.",
        "Boats are widely used vessels that float on water.",
    ],
)
def test_no_definition_of_what_stands_before(text):
    assert told(text, name="BoatBench", kind="benchmark") == []


def test_amounts_of_a_company_go_with_their_periods_in_order():
    text = "As of April 30, 2023 and January 29, 2023, the Company had total deferred revenue of $12.2 billion and $11.9 billion, respectively."
    elements = document([("section", "Notes"), ("chunk", text)])
    found = SentencesExtractor().extract(elements, about(elements, "Acme Inc.", "company")).facts
    assert [(f.quantity, f.qualifiers.period, f.value.text, f.value.scale) for f in found] == [
        ("total deferred revenue", "2023-04-30", "$12.2 billion", 9),
        ("total deferred revenue", "2023-01-29", "$11.9 billion", 9),
    ]


def test_the_second_period_takes_the_words_of_the_first():
    text = "Lease expenses were $59 million and $44 million for the first quarter of fiscal years 2024 and 2023, respectively."
    elements = document([("section", "Notes"), ("chunk", text)])
    found = SentencesExtractor().extract(elements, about(elements, "Acme Inc.", "company")).facts
    assert [f.qualifiers.period for f in found] == ["FY2024-Q1", "FY2023-Q1"]


def test_sizes_and_settings_of_a_work():
    found = told(
        "BoatBench comprises 2.9k boats across 23 harbours. Both OarNet20 and OarNet100 are trained for 4 epochs with a learning rate of 5e-6.",
        name="BoatBench",
        kind="benchmark",
    )
    assert ("sentence", None, "number of boats", "2.9k") in found
    assert ("sentence", None, "number of harbours", "23") in found
    assert ("sentence", "OarNet20", "learning rate", "5e-6") in found
    assert ("sentence", "OarNet100", "number of training epochs", "4") in found


def test_a_number_per_item_is_no_size_of_the_whole():
    assert told("For each boat, we collect 10 reviews.", name="BoatBench", kind="benchmark") == []


def test_what_is_used_as_what():
    text = "We use NDCG@10 as the evaluation metric. For OarNet, we use RiverBase as the backbone."
    elements = document([("section", "Setup"), ("chunk", text)])
    found = SentencesExtractor().extract(elements, about(elements, "BoatBench", "benchmark")).facts
    assert [(f.quantity, f.value.text, f.qualifiers.condition_text) for f in found] == [
        ("evaluation metric", "NDCG@10", None),
        ("backbone", "RiverBase", "for OarNet"),
    ]


def test_values_that_disagree_in_one_document_are_refused_and_coarser_ones_are_not():
    text = "BoatBench contains 605,229 boats. BoatBench contains 605K boats."
    assert [f[3] for f in told(text, name="BoatBench", kind="benchmark")] == ["605,229"]
    text = "BoatBench contains 605,229 boats. BoatBench contains 700 boats."
    assert told(text, name="BoatBench", kind="benchmark") == []


@pytest.mark.parametrize("heading", ["References", "Acknowledgements", "A Prompts", "Risk Factors"])
def test_sections_that_are_no_evidence_give_no_facts(heading):
    assert (
        told("A kayak is a narrow boat that is moved by a double paddle.", name="B", kind="benchmark", heading=heading)
        == []
    )


def test_whole_refuses_fragments():
    assert not whole("higher prices and")
    assert not whole("the (higher prices")
    assert not whole("prices (Smith, 2001) that rise")
    assert whole("higher prices")


def test_closed_cuts_the_stop_and_the_citation():
    text = "the ropes of a ship (Smith and Doe, 2001)."
    assert text[slice(*closed(text, (0, len(text))))] == "the ropes of a ship"


def test_an_amount_of_a_list_is_not_cut_at_its_comma_and_names_keep_their_capitals():
    text = "As of April 30, 2023, we had $15.32 billion in cash, cash equivalents and securities, an increase of $2 billion."
    assert told(text) == [("sentence", None, "cash, cash equivalents and securities", "$15.32 billion")]
    assert told("Data Center revenue for fiscal year 2024 was $4 million.")[0][2] == "Data Center revenue"
    assert told("Income tax expense for fiscal year 2024 was $4 million.")[0][2] == "income tax expense"


def test_nobody_asks_the_batch_size_of_a_benchmark():
    assert told("We train with a batch size of 8.", name="BoatBench", kind="benchmark") == []
    assert told("We train with a batch size of 8.", name="BoatNet", kind="method")[0][2:] == ("batch size", "8")


def test_a_power_of_ten_is_a_plain_number():
    text = "We train with a learning rate of 5e-6."
    elements = document([("section", "Setup"), ("chunk", text)])
    value = SentencesExtractor().extract(elements, about(elements, "BoatNet", "method")).facts[0].value
    assert (str(value.number), value.scale, value.decimals, value.text) == ("0.000005", 0, 6, "5e-6")
