"""Statements: quantities x periods."""

import pytest

from tests.tables.grids import extract, reasons, said, table

INCOME = """
|                          | Three Months Ended | <              | Six Months Ended | <            |
|                          | June 30, 2031      | June 30, 2030  | June 30, 2031    | June 30, 2030 |
| Net sales:               |                    |                |                  |               |
| .Robots (1)              | $ 400              | $ 300          | $ 900            | $ 700         |
| .Repairs                 | 100                | 90             | 200              | 180           |
| ..Total net sales        | 500                | 390            | 1,100            | 880           |
| Operating expenses:      |                    |                |                  |               |
| .Research and development | 60                | 50             | 120              | 100           |
| .Selling                 | 40                 | 30             | 80               | 60            |
| ..Total operating expenses | 100              | 80             | 200              | 160           |
| Other income, net        | (5)                | 7              | (9)              | 11            |
| Earnings per share:      |                    |                |                  |               |
| .Basic                   | $ 1.20             | $ 1.10         | $ 2.40           | $ 2.20        |
| .Diluted                 | $ 1.10             | $ 1.00         | $ 2.20           | $ 2.00        |
| Shares used in computing earnings per share: |  |            |                  |               |
| .Basic                   | 16,100             | 16,000         | 16,050           | 15,990        |
"""
ABOVE = "Statements of income\n(In millions, except number of shares, which are reflected in thousands, and per-share amounts)"


@pytest.fixture(scope="module")
def income():
    return extract(table(INCOME, head=2, above=ABOVE))


def test_row_group_and_label_make_the_quantity(income):
    found = said(income)
    period = "in the three months ended June 30, 2031"
    assert found[f"net sales of robots | {period}"] == "400 USD 6"
    assert found[f"research and development expenses | {period}"] == "60 USD 6"
    assert found[f"total net sales | {period}"] == "500 USD 6"
    assert found[f"net other income | {period}"] == "-5 USD 6"


def test_the_exceptions_of_the_scale_line_count(income):
    found = said(income)
    assert found["basic earnings per share | in the six months ended June 30, 2031"] == "2.40 USD"
    assert (
        found["basic shares used in computing earnings per share | in the six months ended June 30, 2031"]
        == "16050 share 3"
    )


def test_totals_are_marked_and_add_up(income):
    assert income.structures[0].total_checked is True
    roles = {f.quantity: f.role for f in income.facts}
    assert roles["total net sales"] == "total"
    assert roles["net sales of robots"] == "data"


def test_members_of_a_checked_total_know_their_set(income):
    sets = {f.quantity: f.set for f in income.facts}
    assert sets["net sales of repairs"] == "components of net sales"
    assert sets["net other income"] is None


def test_amounts_add_up_and_per_share_amounts_do_not(income):
    additive = {f.quantity: f.additive for f in income.facts}
    assert additive["net sales of robots"] is True
    assert additive["basic earnings per share"] is False


def test_supports_name_value_label_group_headers_and_scale(income):
    fact = next(f for f in income.facts if f.quantity == "net sales of repairs")
    assert [(s.role, s.row, s.col) for s in fact.supports] == [
        ("value", 4, 1),
        ("header", 4, 0),
        ("header", 2, 0),
        ("header", 0, 1),
        ("header", 1, 1),
        ("scale", None, None),
    ]


def test_a_total_that_does_not_add_up_is_no_certificate():
    facts = extract(table("| | 2030 | 2031 |\n| Iron ore | $ 1 | $ 2 |\n| Copper ore | 3 | 4 |\n| Total ore | 5 | 7 |"))
    assert facts.structures[0].total_checked is False


def test_a_sum_without_a_label_is_the_total_of_its_group():
    text = """
    |                    | June 30, 2031 |
    | Accrued expenses:  |               |
    | .Wages payable     | $ 5           |
    | .Taxes payable     | 7             |
    |                    | $ 12          |
    """
    assert said(extract(table(text)))["total accrued expenses | as of June 30, 2031"] == "12 USD"


