"""An exported sample proved again.

Without a graph: the derivation runs on the rows that the sample carries, and the sources are read again where its
evidence says. With the pinned snapshot: the match still stands, the graph gives the same rows, evidence and answer,
and every check of section 6 has the result that the sample records. Uniqueness, contradiction, closed sets and
necessity need the graph: without it they are `attested` for the snapshot that the sample names.
"""

from __future__ import annotations

from typing import Final

from kg.proof.case import Templated, failed
from kg.proof.edited import USER_WROTE
from kg.proof.prove import Verdict, examine, rerun
from kg.proof.source import SourceIndex
from kg.snapshot.snapshot import Snapshot
from schemas.sample import Check, CheckName, Draft, Sample

PASS: Final = Check(result="pass")
GRAPH: Final[tuple[CheckName, ...]] = (
    "unique",
    "not_contested",
    "hops_needed",
    "modalities_needed",
    "closed_set",
    "not_said",
)
"""Checks that need the graph."""

Checks = dict[str, Check]


def verify_sample(
    sample: Sample, sources: SourceIndex, template: Templated | None, snapshot: Snapshot | None
) -> Checks:
    """Prove one exported sample again.

    Args:
        sample: as exported.
        sources: the corpus folder.
        template: the template that its match names; None: not at hand.
        snapshot: the pinned snapshot (or a newer one, to ask whether the sample is stale); None: not at hand.

    Returns: check name -> result; the names of `CheckName`, and `match` (nodes, edges and evidence are in the graph as
        the sample has them). A check that needs the graph has `unknown` with the reason `attested ...` where there is
        none.
    """
    why = rerun(sample)
    checks: Checks = {"derivation": PASS if why is None else failed(why)}
    if template is None or snapshot is None:
        checks["source_reread"] = USER_WROTE if sample.provenance == "user" else sources.reread(sample.evidence)
        attested = Check(result="unknown", reason=f"attested for snapshot {sample.match.snapshot[:12]}")
        return {**checks, **dict.fromkeys(("match", *GRAPH), attested)}
    verdict = examine(draft_of(sample), template, snapshot, sources, thorough=True)
    if checks["derivation"].result == "fail":
        verdict.checks.pop("derivation", None)
    checks.update({str(name): check for name, check in verdict.checks.items()})
    checks["match"] = _match(sample, snapshot, verdict)
    if verdict.edited:
        return checks
    reread = sources.reread(sample.evidence)
    if reread.result == "fail" or "source_reread" not in verdict.checks:
        checks["source_reread"] = reread
    return checks


def draft_of(sample: Sample) -> Draft:
    """The draft that a sample was."""
    return Draft(**{name: getattr(sample, name) for name in Draft.model_fields})


def _match(sample: Sample, snapshot: Snapshot, verdict: Verdict) -> Check:
    """Nodes, edges and evidence of the sample are in the graph, unchanged; its labels say what the checks found."""
    for id_ in sample.match.nodes:
        if snapshot.index_of(id_) is None:
            return failed(f"the node {id_} is not in the graph")
    nodes = set(sample.match.nodes)
    for id_ in sample.match.edges:
        edge = snapshot.edge_index(id_)
        if edge is None:
            return failed(f"the edge {id_} is not in the graph")
        _, kind, source, target = snapshot.edge(edge)
        if not {snapshot.id_of(source), snapshot.id_of(target)} <= nodes:
            return failed(f"the {kind} edge {id_} joins other nodes")
    if verdict.case is None or verdict.needed is None:
        return PASS
    if verdict.edited != (sample.provenance == "user"):
        return failed(
            f"a user {'' if verdict.edited else 'never '}changed what it rests on, the sample does not say so"
        )
    if verdict.evidence != sample.evidence:
        new = next((row for row in verdict.evidence if row not in sample.evidence), None)
        return failed(f"the graph has other evidence: {new.kind} {new.text[:80]!r}" if new else "evidence is gone")
    if (verdict.needed.hops, verdict.needed.modalities) != (sample.hops, sample.modalities):
        return failed(f"{verdict.needed.hops} hops over {', '.join(verdict.needed.modalities)}, not as the sample says")
    return PASS
