"""Against docling's reviewed files, which lie beside the checkout: every file parses, table cells agree."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from extraction.readers import reader_for

GROUND_TRUTH = Path(__file__).resolve().parents[3] / "shared" / "ground_truth" / "docling"

pytestmark = pytest.mark.skipif(not GROUND_TRUTH.is_dir(), reason=f"no ground truth at ../shared: {GROUND_TRUTH}")

FLOORS = {"docx": 0.98, "html": 0.95, "md": 1.0, "jats": 0.97, "csv": 1.0, "xlsx": 0.97, "epub": 1.0}
"""Share of gold table cells that are found. What is missing: docx check boxes, html nested tables (both are spelled
otherwise), jats raised footnote marks (they are no part of a name here), xlsx one-cell tables (lines of text here) and
hidden sheets."""


def plain(text):
    """Letters and digits in compatibility form: raised digits, hyphens and TeX marks are spelled differently."""
    text = text.removesuffix(" 00:00:00")
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def cells(texts):
    return Counter(filter(None, map(plain, texts)))


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_table_cells_agree_with_the_reviewed_ones(kind, tmp_path):
    hits = total = read = 0
    for source in sorted((GROUND_TRUTH / kind / "sources").iterdir()):
        reader = reader_for(source)
        if reader is None or source.suffix == ".txt":
            continue
        found = reader.read(source, tmp_path)
        read += 1
        gold = GROUND_TRUTH / kind / "groundtruth" / f"{source.name}.json"
        if gold.exists():
            tables = json.loads(gold.read_text(encoding="utf-8")).get("tables", ())
            wanted = cells(cell["text"] for table in tables for cell in table["data"]["table_cells"])
            mine = cells(cell.text for element in found.elements if element.grid for cell in element.grid.cells)
            hits += sum((wanted & mine).values())
            total += sum(wanted.values())
    assert read > 0
    assert hits >= FLOORS[kind] * total, f"{kind}: {hits} of {total} cells in {read} files"
