"""Resolution is conservative, deterministic, and untouched by what is added."""

from __future__ import annotations

import itertools

from kg.corpus.overlay import build
from kg.values.name import normal
from schemas.element import Link
from schemas.fact import Fact, Facts, Mention, Subject, Support, Value
from tests.extractors.build import document


def fragment(name, mentions=(), *, subject=None, title=None, parts=(("chunk", "text"),), facts=(), **roles):
    elements = document(parts, title=title, name=name)
    first = elements.elements[0].id
    made = [
        Fact(
            id=f"{name}{i}",
            document=elements.document.id,
            subject=Subject(name=who, kind=kind),
            shape="entities",
            quantity="score",
            value=Value(kind="text", text="x"),
            supports=(Support(element=first),),
        )
        for i, (kind, who) in enumerate(facts)
    ]
    return elements, Facts(
        document=elements.document.id,
        extractors=(),
        facts=tuple(made),
        mentions=tuple(Mention(element=first, kind=k, name=n, alias_of=a) for k, n, a in mentions),
        subject=subject,
        subject_facts=roles,
    )


def entity(overlay, kind, name):
    return overlay.resolution.get(f"{kind}|{normal(name)}")


def test_case_punctuation_and_legal_forms_do_not_make_two_entities():
    found = build(
        [
            fragment("a", [("company", "Acme Inc.", None)]),
            fragment("b", [("company", "ACME, Inc", None), ("company", "Acme", None)]),
        ]
    )
    assert len({entity(found, "company", n) for n in ("Acme Inc.", "ACME, Inc", "Acme")}) == 1
    assert found.entities[0].described == "Acme"


def test_two_forms_that_a_user_keeps_apart_are_two_entities():
    parts = [
        fragment("a", [("company", "Acme Inc.", None), ("company", "Acme", None)]),
        fragment("b", [("company", "ACME, Inc", None)], facts=[("company", "Acme Inc.")]),
    ]
    found = build(parts, splits=[("Acme Inc.", "Acme")])
    one, other = entity(found, "company", "Acme Inc."), entity(found, "company", "Acme")
    assert one != other == entity(build(parts), "company", "Acme")
    assert entity(found, "company", "ACME, Inc") == one
    assert sorted(e.name for e in found.entities) == ["Acme", "Acme Inc."]
    assert found.same_as == ()
    assert build(parts, splits=[("Acme", "ACME")]) == build(parts)  # one normal form: nothing tells them apart


def test_an_acronym_that_a_user_keeps_apart_is_not_its_long_form():
    parts = [fragment("a", [("term", "RM", "reward model"), ("term", "reward model", None)])]
    found = build(parts, splits=[("reward model", "RM")])
    assert entity(found, "term", "RM") != entity(found, "term", "reward model")
    assert found.same_as == ()
    assert [e.former_ids for e in found.entities] == [(), ()]


def test_homonyms_of_different_kinds_stay_apart_and_are_said():
    found = build([fragment("a", facts=[("language", "Java"), ("island", "Java")])])
    assert entity(found, "language", "Java") != entity(found, "island", "Java")
    assert [evidence for _, _, evidence in found.same_as] == ["same name, island and language"]
    assert {e.described for e in found.entities} == {"the language Java", "the island Java"}


def test_an_untyped_name_joins_the_one_typed_entity():
    found = build([fragment("a", [("term", "Kiel", None)], facts=[("city", "Kiel")])])
    assert entity(found, "term", "Kiel") == entity(found, "city", "Kiel")


def test_a_defined_acronym_is_its_long_form_with_the_former_id():
    found = build([fragment("a", [("term", "RM", "reward model"), ("term", "reward model", None)])])
    assert entity(found, "term", "RM") == entity(found, "term", "reward model")
    assert len(found.entities) == 1
    assert len(found.entities[0].former_ids) == 1


def test_an_acronym_with_two_long_forms_is_merged_with_neither():
    found = build(
        [
            fragment("a", [("term", "IFT", "Intuitive Fine-Tuning"), ("term", "Intuitive Fine-Tuning", None)]),
            fragment("b", [("term", "IFT", "instruction finetuned"), ("term", "instruction finetuned", None)]),
        ]
    )
    assert len(found.entities) == 3
    assert len(found.same_as) == 2


def test_ids_and_text_do_not_depend_on_order_or_on_what_is_added():
    parts = [
        fragment("a", [("term", "RM", "reward model")], facts=[("language", "Hindi"), ("model", "OarNet")]),
        fragment("b", facts=[("language", "Hindi")]),
        fragment("c", facts=[("city", "Kiel")]),
    ]
    overlays = [build(order).model_dump_json() for order in itertools.permutations(parts)]
    assert len(set(overlays)) == 1
    fewer, more = build(parts[:2]), build(parts)
    assert {e.id for e in fewer.entities} <= {e.id for e in more.entities}
    assert {k: more.resolution[k] for k in fewer.resolution} == fewer.resolution


