"""docs/templates.md is complete: every header key, every filter, every shipped template, and its worked example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audits.gallery import GUIDE, SHIPPED
from kg.cypher.lint import lint_file
from kg.cypher.template import JINJA_FILTERS, load
from schemas.template import Derive, TemplateHeader

TEXT = GUIDE.read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT, re.MULTILINE))
OWN = sorted((Path(__file__).parents[2] / "examples" / "planets" / "templates").glob("*.cypher"))


def test_every_shipped_template_has_its_row_with_task_and_description():
    for path in SHIPPED.glob("*.cypher"):
        header = load(path).header
        assert path.stem in ROWS, f"run: python -m audits.gallery ({path.stem} is new)"
        assert ROWS[path.stem].startswith(f"{header.task} | {header.description} | "), path.stem


def test_no_row_is_left_of_a_template_that_is_gone():
    listed = TEXT[TEXT.index("<!-- gallery -->") :]
    assert set(re.findall(r"^\| `(\w+)`", listed, re.MULTILINE)) == {path.stem for path in SHIPPED.glob("*.cypher")}


@pytest.mark.parametrize("key", [*TemplateHeader.model_fields])
def test_every_key_of_the_header_is_explained(key):
    assert key in ROWS


@pytest.mark.parametrize("key", [*Derive.model_fields])
def test_every_key_of_a_derivation_is_named(key):
    assert f"`{key}`" in TEXT


@pytest.mark.parametrize("name", JINJA_FILTERS)
def test_every_filter_has_an_example(name):
    assert len(ROWS[name]) > 10, f"run: python -m audits.gallery ({name} is new)"


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_the_templates_of_the_example_are_right(path):
    assert not lint_file(path)


def test_the_worked_example_is_the_file():
    header = (OWN[0].parent / "age_of_discoverer.cypher").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(task: chain_difference.*?)```", TEXT, re.DOTALL)[1]
    assert all(line in header for line in example.splitlines())
    pattern = re.search(r"```cypher\n(.*?)```", TEXT, re.DOTALL)[1]
    assert pattern in header
