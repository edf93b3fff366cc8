"""The main job with the graph on a real Neo4j server: same bytes, and what users change there is what sampling sees."""

import json
from collections import Counter
from pathlib import Path

import pytest

from kg.graph.diff import diff
from kg.graph.tables import Tables
from kg.stores.memory import MemoryStore
from kgmine.graph import current
from kgmine.show import samples
from kgmine.workspace import Workspace
from tests.conftest import Server
from tests.roof.test_run import DRAWS, command, corpus, digests, environment, run

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]

PART = ("moons.csv", "dwarf-planets.html", "telescopes.html", "reports/galileo.pdf", "reports/giotto.pdf")


@pytest.fixture(autouse=True)
def _credentials(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("embedded")
    documents = corpus(folder / "corpus", PART)
    run("run", documents, "--out", folder / "out", "--set", DRAWS)
    return documents, folder / "out"


def test_every_store_gives_the_same_graph_and_the_same_export(
    embedded: tuple[Path, Path], neo4j_server: Server, tmp_path: Path
) -> None:
    documents, out = embedded
    tables = current(Workspace(out / "workspace")).read()
    memory = MemoryStore()
    memory.sync(diff(Tables({}, {}), tables))
    assert memory.tables().hash == tables.hash

    served = tmp_path / "out"
    line = ("run", documents, "--out", served, "--set", DRAWS, "--store", neo4j_server.uri)
    assert f"{tables.node_count + tables.edge_count:,} added" in run(*line)
    assert digests(served) == digests(out)
    # Read back from the server, nothing is found to be changed, and the export is the same again.
    assert "nothing to change" in run(*line, "--refresh")
    assert not (served / "workspace" / "edits.jsonl").exists()
    assert digests(served) == digests(out)
    assert neo4j_server.run("MATCH (n:Entity) RETURN count(*)") == [[tables.nodes["Entity"].num_rows]]


def test_a_renamed_entity_is_asked_for_by_its_new_name_and_says_that_a_user_wrote_it(
    embedded: tuple[Path, Path], neo4j_server: Server, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    line = ("run", embedded[0], "--out", out, "--set", DRAWS, "--store", neo4j_server.uri)
    run(*line)
    told = Counter(claim.surface for row in samples(out) for claim in row.claims if claim.property == "name")
    name = min(
        told, key=lambda name: (-told[name], name)
    )  # who is asked about most: another order of draws has it, too
    neo4j_server.run("MATCH (e:Entity {name: $name}) SET e.name = 'Jupiter IV'", name=name)
    neo4j_server.run("MATCH (e:Entity {name: 'Europa'}) SET e.note = 'has an ocean'")
    assert "edits:" in run(*line)
    rows = list(samples(out))
    renamed = [row for row in rows if "Jupiter IV" in row.question + row.answer]
    assert renamed
    assert name not in {claim.surface for row in rows for claim in row.claims}
    assert {row.provenance for row in renamed} == {"user"}
    assert {item.page for row in renamed for item in row.evidence} == {None}
    assert any(row.provenance == "source" for row in rows)
    listed = run("graph", "diff", "--workspace", out, "--format", "jsonl").splitlines()
    assert len(listed) == 2
    assert any("Jupiter IV" in line for line in listed)
    assert "all pass" in run("verify", out)

    said = run(*line, "--discard-edits")
    assert "dropped" in said
    assert neo4j_server.run("MATCH (e:Entity {name: 'Jupiter IV'}) RETURN count(*)") == [[0]]
    assert digests(out) == digests(embedded[1])


def test_a_relationship_that_a_user_adds_is_kept_when_a_document_changes_and_can_be_sampled(
    embedded: tuple[Path, Path], neo4j_server: Server, tmp_path: Path
) -> None:
    documents = corpus(tmp_path / "corpus", PART)
    workspace = tmp_path / "ws"
    line = ("ingest", documents, "--workspace", workspace, "--store", neo4j_server.uri)
    run(*line)
    neo4j_server.run("MATCH (a:Entity {name: 'Io'}), (b:Entity {name: 'Europa'}) CREATE (a)-[:RESONATES_WITH]->(b)")
    page = documents / "dwarf-planets.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", "<p>One more line.</p></body>"), "utf-8")
    run(*line)
    template = tmp_path / "resonance.cypher"
    template.write_text("MATCH (a:Entity)-[:RESONATES_WITH]->(b:Entity) RETURN a.name AS a, b.name AS b")
    asked = run("query", template.read_text(), "--workspace", workspace, "--format", "jsonl")
    assert json.loads(asked) == {"a": "Io", "b": "Europa"}
    on_server = run("query", template.read_text(), "--store", neo4j_server.uri, "--format", "jsonl")
    assert json.loads(on_server) == {"a": "Io", "b": "Europa"}


def test_another_workspace_may_not_write_over_a_graph(
    embedded: tuple[Path, Path], neo4j_server: Server, tmp_path: Path
) -> None:
    line = ("ingest", embedded[0], "--store", neo4j_server.uri, "--workspace")
    run(*line, tmp_path / "one")
    import subprocess

    other = subprocess.run(
        command(*line, tmp_path / "other"), env=environment(), capture_output=True, text=True, check=False
    )
    assert other.returncode == 1
    assert other.stderr.count("\n") == 1
    assert "kgmine graph drop" in other.stderr
    run("graph", "drop", "--workspace", tmp_path / "one")
    run(*line, tmp_path / "other")
