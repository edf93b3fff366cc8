"""What others do to draw paths: depth-first selection over networkx, and `ORDER BY rand() LIMIT n` in a database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kg.graph.model import END, START
from kg.graph.tables import Tables

if TYPE_CHECKING:
    from neo4j import Session

RARE: Final = "(t:Table)<-[:REFERS_TO]-(c:Chunk)-[:MENTIONS]->(e:Entity)<-[:MENTIONS]-(i:Image)"
HUBS: Final = "(a:Chunk)-[:MENTIONS]->(e:Entity)<-[:MENTIONS]-(c:Chunk)-[:REFERS_TO]->(t:Table|Formula)"
CHAINS: Final = {
    "3 hops, one a page": (
        RARE,
        ("Table", ("REFERS_TO", -1), "Chunk", ("MENTIONS", 1), "Entity", ("MENTIONS", -1), "Image"),
    ),
    "3 hops, through hubs": (
        HUBS,
        ("Chunk", ("MENTIONS", 1), "Entity", ("MENTIONS", -1), "Chunk", ("REFERS_TO", 1), "Table|Formula"),
    ),
}
"""Pattern -> as Cypher, and as label, (type, direction), label, …"""
WANTED: Final = 100
"""Paths that a database is asked for."""
TRIED: Final = 10.0
"""CPU seconds that the depth-first selection gets for each pattern."""
Row = dict[str, Any]


def measure(names: Sequence[str], tables: Tables, work: Path, own: Sequence[Row]) -> list[Row]:
    """Rows of the rivals that can run here, with the columns of kgmine's."""
    rivals: dict[str, Callable[[Tables, Path], Iterator[Row]]] = {
        "networkx": networkx,
        "ladybug": ladybug,
        "neo4j": neo4j,
    }
    slim = _needed(tables)
    blank = dict.fromkeys(own[0])
    graph = own[0]["graph"]
    return [{**blank, "graph": graph, "hops": 3, **row} for name in names for row in rivals[name](slim, work)]


def _needed(tables: Tables) -> Tables:
    """The part of the graph that the patterns walk along: a favour to those who must load it."""
    labels, types = {"Table", "Chunk", "Entity", "Image", "Formula"}, {"REFERS_TO", "MENTIONS"}
    return Tables(
        {label: table.select(["id"]) for label, table in tables.nodes.items() if label in labels},
        {key: table.select([START, END, "id"]) for key, table in tables.edges.items() if key[0] in types},
    )


def networkx(tables: Tables, _work: Path) -> Iterator[Row]:
    """Depth first from random starts along a MultiDiGraph, as MMKG-RDS selects paths: not uniform, and not all."""
    import networkx as nx

    begin = time.process_time()
    graph = nx.MultiDiGraph()
    for label, table in tables.nodes.items():
        graph.add_nodes_from(table["id"].to_pylist(), label=label)
    for (kind, _, _), table in tables.edges.items():
        graph.add_edges_from(
            (source, target, {"type": kind})
            for source, target in zip(table[START].to_pylist(), table[END].to_pylist(), strict=True)
        )
    built = time.process_time() - begin
    for name, (_, chain) in CHAINS.items():
        starts = [node for node, label in graph.nodes(data="label") if label in chain[0].split("|")]
        np.random.default_rng(1).shuffle(starts)
        begin, found = time.process_time(), 0
        for start in starts:
            found += sum(1 for _ in _depth_first(graph, start, chain, 0, frozenset(), begin))
            if time.process_time() - begin > TRIED:
                break
        rate = found / (time.process_time() - begin)
        yield {
            "pattern": name,
            "how": "networkx, depth first",
            "set_up_s": round(built, 2),
            "rows": round(rate),
            "uniform": False,
        }