def test_parts_of_expenses_are_named_so_even_between_percentages():
    text = """
    |                          | 2030 | 2031 |
    | Research and development | $ 5  | $ 6  |
    | % of revenue             | 10 % | 12 % |
    | Selling                  | $ 2  | $ 3  |
    | % of revenue             | 4 %  | 6 %  |
    | Total operating expenses | $ 7  | $ 9  |
    """
    found = said(extract(table(text)))
    assert found["research and development expenses | in 2030"] == "5 USD"
    assert found["selling expenses as a percentage of revenue | in 2031"] == "6 %"


def test_percentages_below_a_total_are_not_summed():
    text = """
    |                | 2030  | 2031  | % Change |
    | Toys revenue   | $ 10  | $ 20  | 100 %    |
    | Games revenue  | 30    | 30    | 0 %      |
    | Total revenue  | $ 40  | $ 50  | 25 %     |
    """
    facts = extract(table(text))
    assert facts.structures[0].total_checked is True
    assert not any("100" in v for v in said(facts).values())


def test_spanning_headers_lost_by_the_parser_come_back_where_the_leaves_repeat():
    text = """
    |          |               | Three Months Ended |        |               | Six Months Ended |        |
    |          | June 30, 2031 | June 30, 2030      | Change | June 30, 2031 | June 30, 2030    | Change |
    | Revenue  | $ 10          | $ 8                | 25 %   | $ 21          | $ 17             | 24 %   |
    | Goods    | 4             | 3                  | 33 %   | 9             | 8                | 13 %   |
    """
    found = said(extract(table(text, head=2, above="(in millions)")))
    assert found["revenue | in the three months ended June 30, 2031"] == "10 USD 6"
    assert found["revenue | in the six months ended June 30, 2030"] == "17 USD 6"


def test_a_duration_centred_over_bare_dates_holds_for_all():
    text = """
    |          | June 30, 2031 | Three Months Ended March 31, 2031 | June 30, 2030 |
    | Revenue  | $ 10          | $ 9                               | $ 8           |
    | Net income | 3           | 2                                 | 1             |
    """
    assert "revenue | in the three months ended June 30, 2030" in said(extract(table(text)))


def test_a_scale_row_inside_the_head_is_no_label():
    text = """
    |             | June 30, 2031 | June 30, 2030 |
    |             | (In           | millions)     |
    | Cash        | $ 5           | $ 4           |
    | Inventories | 7             | 6             |
    """
    facts = extract(table(text, head=1))
    assert said(facts)["inventories | as of June 30, 2031"] == "7 USD 6"
    scale = [s for s in facts.facts[0].supports if s.role == "scale"]
    assert [(s.row, s.col) for s in scale] == [(1, 1), (1, 2)]


def test_one_name_twice_in_a_table_is_told_apart_by_its_group():
    text = """
    |                          | June 30, 2031 | June 30, 2030 |
    | Current liabilities:     |               |               |
    | .Term debt               | $ 5           | $ 4           |
    | .Accounts payable        | 1             | 2             |
    | Non-current liabilities: |               |               |
    | .Term debt               | 7             | 6             |
    """
    found = said(extract(table(text)))
    assert found["term debt within non-current liabilities | as of June 30, 2031"] == "7 USD"
    assert found["term debt within current liabilities | as of June 30, 2031"] == "5 USD"


def test_one_name_in_two_tables_is_told_apart_by_the_whole():
    one = "| | June 30, 2031 |\n| Deferred revenue | $ 5 |\n| Taxes payable | 1 |\n| Total current liabilities | $ 6 |"
    two = (
        "| | June 30, 2031 |\n| Deferred revenue | $ 7 |\n| Taxes payable | 2 |\n| Total long-term liabilities | $ 9 |"
    )
    found = said(extract(table(one, name="a"), table(two, name="b")))
    assert found["deferred revenue within long-term liabilities | as of June 30, 2031"] == "7 USD"


