"""What follows from an edit in a graph of kgmine's own labels."""

import pytest

from kg.graph import model
from kg.graph.build import build
from kg.graph.edits import Version, apply_edits, describe, harvest, read_edits, splits
from kg.graph.edits.follow_values import respelled, shifted, within
from kg.graph.edits.patch import MisfitError, Patch, fit
from schemas.edit import Edit, Ref
from schemas.errors import ConfigError
from schemas.fact import Qualifiers, Subject, Support, Value
from tests.graph.corpus import FILING, OVERLAY, PAPER, facts_of_filing, filing, paper, sales


def words():
    """A fact whose value stands within a paragraph."""
    value = Value(kind="number", text="1", number=1)
    return sales(
        id="fact-3", subject=Subject(name="Apple", kind="company"), shape="sentence", quantity="tables",
        qualifiers=Qualifiers(), value=value, supports=(Support(element="c1", span=(22, 23)),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def pure():
    return build([(filing(), facts_of_filing(sales(), words())), paper()], OVERLAY)


@pytest.fixture
def graph(pure):
    """Extraction's graph, to be changed as a user would on a server."""
    return Patch(pure)


def node(tables, label, **wanted):
    rows = [r for r in tables.nodes[label].to_pylist() if all(r[k] == v for k, v in wanted.items())]
    assert len(rows) == 1, rows
    return rows[0]


def change(graph, label, id_, **values):
    graph.put((label,), {**graph.node(id_)[1], **values})


def after(pure, graph):
    """The graph after harvest and apply, and the edits."""
    edits = harvest(graph.tables(), Version(pure, pure, ()), ())
    applied = apply_edits(pure, edits)
    assert applied.rejected == ()
    return applied.tables, edits


def sold(tables):
    return node(tables, "Assertion", quantity="net sales")


def cell(pure):
    return node(pure, "Cell", text="82,959")["id"]


def edges(tables, kind):
    return [r for key, table in tables.edges.items() if key[0] == kind for r in table.to_pylist()]


def test_a_renamed_entity_is_described_and_its_facts_are_about_the_new_name(pure, graph):
    change(graph, "Entity", "apple", name="Apple Computer")
    found, edits = after(pure, graph)
    apple = node(found, "Entity", id="apple")
    assert (apple["described"], apple["aliases"]) == ("Apple Computer", ["AAPL", "Apple", "Apple Inc."])
    assert sold(found)["subject"] == "Apple Computer"
    assert sold(found)["fact_key"] == sold(pure)["fact_key"]
    assert sold(found)["provenance"] == apple["provenance"] == "user"
    assert [(e.op, e.properties, e.was) for e in edits] == [("set", {"name": "Apple Computer"}, {"name": "Apple"})]


def test_a_corrected_cell_corrects_its_fact(pure, graph):
    change(graph, "Cell", cell(pure), text="(83,000)")
    found, _ = after(pure, graph)
    assert node(found, "Cell", text="(83,000)")["number"] == -83000.0
    fact = sold(found)
    assert (fact["text"], fact["number"], fact["exact"], fact["unit"], fact["scale"]) == (
        "(83,000)",
        -83000.0,
        "-83000",
        "USD",
        6,
    )
    assert fact["provenance"] == "user"


def test_the_number_of_a_cell_is_spelled_as_before(pure, graph):
    change(graph, "Cell", cell(pure), number=1234567.0)
    found, _ = after(pure, graph)
    assert sold(found)["text"] == node(found, "Cell", number=1234567.0)["text"] == "1,234,567"


@pytest.mark.parametrize("text", ["n/a", "—", ""])
def test_a_cell_without_a_value_has_no_fact(pure, graph, text):
    change(graph, "Cell", cell(pure), text=text)
    found, _ = after(pure, graph)
    assert "net sales" not in found.nodes["Assertion"]["quantity"].to_pylist()


def test_a_cell_of_words_makes_a_fact_of_words(pure, graph):
    change(graph, "Cell", cell(pure), text="not yet known")
    fact = sold(after(pure, graph)[0])
    assert (fact["kind"], fact["text"], fact["number"], fact["exact"], fact["unit"]) == (
        "text",
        "not yet known",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"number": 83000.0}, ("83,000", 83000.0, "83000")),
        ({"exact": "83000.5"}, ("83,000.5", 83000.5, "83000.5")),
        ({"text": "$83 thousand"}, ("$83 thousand", 83.0, "83")),
        ({"text": "83", "number": 84.0}, ("83", 84.0, "83")),
    ],
)
def test_number_text_and_exact_number_of_a_fact_go_together(pure, graph, given, found):
    change(graph, "Assertion", sold(pure)["id"], **given)
    fact = sold(after(pure, graph)[0])
    assert (fact["text"], fact["number"], fact["exact"]) == found


