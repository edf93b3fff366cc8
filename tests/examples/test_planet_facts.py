"""What kgmine extracts from the example corpus is what facts.yaml states: subject, quantity, value and unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from extraction.extractors import extract_all
from extraction.readers import reader_for
from kg.corpus.overlay import build as overlay_of
from kg.graph.build import build
from tests.examples.test_planets import CORPUS, typeset

SHARE = 0.95
"""Of the facts that the tables state. What is missing must be named in `KNOWN`."""
KNOWN: frozenset[tuple[str, ...]] = frozenset()
"""Facts that are known to be missed: none."""

DISTANCE, PERIOD, MOONS = "distance from the Sun", "orbital period", "number of known moons"
PLANETS = {  # key of facts.yaml -> quantity, unit, power of ten
    "mass": ("mass", "kilogram", 24),
    "tilt": ("axial tilt", "degree", 0),
    "day": ("length of day", "hour", 0),
    "temperature": ("mean temperature", "degree Celsius", 0),
    "moons": (MOONS, None, 0),
    "radius": ("mean radius", "kilometre", 0),
    "distance": (DISTANCE, "kilometre", 6),
    "period": (PERIOD, "day", 0),
    "speed": ("orbital speed", "kilometre/second", 0),
    "eccentricity": ("orbital eccentricity", None, 0),
}
LARGE_MOONS = {
    "axis": ("semi-major axis", "kilometre", 3),
    "period": (PERIOD, "day", 0),
    "radius": ("mean radius", "kilometre", 0),
}


def figure(value):
    """`10,747` and `−65` as decimal strings."""
    return str(Decimal(str(value).replace(",", "").replace("−", "-")).normalize())


def members(document, rows, columns, key="name"):
    """(document, subject, quantity, period, value, unit, scale) of the numbers of a table."""
    return [
        (document, row[key], quantity, "", figure(row[name]), unit or "", scale)
        for row in rows
        for name, (quantity, unit, scale) in columns.items()
    ]


def expected(facts):
    """Every number and year of every table of the corpus, and the radii that only a text gives."""
    budget, years = facts["budget"], facts["years"]
    wanted = members("planets.pdf", facts["planets"], PLANETS)
    wanted += members("moons.tex", facts["large_moons"], LARGE_MOONS)
    wanted += members("rockets.docx", facts["rockets"], {"flights": ("number of flights", None, 0)})
    wanted += members("telescopes.html", facts["telescopes"], {"aperture": ("aperture", "metre", 0)})
    dwarfs = {"period": (PERIOD, "year", 0), "moons": (MOONS, None, 0)}
    wanted += members("dwarf-planets.html", facts["dwarf_planets"], dwarfs)
    wanted += [
        ("discoverers.md", row["name"], MOONS, str(year), figure(value), "", 0)
        for row in facts["counts"]
        for year, value in zip(years, row["values"], strict=True)
    ]
    wanted += [
        ("nasa-appropriations.xlsx", row["name"], "NASA appropriations", f"FY{year}", figure(value), "USD", 3)
        for row in budget["accounts"]
        for year, value in zip(budget["years"], row["values"], strict=True)
    ]
    return wanted


def dated(facts):
    """(document, subject, quantity, year) of every year in a table."""
    found = [("moons.csv", moon, "year of discovery", str(year)) for moon, _, year, _ in facts["discoveries"]]
    for name, quantity in (("born", "year of birth"), ("died", "year of death")):
        found += [("discoverers.md", d["name"], quantity, str(d[name])) for d in facts["discoverers"]]
    for name in ("first", "last"):
        found += [("rockets.docx", r["name"], f"year of the {name} flight", str(r[name])) for r in facts["rockets"]]
    found += [("telescopes.html", t["name"], "launch year", str(t["year"])) for t in facts["telescopes"]]
    for dwarf in facts["dwarf_planets"]:
        found.append(("dwarf-planets.html", dwarf["name"], "year of recognition", str(dwarf["recognized"])))
    return found


def named(facts):
    """(document, subject, quantity, text) of what names another thing."""
    found = [("moons.csv", moon[0], "planet", moon[1]) for moon in facts["discoveries"]]
    found += [("moons.csv", moon[0], "discoverer", moon[3]) for moon in facts["discoveries"]]
    found += [("moons.tex", moon["name"], "planet", moon["planet"]) for moon in facts["large_moons"]]
    found += [("rockets.docx", rocket["name"], "origin", rocket["country"]) for rocket in facts["rockets"]]
    return found + [("telescopes.html", t["name"], "launch vehicle", t["rocket"]) for t in facts["telescopes"]]


def assertions(names, blobs):
    """(rows of Assertion with the document's file, graph) of some documents."""
    fragments = []
    for name in names:
        path = CORPUS / name
        elements = reader_for(path).read(path, blobs)
        fragments.append((elements, extract_all(elements)))
    graph = build(fragments, overlay_of(fragments))
    files = {row["id"]: row["path"] for row in graph.nodes["Document"].to_pylist()}
    return [{**row, "file": files[row["document"]]} for row in graph.nodes["Assertion"].to_pylist()], graph


@pytest.fixture(scope="module")
def facts():
    return typeset().load_facts()


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    names = ("planets.pdf", "moons.tex", "moons.csv", "rockets.docx", "telescopes.html", "dwarf-planets.html")
    others = ("discoverers.md", "nasa-appropriations.xlsx")
    return assertions((*names, *others), tmp_path_factory.mktemp("blobs"))


def missed(wanted, have):
    """Facts that are not there; asserts that enough are, and that the others are known."""
    gone = [fact for fact in wanted if fact not in have]
    assert len(gone) <= (1 - SHARE) * len(wanted), gone
    assert {fact[:3] for fact in gone} <= KNOWN, gone
    return gone


def test_every_number_of_the_tables_is_a_fact_with_its_subject_quantity_and_unit(facts, found):
    have = {
        (f["file"], f["subject"], f["quantity"], f["period"] or "", figure(f["exact"]), f["unit"] or "", f["scale"])
        for f in found[0]
        if f["kind"] == "number"
    }
    wanted = expected(facts)
    assert len(wanted) > 200
    assert not missed(wanted, have)


def test_every_year_and_every_name_of_the_tables_is_a_fact(facts, found):
    years = {(f["file"], f["subject"], f["quantity"], f["date"]) for f in found[0] if f["kind"] == "date"}
    assert not missed(dated(facts), years)
    texts = {(f["file"], f["subject"], f["quantity"], f["text"]) for f in found[0]}
    assert not missed(named(facts), texts)


def test_no_number_of_a_table_is_a_fact_that_nobody_stated(facts, found):
    wanted = set(expected(facts))
    shapes = {"entities", "results", "statement"}
    strange = [
        (f["file"], f["subject"], f["quantity"], f["exact"])
        for f in found[0]
        if f["kind"] == "number" and f["shape"] in shapes and f["role"] == "data"
        and (f["file"], f["subject"], f["quantity"], f["period"] or "", figure(f["exact"]), f["unit"] or "", f["scale"])
        not in wanted
    ]  # fmt: skip
    assert not strange


def test_a_cell_that_names_a_row_of_another_table_leads_there(found):
    rows, graph = found
    subjects = {row["id"]: (row["subject"], row["quantity"]) for row in rows}
    names = {row["id"]: row["name"] for row in graph.nodes["Entity"].to_pylist()}
    edges = graph.edges["OBJECT", "Assertion", "Entity"].to_pylist()
    ties = {(*subjects[edge[":START_ID"]], names[edge[":END_ID"]]) for edge in edges}
    assert {
        ("Titan", "planet", "Saturn"),
        ("Titan", "discoverer", "Christiaan Huygens"),
        ("Kepler Space Telescope", "launch vehicle", "Delta II"),
    } <= ties


def test_a_table_without_a_title_is_called_after_its_rows(found):
    scopes = {row["scope"] for row in found[0] if row["file"] == "moons.csv"}
    assert scopes == {"the table of moons"}


@pytest.mark.slow
def test_every_launch_mass_of_the_reports_is_a_fact(facts, tmp_path):
    names = {f"reports/{typeset().slug(mission['name'])}.pdf": mission for mission in facts["missions"]}
    rows, _ = assertions(tuple(names), tmp_path)
    have = {(f["file"], f["subject"], figure(f["exact"]), f["unit"]) for f in rows if f["quantity"] == "launch mass"}
    assert have == {
        (Path(name).name, mission["name"], figure(mission["mass"]), "kilogram") for name, mission in names.items()
    }
