"""Which numbers of a sentence are amounts of a quantity, and percentages that are computed and printed."""

import pytest

from kg.proof.about import at_another_time, given
from kg.proof.case import open_case
from kg.proof.contested import check_contested
from kg.proof.printed import other_percentage
from kg.proof.words import content
from kg.snapshot.build import snapshot_from
from tests.proof.worlds import draft, template

SENTENCES = [
    ("Net income was $2,043 million in the quarter.", "net income", True),
    ("The Company had total deferred revenue of $12.6 billion.", "total deferred revenue", True),
    ("We had $1.2 billion of goodwill.", "goodwill", True),
    ("Net sales rose to $7 billion.", "net sales", True),
    ("The change led to an increase in operating income of $33 million and net income of $29 million.", "operating income", False),
    ("Net sales increased 5% or $6.8 billion.", "net sales", False),
    ("Net sales rose by $6.8 billion.", "net sales", False),
    ("We had $15.32 billion in cash, cash equivalents and marketable securities.", "cash and cash equivalents", False),
    ("We had $15.32 billion in cash, cash equivalents and marketable securities.", "marketable securities", False),
    ("We had outstanding inventory purchase obligations of $7.27 billion.", "inventories", False),
    ("Deferred revenue was $639 million.", "revenue", False),
    ("Revenue of one customer, who buys through several partners of ours in other regions of the world and who pays late, was $9 million.", "revenue", False),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "quantity", "expected"), SENTENCES)
def test_a_number_is_the_amount_of_the_whole_phrase_beside_it(sentence, quantity, expected):
    found = [item for item in given(sentence, content(quantity)) if item.value.kind == "number"]
    assert bool(found) is expected


@pytest.mark.parametrize(
    ("sentence", "period", "other"),
    [
        ("Deferred items of $639 million were open as of April 30, 2023.", "P3M/2023-04-30", True),
        ("In the three months ended April 30, 2023 they were $639 million.", "P3M/2023-04-30", False),
        ("In the three months ended April 30, 2023 they were $639 million.", "2023-04-30", True),
        ("They were $639 million as of April 30, 2023.", "2023-04-30", False),
        ("They were $639 million.", "P3M/2023-04-30", False),
    ],
)
def test_a_balance_of_the_last_day_does_not_contradict_the_amount_of_a_period(sentence, period, other):
    assert at_another_time(sentence, period) is other


SHARE = template(
    """
task: share
given: [e.name, p.quantity, q.quantity, p.period]
derive:
  sympy: "100 * p.number / q.number"
  unit: '%'
  decimals: 1
question: "What percentage of {{ q.quantity }} of {{ e.name }} was {{ p.quantity }} in {{ p.period }}?"
""",
    "MATCH (e:Entity)<-[:SUBJECT]-(p:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(q:Assertion) RETURN e, p, c, q",
)
CHANGE = template(
    """
task: percentage_change
given: [e.name, p.quantity, p.period, q.period]
derive:
  sympy: "100 * (q.number - p.number) / p.number"
  unit: '%'
  decimals: 1
question: "By what percentage did {{ p.quantity }} of {{ e.name }} grow from {{ p.period }} to {{ q.period }}?"
""",
    "MATCH (e:Entity)<-[:SUBJECT]-(p:Assertion)<-[:STATES]-(c:Row)-[:STATES]->(q:Assertion) RETURN e, p, c, q",
)


