"""docs/templates.md and docs/gallery.md say what kgmine says: both examples are run, and the pages are made again."""

import re
from pathlib import Path

import pytest

from audits import gallery, tutorial
from tests.roof.test_run import ROOT, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("examples")
    planets, movies = folder / "planets", folder / "movies"
    example = ROOT / "examples"
    run("run", example / "planets" / "corpus", "--out", planets, "--config", example / "planets" / "kgmine.yaml")
    config = ("--config", example / "movies" / "kgmine.yaml")
    run("import", example / "movies" / "graph", "--workspace", movies / "workspace", *config)
    run("run", "--out", movies, *config)
    return planets, movies


def test_the_sample_of_the_readme_is_in_the_example_with_what_it_shows(
    exports: tuple[Path, Path], tmp_path: Path
) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.search(r"`kgmine show (\w{12}) out`", page)
    assert named
    question, answer = re.findall(r"^> (?:\*\*)?(.+?)(?:\*\*)?$", page, re.MULTILINE)[:2]
    said = run("show", named[1], exports[0], "--crops", tmp_path)
    assert said.split("\n")[:2] == [question, f"  {answer}"]
    block = next(part for part in page.split("```") if "of its matches" in part)
    for line in block.strip().splitlines()[:-1]:
        assert re.split(r"\s{2,}", line.strip())[0] in said, line


def test_the_gallery_is_what_make_gallery_writes(exports: tuple[Path, Path]) -> None:
    for path, text in gallery.pages(exports).items():
        assert path.read_text(encoding="utf-8").splitlines() == text.splitlines(), "make gallery"


def test_every_command_of_the_tutorial_prints_what_the_page_shows(exports: tuple[Path, Path]) -> None:
    page = gallery.GUIDE.read_text(encoding="utf-8")
    assert page.splitlines() == tutorial.run(page, *exports).splitlines(), "make gallery"
