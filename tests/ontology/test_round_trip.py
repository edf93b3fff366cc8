"""What is written is read back: YAML and JSON exactly, Turtle but for the order."""

from __future__ import annotations

from hypothesis import given, settings
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.ontology import read
from kg.ontology.export import export
from kg.ontology.rdf import read_graph
from kg.ontology.turtle import turtle
from schemas.ontology import Schema
from tests.ontology.schemas import arranged, schemas


@settings(max_examples=150, deadline=None)
@given(schemas())
def test_schema_to_yaml_and_back(schema):
    found, problems = read("schema.yaml", export(schema, "yaml"))
    assert [str(p) for p in problems if p.level == "error"] == []
    assert found == schema
    assert found.sha == schema.sha


@settings(max_examples=60, deadline=None)
@given(schemas())
def test_schema_to_json_and_back_says_the_same(schema):
    found, problems = read("schema.json", export(schema, "json"))
    assert [str(p) for p in problems if p.level == "error"] == []
    assert [t.label for t in found.node_types] == [t.label for t in schema.node_types]
    assert found.patterns == schema.patterns
    assert [t.additional_properties for t in found.node_types] == [t.additional_properties for t in schema.node_types]
    assert found.additional_node_types == schema.additional_node_types


@settings(max_examples=60, deadline=None)
@given(schemas())
def test_schema_to_turtle_and_back(schema):
    if not schema.node_types and not schema.relationship_types:
        return
    text = turtle(schema)
    assert text == turtle(schema)
    found = read_graph(Graph().parse(data=text, format="turtle"))
    assert arranged(found.schema) == arranged(schema)


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_turtle_to_schema_to_turtle(schema):
    if not schema.node_types and not schema.relationship_types:
        return
    first = turtle(arranged(schema))
    again = turtle(read_graph(Graph().parse(data=first, format="turtle")).schema)
    assert isomorphic(Graph().parse(data=first, format="turtle"), Graph().parse(data=again, format="turtle"))


def test_an_empty_schema_is_written_and_read():
    assert read("schema.yaml", export(Schema(), "yaml"))[0] == Schema()
