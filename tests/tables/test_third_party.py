"""Tables of other people, read from beside the checkout; skipped where they are absent."""

import csv
import json
from pathlib import Path

import pytest

from extraction.extractors.tables import TablesExtractor
from extraction.tables.header import is_year
from schemas.element import Document, Element, Elements, Grid, GridCell
from schemas.fact import Facts

TRUTH = Path(__file__).parents[3] / "shared" / "ground_truth"
needs_truth = pytest.mark.skipif(not TRUTH.is_dir(), reason="../shared/ground_truth is absent")


def _facts(name: str, rows: list[list[str]], head: int, paragraphs: list[str] = []) -> Facts:  # noqa: B006
    cells = tuple(
        GridCell(row=r, col=c, text=" ".join(str(t).split()), header=r < head)
        for r, row in enumerate(rows)
        for c, t in enumerate(row)
    )
    grid = Grid(n_rows=len(rows), n_cols=max(map(len, rows)), header_rows=head, cells=cells)
    elements = [Element(id=name, document=name, kind="table", order=0, grid=grid)]
    elements += [
        Element(id=f"{name}:{i}", document=name, kind="chunk", order=i + 1, role="text", text=p)
        for i, p in enumerate(paragraphs)
    ]
    document = Elements(document=Document(id=name, paths=(name,), format="csv"), reader="x/1", elements=tuple(elements))
    return TablesExtractor().extract(document, Facts(document=name, extractors=()))


@needs_truth
def test_every_wikipedia_table_gets_a_shape_or_a_reason():
    paths = sorted((TRUTH / "wikitablequestions").rglob("*.csv"))
    shaped = 0
    for path in paths:
        with path.open(encoding="utf-8") as file:
            rows = list(csv.reader(file, escapechar="\\"))
        facts = _facts(path.stem, rows, 1)
        structure = facts.structures[0]
        assert structure.shape or (structure.reason and ": " in structure.reason)
        assert bool(structure.shape) == bool(facts.facts)
        shaped += bool(structure.shape)
    assert shaped >= 0.2 * len(paths)


@needs_truth
def test_most_tatqa_tables_are_statements_and_hold_the_answers():
    """Share of single-span table answers that stand in a fact, of the tables with a shape."""
    contexts = json.loads(next((TRUTH / "tatqa").glob("*.json")).read_text(encoding="utf-8"))
    shaped = asked = held = 0
    for i, context in enumerate(contexts):
        facts = _facts(f"t{i}", context["table"]["table"], 0, [p["text"] for p in context["paragraphs"]])
        if facts.structures[0].shape is None:
            continue
        shaped += 1
        values = {str(abs(f.value.number)) for f in facts.facts if f.value.number is not None}
        for question in context["questions"]:
            if question["answer_from"] == "table" and question["answer_type"] == "span":
                wanted = [a.strip("$ %()-").replace(",", "") for a in question["answer"]]
                if all(a.replace(".", "").isdigit() and not is_year(a) for a in wanted):
                    asked += 1
                    held += all(a in values for a in wanted)
    assert shaped >= 0.5 * len(contexts)
    assert held >= 0.75 * asked, f"{held} of {asked}"