def test_another_period_is_another_fact(pure, graph):
    change(graph, "Assertion", sold(pure)["id"], period="P3M/2023-06-24")
    fact = sold(after(pure, graph)[0])
    assert fact["period_text"] == "in the three months ended June 24, 2023"
    assert fact["period_day"] > sold(pure)["period_day"]
    assert fact["fact_key"] != sold(pure)["fact_key"]
    qualified = sales().qualifiers.model_copy(update={"period": "P3M/2023-06-24"})
    again = build([(filing(), facts_of_filing(sales(qualifiers=qualified), words())), paper()], OVERLAY)
    assert fact["fact_key"] == sold(again)["fact_key"]  # as extraction would have it


def test_a_fact_goes_with_the_cell_that_held_its_value(pure, graph):
    graph.drop(("Cell",), cell(pure))
    for key, row in graph.at([cell(pure)]):
        graph.drop(key, row["id"])
    found, edits = after(pure, graph)
    assert "net sales" not in found.nodes["Assertion"]["quantity"].to_pylist()
    assert [edit.op for edit in edits] == ["remove"]
    assert not {row[model.START] for row in edges(found, "SUPPORTED_BY")} & {sold(pure)["id"]}


@pytest.mark.parametrize("label", ["Table", "Row", "Column"])
def test_parts_go_with_their_whole(pure, graph, label):
    id_ = {"Table": "t1", "Row": node(pure, "Row", position=1)["id"], "Column": node(pure, "Column", position=1)["id"]}[
        label
    ]
    graph.drop((label,), id_)
    for key, row in graph.at([id_]):
        graph.drop(key, row["id"])
    found, _ = after(pure, graph)
    gone = set(pure.nodes["Cell"]["text"].to_pylist()) - set(found.nodes["Cell"]["text"].to_pylist())
    assert "82,959" in gone
    assert ("$3" in gone) == (label == "Table")
    # What spans two columns stays with the other one.
    assert ("Quarter ended June 25, 2022" in gone) == (label == "Table")


def test_a_document_takes_everything_along(pure, graph):
    graph.drop(("Document",), FILING)
    for key, row in graph.at([FILING]):
        graph.drop(key, row["id"])
    found, _ = after(pure, graph)
    for table in found.nodes.values():
        if "document" in table.column_names:
            assert FILING not in table["document"].to_pylist()
    assert found.nodes["Document"]["id"].to_pylist() == [PAPER]


def test_words_of_a_corrected_paragraph_are_found_where_they_stand_now(pure, graph):
    change(graph, "Chunk", "c1", text="Sales rose sharply, see Table 12.")
    found, _ = after(pure, graph)
    fact = node(found, "Assertion", quantity="tables")
    assert (fact["text"], fact["number"]) == ("12", 12.0)
    text = node(found, "Chunk", id="c1")["text"]
    spans = [(r["text"], text[r["span_start"] : r["span_end"]]) for r in edges(found, "REFERS_TO") if r["span_start"]]
    assert spans == [("Table 1", "Table 12")]


def test_a_merge_is_one_entity_with_all_names_and_keys(pure, graph):
    change(graph, "Entity", "speed", former_ids=["phone"])
    graph.drop(("Entity",), "phone")
    for key, row in graph.at(["phone"]):
        graph.drop(key, row["id"])
    found, edits = after(pure, graph)
    assert [edit.op for edit in edits] == ["merge"]
    speed = node(found, "Entity", id="speed")
    assert (speed["aliases"], speed["former_ids"]) == (["phone"], ["phone"])
    assert {row[model.END] for row in edges(found, "OBJECT")} == {"speed"}
    assert edges(found, "SAME_AS") == []
    assert describe(edits, pure)[0].cells()[2:] == ("merged into Entity name speed, kind term", "there", "applied")


def test_a_fact_is_about_whom_its_edge_says(pure, graph):
    fact = sold(pure)["id"]
    key, row = graph.at([fact], types=["SUBJECT"])[0]
    graph.drop(key, row["id"])
    graph.put(key, {**row, "id": "mine", model.END: "speed"})
    found, _ = after(pure, graph)
    assert (sold(found)["subject"], sold(found)["subject_kind"]) == ("speed", "term")
    assert sold(found)["fact_key"] != sold(pure)["fact_key"]


def test_what_an_edit_gives_is_not_overruled_by_what_follows(pure, graph):
    change(graph, "Entity", "apple", name="Apple Computer", described="the maker of phones")
    change(graph, "Assertion", sold(pure)["id"], subject="the company")
    found, _ = after(pure, graph)
    assert node(found, "Entity", id="apple")["described"] == "the maker of phones"
    assert sold(found)["subject"] == "the company"


