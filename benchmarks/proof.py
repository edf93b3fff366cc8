"""Drafts per CPU second through all checks of the proof, and how it grows with the graph.

    python -m benchmarks.proof [--nodes 250000 500000 1000000] [--drafts 2000] [--work FOLDER]

The graphs are those of `benchmarks.powerlaw` with texts and source files, so that source re-read opens the documents
too. Matches are drawn uniformly, so nearly every draft comes from another document: no cache helps. `set_up_s` is what
the first proof builds once (the index of words, postings, ids).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.powerlaw import power_law
from benchmarks.report import report
from kg.cypher.template import Template, loads
from kg.proof.prove import prove
from kg.proof.source import SourceIndex
from kg.snapshot.build import lay_out, load, write
from kg.snapshot.snapshot import Snapshot
from sampling.draw import draw
from schemas.reject import Rejected
from schemas.sample import Draft
from synthesis.synthesize import bench_of

PACKAGES: Final = ("numpy", "pydantic")
PAIR: Final = (
    "MATCH (d:Entity)<-[:SUBJECT]-(a:Assertion)<-[:STATES]-(t:Table)-[:STATES]->(b:Assertion)-[:SUBJECT]->(e:Entity)\n"
    "WHERE a.quantity = b.quantity AND b.number > a.number RETURN d, a, t, b, e"
)
TEMPLATES: Final = {
    "look-up": """/*
task: value
given: [e.name, f.quantity, f.condition, f.period, f.scope]
answer: f.number
question: "{{ f.quantity | ask(e.name) }}{{ f.period | period }}{{ f.scope | scope }}{{ answer.unit }}?"
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity) RETURN f, e""",
    "difference (SymPy)": f"""/*
task: difference
given: [d.name, e.name, a.quantity, b.quantity, a.period, b.period]
derive:
  sympy: "b.number - a.number"
  unit: same
question: "How much larger is the {{{{ b.quantity | phrase }}}}{{{{ b.period | period }}}} of {{{{ e.name }}}} than that of \
{{{{ d.name }}}}{{{{ answer.unit }}}}?"
*/
{PAIR}""",
    "comparison (SQL)": f"""/*
task: comparison
given: [d.name, e.name, a.quantity, b.quantity, a.period, b.period]
derive:
  sql: >-
    SELECT name FROM (SELECT d.name AS name, a.number AS number FROM d, a
    UNION ALL SELECT e.name AS name, b.number AS number FROM e, b) ORDER BY number DESC LIMIT 1
answer_type: entity
question: "Which has the higher {{{{ a.quantity | phrase }}}}{{{{ a.period | period }}}}: {{{{ d.name | reference }}}} or \
{{{{ e.name | reference }}}}?"
*/
{PAIR}""",
}
Row = dict[str, Any]


def measure(nodes: int, drafts: int, work: Path) -> list[Row]:
    """One row for each template on a graph of so many nodes."""
    files = work / f"documents-{nodes}"
    files.mkdir(parents=True)
    tables = power_law(nodes, files=files)
    folder = work / f"snapshot-{nodes}"
    write(*lay_out(tables), folder)
    graph = f"{tables.node_count // 1000}k/{tables.edge_count / 10**6:.1f}M"
    del tables
    snapshot = load(folder)
    paths = {snapshot.id_of(i): (snapshot.get(i, "path"),) for i in range(*snapshot.ranges["Document"])}
    sources = SourceIndex(files, paths)
    return [
        {"graph": graph, "template": name, **_proved(loads(text, name=name.split()[0]), snapshot, sources, drafts)}
        for name, text in TEMPLATES.items()
    ]


def _proved(template: Template, snapshot: Snapshot, sources: SourceIndex, wanted: int) -> Row:
    bench = bench_of(template, snapshot, seed=1)
    matches = list(draw(template, snapshot, wanted + 1, 1))
    begin = time.process_time()
    made = [bench.draft(match) for match in matches]
    drafted = time.process_time() - begin
    drafts = [draft for draft in made if isinstance(draft, Draft)]
    begin = time.process_time()
    prove(drafts[0], template, snapshot, sources)
    set_up = time.process_time() - begin
    begin, verdicts = time.process_time(), Counter[str]()
    for draft in drafts[1:]:
        found = prove(draft, template, snapshot, sources)
        verdicts[found.check if isinstance(found, Rejected) else "proved" if found.proved else "unproved"] += 1
    spent = time.process_time() - begin
    return {
        "drafts": len(drafts) - 1,
        "proved": verdicts["proved"],
        "rejected": verdicts.total() - verdicts["proved"],
        "set_up_s": round(set_up, 1),
        "drafted_per_cpu_s": round(len(made) / drafted),
        "proved_per_cpu_s": round((len(drafts) - 1) / spent),
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[250_000, 500_000, 1_000_000])
    parser.add_argument("--drafts", type=int, default=2000)
    parser.add_argument("--work", type=Path, help="folder for the graphs; default: a temporary one")
    return parser.parse_args()


def main() -> int:
    """Measures, prints, writes."""
    options = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        rows = [row for n in options.nodes for row in measure(n, options.drafts, options.work or Path(temporary))]
    report("proof", rows, PACKAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
