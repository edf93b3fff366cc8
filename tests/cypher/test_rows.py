"""RETURN: columns, aggregates, DISTINCT, order, and variables of an outer match."""

from __future__ import annotations

import pytest

from kg.cypher.parse import parse_query
from kg.cypher.plan import plan, without
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate import Binding, evaluate, exists
from kg.snapshot.evaluate_rows import evaluate_rows, evaluate_traced, run_query
from schemas.errors import GraphError, TemplateError

GRAPH = snapshot_from(
    [{"id": f"e{i}", "label": "Entity", "name": name} for i, name in enumerate(["Mars", "Venus", "Earth"])]
    + [
        {"id": f"f{i}{j}", "label": "Assertion", "quantity": quantity, "number": number, "period": None}
        for i in range(3)
        for j, (quantity, number) in enumerate([("mass", i + 0.1), ("radius", None if i == 1 else 10.0 * i)])
    ]
    + [{"id": "t", "label": "Table", "caption": "planets"}],
    [{"type": "SUBJECT", "id": f"s{i}{j}", "source": f"f{i}{j}", "target": f"e{i}"} for i in range(3) for j in range(2)]
    + [{"type": "STATES", "id": f"t{i}{j}", "source": "t", "target": f"f{i}{j}"} for i in range(3) for j in range(2)],
)
PAIR = "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity) "


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (PAIR + "RETURN e.name AS n, count(f.number) AS c ORDER BY c DESC, n", [("Earth", 2), ("Mars", 2), ("Venus", 1)]),
        (PAIR + "RETURN count(*)", [(6,)]),
        (PAIR + "WHERE f.number > 100 RETURN count(*), sum(f.number), avg(f.number), max(e.name)", [(0, 0, None, None)]),
        (PAIR + "WHERE f.number > 100 RETURN e.name, count(*)", []),
        (PAIR + "RETURN DISTINCT f.quantity ORDER BY f.quantity DESC", [("radius",), ("mass",)]),
        (PAIR + "RETURN f.number AS x ORDER BY x DESC SKIP 1 LIMIT 2", [(20.0,), (2.1,)]),
        (PAIR + "RETURN count(DISTINCT f.quantity) + 1 AS c", [(3,)]),
        (PAIR + "WHERE f.quantity = 'mass' RETURN collect(e.name) AS names", [(["Mars", "Venus", "Earth"],)]),
        (PAIR + "RETURN f.quantity, max(f.number) - min(f.number) AS d ORDER BY d", [("mass", 2.0), ("radius", 20.0)]),
        ("MATCH (e:Entity) RETURN e ORDER BY e.name LIMIT 1", [("e2",)]),
        ("MATCH p = (t:Table)-[:STATES]->(f)-[:SUBJECT]->(e {name: 'Mars'}) WHERE f.quantity = 'mass' RETURN p, length(p)",
         [(["t", "t00", "f00", "s00", "e0"], 2)]),
        ("MATCH (a:Entity) MATCH (a)<-[:SUBJECT]-(f) WHERE f.number > 5 RETURN a.name", [("Earth",)]),
    ],
)  # fmt: skip
def test_a_query_has_these_rows(query, rows):
    assert run_query(query, GRAPH)[1] == rows


def test_columns_are_called_as_they_are_written():
    assert run_query(PAIR + "RETURN  e.name , count( * ), f.number  AS x, toLower(e.name)", GRAPH)[0] == [
        "e.name",
        "count( * )",
        "x",
        "toLower(e.name)",
    ]
    assert run_query("MATCH (b:Entity)<-[r:SUBJECT]-(a) RETURN *", GRAPH)[0] == ["a", "b", "r"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("MATCH (e:Entity)", "RETURN is missing"),
        ("MATCH (e:Entity) RETURN e.name AS x, e.id AS x", "two columns are called `x`"),
        ("MATCH (e:Entity) RETURN DISTINCT e.name ORDER BY e.id", "`e` is gone after DISTINCT"),
        ("MATCH (e:Entity) RETURN e LIMIT -1", "take a whole number"),
        ("MATCH (e:Entity) WHERE count(e) > 1 RETURN e", "is an aggregate"),
    ],
)
def test_a_wrong_query_says_why(query, message):
    with pytest.raises(TemplateError) as caught:
        run_query(query, GRAPH)
    assert message in str(caught.value)


