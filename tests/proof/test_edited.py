"""Samples that rest on what a user changed say so, and claim no page."""

import pytest

from kg.proof.prove import prove
from kg.proof.verify import verify_sample
from tests.proof.worlds import PLANETS, VALUE, World, draft, fact_id

PLACE = ("page", "box", "sheet", "cell", "block", "span")


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.planets = made.table("planets.csv", *PLANETS)
    return made


def value_of(world):
    """The mass of Earth, with the edge of its match as a sampler gives it."""
    snapshot, fact = world.snapshot(), fact_id(world, "Earth", "mass")
    made = draft(VALUE, snapshot, "What is the mass of Earth?", f=fact, e="e:planet:Earth:")
    ends = {fact, "e:planet:Earth:"}
    edges = [
        snapshot.edge(e)[0] for e in range(snapshot.m) if {snapshot.id_of(n) for n in snapshot.edge(e)[2:]} == ends
    ]
    match = made.match.model_copy(update={"edges": tuple(edges)})
    return prove(made.model_copy(update={"match": match}), VALUE, snapshot, world.sources())


def edit(world, what):
    """Make one thing that the value of Earth's mass rests on a user's."""
    fact = fact_id(world, "Earth", "mass")
    support = next(e for e in world.edges if e["type"] == "SUPPORTED_BY" and e["source"] == fact)
    subject = next(e for e in world.edges if e["type"] == "SUBJECT" and e["source"] == fact)
    thing = {
        "fact": world.nodes[fact],
        "entity": world.nodes["e:planet:Earth:"],
        "cell": world.nodes[support["target"]],
        "support": support,
        "subject edge": subject,
    }[what]
    thing["properties"]["provenance"] = "user"


@pytest.mark.parametrize("what", ["fact", "entity", "cell", "support", "subject edge"])
def test_a_sample_on_an_edited_thing_claims_no_page(world, what):
    edit(world, what)
    sample = value_of(world)
    assert sample.provenance == "user"
    assert sample.checks["source_reread"].result == "not_applicable"
    assert sample.proved
    assert sample.evidence
    for row in sample.evidence:
        assert not row.heading
        assert {getattr(row, name) for name in PLACE} == {None}
        assert row.property == "text"
        assert row.text


def test_an_edit_elsewhere_changes_nothing(world):
    plain = value_of(world)
    world.nodes["e:planet:Mars:"]["properties"]["provenance"] = "user"
    sample = value_of(world)
    assert sample.provenance == "source"
    assert sample.evidence == plain.evidence
    assert "property" not in sample.evidence[0].model_dump()


def test_the_place_of_a_corrected_value_is_not_read_again_by_verify(world):
    edit(world, "cell")
    sample = value_of(world)
    for snapshot in (world.snapshot(), None):
        checks = verify_sample(sample, world.sources(), VALUE, snapshot)
        assert checks["source_reread"].result == "not_applicable"
        assert "fail" not in {check.result for check in checks.values()}


def test_a_sample_cannot_call_itself_a_users_to_escape_the_source(world):
    sample = value_of(world).model_copy(update={"provenance": "user"})
    checks = verify_sample(sample, world.sources(), VALUE, world.snapshot())
    assert checks["match"].result == "fail"
    assert "never" in checks["match"].reason


def test_a_fact_that_a_user_made_without_support_is_its_own_evidence(world):
    fact = fact_id(world, "Earth", "mass")
    world.edges = [e for e in world.edges if e["type"] != "SUPPORTED_BY" or e["source"] != fact]
    world.nodes[fact]["properties"]["provenance"] = "user"
    sample = value_of(world)
    assert sample.provenance == "user"
    assert [(row.node, row.property, row.text) for row in sample.evidence] == [(fact, "text", "5.97")]
