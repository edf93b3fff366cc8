"""`docs/cypher.md` is written by this file: `python -m tests.cypher.test_documentation`; its cells are what ran.

The examples use every rule of the grammar, and Neo4j takes each of them as it is.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from kg.cypher import functions
from kg.cypher.dialects import ladybug, neo4j
from kg.cypher.parse import parser
from kg.cypher.template import loads
from kg.graph.diff import diff
from kg.graph.tables import tables_from
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate_rows import run_query
from kg.stores.ladybug import LadybugStore
from sampling.population import population
from schemas.errors import TemplateError
from tests.cypher.constructs import CONDITIONS, FUNCTIONS, PATTERNS, REFUSED, RESULTS
from tests.cypher.test_oracle import comparable, element

DOCUMENT = Path(__file__).parents[2] / "docs" / "cypher.md"
HEADER = "/*\ntask: t\ngiven: []\nquestion: q\n*/\n"
PARAMETERS = {"kind": "planet"}
EXAMPLES = (*PATTERNS, *CONDITIONS, *RESULTS)
INTRODUCTION = """# The Cypher of kgmine

One language for templates, `derive: rows` and `kgmine query`, with one meaning on every store: Neo4j's. This page is written by
`python -m tests.cypher.test_documentation`, and the tests run every line of it: on Neo4j verbatim, on the embedded store, and in
memory. Beside it, 240 random templates, 240 random queries and 380 odd but legal ones (`tests/cypher/odd.py`) must give equal rows
on all three, and 31,000 expressions were compared with Neo4j 5.26 value by value.

* **Neo4j** gets the text as it is.
* **Embedded** (Ladybug) gets a text of the same meaning: lengths written out, a relationship used once, a self-loop once. What it
  cannot say, or would cast (`a.page = '1'`), is answered in memory, with a note. What only an engine can say is passed to it, with a note that its own meaning holds.
* **Sampler**: `exact` is counted and drawn by rank; `exact, by rejection` is drawn exactly and counted exactly where the pattern
  is small enough to enumerate, else `≈ x ± y (95 %)`; `query, derive` cannot stand in a template. A template's parameters have
  their values in its header, `parameters: {kind: planet}`; a query's come by `--param`.
"""
MEANING = """## Meaning

* A relationship is used at most once within one MATCH clause, its comma-separated parts included; another clause may use it again.
* Conditions are true, false or null, and WHERE keeps what is true. `null = null` is null; write `coalesce(a.period, '') =
  coalesce(b.period, '')` where both may be missing. `x IN [1, null]` is true or null, never false, but for the empty list.
* 1 equals 1.0; values of different types are never equal, and ordering them gives null. `true = 1` is false.
* Whole numbers have 64 bits and divide towards zero; what leaves them is an error (a sum becomes a float). `1 / 0` is an error,
  `1 / 0.0` infinite, `0.0 / 0.0` NaN, which is equal to nothing, itself included.
* Strings are compared by code point. Escapes are `\\\\n \\\\t \\\\r \\\\b \\\\f \\\\\\\\ \\\\' \\\\" \\\\uXXXX`; any other is refused.
* ORDER BY: lists, strings, booleans, numbers, NaN, null. Aggregates leave null out; beside one every other column is grouped by.
* Rows have no order without ORDER BY. In a derivation a LIMIT between rows of equal order is a tie, and rejected.

