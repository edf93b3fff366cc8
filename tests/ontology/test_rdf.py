"""Ontologies of others: what becomes of RDFS, OWL and SKOS, what is noted, and broken files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.ontology import read
from kg.ontology.export import export
from kg.ontology.rdf import read_rdf
from schemas.errors import ConfigError
from schemas.ontology import Instance

PREFIXES = """\
@prefix : <http://example.org/onto#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> .
"""


@pytest.fixture
def taken(tmp_path: Path):
    def _taken(text, name="onto.ttl", **more):
        path = tmp_path / name
        path.write_text(PREFIXES + text if name.endswith("ttl") else text, encoding="utf-8")
        found = read_rdf([path], **more)
        problems = read("schema.yaml", export(found.schema, "yaml"))[1]
        assert [str(p) for p in problems if p.level == "error"] == []
        return found

    return _taken


def types(found):
    return {type_.label: type_ for type_ in found.schema.node_types}


def test_subclasses_inherit_and_say_so(taken):
    found = taken(
        ":Vehicle a owl:Class . :Aircraft a owl:Class ; rdfs:subClassOf :Vehicle .\n"
        ":Operator a owl:Class .\n"
        ":mass a owl:DatatypeProperty ; rdfs:domain :Vehicle ; rdfs:range xsd:decimal .\n"
        ":operatedBy a owl:ObjectProperty ; rdfs:domain :Vehicle ; rdfs:range :Operator ."
    )
    assert [p.name for p in types(found)["Aircraft"].properties] == ["mass"]
    assert found.schema.patterns == (("Aircraft", "OPERATED_BY", "Operator"), ("Vehicle", "OPERATED_BY", "Operator"))
    assert any("Aircraft: has the properties and patterns of Vehicle" in note for note in found.notes)


def test_labels_of_another_language_are_used_only_where_there_is_no_other(taken):
    text = ':A a owl:Class ; rdfs:label "aeroplane"@en, "Flugzeug"@de ; rdfs:comment "Fliegt."@de .'
    assert types(taken(text))["A"].synonyms == ("aeroplane",)
    assert types(taken(text, language="de"))["A"].synonyms == ("Flugzeug",)
    assert types(taken(text))["A"].description == "Fliegt."


def test_opaque_names_give_way_to_labels(taken):
    found = taken(
        ':BFO_0000040 a owl:Class ; rdfs:label "material entity" . :BFO_0000050 a owl:ObjectProperty ;\n'
        '  rdfs:label "part of" ; rdfs:domain :BFO_0000040 ; rdfs:range :BFO_0000040 .'
    )
    assert found.schema.patterns == (("MaterialEntity", "PART_OF", "MaterialEntity"),)


def test_restrictions_require_and_narrow(taken):
    found = taken(
        ":A a owl:Class . :B a owl:Class . :C a owl:Class .\n"
        ":p a owl:DatatypeProperty . :q a owl:ObjectProperty ; rdfs:domain :A, :B ; rdfs:range [ owl:unionOf (:B :C) ] .\n"
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:cardinality 1 ] ;\n"
        "   rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:allValuesFrom :C ] ; owl:hasKey ( :p ) ."
    )
    (row,) = types(found)["A"].properties
    assert (row.name, row.required, row.unique) == ("p", True, True)
    assert found.schema.patterns == (("A", "Q", "C"), ("B", "Q", "B"), ("B", "Q", "C"))
    assert "q: several domains; taken as alternatives" in found.notes


def test_an_inverse_gives_the_ends(taken):
    found = taken(
        ":A a owl:Class . :B a owl:Class . :makes a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :B .\n"
        ":madeBy a owl:ObjectProperty ; owl:inverseOf :makes ."
    )
    assert found.schema.patterns == (("A", "MAKES", "B"), ("B", "MADE_BY", "A"))


def test_individuals_and_enumerations_are_instances(taken):
    found = taken(
        ":Maker a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:oneOf ( :Piper :Cessna ) ] .\n"
        ':Cessna skos:altLabel "Cessna Aircraft Company" . :Vans_Aircraft a :Maker .'
    )
    assert types(found)["Maker"].instances == (
        Instance(name="Cessna Aircraft Company"),
        Instance(name="Piper"),
        Instance(name="Vans Aircraft"),
    )


def test_plain_rdfs_and_schema_org(taken):
    found = taken(
        ":Person a rdfs:Class . :City a rdfs:Class .\n"
        ":born a rdf:Property ; rdfs:domain :Person ; rdfs:range :City .\n"
        ":age a rdf:Property ; schema:domainIncludes :Person ; schema:rangeIncludes xsd:integer ."
    )
    assert found.schema.patterns == (("Person", "BORN", "City"),)
    assert [(p.name, p.type) for p in types(found)["Person"].properties] == [("age", "INTEGER")]


def test_a_name_of_kgmine_gets_another(taken):
    found = taken(":Paper a owl:Class . :cites a owl:ObjectProperty ; rdfs:domain :Paper ; rdfs:range :Paper .")
    assert found.schema.patterns == (("Paper", "CITES_RELATION", "Paper"),)
    assert "CITES: kgmine has a type of this name; called CITES_RELATION" in found.notes


def test_synonyms_of_two_types_stay_with_the_first(taken):
    found = taken(':A a owl:Class ; skos:altLabel "thing" . :B a owl:Class ; skos:altLabel "thing", "a" .')
    assert (types(found)["A"].synonyms, types(found)["B"].synonyms) == (("thing",), ())


def test_concept_schemes_and_top_concepts_are_types(taken):
    found = taken(
        ':makers a skos:ConceptScheme ; skos:prefLabel "Aircraft manufacturers"@en .\n'
        ':cessna a skos:Concept ; skos:inScheme :makers ; skos:prefLabel "Cessna"@en, "Cessna"@de ;\n'
        '  skos:altLabel "Cessna Aircraft Company"@en ; skos:hiddenLabel "Cesna" .\n'
        ':engine a skos:Concept ; skos:prefLabel "Engine"@en ; skos:narrower :piston .\n'
        ':piston a skos:Concept ; skos:prefLabel "Piston engine"@en . :o320 skos:broader :piston ; skos:prefLabel "O-320" .'
    )
    kinds = types(found)
    assert set(kinds) == {"AircraftManufacturer", "Engine"}
    assert kinds["AircraftManufacturer"].instances == (
        Instance(name="Cessna", synonyms=("Cesna", "Cessna Aircraft Company")),
    )
    assert [i.name for i in kinds["Engine"].instances] == ["O-320", "Piston engine"]


def test_concepts_without_a_scheme_are_one_type(taken):
    found = taken(':a a skos:Concept ; skos:prefLabel "alpha" . :b a skos:Concept ; skos:prefLabel "beta" .')
    assert [i.name for i in types(found)["Concept"].instances] == ["alpha", "beta"]


def test_what_is_deprecated_or_remote_is_noted(taken):
    found = taken(
        "<http://example.org/onto> a owl:Ontology ; owl:imports <http://elsewhere.org/other> .\n"
        ":Old a owl:Class ; owl:deprecated true . :New a owl:Class ."
    )
    assert set(types(found)) == {"New"}
    assert "Old: deprecated, left out" in found.notes
    assert any("imports http://elsewhere.org/other: not fetched" in note for note in found.notes)


def test_cycles_of_classes_and_properties_end(taken):
    found = taken(
        ":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :A .\n"
        ":p a owl:ObjectProperty ; owl:inverseOf :p ; rdfs:subPropertyOf :p .\n"
        ':a skos:broader :b ; skos:prefLabel "a" . :b skos:broader :a ; skos:prefLabel "b" .'
    )
    assert set(types(found)) >= {"A", "B"}


def test_rdf_xml_and_json_ld_say_the_same(taken, tmp_path):
    from rdflib import Graph

    text = PREFIXES + ':A a owl:Class ; rdfs:comment "first" . :p a owl:DatatypeProperty ; rdfs:domain :A .'
    first = taken(text.removeprefix(PREFIXES)).schema
    graph = Graph().parse(data=text, format="turtle")
    for form, name in (("xml", "o.rdf"), ("json-ld", "o.jsonld"), ("nt", "o.nt"), ("turtle", "o.owl")):
        path = tmp_path / name
        path.write_text(graph.serialize(format=form), encoding="utf-8")
        assert read_rdf([path]).schema == first


RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
BROKEN = {
    "a.ttl": ("@prefix : <http://e.org/> .\n:A a :B ;\n  :c \n", "a.ttl:3:5: no turtle: objectList expected"),
    "b.rdf": (f"<?xml version='1.0'?>\n{RDF_XML}>\n<x></rdf:RDF>", "b.rdf:3:6: no RDF/XML: mismatched tag"),
    "c.rdf": (
        f'<!DOCTYPE r [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>{RDF_XML}/>',
        "c.rdf:2: an entity may stand for a short text only",
    ),
    "d.rdf": (
        f'<!DOCTYPE r [<!ENTITY a "ha">\n<!ENTITY b "&a;&a;&a;&a;">]>{RDF_XML}/>',
        "d.rdf:2: an entity may stand for a short text only",
    ),
    "e.jsonld": (
        json.dumps({"@context": "https://schema.org", "@id": "x"}),
        "e.jsonld: its context https://schema.org would have to be fetched",
    ),
    "f.jsonld": ("{", "f.jsonld: no JSON"),
    "g.nt": ("<http://a> <http://b> .\n", "g.nt: no nt"),
    "h.ttl": ("", "h.ttl: no class, property or concept in it"),
    "i.docx": ("", "i.docx: no RDF file; endings are .ttl"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_line(name, tmp_path):
    text, expected = BROKEN[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError) as error:
        read_rdf([tmp_path / name])
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


def test_entities_that_name_namespaces_are_read(tmp_path):
    text = (
        '<!DOCTYPE rdf:RDF [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]>\n'
        f'{RDF_XML}><rdf:Description rdf:about="http://e.org/A"><rdf:type rdf:resource="&owl;Class"/>'
        "</rdf:Description></rdf:RDF>"
    )
    (tmp_path / "o.owl").write_text(text)
    assert [t.label for t in read_rdf([tmp_path / "o.owl"]).schema.node_types] == ["A"]
