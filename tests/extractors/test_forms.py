"""Key-value forms become typed facts under the noun phrases that people say."""

from __future__ import annotations

import pytest

from extraction.extractors.form_labels import qualified, read_label, read_topic
from extraction.extractors.forms import FormsExtractor
from schemas.fact import Fact
from tests.extractors.build import about, document, form

BOAT = {"name": "Ketch Albatross", "kind": "vessel"}


def facts(rows, heading="Vessel Information", *, event=None, kind="vessel") -> dict[str, Fact]:
    elements = document([("section", heading), ("table", form(rows))])
    roles = {"event": event} if event else {}
    found = FormsExtractor().extract(elements, about(elements, "Ketch Albatross", kind, **roles))
    return {
        f.quantity + (f" {f.qualifiers.condition_text}" if f.qualifiers.condition_text else ""): f for f in found.facts
    }


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Certified Max Gross Wt.:", ("certified maximum gross weight",)),
        ("Rating(s):", ("rating",)),
        ("Last FAA Medical Exam:", ("last FAA medical exam",)),
        ("Runway Length/Width:", ("runway length", "runway width")),
        ("Date/Type of Last Inspection:", ("date of the last inspection", "type of the last inspection")),
        ("Station, Elevation:", ("station", "elevation")),
        ("Observation Facility, Elevation:", ("observation facility", "elevation of the observation facility")),
        ("Date & Time:", ("date", "time")),
        ("Investigator In Charge (IIC):", ("investigator in charge",)),
        ("Time Since Last Overhaul:", ("time since the last overhaul",)),
        ("Mean mass of the Moon:", ("mean mass of the Moon",)),
    ],
)
def test_a_label_becomes_the_noun_phrases_of_its_parts(label, parts):
    read = read_label(label)
    assert read is not None
    assert read.parts == parts


@pytest.mark.parametrize("label", ["Flight Conducted Under:", "Distance from Accident Site:", ":"])
def test_a_label_that_is_no_noun_phrase_is_refused(label):
    assert read_label(label) is None


def test_a_heading_gives_its_nouns_without_filler():
    assert read_topic("Skipper Information").nouns == ("skipper",)
    assert read_topic("Student Pilot Information").person == "pilot"
    assert read_topic("Aircraft and Owner Information").nouns[0] == "aircraft"


def test_what_stands_under_a_person_is_said_of_the_person():
    found = facts([["Age:", "85, Male"], ["Harness Used:", "Belt"], ["Port:", "Kiel"]], "Pilot Information")
    assert found["age of the pilot"].value.number == 85
    assert found["age of the pilot"].value.unit == "year"
    assert found["sex of the pilot"].value.text == "Male"
    assert "harness used by the pilot" in found


def test_a_list_of_values_with_notes_becomes_facts_with_conditions():
    text = "2319 hours (Total, all craft), 12 hours (Total, this make and model), 7 hours (Last 90 days, all craft)"
    found = facts([["Time:", text], ["Name:", "A B"], ["Port:", "Kiel"]], "Pilot Information", event="boat accident")
    assert found["total time of the pilot in all craft"].value.number == 2319
    assert found["total time of the pilot in the same make and model"].value.number == 12
    assert found["time of the pilot in all craft in the 90 days before the accident"].value.number == 7


def test_counts_take_their_kind_and_a_described_thing_its_type():
    found = facts(
        [["Engines:", "1 Diesel"], ["Engine Maker:", "Volvo"], ["Injuries:", "3 Fatal, 1 Serious"], ["Berths:", "4"]]
    )
    assert found["number of engines"].value.number == 1
    assert found["engine type"].value.text == "Diesel"
    assert found["number of fatal injuries"].value.number == 3
    assert found["number of serious injuries"].value.number == 1
    assert found["number of berths"].value.number == 4


