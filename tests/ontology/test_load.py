"""schema.yaml: what is read, and every mistake with file, line and column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.graph import model
from kg.ontology import SchemaError, check, load, read, terms
from kg.ontology.export import export
from kg.ontology.json_schema import json_schema
from kg.ontology.rules import OWN_PROPERTIES, RESERVED
from schemas.errors import ConfigError
from schemas.ontology import Instance, NodeType, PropertyType, RelationshipType, Schema

GOOD = """\
node_types:
  - Airport                                 # a plain name is short for {label: Airport}
  - label: Aircraft
    synonyms: [airplane]
    properties:
      - {name: registration, required: true, unique: true}
      - {name: seats, type: int}
      - {name: time, type: double, unit: hours}
  - {label: Maker, instances: [Piper, {name: Cessna, synonyms: [Cessna Aircraft Company]}]}
relationship_types: [MADE_BY]
patterns:
  - [Aircraft, MADE_BY, Maker]
"""


def said(text):
    return [str(problem) for problem in read("schema.yaml", text)[1]]


def test_short_forms_and_other_spellings_are_read():
    schema, problems = read("schema.yaml", GOOD)
    assert problems == ()
    assert schema.node_types[0] == NodeType(label="Airport")
    assert schema.node_types[0].additional_properties
    assert not schema.node_types[1].additional_properties
    assert [(p.type, p.unit) for p in schema.node_types[1].properties] == [
        ("STRING", None),
        ("INTEGER", None),
        ("FLOAT", "hour"),
    ]
    assert schema.node_types[2].instances[1] == Instance(name="Cessna", synonyms=("Cessna Aircraft Company",))
    assert (schema.additional_node_types, schema.additional_relationship_types, schema.additional_patterns) == (
        False,
    ) * 3
    assert [(term.kind, term.spelling) for term in terms(schema)] == [
        ("maker", "Cessna"),
        ("maker", "Cessna Aircraft Company"),
        ("maker", "Piper"),
    ]


def test_the_sha_is_of_the_meaning():
    schema = read("schema.yaml", GOOD)[0]
    assert read("x.yaml", "# comment\n" + GOOD.replace("double", "FLOAT").replace("hours", "hour"))[0].sha == schema.sha
    assert read("x.yaml", GOOD.replace("Piper", "Beech"))[0].sha != schema.sha


def test_what_neo4j_graphrag_saves_is_read():
    saved = {
        "node_types": [
            {
                "label": "Person",
                "description": "",
                "properties": [{"name": "name", "type": "STRING", "description": "", "required": True}],
                "additional_properties": False,
            },
            {"label": "City", "description": "", "properties": [{"name": "name", "type": "STRING"}]},
        ],
        "relationship_types": [
            {"label": "LIVES_IN", "description": "", "properties": [], "additional_properties": True}
        ],
        "patterns": [{"source": "Person", "relationship": "LIVES_IN", "target": "City"}],
        "constraints": [{"type": "UNIQUENESS", "node_type": "Person", "property_name": "name"}],
        "additional_node_types": False,
        "additional_relationship_types": False,
        "additional_patterns": False,
    }
    schema, problems = read("schema.json", json.dumps(saved, indent=4))
    assert problems == ()
    assert schema.patterns == (("Person", "LIVES_IN", "City"),)
    assert schema.node_types[0].properties[0].unique


def test_constraints_of_neo4j_graphrag_are_folded_into_the_properties():
    head = "node_types: [{label: A, properties: [x, y]}]\nconstraints:\n"
    rows = {
        "{type: EXISTENCE, node_type: A, property_names: [x]}": (True, False),
        "{type: KEY, node_type: A, property_names: [x], relationship_type: null}": (True, True),
        "{type: UNIQUENESS, node_type: A, property_name: x}": (False, True),
        "{type: UNIQUENESS, node_type: A, property_names: [x, y]}": (False, False),
    }
    for row, expected in rows.items():
        schema, _ = read("schema.yaml", f"{head}  - {row}\n")
        property_ = schema.node_types[0].properties[0]
        assert (property_.required, property_.unique) == expected
    assert said(f"{head}  - {{type: UNIQUENESS, node_type: A, property_names: [x, y]}}") == [
        "schema.yaml:3:5: warning: x and y together are not checked to be unique"
    ]
    assert said(f"{head}  - {{type: KEY, node_type: A, property_name: z}}") == ["schema.yaml:3:5: A has no property z"]
    assert "a constraint is" in said(f"{head}  - {{type: POLICE, node_type: A}}")[0]


MISTAKES = {
    "synonyms: [airplane]": ("synonims: [airplane]", "schema.yaml:4:5: unknown key synonims; did you mean synonyms?"),
    "type: int}": ("type: intger}", "schema.yaml:7:29: INTGER is no property type; did you mean INTEGER?"),
    "unit: hours": ("unit: huor", "schema.yaml:8:42: no unit huor; did you mean hour?"),
    "type: double": ("type: DATE", "schema.yaml:8:28: time has a unit, so it is FLOAT or INTEGER, not DATE"),
    "required: true": ("required: maybe", "schema.yaml:6:40: required: true or false is expected"),
    "[Aircraft, MADE_BY, Maker]": (
        "[Aircraft, MADE_BY, Makers]",
        "schema.yaml:12:25: no node type Makers; did you mean Maker?",
    ),
    "  - [Aircraft,": ("  - [Plane,", "schema.yaml:12:6: no node type Plane; add it to node_types"),
    "relationship_types: [MADE_BY]": (
        "relationship_types: [MADE]",
        "schema.yaml:12:16: no relationship type MADE_BY; did you mean MADE?",
    ),
    "- Airport ": ("- Aircraft ", "schema.yaml:3:12: Aircraft stands twice; first as number 1 of node_types"),
    "[airplane]": ("[maker]", "schema.yaml:9:13: 'maker' means two node types: Aircraft and Maker"),
    "name: seats": ("name: Registration", None),
    "[Piper,": ("[Piper, piper,", "schema.yaml:9:39: 'piper' means two instances of Maker: Piper and piper"),
    "label: Maker": ("label: no", "schema.yaml:9:13: label: false is no text here; put it in quotes"),
    "label: Aircraft": ("label: Air craft", "schema.yaml:3:12: 'Air craft' is no label: letters, digits and _ only, as in Air_craft"),
    "    synonyms:": ("    label: Plane\n    synonyms:", "schema.yaml:4:5: label stands twice; first in line 3"),
    "MADE_BY]": ("MADE_BY, CITES]", "schema.yaml:10:31: CITES is a relationship type of kgmine's own; give yours another name"),
    ", Maker]": ("]", "schema.yaml:12:5: a pattern has three parts: [Aircraft, OPERATED_BY, Operator]"),
    "patterns:": ("additional_patterns: false\nadditional_relationship_types: true\npatterns:", None),
    "  - label: Aircraft": ("  - lable: Aircraft", "schema.yaml:3:5: label is missing"),
    "node_types:": ("node_types: &a [*a]\nx:", None),
    "properties:": ("properties: 5\n    more:", "schema.yaml:5:17: properties: a list is expected"),
    "patterns:\n": ("patterns: [\n", "schema.yaml:12:3: no YAML: expected the node content, but found '-'"),
}  # fmt: skip


@pytest.mark.parametrize("old", MISTAKES, ids=lambda text: text.strip())
def test_each_mistake_has_its_place(old):
    new, expected = MISTAKES[old]
    assert old in GOOD
    found = [line for line in said(GOOD.replace(old, new, 1)) if "warning" not in line]
    assert found
    assert all(line.startswith("schema.yaml:") for line in found)
    if expected is not None:
        assert expected in found


def test_one_name_of_two_properties_is_a_mistake():
    text = "node_types:\n  - label: A\n    properties: [{name: launch_mass}, {name: weight, synonyms: [launch mass]}]\n"
    assert said(text) == ["schema.yaml:3:64: 'launch mass' means two properties: launch_mass and weight"]


def test_what_is_said_in_vain_is_a_warning():
    assert said("node_types: [A]\nrelationship_types: [R, S]\npatterns: [[A, R, A], [A, R, A]]") == [
        "schema.yaml:2:25: warning: no pattern has S, so no such relation is kept",
        "schema.yaml:3:23: warning: [A, R, A] stands twice",
    ]
    assert said("") == ["schema.yaml:1:1: warning: an empty schema allows everything"]


def test_load_says_the_first_mistake_and_how_many_more(tmp_path: Path):
    path = tmp_path / "schema.yaml"
    path.write_text("node_typs: []\nrelations: []\n")
    with pytest.raises(SchemaError) as error:
        load(path)
    assert str(error.value).removeprefix(f"{tmp_path}/") == (
        "schema.yaml:1:1: unknown key node_typs; did you mean node_types? (and 1 more: `kgmine schema check`)"
    )
    assert [str(p).split(":")[1] for p in check(path)] == ["1", "2"]
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "none.yaml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(path)


def test_aliases_that_multiply_themselves_end():
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9))
    assert any("multiply" in line for line in said(text))


def test_reserved_names_are_those_of_the_graph():
    assert set(model.EDGE_TYPES) <= RESERVED
    assert {"id", *model.COMMON, *model.RELATION} == OWN_PROPERTIES


def test_the_json_schema_knows_the_keys_that_the_reader_knows():
    made = json_schema()
    assert set(made["properties"]) == {*Schema.model_fields, "constraints"}
    for row in (NodeType, RelationshipType, PropertyType, Instance):
        short, long = made["$defs"][row.__name__]["anyOf"]
        assert short["type"] == "string"
        assert set(long["properties"]) == set(row.model_fields)
        assert long["additionalProperties"] is False
    assert json.loads(export(Schema(), "json-schema")) == made


def test_yaml_is_written_as_a_person_would():
    schema = read("schema.yaml", GOOD)[0]
    assert export(schema, "yaml") == (
        "node_types:\n"
        "  - Airport\n"
        "  - label: Aircraft\n"
        "    synonyms: [airplane]\n"
        "    properties:\n"
        "      - {name: registration, type: STRING, required: true, unique: true}\n"
        "      - {name: seats, type: INTEGER}\n"
        "      - {name: time, type: FLOAT, unit: hour}\n"
        "  - label: Maker\n"
        "    instances:\n"
        "      - Piper\n"
        "      - {name: Cessna, synonyms: [Cessna Aircraft Company]}\n"
        "relationship_types:\n"
        "  - MADE_BY\n"
        "patterns:\n"
        "  - [Aircraft, MADE_BY, Maker]\n"
    )
