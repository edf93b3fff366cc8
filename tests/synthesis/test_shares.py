"""The verb of a share follows from what the whole is."""

import pytest

from synthesis.wording import english_nouns
from synthesis.wording.english_clauses import from_to
from synthesis.wording.english_shares import portion


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        ("net sales of iPad", "total net sales", "came from iPad"),
        ("revenue of the United States", "total revenue", "came from the United States"),
        ("inventories of raw materials", "total inventories", "were raw materials"),
        ("cost of sales of products", "total cost of sales", "was for products"),
        ("marketing expenses", "total net sales", "went to marketing expenses"),
        ("net income", "revenue", "is net income"),
    ],
)
def test_a_share_comes_from_a_part_or_goes_to_an_expense(part, whole, said):
    assert portion(part, whole) == said


def test_three_months_are_said_as_a_quarter():
    said = from_to("in the three months ended June 26, 2021", "in the three months ended June 25, 2022")
    assert said == "from the quarter ended June 26, 2021 to the quarter ended June 25, 2022"


def test_a_term_that_the_document_defines_keeps_its_capitals():
    assert english_nouns.phrase("Commercial Paper outstanding") == "Commercial Paper outstanding"
    assert english_nouns.phrase("Net Sales of services") == "net Sales of services"
