"""Planted faults: each is caught by the check that should catch it, and nothing else is."""

import pytest

from kg.proof.prove import prove
from kg.proof.verify import verify_sample
from schemas.reject import Rejected
from schemas.sample import Sample
from tests.proof.worlds import BRIDGE, HIGHEST, PLANETS, VALUE, World, draft, fact_id, template

LARGER = template(
    """
task: comparison
given: [d.name, e.name, a.quantity, b.quantity]
derive:
  rows:
    r: >-
      MATCH (c)-[:STATES]->(g:Assertion)-[:SUBJECT]->(x:Entity) WHERE (g.id = a.id OR g.id = b.id)
      RETURN x.name AS name, g.number AS number
  sql: "SELECT name FROM r ORDER BY number DESC LIMIT 1"
answer_type: entity
question: "Which has the larger {{ a.quantity | phrase }}: {{ d.name | reference }} or {{ e.name | reference }}?"
""",
    "MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(c:Column)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity) RETURN d, e, a, b, c",
)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.planets = made.table("planets.csv", *PLANETS)
    return made


def value_of(world, subject="Earth", quantity="mass", question="What is the mass of Earth?"):
    snapshot, fact = world.snapshot(), fact_id(world, subject, quantity)
    made = draft(VALUE, snapshot, question, f=fact, e=f"e:planet:{subject}:")
    return prove(made, VALUE, snapshot, world.sources())


def highest(world, question="Which of the listed planets has the highest mass?", matched="Mars"):
    snapshot = world.snapshot()
    made = draft(HIGHEST, snapshot, question, t=world.planets, f=fact_id(world, matched, "mass"))
    return prove(made, HIGHEST, snapshot, world.sources())


def caught(result):
    assert isinstance(result, Rejected), result
    return result.check


def test_a_sound_value_is_proved_with_every_check_recorded(world):
    sample = value_of(world)
    assert isinstance(sample, Sample), sample
    assert sample.proved
    assert sample.answer_value == "5.97"
    assert sample.hops == 0
    assert sample.modalities == ("table",)
    assert {name: check.result for name, check in sample.checks.items()} == {
        "closed_set": "not_applicable",
        "derivation": "pass",
        "hops_needed": "not_applicable",
        "modalities_needed": "pass",
        "not_contested": "pass",
        "not_said": "pass",
        "source_reread": "pass",
        "unique": "pass",
    }
    assert [(row.kind, row.sheet, row.cell) for row in sample.evidence] == [
        ("value", "planets", "B4"),
        ("header", "planets", "B1"),
        ("header", "planets", "A4"),
    ]


def test_a_sound_superlative_is_proved_over_its_closed_set(world):
    sample = highest(world)
    assert isinstance(sample, Sample), sample
    assert (sample.answer, sample.answer_entities) == ("Earth", ("e:planet:Earth:",))
    assert sample.checks["closed_set"].result == "pass"
    assert len(sample.set_members) == 4


def test_the_evidence_of_a_superlative_begins_with_the_chosen_one_whatever_was_matched(world):
    for matched in ("Mercury", "Earth", "Mars"):
        evidence = highest(world, matched=matched).evidence
        values = [(row.cell, row.text) for row in evidence if row.kind == "value"]
        assert values == [("B4", "5.97")]
        assert evidence[0].kind == "value"
        members = {row.text for row in evidence if row.kind == "set" and row.cell.startswith("B")}
        assert members == {"0.330", "4.87", "0.642"}


def test_a_homonym_competes(world):
    world.table("moons.csv", ["moon", "mass"], [["Earth", "7.1"]], kind="moon", set_="listed moons")
    assert caught(value_of(world)) == "unique"


def test_a_homonym_by_alias_competes(world):
    other = world.entity("Terra", "moon", aliases=["Earth"])
    document = next(id_ for id_, node in world.nodes.items() if node["label"] == "Document")
    world.fact(document, world.planets, 4, 1, other, "mass", "9")
    assert caught(value_of(world)) == "unique"


