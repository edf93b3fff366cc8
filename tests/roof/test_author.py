"""Writing templates: new, lint, count --prefixes, explain, preview, test, schema; on the films of the example."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cypher.parse import parse_query
from kg.cypher.template import load, loads
from kg.snapshot.build import snapshot_from
from kg.snapshot.evaluate import evaluate
from kg.snapshot.snapshot import Snapshot
from kgmine.author import facts, spell
from kgmine.author.picture import mermaid
from kgmine.author.prefixes import prefixes, steps
from kgmine.author.schema import json_schema
from kgmine.cli.main import app
from kgmine.graph import current, snapshot
from kgmine.workspace import workspace_of
from sampling.draw import draw
from schemas.errors import TemplateError, UsageError
from schemas.sample import Draft
from synthesis.synthesize import synthesize
from tests.cypher.constructs import CONDITIONS, PATTERNS
from tests.synthesis import world

ROOT = Path(__file__).parents[2]
MOVIES = ROOT / "examples" / "movies"
TEMPLATES = sorted((MOVIES / "templates").glob("*.cypher"))
BRIDGE = """/*
task: bridge
given: [m.title]
answer: p.name
question: "Who wrote the book behind “{{ m.title }}”?"
*/
MATCH (m:Movie)-[:BASED_ON]->(b:Book)<-[:WROTE]-(p:Person)
WHERE m.year > 1900 AND b.year < m.year
RETURN m, b, p
"""


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], standalone_mode=False)


def said(*arguments: object) -> str:
    done = invoke(*arguments)
    assert done.exception is None, done.output
    return done.output


@pytest.fixture(scope="module")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("movies")
    said("import", MOVIES / "graph", "--workspace", folder, "--config", MOVIES / "kgmine.yaml")
    return folder


@pytest.fixture(scope="module")
def graph(movies: Path) -> Snapshot:
    return snapshot(current(workspace_of(movies)))


def written(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.cypher"
    path.write_text(text)
    return path


# New


@pytest.mark.parametrize(
    "flags",
    [
        ("--answer", "Person.name", "--hops", 2),
        ("--answer", "Movie.runtime", "--hops", 0),
        ("--answer", "Studio", "--hops", 1, "--start", "Movie"),
        ("--answer", "Person", "--hops", 2, "--modalities", "text"),
    ],
)
def test_a_new_template_is_clean_and_passes_its_own_test(
    movies: Path, tmp_path: Path, flags: tuple[object, ...]
) -> None:
    path = tmp_path / "new.cypher"
    output = said("template", "new", path, "--workspace", movies, *flags)
    assert f"wrote {path}: " in output
    assert load(path).header.expect.samples != ">= 0"
    assert said("template", "lint", path, "--workspace", movies) == f"{path}: ok\n"
    assert said("template", "test", path, "--workspace", movies) == f"{path}: ok\n"


def test_over_one_hop_a_thing_of_the_documents_is_also_told_by_a_fact_that_stands_elsewhere() -> None:
    world.snapshot()
    table = world.node("weather", "Table", document="doc-N5921D", shape="form")
    world.fact(
        "spread", "N5921D", table, "doc-N5921D", quantity="dew point spread", number=5, unit="degree", shape="form"
    )
    made = snapshot_from(world.NODES, world.EDGES)
    _, told = (loads(sketch.text(), name="told") for sketch in facts.sketches(made, "age of the pilot", 1, None, ()))
    (draft,) = (item for item in synthesize(told, draw(told, made, 9, 0), made, seed=0) if isinstance(item, Draft))
    assert (draft.question, draft.answer) == (
        "For one aircraft, the dew point spread was 5 degrees. What was the age of the pilot, in years?",
        "85",
    )


def test_an_existing_file_is_not_overwritten(movies: Path, tmp_path: Path) -> None:
    path = written(tmp_path, BRIDGE)
    done = invoke("template", "new", path, "--workspace", movies, "--answer", "Studio", "--hops", 1)
    assert "exists" in str(done.exception)
    assert path.read_text() == BRIDGE


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ((), "--answer is missing: what is asked, e.g. Award.name, Book.title"),
        (("--answer", "Persn.name"), "--answer Persn.name: no label Persn; did you mean Person?"),
        (("--answer", "Movie.lenght"), "--answer Movie.lenght: Movie has no property lenght; there are title, year"),
        (
            ("--answer", "Award", "--start", "Book", "--hops", "1"),
            "no walk of 1 hops leads to Award from Book; there are",
        ),
        (("--answer", "Award", "--hops", "9"), "--hops 9: at most 5"),
        (("--answer", "Award", "--hops", "1", "--modalities", "video"), "an own graph has graph and text"),
    ],
)
def test_what_cannot_be_written_is_one_line(movies: Path, tmp_path: Path, flags: tuple[str, ...], message: str) -> None:
    hops = () if "--hops" in flags else ("--hops", "1")
    done = invoke("template", "new", tmp_path / "new.cypher", "--workspace", movies, *flags, *hops)
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)
    assert not (tmp_path / "new.cypher").exists()


# Count


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_last_prefix_is_the_template_and_each_counts_what_enumeration_finds(graph: Snapshot, path: Path) -> None:
    template = load(path)
    found = list(prefixes(template))
    whole = found[-1].template.plan
    assert (set(whole.nodes), set(whole.hops)) == (set(template.plan.nodes), set(template.plan.hops))
    assert len(whole.masks) + len(whole.cross) == len(template.plan.masks) + len(template.plan.cross)
    for prefix, step in zip(found, steps(template, graph), strict=True):
        if step.count.value < 20_000:
            assert step.count.exact
            assert step.count.value == sum(1 for _ in evaluate(prefix.template.plan, graph)), step.text


@pytest.mark.parametrize(
    ("old", "new", "text", "hint"),
    [
        ("m.year > 1900", "m.year > 2900", "WHERE m.year > 2900", "m.year is between 1958 and 2023 here"),
        ("m.year > 1900", "m.title = 'Dunes'", "WHERE m.title = 'Dunes'", "m.title is 'Dune', "),
        ("BASED_ON", "SEQUEL_OF", "(m)-[:SEQUEL_OF]->(b:Book)", "Movie has (Person)-[:ACTED_IN]->(Movie) 260"),
    ],
)
def test_the_part_that_leaves_nothing_comes_last_with_what_there_is(
    graph: Snapshot, old: str, new: str, text: str, hint: str
) -> None:
    *_, last = steps(loads(BRIDGE.replace(old, new)), graph)
    assert (last.text, last.count.value) == (text, 0)
    assert last.hint.startswith(hint)


def test_parts_that_an_equality_joins_are_counted_together(graph: Snapshot) -> None:
    text = BRIDGE.replace(
        "WHERE m.year > 1900 AND b.year < m.year", ", (n:Movie) WHERE n.year = m.year AND n.id <> m.id"
    )
    found = [step.text for step in steps(loads(text), graph)]
    assert found[-2:] == [", (n:Movie) WHERE n.year = m.year", "WHERE n.id <> m.id"]


def test_every_construct_is_written_as_it_is_read() -> None:
    for _, text in (*PATTERNS, *CONDITIONS):
        for clause in parse_query(text).clauses:
            if type(clause).__name__ == "MatchClause" and not clause.optional:
                (again,) = parse_query(f"{spell.clause(clause)} RETURN 1").clauses
                assert again == clause, text


# Explain, preview, picture


def test_explain_names_masks_rejection_and_cost(movies: Path, tmp_path: Path) -> None:
    output = said("template", "explain", written(tmp_path, BRIDGE), "--workspace", movies)
    assert "mask m.year > 1900: 100.00%" in output
    assert "condition on b, m, on arrays: b.year < m.year" in output
    assert "ranks for a match" in output


def test_preview_says_evidence_and_verdict(movies: Path, tmp_path: Path) -> None:
    output = said("template", "preview", written(tmp_path, BRIDGE), "--workspace", movies, "-n", 2)
    assert output.count("\n- ") + output.startswith("- ") == 2
    assert "    proved" in output
    assert "property: " in output


def test_the_picture_has_every_node_and_hop() -> None:
    drawn = mermaid(loads(BRIDGE))
    assert 'n0("m : Movie"):::given' in drawn
    assert 'n2("p : Person"):::asked' in drawn
    assert 'n2 -->|"WROTE"| n1' in drawn


# Test


def expecting(text: str) -> str:
    return BRIDGE.replace("*/", f"expect:\n{text}\n*/")


GOOD = """  matches: 20..40
  samples: 10
  answers: {"Who wrote the book behind “The Revenant”?": Michael Punke}"""


def test_expectations_that_hold_are_ok(movies: Path, tmp_path: Path) -> None:
    path = written(tmp_path, expecting(GOOD))
    assert said("template", "test", path, "--workspace", movies) == f"{path}: ok\n"


def test_each_expectation_that_fails_is_one_line_with_its_place(movies: Path, tmp_path: Path) -> None:
    wrong = """  matches: "= 3"
  samples: ">= 99"
  questions:
    - "Who wrote the book behind “The Revenent”?"
    - "Who wrote the book behind “Oppenheimer”?"
  answers: {"Who wrote the book behind “The Revenant”?": Anybody}"""
    path = written(tmp_path, expecting(wrong))
    done = invoke("template", "test", path, "--workspace", movies)
    assert done.return_value == 1
    lines = done.output.splitlines()
    assert lines[0].startswith(f"{path}:7:3: expected exactly 3 matches, found 3")
    assert lines[1].startswith(f"{path}:8:3: expected at least 99 proved samples of 3")
    assert lines[2].endswith("is not asked; the nearest is Who wrote the book behind “The Revenant”?")
    assert "“Oppenheimer”? is not proved: unique: 2 answers" in lines[3]
    assert lines[4].endswith("expected Anybody, found Michael Punke")
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  sampels: 3", "7:3: unknown key `expect.sampels` in the header; did you mean `samples`?"),
        ("  samples: many", "7:3: `expect.samples` in the header: write a number such as 29 (at least)"),
        ("  draws: 0", "7:3: `expect.draws` in the header: input should be greater than or equal to 1"),
        ("  answers: [a]", "7:3: `expect.answers` in the header: input should be a valid dictionary"),
    ],
)
def test_an_expectation_that_cannot_be_read_is_shown_at_its_place(text: str, message: str) -> None:
    with pytest.raises(TemplateError) as error:
        loads(expecting(text), path="mine.cypher")
    assert str(error.value).startswith(f"mine.cypher:{message}")


# Schema


def test_the_schema_of_a_header_describes_every_key() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert all("description" in part for part in schema["properties"].values())
    assert schema["properties"]["question"]["anyOf"][1] == {"type": "string"}


def test_every_key_of_kgmines_headers_is_in_the_schema() -> None:
    known = set(json_schema()["properties"])
    for path in (*TEMPLATES, *(ROOT / "synthesis" / "templates").glob("*.cypher")):
        assert {where[0] for where in load(path).places} <= known
