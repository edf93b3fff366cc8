"""Every mistake has its message, with line, column, caret and what to write instead: a golden file.

`python -m tests.cypher.test_errors` writes the file anew; look at the difference before you commit it.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from kg.cypher.dialects import neo4j
from kg.cypher.lint import lint, lint_file
from kg.cypher.template import loads
from schemas.errors import TemplateError

GOLDEN = Path(__file__).with_name("errors.golden.txt")
PATTERN = "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)"

QUERIES = (
    "MATCH (a:Chunk RETURN a",
    "MATCH (a:Chunk)-[:NEXT RETURN a",
    "MATCH (a:Chunk)-[:NEXT]>(b) RETURN a",
    "MATCH (a)->(b) RETURN a",
    "MATCH (a)<-[:NEXT]->(b) RETURN a",
    "MATCH (a)<-->(b) RETURN a",
    "MATCH (a:(Chunk|Table)) RETURN a",
    "MATCH (a)-[:(NEXT|STATES)]->(b) RETURN a",
    "MATCH (a IS Chunk) RETURN a",
    "MATCH (a) WHERE a.page > .5 RETURN a",
    "MATCH (a) WHERE a.page = 0x1F RETURN a",
    "MATCH (a) WHERE a.page = 1_000 RETURN a",
    "MATCH (a) WHERE a.page = - -a.page RETURN a",
    "MATCH (a) WHERE a.page = -+1 RETURN a",
    "MATCH (a) WHERE a.page = 9223372036854775808 RETURN a",
    "MATCH (a) WHERE CASE a.page WHEN 1, 2 THEN true END RETURN a",
    "MATCH (a) WHERE reduce(s = 0, x IN a.paths | s + x) > 1 RETURN a",
    "MATCH (a) WHERE left(a.text, 1) = 'x' RETURN a",
    "MATCH (a) WHERE isEmpty(a.text) RETURN a",
    "EXPLAIN MATCH (a) RETURN a",
    "MATCH (a) WHERE a.page = " + "1 + " * 200 + "1 RETURN a",
    "MATCH (a:Chunk:Table) RETURN a",
    "MATCH (a:Chunk&Table) RETURN a",
    "MATCH (a:!Chunk) RETURN a",
    "MATCH (a:Chunk|:Table) RETURN a",
    "MATCH (a)-[:NEXT]->{1,3}(b) RETURN a",
    "MATCH (a)-[:NEXT]->+(b) RETURN a",
    "MATCH ((a)-[:NEXT]->(b)){1,3} RETURN a",
    "MATCH (a)-[:NEXT*]->(b) RETURN a",
    "MATCH (a)-[:NEXT*2..]->(b) RETURN a",
    "MATCH (a)-[:NEXT*3..1]->(b) RETURN a",
    "MATCH p = shortestPath((a)-[:NEXT*1..3]->(b)) RETURN p",
    "MATCH (a WHERE a.page = 1) RETURN a",
    "MATCH (a) WHERE a:Chunk RETURN a",
    "MATCH (a) WHERE (a)-[:NEXT]->() RETURN a",
    "MATCH (a) WHERE (a)-->() RETURN a",
    "MATCH (a) WHERE NOT exists((a)-->()) RETURN a",
    "MATCH (a) WHERE EXISTS { (a)-[:NEXT]->() } RETURN a",
    "MATCH (a) WHERE EXISTS { MATCH (a)-[:NEXT]->(b) RETURN b } RETURN a",
    "MATCH (a) WHERE a.page == 1 RETURN a",
    "MATCH (a) WHERE a.page != 1 RETURN a",
    "MATCH (a) WHERE a.page = 1 && a.role = 'x' RETURN a",
    "MATCH (a) WHERE a.page = 1 || a.role = 'x' RETURN a",
    "MATCH (a) WHERE a.text =~ 'x.*' RETURN a",
    "MATCH (a) WHERE a.text[0] = 'x' RETURN a",
    "MATCH (a) WHERE a.text.length = 1 RETURN a",
    "MATCH (a) WHERE size([x IN a.paths | x]) = 1 RETURN a",
    "MATCH (a) WHERE size([x IN a.paths WHERE x > 1]) = 1 RETURN a",
    "MATCH (a) WHERE CASE a.page THEN true END RETURN a",
    "MATCH (a) WHERE CASE WHEN a.page = 1 THEN true RETURN a",
    "MATCH (a) WHERE CASE WHEN a.page = 1 THEN a ELSE 2 END = 1 RETURN a",
    "MATCH (a) WHERE a IN [1, 2] RETURN a",
    "MATCH (a) WHERE [a, 1] = [2] RETURN a",
    "UNWIND [1] AS x RETURN x",
    "RETURN 1 AS x",
    "MATCH (a) WHERE a.page = 1e400 RETURN a",
    "MATCH (a) WHERE a.page = 9223372036854775809 RETURN a",
    "MATCH (a) WHERE a.text = '\\ud83d' RETURN a",
    "MATCH (a) WHERE a.page = RETURN a",
    "MATCH (a) WHERE a.text = 'x RETURN a",
    "MATCH (a) WHERE a.text = 'x\\q' RETURN a",
    "MATCH (a) WHERE a.page = 1 WHERE a.page = 2 RETURN a",
    "MATCH (a) OPTIONAL MATCH (b) RETURN a",
    "MATCH (a) WITH a RETURN a",
    "MATCH (a) UNWIND a.paths AS x RETURN x",
    "MATCH (a) CALL { MATCH (b) RETURN b } RETURN a",
    "MATCH (a) RETURN a UNION MATCH (b) RETURN b",
    "MATCH (a) SET a.page = 1",
    "CREATE (a:Chunk)",
    "MATCH (a) RETURN",
    "MATCH (a)",
    "MATCH (a) RETURN a b",
    "MATCH (a) RETURN apoc.text(a)",
    "MATCH (a) RETURN a ORDER BY a.page",
    "MATCH (a) RETURN DISTINCT a",
    "MATCH (a) RETURN a LIMIT 3",
    "MATCH (a) RETURN count(a)",
    "MATCH (a) WHERE b.page = 1 RETURN a",
    "MATCH (a) WHERE rand() < 0.5 RETURN a",
    "MATCH (a) WHERE substring(a.text, 0, 1) = 'x' RETURN a",
    "MATCH (a) WHERE toLowr(a.text) = 'x' RETURN a",
    "MATCH (a) WHERE toLower() = 'x' RETURN a",
    "MATCH (a) WHERE a.page = $page RETURN a",
    "MATCH (a)-[r:NEXT]->(b)-[r:NEXT]->(c) RETURN a",
    "MATCH a = (a)-[:NEXT]->(b) RETURN a",
    "MATCH (a)-[r:NEXT*1..2]->(b) WHERE r.confidence > 0.5 RETURN a",
    "MATCH (a:Chnk) RETURN a",
    "MATCH (a)-[:NEXTT]->(b) RETURN a",
    "MATCH (a:Chunk) WHERE a.txt = 'x' RETURN a",
    "MATCH (a:Chunk {pge: 1}) RETURN a",
    "MATCH (a:Chunk) WHERE a.page = '1' RETURN a",
    "MATCH (a:Chunk) WHERE a.boilerplate = 'no' RETURN a",
    "MATCH (a:Table)-[:MENTIONS]->(b:Image) RETURN a",
    "MATCH (a:Chunk)-[:NEXT*2..3]->(b:Table) RETURN a",
    "MATCH (a:Chunk), (b:Table)-[:MENTIONS]->(e) RETURN a",
    "MATCH (a:Table)-[:MENTIONS]->(e:Entity) WHERE a.page > 1 RETURN a",
)

ROWS = (
    "MATCH (e:Entity)",
    "MATCH (e:Entity) RETURN e.name AS x, e.id AS x",
    "MATCH (e:Entity) RETURN DISTINCT e.name ORDER BY e.id",
    "MATCH (e:Entity) RETURN e.name AS n, count(*) AS c ORDER BY e.id",
    "MATCH (e:Entity) RETURN e.name AS n ORDER BY count(*)",
    "MATCH (e:Entity) RETURN e.name + count(*) AS n",
    "MATCH (e:Entity) RETURN count(count(e)) AS n",
    "MATCH (e:Entity) RETURN max(e) AS n",
    "MATCH (e:Entity) RETURN e ORDER BY e",
    "MATCH (e:Entity) RETURN e LIMIT -1",
    "MATCH (e:Entity) RETURN e SKIP 1.5",
    "MATCH (e:Entity) RETURN e LIMIT 1 + 1",
    "MATCH (e:Entity) WHERE count(e) > 1 RETURN e",
    "MATCH (e:Entity) WITH e.name RETURN 1",
    "MATCH (e:Entity) WITH e.name AS n RETURN e",
    "MATCH (e:Entity) WITH e WHERE e.name = 'x' LIMIT 1 RETURN e",
    "MATCH (e:Entity) WITH count(e) AS n WHERE e.name = 'x' RETURN n",
    "MATCH (e:Entity) WITH e RETURN e.name WITH 1 AS x",
    "MATCH (e:Entity) UNWIND e.aliases AS e RETURN e",
    "MATCH (e:Entity) UNWIND e.aliases RETURN e",
    "MATCH (e:Entity) UNWIND e.aliases AS x RETURN x.name",
    "MATCH (e:Entity) OPTIONAL (e)-->(f) RETURN f",
    "MATCH (e:Entity)-[r]->(f) OPTIONAL MATCH (f)-[r]->(g) RETURN g",
    "MATCH (e:Entity) WITH e.name AS n MATCH (n)-->(f) RETURN f",
    "MATCH (e:Entity) RETURN collect(e) + e.name AS x",
    "MATCH (e:Entity) RETURN collect([e]) AS x, [collect(e)] AS y",
    "MATCH (e:Entity) WHERE EXISTS { MATCH (e)-->(f) WITH f MATCH (f)-->(g) } RETURN e",
    "MATCH (e:Entity) WHERE EXISTS { OPTIONAL MATCH (e)-->(f) } RETURN e",
    "MATCH (e:Entity) RETURN e UNION MATCH (f:Table) RETURN f",
    "MATCH (e:Entity) RETURN e.name[0..2]",
    "MATCH (e:Entity) RETURN e {.name}",
    "MATCH (e:Entity) RETURN {name: e.name}",
    "MATCH (e:Entity) RETURN startNode(e)",
    "RETURN *",
    "RETURN",
    "",
)
"""Queries by themselves, as `kgmine query` takes them."""

HEADERS = (
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nstrata: [degree(x)]",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nparameters: {kind: planet}",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nparameters: {day: 2020-01-31}",
    "task: value",
    "given: [e.name]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: q\nanwser_type: text",
    "task: value\ntask: share\ngiven: []\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [e.name\nanswer: f.text\nquestion: q",
    "task: value\ngiven: []\nanswer: f.text\nquestion: {{ e.name }}",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nanswer_type: numbr",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nweight: 0",
    "task: value\ngiven: []\nquestion: q",
    "task: value\ngiven: []\nanswer: f.text\nderive: {sympy: f.number}\nquestion: q",
    "task: value\ngiven: [name]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [d.name]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [e.nam]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [e.name, e.name]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: [f.text]\nanswer: f.text\nquestion: q",
    "task: value\ngiven: []\nanswer: f.txt\nquestion: q",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion:\n  - '{{ e.name }}'\n  - '{{ f.quantity }} of {{ e.name }}'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: 'Is it {{ f.text }}, {{ e.name }}?'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: '{{ e }} {{ f }}'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: '{{ entity.name }}'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: '{{ e.name | refrence }}'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: '{% if e.name is hard %}{{ e.name }}{% endif %}'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: '{{ e.name '",
    "task: value\ngiven: [f.quantity, e.name]\nanswer: f.text\nquestion: '{{ f.quantity | of }} {{ e.name }}'",
    "task: value\ngiven: [f.quantity, e.name]\nanswer: f.text\nquestion: '{{ f.quantity | of(subject=e.name) }}'",
    "task: value\ngiven: [f.quantity, e.name]\nanswer: f.text\nquestion: '{{ e.name | reference(1, 2) }}, {{ f.quantity | ask_of(1, 2) }}'",
    "task: value\ngiven: [e.name]\nderive: {sql: SELECT f.number FROM f, e}\nquestion: 'What has {{ e.name }}?'",
    "task: value\ngiven: [e.name]\nanswer: f.text\nquestion: 'of the {{ closed }}'",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nclosed: x",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nclosed: e",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nclosed: kind(f)",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nevidence: [g]",
    "task: value\ngiven: []\nanswer: f.text\nquestion: q\nstrata: [documents]\nlimit_per: {answr: 3, document: 0, e.nme: 2}",
    "task: value\ngiven: []\nderive: {unit: same}\nquestion: q",
    "task: value\ngiven: []\nderive: {sympy: f.number / g.number + e.number}\nquestion: q",
    "task: value\ngiven: []\nderive:\n  rows:\n    r: MATCH (g:Assertion) WHERE g.quantity = h.quantity RETURN g.text AS t\n  sql: SELECT t FROM r\nquestion: q",
    "task: value\ngiven: []\nderive:\n  rows:\n    r: >-\n      MATCH (g:Assertion)\n      WHERE g.quantty = f.quantity RETURN g.text\n  sql: SELECT r.number FROM s\nquestion: q",
    "task: value\ngiven: []\nderive:\n  rows:\n    f: MATCH (g:Assertion RETURN g.text AS t\n  sql: SELECT t, e.nam FROM f, e\nquestion: q",
    "task: value\ngiven: []\nderive: {sqll: x}\nquestion: q",
    "task: value\ngiven: []\nderive: {sympy: 'formula(x, e = f.number)'}\nquestion: q",
    "task: value\ngiven: []\nderive: {sympy: \"formula(f, 'e' = f.number)\"}\nquestion: q",
)

DERIVATIONS = (
    "sympy: 'f.text * 2'",
    "sympy: 'f.number +'",
    "sympy: '(f.number'",
    "sympy: 'f.number)'",
    "sympy: 'f.number 2'",
    "sympy: 'maximum(f.number, 2)'",
    "sympy: 'f + 1'",
    "sympy: 'days(f.number, f.date)'",
    "sympy: 'f.date - 1'",
    "sql: UPDATE f SET number = 1",
    "sql: SELECT numbr FROM f",
    "sql: SELECT number FROM g",
    "sql: SELECT number FRM f",
    "sql: SELECT randomblob(9) FROM f",
    "sql: SELECT sum(text) FROM f",
    "sql: SELECT avg(f.quantity) FROM f",
    "rows: {r: MATCH (g:Assertion) RETURN g.quantity AS q}\n  sql: SELECT sum(q) FROM r",
    "rows: {r: MATCH (g:Assertion) RETURN g.quantity AS q LIMIT 3}\n  sql: SELECT count(q) FROM r",
    "rows: {r: MATCH (g:Assertion) WITH g.quantity AS q RETURN g.text AS t}\n  sql: SELECT count(t) FROM r",
    "rows: {r: 'MATCH (g:Assertion) WITH g.quantity AS q, count(g) AS n WHERE n > 1 RETURN n AS m'}\n  sql: SELECT n FROM r",
)
"""Derivations that cannot be computed."""

TEXTS = (
    "MATCH (a) RETURN a",
    "/* task: value",
    "/* a note */\nMATCH (a) RETURN a",
    f"/*\ntask: value\ngiven: []\nanswer: f.text\nquestion: q\n*/\n{PATTERN}, (f)-[:OBJECT]->(o:Entity) RETURN f",
    "/* task: value\ngiven: []\nanswer: f.text\nquestion: q */ MATCH (f:Assertion)-[:SUBJECT]->(:Entity) RETURN f",
)


def cases():
    head = "/*\ntask: value\ngiven: []\nanswer: a.text\nquestion: q\n*/\n"
    yield from (head + query for query in QUERIES)
    yield from (f"/*\n{header}\n*/\n{PATTERN} RETURN f, e" for header in HEADERS)
    head = "/*\ntask: value\ngiven: []\nquestion: q\nderive:\n  "
    yield from (f"{head}{derivation}\n*/\n{PATTERN} WHERE e.name = 'x' RETURN f, e" for derivation in DERIVATIONS)
    yield from TEXTS


def query_said(text):
    try:
        neo4j(text)
    except TemplateError as error:
        return str(error)
    return "(nothing)"


def said(text):
    try:
        return "\n".join(str(error) for error in lint(loads(text, path="t.cypher"))) or "(nothing)"
    except TemplateError as error:
        return str(error)


def report():
    found = [(text, said(text)) for text in cases()] + [(text, query_said(text)) for text in ROWS]
    return "\n\n".join(f"{'=' * 80}\n{text}\n{'-' * 80}\n{message}" for text, message in found) + "\n"


def test_every_mistake_has_its_message():
    wanted, found = GOLDEN.read_text(encoding="utf-8"), report()
    assert found == wanted, "\n".join(difflib.unified_diff(wanted.splitlines(), found.splitlines(), lineterm="", n=2))


@pytest.mark.parametrize(("texts", "say", "path"), [(cases, said, "t.cypher:"), (lambda: ROWS, query_said, "query:")])
def test_every_message_has_line_column_and_caret(texts, say, path):
    for text in texts():
        problem = say(text)
        first, *rest = problem.splitlines()
        assert first.startswith(path), text
        if len(rest) >= 2:
            line, column = map(int, first.split(":")[1:3])
            assert rest[0] == "  " + text.splitlines()[line - 1]
            assert rest[1] == " " * (column + 1) + "^"


def test_a_file_that_is_missing_is_one_problem(tmp_path):
    (problem,) = lint_file(tmp_path / "none.cypher")
    assert "cannot be read" in problem


if __name__ == "__main__":
    GOLDEN.write_text(report(), encoding="utf-8")
