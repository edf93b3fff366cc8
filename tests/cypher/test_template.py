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
from sampling.count import count
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


def test_a_parameter_has_its_value_in_the_header():
    with_ = TEXT.replace("(e:Entity)", "(e:Entity {kind: $kind})").replace("given:", "parameters: {kind: moon}\ngiven:")
    assert lint(loads(with_)) == []
    graph = snapshot_from(
        [{"id": f"{kind}{k}", "label": "Entity", "kind": kind} for kind in ("moon", "planet") for k in range(2)]
        + [{"id": f"f{k}", "label": "Assertion", "quantity": "mass"} for k in range(4)],
        [{"type": "SUBJECT", "source": f"f{k}", "target": f"{('moon', 'planet')[k % 2]}{k // 2}"} for k in range(4)],
    )
    assert count(loads(with_), graph).value == 2
    assert count(loads(with_.replace("kind: moon", "kind: comet")), graph).value == 0
    with pytest.raises(TemplateError, match=r"parameter \$kind has no value; write `parameters: {kind: …}`"):
        loads(with_.replace("parameters: {kind: moon}\n", ""))


def test_a_degree_band_is_a_stratum():
    assert lint(loads(TEXT.replace("given:", "strata: [degree(e)]\ngiven:"))) == []
