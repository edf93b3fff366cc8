"""A list of draws depends on what a template means, not on how its file looks."""

from __future__ import annotations

import pytest

from kg.cypher.template import loads
from sampling.count import count
from sampling.draw import draw, draw_with_report
from sampling.identity import identity
from tests.sampling.oracle import random_graph

TEXT = """/*
task: t
given: [a.name]
answer: c.name
question: "What is {{ a.name }}?"
strata: [a.name]
*/
MATCH p = (a)-[r:MENTIONS|SUBJECT]->(b)<-[s]-(c), (d:Entity|Chunk)
WHERE a.position <> c.position AND b.name IN ['x', 'y'] AND a.name = d.name
RETURN a, b, c
"""
GRAPH = random_graph(3, 9, 120)
SAME = {
    "comments": (
        TEXT.replace("MATCH p", "// any\nMATCH /* here */ p").replace("RETURN", "// now\nRETURN") + "// end\n"
    ),
    "white space": TEXT.replace(" ", "  ").replace("AND", "\n\tAND").replace("(a)", "( a )"),
    "line ends": TEXT.replace("\n", "\r\n"),
    "the question": TEXT.replace("What is", "Which thing is called").replace("task: t", "task: u\ndescription: more"),
    "what is given and returned": TEXT.replace("[a.name]\nanswer", "[]\nanswer").replace("RETURN a, b, c", "RETURN *"),
    "limits that do not bind": TEXT.replace("strata", "limit_per: {document: 99999}\nstrata"),
    "names of variables": (
        TEXT.replace("(a)", "(`the first`)").replace("a.", "`the first`.").replace("RETURN a", "RETURN d")
    )
    .replace("[`the first`.name]", "[]")
    .replace("strata: []", "strata: [the first.name]")
    .replace("{{ `the first`.name }}", "it"),
    "order of alternatives": TEXT.replace("MENTIONS|SUBJECT", "SUBJECT|MENTIONS").replace(
        "Entity|Chunk", "Chunk|Entity"
    ),
    "order of conditions": TEXT.replace(
        "a.position <> c.position AND b.name IN ['x', 'y'] AND a.name = d.name",
        "d.name = a.name AND (b.name IN ['x', 'y'] AND c.position <> a.position)",
    ),
    "a hop written from its other end": TEXT.replace(
        "(a)-[r:MENTIONS|SUBJECT]->(b)<-[s]-(c)", "(a)-[r:MENTIONS|SUBJECT]->(b), (c)-[s]->(b)"
    ).replace("p = ", ""),
}
OTHER = {
    "condition": TEXT.replace("<>", "<"),
    "value": TEXT.replace("'y'", "'z'"),
    "one condition less": TEXT.replace(" AND b.name IN ['x', 'y']", ""),
    "label": TEXT.replace("Entity|Chunk", "Entity"),
    "type": TEXT.replace("MENTIONS|SUBJECT", "SUBJECT"),
    "direction": TEXT.replace("<-[s]-", "-[s]-"),
    "length": TEXT.replace("[s]", "[s*1..2]"),
    "clause": TEXT.replace("p = ", "").replace("->(b)<-[s]-", "->(b) MATCH (b)<-[s]-"),
    "law": TEXT.replace("task: t", "task: t\nlaw: inverse_degree"),
    "stratum": TEXT.replace("strata: [a.name]", "strata: [b.name]"),
    "order of strata": TEXT.replace("strata: [a.name]", "strata: [a.name, b.name]"),
    "shares": TEXT.replace("task: t", "task: t\nshares: proportional"),
    "symmetric": TEXT.replace("task: t", "task: t\nsymmetric: once"),
}


def drawn(text):
    return [(match.rank, match.nodes, match.edges, match.stratum) for match in draw(loads(text), GRAPH, 200, 5)]


@pytest.mark.parametrize("what", SAME)
def test_what_means_the_same_draws_the_same_list(what):
    assert SAME[what] != TEXT
    assert identity(loads(SAME[what])) == identity(loads(TEXT))
    assert len(drawn(TEXT)) > 100
    assert drawn(SAME[what]) == drawn(TEXT)


@pytest.mark.parametrize("what", OTHER)
def test_what_means_something_else_draws_another_list(what):
    assert OTHER[what] != TEXT
    assert identity(loads(OTHER[what])) != identity(loads(TEXT))
    assert drawn(OTHER[what]) != drawn(TEXT)


def test_two_files_of_one_text_keep_their_names():
    one, two = (loads(TEXT, name=name) for name in ("one", "two"))
    assert {match.template for match in draw(one, GRAPH, 9, 1)} == {"one"}
    assert {match.template for match in draw(two, GRAPH, 9, 1)} == {"two"}


def test_the_file_is_pinned_byte_by_byte():
    noted = loads(SAME["comments"])
    matches, report = draw_with_report(noted, GRAPH, 9, 1)
    assert {match.template_sha for match in matches} == {report.template_sha} == {noted.sha}
    assert noted.sha != loads(TEXT).sha


def test_an_estimate_does_not_depend_on_comments():
    wide = TEXT.replace("strata: [a.name]\n", "")
    one, two = (count(loads(text), GRAPH, enumerate_up_to=1) for text in (wide, wide + "// more"))
    assert not one.exact
    assert one == two


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("EXISTS { MATCH (a)-[x]->(y) WHERE y.name = 'x' }", "EXISTS { MATCH (a)-[u]->(v) WHERE v.name = 'x' }"),
        ("any(n IN nodes(p) WHERE n.position > 1)", "any(m IN nodes(p) WHERE 1 < m.position)"),
    ],
)
def test_names_inside_a_condition_do_not_count(one, two):
    made = [
        loads(f"/*\ntask: t\ngiven: []\nquestion: q\n*/\nMATCH p = (a)-[r]->(b) WHERE {part} RETURN a")
        for part in (one, two)
    ]
    assert identity(made[0]) == identity(made[1])


@pytest.mark.parametrize("label", ["a", "b"])
def test_a_label_is_not_taken_for_a_variable_of_the_same_name(label):
    text = "/*\ntask: t\ngiven: []\nquestion: q\n*/\nMATCH (a)--(b) WHERE EXISTS {{ MATCH (a)--(:{}) }} RETURN a"
    other = {"a": "b", "b": "a"}[label]
    assert identity(loads(text.format(label))) != identity(loads(text.format(other)))