def test_a_value_of_the_wrong_type_waits(pure, graph):
    edits = harvest(graph.tables(), Version(pure, pure, ()), (), odd={"apple": {"name": ["Apple", "AAPL"]}})
    applied = apply_edits(pure, edits)
    assert [(row.stage, row.check) for row in applied.rejected] == [("edits", "edit_type")]
    assert applied.tables.hash == pure.hash
    assert harvest(graph.tables(), Version(applied.tables, pure, edits), edits) == edits
    assert describe(edits, pure)[0].state == "waiting"


def test_edits_written_by_hand_need_no_ids(pure, tmp_path):
    path = tmp_path / "edits.jsonl"
    path.write_text(
        '{"op": "set", "on": {"label": "Entity", "says": {"name": "apple"}}, "properties": {"name": "Apple Computer"}}\n'
        '{"op": "merge", "on": {"label": "Entity", "says": {"name": "phone"}}, "into": {"label": "Entity", "id": "speed"}}\n'
        '{"op": "remove", "on": {"label": "Chunk", "document": "a/f.pdf", "says": {"text": "Page 1"}}}\n'
        '{"op": "add", "on": {"label": "RIVAL_OF", "start": {"label": "Entity", "id": "apple"}, '
        '"end": {"label": "Entity", "id": "speed"}}, "properties": {"since": 1976}}\n'
        '{"op": "split", "surfaces": ["AAPL", "Apple"]}\n'
        '{"op": "set", "on": {"label": "Entity", "says": {"name": "Nobody"}}, "properties": {"kind": "ghost"}}\n'
    )
    edits = read_edits(path)
    applied = apply_edits(pure, edits)
    assert [row.check for row in applied.rejected] == ["edit_target_ambiguous", "edit_target_gone"]
    assert sorted(applied.tables.nodes["Entity"]["name"].to_pylist()) == ["Apple Computer", "speed"]
    assert [row["since"] for row in edges(applied.tables, "RIVAL_OF")] == [1976]
    assert "c2" not in applied.tables.nodes["Chunk"]["id"].to_pylist()
    assert splits(edits) == (("AAPL", "Apple"),)
    assert {edit.origin for edit in edits} == {"file"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line: Invalid JSON"),
        ('{"op": "rename"}', "op: Input should be"),
        ('{"op": "merge", "on": {"label": "A"}}', "merge needs into"),
        ('{"op": "set", "on": {"label": "A"}, "properties": {"x": {"y": 1}}}', "properties.x"),
    ],
)
def test_a_line_that_is_no_edit_is_named(tmp_path, line, message):
    path = tmp_path / "edits.jsonl"
    path.write_text(f'{{"op": "remove", "on": {{"label": "A"}}}}\n{line}\n')
    with pytest.raises(ConfigError, match=r"edits\.jsonl:2: ") as error:
        read_edits(path)
    assert message in str(error.value)


def test_the_id_of_an_edit_is_what_it_does_to_what():
    one = Edit(op="set", on=Ref(label="A", id="a", says={"name": "x"}), properties={"n": 1}, was={"n": 2})
    other = Edit(op="set", on=Ref(label="A", id="a"), properties={"n": 1}, origin="server")
    assert one.id == other.id
    assert one.id != one.but(properties={"n": 2}).id


@pytest.mark.parametrize(
    ("old", "new", "span", "found"),
    [
        ("sold 5 cars", "sold 5 cars today", (5, 6), (5, 6)),
        ("sold 5 cars", "we sold 5 cars", (5, 6), (8, 9)),
        ("sold 5 cars", "sold 51 cars", (5, 6), (5, 7)),
        ("sold 5 cars", "sold cars", (5, 6), None),
        ("a 12 b 7 c", "x 12 y 7 z", (2, 4), (2, 4)),
    ],
)
def test_a_span_moves_with_its_words(old, new, span, found):
    assert shifted(old, new, span) == found


@pytest.mark.parametrize(
    ("old", "new", "part", "found"),
    [("12.1", "13", "12.1", "13"), ("12.1 (3.4)", "12.9 (3.4)", "12.1", "12.9"), ("1 or 1", "2 or 1", "1", None)],
)
def test_a_part_of_a_text_is_told_from_the_rest(old, new, part, found):
    assert within(old, new, part) == found


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [("$82,959", 1200, "$1,200"), ("(12)", 5, "5"), ("(12)", -5, "(5)"), ("16.2 %", 17, "17 %"), ("n/a", 3, "3")],
)
def test_a_number_is_spelled_as_before(text, number, found):
    from decimal import Decimal

    assert respelled(text, Decimal(number)) == found


@pytest.mark.parametrize(
    ("value", "type_"), [("x", "int64"), (1.5, "int64"), (2**63, "int64"), (True, "float64"), (1, "string")]
)
def test_a_value_fits_its_type_or_not_at_all(value, type_):
    with pytest.raises(MisfitError):
        fit("p", value, type_)
    assert fit("p", 2.0, "int64") == 2
    assert fit("p", (1, 2.0), "list<float64>") == [1.0, 2.0]
