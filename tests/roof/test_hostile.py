from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner

from kgmine.cli.main import app
from runtime.artefacts import read_rows
from schemas.errors import KgmineError
from schemas.reject import Rejected
from tests.roof import hostile

EXPECTED = {
    "empty.pdf": "empty",
    "truncated.pdf": "truncated",
    "named.pdf": "not_a_pdf",
    "noise.docx": "not_a_docx",
    "strange.xyz": "unsupported",
    "locked.pdf": "encrypted",
    "scan.pdf": "no_text_layer",
    "sub/loop": "directory_loop",
}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    folder = tmp_path_factory.mktemp("hostile")
    hostile.write(folder / "corpus")
    result = CliRunner().invoke(
        app,
        ["ingest", str(folder / "corpus"), "--workspace", str(folder / "ws"), "--max-pages", "4"],
        standalone_mode=False,
    )
    return folder / "ws", result.output, result.return_value


def test_each_bad_file_is_one_row_with_a_reason_and_the_good_ones_are_read(ingested: tuple[Path, str, int]) -> None:
    workspace, output, code = ingested
    rows = {row.item: row for row in read_rows(workspace / "rejected.jsonl", Rejected)}
    assert {name: row.check for name, row in rows.items()} == EXPECTED
    assert all("\n" not in row.reason and row.reason for row in rows.values())
    assert "2 documents (2 read now), 8 rejected" in output
    assert code == 0


def test_a_scan_says_how_many_pages_have_no_text_layer(ingested: tuple[Path, str, int]) -> None:
    assert "no text layer: 3 pages" in ingested[1]


def test_pages_beyond_the_bound_are_named(ingested: tuple[Path, str, int]) -> None:
    assert "long.pdf: " in ingested[1]
    assert "6 pages" in ingested[1]


UNKNOWN = """/*
task: x
given: [e.name, f.quantity]
answer: f.number
question: "{{ f.quantity | ask(e.name) }}?"
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:LABEL)
WHERE f.number > 1e30
RETURN f, e
"""


def test_a_template_with_an_unknown_label_stops_the_run_and_names_the_place(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "good.md").write_text(hostile.GOOD, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "wrong.cypher").write_text(UNKNOWN.replace("LABEL", "Entitty"), encoding="utf-8")
    line = ["run", str(tmp_path / "corpus"), "--out", str(tmp_path / "out"), "--templates", str(tmp_path / "templates")]
    alone = [*line, "--set", "sampling.shipped=false"]
    with pytest.raises(KgmineError) as error:
        CliRunner().invoke(app, alone, standalone_mode=False, catch_exceptions=False)
    assert error.value.exit_code == 2
    assert "wrong.cypher:7:36: unknown label `Entitty`" in str(error.value)


def test_a_template_that_matches_nothing_is_named_and_a_run_without_samples_fails(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "good.md").write_text(hostile.GOOD, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "none.cypher").write_text(UNKNOWN.replace("LABEL", "Entity"), encoding="utf-8")
    line = ["run", str(tmp_path / "corpus"), "--out", str(tmp_path / "out"), "--templates", str(tmp_path / "templates")]
    result = CliRunner().invoke(app, [*line, "--set", "sampling.shipped=false"], standalone_mode=False)
    assert "nothing to match in these documents: none" in result.output
    assert isinstance(result.exception, ClickException)
    assert "no sample could be proved" in str(result.exception)


def test_the_starter_template_is_clean() -> None:
    from kg.cypher.lint import lint_file

    assert lint_file(Path(__file__).parents[2] / "kgmine" / "starter" / "my_first.cypher", None) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ingest", "{}/none", "--workspace", "{}/w"], 2, "no such folder"),
        (["run", "{}/blank", "--out", "{}/o"], 2, "no documents"),
        (["query", "MATCH (n) RETURN n", "--workspace", "{}/none"], 2, "no workspace here"),
        (["verify", "{}/none"], 2, "no export here"),
        (["show", "abc", "{}/none"], 2, "no export here"),
        (["funnel", "{}/none"], 2, "no funnel.json"),
        (["run", "{}/blank", "--out", "{}/o", "--set", "smapling.draws=3"], 2, "smapling: unknown key"),
    ],
)
def test_a_wrong_request_is_one_line_with_an_exit_code(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "blank").mkdir()
    with pytest.raises(KgmineError) as error:
        CliRunner().invoke(
            app, [part.format(tmp_path) for part in arguments], standalone_mode=False, catch_exceptions=False
        )
    assert error.value.exit_code == code
    assert said in str(error.value)
    assert "\n" not in str(error.value)
