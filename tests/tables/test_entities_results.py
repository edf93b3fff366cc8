"""Entities x attributes, entities x periods, results, and what has no shape."""

import pytest

from extraction.extractors import default_extractors, extract_all, fingerprint, merge
from extraction.extractors.tables import TablesExtractor
from schemas.element import Document, Elements
from schemas.fact import Facts
from tests.tables.grids import extract, reasons, said, table

PLANTS = """
| Plant   | Family    | Height (m) | Seeds (thousands) | Known varieties | First grown | Notes |
| Alba    | Rosaceae  | 1.5        | 12                | 4               | 1901        | a     |
| Borea   | Poaceae   | 2.25       | —                 | 12              | 1950        | b     |
| Celta * | Rosaceae  | 0.75       | 7                 | 3               | 1987        | c     |
"""


@pytest.fixture(scope="module")
def plants():
    return extract(table(PLANTS, caption="Plants of the garden."))


def test_a_row_names_an_entity_and_a_column_its_attribute(plants):
    found = said(plants)
    assert found["family | Alba"] == "Rosaceae"
    assert found["height | Borea"] == "2.25 metre"
    assert found["number of seeds | Celta"] == "7 3"
    assert plants.structures[0].kind == "plant"
    assert plants.structures[0].set == "plants listed"


def test_missing_is_no_value_and_notes_are_no_attribute(plants):
    assert "number of seeds | Borea" not in said(plants)
    assert any(r.startswith("no_attribute: 'Notes'") for r in reasons(plants))


def test_counts_and_years_are_said_as_such(plants):
    found = said(plants)
    assert found["number of known varieties | Borea"] == "12"
    assert found["year of the first grown | Alba"] == "1901"
    assert next(f for f in plants.facts if f.quantity.startswith("year")).value.kind == "date"


def test_the_entity_is_the_subject_support(plants):
    fact = next(f for f in plants.facts if f.quantity == "height")
    assert [(s.role, s.row, s.col) for s in fact.supports] == [("value", 1, 2), ("subject", 1, 0), ("header", 0, 2)]


def test_the_caption_sharpens_the_kind():
    text = "| Model | Provider |\n| Ant 7B (Ott et al., 2031) | Acme |\n| Bee 9B | Bolt |"
    facts = extract(table(text, caption="Top ten reward models on the market."))
    assert facts.structures[0].kind == "reward model"
    assert said(facts) == {"provider | Ant 7B": "Acme", "provider | Bee 9B": "Bolt"}


def test_a_caption_that_counts_otherwise_opens_the_set():
    text = "| Language | Script |\n| Arabic | Arabic |\n| Hindi | Devanagari |"
    facts = extract(table(text, caption="The 3 languages of the survey."))
    assert "open_set: the caption says 3 languages, the table lists 2" in reasons(facts)
    assert facts.facts


def test_codes_are_no_names_where_a_column_has_the_names():
    text = "| Code | Language | Script |\n| ar | Arabic | Arabic |\n| hi | Hindi | Devanagari |"
    assert said(extract(table(text)))["script | Hindi"] == "Devanagari"


def test_an_abbreviated_header_is_expanded_from_the_text_or_refused():
    text = "| Language | Res. Class | Xy. Class |\n| Arabic | 3 | 1 |\n| Hindi | 4 | 2 |"
    facts = extract(table(text), text="The resource classes are those of an older survey.")
    assert said(facts) == {"resource class | Arabic": "3", "resource class | Hindi": "4"}
    assert any("Xy. Class" in r and r.startswith("header_salad") for r in reasons(facts))


def test_a_spanned_first_column_is_an_attribute_of_the_second():
    text = """
    | Country | Launch vehicle | Flights      | <                 |
    | ^       | ^              | First flight | Number of flights |
    | Norland | Arrow 1        | 1979         | 11                |
    | ^       | Arrow 2        | 1996         | 117               |
    | Sudland | Bolt           | 1997         | 7                 |
    """
    found = said(extract(table(text, head=2)))
    assert found["country | Arrow 2"] == "Norland"
    assert found["number of flights | Arrow 2"] == "117"
    assert found["year of the first flight | Bolt"] == "1997"