Known differences. Float sums do not depend on the order of rows here; Neo4j's last digit may. Neo4j orders -0.0 below 0.0, here
they are equal; it compares a literal of more than 2^53 with a float inexactly. Ladybug's columns have one type: 1 may come as 1.0,
and its upper and lower case leave letters of polytonic Greek and Vithkuqi as they are.
"""


def graph():
    """Rows of a small graph with everything that the examples name."""
    nodes = [
        {"id": "e1", "label": "Entity", "name": "Mars", "kind": "planet", "aliases": ["Red Planet", "Ares"]},
        {"id": "e2", "label": "Entity", "name": "Venus", "kind": "planet", "aliases": ["Morning Star"]},
        {"id": "e3", "label": "Entity", "name": "Phobos", "kind": "moon", "aliases": None},
        {"id": "t1", "label": "Table", "caption": "Planets"},
    ]
    facts = [(5.0, "km", "mass"), (50.0, "kg", "planet"), (None, None, "discoverer"), (-3.0, "km", "radius")]
    for k, (number, unit, quantity) in enumerate(facts):
        kind = "text" if number is None else "number"
        fact = {"id": f"f{k}", "label": "Assertion", "number": number, "unit": unit, "kind": kind}
        nodes.append({**fact, "quantity": quantity, "text": f"{number} {unit}"})
    for k in range(3):
        nodes.append({"id": f"c{k}", "label": "Chunk", "text": f"a moon, chunk {k}", "page": k + 1})
    ends = [("SUBJECT", "f0", "e1"), ("SUBJECT", "f1", "e1"), ("SUBJECT", "f2", "e3"), ("SUBJECT", "f3", "e2")]
    ends += [("STATES", "c0", "f0"), ("STATES", "c1", "f1"), ("MENTIONS", "c0", "e1"), ("MENTIONS", "c1", "e3")]
    ends += [("NEXT", "c0", "c1"), ("NEXT", "c1", "c2"), ("NEXT", "c2", "c2"), ("STATES", "t1", "f3")]
    edges = [
        {"id": f"r{k}", "type": kind, "source": source, "target": target, "confidence": 0.5 + (k % 2) / 4}
        for k, (kind, source, target) in enumerate(ends)
    ]
    return nodes, edges


def sampler(text):
    """What the sampler makes of an example."""
    filled = text.replace("$kind", "'planet'")
    try:
        made = loads(HEADER + filled)
    except TemplateError:  # the message is in the golden file of errors
        return "query, derive"
    exact = population(made, snapshot_from(*graph())).exact
    return "exact" if exact else "exact, by rejection"


def embedded(text):
    try:
        ladybug(text)
    except TemplateError as error:
        return "in memory: " + error.message.removeprefix("the embedded store cannot say this: ").partition(";")[0]
    return "yes"


def document():
    parts = [INTRODUCTION]
    for title, examples in (("Patterns", PATTERNS), ("Conditions", CONDITIONS), ("Results", RESULTS)):
        rows = [(what, code(text), "verbatim", embedded(text), sampler(text)) for what, text in examples]
        parts += [f"## {title}\n", table(("construct", "example", "Neo4j", "embedded", "sampler"), rows)]
    parts += ["## Functions\n", "Null gives null; a value of another type is an error that names it.\n"]
    rows = [
        (code(f"{name}()"), meaning, code(example), value(example), "yes" if name not in BEYOND else "in memory")
        for name, (example, meaning) in sorted(FUNCTIONS.items(), key=lambda pair: pair[0].lower())
    ]
    parts += [table(("function", "gives", "example", "value", "embedded"), rows), MEANING.replace("\\\\", "\\")]
    parts += ["## What is refused, and what to write instead\n"]
    parts += [table(("query", "message"), [(code(text), refused(text)) for text in REFUSED])]
    return "\n".join(parts)


BEYOND = ("endNode", "startNode", "toFloat", "toInteger", "toString")


def code(text):
    shown = " ".join(text.split()).replace("|", "\\|")
    return f"``{shown}``" if "`" in shown else f"`{shown}`"


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def value(example):
    """What an example gives; those about graph elements are tested elsewhere."""
    inside = example.partition("(")[2][:-1]
    if inside in ("n", "r", "p", "x"):
        return ""
    return code(repr(run_query(f"RETURN {example} AS v", snapshot_from(*graph()))[1][0][0]))


def refused(text):
    with pytest.raises(TemplateError) as caught:
        neo4j(text)
    return caught.value.message.replace("|", "\\|")


def test_the_document_is_what_the_examples_say():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run python -m tests.cypher.test_documentation"


def test_the_examples_use_every_rule_of_the_grammar():
    used = set()
    for _, text in EXAMPLES:
        for part in parser().parse(text).iter_subtrees():
            used.add(part.data)
    rules = {rule.alias or rule.origin.name for rule in parser().rules}
    written = {str(name) for name in rules if not str(name).startswith("_")}
    written -= {"clause", "amount", "expr", "comparison", "sum", "atom", "unary", "product", "power", "predicate"}
    assert written - {str(name) for name in used} - {"unbounded", "everything"} <= {"xor", "and_", "not_"}


def test_every_function_is_documented():
    known = [*functions.FUNCTIONS, *functions.GRAPH]
    assert sorted(FUNCTIONS, key=str.lower) == sorted(map(functions.written, known), key=str.lower)


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES])
def test_memory_and_embedded_agree_on_an_example(stores, text):
    rows = [list(row) for row in run_query(text, snapshot_from(*graph()), PARAMETERS)[1]]
    assert comparable(text, stores.query(text, PARAMETERS if "$" in text else {})[1]) == comparable(text, rows)
    assert (stores.note is None) == (embedded(text) == "yes"), stores.note


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    if importlib.util.find_spec("ladybug") is None:
        pytest.skip("no ladybug wheel here")
    store = LadybugStore(tmp_path_factory.mktemp("ladybug") / "tables")
    store.sync(diff(store.tables(), tables_from(*graph())))
    yield store
    store.close()


@pytest.mark.neo4j
def test_neo4j_gives_the_same_rows_for_every_example(neo4j_server):
    nodes, edges = graph()
    for node in nodes:
        neo4j_server.run(f"CREATE (n:{node['label']}) SET n = $made", made={k: node[k] for k in node if k != "label"})
    for edge in edges:
        made = {"id": edge["id"], "confidence": edge["confidence"]}
        hop = f"MATCH (a {{id: $a}}), (b {{id: $b}}) CREATE (a)-[r:{edge['type']}]->(b) SET r = $made"
        neo4j_server.run(hop, a=edge["source"], b=edge["target"], made=made)
    for _, text in EXAMPLES:
        found = neo4j_server.run(text, **PARAMETERS)
        rows = run_query(text, snapshot_from(nodes, edges), PARAMETERS)[1]
        wanted = [[element(cell) for cell in row] for row in found]
        assert comparable(text, [list(row) for row in rows]) == comparable(text, wanted), text


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