def test_changes_in_balances_are_not_balances():
    text = """
    |                         | Six Months Ended June 30, 2031 | Six Months Ended June 30, 2030 |
    | Changes in operating assets and liabilities: |           |                                |
    | .Inventories            | $ 5                            | $ (4)                          |
    | .Accounts payable       | (1)                            | 2                              |
    """
    assert "change in inventories | in the six months ended June 30, 2031" in said(extract(table(text)))


def test_rows_under_a_bare_total_say_nothing_unless_the_head_names_them():
    text = "| | 2030 | 2031 |\n| Cost of revenue | $ 1 | $ 2 |\n| Selling | 3 | 4 |\n| Total | $ 4 | $ 6 |"
    silent = extract(table(text, above="Compensation was as follows (in millions):"))
    assert not silent.facts
    assert reasons(silent)[0].startswith("header_salad")
    parts = "| | 2030 | 2031 |\n| Homes | $ 1 | $ 2 |\n| Farms | 3 | 4 |\n| Total | $ 4 | $ 6 |"
    found = said(extract(table(parts, above="Revenue by reportable segment was as follows (in millions):")))
    assert found["revenue of the Homes segment | in 2030"] == "1 USD 6"
    assert found["total revenue | in 2031"] == "6 USD 6"


def test_a_row_of_one_hundred_percent_makes_the_others_shares_of_it():
    text = """
    |                 | 2030    | 2031    |
    | Revenue         | 100.0 % | 100.0 % |
    | Cost of revenue | 60.1    | 59.2    |
    """
    assert said(extract(table(text))) == {
        "cost of revenue as a percentage of revenue | in 2030": "60.1 %",
        "cost of revenue as a percentage of revenue | in 2031": "59.2 %",
    }


def test_a_percentage_row_is_about_the_row_above():
    text = "| | 2030 | 2031 |\n| Research expenses | $ 5 | $ 6 |\n| % of net revenue | 10 % | 12 % |"
    assert said(extract(table(text)))["research expenses as a percentage of net revenue | in 2031"] == "12 %"


def test_money_without_a_word_on_scale_is_refused_where_other_tables_state_one():
    plain = "| | June 30, 2031 |\n| Cash | $ 5 |\n| Inventories | 6 |"
    scaled = [table(plain, above="(in millions)", name=n) for n in ("a", "b")]
    facts = extract(*scaled, table(plain, name="c"))
    assert facts.structures[2].reason == "unstated_scale: other tables state a scale, this one does not"


def test_following_tables_share_the_scale_of_their_head():
    plain = "| | June 30, 2031 |\n| Cash | $ 5 |\n| Inventories | 6 |"
    first = table(plain, above="The following tables show details (in millions):", name="a")
    found = extract(first, table(plain, above="(in millions)", name="x"), first.model_copy(update={"id": "z"}))
    assert all(f.value.scale == 6 for f in found.facts)


def test_flows_under_a_bare_date_are_refused():
    text = "| | June 30, 2031 | June 30, 2030 |\n| Net income | $ 5 | $ 4 |\n| Cash | 6 | 5 |"
    assert set(said(extract(table(text)))) == {"cash | as of June 30, 2031", "cash | as of June 30, 2030"}


def test_a_bare_date_takes_the_duration_that_the_head_gives_it():
    text = "| | June 30, 2031 | June 30, 2030 |\n| Net income | $ 5 | $ 4 |\n| Taxes paid | 6 | 5 |"
    above = "Results for the three months ended June 30, 2031 and June 30, 2030 were as follows (in millions):"
    assert "net income | in the three months ended June 30, 2031" in said(extract(table(text, above=above)))


