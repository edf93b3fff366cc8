"""What a schema keeps, relates and prunes, on facts made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.corpus.constrain import rejected, summary
from kg.corpus.overlay import build
from kg.graph.build import build as tables_of
from kg.graph.coverage import coverage
from kg.ontology import read
from schemas.fact import Fact, Facts, Mention, Qualifiers, Subject, Support, Value
from tests.extractors.build import document

SCHEMA = """
node_types:
  - label: Aircraft
    synonyms: [airplane]
    properties:
      - {name: registration, unique: true, synonyms: [tail number]}
      - {name: seats, type: INTEGER}
      - {name: mass, type: FLOAT, unit: lbs, synonyms: [gross weight]}
      - {name: built, type: DATE}
      - {name: flying, type: BOOLEAN}
  - label: Maker
    instances: [{name: Cessna, synonyms: [Cessna Aircraft Company]}, Piper]
  - {label: Operator, synonyms: [owner]}
  - Airport
  - Model
relationship_types:
  - {label: MADE_BY, synonyms: [make]}
  - {label: OPERATED_BY, properties: [{name: since, type: DATE}, {name: role}]}
  - LANDED_AT
  - {label: OF_MODEL, synonyms: [model]}
  - {label: RIVAL_OF, synonyms: [rival]}
patterns:
  - [Aircraft, MADE_BY, Maker]
  - [Aircraft, OPERATED_BY, Operator]
  - [Aircraft, LANDED_AT, Airport]
  - [Aircraft, OF_MODEL, Model]
  - [Maker, RIVAL_OF, Maker]