def test_a_second_answer_is_caught(world):
    world.table("again.csv", ["planet", "mass"], [["Earth", "6.1"]], set_="planets again")
    result = value_of(world)
    assert caught(result) in {"contested", "unique"}


def test_a_possible_twin_counts_against_the_sample(world):
    twin = world.entity("Erde")
    world.edge("SAME_AS", twin, "e:planet:Earth:")
    document = next(id_ for id_, node in world.nodes.items() if node["label"] == "Document")
    world.fact(document, world.planets, 4, 1, twin, "mass", "9")
    assert caught(value_of(world)) == "unique"


def test_a_restated_value_agrees_and_a_contradicting_one_contests_with_both_sources(world):
    world.chunk("note.txt", "The mass of Earth is 5.97 in these units.")
    assert caught(value_of(world)) == "modalities_needed"
    world.nodes = {k: v for k, v in world.nodes.items() if v["label"] != "Chunk"}
    world.edges = [e for e in world.edges if e["target"] in world.nodes]
    world.chunk("other.txt", "The mass of Earth is 6.40 in these units.")
    result = value_of(world)
    assert caught(result) == "contested"
    assert "planets.csv" in result.reason
    assert "other.txt" in result.reason


def test_facts_with_one_key_must_agree(world):
    world.table("same.csv", ["planet", "mass"], [["Earth", "5.00"]], set_="planets, too")
    result = value_of(world)
    assert caught(result) == "contested"
    assert "same.csv" in result.reason


def test_a_coarser_print_of_the_same_value_is_no_second_answer(world):
    world.table("coarse.csv", ["planet", "mass"], [["Earth", "6.0"]], set_="planets, coarse")
    assert isinstance(value_of(world), Sample)


def test_a_lost_table_row_opens_the_set(world):
    gone = f"{world.planets}:r4"
    cells = {f"{world.planets}:4:{c}" for c in range(3)}
    facts = {fact_id(world, "Mars", "moons")}
    lost = {gone, *cells, *facts}
    snapshot_fact = fact_id(world, "Venus", "mass")
    lost.add(fact_id(world, "Mars", "mass"))
    world.nodes = {k: v for k, v in world.nodes.items() if k not in lost}
    world.edges = [e for e in world.edges if e["source"] in world.nodes and e["target"] in world.nodes]
    snapshot = world.snapshot()
    made = draft(
        HIGHEST, snapshot, "Which of the listed planets has the highest mass?", t=world.planets, f=snapshot_fact
    )
    assert caught(prove(made, HIGHEST, snapshot, world.sources())) == "open_set"


def test_a_lost_fact_opens_the_set_but_a_dash_does_not(world):
    lost = fact_id(world, "Venus", "mass")
    world.nodes = {k: v for k, v in world.nodes.items() if k != lost}
    world.edges = [e for e in world.edges if lost not in {e["source"], e["target"]}]
    assert caught(highest(world)) == "open_set"
    world.nodes[f"{world.planets}:2:1"]["properties"]["text"] = "-"
    assert isinstance(highest(world), Sample)


@pytest.mark.parametrize(("name", "value"), [("cut", True), ("rows_agree", False), ("total_checked", False)])
def test_a_table_without_certificate_is_no_closed_set(world, name, value):
    world.nodes[world.planets]["properties"][name] = value
    assert caught(highest(world)) == "open_set"


def test_a_pdf_table_needs_a_second_parser(world):
    for node in world.nodes.values():
        if node["label"] == "Document":
            node["properties"]["format"] = "pdf"
    assert caught(highest(world)) == "open_set"


def test_a_tied_superlative_has_no_answer(world):
    world.nodes[fact_id(world, "Mars", "mass")]["properties"].update(number=5.97, exact="5.97", text="5.97")
    from schemas.errors import DerivationError

    with pytest.raises(DerivationError, match="tie"):
        highest(world)


