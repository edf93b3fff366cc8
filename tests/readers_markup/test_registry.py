from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extraction import readers
from extraction.readers import SHIPPED, load, reader_for, registry
from schemas.element import Elements
from schemas.errors import DocumentError

TARGETS = sorted(set(SHIPPED.values()))


@pytest.mark.parametrize("target", TARGETS)
def test_a_shipped_reader_has_a_name_a_version_and_its_suffixes(target):
    reader = load(target)
    assert reader.name
    assert reader.version >= 1
    assert sorted(reader.suffixes) == sorted(suffix for suffix, value in SHIPPED.items() if value == target)


def test_an_unknown_suffix_has_no_reader(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"x")
    assert reader_for(tmp_path / "a.mp4") is None


@pytest.mark.parametrize(
    ("name", "check"), [("a.pdf", "not_a_pdf"), ("a.xlsx", "not_a_xlsx"), ("b.epub", "not_a_epub")]
)
def test_content_that_is_not_what_the_name_says_goes_to_no_reader(tmp_path, name, check):
    (tmp_path / name).write_text("This is text.")
    with pytest.raises(DocumentError) as caught:
        reader_for(tmp_path / name)
    assert caught.value.check == check
    assert "This is text." in caught.value.reason


def test_an_installed_package_can_add_a_reader(tmp_path, monkeypatch):
    point = type("Point", (), {"name": ".TEI", "value": "extraction.readers.text:TextReader"})
    monkeypatch.setattr(readers, "entry_points", lambda *, group: [point] if group == "kgmine.readers" else [])
    registry.cache_clear()
    try:
        (tmp_path / "a.tei").write_text("One.\n\nTwo.")
        found = reader_for(tmp_path / "a.tei").read(tmp_path / "a.tei", tmp_path)
    finally:
        monkeypatch.undo()
        registry.cache_clear()
    assert [element.text for element in found.elements] == ["One.", "Two."]


def test_elements_survive_the_disk(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\n|a|b|\n|-|-|\n|1|2|\n")
    found = reader_for(tmp_path / "a.md").read(tmp_path / "a.md", tmp_path)
    assert Elements.model_validate_json(found.model_dump_json()) == found


def test_choosing_a_reader_for_text_loads_no_parser_of_other_formats(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Text.")
    code = (
        "import sys; from pathlib import Path; from extraction.readers import reader_for;"
        f"assert reader_for(Path({str(path)!r}));"
        "print([m for m in ('pymupdf', 'openpyxl', 'pypandoc', 'camelot') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
