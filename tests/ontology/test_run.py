"""An OWL ontology becomes a schema and constrains a run: what is kept, what is pruned and why, what is proved."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extraction.extractors import extract_all
from extraction.readers import reader_for
from kg.corpus.constrain import rejected
from kg.corpus.overlay import build
from kg.cypher.lint import lint
from kg.cypher.template import loads
from kg.graph import model
from kg.graph.build import build as tables_of
from kg.graph.derive import derive
from kg.graph.tables import properties
from kg.ontology import load, read, terms
from kg.ontology.export import export
from kg.ontology.rdf import read_rdf
from kg.proof.prove import prove
from kg.proof.source import SourceIndex
from kg.snapshot.build import open_snapshot
from sampling.draw import draw_with_report
from schemas.sample import Sample
from synthesis.synthesize import bench_of

PLANETS = Path(__file__).resolve().parents[2] / "examples" / "planets"
FILES = ("discoverers.md", "moons.csv", "dwarf-planets.html", "telescopes.html")
CHAIN = """/*
task: birthplace
given: [m.name]
answer: c.name
question: "In which country was the discoverer of {{ m.name }} born?"
*/
MATCH (m:Entity {type: 'Moon'})-[:DISCOVERED_BY]->(p:Entity)-[:BORN_IN]->(c:Entity)
RETURN m, p, c
"""


@pytest.fixture(scope="module")
def elements(tmp_path_factory):
    blobs = tmp_path_factory.mktemp("blobs")
    made = [reader_for(PLANETS / "corpus" / name).read(PLANETS / "corpus" / name, blobs) for name in FILES]
    return [
        one.model_copy(update={"document": one.document.model_copy(update={"paths": (name,)})})
        for one, name in zip(made, FILES, strict=True)
    ]


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """By the way that a user takes: import, write, load."""
    path = tmp_path_factory.mktemp("schema") / "schema.yaml"
    path.write_text(export(read_rdf([PLANETS / "ontology.ttl"]).schema, "yaml"), encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def run(elements, schema):
    fragments = [(one, extract_all(one, gazetteer=terms(schema))) for one in elements]
    overlay = build(fragments, schema)
    return fragments, overlay, tables_of(fragments, overlay, schema)


def test_what_the_ontology_names_is_kept_typed_and_related(run):
    _, overlay, tables = run
    assert Counter(e.type for e in overlay.entities) == {
        "Moon": 29, "Person": 13, "DwarfPlanet": 5, "Country": 5, "Planet": 6,
    }  # fmt: skip
    assert {key[0]: t.num_rows for key, t in tables.edges.items() if key[0] not in model.EDGE_TYPES} == {
        "BORN_IN": 13,
        "DISCOVERED_BY": 29,
        "FOUND_AT": 0,
        "ORBITS": 29,
    }
    names = {e.id: e.name for e in overlay.entities}
    pairs = {(names[r.source], r.type, names[r.target]) for r in overlay.constraint.relations}
    assert ("Titan", "ORBITS", "Saturn") in pairs
    assert ("Titan", "DISCOVERED_BY", "Christiaan Huygens") in pairs
    assert ("Christiaan Huygens", "BORN_IN", "Netherlands") in pairs


def test_what_it_does_not_name_is_pruned_with_reasons(run):
    rows = rejected(run[1])
    assert {row.stage for row in rows} == {"schema"}
    reasons = {row.item: f"{row.check}: {row.reason}" for row in rows}
    assert reasons["Kepler Space Telescope"].startswith("node_type: no node type is called 'space telescope'")
    assert "property: Person has no property 'year of death'; the nearest is year_of_birth" in reasons.values()
    assert "property: DwarfPlanet has no property 'region'" in reasons.values()
    kept = set(run[2].nodes["Assertion"]["quantity"].to_pylist())
    assert kept == {"country of birth", "year of birth", "planet", "discoverer", "year of discovery", "orbital period"}


def test_a_chain_of_relations_is_proved_by_the_facts_that_state_them(run, schema, tmp_path):
    fragments, _, tables = run
    tables.write(tmp_path / "tables")
    snapshot = open_snapshot(tmp_path / "tables")
    template = loads(CHAIN)
    assert list(lint(template, snapshot)) == []
    matches, _ = draw_with_report(template, snapshot, 40, 1)
    drawn = list(matches)
    assert len(drawn) == 29
    sources = SourceIndex(PLANETS / "corpus", {e.document.id: e.document.paths for e, _ in fragments})
    bench = bench_of(template, snapshot, seed=1)
    proved = [prove(bench.draft(match), template, snapshot, sources) for match in drawn]
    samples = [one for one in proved if isinstance(one, Sample)]
    assert len(samples) == 29
    answers = {sample.question: sample.answer for sample in samples}
    assert answers["In which country was the discoverer of Triton born?"] == "England"
    for sample in samples:
        assert sample.hops == 2
        assert {row.path for row in sample.evidence} == {"moons.csv", "discoverers.md"}
        assert sample.checks["source_reread"].result == "pass"
        assert sample.modalities == ("table",)


def test_without_a_schema_nothing_speaks_of_types(elements):
    fragments = [(one, extract_all(one)) for one in elements]
    overlay = build(fragments)
    assert overlay == build(fragments, None)
    assert set(overlay.model_dump()) == {"entities", "resolution", "documents", "boilerplate", "same_as", "links"}
    assert "type" not in overlay.entities[0].model_dump()
    tables = tables_of(fragments, overlay)
    for label, table in tables.nodes.items():
        assert properties(table) == {**model.NODE_PROPERTIES[label], **model.COMMON}
    assert {kind for kind, _, _ in tables.edges} == set(model.EDGE_TYPES)


def test_a_schema_derived_from_the_graph_prunes_nothing(elements):
    fragments = [(one, extract_all(one)) for one in elements]
    schema = derive(tables_of(fragments, build(fragments)))
    again, problems = read("schema.yaml", export(schema, "yaml"))
    assert again == schema
    assert [str(p) for p in problems if p.level == "error"] == []
    overlay = build(fragments, schema)
    assert overlay.constraint.pruned == ()
    assert {"DISCOVERER"} <= {row.label for row in schema.relationship_types}
    assert len(overlay.constraint.relations) >= 29
