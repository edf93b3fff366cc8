"""What is exported of what was proved: splits, leaks, ranking, caps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kgmine.config import Config
from kgmine.workspace import Workspace
from runtime.artefacts import read_json, write_json
from schemas.reject import Rejected
from schemas.sample import Sample
from scoring import regions
from scoring.leaks import clean
from scoring.rank import rank
from scoring.splits import DOCUMENT_UNITS, Assignment, UnitFacts
from scoring.splits import assign as assign_units

if TYPE_CHECKING:
    from pathlib import Path

    from kg.cypher.template import Template
    from kg.snapshot.snapshot import Snapshot

CHAINS: Final = 2
"""A chain may rest on a fact that so many times as many samples rest on: what it asks is the other end."""
NODE: Final = regions.UNIT
"""Unit of the splits of a user's own graph."""
HUB_SHARE: Final = 0.05
"""A node that one type of relationship joins to more than this share of a larger label is a hub: it ties nothing."""
HUB_LEAST: Final = 5
"""With fewer neighbours a node is no hub, however small the graph."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The splits of a corpus, and how evidence finds its unit."""

    assignment: Assignment
    unit_of: dict[str, str]
    """Element id -> unit."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Exported samples, best first within each split, and what was thrown away."""

    samples: tuple[Sample, ...]
    rejected: tuple[Rejected, ...]


def unit_of(config: Config, documents: int) -> str:
    """document or element."""
    return config.split_unit or ("document" if documents >= DOCUMENT_UNITS else "element")


def assign(workspace: Workspace, snapshot: Snapshot, config: Config) -> Assigned:
    """Assign every unit before anything is drawn; recorded in `splits.json`, where old units never move.

    Units are documents or elements; of a user's own graph, the nodes that are no hubs.
    """
    old = Assignment.model_validate(read_json(workspace.splits)) if workspace.splits.exists() else None
    if snapshot.roles.house:
        low, high = snapshot.ranges.get("Document", (0, 0))
        unit = unit_of(config, high - low)
        units, where = _units(snapshot, unit)
        assignment = assign_units(units, config.splits, unit=unit, old=old, key="kgmine")
    else:
        links = links_of(snapshot)
        where = {name: name for name in links.names}
        assignment = regions.assign(links, config.splits, old=old, key="kgmine")
    write_json(workspace.splits, assignment.model_dump(mode="json"))
    return Assigned(assignment, where)


def splits_for(template: Template, snapshot: Snapshot, path: Path) -> dict[str, str] | None:
    """Id of a document, an element or a node -> split, where strata or limits ask for it.

    Args:
        template: as loaded.
        snapshot: the graph.
        path: `splits.json`; without it there are none yet.
    """
    if "split" not in {*template.header.strata, *template.header.limit_per} or not path.exists():
        return None
    found = Assignment.model_validate(read_json(path))
    if found.unit != "element":
        return found.splits
    where = _elements(snapshot, found.unit)
    return {name: found.splits[unit] for name, unit in where.items() if unit in found.splits}


def links_of(snapshot: Snapshot) -> regions.Links:
    """The nodes of a user's own graph that are no hubs, and which of them a relationship joins."""
    hub = _hubs(snapshot)
    every = snapshot.adjacency(None, 0)
    nodes = [node for node in range(snapshot.n) if node not in hub]
    place = {node: k for k, node in enumerate(nodes)}
    near = (every.indices[every.indptr[node] : every.indptr[node + 1]].tolist() for node in nodes)
    neighbours = [
        sorted({place[other] for other in others if other in place and other != node})
        for node, others in zip(nodes, near, strict=True)
    ]
    return regions.Links([snapshot.id_of(node) for node in nodes], neighbours)


def _hubs(snapshot: Snapshot) -> set[int]:
    """Nodes of a label with few members that are joined to many of a label with more: genres, countries, prizes."""
    found: set[int] = set()
    for group in snapshot.groups:
        for direction, near, far in ((1, group.source, group.target), (-1, group.target, group.source)):
            csr = snapshot.csr(group.source, group.type, group.target, direction)
            low, high = snapshot.ranges[near]
            size = snapshot.ranges[far][1] - snapshot.ranges[far][0]
            for row in range(high - low if high - low < size else 0):
                joined = len(set(csr.indices[csr.indptr[row] : csr.indptr[row + 1]].tolist()))
                if joined >= HUB_LEAST and joined > HUB_SHARE * size:
                    found.add(low + row)
    return found


