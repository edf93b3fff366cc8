"""In a copy of the graph one thing changes: the samples that rest on it fail verify, and only those."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kg.cypher.template import load
from kg.graph.tables import Tables, read
from kg.snapshot.build import snapshot_of
from kgmine.check import check
from kgmine.config import load as configuration
from kgmine.corpus import Manifest
from kgmine.graph import current
from kgmine.mine import source_index
from kgmine.pipeline import Run, execute
from kgmine.workspace import Workspace
from schemas.sample import Sample
from tests.roof.test_run import corpus

pytestmark = pytest.mark.slow

DOCUMENTS = ("telescopes.html", "discoverers.md", "dwarf-planets.html", "nasa-appropriations.xlsx")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, tuple[Sample, ...], dict[str, Path]]:
    folder = tmp_path_factory.mktemp("mutations")
    workspace = Workspace(folder / "ws")
    run = Run(
        corpus=corpus(folder / "corpus", DOCUMENTS),
        out=folder / "out",
        workspace=workspace,
        config=configuration(None, ("sampling.draws=40", "splits={test: 1}")),
        templates=folder / "templates",
        say=lambda line: None,
    )
    done = execute(run)
    return workspace, done.samples, {path.stem: path for path in (folder / "out" / "templates").glob("*.cypher")}


def failing(
    world: tuple[Workspace, tuple[Sample, ...], dict[str, Path]], change: Callable[[Tables], Tables]
) -> set[str]:
    workspace, samples, templates = world
    tables = change(read(current(workspace).tables))
    loaded = {name: load(path) for name, path in templates.items()}
    graph = snapshot_of(tables)
    sources = source_index(Manifest.read(workspace.manifest))
    report = check(samples, sources, loaded, {sample.match.snapshot: graph for sample in samples})
    return {failure.sample for failure in report.failures}


def with_value(label: str, node: str, prop: str, value: object) -> Callable[[Tables], Tables]:
    def change(tables: Tables) -> Tables:
        table = tables.nodes[label]
        here = pc.equal(table["id"], node)
        column = pc.if_else(here, pa.scalar(value, table[prop].type), table[prop])
        nodes = {**tables.nodes, label: table.set_column(table.column_names.index(prop), table.field(prop), column)}
        return Tables(nodes, tables.edges)

    return change


def without_edge(edge: str) -> Callable[[Tables], Tables]:
    def change(tables: Tables) -> Tables:
        return Tables(
            tables.nodes, {key: table.filter(pc.not_equal(table["id"], edge)) for key, table in tables.edges.items()}
        )

    return change


def test_an_unchanged_copy_fails_nothing(world: tuple[Workspace, tuple[Sample, ...], dict[str, Path]]) -> None:
    assert len(world[1]) >= 40
    assert failing(world, lambda tables: tables) == set()


@pytest.mark.parametrize("kind", ["value", "header", "scale"])
def test_a_changed_cell_header_or_scale_line_fails_what_rests_on_it(
    world: tuple[Workspace, tuple[Sample, ...], dict[str, Path]], kind: str
) -> None:
    samples = world[1]
    item = next(
        item for sample in samples for item in sample.evidence if item.kind == kind and item.modality == "table"
    )
    tables = read(current(world[0]).tables)
    label = "Cell" if item.node in tables.nodes["Cell"]["id"].to_pylist() else "Table"
    resting = {
        sample.id for sample in samples if any(row.node == item.node and row.kind == kind for row in sample.evidence)
    }
    failed = failing(world, with_value(label, item.node, "text" if label == "Cell" else "head", "changed 123456"))
    touching = {sample.id for sample in samples if any(row.node == item.node for row in sample.evidence)}
    assert resting <= failed <= touching | resting


def test_a_removed_edge_fails_the_samples_that_match_it(
    world: tuple[Workspace, tuple[Sample, ...], dict[str, Path]],
) -> None:
    sample = next(sample for sample in world[1] if sample.match.edges and not sample.set_members)
    edge = sample.match.edges[0]
    resting = {row.id for row in world[1] if edge in row.match.edges}
    failed = failing(world, without_edge(edge))
    assert resting <= failed
    assert all(
        set(row.match.nodes) & set(sample.match.nodes) or row.set_members for row in world[1] if row.id in failed
    )


def test_a_changed_date_fails_the_samples_that_ask_for_it(
    world: tuple[Workspace, tuple[Sample, ...], dict[str, Path]],
) -> None:
    sample = next(sample for sample in world[1] if sample.task == "value_date")
    fact = sample.match.bindings["f"]
    failed = failing(world, with_value("Assertion", fact, "date", "1066-10-14"))
    assert sample.id in failed
    assert all(fact in (*row.match.nodes, *row.set_members, *row.operands) for row in world[1] if row.id in failed)