def _depth_first(
    graph: Any, node: str, chain: Sequence[Any], at: int, used: frozenset[Any], begin: float
) -> Iterator[tuple[str, ...]]:
    """All matches from a node on."""
    if at == len(chain) - 1:
        yield (node,)
        return
    (kind, direction), labels = chain[at + 1], chain[at + 2].split("|")
    edges = (
        graph.out_edges(node, keys=True, data="type") if direction > 0 else graph.in_edges(node, keys=True, data="type")
    )
    for source, target, key, type_ in edges:
        other, edge = (target if direction > 0 else source), (source, target, key)
        if type_ == kind and edge not in used and graph.nodes[other]["label"] in labels:
            for rest in _depth_first(graph, other, chain, at + 2, used | {edge}, begin):
                yield (node, *rest)
        if time.process_time() - begin > TRIED:
            return


def ladybug(tables: Tables, work: Path) -> Iterator[Row]:
    """`ORDER BY random() LIMIT n` in Ladybug."""
    from kg.cypher.dialects import ladybug as rewritten
    from kg.graph import disk
    from kg.stores import generation
    from kg.stores.ladybug import is_available

    if not is_available():
        yield _absent("ladybug", "not installed")
        return
    import ladybug as engine

    disk.write(tables, work / "rival-tables")
    manifest = disk.read_manifest(work / "rival-tables")
    files = {tuple(entry["key"]): work / "rival-tables" / entry["file"] for entry in manifest["files"]}
    begin = time.process_time()
    database = engine.Database(str(work / "rival.lbdb"), buffer_pool_size=generation.POOL, max_num_threads=2)
    connection = engine.Connection(database)
    for statement in (*generation.schema(tables), *generation.copies(tables, files)):
        connection.execute(statement)
    built = time.process_time() - begin
    for name, (pattern, _) in CHAINS.items():
        text = rewritten(f"MATCH {pattern} RETURN {_ids(pattern)}")
        yield _asked("ladybug", name, built, partial(_executed, connection, f"{text} ORDER BY random() LIMIT {WANTED}"))
    connection.close()
    database.close()


def _executed(connection: Any, text: str) -> None:
    connection.execute(text).get_as_arrow()


def neo4j(tables: Tables, work: Path) -> Iterator[Row]:
    """`ORDER BY rand() LIMIT n` on a server of its own."""
    import neo4j as driver_package

    from benchmarks import graph_neo4j

    if not os.environ.get("NEO4J_URI"):
        yield _absent("neo4j", "NEO4J_URI is not set")
        return
    with (
        graph_neo4j.server(work / "rival-neo4j") as (uri, pid),
        driver_package.GraphDatabase.driver(uri) as driver,
        driver.session(database="neo4j") as session,
    ):
        begin = _server_cpu(pid)
        graph_neo4j.create_all(session, tables)
        built = _server_cpu(pid) - begin
        for name, (pattern, _) in CHAINS.items():
            text = f"MATCH {pattern} RETURN {_ids(pattern)} ORDER BY rand() LIMIT {WANTED}"
            yield _asked("neo4j", name, built, partial(_answered, session, text), pid)


def _answered(session: Session, text: str) -> None:
    session.run(text).data()  # type: ignore[arg-type]  # the driver wants literals


def _asked(how: str, name: str, built: float, ask: Callable[[], Any], pid: int | None = None) -> Row:
    """One question's row: paths per CPU second of whoever answers."""
    begin, then = time.process_time(), _server_cpu(pid)
    clock = time.perf_counter()
    ask()
    spent = (time.process_time() - begin) + (_server_cpu(pid) - then)
    return {
        "pattern": name,
        "how": f"{how}, ORDER BY rand() LIMIT {WANTED}: {time.perf_counter() - clock:.1f} s",
        "set_up_s": round(built, 2),
        "rows": round(WANTED / max(spent, 1e-9), 1),
        "uniform": True,
    }


def _absent(how: str, why: str) -> Row:
    return {"pattern": "", "how": f"{how}: {why}"}


def _ids(pattern: str) -> str:
    return ", ".join(f"{part[0]}.id" for part in pattern.split("(")[1:])


def _server_cpu(pid: int | None) -> float:
    from benchmarks.graph_data import cpu_of

    return cpu_of(pid) if pid else 0.0