def test_the_period_may_stand_in_a_spanning_header_over_measures():
    text = """
    |                      | June 30, 2031  | <          | June 30, 2030  | <          |
    |                      | Amortized Cost | Fair Value | Amortized Cost | Fair Value |
    | Government bonds     | $ 5            | $ 6        | $ 3            | $ 4        |
    | Corporate bonds      | 7              | 8          | 5              | 6          |
    | Total                | $ 12           | $ 14       | $ 8            | $ 10       |
    """
    found = said(extract(table(text, head=2, above="(in millions)")))
    assert found["fair value of corporate bonds | as of June 30, 2030"] == "6 USD 6"
    assert not any("total" in key for key in found)


def test_the_period_may_stand_in_a_row_group_over_segments():
    text = """
    |                                  | Homes | Farms | Consolidated |
    | Three Months Ended June 30, 2031 |       |       |              |
    | Revenue                          | $ 5   | $ 6   | $ 11         |
    | Operating income                 | 1     | 2     | 3            |
    """
    found = said(extract(table(text, above="(in millions)")))
    assert found["revenue of homes | in the three months ended June 30, 2031"] == "5 USD 6"
    assert found["revenue | in the three months ended June 30, 2031"] == "11 USD 6"


def test_the_periods_may_stand_in_the_rows():
    text = (
        "| Year | Visitors | Ticket revenue |\n| 2029 | 1,200 | $ 5 |\n| 2030 | 1,300 | $ 6 |\n| 2031 | 1,400 | $ 7 |"
    )
    found = said(extract(table(text)))
    assert found["visitors | in 2030"] == "1300"
    assert found["ticket revenue | in 2031"] == "7 USD"


def test_fiscal_years_in_rows_are_fiscal():
    text = """
    |              | Lease obligations |
    | Fiscal Year: |                   |
    | 2032         | $ 5               |
    | 2033         | 6                 |
    | 2034 (excluding first quarter) | 7 |
    """
    found = said(extract(table(text, above="(in millions)")))
    assert set(found) == {"lease obligations | in fiscal year 2032", "lease obligations | in fiscal year 2033"}


def test_an_unmarked_head_is_found_over_columns_of_numbers():
    text = "| | Years Ended May 31, | |\n| | 2031 | 2030 |\n| | £m | £m |\n| Profit before tax | 5 | 6 |\n| Tax paid | 1 | 2 |"
    found = said(extract(table(text, head=0)))
    assert found["profit before tax | in the year ended May 31, 2031"] == "5 GBP 6"


def test_currency_signs_in_a_column_of_their_own_are_refused():
    facts = extract(table("| | | 2031 |\n| Cash | $ | 5 |\n| Debt | $ | 6 |"))
    assert not facts.facts
    assert reasons(facts)[0].startswith("wrong_grain")


BALANCES = """
|                                     | Three Months Ended | <             |
|                                     | June 30, 2031      | June 30, 2030 |
| Cash and restricted cash, beginning balances | $ 40      | $ 30          |
| Changes in operating assets and liabilities: |           |               |
| .Inventories                        | (5)                | 6             |
| .Cash generated by operating activities | 70             | 60            |
| Other income/(expense), net         | 9                  | (2)           |
| Cash and restricted cash, ending balances | $ 55         | $ 40          |
"""


def test_a_balance_holds_on_a_day_and_a_beginning_balance_on_a_day_that_nobody_prints():
    found = said(extract(table(BALANCES, head=2, above="Cash flows\n(In millions)")))
    assert found["cash and restricted cash | as of June 30, 2031"] == "55 USD 6"
    assert not any("beginning" in key or "ending" in key for key in found)


def test_cash_from_operations_is_no_change_of_an_asset():
    found = said(extract(table(BALANCES, head=2, above="Cash flows\n(In millions)")))
    assert found["cash generated by operating activities | in the three months ended June 30, 2031"] == "70 USD 6"
    assert found["change in inventories | in the three months ended June 30, 2031"] == "-5 USD 6"


def test_words_in_brackets_are_for_the_negative_number():
    found = said(extract(table(BALANCES, head=2, above="Cash flows\n(In millions)")))
    assert found["net other income | in the three months ended June 30, 2031"] == "9 USD 6"


