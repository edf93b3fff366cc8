"""The rules of the house, measured."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("kg", "extraction", "sampling", "synthesis", "scoring", "training", "schemas", "runtime", "kgmine")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < 50, f"{path.name}:{node.lineno} {node.name}"


def test_no_catch_all_no_star_import_no_utils() -> None:
    for path in SOURCES:
        assert path.name not in ("utils.py", "helpers.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in ("everything", "Exception", "BaseException"), f"{path}:{node.lineno}"
            if isinstance(node, ast.ImportFrom):
                assert all(alias.name != "*" for alias in node.names), path


def test_pymupdf_has_one_importer() -> None:
    importers = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"^\s*(import|from) (pymupdf|fitz)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importers == ["runtime/pdf.py"]


def test_help_answers_fast_and_no_command_module_imports_torch() -> None:
    code = (
        "import time, sys; start = time.process_time()\n"
        "from kgmine.cli.main import COMMANDS, app\n"
        "from click.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "spent = time.process_time() - start\n"
        "from importlib import import_module\n"
        "[import_module(target.partition(':')[0]) for target, _ in COMMANDS.values()]\n"
        "import kgmine.pipeline\n"
        "print(spent < 0.3, 'torch' in sys.modules, 'pymupdf' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


def test_every_command_is_in_the_readme_or_the_docs() -> None:
    from kgmine.cli.main import COMMANDS

    docs = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    missing = [name for name in COMMANDS if f"kgmine {name}" not in docs]
    assert missing == []


def test_no_path_of_a_machine_and_no_registry_host_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    forbidden = re.compile(
        "/" + "work/(main|venv|scratch|shared)|pypi" + r"\.org|python" + "hosted|registry" + r"\.npmjs"
    )
    text_files = [name for name in listed if Path(name).suffix in (".py", ".md", ".toml", ".yaml", ".json", ".cypher")]
    found = [name for name in text_files if forbidden.search((ROOT / name).read_text(encoding="utf-8"))]
    assert found == []
