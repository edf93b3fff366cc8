"""What a document is about, and which names it mentions."""

from __future__ import annotations

from extraction.extractors.acronyms import acronyms
from extraction.extractors.structure import StructureExtractor
from extraction.extractors.terms import TermsExtractor
from schemas.fact import Facts
from tests.extractors.build import about, document, form


def subject(parts, title=None):
    elements = document(parts, title=title)
    return StructureExtractor().extract(elements, Facts(document=elements.document.id, extractors=()))


def test_a_filing_is_about_its_registrant():
    found = subject(
        [
            ("chunk", "For the quarterly period ended June 25, 2022"),
            ("chunk", "Acme Boats Inc."),
            ("chunk", "(Exact name of registrant as specified in its charter)"),
        ]
    )
    assert (found.subject.name, found.subject.kind) == ("Acme Boats Inc.", "company")
    assert found.subject_facts["period"] == "2022-06-25"


def test_who_built_it_is_no_part_of_the_model():
    head = form(
        [
            ["Location:", "Kiel", "Date:", "12/08/2007"],
            ["Vessel:", "Doe, Jane P Ketch 12", "Registration:", "K77"],
            ["Damage:", "None", "Crew:", "2"],
        ]
    )
    details = form(
        [
            ["Vessel Make:", "Doe, Jane P", "Registration:", "K77"],
            ["Model:", "Ketch 12", "Crew:", "2"],
            ["Age:", "3", "Sails:", "2"],
        ]
    )
    found = subject([("table", head), ("table", details)], "Boat Accident Final Report")
    assert found.subject.name == "Ketch 12 K77"


def test_a_report_is_about_what_its_head_names():
    head = form(
        [
            ["Location:", "Kiel", "Date:", "12/08/2007"],
            ["Vessel:", "Ketch 12", "Registration:", "K77"],
            ["Damage:", "None", "Crew:", "2"],
        ]
    )
    found = subject(
        [("section", "Harbour Board Boat Accident Final Report"), ("table", head)], "Boat Accident Final Report"
    )
    assert (found.subject.name, found.subject.kind) == ("Ketch 12 K77", "vessel")
    assert found.subject_facts["event"] == "boat accident"
    assert found.subject_facts["date"] == "2007-12-08"


def test_a_report_is_about_the_value_that_stands_in_its_title():
    head = form([["Probe:", "Alba"], ["Agency:", "XSA"], ["Mass:", "3 kg"]])
    assert subject([("table", head)], "Mission Report: Alba").subject.name == "Alba"


def test_a_paper_is_about_the_name_before_its_colon_as_the_text_spells_it():
    found = subject(
        [("section", "Abstract"), ("chunk", "We present BoatBench. BoatBench is large.")],
        "BOATBENCH: A Benchmark of Boats",
    )
    assert (found.subject.name, found.subject.kind) == ("BoatBench", "benchmark")


def test_a_paper_without_a_name_is_about_itself():
    found = subject(
        [("section", "Abstract"), ("chunk", "We study boats.")], "On the Study of Many Boats in Very Wide Rivers"
    )
    assert found.subject.kind == "paper"


def test_a_page_is_about_its_title_where_the_text_says_what_it_is():
    found = subject([("section", "Kiel"), ("chunk", "Kiel is a city in the north of Germany.")], "Kiel")
    assert (found.subject.name, found.subject.kind) == ("Kiel", "city")


def test_nothing_is_made_up():
    assert subject([("chunk", "Some text.")], "Various notes about this and that and more").subject is None


def test_acronyms_prefer_the_words_whose_initials_they_are():
    text = "We use Proximal Policy Optimization (PPO), reward models (RMs) and nothing (ABC)."
    assert [(a.short, a.long) for a in acronyms(text)] == [
        ("PPO", "Proximal Policy Optimization"),
        ("RM", "reward model"),
    ]
    for acronym in acronyms(text):
        assert text[slice(*acronym.span)] == acronym.short


def test_names_by_their_spelling_need_two_uses_and_no_shouting():
    text = (
        "BoatNet beats OarNet20. BoatNet and OarNet20 float. PURSUANT TO SECTION. PURSUANT TO SECTION. CanoeNet once."
    )
    elements = document([("chunk", text)])
    found = TermsExtractor().extract(elements, about(elements, None))
    assert {m.name for m in found.mentions} == {"BoatNet", "OarNet20"}
    for mention in found.mentions:
        assert text[slice(*mention.span)] == mention.name
