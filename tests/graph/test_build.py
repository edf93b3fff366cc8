import pytest

from kg.graph import model, places
from kg.graph.build import build
from kg.graph.tables import properties
from kg.snapshot.build import snapshot_of
from schemas.base import Place
from schemas.errors import GraphError
from schemas.fact import Qualifiers, Subject, Support, Value
from tests.graph.corpus import FILING, OVERLAY, PAPER, facts_of_filing, filing, fragments, paper, sales


@pytest.fixture(scope="module")
def graph():
    return snapshot_of(build(fragments(), OVERLAY))


def the(graph, label, **wanted):
    """The one node of a label with these properties."""
    lo, hi = graph.ranges[label]
    found = [i for i in range(lo, hi) if all(graph.get(i, k) == v for k, v in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def ends(graph, type_):
    """Sorted (source id, target id) of a type."""
    return sorted((graph.id_of(a), graph.id_of(b)) for _, t, a, b in map(graph.edge, range(graph.m)) if t == type_)


def out(graph, i, type_):
    csr = graph.adjacency([type_], 1)
    return [int(j) for j in csr.indices[csr.indptr[i] : csr.indptr[i + 1]]]


def test_every_label_type_and_property_of_the_model_is_there_even_when_empty():
    tables = build([], OVERLAY.model_copy(update={"links": (), "same_as": ()}))
    assert set(tables.nodes) == set(model.NODE_PROPERTIES)
    assert set(tables.edges) == {(kind, *pair) for kind, pairs in model.EDGE_TYPES.items() for pair in pairs}
    for label, table in tables.nodes.items():
        assert properties(table) == {**model.NODE_PROPERTIES[label], **model.COMMON}


def test_the_order_of_fragments_is_immaterial():
    assert build(fragments(), OVERLAY).hash == build(fragments()[::-1], OVERLAY).hash


def test_every_node_says_where_it_comes_from(graph):
    for i in range(graph.n):
        assert graph.get(i, "provenance") == "source"
        assert graph.get(i, "extractor")
        assert graph.get(i, "confidence") is not None


def test_a_document_has_its_view(graph):
    i = graph.index_of(FILING)
    assert [graph.get(i, p) for p in ("title", "kind", "reference", "path")] == [
        "Form 10-Q",
        "quarterly report",
        "Apple's report",
        "a/f.pdf",
    ]
    assert graph.get(i, "paths") == ["a/f.pdf", "b/f.pdf"]


def test_sections_contain_and_what_has_none_hangs_on_the_document(graph):
    assert (FILING, "s1") in ends(graph, "CONTAINS")
    assert (FILING, "c3") in ends(graph, "CONTAINS")
    assert ("s1", "t1") in ends(graph, "CONTAINS")
    assert (FILING, "t1") not in ends(graph, "CONTAINS")


def test_the_text_reads_on_over_footers(graph):
    assert ends(graph, "NEXT") == [("c1", "c3")]


def test_a_merged_cell_is_in_all_its_columns(graph):
    header = the(graph, "Cell", row=0, col=1)
    assert sorted(graph.get(j, "position") for j in out(graph, header, "IN_COLUMN")) == [1, 2]


def test_cells_have_numbers_with_the_unit_and_scale_of_their_column(graph):
    def amount(row, col):
        i = the(graph, "Cell", row=row, col=col)
        return [graph.get(i, p) for p in ("number", "unit", "scale")]

    assert amount(1, 1) == [82959.0, "USD", 6]
    assert amount(1, 2) == [-12.0, None, 0]
    assert amount(2, 1)[:2] == [16.2, "%"]
    assert amount(0, 1) == [None, None, None]


def test_rows_and_columns_have_roles_and_paths(graph):
    row = the(graph, "Row", position=1)
    assert [graph.get(row, p) for p in ("role", "path", "noun")] == ["data", "Sales > Net", "net sales"]
    assert graph.get(the(graph, "Row", position=0), "role") == "header"
    assert graph.get(the(graph, "Row", position=2), "role") is None
    assert graph.get(the(graph, "Column", position=1), "unit") == "USD"


def test_places_lead_back_to_the_page(graph):
    cell = the(graph, "Cell", row=1, col=1)
    assert places.from_text(graph.get(cell, "places")) == (Place(page=2, box=(50.0, 10.0, 90.0, 18.0)),)
    table = graph.index_of("t1")
    assert places.from_text(graph.get(table, "caption_places")) == (Place(page=2, box=(0, 0, 9, 9)),)
    assert places.from_text(graph.get(table, "head_places")) == (Place(page=2),)
    assert places.from_text(None) == ()


def test_a_place_keeps_every_field():
    place = Place(sheet="S", cell="B3", path=("a", "b"), block=0, span=(0, 4))
    assert places.from_text(places.to_text([place, Place()])) == (place,)


def test_a_fact_is_a_node_with_its_subject(graph):
    fact = the(graph, "Assertion", document=FILING)
    assert [graph.get(fact, p) for p in ("subject", "quantity", "exact", "number", "scope", "page", "row", "col")] == [
        "Apple",
        "net sales",
        "82959",
        82959.0,
        "",
        2,
        1,
        1,
    ]
    assert graph.get(fact, "condition") == "Europe; segment=Services"
    assert graph.normal(fact, "number") == "82959000000 USD"
    assert out(graph, fact, "SUBJECT") == [graph.index_of("apple")]


def test_a_fact_about_another_than_the_document_has_its_scope(graph):
    fact = the(graph, "Assertion", document=PAPER)
    assert graph.get(fact, "scope") == "the Phones paper"
    assert out(graph, fact, "SUBJECT") == [graph.index_of("apple")]
    assert out(graph, fact, "OBJECT") == [graph.index_of("phone")]


def test_what_holds_the_value_states_the_fact(graph):
    fact = the(graph, "Assertion", document=FILING)
    csr = graph.adjacency(["STATES"], -1)
    sources = [int(j) for j in csr.indices[csr.indptr[fact] : csr.indptr[fact + 1]]]
    assert sorted(graph.label_of(j) for j in sources) == ["Column", "Document", "Row", "Table"]
    assert {graph.get(j, "position") for j in sources if graph.label_of(j) in {"Row", "Column"}} == {1}


def test_supports_keep_role_order_and_span(graph):
    rows = {}
    for e in range(graph.m):
        _, type_, source, target = graph.edge(e)
        if type_ == "SUPPORTED_BY":
            found = [graph.edge_get(e, p) for p in ("position", "role", "span_start", "span_end")]
            rows[graph.get(source, "document"), found[0]] = (*found[1:], graph.label_of(target), graph.text(target))
    assert rows == {
        (FILING, 0): ("value", None, None, "Cell", "82,959"),
        # The header cell covers the position that the support names.
        (FILING, 1): ("header", None, None, "Cell", "Quarter ended June 25, 2022"),
        (FILING, 2): ("scale", None, None, "Table", "..."),
        (PAPER, 0): ("value", 11, 17, "Chunk", "Apple sold phones."),
    }


def test_tables_are_about_the_only_subject_of_their_facts(graph):
    assert ends(graph, "ABOUT") == [(FILING, "apple"), ("t1", "apple")]


def test_mentions_are_one_edge_per_element_and_entity(graph):
    cell = graph.id_of(the(graph, "Cell", row=1, col=0))
    assert ends(graph, "MENTIONS") == sorted([("c1", "apple"), ("t1", "apple"), (cell, "apple")])


def test_references_are_resolved_by_target_or_by_their_only_label(graph):
    assert ends(graph, "REFERS_TO") == [("c1", "t1")]
    assert ends(graph, "CITES") == [("c1", "c3")]


def test_links_lead_to_documents(graph):
    assert ends(graph, "LINKS_TO") == [("p1", FILING)]


def test_possible_pairs_are_kept_apart_with_their_evidence(graph):
    assert ends(graph, "SAME_AS") == [("phone", "speed")]


def test_symbols_denote_what_the_text_says(graph):
    symbol = the(graph, "Symbol", name="v")
    assert graph.get(symbol, "denotes") == "Speed"
    assert out(graph, symbol, "DENOTES") == [graph.index_of("speed")]
    assert out(graph, symbol, "DEFINED_IN") == [graph.index_of("c1")]
    assert len(ends(graph, "USES")) == 2
    assert graph.get(the(graph, "Symbol", name="d"), "denotes") is None


def test_facts_about_the_same_thing_share_a_key_and_other_periods_do_not():
    again = sales(
        id="f2",
        value=Value(kind="text", text="83 billion"),
        supports=(Support(element="c1", span=(0, 5)),),
        quantity="Net Sales",
    )
    other = sales(id="f3", quantity="tax rate", supports=(Support(element="t1", row=2, col=1),))
    tables = build([(filing(), facts_of_filing(sales(), again, other))], OVERLAY.model_copy(update={"links": ()}))
    keys = {row["quantity"]: row["fact_key"] for row in tables.nodes["Assertion"].to_pylist()}
    assert keys["net sales"] == keys["Net Sales"] != keys["tax rate"]


def test_one_fact_found_twice_in_one_place_is_one_node():
    tables = build(
        [(filing(), facts_of_filing(sales(), sales(id="f2", extractor="forms/1")))],
        OVERLAY.model_copy(update={"links": ()}),
    )
    assert tables.nodes["Assertion"]["extractor"].to_pylist() == ["tables/1"]


def test_another_document_changes_no_id_of_a_fact():
    alone = build([(filing(), facts_of_filing())], OVERLAY.model_copy(update={"links": ()}))
    both = build(fragments(), OVERLAY)
    assert set(alone.nodes["Assertion"]["id"].to_pylist()) <= set(both.nodes["Assertion"]["id"].to_pylist())


def test_a_subject_that_nobody_resolved_has_no_edge_and_keeps_its_name():
    facts = facts_of_filing(sales(subject=Subject(name="Nobody", kind="company")))
    tables = build([(filing(), facts)], OVERLAY.model_copy(update={"links": ()}))
    assert tables.edges["SUBJECT", "Assertion", "Entity"].num_rows == 0
    assert tables.nodes["Assertion"]["subject"].to_pylist() == ["Nobody"]


def test_what_a_document_is_about_is_no_condition_of_its_facts():
    given = Qualifiers(conditions=(("", "APPLE"), ("strategy", "Full")), condition_text="for Arabic on APPLE with it")
    tables = build([(filing(), facts_of_filing(sales(qualifiers=given)))], OVERLAY.model_copy(update={"links": ()}))
    row = tables.nodes["Assertion"].to_pylist()[0]
    assert (row["condition"], row["condition_text"]) == ("strategy=Full", "for Arabic with it")


@pytest.mark.parametrize("support", [Support(element="t1", row=9, col=9), Support(element="gone")])
def test_a_fact_without_a_place_is_an_error_that_names_it(support):
    with pytest.raises(GraphError, match="fact-1"):
        build([(filing(), facts_of_filing(sales(supports=(support,))))], OVERLAY)


def test_facts_of_another_document_are_an_error():
    with pytest.raises(GraphError, match="beside elements"):
        build([(filing(), paper()[1])], OVERLAY)
