"""Cells, scale lines, header units, measures and noun phrases."""

from decimal import Decimal

import pytest

from extraction.tables import measure, scale
from extraction.tables.cell import read, without_citation, without_footnote
from extraction.tables.phrase import Vocabulary, noun_phrase
from extraction.tables.quantity import phrase


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("58.1 (+4.8)", "number", "58.1"),
        ("83.5*", "number", "83.5"),
        ("1.3 ± 0.2", "number", "1.3"),
        ("$ 3,624 $", "number", "3624"),
        ("$ —", "missing", None),
        ("✓", "mark", None),
        ("June 25, 2031", "date", None),
        ("2031", "number", "2031"),
        ("iron ore", "text", None),
        ("", "blank", None),
    ],
)
def test_a_cell_is_read_without_its_annotations(text, kind, number):
    reading = read(text)
    assert reading.kind == kind
    if number:
        assert reading.value.number == Decimal(number)


def test_footnote_marks_and_citations_are_no_part_of_a_name():
    assert without_footnote("Wearables (1)(2)") == "Wearables"
    assert without_footnote("Level 1 (1) :") == "Level 1"
    assert without_footnote("Height (m)") == "Height (m)"
    assert without_citation("ANT (Ott et al., 2031a)") == "ANT"
    assert without_citation("Bee [12]") == "Bee"


@pytest.mark.parametrize(
    ("line", "power", "unit", "shares"),
    [
        ("(In millions, except number of shares, which are reflected in thousands, and per-share amounts)", 6, None, 3),
        ("(In millions, except per share data)", 6, None, None),
        ("(dollars in millions):", 6, "USD", None),
        ("($ in thousands)", 3, "USD", None),
        ("(net income in millions and shares in thousands):", 6, None, 3),
        ("In thousands of US dollars", 3, "USD", None),
        ("€m", 6, "EUR", None),
    ],
)
def test_a_scale_line_says_power_currency_and_exceptions(line, power, unit, shares):
    found = scale.parse(line)
    assert (found.scale, found.unit, found.shares) == (power, unit, shares)


def test_a_line_without_scale_says_nothing():
    assert scale.parse("as of June 30, 2031") is None
    assert scale.parse("(continued)") is None


@pytest.mark.parametrize(
    ("header", "label", "unit", "power"),
    [
        ("Latency (s/query)", "Latency", "second/query", 0),
        ("Revenue, million USD", "Revenue", "USD", 6),
        ("Population (millions)", "Population", None, 6),
        ("Name (local)", "Name (local)", None, 0),
        ("Share (%)", "Share", "%", 0),
    ],
)
def test_a_header_carries_unit_and_scale(header, label, unit, power):
    assert scale.of_header(header) == (label, unit, power)


def test_measures_are_named_with_their_better_end():
    assert [(m.phrase, m.better) for m in map(measure.whole, ["Acc", "Ma-F1", "NDCG@10", "PPL ↓", "Accuracy (%)"])] == [
        ("accuracy", "higher"),
        ("macro-F1 score", "higher"),
        ("NDCG@10", "higher"),
        ("perplexity", "lower"),
        ("accuracy", "higher"),
    ]
    assert measure.whole("Total accuracy loss") is None
    assert measure.only("precision and recall of ants") is None


def test_rates_never_add_up():
    assert measure.is_additive("number of moons", None)
    assert measure.is_additive("net sales", "USD")
    assert not measure.is_additive("average price", "USD")
    assert not measure.is_additive("tax rate", "%")
    assert not measure.is_additive("pay", "USD/hour")
    assert not measure.is_additive("term in years", None)


@pytest.mark.parametrize(
    "quantity", ["long-term debt", "notional amount of interest rate contracts", "fair value of 3.20% notes"]
)
def test_amounts_of_money_add_up_whatever_they_are_called(quantity):
    assert measure.is_additive(quantity, "USD")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("# Instances", "number of instances"),
        ("Avg. Height", "average height"),
        ("Total net sales", "total net sales"),
        ("GDP of Peru", "GDP of Peru"),
        ("iPhone", "iPhone"),
        ("Yes/No?", None),
        ("a → b", None),
        ("Xq. Yz.", None),
        ("Original", None),
    ],
)
def test_labels_become_noun_phrases_or_nothing(label, said):
    words = Vocabulary(lower=frozenset({"total", "net", "sales"}), proper=frozenset({"peru"}))
    assert noun_phrase(label, words) == said


@pytest.mark.parametrize(
    ("label", "groups", "said"),
    [
        ("Services", ("Net sales",), "net sales of services"),
        ("Basic", ("Earnings per share",), "basic earnings per share"),
        ("Diluted", ("Net income per share",), "diluted net income per share"),
        ("Products", ("Cost of sales",), "cost of sales of products"),
        ("Research", ("Operating expenses",), "research expenses"),
        ("Net sales", ("Europe",), "net sales of europe"),
        ("Inventories", ("Current assets",), "inventories"),
        ("Accounts receivable, net", ("Current assets",), "net accounts receivable"),
        ("Ending balances", ("Retained earnings",), "ending balance of retained earnings"),
        ("Other", ("Investing activities",), None),
        ("Due in one year", (), None),
        ("Total net sales", (), "total net sales"),
    ],
)
def test_group_and_label_make_one_phrase(label, groups, said):
    assert phrase(label, groups, Vocabulary()) == said
