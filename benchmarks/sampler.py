"""Paths drawn per CPU second: kgmine's exact sampler, the memory's limit, and rivals in the same run.

    python -m benchmarks.sampler [--nodes 200000 1000000] [--seconds 2] [--rivals networkx,ladybug,neo4j] [--work FOLDER]

Each pattern is set up on a fresh snapshot, then drawn without replacement for some CPU seconds: in the order in which
memory is read (`batch_order`), in the drawn order (`drawn_order`), and as rows with ids (`rows`). `limit` is what
the memory would allow if a path cost nothing but its reads: each array that a path looks into counts as one random
read of a 64 MB array, each binary search as the logarithm of its length. Rivals run on the smallest graph.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks import sampler_rivals
from benchmarks.powerlaw import power_law
from benchmarks.report import report
from kg.cypher.template import Template, loads
from kg.graph.tables import Tables
from kg.snapshot.build import lay_out, load, write
from kg.snapshot.snapshot import Snapshot
from sampling.count import count_of
from sampling.draw import batches, draw
from sampling.permutation import Permutation
from sampling.population import BATCH, Population, population
from sampling.unrank import Unranker

PACKAGES: Final = ("numpy", "networkx", "ladybug", "neo4j")
FACTS: Final = "(f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)"
PATTERNS: Final[dict[str, tuple[int, str]]] = {
    "1 hop": (1, "(c:Chunk)-[:MENTIONS]->(e:Entity)"),
    "2 hops": (2, FACTS),
    "2 hops, predicates": (2, f"{FACTS} WHERE f.quantity <> g.quantity AND f.number < g.number"),
    "3 hops, one a page": (3, sampler_rivals.RARE),
    "3 hops, through hubs": (3, sampler_rivals.HUBS),
    "3 hops, mask and predicate": (3, f"{sampler_rivals.HUBS} WHERE e.kind = 'moon' AND a.position < c.position"),
    "3 hops, any, undirected": (3, "(a)-[r]-(b)-[s]-(c)-[u]-(d)"),
    "4 hops": (4, f"(t:Table)-[:STATES]->{FACTS}<-[:STATES]-(u:Table)"),
    "5 hops": (
        5,
        "(d:Document)-[:CONTAINS]->(c:Chunk)-[:MENTIONS]->(e:Entity)<-[:SUBJECT]-(f:Assertion)<-[:STATES]-(t:Table)"
        "<-[:REFERS_TO]-(k:Chunk)",
    ),
    "tree of 4": (
        4,
        "(d:Document)-[:CONTAINS]->(c:Chunk)-[:MENTIONS]->(a:Entity), (c)-[:MENTIONS]->(b:Entity), "
        "(c)-[:REFERS_TO]->(t:Table) WHERE a <> b",
    ),
    "length 1 to 3, undirected": (4, "(a:Chunk)-[:NEXT*1..3]-(b:Chunk)-[:MENTIONS]->(e:Entity)"),
    "cycle of 3": (3, "(c:Chunk)-[:REFERS_TO]->(t:Table)<-[:CONTAINS]-(d:Document)-[:CONTAINS]->(c)"),
    "3 hops, by 1 / degree": (3, sampler_rivals.HUBS),
}
Row = dict[str, Any]


def template(name: str, pattern: str) -> Template:
    """A template that says nothing but its pattern."""
    law = "law: inverse_degree\n" if "degree" in name else ""
    return loads(f"/*\ntask: t\ngiven: []\nquestion: q\n{law}*/\nMATCH {pattern} RETURN *", name=name)


def measure(name: str, hops: int, pattern: str, folder: Path, graph: str, seconds: float, limit: float) -> Row:
    """One row of kgmine's own."""
    made = template(name, pattern)
    snapshot = load(folder)
    begin = time.process_time()
    pop = population(made, snapshot)
    weighted = made.header.law != "uniform" and pop.walkers is not None
    set_up = time.process_time() - begin
    extra, adjacency = _memory(made, folder)
    counted = count_of(pop)
    drawn, taken, hits, tries = _drawn_order(made, snapshot, seconds)
    unranker = pop.parts[0].unranker
    return {
        "graph": graph,
        "pattern": name,
        "hops": hops,
        "how": "kgmine",
        "matches": str(counted),
        "acceptance": round(hits / tries, 4) if tries else None,
        "set_up_s": round(set_up, 2),
        "adjacency_mb": round(adjacency / 2**20, 1),
        "extra_per_adjacency": round(extra / adjacency, 2),
        "batch_order": None if weighted else round(_batch_order(pop, seconds)),
        "drawn_order": round(drawn / taken),
        "rows": round(_rows(made, snapshot)),
        "limit": round(limit / _reads(unranker)) if unranker and not weighted else None,
        "uniform": not weighted,
    }