def test_parts_of_a_value_go_to_the_parts_of_the_label_by_order_and_by_type():
    found = facts(
        [
            ["Temperature/Dew Point:", "22°C / -17°C"],
            ["Date/Type of Last Survey:", "Annual"],
            ["Station, Elevation:", "TLH, 81 ft msl"],
            ["Date & Time:", "12/08/2007, 1730 EST"],
        ]
    )
    assert (found["temperature"].value.number, found["dew point"].value.number) == (22, -17)
    assert found["type of the last survey"].value.text == "Annual"
    assert found["station"].value.text == "TLH"
    assert found["elevation above mean sea level"].value.unit == "foot"
    assert found["date"].value.date == "2007-12-08"
    assert (found["time"].value.kind, found["time"].value.text) == ("text", "1730 EST")


def test_a_date_under_a_label_without_the_word_is_the_date_of_it():
    found = facts([["Last Medical Exam:", "06/01/2007"], ["Age:", "40"], ["Name:", "A"]], "Pilot Information")
    assert found["date of the last medical exam of the pilot"].value.date == "2007-06-01"


@pytest.mark.parametrize("value", ["", "None", "N/A", "Unknown", "/", "(KIEL)", "1 None"])
def test_a_missing_value_is_no_fact_and_never_zero(value):
    assert "number of engines" not in facts([["Engines:", value], ["Seats:", "2"], ["Year:", "1990"]])
    assert len(facts([["Engines:", value], ["Seats:", "2"], ["Year:", "1990"]])) == 2


def test_assigned_numbers_are_names():
    found = facts([["Serial Number:", "280"], ["Model/Series:", "172"], ["Berth Used:", "090"]])
    assert {f.value.kind for f in found.values()} == {"text"}


def test_outcomes_and_weather_are_said_of_the_event():
    rows = [["Crew Injuries:", "1 Minor"], ["Latitude, Longitude:", "30.5, -84.1"], ["Hull Damage:", "Substantial"]]
    found = facts(rows, "Impact Information", event="boat accident")
    assert "number of minor crew injuries in the accident" in found
    assert found["longitude of the accident"].value.unit == "degree"
    assert "hull damage in the accident" in found
    weather = facts(
        [["Wind Speed:", "4 knots"], ["Departure Point:", "Kiel"], ["Light:", "Day"]],
        "Weather Information",
        event="accident",
    )
    assert "wind speed at the time of the accident" in weather
    assert "departure point" in weather


def test_a_label_with_two_values_in_one_document_is_refused():
    elements = document([("table", form([["Colour:", "red"], ["Colour:", "blue"], ["Length:", "3 m"]]))])
    found = FormsExtractor().extract(elements, about(elements))
    assert [f.quantity for f in found.facts] == ["length"]
    assert ("ambiguous_label", "colour: blue, red") in [(check, reason) for _, check, reason in found.rejected]


def test_the_value_cell_comes_first_in_the_supports():
    fact = facts(
        [["Length:", "3 m", "Beam:", "1 m"], ["Draught:", "1 m", "Crew:", "2"], ["Port:", "Kiel", "Flag:", "DE"]]
    )["beam"]
    assert [(s.row, s.col, s.role) for s in fact.supports] == [(0, 3, "value"), (0, 2, "header")]


def test_runs_of_label_value_lines_are_a_form_and_single_lines_or_steps_are_not():
    lines = [("chunk", "Length: 3 m"), ("chunk", "Port: Kiel"), ("chunk", "Built: 1990")]
    elements = document([("section", "Boat"), *lines])
    found = FormsExtractor().extract(elements, about(elements))
    assert [f.quantity for f in found.facts] == ["length", "port", "built"]
    steps = document(
        [("section", "Boat"), ("chunk", "Step 1: Row"), ("chunk", "Step 2: Sail"), ("chunk", "Step 3: Rest")]
    )
    assert FormsExtractor().extract(steps, about(steps)).facts == ()


def test_a_form_without_a_subject_says_so():
    elements = document([("table", form([["Length:", "3 m"], ["Port:", "Kiel"], ["Crew:", "2"]]))])
    found = FormsExtractor().extract(elements, about(elements, None))
    assert found.facts == ()
    assert {check for _, check, _ in found.rejected} == {"no_subject"}


def test_what_stands_at_the_place_of_an_event_is_the_events():
    topic = read_topic("Airport Information")
    said = qualified("runway length", topic, event="aviation accident", subject_kind="aircraft")
    assert said == "length of the runway in the accident"
