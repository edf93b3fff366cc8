"""The fast proof agrees with the literal reading of section 6 on random small graphs."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.proof.case import open_case
from kg.proof.contested import check_contested
from kg.proof.needed import check_needed, evidence_groups
from kg.proof.unique import check_unique
from kg.snapshot.build import snapshot_from
from schemas.errors import DerivationError
from tests.proof import oracle
from tests.proof.worlds import BRIDGE, VALUE, draft, template

DIFFERENCE = template(
    """
task: difference
given: [d.name, e.name, a.quantity, b.quantity, a.period, b.period]
derive:
  sympy: "a.number - b.number"
  unit: same
question: "By how much does the {{ a.quantity }} of {{ d.name }} exceed that of {{ e.name }}?"
""",
    "MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(t:Table)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity) RETURN d, e, a, b",
)
A, E, T = "Assertion", "Entity", "Table"
CASES = {
    "value": (VALUE, ({"f": A, "e": E}, [("f", "SUBJECT", "e")]), ("value", "f")),
    "bridge": (BRIDGE, ({"f": A, "e": E, "g": A}, [("f", "SUBJECT", "e"), ("g", "SUBJECT", "e")]), ("value", "g")),
    "difference": (
        DIFFERENCE,
        (
            {"d": E, "a": A, "t": T, "b": A, "e": E},
            [("a", "SUBJECT", "d"), ("t", "STATES", "a"), ("t", "STATES", "b"), ("b", "SUBJECT", "e")],
        ),
        ("difference", "a", "b"),
    ),
}


def random_world(seed):
    rng = random.Random(seed)
    nodes, edges = [], []

    def node(label, id_, **properties):
        nodes.append({"id": id_, "label": label, "properties": properties})

    for d in range(2):
        node("Document", f"doc{d}", path=f"d{d}.txt", format="txt", kind="report")
        node("Table", f"t{d}", document=f"doc{d}", text="", caption="", head="", set="listed things")
    entities = rng.randint(2, 3)
    for e in range(entities):
        aliases = [rng.choice(["Red", "Blue"])] if rng.random() < 0.3 else []
        node("Entity", f"e{e}", name=rng.choice(["Red", "Blue", "Green"]), kind="planet", aliases=aliases)
    if rng.random() < 0.3:
        edges.append({"type": "SAME_AS", "source": "e0", "target": "e1", "properties": {}})
    for c in range(rng.randint(0, 2)):
        number, year = rng.choice(["1", "2", "3"]), rng.choice(["", " in 2007"])
        quantity, name = rng.choice(["mass", "size"]), rng.choice(["Red", "Blue"])
        text = f"The {quantity} of {name}{year} is {number}."
        node("Chunk", f"c{c}", document="doc0", text=text, role="text", number=number)
    for f in range(rng.randint(2, 5)):
        entity, element = f"e{rng.randrange(entities)}", f"t{rng.randrange(2)}"
        quantity, period = rng.choice(["mass", "size"]), rng.choice([None, "2007"])
        text = rng.choice(["1", "2", "2.0", "1.9", "big"])
        number = text != "big"
        node(
            "Assertion",
            f"f{f}",
            document=element.replace("t", "doc"),
            element=element,
            subject=entity,
            quantity=quantity,
            period=period,
            condition=None,
            scope="",
            fact_key=f"{entity} {quantity} {period}",
            kind="number" if number else "text",
            text=text,
            number=float(text) if number else None,
            exact=text if number else None,
            scale=0,
            role="data",
            unit=rng.choice([None, None, "kilogram"]) if number else None,
            decimals=len(text.partition(".")[2]) if number else 0,
        )
        edges.append({"type": "SUBJECT", "source": f"f{f}", "target": entity, "properties": {}})
        edges.append({"type": "STATES", "source": element, "target": f"f{f}", "properties": {}})
        edges.append({"type": "SUPPORTED_BY", "source": f"f{f}", "target": element, "properties": {"role": "value"}})
    return nodes, edges


def some_match(graph, pattern, rng):
    found = [row for row in oracle.assignments(graph, pattern) if len(set(row.values())) == len(row)]
    return rng.choice(found) if found else None


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6))
def test_unique_contested_and_hops_agree_with_the_literal_reading(name, seed):
    made, pattern, question = CASES[name]
    nodes, edges = random_world(seed)
    graph, rng = oracle.Graph(nodes, edges), random.Random(seed)
    row = some_match(graph, pattern, rng)
    if row is None or oracle.answer(graph, question, row) is None:
        return
    snapshot = snapshot_from(nodes, edges)
    names = {variable: row[variable] for variable in made.node_variables}
    try:
        trial = draft(made, snapshot, **names)
    except DerivationError:
        return
    case = open_case(trial, made, snapshot)
    facts = [row[variable] for variable, label in pattern[0].items() if label == "Assertion"]
    assert (check_unique(case).result == "pass") == oracle.unique(graph, pattern, question, trial.claims, row)
    assert (check_contested(case).result == "fail") == oracle.contested(graph, facts)
    if not any(node["label"] == "Chunk" for node in nodes):  # a text that says it all relabels; see test_prove
        assert len(evidence_groups(case)) >= 1
        assert check_needed(case).hops == oracle.hops(graph, pattern, question, trial.claims, row)