def test_a_lost_power_of_ten_is_read_from_the_header():
    text = "| Planet | Mass (1024 kg) | Orbit (10^6 km) |\n| Uno | 0.33 | 57.9 |\n| Due | 4.87 | 108.2 |"
    assert said(extract(table(text))) == {
        "mass | Uno": "0.33 kilogram 24",
        "mass | Due": "4.87 kilogram 24",
        "orbit | Uno": "57.9 kilometre 6",
        "orbit | Due": "108.2 kilometre 6",
    }


def test_a_column_that_prints_only_its_unit_is_named_by_the_caption():
    text = (
        "| Model | $USD / 1K Input Tokens | $USD / 1K Output Tokens |\n| Ant | 0.002 | 0.01 |\n| Bee | 0.001 | 0.02 |"
    )
    found = said(extract(table(text, caption="The price of Ant and Bee.")))
    assert found["price of output tokens | Ant"] == "0.01 USD/1000 output token"


def test_one_quantity_of_entities_over_periods_is_named_above():
    text = "| Planet | 1900 | 1950 |\n| Uno | 1 | 2 |\n| Due | 9 | 11 |\n| Total | 10 | 13 |"
    facts = extract(table(text, caption="Number of known moons at the end of the year, by planet."))
    found = said(facts)
    assert found["number of known moons | Due | in 1950"] == "11"
    assert found["total number of known moons | in 1900"] == "10"
    assert facts.structures[0].kind == "planet"


RESULTS = """
| Model      | Translation-Easy | <       | Translation-Hard | <       | Avg.  |
|            | de→en            | en→de   | de→en            | en→de   |       |
| Ant 7B     | 87.0             | 95.0    | 71.0             | 61.0    | 78.5  |
| + tuning   | 88.0 (+1.0)      | 95.5    | 72.0*            | 62.0    | 79.4  |
| Bee 9B     | 80.5             | 88.0    | 56.0             | -       | 74.8  |
| Average    | 85.2             | 92.8    | 66.3             | 61.5    | 77.6  |
"""


@pytest.fixture(scope="module")
def results():
    return extract(table(RESULTS, head=2, caption="Results (accuracy, %) in the translation task."))


def test_results_have_measure_method_and_conditions(results):
    found = said(results)
    key = "accuracy | Ant 7B | from German to English in Translation-Easy"
    assert found[key] == "87.0 %"
    fact = results.facts[0]
    assert fact.better == "higher"
    assert fact.additive is False
    assert fact.set == "models compared"
    assert ("direction", "German to English") in fact.qualifiers.conditions


def test_trailing_annotations_and_stars_are_no_part_of_a_number(results):
    found = said(results)
    assert found["accuracy | Ant 7B + tuning | from German to English in Translation-Easy"] == "88.0 %"
    assert found["accuracy | Ant 7B + tuning | from German to English in Translation-Hard"] == "72.0 %"


def test_means_over_rows_and_columns_are_marked(results):
    roles = {(f.subject.name, f.quantity): f.role for f in results.facts}
    assert roles["Ant 7B", "average accuracy"] == "mean"
    assert roles["Average", "accuracy"] == "mean"
    assert roles["Bee 9B", "accuracy"] == "data"


def test_columns_may_be_measures_and_the_caption_the_benchmark():
    text = "| Method | NDCG@5 ↑ | Latency (s/query) ↓ |\n| BM25 | 54.26 | 0.10 |\n| Ranker | 72.87 | 6.90 |"
    facts = extract(table(text, caption="The effect of order on TREC DL19."))
    found = said(facts)
    assert found["NDCG@5 | Ranker | on TREC DL19"] == "72.87"
    assert found["latency | BM25 | on TREC DL19"] == "0.10 second/query"
    assert {f.quantity: f.better for f in facts.facts} == {"NDCG@5": "higher", "latency": "lower"}