"""


def value(given):
    if isinstance(given, Value):
        return given
    return Value(kind="text", text=given)


def number(text, unit=None):
    return Value(kind="number", text=text, number=Decimal(text), unit=unit)


def fragment(*rows, name="a", mentions=(), **roles):
    """Rows are (kind, name, quantity, value, conditions...)."""
    elements = document([("chunk", "text")], name=name)
    first = elements.elements[0].id
    facts = tuple(
        Fact(
            id=f"{name}{index}",
            document=elements.document.id,
            subject=Subject(name=who, kind=kind),
            shape="entities",
            quantity=quantity,
            value=value(given),
            qualifiers=Qualifiers(conditions=tuple(conditions), period="FY2020" if "since" in roles else None),
            supports=(Support(element=first, span=(index, index + 1)),),
            extractor="tables/1",
            confidence=0.5,
        )
        for index, (kind, who, quantity, given, *conditions) in enumerate(rows)
    )
    made = tuple(Mention(element=first, kind=kind, name=surface) for kind, surface in mentions)
    roles.pop("since", None)
    return elements, Facts(
        document=elements.document.id, extractors=("tables/1",), facts=facts, mentions=made, subject_facts=roles
    )


def made(*fragments, schema=SCHEMA, more=""):
    parsed, problems = read("schema.yaml", schema + more)
    assert [p for p in problems if p.level == "error"] == []
    overlay = build(fragments, parsed)
    names = {entity.id: entity.name for entity in overlay.entities}
    relations = [(names[r.source], r.type, names[r.target]) for r in overlay.constraint.relations]
    tables = tables_of(fragments, overlay, parsed)
    return overlay, sorted(relations), tables


def checks(overlay):
    return sorted((row.what, row.check, row.name) for row in overlay.constraint.pruned)


def test_kinds_and_synonyms_give_types():
    overlay, _, tables = made(
        fragment(
            ("light airplane", "N1", "seats", number("4")),
            ("aircraft", "N2", "seats", number("2")),
            ("ship", "Aurora", "seats", number("9")),
            mentions=[("term", "GPU")],
        )
    )
    assert {(e.name, e.type) for e in overlay.entities} == {("N1", "Aircraft"), ("N2", "Aircraft")}
    assert checks(overlay) == [("entity", "node_type", "Aurora"), ("entity", "node_type", "GPU")]
    reasons = {row.name: row.reason for row in overlay.constraint.pruned}
    assert reasons["Aurora"] == "no node type is called 'ship'; a fact goes with it"
    assert tables.nodes["Assertion"].num_rows == 2
    assert tables.nodes["Assertion"]["property"].to_pylist() == ["seats", "seats"]
    assert tables.nodes["Entity"]["type"].to_pylist() == ["Aircraft", "Aircraft"]


def test_a_header_names_the_relation_or_the_type_of_the_other_end():
    overlay, relations, tables = made(
        fragment(
            ("aircraft", "N1", "make", "Piper"),
            ("aircraft", "N1", "operator", "Blue Air"),
            ("aircraft", "N1", "airport in the accident", "Kiel"),
            ("aircraft", "N1", "model", number("152")),
            event="aviation accident",
        )
    )
    assert relations == [
        ("N1", "LANDED_AT", "Kiel"),
        ("N1", "MADE_BY", "Piper"),
        ("N1", "OF_MODEL", "152"),
        ("N1", "OPERATED_BY", "Blue Air"),
    ]
    edge = tables.edges["OPERATED_BY", "Entity", "Entity"].to_pylist()[0]
    facts = {row["id"]: row for row in tables.nodes["Assertion"].to_pylist()}
    assert [facts[id_]["text"] for id_ in edge["supports"]] == ["Blue Air"]
    assert (edge["text"], edge["confidence"], edge["provenance"]) == ("Blue Air", 0.5, "source")
    assert facts[edge["supports"][0]]["property"] == "OPERATED_BY"
    assert checks(overlay) == []


def test_one_relation_has_all_facts_that_state_it():
    row = ("aircraft", "N1", "operator", "Blue Air")
    _, relations, tables = made(fragment(row), fragment(row, name="b"))
    assert relations == [("N1", "OPERATED_BY", "Blue Air")]
    assert len(tables.edges["OPERATED_BY", "Entity", "Entity"]["supports"][0].as_py()) == 2


def test_spellings_of_an_instance_are_one_entity_with_the_declared_name():
    overlay, relations, _ = made(
        fragment(
            ("aircraft", "N1", "make", "Cessna Aircraft Company"),
            ("aircraft", "N2", "make", "CESSNA"),
            mentions=[("term", "Cessna")],
        )
    )
    assert relations == [("N1", "MADE_BY", "Cessna"), ("N2", "MADE_BY", "Cessna")]
    assert {"CESSNA", "Cessna Aircraft Company"} <= set(next(e.aliases for e in overlay.entities if e.name == "Cessna"))


def test_a_declared_kind_wins_over_the_gazetteer():
    overlay, _, _ = made(fragment(("airport", "Piper", "altitude", number("4"))))
    assert [(e.name, e.type) for e in overlay.entities] == [("Piper", "Airport")]


def test_a_condition_names_the_other_end_by_its_axis():
    more = ["{label: FLOWN_TO}", "[Aircraft, FLOWN_TO, Airport]"]
    schema = SCHEMA.replace("  - LANDED_AT\n", f"  - {more[0]}\n").replace(
        "  - [Aircraft, LANDED_AT, Airport]\n", f"  - {more[1]}\n"
    )
    _, relations, _ = made(fragment(("aircraft", "N1", "seats", number("3"), ("airport", "Kiel"))), schema=schema)
    assert relations == [("N1", "FLOWN_TO", "Kiel")]


def test_a_list_of_known_names_is_several_and_of_unknown_ones_is_one():
    _, relations, _ = made(
        fragment(
            ("aircraft", "N1", "operator", "Blue Air and Red Air"),
            ("aircraft", "N2", "operator", "Green and Sons"),
            mentions=[("operator", "Blue Air"), ("operator", "Red Air")],
        )
    )
    assert relations == [
        ("N1", "OPERATED_BY", "Blue Air"),
        ("N1", "OPERATED_BY", "Red Air"),
        ("N2", "OPERATED_BY", "Green and Sons"),
    ]


def test_what_no_pattern_allows_is_pruned_with_the_reason():
    overlay, relations, _ = made(
        fragment(
            ("airport", "Kiel", "make", "Piper"), ("maker", "Piper", "rival", "Piper"), mentions=[("airport", "Cessna")]
        )
    )
    assert relations == []
    reasons = [(row.check, row.reason) for row in overlay.constraint.pruned]
    assert reasons == [
        ("itself", "RIVAL_OF would lead from 'Piper' to itself"),
        ("pattern", "[Airport, MADE_BY, …] is no pattern"),
    ]


def test_a_header_of_two_relations_needs_a_known_name():
    two = SCHEMA.replace("  - Model\n", "  - Model\n  - Club\n").replace(
        "  - [Aircraft, OPERATED_BY, Operator]\n",
        "  - [Aircraft, OPERATED_BY, Operator]\n  - [Aircraft, OPERATED_BY, Club]\n",
    )
    rows = [("aircraft", "N1", "operated by", "Blue Air"), ("aircraft", "N2", "operated by", "Red Air")]
    overlay, relations, _ = made(fragment(*rows, mentions=[("club", "Blue Air")]), schema=two)
    assert relations == [("N1", "OPERATED_BY", "Blue Air")]
    assert [(r.check, r.reason) for r in overlay.constraint.pruned] == [
        ("ambiguous", "'operated by' may mean OPERATED_BY Operator; OPERATED_BY Club")
    ]


@pytest.mark.parametrize(
    ("quantity", "given", "check"),
    [
        ("seats", number("4"), None),
        ("seats", number("4.5"), "property_type"),
        ("seats", "four", "property_type"),
        ("gross weight", number("2000", "pound"), None),
        ("gross weight", number("900", "kilogram"), None),
        ("gross weight", number("900"), None),
        ("gross weight", number("900", "foot"), "unit"),
        ("built", Value(kind="date", text="1 May 1970", date="1970-05-01"), None),
        ("built", "long ago", "property_type"),
        ("flying", Value(kind="boolean", text="No"), None),
        ("flying", "No", "property_type"),
        ("tail number", "N5", None),
        ("colour", "red", "property"),
    ],
)
def test_values_fit_the_properties(quantity, given, check):
    overlay, _, tables = made(fragment(("aircraft", "N1", quantity, given)))
    assert [row.check for row in overlay.constraint.pruned] == ([check] if check else [])
    assert tables.nodes["Assertion"].num_rows == (0 if check else 1)


def test_a_unit_may_be_any_of_its_dimension_and_years_are_time():
    schema = "node_types: [{label: Moon, properties: [{name: period, type: FLOAT, unit: day}]}]"
    overlay, _, _ = made(
        fragment(("moon", "Io", "period", number("2", "year")), ("moon", "Io", "period", number("2", "hour"))),
        schema=schema,
    )
    assert checks(overlay) == []


def test_what_lacks_a_required_property_goes_with_all_that_hangs_on_it():
    schema = SCHEMA.replace("{name: registration, ", "{name: registration, required: true, ")
    overlay, relations, tables = made(
        fragment(
            ("aircraft", "Alpha", "tail number", "N1"),
            ("aircraft", "Alpha", "operator", "Blue Air"),
            ("aircraft", "Beta", "operator", "Red Air"),
            ("aircraft", "Beta", "seats", number("2")),
        ),
        schema=schema,
    )
    assert relations == [("Alpha", "OPERATED_BY", "Blue Air")]
    assert {entity.name for entity in overlay.entities} == {"Alpha", "Blue Air"}
    assert [(r.check, r.reason) for r in overlay.constraint.pruned] == [
        ("required", "Aircraft requires registration, and no document gives it; 2 facts go with it")
    ]
    assert tables.nodes["Assertion"].num_rows == 2


def test_a_shared_unique_value_is_a_possible_pair_and_is_kept():
    overlay, _, _ = made(
        fragment(("aircraft", "Alpha", "registration", "N1"), ("aircraft", "Beta", "tail number", "n1"))
    )
    (pair,) = overlay.same_as
    assert pair[2] == "both have the registration n1"
    assert [(r.check, r.name) for r in overlay.constraint.pruned] == [("unique", "Alpha and Beta")] or [
        (r.check, r.name) for r in overlay.constraint.pruned
    ] == [("unique", "Beta and Alpha")]
    assert len(overlay.entities) == 2


def test_declared_properties_of_a_relation_come_from_conditions_and_periods():
    _, _, tables = made(
        fragment(("aircraft", "N1", "operator", "Blue Air", ("role", "lessee")), since=True),
    )
    edge = tables.edges["OPERATED_BY", "Entity", "Entity"].to_pylist()[0]
    assert (edge["since"], edge["role"]) == ("FY2020", "lessee")


def test_open_schemas_keep_what_they_do_not_name():
    overlay, relations, tables = made(
        fragment(
            ("aircraft", "N1", "seats", number("4")),
            ("ship", "Aurora", "length", number("9", "metre")),
            ("ship", "Aurora", "rival", "N1"),
        ),
        more="additional_node_types: true\nadditional_patterns: true\n",
    )
    assert {(e.name, e.type) for e in overlay.entities} == {("N1", "Aircraft"), ("Aurora", None)}
    assert relations == [("Aurora", "RIVAL_OF", "N1")]
    assert tables.nodes["Assertion"].num_rows == 3
    assert checks(overlay) == []


def test_the_pruned_list_becomes_rejects_and_a_summary():
    overlay, _, _ = made(
        fragment(("aircraft", "N1", "colour", "red"), ("aircraft", "N2", "colour", "blue"), mentions=[("term", "GPU")])
    )
    rows = rejected(overlay)
    assert [(r.stage, r.check, r.item) for r in rows] == [
        ("schema", "node_type", "GPU"),
        ("schema", "property", "colour of N1: red"),
        ("schema", "property", "colour of N2: blue"),
    ]
    assert summary(overlay.constraint.pruned)[0] == (
        "fact",
        "property",
        "Aircraft has no property 'colour'",
        2,
        "colour of N1: red",
    )


def test_order_of_documents_does_not_matter():
    parts = [
        fragment(("aircraft", "N1", "operator", "Blue Air")),
        fragment(("airplane", "N1", "make", "Piper"), name="b"),
        fragment(("airport", "Kiel", "altitude", number("3", "metre")), name="c"),
    ]
    assert made(*parts)[0] == made(*reversed(parts))[0]


def test_coverage_counts_what_is_declared():
    _, _, tables = made(fragment(("aircraft", "N1", "tail number", "N1"), ("aircraft", "N1", "make", "Piper")))
    rows = {row.name: row.count for row in coverage(tables, read("schema.yaml", SCHEMA)[0])}
    assert (rows["Aircraft"], rows["Aircraft.registration"], rows["Aircraft.seats"]) == (1, 1, 0)
    assert (rows["MADE_BY"], rows["Aircraft MADE_BY Maker"], rows["LANDED_AT"]) == (1, 1, 0)
    assert tables.edges["LANDED_AT", "Entity", "Entity"].num_rows == 0