def _units(snapshot: Snapshot, unit: str) -> tuple[list[UnitFacts], dict[str, str]]:
    from kg.values.name import normal

    where = _elements(snapshot, unit)
    weights: Counter[str] = Counter(dict.fromkeys(where.values(), 0))
    keys: dict[str, set[str]] = defaultdict(set)
    low, high = snapshot.ranges.get("Assertion", (0, 0))
    for node in range(low, high):
        place = where.get(str(snapshot.get(node, "element")))
        if place is None:
            continue
        weights[place] += 1
        keys[place].add(str(snapshot.get(node, "fact_key")))
        if not snapshot.get(node, "scope"):
            keys[place].add(f"{snapshot.get(node, 'subject_kind')}|{normal(str(snapshot.get(node, 'quantity')))}")
    for place, shared in _joined(snapshot, where).items():
        keys[place] |= shared
    facts = [UnitFacts(unit=name, weight=weights[name], keys=tuple(sorted(keys[name]))) for name in sorted(weights)]
    return facts, where


def _joined(snapshot: Snapshot, where: dict[str, str]) -> dict[str, set[str]]:
    """Unit -> keys of the joins that it takes part in, so that questions over two tables of a document stay in a split.

    A table that gives members of a kind attributes, `languages`, joins the tables of its document whose rows are of
    that kind or whose columns stand for its members.
    """
    from kg.corpus.names import kind_head

    kinds: dict[str, set[str]] = defaultdict(set)
    attributes: set[str] = set()
    low, high = snapshot.ranges.get("Assertion", (0, 0))
    for node in range(low, high):
        place, shape = where.get(str(snapshot.get(node, "element"))), snapshot.get(node, "shape")
        if place is None or shape not in ("entities", "results"):
            continue
        document = snapshot.get(node, "document")
        axes = [
            part.partition("=")[0] for part in str(snapshot.get(node, "condition") or "").split("; ") if "=" in part
        ]
        heads = {kind_head(kind) for kind in (str(snapshot.get(node, "subject_kind")), *axes)} - {""}
        kinds[place] |= {f"join|{document}|{head}" for head in heads}
        if shape == "entities":
            attributes |= {f"join|{document}|{head}" for head in heads}
    return {place: found & attributes for place, found in kinds.items()}


def _elements(snapshot: Snapshot, unit: str) -> dict[str, str]:
    """Element id -> unit: its document, itself for a table, else the section that it stands in."""
    indptr, parents, _ = snapshot.adjacency(["CONTAINS"], -1)
    where = {}
    for label in ("Table", "Chunk", "Formula", "Image", "Section"):
        for node in range(*snapshot.ranges.get(label, (0, 0))):
            name = snapshot.id_of(node)
            if unit == "document":
                where[name] = str(snapshot.get(node, "document"))
            elif label in ("Table", "Section"):
                where[name] = name
            else:
                above = parents[indptr[node] : indptr[node + 1]]
                where[name] = snapshot.id_of(int(above[0])) if len(above) else name
    return where


def select(samples: Sequence[Sample], assigned: Assigned, config: Config) -> Selection:
    """Splits, then leaks, then ranking, then caps."""
    rejected: list[Rejected] = []
    placed = _place(_distinct(samples, rejected), assigned, config, rejected)
    order = list(config.splits)
    kept, found = clean(placed, order)
    template = {sample.id: sample for sample in placed}
    rejected += [
        _reject(template[leak.sample], "leak", f"{leak.kind} shared with {leak.other[:12]}: {leak.what}")
        for leak in found
    ]
    chosen = _cap(rank(kept), config, rejected)
    return Selection(tuple(chosen), tuple(rejected))


def _distinct(samples: Sequence[Sample], rejected: list[Rejected]) -> list[Sample]:
    """One sample per question, and per task, operands and answer: templates may meet in one."""
    seen: dict[object, str] = {}
    kept = []
    for sample in samples:
        keys = _meanings(sample)
        other = next((seen[key] for key in keys if key in seen), None)
        if other is not None:
            rejected.append(_reject(sample, "same_question", f"as {other[:12]}"))
            continue
        seen.update(dict.fromkeys(keys, sample.id))
        kept.append(sample)
    return kept


def _meanings(sample: Sample) -> list[object]:
    """What makes two samples one: the words, or what is computed from which facts, whatever the rounding."""
    words: object = " ".join(sample.question.casefold().split())
    if _own(sample):  # its facts are relationships and properties
        return [words, (sample.task, sample.fact_keys, sample.answer_unit, sample.answer_value)]
    if not sample.operands or sample.set_members:
        return [words]
    value = sample.answer_value
    if sample.answer_type in ("number", "percent"):
        value = f"{Decimal(value):.3g}"
    return [words, (sample.task, tuple(sorted(sample.operands)), sample.answer_unit, value)]


