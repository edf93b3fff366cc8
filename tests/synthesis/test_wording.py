"""English wording: nouns, values, clauses and question openings, each rule with the examples that it came from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.wording import Slot, languages
from synthesis.wording import english_asking as asking
from synthesis.wording import english_clauses as clauses
from synthesis.wording import english_nouns as nouns
from synthesis.wording import english_reasons as reasons
from synthesis.wording import english_values as values


class Fake:
    """A node of a dict."""

    label = "Assertion"
    units = None

    def __init__(self, **properties: Any) -> None:
        self.properties = properties

    def get(self, prop: str) -> Any:
        return self.properties.get(prop)

    def __getattr__(self, name: str) -> Slot:
        return Slot.of(self.properties.get(name), self, name)


APPLE = Fake(name="Apple", kind="company", described="Apple")
PIPER = Fake(name="N5921D", kind="aircraft accident", described="the Piper PA-22-150 N5921D")
SALES = Fake(
    quantity="net sales of services",
    kind="number",
    shape="statement",
    period="P3M/2022-06-25",
    period_text="in the quarter ended June 25, 2022",
    text="$ 19,604",
    exact="19604",
    unit="USD",
    scale=6,
)


@pytest.mark.parametrize(
    ("text", "plural"),
    [
        ("net sales of services", True),
        ("total net sales", True),
        ("net income", False),
        ("net income per share", False),
        ("research and development", False),
        ("accounts receivable, net", True),
        ("shares outstanding", True),
        ("age of the pilot", False),
        ("cash and cash equivalents", True),
        ("gross", False),
        ("NDCG@10", False),
        ("loss", False),
        ("people on board", True),
        ("landing gear type", False),
    ],
)
def test_the_head_noun_decides_between_was_and_were(text: str, plural: bool) -> None:
    assert nouns.is_plural(text) is plural


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        ("Total net sales", "total net sales"),
        ("NDCG@10", "NDCG@10"),
        ("Professional Visualization", "Professional Visualization"),
        ("iPhone", "iPhone"),
        ("Cost of sales of products (1)", "cost of sales of products"),
        ("Net sales:", "net sales"),
        ("RM score", "RM score"),
    ],
)
def test_labels_become_running_text_unless_they_are_names(text: str, lowered: str) -> None:
    assert nouns.phrase(text) == lowered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NTSB report", "an NTSB report"),
        ("US company", "a US company"),
        ("hour", "an hour"),
        ("language", "a language"),
        ("unit", "a unit"),
    ],
)
def test_articles_follow_the_sound(text: str, said: str) -> None:
    assert nouns.article(text) == said


@pytest.mark.parametrize(
    ("name", "said"), [("Apple", "Apple's"), ("NVIDIA", "NVIDIA's"), ("the Piper N5921D", None), ("Paris", "Paris'")]
)
def test_short_proper_names_take_a_possessive(name: str, said: str | None) -> None:
    assert nouns.possessive(name) == said


def test_a_companys_quantity_takes_the_possessive_and_others_take_of() -> None:
    assert asking.of(SALES.quantity, APPLE.name) == "Apple's net sales of services"
    assert asking.of("age of the pilot", PIPER.name) == "the age of the pilot of the Piper PA-22-150 N5921D"


@pytest.mark.parametrize(
    ("fact", "opening"),
    [
        (Fake(quantity="number of seats", kind="number", shape="form"), "how many seats did the Piper PA-22-150 N5921D have"),
        (Fake(quantity="age of the pilot", kind="number", shape="form"), "how old was the pilot of the Piper PA-22-150 N5921D"),
        (Fake(quantity="registered owner", kind="text", shape="form"), "who was the registered owner of the Piper PA-22-150 N5921D"),
        (Fake(quantity="date of the last inspection", kind="date", shape="form"), "when was the last inspection of the Piper PA-22-150 N5921D"),
        (Fake(quantity="airplane ratings", kind="text", shape="form"), "what were the airplane ratings of the Piper PA-22-150 N5921D"),
        (Fake(quantity="resource class", kind="text", shape="entities"), "what is the resource class of the Piper PA-22-150 N5921D"),
    ],
)  # fmt: skip
def test_the_question_word_comes_from_the_type_of_the_answer(fact: Fake, opening: str) -> None:
    assert asking.ask(fact.quantity, PIPER.name) == opening


@pytest.mark.parametrize(
    ("unit", "scale", "decimals", "clause"),
    [
        ("USD", 6, None, ", in millions of US dollars"),
        ("hour", 0, None, ", in hours"),
        ("%", 0, 1, ", in percent, rounded to one decimal"),
        (None, 0, None, ""),
        (None, 3, None, ", in thousands"),
        ("second/query", 0, None, ", in seconds per query"),
        (None, 0, 2, ", rounded to two decimals"),
        (None, 0, 0, ", rounded to the nearest whole number"),
    ],
)
def test_unit_scale_and_rounding_are_stated_in_one_clause(
    unit: str | None, scale: int, decimals: int | None, clause: str
) -> None:
    assert languages()["en"].unit_clause(unit, scale, decimals) == clause


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (SALES, "19,604 million US dollars"),
        (Fake(kind="number", text="5.2 %", exact="5.2", unit="%"), "5.2%"),
        (Fake(kind="number", text="1", exact="1", unit="hour"), "1 hour"),
        (Fake(kind="number", text="(1,234)", exact="-1234"), "-1,234"),
        (Fake(kind="date", text="12/08/2007", date="2007-12-08"), "December 8, 2007"),
        (Fake(kind="text", text="Indo-European"), "Indo-European"),
    ],
)
def test_given_values_are_spoken_with_their_unit(node: Fake, said: str) -> None:
    assert clauses.spoken(Slot.of(node.get("text"), node, "text")) == said


def test_two_periods_become_from_and_to() -> None:
    before = Fake(period="P3M/2021-06-26", period_text="in the quarter ended June 26, 2021")
    assert (
        clauses.from_to(before.period, SALES.period)
        == "from the quarter ended June 26, 2021 to the quarter ended June 25, 2022"
    )


def test_two_conditions_say_what_they_share_once() -> None:
    easy, hard = (
        Fake(condition="a", condition_text="on Easy in Final"),
        Fake(condition="b", condition_text="on Hard in Final"),
    )
    assert clauses.before(easy.condition, hard.condition) == " on Easy"
    assert clauses.after(hard.condition, easy.condition) == " on Hard in Final"
    other = Fake(condition="c", condition_text="on Easy in Training")
    assert clauses.before(easy.condition, other.condition) == " on Easy in Final"
    assert clauses.after(other.condition, easy.condition) == " in Training"


def test_what_was_used_in_a_work_is_asked_so() -> None:
    metric = Fake(quantity="evaluation metric", kind="text", shape="sentence")
    paper = Fake(name="Windows", kind="paper", described="the paper “Windows”")
    assert asking.ask(metric.quantity, paper.name) == "what evaluation metric was used in the paper “Windows”"


def test_an_empty_scope_says_nothing_and_a_scope_gets_its_preposition() -> None:
    scope = languages()["en"].filters()["scope"]
    assert scope("") == ""
    assert scope("the M-RewardBench paper") == " in the M-RewardBench paper"
    assert scope("on DL19") == " on DL19"


def test_a_reason_clause_becomes_a_why_question() -> None:
    assert reasons.why("net sales of services increased during the third quarter of 2022", APPLE.name) == (
        "why did Apple's net sales of services increase during the third quarter of 2022"
    )
    assert reasons.why("Apple's gross margin was lower", APPLE.name) == "why was Apple's gross margin lower"


def test_a_sentence_is_trimmed_and_capitalised() -> None:
    assert languages()["en"].sentence("what  was the  the age , in years ?") == "What was the age, in years?"


@given(st.text(alphabet=st.sampled_from("abc XYZ,.()'-1"), max_size=40))
def test_wording_never_fails_and_assembly_is_idempotent(text: str) -> None:
    english = languages()["en"]
    once = english.sentence(nouns.phrase(text))
    assert english.sentence(once) == once
    nouns.is_plural(text), nouns.article(text), nouns.singular(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_a_printed_figure_keeps_its_digits(number: Any) -> None:
    printed = f"$ {number:,.2f}"
    assert values.figure(printed, str(number)).replace(",", "") == f"{number:.2f}"
