"""Rows of results tables: whose row `+ X` is, which set the rows are, which headers are words."""

from tests.tables.grids import extract, reasons, said, table

TRAINED = """
| Method       | Accuracy | AUC  |
| Alpha-7B     | 50.1     | 51.0 |
| ..fine-tuning with Data-60k | | |
| + SFT        | 60.2     | 61.0 |
| + Tutor Feedback | 61.3 | 62.0 |
| Beta-XL      | 55.4     | 56.0 |
| ..fine-tuning with More-200k | | |
| + SFT        | 62.5     | 63.0 |
"""


def test_an_addition_behind_a_label_belongs_to_the_first_plain_row_or_to_the_named_one():
    found = said(extract(table(TRAINED, caption="Results of methods.")))
    assert found["accuracy | Alpha-7B + SFT | when fine-tuning with Data-60k"] == "60.2"
    assert found["accuracy | Alpha-7B with tutor feedback | when fine-tuning with Data-60k"] == "61.3"
    assert found["accuracy | Beta-XL"] == "55.4"
    assert not any("62.5" in value for value in found.values())
    named = said(extract(table(TRAINED.replace("More-200k", "BETA-200k"), caption="Results of methods.")))
    assert named["accuracy | Beta-XL + SFT | when fine-tuning with BETA-200k"] == "62.5"


def test_what_the_caption_says_of_the_training_holds_for_additions_only():
    text = "| Method | Accuracy | AUC |\n| Alpha-7B | 50.1 | 1.5 |\n| + SFT | 60.2 | 1.5 |\n| + DPO | 61.0 | 1.5 |"
    found = said(extract(table(text, caption="Results of methods when fine-tuning with Data-60k.")))
    assert found["accuracy | Alpha-7B"] == "50.1"
    assert found["accuracy | Alpha-7B + DPO | when fine-tuning with Data-60k"] == "61.0"


def test_means_and_rows_without_a_name_are_no_members_of_the_set():
    text = """
    | Backbone | Accuracy | AUC  |
    | N/A      | 50.0     | 50.0 |
    | Ant      | 61.0     | 62.0 |
    | Bee      | 63.0     | 64.0 |
    | Avg.     | 62.0     | 63.0 |
    | + Hints  | 66.0     | 67.0 |
    """
    rows = extract(table(text, caption="Results of backbones.")).structures[0].rows
    assert [r.role for r in rows] == ["header", "note", "data", "data", "total", "total"]


def test_a_chosen_set_says_how_and_for_which_task_it_was_chosen():
    text = "| Model | Accuracy | AUC |\n| Ant | 1.5 | 2.5 |\n| Bee | 2.5 | 3.5 |\n| Cat | 3.5 | 4.5 |"
    sets = {
        caption: extract(table(text, caption=caption)).structures[0].set
        for caption in (
            "Performance of models.",
            "Top ten models by performance.",
            "Top ten models based on their performance in the summary task.",
        )
    }
    assert list(sets.values()) == ["models compared", "top ten models compared", "top ten models in the summary task"]


def test_a_clipped_header_is_spelled_out_by_the_others_or_refused():
    text = (
        "| Model | Script Verification | Product Veri. |\n| | Acc | Acc |\n| Ant | 51.0 | 52.0 |\n| Bee | 53.0 | 54.0 |"
    )
    found = said(extract(table(text, head=2, caption="Results of models.")))
    assert found["accuracy | Ant | on Product Verification"] == "52.0"
    refused = extract(table(text.replace("Product Veri.", "Product Quxl."), head=2, caption="Results of models."))
    assert any("Quxl." in reason for reason in reasons(refused))


def test_a_code_of_a_country_stands_for_its_language_among_codes_of_languages():
    text = "| Model | ar | de | fr | jp |\n| Ant | 1.5 | 2.5 | 3.5 | 4.5 |\n| Bee | 1.5 | 2.5 | 3.5 | 4.5 |"
    assert said(extract(table(text, caption="Performance of models.")))["score | Ant | for Japanese"] == "4.5"
    both = text.replace("fr", "ja")
    assert "score | Ant | for Japanese" in said(extract(table(both, caption="Performance of models.")))
    assert any("'jp'" in reason for reason in reasons(extract(table(both, caption="Performance of models."))))


def test_a_second_key_that_adds_goes_on_from_the_one_above():
    text = """
    | Model | Training Data | Accuracy | AUC  |
    | Ant   | Folk          | 61.0     | 62.0 |
    | ^     | + Bench       | 63.0     | 64.0 |
    | Bee   | Folk          | 51.0     | 52.0 |
    | ^     | + Bench       | 53.0     | 54.0 |
    """
    found = said(extract(table(text, caption="Results of models.")))
    assert found["accuracy | Bee | with Folk + Bench as training data"] == "53.0"


def test_a_later_sentence_of_the_caption_may_name_the_measure():
    text = "| Model | Easy | Hard |\n| Ant | 61.5 | 31.5 |\n| Bee | 62.5 | 32.5 |"
    found = said(extract(table(text, caption="Analysis of models on many problems. Here, we report Pass@3 scores.")))
    assert found["Pass@3 | Ant | on Hard"] == "31.5"


def test_a_header_of_one_word_takes_its_noun_from_the_caption():
    text = "| Language | Resource | Resource Class |\n| Arabic | High | 3 |\n| Hindi | Low | 4 |"
    found = said(extract(table(text, caption="Languages. Resource availability and resource classes are listed.")))
    assert found["resource availability | Hindi"] == "Low"