def _place(samples: Iterable[Sample], assigned: Assigned, config: Config, rejected: list[Rejected]) -> list[Sample]:
    splits, groups = assigned.assignment.splits, assigned.assignment.groups
    placed = []
    for sample in samples:
        if not sample.proved and not config.selection.unproved:
            rejected.append(_reject(sample, "unproved", _unknown(sample)))
            continue
        rests_on = [item.element for item in sample.evidence]
        if assigned.assignment.unit == NODE:
            rests_on = [*sample.match.nodes, *sample.set_members]
        units = sorted({assigned.unit_of[name] for name in rests_on if name in assigned.unit_of})
        found = sorted({splits[unit] for unit in units})
        if len(found) != 1:
            rejected.append(_reject(sample, "crosses_split", f"evidence in {', '.join(found) or 'no split'}"))
            continue
        group = groups[units[0]]
        placed.append(sample.model_copy(update={"split": found[0], "split_group": group}))
    return placed


def _unknown(sample: Sample) -> str:
    return ", ".join(f"{name}: {check.reason}" for name, check in sample.checks.items() if check.result == "unknown")


def _cap(ranked: list[Sample], config: Config, rejected: list[Rejected]) -> list[Sample]:
    """Best first: at most `max_per_answer` samples of a task and document per name, `max_per_fact` per fact, then at
    most `max_task_share` of all per task.
    """
    per_fact: Counter[str] = Counter()
    per_answer: Counter[tuple[str, ...]] = Counter()
    varied = []
    for sample in ranked:
        told = (sample.task, sample.evidence[0].document if sample.evidence else "", sample.answer_value)
        if sample.answer_type in ("entity", "text") and per_answer[told] >= config.selection.max_per_answer:
            rejected.append(_reject(sample, "answer_cap", f"{sample.answer!r} is the answer of enough {sample.task}s"))
            continue
        keys = _capped_keys(sample)
        most = config.selection.max_per_fact * (CHAINS if sample.hops else 1)
        if any(per_fact[key] >= most for key in keys):
            rejected.append(_reject(sample, "fact_cap", f"more than {most} samples on one fact"))
            continue
        per_fact.update(keys)
        per_answer[told] += 1
        varied.append(sample)
    quota = task_quota(
        Counter(sample.task for sample in varied), config.selection.max_task_share, config.selection.samples
    )
    per_task: Counter[str] = Counter()
    chosen: list[Sample] = []
    for sample in varied:
        if per_task[sample.task] >= quota[sample.task] or len(chosen) >= (config.selection.samples or len(varied)):
            rejected.append(_reject(sample, "task_cap", f"{sample.task}: quota of {quota[sample.task]} is full"))
            continue
        per_task[sample.task] += 1
        chosen.append(sample)
    return [sample.model_copy(update={"rank": place}) for place, sample in enumerate(chosen, 1)]


def _capped_keys(sample: Sample) -> tuple[str, ...]:
    """What the cap counts: of a set its first fact, of a chain over a set all its facts together, else each fact.

    In a user's own graph a property that the question gives (the year that tells two films apart) is not counted.
    """
    if _own(sample):
        said = {f"{sample.match.bindings.get(claim.variable)}.{claim.property}" for claim in sample.claims}
        keys = tuple(key for key in sample.fact_keys if key not in said)
        return ("+".join(keys),) if sample.set_members else keys
    if not sample.set_members:
        return sample.fact_keys
    return ("+".join(sample.fact_keys),) if sample.hops else sample.fact_keys[:1]


def _own(sample: Sample) -> bool:
    """Whether a sample is of a user's own graph."""
    return any(item.property is not None for item in sample.evidence)


def task_quota(counts: Counter[str], share: float, most: int | None = None) -> dict[str, int]:
    """How many samples each task may have so that none exceeds `share` of the whole.

    The largest total T with T <= sum of min(count, floor(share * T)); one task alone keeps what it has, since no share
    below one could be kept.
    """
    if len(counts) * share < 1:
        return dict(counts)
    total = min(sum(counts.values()), most or sum(counts.values()))
    while total > 0:
        limit = int(share * total)
        reached = sum(min(count, limit) for count in counts.values())
        if reached >= total:
            return {task: min(count, limit) for task, count in counts.items()}
        total = reached if reached < total else total - 1
    return dict.fromkeys(counts, 0)


def _reject(sample: Sample, check: str, reason: str) -> Rejected:
    document = sample.evidence[0].document if sample.evidence else None
    return Rejected(
        item=sample.id, stage="selection", check=check, reason=reason, document=document, template=sample.match.template
    )