NOTIONAL = """
|                          | June 30, 2031 | June 30, 2030 |
| Interest rate contracts  | $ 40          | $ 30          |
| Foreign exchange contracts | 70          | 60            |
"""


def test_the_line_above_a_table_may_name_the_amount_that_all_rows_show():
    above = "The notional amounts of the Company's outstanding derivatives as of June 30, 2031 were as follows (in millions):"
    found = said(extract(table(NOTIONAL, head=1, above=above)))
    assert found["notional amount of interest rate contracts | as of June 30, 2031"] == "40 USD 6"


ACCRUED = """
|                                   | June 30, 2031 | June 30, 2030 |
| Taxes payable                     | $ 40          | $ 30          |
| Operating leases                  | 70            | 60            |
| Total accrued liabilities         | $ 110         | $ 90          |
"""


def test_a_label_without_a_word_of_money_needs_the_whole_that_it_is_part_of():
    found = said(extract(table(ACCRUED, head=1, above="Balance sheet components (In millions)")))
    assert found["operating leases within accrued liabilities | as of June 30, 2031"] == "70 USD 6"
    assert found["taxes payable | as of June 30, 2031"] == "40 USD 6"


RECONCILED = """
|                                   | Three Months Ended | <             |
|                                   | June 30, 2031      | June 30, 2030 |
| Segment operating income          | $ 400              | $ 300         |
| Research and development expenses | (60)               | (50)          |
| Total operating income            | $ 340              | $ 250         |
"""


def test_what_a_reconciliation_takes_away_is_the_positive_fact_of_another_table():
    facts = extract(
        table(INCOME, head=2, above=ABOVE),
        table(RECONCILED, head=2, above="Reconciliation (In millions)").model_copy(update={"id": "t2"}),
    )
    spent = [f for f in facts.facts if f.quantity.startswith("research and development")]
    assert {f.quantity for f in spent} == {"research and development expenses"}
    assert all(f.value.number > 0 for f in spent)


REGIONS = """
|                      | Three Months Ended | <             |
|                      | June 30, 2031      | June 30, 2030 |
| Revenue:             |                    |               |
| .United States       | $ 40               | $ 30          |
| .Taiwan              | 70                 | 60            |
| .Other countries     | 7                  | 6             |
| ..Total revenue      | $ 117              | $ 96          |
"""


def test_a_group_is_named_by_what_the_head_says_it_is_parted_by():
    above = "The following table shows our revenue from customers based on the invoicing address by geographic regions (in millions):"
    facts = [f for f in extract(table(REGIONS, head=2, above=above)).facts if f.role == "data"]
    assert {f.group for f in facts} == {"revenue by geographic regions"}
    assert {f.quantity for f in facts} == {
        "revenue of the United States",
        "revenue of Taiwan",
        "revenue of other countries",
    }


STOCK = """
|                      | June 30, 2031 | June 30, 2030 |
| Commitments and contingencies (see Note 9) | |       |
| Shareholders’ equity: |              |               |
| .Common stock and additional paid-in capital, $0.00001 par value: 50,400,000 shares authorized | $ 40 | $ 30 |
| .Retained earnings   | 70            | 60            |
| ..Total shareholders’ equity | $ 110 | $ 90          |
"""


def test_par_value_and_shares_are_no_part_of_the_name_of_stock():
    found = said(extract(table(STOCK, head=1, above="Balance sheets\n(In millions)")))
    assert found["common stock and additional paid-in capital | as of June 30, 2031"] == "40 USD 6"


def test_a_line_that_points_to_a_note_groups_nothing():
    facts = extract(table(STOCK, head=1, above="Balance sheets\n(In millions)")).facts
    assert {f.group for f in facts if f.role == "data"} == {"Shareholders’ equity"}
    assert not any(support.row == 1 for f in facts for support in f.supports)
