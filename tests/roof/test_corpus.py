from pathlib import Path

import pytest

from kgmine.corpus import scan
from schemas.errors import UsageError


def test_equal_contents_are_one_source_with_sorted_paths(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("same")
    (tmp_path / "a.md").write_text("same")
    sources, rejected = scan(tmp_path)
    assert [source.paths for source in sources] == [("a.md", "b.md")]
    assert rejected == []


def test_a_link_to_a_folder_above_is_reported_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    sources, rejected = scan(tmp_path)
    assert [source.paths for source in sources] == [("a.md",)]
    assert [(row.item, row.check) for row in rejected] == [("sub/up", "directory_loop")]


def test_hidden_and_lock_files_are_no_documents(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$draft.docx", "a.md"):
        (tmp_path / name).write_text("text")
    sources, _ = scan(tmp_path)
    assert [source.paths for source in sources] == [("a.md",)]


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_corpus_that_is_no_folder_of_documents_is_one_clear_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "corpus"
    if kind == "file":
        path.write_text("text")
    if kind == "empty":
        path.mkdir()
    with pytest.raises(UsageError) as error:
        scan(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_first_takes_the_first_files_in_path_order(tmp_path: Path) -> None:
    for name in ("c.md", "a.md", "b.md"):
        (tmp_path / name).write_text(name)
    sources, _ = scan(tmp_path, first=2)
    assert [source.paths for source in sources] == [("a.md",), ("b.md",)]