def _drawn_order(made: Template, snapshot: Snapshot, seconds: float) -> tuple[int, float, int, int]:
    """(paths, CPU seconds, hits, tries), warmed up, until the time is over or there are no more."""
    drawing = draw(made, snapshot, 0, 2)
    paths, begin = 0, time.process_time()
    stream = drawing.order.stream(drawing.population.everything(), "all").batches()
    for batch in stream:
        paths += len(batch)
        if time.process_time() - begin > seconds:
            break
    return paths, time.process_time() - begin, drawing.effort.hits, drawing.effort.tries


def _batch_order(pop: Population, seconds: float) -> float:
    """Paths per CPU second where a batch may stand in the order of ranks."""
    order = Permutation(pop.total, "bench")
    paths = tries = 0
    begin = time.process_time()
    while time.process_time() - begin < seconds and tries < pop.total:
        positions = np.arange(tries, min(tries + BATCH, pop.total), dtype=np.int64)
        paths += pop.count(order.apply(positions))
        tries += len(positions)
    return paths / (time.process_time() - begin)


def _rows(made: Template, snapshot: Snapshot, n: int = 5000) -> float:
    begin = time.process_time()
    drawn = sum(1 for _ in draw(made, snapshot, n, 3))
    return drawn / (time.process_time() - begin)


def _memory(made: Template, folder: Path) -> tuple[int, int]:
    """(bytes that setting up keeps beside the adjacency, bytes of the adjacency that the pattern walks along)."""
    snapshot = load(folder)
    population.__globals__["_population"].cache_clear()
    tracemalloc.start()
    pop = population(made, snapshot)
    next(batches(made, snapshot, 1), None)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    links = {(link.types, d) for part in pop.parts for link in part.shape.links for d in _directions(link.direction)}
    csrs = [snapshot.adjacency(types or None, direction) for types, direction in sorted(links)]
    adjacency = sum(csr.indptr.nbytes + csr.indices.nbytes + csr.edge_ids.nbytes for csr in csrs)
    return max(0, kept - adjacency), adjacency


def _directions(direction: int) -> tuple[int, ...]:
    return (0,) if direction == 0 else (1, -1)


def _reads(unranker: Unranker) -> float:
    """Random reads that one path needs."""
    reads = log2(max(len(unranker.roots), 2)) + 2
    for branch in unranker.branches:
        reads += 3 if branch.edge_ids is not None else 2
        reads += 0 if branch.cum is None else log2(max(len(branch.cum), 2)) + 2
        reads += 0 if branch.sums is None else 1
    return reads


def gathers(seconds: float = 1.0) -> float:
    """Random reads of 8 bytes from 64 MB per CPU second, as numpy does them."""
    array = np.arange(8 << 20)
    places = np.random.default_rng(1).integers(0, len(array), 1 << 20)
    done, begin = 0, time.process_time()
    while time.process_time() - begin < seconds:
        array[places]
        done += len(places)
    return done / (time.process_time() - begin)


def own_rows(tables: Tables, work: Path, seconds: float) -> Iterator[Row]:
    """All patterns on one graph."""
    graph = f"{tables.node_count // 1000}k/{tables.edge_count / 10**6:.0f}M"
    folder = work / f"snapshot-{tables.node_count}"
    write(*lay_out(tables), folder)
    limit = gathers()
    for name, (hops, pattern) in PATTERNS.items():
        yield measure(name, hops, pattern, folder, graph, seconds, limit)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[200_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU seconds of each measurement")
    parser.add_argument("--rivals", default="networkx,ladybug,neo4j", help="of these three; empty: none")
    parser.add_argument("--work", type=Path, help="folder for the graphs; default: a temporary one")
    return parser.parse_args()


def main() -> int:
    """Measures, prints, writes."""
    options = arguments()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        for nodes in sorted(options.nodes):
            tables = power_law(nodes)
            rows += own_rows(tables, work, options.seconds)
            if nodes == min(options.nodes):
                rivals = [name for name in options.rivals.split(",") if name]
                rows += sampler_rivals.measure(rivals, tables, work, rows)
    report("sampler", rows, PACKAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
