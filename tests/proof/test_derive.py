"""Answers are computed from a binding, stated in unit and rounding, and computed again from the proof pack alone."""

import json

import pytest

from kg.proof.derive import derive, re_execute, restate
from kg.snapshot.build import snapshot_from
from schemas.errors import DerivationError
from schemas.sample import Derivation
from schemas.template import TemplateHeader


def assertion(id_, **more):
    base = {
        "kind": "number",
        "text": "1",
        "exact": "1",
        "number": 1.0,
        "unit": "USD",
        "scale": 6,
        "decimals": 0,
        "date": None,
        "quantity": "q",
        "subject": "s",
        "element": "t",
        "role": "data",
    }
    made = base | more
    if made["kind"] == "number" and "exact" in more:
        made["number"], made["text"] = float(more["exact"]), more["exact"]
    return {"id": id_, "label": "Assertion", "properties": made}


NODES = [
    assertion("a", exact="17486"),
    assertion("b", exact="19604"),
    assertion("billions", exact="2.5", scale=9, decimals=1),
    assertion("cold", exact="0.5", unit="kelvin", scale=0, decimals=1),
    assertion("warm", exact="200", unit="kelvin", scale=0),
    assertion("age", exact="85", unit="year", scale=0),
    assertion("day", kind="date", text="December 8, 2007", date="2007-12-08", exact=None, number=None),
    assertion("earlier", kind="date", text="November 29, 2007", date="2007-11-29", exact=None, number=None),
    assertion("word", kind="text", text="landing", exact=None, number=None),
    assertion("who", kind="entity", text="Hindi", exact=None, number=None),
    {"id": "e", "label": "Entity", "properties": {"name": "Hindi", "kind": "language"}},
    {
        "id": "x",
        "label": "Formula",
        "properties": {
            "sympy": "Equality(Symbol('v'), Mul(Symbol('d'), Pow(Symbol('t'), Integer(-1))))",
            "target": "v",
        },
    },
    {"id": "t", "label": "Table", "properties": {"caption": "c"}},
]
EDGES = [{"type": "OBJECT", "source": "who", "target": "e"}] + [
    {"type": "STATES", "source": "t", "target": n} for n in ("a", "b", "age", "billions", "cold", "warm")
]
SNAPSHOT = snapshot_from(NODES, EDGES)


def run(names, answer=None, answer_type=None, **spec):
    header = TemplateHeader(
        task="t", given=(), answer=answer, derive=spec or None, question=("?",), answer_type=answer_type
    )
    found = derive(header, {name: SNAPSHOT.index_of(id_) for name, id_ in names.items()}, SNAPSHOT)
    again = Derivation.model_validate(json.loads(found.derivation().model_dump_json()))
    assert re_execute(again) == found.result
    if found.value.kind == "number" and spec:
        assert restate(again, found.result) == found.canonical
    return found


@pytest.mark.parametrize(
    ("node", "canonical", "kind"),
    [("b", "19604", "number"), ("day", "2007-12-08", "date"), ("word", "landing", "text"), ("who", "e", "entity")],
)
def test_the_binding_is_the_answer_where_nothing_is_derived(node, canonical, kind):
    found = run({"f": node}, answer="f.text")
    assert (found.canonical, found.kind) == (canonical, kind)
    assert found.operands == (node,)


def test_a_change_is_stated_in_the_scale_of_its_operands():
    found = run({"a": "a", "b": "b"}, sympy="b.number - a.number", unit="same")
    assert (found.canonical, found.unit, found.scale, found.decimals) == ("2118", "USD", 6, 0)
    assert [step.op for step in found.steps] == ["look_up", "look_up", "compute"]


def test_operands_in_other_scales_are_converted():
    found = run({"a": "a", "b": "billions"}, sympy="a.number + b.number", unit="same")
    assert found.canonical == "19986"


def test_a_percentage_is_rounded_half_up_as_stated():
    found = run({"a": "a", "b": "b"}, sympy="100*(b.number-a.number)/a.number", unit="%", decimals=1)
    assert (found.canonical, found.kind) == ("12.1", "percent")
    assert "/" in found.result  # exact, so that rounding again is the same


@pytest.mark.parametrize(
    ("names", "code", "spec"),
    [
        ({"a": "a", "b": "age"}, "a.number - b.number", {"unit": "same"}),
        ({"a": "a", "b": "age"}, "a.number / b.number", {}),
        ({"a": "a"}, "a.number", {}),
        ({"a": "a"}, "a.number", {"unit": "year"}),
        ({"a": "word"}, "a.number", {"unit": "same"}),
        ({"a": "a"}, "z.number", {"unit": "same"}),
        ({"a": "a"}, "a", {"unit": "same"}),
    ],
)
def test_a_unit_that_does_not_fit_is_an_error(names, code, spec):
    with pytest.raises(DerivationError):
        run(names, sympy=code, **spec)


def test_days_lie_between_two_dates():
    found = run({"a": "earlier", "b": "day"}, sympy="days(b.date, a.date)", unit="day")
    assert found.canonical == "9"


