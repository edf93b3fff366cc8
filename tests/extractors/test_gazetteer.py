"""Names that the user's schema lists are found in texts and cells."""

from __future__ import annotations

from extraction.extractors import default_extractors, extract_all, fingerprint
from extraction.extractors.gazetteer import GazetteerExtractor
from schemas.fact import Facts
from schemas.ontology import Term
from tests.extractors.build import document, form

TERMS = tuple(
    Term(kind=kind, spelling=spelling)
    for kind, spelling in (
        ("maker", "Cessna"),
        ("maker", "Cessna Aircraft Company"),
        ("maker", "Apple"),
        ("metric", "win rate"),
        ("metric", "ACC"),
        ("place", "Cessna"),
        ("model", "GPT-4o"),
    )
)


def found(*parts, terms=TERMS):
    elements = document(parts)
    facts = GazetteerExtractor(terms=terms).extract(elements, Facts(document=elements.document.id, extractors=()))
    return [(m.kind, m.name, m.span or (m.row, m.col)) for m in facts.mentions]


def test_the_longest_name_wins_and_none_lies_inside_another():
    assert found(("chunk", "The Cessna Aircraft Company made it.")) == [("maker", "Cessna Aircraft Company", (4, 27))]


def test_a_name_of_two_types_is_a_mention_of_each():
    assert found(("chunk", "A Cessna.")) == [("maker", "Cessna", (2, 8)), ("place", "Cessna", (2, 8))]


def test_capitals_and_short_names():
    assert found(("chunk", "An apple, an ACC, an acc and the Win rates; Apple's.")) == [
        ("metric", "ACC", (13, 16)),
        ("metric", "Win rates", (33, 42)),
        ("maker", "Apple", (44, 49)),
    ]


def test_names_with_signs_and_at_the_end_of_a_sentence():
    assert found(("chunk", "We use GPT-4o. (GPT-4o)")) == [("model", "GPT-4o", (7, 13))]


def test_whole_cells_are_mentions_and_parts_of_cells_are_not():
    grid = form([["Make:", "Cessna"], ["Note:", "a Cessna of old"]])
    assert found(("table", grid)) == [("maker", "Cessna", (0, 1)), ("place", "Cessna", (0, 1))]


def test_page_furniture_and_references_are_not_read():
    assert found(("footer", "Cessna"), ("reference", "Cessna")) == []


def test_another_list_is_another_extractor_and_none_is_none():
    one, two = (default_extractors(gazetteer=terms) for terms in (TERMS, TERMS[:1]))
    assert fingerprint(one)[:-1] == fingerprint(two)[:-1] == fingerprint(default_extractors())
    assert fingerprint(one)[-1] != fingerprint(two)[-1]
    elements = document([("chunk", "A Cessna.")])
    assert extract_all(elements, gazetteer=()) == extract_all(elements)
    assert {m.kind for m in extract_all(elements, gazetteer=TERMS).mentions} == {"maker", "place"}
