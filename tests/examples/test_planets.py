"""The example corpus states facts.yaml, and the readers find all of it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from extraction.readers import reader_for

PLANETS = Path(__file__).resolve().parents[2] / "examples" / "planets"
CORPUS = PLANETS / "corpus"


def typeset():
    spec = importlib.util.spec_from_file_location("typeset", PLANETS / "typeset.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def facts():
    return typeset().load_facts()


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    blobs = tmp_path_factory.mktemp("blobs")
    found = {}

    def _read(name):
        if name not in found:
            path = CORPUS / name
            found[name] = reader_for(path).read(path, blobs)
        return found[name]

    return _read


def rows(table):
    """Texts row by row; a merged cell counts in every row that it spans."""
    filled = [[""] * table.grid.n_cols for _ in range(table.grid.n_rows)]
    for cell in table.grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            filled[row][cell.col] = re.sub(r"(?<=\d),(?=\d{3})", "", cell.text)
    return filled


def tables(elements):
    return [element for element in elements.elements if element.kind == "table"]


def printed(*values):
    return [re.sub(r"(?<=\d),(?=\d{3})", "", str(value)) for value in values]


def body(table):
    return rows(table)[table.grid.header_rows :]


def test_the_docx_table_holds_the_rockets_under_merged_headers(read, facts):
    (table,) = tables(read("rockets.docx"))
    expected = [printed(r["country"], r["name"], r["first"], r["last"], r["flights"]) for r in facts["rockets"]]
    assert sorted(body(table)) == sorted(expected)
    assert (table.grid.header_rows, table.label) == (2, "table 1")


def test_the_docx_equations_are_native(read):
    formulas = [e.text for e in read("rockets.docx").elements if e.kind == "formula"]
    assert formulas == [r"\Delta v = v_{e}\ln\frac{m_{0}}{m_{1}}", "F = qv_{e}"]


def test_the_html_tables_hold_telescopes_and_dwarf_planets(read, facts):
    (table,) = tables(read("telescopes.html"))
    expected = [printed(t["name"], t["year"], t["rocket"], t["aperture"], t["light"]) for t in facts["telescopes"]]
    assert body(table) == expected
    (table,) = tables(read("dwarf-planets.html"))
    keys = ("name", "region", "recognized", "period", "moons")
    assert body(table) == [printed(*(d[key] for key in keys)) for d in facts["dwarf_planets"]]


def test_html_pages_link_to_each_other(read):
    uris = {link.uri for element in read("telescopes.html").elements for link in element.links}
    assert {"dwarf-planets.html", "rockets.docx"} <= uris


def test_the_markdown_tables_hold_people_and_counts(read, facts):
    people, counts = tables(read("discoverers.md"))
    keys = ("name", "country", "born", "died")
    assert body(people) == [printed(*(d[key] for key in keys)) for d in facts["discoverers"]]
    expected = [printed(row["name"], *row["values"]) for row in facts["counts"]]
    assert body(counts) == [*expected, printed("Total", *facts["totals"])]
    assert rows(counts)[0] == printed("Planet", *facts["years"])


def test_the_latex_table_holds_the_large_moons_and_equations_are_numbered(read, facts):
    found = read("moons.tex")
    (table,) = tables(found)
    keys = ("name", "planet", "axis", "period", "radius")
    assert body(table) == [printed(*(m[key] for key in keys)) for m in facts["large_moons"]]
    labels = [e.label for e in found.elements if e.kind == "formula" and e.label]
    assert labels == ["equation 1", "equation 2", "equation 3"]
    targets = {link.label for e in found.elements for link in e.links if link.target}
    assert targets == {"table 1", "equation 2", "equation 3"}


def test_the_csv_file_holds_every_discovery(read, facts):
    (table,) = tables(read("moons.csv"))
    assert body(table) == [printed(*moon) for moon in facts["discoveries"]]


def test_the_workbook_holds_appropriations_with_sums_and_laws(read, facts):
    amounts, laws = tables(read("nasa-appropriations.xlsx"))
    budget = facts["budget"]
    expected = [printed(a["name"], *a["values"]) for a in budget["accounts"]]
    assert body(amounts) == [*expected, printed("Total", *budget["total"])]
    assert "In thousands of US dollars" in amounts.head
    assert next(cell.formula for cell in amounts.grid.cells if cell.formula) == "SUM(B5:B13)"
    assert body(laws) == [printed(law["year"], law["law"], law["signed"]) for law in budget["laws"]]


def test_totals_of_the_facts_add_up(facts):
    budget = facts["budget"]
    assert [sum(column) for column in zip(*(a["values"] for a in budget["accounts"]), strict=True)] == budget["total"]
    assert [sum(column) for column in zip(*(c["values"] for c in facts["counts"]), strict=True)] == facts["totals"]


def test_every_discoverer_rocket_and_planet_that_is_named_has_a_row(facts):
    assert {moon[3] for moon in facts["discoveries"]} == {d["name"] for d in facts["discoverers"]}
    rockets = {rocket["name"] for rocket in facts["rockets"]}
    assert {m["rocket"] for m in facts["missions"]} | {t["rocket"] for t in facts["telescopes"]} <= rockets
    assert {m["planet"] for m in facts["large_moons"]} <= set(facts["planet"])


@pytest.mark.slow
def test_the_survey_pdf_holds_both_tables_and_its_numbered_equations(read, facts):
    found = read("planets.pdf")
    bulk, orbits = tables(found)
    keys = ("name", "mass", "tilt", "day", "temperature", "moons")
    assert [[cell.replace("-", "−") for cell in row] for row in body(bulk)] == [
        printed(*(p[key] for key in keys)) for p in facts["planets"]
    ]
    keys = ("name", "distance", "period", "speed", "eccentricity")
    assert body(orbits) == [printed(*(p[key] for key in keys)) for p in facts["planets"]]
    assert [e.label for e in found.elements if e.kind == "formula"] == [f"equation {n}" for n in (1, 2, 3, 4)]
    text = " ".join(e.text for e in found.elements if e.kind == "chunk")
    for planet in facts["planets"]:
        assert f"{planet['name']} has a mean radius of {planet['radius']} km" in text


@pytest.mark.slow
def test_every_mission_report_holds_the_fields_and_the_reason(read, facts):
    for mission in facts["missions"]:
        found = read(f"reports/{typeset().slug(mission['name'])}.pdf")
        text = " ".join(" ".join(e.text.split()) for e in found.elements)
        for key in ("name", "agency", "launch", "rocket", "site", "mass", "arrival", "end", "power", "outcome"):
            assert mission[key] in text, (mission["name"], key)
        assert f"{mission['effect']} because {mission['reason']}." in text


def test_typesetting_again_gives_the_committed_bytes(tmp_path):
    pytest.importorskip("typst")
    pytest.importorskip("matplotlib")
    typeset().main(tmp_path)
    names = sorted(path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    # PDFs, docx and xlsx depend on the libraries' versions; text does not.
    for name in names:
        if name.suffix in {".md", ".tex", ".html", ".csv"}:
            assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), name