def test_a_second_key_tells_rows_apart():
    text = "| N | Model | DL19 | DL20 |\n| 20 | Ant | 63.47 | 59.56 |\n| ^ | Bee | 65.82 | 62.03 |\n| 40 | Ant | 65.89 | 63.88 |\n| ^ | Bee | 67.77 | 66.01 |"
    found = said(extract(table(text, caption="Results (NDCG@10) under different passage number N.")))
    assert found["NDCG@10 | Ant | on DL19 with a passage number of 40"] == "65.89"


def test_a_measure_may_stand_behind_its_benchmark():
    text = "| Method | ARC accuracy | Recipes win-rate |\n| Ant | 83.7 | 13.2 |\n| Bee | 80.2 | 11.0 |"
    found = said(extract(table(text, caption="Evaluation.")))
    assert found["win rate | Ant | on Recipes"] == "13.2"


def test_languages_are_said_by_name_and_unknown_codes_are_refused():
    text = "| Model | ar | jp |\n| Ant | 83.7 | 83.2 |\n| Bee | 80.2 | 81.0 |"
    facts = extract(table(text, caption="Performance of models by language."))
    assert said(facts) == {"score | Ant | for Arabic": "83.7", "score | Bee | for Arabic": "80.2"}
    assert "header_salad: 'jp' does not say under which condition" in reasons(facts)


def test_a_bare_number_without_a_measure_gives_no_score():
    facts = extract(table("| | Xq | Zr |\n| Ant | 83.7 | 83.2 |\n| Bee | 80.2 | 81.0 |", caption="Ablation."))
    assert not facts.facts
    assert facts.structures[0].shape is None
    assert facts.structures[0].reason.startswith("no_kind")


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("| Year | Award | Work |\n| 1984 | Gold Cup | Rain |\n| 1990 | Silver Cup | Snow |", "no_kind"),
        ("| Date | Opponent | Crowd |\n| 1 May 1990 | Foxes | 12,000 |\n| 8 May 1990 | Bears | 13,000 |", "no_kind"),
        ("| City | People |\n| Ulm | 5 |\n| Ulm | 7 |", "wrong_grain"),
        ("| Rights | Number |\n| Granted | 5 |\n| Exercised | 7 |", "wrong_grain"),
        ("| City | 84.1 95.2 |\n| Ulm | 5 |", "no_entities"),
    ],
)
def test_a_table_without_a_shape_is_refused_with_a_reason(text, check):
    facts = extract(table(text))
    assert not facts.facts
    assert reasons(facts)[0].startswith(check)


def test_several_numbers_in_one_cell_are_refused():
    facts = extract(table("| Language | Agreement |\n| Hindi | 84.1 94.2 |\n| Thai | 86.7 95.3 |"))
    assert not facts.facts
    assert "several numbers" in reasons(facts)[0]


def test_forms_get_their_structure_only():
    facts = extract(table("| Location: | Ulm | Age: | 35 |\n| Date: | 1 May 2031 | Seat: | Left |", head=0))
    assert facts.structures[0].shape == "form"
    assert not facts.facts


def test_extraction_is_the_same_twice():
    assert extract(table(PLANTS)) == extract(table(PLANTS))


def test_every_fact_has_its_own_id_and_extractor(plants):
    assert len({f.id for f in plants.facts}) == len(plants.facts)
    assert {f.extractor for f in plants.facts} == {"tables/1"}


def test_extractors_run_in_order_and_are_named():
    assert fingerprint([TablesExtractor()]) == ("tables/1",)
    with pytest.raises(KeyError, match="no extractor 'nope'"):
        default_extractors(["nope"])
    document = Elements(document=Document(id="d", paths=("d",), format="md"), reader="x/1", elements=(table(PLANTS),))
    facts = extract_all(document, [TablesExtractor()])
    assert facts.extractors == ("tables/1",)
    assert len(facts.facts) > 5


def test_merging_keeps_the_first_subject_and_the_latest_structure():
    one = extract(table(PLANTS))
    two = Facts(document="d", extractors=(), subject_facts={"name": "second"})
    merged = merge(one.model_copy(update={"subject_facts": {"name": "first"}}), two, "x/1")
    assert merged.subject_facts == {"name": "first"}
    assert merged.structures == one.structures
