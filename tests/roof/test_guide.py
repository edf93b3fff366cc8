"""docs/templates.md and docs/gallery.md are complete: every header key, every filter, every shipped template."""

from __future__ import annotations

import re

import pytest

from audits.gallery import GUIDE, PAGE, ROOT, SHIPPED
from kg.cypher.filters import FILTERS
from kg.cypher.lint import lint_file
from schemas.template import Derive, Expect, TemplateHeader

TEXT = GUIDE.read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT, re.MULTILINE))
OWN = sorted((ROOT / "examples" / "planets" / "templates").glob("*.cypher"))
RECIPES = sorted((ROOT / "examples" / "recipes").glob("*/*.cypher"))


def test_the_gallery_has_every_template_of_kgmine_and_of_the_examples():
    listed = re.findall(r"^### `(\w+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    folders = (SHIPPED, *(path / "templates" for path in sorted((ROOT / "examples").iterdir())))
    assert sorted(listed) == sorted(path.stem for folder in folders for path in folder.glob("*.cypher")), "make gallery"


@pytest.mark.parametrize("key", [*TemplateHeader.model_fields])
def test_every_key_of_the_header_is_explained(key):
    assert key in ROWS


@pytest.mark.parametrize("key", [*Derive.model_fields, *Expect.model_fields])
def test_every_key_of_a_derivation_or_an_expectation_is_named(key):
    assert f"`{key}`" in TEXT


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_has_an_example(name):
    assert len(ROWS[name]) > 10, f"make gallery ({name} is new)"


@pytest.mark.parametrize("path", [*OWN, *RECIPES], ids=lambda path: path.stem)
def test_the_templates_of_the_examples_are_right(path):
    assert not lint_file(path)


def test_every_recipe_is_in_the_table_of_its_kind_and_none_replaces_a_shipped_template():
    page = (ROOT / "examples" / "recipes" / "README.md").read_text(encoding="utf-8")
    kinds = dict(re.findall(r"^## (\w+):(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    listed = {
        (kind, name) for kind, text in kinds.items() for name in re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    }
    assert listed == {(path.parent.name, path.stem) for path in RECIPES}
    assert not {path.stem for path in RECIPES} & {path.stem for path in SHIPPED.glob("*.cypher")}


def test_the_worked_example_is_the_file():
    header = (OWN[0].parent / "age_of_discoverer.cypher").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(task: chain_difference.*?)```", TEXT, re.DOTALL)[1]
    assert all(line in header for line in example.splitlines())
    pattern = re.search(r"```cypher\n(.*?)```", TEXT, re.DOTALL)[1]
    assert pattern in header
