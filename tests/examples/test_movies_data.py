"""The films of examples/movies: read whole, under the mapping that lies beside them, with nothing left to guess."""

from collections import Counter
from pathlib import Path

import pytest

from kg.graph.formats import read
from kgmine.config import load

MOVIES = Path(__file__).parents[2] / "examples" / "movies"


@pytest.fixture(scope="module")
def found():
    return read(MOVIES / "graph", load(MOVIES / "kgmine.yaml").graph)


def rows(found, label):
    return found.tables.nodes[label].to_pylist()


def test_the_mapping_names_every_label(found):
    assert found.notes == ()
    assert found.tables.roles.closed_world
    assert found.tables.roles.units == {"Movie": {"runtime": "minute"}}


def test_names_that_are_shared_are_those_that_the_readme_tells(found):
    films = Counter(row["title"] for row in rows(found, "Movie"))
    assert sorted(name for name, n in films.items() if n > 1) == ["Dune", "True Grit", "West Side Story"]
    people = Counter(row["name"] for row in rows(found, "Person"))
    assert [name for name, n in people.items() if n > 1] == ["Steve McQueen"]


def test_every_film_has_what_a_film_has(found):
    edges = found.tables.edges
    films = {row["id"] for row in rows(found, "Movie")}
    for key, end in (
        (("DIRECTED", "Person", "Movie"), ":END_ID"),
        (("ACTED_IN", "Person", "Movie"), ":END_ID"),
        (("DESCRIBES", "Synopsis", "Movie"), ":END_ID"),
        (("IN_GENRE", "Movie", "Genre"), ":START_ID"),
        (("RELEASED_BY", "Movie", "Studio"), ":START_ID"),
        (("MADE_IN", "Movie", "Country"), ":START_ID"),
    ):
        assert set(edges[key][end].to_pylist()) == films


def test_dates_are_in_order(found):
    year = {row["id"]: row["year"] for label in ("Movie", "Book") for row in rows(found, label)}
    born = {row["id"]: row["born"] for row in rows(found, "Person")}
    edges = {key: table.to_pylist() for key, table in found.tables.edges.items()}
    assert all(year[e[":START_ID"]] > year[e[":END_ID"]] for e in edges["SEQUEL_OF", "Movie", "Movie"])
    assert all(year[e[":START_ID"]] > year[e[":END_ID"]] for e in edges["BASED_ON", "Movie", "Book"])
    assert all(e["year"] - year[e[":START_ID"]] in (1, 2) for e in edges["WON", "Movie", "Award"])
    for kind in ("ACTED_IN", "DIRECTED", "WROTE"):
        for e in edges[kind, "Person", "Movie"]:
            assert born[e[":START_ID"]] is None or 6 <= year[e[":END_ID"]] - born[e[":START_ID"]] <= 90
