"""Values of a user's own graph: money, shares, dates, aliases, sources, documents, and properties with the house's names."""

import pytest

from kg.graph.roles import Roles
from kg.snapshot.build import snapshot_from
from tests.proof.films import mined

ROLES = Roles(
    entities={"company": "Name", "Person": "name", "Place": "name"},
    texts={"Passage": "body"},
    documents={"Report": "title"},
    source={"company": "url"},
    units={"company": {"revenue": "USD", "share": "%"}},
    closed_world=True,
)
FIRMS = [  # name, revenue, founded, share, aliases, url
    ("Acme Corp.", 1250000000.5, "1999-03-31", 12.5, ["Acme", "ACME Corporation"], "https://a.example"),
    ("Bolt Inc.", 98000000.0, "2004-07-01", 3.0, [], "https://b.example"),
    ("Cargo & Sons", 1250000000.5, "1987-01-15", 7.25, None, "https://c.example"),
    ("Delta, Ltd.", 77.0, "1987-01-15", 99.0, ["D"], None),
]


def firms(*edges):
    nodes = [
        {"id": f"c{k}", "label": "company", "Name": name, "revenue": revenue, "founded": founded, "share": share}
        | {"aliases": aliases, "url": url, "number": k, "kind": "firm", "text": "x", "unit": "u"}
        for k, (name, revenue, founded, share, aliases, url) in enumerate(FIRMS)
    ]
    nodes += [
        {"id": f"p{k}", "label": "Person", "name": name} for k, name in enumerate(["Ann Lee", "Bob Ray", "Cy Dee"])
    ]
    nodes += [{"id": "l0", "label": "Place", "name": "Oslo"}, {"id": "l1", "label": "Place", "name": "Rome"}]
    nodes += [{"id": "r0", "label": "Report", "title": "Annual review"}]
    nodes += [{"id": "t0", "label": "Passage", "body": "The firm was led by somebody and grew in all of its markets."}]
    pairs = [("LEADS", "p0", "c0"), ("LEADS", "p1", "c1"), ("LEADS", "p2", "c2"), ("LEADS", "p2", "c3")]
    pairs += [("HOSTS", "l0", "c0"), ("HOSTS", "l0", "c1"), ("HOSTS", "l1", "c2"), ("HOSTS", "l1", "c3")]
    pairs += [("HAS", "r0", "t0"), ("ABOUT", "t0", "c0"), *edges]
    return snapshot_from(nodes, [{"type": t, "source": a, "target": b} for t, a, b in pairs], ROLES)


@pytest.fixture(scope="module")
def graph():
    return firms()


def asked(prop, words, graph):
    header = (
        f"task: value\ngiven: [c.Name]\nanswer: c.{prop}\nquestion: '{words} {{{{ c.Name }}}}{{{{ answer.unit }}}}?'"
    )
    return {
        sample.match.bindings["c"]: sample for sample in mined(header, "MATCH (c:company) RETURN c", graph)[0].values()
    }


@pytest.mark.parametrize(
    ("prop", "node", "answer", "unit", "kind", "tolerance"),
    [
        ("revenue", "c1", "98,000,000", "US dollars", "number", "0.5"),
        ("revenue", "c0", "1,250,000,000.5", "US dollars", "number", "0.05"),
        ("share", "c2", "7.25", "%", "percent", "0.005"),
        ("founded", "c1", "July 1, 2004", None, "date", None),
        ("number", "c3", "3", None, "number", "0.5"),
    ],
)
def test_a_property_is_answered_in_its_unit(graph, prop, node, answer, unit, kind, tolerance):
    sample = asked(prop, "What is it of", graph)[node]
    assert (sample.answer, sample.answer_unit, sample.answer_type, sample.tolerance) == (answer, unit, kind, tolerance)


def test_a_kind_that_all_have_is_a_guess(graph):
    assert not asked("kind", "What sort of thing is", graph)


