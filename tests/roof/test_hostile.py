from pathlib import Path

import pytest
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