def test_a_formula_is_evaluated_on_matched_facts():
    found = run(
        {"x": "x", "a": "a", "b": "age"}, sympy="formula(x, d = a.number, t = b.number)", unit="USD/year", decimals=0
    )
    assert found.canonical == "205717647"  # 17,486 million over 85
    assert set(found.relations) == {"x", "a", "b", "answer"}


ROWS = {
    "r": "MATCH (t)-[:STATES]->(g:Assertion) WHERE g.unit = 'USD' AND g.scale = 6 RETURN g.text AS name, g.number AS number"
}


def test_sql_runs_over_rows_and_keeps_what_it_looked_at():
    found = run(
        {"t": "t", "f": "a"}, rows=ROWS, sql="SELECT count(*) FROM r, f WHERE r.number > f.number", answer_type="count"
    )
    assert (found.canonical, found.kind, found.unit) == ("1", "count", None)
    assert sorted(found.members) == ["a", "b"]
    assert found.operands == ("a",)
    assert set(found.relations["f"][0]) == {"id", "number"}


def test_sql_in_the_unit_of_its_rows():
    found = run({"t": "t"}, rows=ROWS, sql="SELECT sum(number) FROM r", unit="same")
    assert (found.canonical, found.unit, found.scale) == ("37090", "USD", 6)


def test_sql_answers_with_a_set_where_the_header_says_so():
    found = run({"t": "t"}, rows=ROWS, sql="SELECT name FROM r ORDER BY name", answer_type="set")
    assert (found.canonical, found.kind) == ("17486|19604", "set")
    with pytest.raises(DerivationError, match="tie"):
        run({"t": "t"}, rows=ROWS, sql="SELECT name FROM r ORDER BY name")


def test_rows_of_unlike_scale_are_not_compared():
    rows = {"r": "MATCH (t)-[:STATES]->(g:Assertion) RETURN g.number AS number"}
    with pytest.raises(DerivationError, match="rows of g"):
        run({"t": "t"}, rows=rows, sql="SELECT max(number) FROM r", unit="same")


def test_no_rows_have_no_highest():
    rows = {"r": "MATCH (t)-[:STATES]->(g:Assertion) WHERE g.unit = 'none' RETURN g.text AS name, g.number AS number"}
    with pytest.raises(DerivationError, match="no answer"):
        run({"t": "t"}, rows=rows, sql="SELECT name FROM r ORDER BY number LIMIT 1")


def test_a_boolean_says_yes_or_no():
    found = run({"a": "a", "b": "b"}, sql="SELECT a.number > b.number FROM a, b", answer_type="boolean")
    assert (found.canonical, found.value.text) == ("no", "no")


def test_a_reserved_name_is_refused():
    with pytest.raises(DerivationError, match="reserved"):
        run({"answer": "a"}, answer="answer.text")


PICKED = {"r": "MATCH (t)-[:STATES]->(g:Assertion) WHERE g.unit = 'kelvin' RETURN g.text AS name, g.number AS number"}


@pytest.mark.parametrize(("order", "canonical", "decimals"), [("DESC", "200", 0), ("ASC", "0.5", 1)])
def test_a_number_that_is_only_picked_keeps_the_print_of_its_fact(order, canonical, decimals):
    found = run({"t": "t"}, rows=PICKED, sql=f"SELECT number FROM r ORDER BY number {order} LIMIT 1", unit="same")
    assert (found.canonical, found.decimals) == (canonical, decimals)


@pytest.mark.parametrize(
    ("code", "unit", "said"),
    [
        (
            "a.number / age.number",
            None,
            "the result is in USD/year, and the header has no unit: write `unit: USD/year`",
        ),
        ("a.number / age.number", "USD", "the result is in USD/year, not in USD: write `unit: USD/year`"),
        ("a.number - b.number", "year", "the result is in USD, not in year: write `unit: USD`"),
        ("a.number / bare.number", "USD/year", "the result is in USD, not in USD/year: bare is printed without a unit"),
    ],
)
def test_a_unit_that_is_not_the_results_is_answered_with_the_right_one(code, unit, said):
    snapshot = snapshot_from([*NODES, assertion("bare", exact="160", unit=None, scale=0)], EDGES)
    nodes = {name: snapshot.index_of(name) for name in ("a", "b", "age", "bare")}
    header = TemplateHeader(task="x", given=(), question=("q",), derive={"sympy": code, "unit": unit})
    with pytest.raises(DerivationError) as error:
        derive(header, nodes, snapshot)
    assert said in str(error.value)


def test_dollars_per_share_times_shares_are_dollars():
    nodes = [
        assertion("per", exact="2", unit="USD/share", scale=0),
        assertion("shares", exact="3", unit="share", scale=0),
    ]
    snapshot = snapshot_from(nodes, [])
    header = TemplateHeader(
        task="x", given=(), question=("q",), derive={"sympy": "per.number * shares.number", "unit": "USD"}
    )
    assert derive(header, {name: snapshot.index_of(name) for name in ("per", "shares")}, snapshot).result == "6"
