"""Templates: header and query in one file; every shipped one is sound."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from kg.cypher.filters import FILTERS, arguments
from kg.cypher.lint import check, lint
from kg.cypher.schema import schema_of
from kg.cypher.template import load, loads
from kg.snapshot.build import snapshot_from
from schemas.errors import TemplateError
from synthesis.wording.english import English

SHIPPED = sorted((Path(__file__).parents[2] / "synthesis" / "templates").glob("*.cypher"))
TEXT = """/*
task: value                # what it asks
given: [e.name, f.quantity]
answer: f.text
question: >-
  What is the {{ f.quantity }}
  of {{ e.name }}?
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)
RETURN f, e
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_has_no_problem(path):
    assert [str(error) for error in lint(load(path))] == []


def test_the_filters_that_lint_knows_are_those_of_the_wording():
    functions = English().filters()
    assert sorted(functions) == list(FILTERS)
    for name, function in functions.items():
        _, *rest = inspect.signature(function).parameters.values()
        assert arguments(name) == (sum(each.default is each.empty for each in rest), len(rest)), name


def test_a_template_knows_its_parts():
    made = loads(TEXT, name="value")
    assert made.node_variables == (*made.evidence, "e") == ("f", "e")
    assert made.header.question == ("What is the {{ f.quantity }} of {{ e.name }}?",)
    assert made.places["given", 1] == (3, 17)
    assert loads(TEXT.replace("\n", "\r\n")).sha == made.sha
    assert loads(TEXT + "\n").sha != made.sha


def test_a_place_in_a_folded_question_is_found():
    (problem,) = lint(loads(TEXT.replace("given: [e.name,", "given: ["), path="x.cypher"))
    assert (problem.line, problem.column) == (7, 9)


def test_a_graph_adds_its_own_labels_types_and_properties():
    own = TEXT.replace("(e:Entity)", "(e:Entity)-[:ORBITS]->(s:Star)").replace("e.name,", "e.name, s.mass,")
    assert {error.message.split(";")[0] for error in lint(loads(own))} == {
        "unknown label `Star`",
        "unknown relationship type `ORBITS`",
    }
    graph = snapshot_from(
        [{"id": "e", "label": "Entity", "name": "Mars"}, {"id": "s", "label": "Star", "mass": 1.0}],
        [{"type": "ORBITS", "source": "e", "target": "s"}],
    )
    assert lint(loads(own), graph) == []
    assert "Image" in schema_of(graph).labels
    check(loads(own), graph)
    with pytest.raises(TemplateError, match="unknown relationship type"):
        check(loads(own))
