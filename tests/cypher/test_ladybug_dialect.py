"""Ladybug, through its dialect, answers as the memory store does, or is refused by name."""

from __future__ import annotations

import importlib.util
import random

import pytest

from kg.cypher.dialects import ladybug, neo4j
from kg.graph.diff import diff
from kg.graph.tables import tables_from
from kg.stores.ladybug import LadybugStore
from kg.stores.memory import MemoryStore
from schemas.errors import TemplateError
from tests.sampling.oracle import LABELS, TYPES, random_pattern, random_rows

pytestmark = pytest.mark.skipif(importlib.util.find_spec("ladybug") is None, reason="no ladybug wheel here")

CHAIN = ["", "", "*1..2", "*2", "*0..2"]


def chain(seed):
    """A random chain, variable lengths included."""
    rng = random.Random(seed)
    text = "(a)"
    for k, name in enumerate("bcd"[: rng.randint(1, 3)]):
        body = f"[r{k}{rng.choice(['', ':MENTIONS', ':MENTIONS|SUBJECT'])}{rng.choice(CHAIN)}]"
        text += rng.choice([f"-{body}->", f"<-{body}-", f"-{body}-"]) + f"({name}:{rng.choice(LABELS)})"
    return f"MATCH {text} RETURN a, b"


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    nodes, edges = random_rows(3, nodes=6, edges=14)
    for label, node in zip(LABELS, nodes, strict=False):  # every label exists, every column has a value
        node.update(label=label, name="x", position=1)
    edges += [{"type": kind, "source": "n0", "target": "n1", "id": kind, "confidence": 0.5} for kind in TYPES]
    wanted = tables_from(nodes, edges)
    made = (MemoryStore(), LadybugStore(tmp_path_factory.mktemp("ladybug") / "tables"))
    for store in made:
        store.sync(diff(store.tables(), wanted))
    yield made
    made[1].close()


def rows(store, text):
    return sorted(map(repr, store.query(text)[1]))


@pytest.mark.parametrize("text", [chain(seed) for seed in range(40)] + [random_pattern(seed) for seed in range(60)])
def test_the_rows_are_equal_or_the_query_is_refused_by_name(stores, text):
    memory, embedded = stores
    try:
        ladybug(text)
    except TemplateError as error:
        if "the embedded store cannot say this" not in error.message:
            raise
        return
    assert rows(embedded, text) == rows(memory, text), ladybug(text)


def test_no_chain_and_no_tree_of_fixed_lengths_is_refused():
    for seed in range(200):
        text = chain(seed)
        if "*" not in text:
            assert ladybug(text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n) RETURN n.name AS name, count(*) AS c, sum(n.position) AS s ORDER BY c DESC, name",
        "MATCH (n) WHERE n.position > 5 RETURN sum(n.position), count(n), min(n.name), collect(n.name)",
        "MATCH (a)-[r]-(b) RETURN a.id, count(r) AS c, r.confidence ORDER BY a.id, c, r.confidence",
        "MATCH (a)-[r:SUBJECT]->(b) RETURN type(r), labels(b), toUpper(a.name), round(r.confidence), size(a.name)",
        "MATCH (a) WHERE 0 < a.position <= 2 XOR a.name IN ['x', 'it\\'s', \"\\\\\"] RETURN a.id",
        "MATCH (a) WHERE EXISTS { MATCH (a)-[:SUBJECT]->(b) WHERE b.name = a.name } RETURN a",
        "MATCH (a) RETURN a.id, COUNT { MATCH (a)-[:SUBJECT]->() } AS c ORDER BY c DESC, a.id SKIP 1 LIMIT 3",
        "MATCH p = (a)-[:SUBJECT]->(b)-[:MENTIONS]->(c) WHERE all(x IN nodes(p) WHERE x.position > 0) RETURN p, length(p)",
        "MATCH (a:Chunk)-[r:SUBJECT {confidence: 0.5}]->() RETURN DISTINCT a.name ORDER BY a.name",
        "MATCH (a)-[r:SUBJECT]->(b) RETURN * ORDER BY r.id",
    ],
)
def test_results_are_equal(stores, text):
    memory, embedded = stores
    assert [[*row] for row in embedded.query(text)[1]] == [[*row] for row in memory.query(text)[1]] or rows(
        embedded, text
    ) == rows(memory, text)
    assert embedded.query(text)[0] == memory.query(text)[0]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("MATCH (n) RETURN toInteger(n.name)", "toInteger()"),
        ("MATCH (a)-[:A*1..2]->(b) RETURN count(*) AS n", "several lengths"),
        ("MATCH (a) OPTIONAL MATCH (a)-[:A]-(b) RETURN a, b", "undirected"),
        ("MATCH p = (a)-[:A]->(b) WITH p RETURN length(p) AS n", "a path"),
        ("MATCH (a) WHERE EXISTS { MATCH (a)-[:A]->()-[:A]->()-[:A]->() } RETURN a", "more than two hops"),
    ],
)
def test_what_ladybug_cannot_say_is_named(text, what):
    with pytest.raises(TemplateError, match="embedded store cannot say this") as caught:
        ladybug(text)
    assert what in caught.value.message


def test_neo4j_takes_the_text_as_it_is():
    text = "MATCH (a:Table)-[:NEXT]-(b) // comment\nRETURN a, b"
    assert neo4j(text) == text
    with pytest.raises(TemplateError, match="query:1:11"):
        neo4j("MATCH (a:A:B) RETURN a")


def test_what_only_the_engine_can_say_is_passed_on_with_a_note(stores):
    text = "MATCH (n:Entity) WHERE n.name =~ '[x-z]' RETURN n.id ORDER BY n.id"
    assert stores[1].query(text)[1]
    assert stores[1].note.startswith("not portable, answered as Ladybug means it: regular expressions")
    with pytest.raises(TemplateError, match="one label"):
        stores[1].query("MATCH (n:Entity:Chunk) RETURN n.id")
    with pytest.raises(TemplateError, match="quantified paths are not in the portable subset"):
        stores[1].query("MATCH (n)-[:MENTIONS]->{1,2}(m) RETURN n.id")