def test_an_answer_that_stands_in_the_question_is_refused(world):
    assert caught(value_of(world, question="What is the mass of Earth, 5.97 or more?")) == "not_said"
    assert caught(highest(world, "Which of the listed planets, Earth included, has the highest mass?")) == "not_said"


def test_a_source_that_says_something_else_is_caught(world):
    sample = value_of(world)
    cell = f"{world.planets}:3:1"
    world.nodes[cell]["properties"]["text"] = "6.97"
    result = value_of(world)
    assert caught(result) == "source_reread"
    assert "6.97" in result.reason
    assert isinstance(sample, Sample)


def test_a_header_that_is_not_in_the_source_is_caught(world):
    world.nodes[f"{world.planets}:0:1"]["properties"]["text"] = "weight"
    assert caught(value_of(world)) == "source_reread"


def test_a_changed_source_file_is_caught(world):
    snapshot = world.snapshot()
    made = draft(VALUE, snapshot, "What is the mass of Earth?", f=fact_id(world, "Earth", "mass"), e="e:planet:Earth:")
    (world.folder / "planets.csv").write_text("planet,mass\nEarth,1\n")
    assert caught(prove(made, VALUE, snapshot, world.sources())) == "source_reread"


def bridge(world):
    return BRIDGE, fact_id(world, "Mars", "moons"), fact_id(world, "Mars", "rings")


def test_a_join_of_two_tables_is_one_hop(world):
    world.table("rings.csv", ["planet", "rings"], [["Mars", "11"], ["Earth", "12"]], set_="planets with rings")
    made, f, g = bridge(world)
    snapshot = world.snapshot()
    names = {"f": f, "e": "e:planet:Mars:", "g": g}
    sample = prove(
        draft(made, snapshot, "How many rings has the planet whose moons are 2?", **names),
        made,
        snapshot,
        world.sources(),
    )
    assert isinstance(sample, Sample), sample
    assert sample.hops == 1
    assert sample.checks["hops_needed"].result == "pass"


def test_a_join_that_adds_nothing_is_not_counted(world):
    world.table("rings.csv", ["planet", "rings"], [["Mars", "11"]], set_="planets with rings")
    made, f, g = bridge(world)
    snapshot = world.snapshot()
    names = {"f": f, "e": "e:planet:Mars:", "g": g}
    sample = prove(
        draft(made, snapshot, "How many rings has the planet whose moons are 2?", **names),
        made,
        snapshot,
        world.sources(),
    )
    assert isinstance(sample, Sample), sample
    assert sample.hops == 0
    assert "relabelled" in sample.checks["hops_needed"].reason


def test_two_facts_of_one_table_are_no_hop(world):
    snapshot = world.snapshot()
    names = {"f": fact_id(world, "Mars", "moons"), "e": "e:planet:Mars:", "g": fact_id(world, "Mars", "mass")}
    sample = prove(
        draft(BRIDGE, snapshot, "What is the mass of the planet whose moons are 2?", **names),
        BRIDGE,
        snapshot,
        world.sources(),
    )
    assert isinstance(sample, Sample), sample
    assert sample.hops == 0


def test_a_proved_sample_verifies_with_and_without_the_graph(world):
    sample = value_of(world)
    checks = verify_sample(sample, world.sources(), VALUE, world.snapshot())
    assert {check.result for check in checks.values()} == {"pass", "not_applicable"}
    alone = verify_sample(Sample.model_validate_json(sample.model_dump_json()), world.sources(), None, None)
    assert (alone["derivation"].result, alone["source_reread"].result) == ("pass", "pass")
    assert alone["unique"].reason.startswith("attested")