def accident(name, model, place, **roles):
    text = f"{model} {roles.get('registration', '')}".strip()
    return fragment(
        name,
        subject=Subject(name=text, kind="vessel"),
        title="Boat Accident Report",
        event="boat accident",
        model=model,
        location=place,
        date="2007-12-23",
        accession=name,
        **roles,
    )


def test_subjects_of_events_are_told_apart_and_described_as_shortly_as_possible():
    found = build(
        [
            accident("a", "Ketch 12", "Kiel", registration="K77"),
            accident("b", "Ketch 12", "Bremen"),
            accident("c", "Yawl 3", "Kiel"),
        ]
    )
    described = {e.described for e in found.entities}
    assert described == {
        "the Ketch 12 K77 that had an accident in Kiel",
        "the Ketch 12 that had an accident in Bremen",
        "the Yawl 3 that had an accident in Kiel",
    }
    assert {e.name for e in found.entities} == {"Ketch 12 K77", "Ketch 12", "Yawl 3"}
    references = sorted(d.reference for d in found.documents)
    assert references[0] == "the report on the accident of the Ketch 12 K77 in Kiel"
    assert {d.kind for d in found.documents} == {"accident report"}
    assert all(found.resolution[f"document:{d.document}"] == d.subject for d in found.documents)


def test_two_filings_of_one_company_have_one_subject_and_two_references():
    acme = Subject(name="Acme Inc.", kind="company")
    found = build(
        [
            fragment("a", subject=acme, period="2022-06-25", period_kind="quarterly"),
            fragment("b", subject=acme, period="2022-12-31", period_kind="quarterly"),
        ]
    )
    assert len({d.subject for d in found.documents}) == 1
    assert {d.reference for d in found.documents} == {
        "Acme's quarterly report for the quarter ended June 25, 2022",
        "Acme's quarterly report for the quarter ended December 31, 2022",
    }


def test_references_are_unique():
    parts = [("section", "Abstract"), ("chunk", "BoatBench floats.")]
    bench = Subject(name="BoatBench", kind="benchmark")
    one = fragment("a", subject=bench, title="BoatBench: One", parts=parts)
    assert build([one]).documents[0].reference == "the BoatBench paper"
    two = fragment("b", subject=bench, title="BoatBench: Two", parts=parts)
    assert {d.reference for d in build([one, two]).documents} == {
        "the paper “BoatBench: One”",
        "the paper “BoatBench: Two”",
    }


def test_boilerplate_is_what_recurs_in_most_documents_of_a_kind_and_what_is_no_text():
    legal = "The Harbour Board is an independent agency that looks into boat accidents."
    fragments = [
        fragment(
            n,
            parts=[
                ("section", "Facts"),
                ("chunk", f"Boat {n} sank in the harbour at night."),
                ("chunk", legal),
                ("footer", f"Page {n}"),
            ],
        )
        for n in "abc"
    ]
    found = set(build(fragments).boilerplate)
    for elements, _ in fragments:
        assert [e.id in found for e in elements.elements] == [False, False, True, True]
    alone = fragment(
        "d", parts=[("section", "References"), ("chunk", "Doe, J. Boats."), ("section", "1 More"), ("chunk", "text")]
    )
    assert [e.id in set(build([alone]).boilerplate) for e in alone[0].elements] == [True, True, False, False]


def test_links_between_documents_are_resolved_by_path():
    elements, facts = fragment("pages/a.html", parts=[("chunk", "see the other")])
    link = Link(text="other", uri="b.html#top")
    linked = elements.model_copy(update={"elements": (elements.elements[0].model_copy(update={"links": (link,)}),)})
    other, other_facts = fragment("pages/b.html")
    found = build([(linked, facts), (other, other_facts)])
    assert found.links == ((linked.elements[0].id, other.document.id, "other"),)


def test_the_kind_of_a_name_with_several_kinds_is_their_head_and_is_said_only_against_a_homonym_in_one_document():
    found = build(
        [
            fragment("a", facts=[("reward model", "Otter"), ("language", "Hindi")]),
            fragment("b", facts=[("model", "Otter"), ("river", "Hindi")]),
        ]
    )
    assert entity(found, "reward model", "Otter") == entity(found, "model", "Otter")
    kinds = {(e.name, e.kind, e.described) for e in found.entities}
    assert kinds == {("Otter", "model", "Otter"), ("Hindi", "language", "Hindi"), ("Hindi", "river", "Hindi")}


def test_a_coined_name_is_one_thing_whatever_its_kind():
    found = build(
        [
            fragment(
                "a",
                [("term", "OarNet-20", None)],
                facts=[("teacher", "OarNet-20"), ("reward model", "OarNet-20"), ("model", "OarNet-20")],
            )
        ]
    )
    assert [(e.name, e.kind, e.described) for e in found.entities] == [("OarNet-20", "model", "OarNet-20")]
    assert found.same_as == ()
