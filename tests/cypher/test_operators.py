"""Operators and functions mean what they mean in Neo4j."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cypher.operators import conjunction, disjunction, exclusive, negation, sort_key
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate_rows import run_query
from schemas.errors import TemplateError

ONE = snapshot_from(
    [{"id": "n", "label": "Entity", "name": "Mars", "aliases": ["Red Planet", "Ares"], "x": 2.5, "k": 7, "b": True}],
    [{"type": "SAME_AS", "id": "loop", "source": "n", "target": "n"}],
)
TRUTHS = (True, False, None)


def value(expression, **params):
    return run_query(f"MATCH (n) RETURN {expression} AS v", ONE, params)[1][0][0]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("1 = 1.0", True), ("1 = '1'", False), ("1 < 'a'", None), ("null = null", None), ("null <> 1", None),
        ("true = 1", False), ("[1, 2] = [1, 2]", True), ("[1, null] = [1, 2]", None), ("[1, null] = [2, null]", False),
        ("1 IN [1, null]", True), ("2 IN [1, null]", None), ("2 IN []", False), ("null IN []", False), ("null IN [1]", None),
        ("'Ares' IN n.aliases", True), ("n.name STARTS WITH 'Ma'", True), ("n.name CONTAINS null", None),
        ("n.k STARTS WITH 'M'", None), ("n.name ENDS WITH 'rs'", True), ("n.missing IS NULL", True), ("n.name IS NOT NULL", True),
        ("7 / 2", 3), ("-7 / 2", -3), ("7 / 2.0", 3.5), ("-7 % 3", -1), ("2 ^ 3", 8.0), ("1 / 0.0", math.inf), ("'a' + 1", "a1"),
        ("[1] + 2", [1, 2]), ("n.k + null", None), ("-n.k", -7), ("1 < 2 < 3", True), ("3 > 2 > 2", False),
        ("NOT n.b", False), ("n.b XOR null", None), ("null AND false", False), ("null OR true", True), ("NOT null", None),
        ("toUpper(n.name)", "MARS"), ("size(n.aliases)", 2), ("size(n.name)", 4), ("toLower(null)", None), ("abs(-3)", 3),
        ("round(2.5)", 3.0), ("round(-2.5)", -2.0), ("round(2.345, 2)", 2.35), ("coalesce(n.missing, 'x')", "x"),
        ("head(n.aliases)", "Red Planet"), ("last(n.aliases)", "Ares"), ("labels(n)", ["Entity"]), ("toInteger('7.9')", 7),
        ("toFloat('x')", None), ("toString(n.b)", "true"), ("any(x IN n.aliases WHERE x STARTS WITH 'A')", True),
        ("all(x IN n.aliases WHERE size(x) > 4)", False), ("single(x IN n.aliases WHERE x = 'Ares')", True),
        ("none(x IN [1, null] WHERE x = 2)", None), ("n.k <-2", False), ("'it\\'s' = \"it's\"", True), ("'\\u00fc'", "ü"),
        ("sign(-2)", -1), ("sqrt(9)", 3.0), ("ceil(n.x)", 3.0), ("n = n", True), ("n <> n", False), ("n = 'n'", False),
        ("n.id", "n"), ("COUNT { MATCH (n)-[:SAME_AS]-(m) }", 1), ("EXISTS { MATCH (n)-[:SAME_AS]->(m) WHERE m.k > 7 }", False),
    ],
)  # fmt: skip
def test_an_expression_has_neo4js_value(expression, wanted):
    found = value(expression)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("toLower(n.k)", "toLower() needs a string, not a number"),
        ("n.k / 0", "division by zero"),
        ("n.name - 1", "- needs numbers, not a string and a number"),
        ("1 IN n.name", "IN needs a list, not a string"),
        ("NOT n.name", "a condition must be true, false or null"),
        ("n < n", "nodes and relationships have no order"),
        ("size(n)", "size() needs a value"),
        ("length(n.name)", "length() needs a path"),
        ("id(n)", "write n.id"),
        ("tolowr(n.name)", "did you mean toLower()?"),
        ("toLower(n.name, 1)", "toLower() takes 1 argument, not 2"),
        ("toLower(DISTINCT n.name)", "DISTINCT stands only in aggregates"),
        ("m.name", "unknown variable `m`"),
        ("$x", "parameter $x has no value"),
        ("count(count(n))", "an aggregate inside an aggregate"),
    ],
)
def test_what_has_no_value_says_why(expression, message):
    with pytest.raises(TemplateError) as caught:
        value(expression)
    assert message in caught.value.message
    assert caught.value.line == 1
    assert caught.value.source


def test_parameters_are_filled_in():
    assert value("n.name IN $names", names=["Mars", "Venus"]) is True
    assert value("$x", x=None) is None


def test_logic_is_three_valued():
    for a, b in product(TRUTHS, TRUTHS):
        assert conjunction(a, b) == negation(disjunction(negation(a), negation(b)))
        assert exclusive(a, b) == conjunction(disjunction(a, b), negation(conjunction(a, b)))


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()))))
def test_every_value_has_a_place_in_the_order(values):
    ordered = sorted(values, key=sort_key)
    assert [sort_key(value) for value in ordered] == sorted(map(sort_key, values))
    assert ordered[len(ordered) - values.count(None) :] == [None] * values.count(None)