def test_given_values_are_said_as_people_write_them(graph):
    header = "task: who\ngiven: [c.revenue]\nanswer: p.name\nquestion: 'Who leads the firm with a revenue of {{ c.revenue | spoken }}?'"
    found = mined(header, "MATCH (c:company)<-[:LEADS]-(p:Person) RETURN c, p", graph)
    assert set(found[0]) == {
        "Who leads the firm with a revenue of 98,000,000 US dollars?",
        "Who leads the firm with a revenue of 77 US dollars?",
    }
    assert {item.reason for item in found[1]} == {"2 answers: Ann Lee, Cy Dee (p2)", "2 answers: Cy Dee, Ann Lee (p0)"}
    header = "task: which\ngiven: [c.founded]\nanswer: c.Name\nquestion: 'Which firm was founded on {{ c.founded | spoken }}?'"
    samples, _ = mined(header, "MATCH (c:company) RETURN c", graph)
    assert samples["Which firm was founded on March 31, 1999?"].answer_aliases == ("Acme", "ACME Corporation")


def test_doubt_about_two_nodes_counts_against_the_sample():
    graph = firms(("SAME_AS", "c0", "c1"))
    assert set(asked("revenue", "What is the revenue of", graph)) == {"c2", "c3"}


def test_a_mean_keeps_its_unit_and_needs_its_decimals(graph):
    header = (
        "task: average\ngiven: [l.name]\nclosed: graph\nanswer_type: number\nderive:\n  rows:\n"
        "    r: MATCH (l)-[:HOSTS]->(c:company) RETURN c.Name AS name, c.revenue AS revenue\n"
        "  sql: SELECT avg(revenue) FROM r\n  unit: same\n"
    )
    question = "question: 'What is the mean revenue of the firms {{ closed }} in {{ l.name }}{{ answer.unit }}?'"
    samples, _ = mined(f"{header}  decimals: 1\n{question}", "MATCH (l:Place) RETURN l", graph)
    text = "What is the mean revenue of the firms on record in Oslo, in US dollars, rounded to one decimal?"
    assert samples[text].answer == "674,000,000.3"
    _, rejected = mined(header + question, "MATCH (l:Place) RETURN l", graph)
    assert {item.reason for item in rejected} == {"the result is not whole: say `decimals` in the header"}


def test_a_ratio_that_rounds_to_nothing_is_no_answer(graph):
    header = "task: ratio\ngiven: [a.Name, b.Name]\nderive:\n  sympy: a.revenue / b.revenue\n  decimals: 2\nquestion: 'How many times {{ b.Name }} is {{ a.Name }}{{ answer.unit }}?'"
    query = "MATCH (a:company)<-[:HOSTS]-(:Place)-[:HOSTS]->(b:company) RETURN a, b"
    samples, rejected = mined(header, query, graph)
    assert {sample.answer for sample in samples.values()} == {"12.76", "0.08", "16,233,766.24"}
    assert any("nothing is left" in item.reason for item in rejected)


def test_evidence_names_the_source_and_the_document(graph):
    assert asked("share", "What is the share of", graph)["c0"].evidence[0].path == "https://a.example"
    header = "task: said\ngiven: [c.Name, r.title]\nanswer: t.body\nquestion: 'What does “{{ r.title }}” say of {{ c.Name }}?'"
    query = "MATCH (r:Report)-[:HAS]->(t:Passage)-[:ABOUT]->(c:company) RETURN r, t, c"
    (sample,) = mined(header, query, graph)[0].values()
    assert (sample.evidence[0].document, sample.modalities, sample.hops) == ("r0", ("text", "graph"), 0)


def test_a_path_of_several_relationships_counts_each(graph):
    header = "task: chain\ngiven: [r.title]\nanswer: c.Name\nquestion: 'Which firm does “{{ r.title }}” lead to?'"
    (sample,) = mined(header, "MATCH (r:Report)-[:HAS|ABOUT*2..2]->(c:company) RETURN r, c", graph)[0].values()
    assert (sample.answer, sample.hops, len(sample.match.edges)) == ("Acme Corp.", 2, 2)