def test_rows_see_the_variables_of_the_match():
    match = next(
        evaluate(plan(parse_query("MATCH (t:Table)-[:STATES]->(f:Assertion {quantity: 'mass'}) RETURN t")), GRAPH)
    )
    query = (
        "MATCH (t)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity) WHERE g.quantity = f.quantity AND g <> f "
        "AND coalesce(g.period, '') = coalesce(f.period, '') RETURN x.name AS name, g.number - f.number AS more ORDER BY name"
    )
    assert evaluate_rows(query, GRAPH, match) == [{"name": "Earth", "more": 2.0}, {"name": "Venus", "more": 1.0}]
    free = "MATCH (g:Assertion) WHERE g.quantity = f.quantity AND g.number > f.number RETURN g AS g"
    assert evaluate_rows(free, GRAPH, match) == [{"g": "f10"}, {"g": "f20"}]
    with pytest.raises(TemplateError, match="unknown variable `z`"):
        evaluate_rows("MATCH (t)-[:STATES]->(g) WHERE g.number = z.number RETURN g AS g", GRAPH, match)
    assert (
        evaluate_rows(
            "MATCH (g:Assertion) WHERE g.number = f.period RETURN g AS g", GRAPH, Binding.of_nodes(match.nodes)
        )
        == []
    )


def test_claims_narrow_and_predicates_may_be_dropped():
    made = plan(parse_query(PAIR + "WHERE f.number > 1 RETURN f"))
    name = GRAPH.normal(GRAPH.index_of("e0"), "name")
    assert list(evaluate(made, GRAPH, equal=[("e", "name", name)])) == []
    free = list(evaluate(made, GRAPH, equal=[("e", "name", name)], predicates=False))
    assert [GRAPH.id_of(binding.nodes["f"]) for binding in free] == ["f00", "f01"]
    none = list(evaluate(made, GRAPH, equal=[("f", "period", ""), ("f", "quantity", "mass")], predicates=False))
    assert len(none) == 3
    assert len(list(evaluate(made, GRAPH, predicates=False, limit=2))) == 2
    assert exists(made, GRAPH, bound={"e": GRAPH.index_of("e2")})
    assert not exists(made, GRAPH, equal=[("f", "quantity", "nowhere")])
    with pytest.raises(GraphError, match="no variable `q`"):
        list(evaluate(made, GRAPH, bound={"q": 1}))


def test_without_a_hop_what_it_cuts_off_is_gone():
    made = plan(
        parse_query(
            "MATCH (t:Table)-[r:STATES]->(f)-[s:SUBJECT]->(e) WHERE t.caption = 'x' AND e.name = f.quantity RETURN f"
        )
    )
    left = without(made, "r", "f")
    assert [node.name for node in left.nodes] == ["f", "e"]
    assert [hop.name for hop in left.hops] == ["s"]
    assert left.masks == ()
    assert len(left.cross) == 1
    assert [node.name for node in without(made, "s", "e").nodes] == ["e"]


def test_a_row_knows_the_nodes_that_it_was_made_of():
    start = Binding.of_nodes({"t": GRAPH.index_of("t")})
    text = "MATCH (t)-[:STATES]->(g)-[:SUBJECT]->(x) WITH x.name AS name, count(g) AS n RETURN name, n ORDER BY name LIMIT 1"
    ((row, made_of),) = evaluate_traced(text, GRAPH, start)
    assert row == {"name": "Earth", "n": 2}
    assert [(name, GRAPH.id_of(node)) for name, node in made_of] == [("g", "f20"), ("g", "f21"), ("x", "e2")]
    with pytest.raises(TemplateError, match="tie: LIMIT and SKIP cut between rows of equal order"):
        evaluate_traced(text.replace("ORDER BY name", "ORDER BY n"), GRAPH, start)


def test_an_optional_match_keeps_the_row_and_null_matches_nothing():
    query = (
        "MATCH (e:Entity) OPTIONAL MATCH (e)<-[:SUBJECT]-(f {quantity: 'radius'}) WHERE f.number > 15 "
        "OPTIONAL MATCH (f)<-[s:STATES]-(t) RETURN e.name AS e, f.number AS f, t.caption AS t, type(s) AS s ORDER BY e"
    )
    none = [(name, None, None, None) for name in ("Mars", "Venus")]
    assert run_query(query, GRAPH)[1] == [("Earth", 20.0, "planets", "STATES"), *none]
    assert run_query("MATCH (e:Entity) WITH collect(e) AS all UNWIND all AS e RETURN count(e.name) AS n", GRAPH)[1] == [
        (3,)
    ]
