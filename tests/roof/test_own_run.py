"""A user's own graph from its CSV files to an exported benchmark, as a user does it: through the command line."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from kgmine.show import samples
from schemas.sample import Sample
from tests.roof.test_run import digests, run

pytestmark = pytest.mark.slow

MOVIES = Path(__file__).parents[2] / "examples" / "movies"
CONFIG = ("--config", MOVIES / "kgmine.yaml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("movies") / "out"
    run("import", MOVIES / "graph", "--workspace", out / "workspace", *CONFIG)
    run("run", "--out", out, *CONFIG)
    return out


@pytest.fixture(scope="module")
def rows(made: Path) -> list[Sample]:
    return list(samples(made))


def test_every_template_of_the_example_gives_proved_samples(rows: list[Sample]) -> None:
    found = Counter(sample.match.template for sample in rows)
    assert set(found) == {path.stem for path in (MOVIES / "templates").glob("*.cypher")}
    assert all(sample.proved for sample in rows)
    assert len(rows) > 500
    assert {sample.hops for sample in rows} == {0, 1, 2, 3}


def test_evidence_is_a_node_and_its_property_or_a_relationship(rows: list[Sample]) -> None:
    for sample in rows:
        assert sample.evidence
        for row in sample.evidence:
            assert row.property
            assert (row.page, row.box, row.document, row.path) == (None, None, "", "")
            assert row.sha256 == sample.match.snapshot


def test_what_the_question_asks_stands_in_the_evidence(rows: list[Sample]) -> None:
    for sample in rows:
        if sample.answer_type == "entity":
            assert sample.answer == sample.evidence[0].text


def test_verify_is_clean_and_says_that_the_graph_is_the_source(made: Path, rows: list[Sample]) -> None:
    said = run("verify", made)
    assert f"{len(rows)} samples verified: all pass" in said
    assert re.search(r"source_tables +1 +0", said)
    assert re.search(rf"source_reread +0 +0 +{len(rows)}", said)


def test_the_card_says_where_the_questions_come_from(made: Path) -> None:
    card = (made / "README.md").read_text()
    assert "over a graph of 633 nodes and 1,124 relationships" in card
    assert "Splits are disjoint by node" in card
    assert "page" not in card.split("## Splits")[0]


def test_connected_nodes_share_a_split(made: Path, rows: list[Sample]) -> None:
    splits = json.loads((made / "workspace" / "splits.json").read_text())
    assert splits["unit"] == "node"
    for sample in rows:
        places = {splits["splits"][node] for node in sample.match.nodes if node in splits["splits"]}
        assert places <= {sample.split}
    shares = Counter(splits["splits"].values())
    assert 0.2 < shares["test"] / shares.total() < 0.4


def test_no_relationship_is_asked_about_in_train_and_in_test(rows: list[Sample]) -> None:
    facts: dict[str, set[str]] = {"train": set(), "dev": set(), "test": set()}
    for sample in rows:
        facts[str(sample.split)].update(sample.fact_keys)
    assert not facts["train"] & (facts["dev"] | facts["test"])


def test_another_run_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    run("import", MOVIES / "graph", "--workspace", out / "workspace", *CONFIG)
    run("run", "--out", out, *CONFIG)
    assert digests(out) == digests(made)


def test_a_changed_answer_and_a_changed_table_are_found(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("import", MOVIES / "graph", "--workspace", out / "workspace", *CONFIG)
    run("run", "--out", out, *CONFIG, "--set", "sampling.draws=20")
    data = out / "data" / "train.jsonl"
    first, *others = data.read_text().splitlines()
    row = json.loads(first)
    row["answer_value"] = row["derivation"]["result"] = "p-nobody"
    data.write_text("\n".join([json.dumps(row), *others]) + "\n")
    assert "1 samples fail" in run("verify", out, code=1)
    data.write_text("\n".join([first, *others]) + "\n")
    table = next((out / "workspace" / "graph").glob("*/tables/nodes/Movie.parquet"))
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    assert "source_tables: " in run("verify", out, code=1)


def test_a_run_without_corpus_and_without_import_says_what_to_do(tmp_path: Path) -> None:
    run("run", "--out", tmp_path / "out", *CONFIG, code=2)