def filing(printed, change="21 %", said="profit as a percentage of revenue", more=None):
    """One company with two amounts of two years, a printed share and a printed change."""
    nodes, edges = [], []

    def node(label, id_, **properties):
        nodes.append({"id": id_, "label": label, "properties": properties})

    def edge(type_, source, target):
        edges.append({"type": type_, "source": source, "target": target, "properties": {}})

    node("Document", "d", path="d.csv", paths=["d.csv"], kind="report", format="csv", language="en", reference="d")
    node("Entity", "e", name="Acme", kind="company", aliases=[])
    node("Table", "t", document="d", text="", caption="", shape="statement", cut=False)
    node("Row", "r", document="d", table="t", position=1, role="data", path="Profit")
    node("Column", "c", document="d", table="t", position=1, role="data", path="2031")
    node("Column", "k", document="d", table="t", position=3, role="data", path="Years > Change")
    node("Cell", "x", document="d", table="t", text=change, row=1, col=3, header=False)
    edge("HAS_CELL", "r", "x")
    edge("IN_COLUMN", "x", "k")
    facts = [
        ("p", "profit", "2031", "2225", None),
        ("q", "total revenue", "2031", "10000", None),
        ("o", "profit", "2032", "2700", None),
    ]
    facts.append(("s", said, "2031", printed, "%"))
    facts += [more] if more else []
    for id_, quantity, period, number, unit in facts:
        node(
            "Assertion", id_, document="d", element="t", subject="e", quantity=quantity, period=period, condition=None, scope="",
            fact_key=f"{quantity} {period}", kind="number", text=number, number=float(number), exact=number, scale=0, unit=unit,
            decimals=len(number.partition(".")[2]), role="data", shape="statement",
        )  # fmt: skip
        edge("SUBJECT", id_, "e")
        edge("STATES", "t", id_)
    for id_ in ("p", "q"):
        edge("STATES", "c", id_)
    for id_ in ("p", "o", *(("w",) if more else ())):
        edge("STATES", "r", id_)
    return snapshot_from(nodes, edges)


def trial(made, snapshot, **bound):
    return open_case(draft(made, snapshot, **bound), made, snapshot)


@pytest.mark.parametrize(("printed", "agrees"), [("22.3", True), ("22", True), ("22.4", False), ("23", False)])
def test_a_computed_share_agrees_with_the_printed_one_at_the_coarser_rounding(printed, agrees):
    case = trial(SHARE, filing(printed), e="e", p="p", c="c", q="q")
    assert (other_percentage(case) is None) is agrees
    assert (check_contested(case).result == "pass") is agrees


@pytest.mark.parametrize(
    ("change", "agrees"), [("21 %", True), ("(21)%", True), ("21.3 %", True), ("22 %", False), ("NM", True)]
)
def test_a_computed_change_agrees_with_the_change_column_of_its_row(change, agrees):
    case = trial(CHANGE, filing("22.3", change), e="e", p="p", c="r", q="o")
    assert (other_percentage(case) is None) is agrees


@pytest.mark.parametrize(("change", "agrees"), [("(18)%", True), ("-17.6 %", True), ("(17)%", False), ("18 %", False)])
def test_a_fall_that_is_asked_for_with_its_sign_agrees_with_the_printed_one(change, agrees):
    case = trial(CHANGE, filing("22.3", change), e="e", p="o", c="r", q="p")
    assert (other_percentage(case) is None) is agrees


def test_a_row_of_three_periods_does_not_say_which_two_its_change_column_compares():
    snapshot = filing("22.3", "44 %", more=("w", "profit", "2033", "2900", None))
    assert other_percentage(trial(CHANGE, snapshot, e="e", p="p", c="r", q="o")) is None


def test_the_percentage_of_a_part_in_itself_is_no_share_of_the_whole():
    snapshot = filing("61.0", said="profit percentage of revenue")
    assert other_percentage(trial(SHARE, snapshot, e="e", p="p", c="c", q="q")) is None


@pytest.mark.parametrize(("name", "agrees"), [("profit expense", False), ("profit tax", True)])
def test_a_quantity_that_differs_by_the_word_expense_alone_may_be_meant(name, agrees):
    snapshot = filing("22.3", more=("w", name, "2031", "2900", None))
    assert (check_contested(trial(SHARE, snapshot, e="e", p="p", c="c", q="q")).result == "pass") is agrees
