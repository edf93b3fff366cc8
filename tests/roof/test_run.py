"""The main job on a part of the example corpus, as a user runs it: through the command line, in processes of its own."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kgmine.check import check, graphs, verify
from kgmine.show import samples
from schemas.sample import Sample

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "planets" / "corpus"
PART = (
    "moons.csv", "nasa-appropriations.xlsx", "dwarf-planets.html", "telescopes.html", "discoverers.md", "rockets.docx",
    "reports/galileo.pdf", "reports/giotto.pdf",
)  # fmt: skip
DRAWS = "sampling.draws=40"


def corpus(folder: Path, names: tuple[str, ...] = PART) -> Path:
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(EXAMPLES / name, target)
    return folder


def command(*arguments: object) -> list[str]:
    start = "from kgmine.cli.main import run; run()"
    return [sys.executable, "-c", start, *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def run(*arguments: object, code: int = 0) -> str:
    done = subprocess.run(command(*arguments), env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def digests(out: Path) -> dict[str, str]:
    files = [
        path for path in sorted(out.rglob("*")) if path.is_file() and "workspace" not in path.relative_to(out).parts
    ]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    folder = tmp_path_factory.mktemp("run")
    documents = corpus(folder / "corpus")
    output = run("run", documents, "--out", folder / "out", "--set", DRAWS, "--jobs", 2)
    return documents, folder / "out", output


def test_a_folder_becomes_proved_samples_of_several_tasks_and_formats(made: tuple[Path, Path, str]) -> None:
    rows = list(samples(made[1]))
    assert len(rows) >= 40
    assert all(row.proved and row.split for row in rows)
    assert len({row.task for row in rows}) >= 5
    assert {Path(item.path).suffix for row in rows for item in row.evidence} >= {
        ".csv",
        ".html",
        ".md",
        ".docx",
        ".pdf",
    }
    assert max(Counter(row.task for row in rows).values()) <= 0.4 * len(rows)


def test_the_run_says_what_to_look_at_next(made: tuple[Path, Path, str]) -> None:
    assert "kgmine show" in made[2]
    assert "kgmine verify" in made[2]


def test_verify_is_clean_and_show_writes_a_crop(made: tuple[Path, Path, str], tmp_path: Path) -> None:
    assert "all pass" in run("verify", made[1])
    paged = next(row for row in samples(made[1]) if row.evidence[0].page)
    said = run("show", paged.id[:10], made[1], "--crops", tmp_path)
    assert paged.question in said
    assert list(tmp_path.glob("*.png"))


def test_a_workspace_elsewhere_is_named_in_what_to_look_at_next(made: tuple[Path, Path, str], tmp_path: Path) -> None:
    out, apart = tmp_path / "out", tmp_path / "apart"
    shutil.copytree(made[1] / "workspace", apart)  # what has been read and mined is not made again
    output = run("run", made[0], "--out", out, "--workspace", apart, "--set", DRAWS, "--jobs", 2)
    lines = [line.split("   ")[0].split() for line in output.splitlines() if line.startswith("  kgmine ")]
    assert all(line[-2:] == ["--workspace", str(apart)] for line in lines if line[1] in ("show", "verify"))
    assert "evidence" in run(*(next(line for line in lines if line[1] == "show")[1:]), "--crops", tmp_path / "crops")


def test_what_the_facts_state_is_listed_with_unit_things_and_times(made: tuple[Path, Path, str]) -> None:
    head, *rows = run("schema", "--workspace", made[1], "--facts").splitlines()
    assert head.split() == ["of", "quantity", "kind", "unit", "facts", "things", "period", "or", "condition", "example"]
    cells = [re.split(r"\s{2,}", row) for row in rows]
    assert ["account", "NASA appropriations", "number", "USD", "45", "9"] in [row[:6] for row in cells]
    (found,) = (row for row in cells if row[:2] == ["account", "NASA appropriations"])
    assert found[6].startswith("FY20")
    assert " | … (" in found[6]


def test_preview_shows_all_values_first_and_the_words_of_what_is_rejected(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    path = tmp_path / "sum.cypher"
    path.write_text(
        "/*\ntask: mine\ngiven: [e.name, f.quantity, g.quantity]\nderive: {sympy: f.number + g.number, unit: same}\n"
        'question: "What are {{ f.quantity | of(e.name) }} and {{ g.quantity | phrase }} together?"\n*/\n'
        "MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)\n"
        "WHERE f.kind = 'number' AND g.quantity = f.quantity AND f.id < g.id RETURN f, e, g\n"
    )
    output = run("template", "preview", path, "--workspace", made[1])
    rejected = output.splitlines().index(
        next(line for line in output.splitlines() if line.startswith("    rejected, "))
    )
    assert output.splitlines()[rejected - 1].startswith("- What are ")


def test_the_funnel_has_every_document_and_template(made: tuple[Path, Path, str]) -> None:
    data = json.loads((made[1] / "funnel.json").read_text())
    assert set(data["documents"]) == set(PART)
    assert sum(row["exported"] for row in data["documents"].values()) == len(list(samples(made[1])))
    assert "moons.csv" in run("funnel", made[1])


@pytest.mark.slow
def test_one_worker_killed_twice_and_resumed_gives_the_same_bytes_as_two(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    line = command("run", made[0], "--out", out, "--set", DRAWS, "--jobs", 1)
    for landmark in ("fragments", "runs"):
        process = subprocess.Popen(line, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not list((out / "workspace" / landmark).rglob("*.json*")):
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert not (out / "data").exists()
    run("run", made[0], "--out", out, "--set", DRAWS, "--jobs", 1)
    assert digests(out) == digests(made[1])


@pytest.mark.slow
def test_running_again_reads_nothing_and_changes_nothing(made: tuple[Path, Path, str]) -> None:
    before = digests(made[1])
    assert "0 read now" in run("run", made[0], "--out", made[1], "--set", DRAWS, "--jobs", 2)
    assert digests(made[1]) == before


@pytest.mark.slow
def test_a_new_document_moves_no_split_and_keeps_the_ids_of_untouched_samples(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    documents = corpus(tmp_path / "corpus", (*PART, "reports/rosetta.pdf"))
    out = tmp_path / "out"
    shutil.copytree(made[1], out)
    run("run", documents, "--out", out, "--set", DRAWS, "--jobs", 2)
    before = json.loads((made[1] / "workspace" / "splits.json").read_text())["splits"]
    after = json.loads((out / "workspace" / "splits.json").read_text())["splits"]
    assert {unit: after[unit] for unit in before} == before
    old = {row.question: row for row in samples(made[1])}
    kept = [row for row in samples(out) if row.question in old]
    assert len(kept) >= len(old) // 2
    assert all(row.id == old[row.question].id for row in kept if row.answer_value == old[row.question].answer_value)


def test_the_parquet_files_load_in_datasets_with_the_ids_of_the_json_lines(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    datasets = pytest.importorskip("datasets")
    files = {path.stem: str(path) for path in sorted((made[1] / "data").glob("*.parquet"))}
    loaded = datasets.load_dataset("parquet", data_files=files, cache_dir=str(tmp_path))
    assert sorted(row["id"] for split in loaded.values() for row in split) == sorted(row.id for row in samples(made[1]))


def test_a_changed_source_file_fails_the_samples_that_rest_on_it_and_only_those(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    documents = tmp_path / "corpus"
    shutil.copytree(made[0], documents)
    rows = [
        row
        for row in samples(made[1])
        if any(item.path == "moons.csv" and item.kind == "value" for item in row.evidence)
    ]
    value = next(item for item in rows[0].evidence if item.path == "moons.csv" and item.kind == "value")
    path = documents / "moons.csv"
    text = path.read_text(encoding="utf-8")
    assert value.text in text
    path.write_text(text.replace(value.text, "999999"), encoding="utf-8")
    report = verify(made[1], documents)
    assert not report.clean
    failed = {failure.sample for failure in report.failures if failure.check != "source_file"}
    touching = {row.id for row in samples(made[1]) if any(item.path == "moons.csv" for item in row.evidence)}
    assert rows[0].id in failed
    assert failed <= touching


def test_without_the_workspace_the_graph_checks_are_attested_and_the_rest_pass(
    made: tuple[Path, Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(made[1], out, ignore=shutil.ignore_patterns("workspace"))
    report = verify(out, made[0])
    assert report.clean
    assert report.counts["unique"]["attested"] == report.samples
    assert report.counts["derivation"]["pass"] == report.samples


def test_pinned_graphs_are_found_by_their_hash(made: tuple[Path, Path, str]) -> None:
    wanted = {row.match.snapshot for row in samples(made[1])}
    assert set(graphs(made[1] / "workspace", wanted)) == wanted
    assert check(list[Sample](), None, {}, {}).clean is False  # type: ignore[arg-type]