MUTATIONS = {
    "cell": lambda w: w.nodes[f"{w.planets}:3:1"]["properties"].update(text="5.98"),
    "header": lambda w: w.nodes[f"{w.planets}:0:1"]["properties"].update(text="weight"),
    "fact": lambda w: w.nodes[fact_id(w, "Earth", "mass")]["properties"].update(number=5.98, exact="5.98", text="5.98"),
    "date": lambda w: w.nodes[fact_id(w, "Earth", "mass")]["properties"].update(period="2007"),
    "edge": lambda w: next(
        e for e in w.edges if e["type"] == "SUBJECT" and e["source"] == fact_id(w, "Earth", "mass")
    ).update(target="e:planet:Mars:"),
}


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_of_the_graph_fails_the_samples_that_rest_on_it_and_only_those(world, name):
    earth, moons = value_of(world), value_of(world, "Venus", "moons", "How many moons has Venus?")
    assert isinstance(earth, Sample)
    assert isinstance(moons, Sample)
    MUTATIONS[name](world)
    snapshot = world.snapshot()
    results = [verify_sample(sample, world.sources(), VALUE, snapshot) for sample in (earth, moons)]
    assert "fail" in {check.result for check in results[0].values()}
    assert "fail" not in {check.result for check in results[1].values()}


def test_a_changed_scale_line_fails_what_rests_on_it(world):
    world.nodes[world.planets]["properties"].update(
        head="planet mass", head_places='[{"sheet":"planets","cell":"A1:B1"}]'
    )
    world.edge("SUPPORTED_BY", fact_id(world, "Earth", "mass"), world.planets, role="scale", position=3)
    sample = value_of(world)
    assert isinstance(sample, Sample), sample
    assert ("scale", "A1:B1") in {(row.kind, row.cell) for row in sample.evidence}
    world.nodes[world.planets]["properties"]["head"] = "planet weight"
    checks = verify_sample(sample, world.sources(), VALUE, world.snapshot())
    assert {name for name, check in checks.items() if check.result == "fail"} == {"match", "source_reread"}


def test_a_sample_survives_its_export(world):
    sample = highest(world)
    again = Sample.model_validate_json(sample.model_dump_json())
    checks = verify_sample(again, world.sources(), HIGHEST, world.snapshot())
    assert {check.result for check in checks.values()} == {"pass", "not_applicable"}, checks


def test_a_comparison_may_name_its_alternatives_but_a_value_may_not(world):
    snapshot = world.snapshot()
    names = {
        "d": "e:planet:Mars:",
        "a": fact_id(world, "Mars", "mass"),
        "b": fact_id(world, "Earth", "mass"),
        "e": "e:planet:Earth:",
        "c": f"{world.planets}:c1",
    }
    made = draft(LARGER, snapshot, "Which has the larger mass, Mars or Earth?", **names)
    sample = prove(made, LARGER, snapshot, world.sources())
    assert isinstance(sample, Sample), sample
    assert sample.answer == "Earth"


def test_a_sample_carries_its_context_and_fact_keys(world):
    sample = value_of(world)
    assert sample.context[0]["kind"] == "table"
    assert "Earth 5.97 1" in sample.context[0]["text"]
    assert sample.fact_keys


def test_a_fact_that_a_user_wrote_says_so(world):
    world.nodes[fact_id(world, "Earth", "mass")]["properties"]["provenance"] = "user"
    assert value_of(world).provenance == "user"


def test_without_sources_the_sample_is_not_called_proved(world):
    from kg.proof.prove import examine

    snapshot = world.snapshot()
    made = draft(VALUE, snapshot, "What is the mass of Earth?", f=fact_id(world, "Earth", "mass"), e="e:planet:Earth:")
    assert examine(made, VALUE, snapshot, None, thorough=True).checks["source_reread"].result == "unknown"


def test_a_tampered_answer_fails_without_the_graph(world):
    sample = highest(world)
    row = sample.derivation.relations["r"][0] | {"number": 99.0}
    relations = sample.derivation.relations | {"r": [row, *sample.derivation.relations["r"][1:]]}
    forged = sample.model_copy(update={"derivation": sample.derivation.model_copy(update={"relations": relations})})
    assert verify_sample(forged, world.sources(), None, None)["derivation"].result == "fail"
