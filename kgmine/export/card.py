"""The data set card: what is inside, how it was made, what was thrown away and how to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from kgmine.show import place
from schemas.reject import Rejected
from schemas.sample import Evidence, Sample

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


NODES = (
    " (connected answer and evidence nodes stay together; hubs, as genres or countries are, which one type of "
    "relationship joins to more than 5 % of a larger label's nodes, belong to no split)"
)


def card(
    samples: Sequence[Sample],
    splits: Sequence[str],
    rejected: Sequence[Rejected],
    facts: Mapping[str, Any],
) -> str:
    """The README of an export.

    Args:
        samples: all exported ones.
        splits: names that have at least one row, in the order of the configuration.
        rejected: everything that was thrown away.
        facts: name, license, language, seed, unit, snapshot, command, documents; of an imported graph also nodes and
            edges.
    """
    parts = [
        _front(len(samples), splits, facts),
        _opening(len(samples), facts),
        _splits(samples, splits, str(facts["unit"])),
        _counts("Task types", Counter(sample.task for sample in samples), len(samples)),
        _counts("Answer types", Counter(str(sample.answer_type) for sample in samples), len(samples)),
        _counts("Modalities", Counter(" + ".join(sample.modalities) for sample in samples), len(samples)),
        _counts("Hops (joins between evidence items)", Counter(str(sample.hops) for sample in samples), len(samples)),
        _example(samples),
        _checks(samples),
        _counts("Rejected on the way", Counter(f"{row.stage}: {row.check}" for row in rejected), len(rejected)),
        _how(facts),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front(count: int, splits: Sequence[str], facts: Mapping[str, Any]) -> str:
    size = next((name for bound, name in SIZES if count < bound), "n>1M")
    files = [{"split": split, "path": f"data/{split}.parquet"} for split in splits]
    front = {
        "license": facts["license"],
        "language": [facts["language"]],
        "pretty_name": facts["name"],
        "size_categories": [size],
        "task_categories": ["question-answering"],
        "tags": ["knowledge-graph", "multi-hop", "provenance", "synthetic", "kgmine"],
        "configs": [{"config_name": "default", "data_files": files}],
    }
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---"


def _opening(count: int, facts: Mapping[str, Any]) -> str:
    if "nodes" in facts:
        return (
            f"# {facts['name']}\n\n{count} questions over a graph of {facts['nodes']:,} nodes and {facts['edges']:,} "
            "relationships, made and proved by kgmine. The graph was imported: it is the source itself, evidence is a "
            "node and its property, or a relationship. Every answer was computed; every sample carries its derivation, "
            "its evidence and the checks that it passed."
        )
    return (
        f"# {facts['name']}\n\n{count} questions over {facts['documents']} documents, made and proved by kgmine. Every "
        "answer was computed; every sample carries its derivation, its evidence down to the page and box, and the "
        "checks that it passed."
    )


def _splits(samples: Sequence[Sample], splits: Sequence[str], unit: str) -> str:
    counts = Counter(sample.split for sample in samples)
    rows = "\n".join(f"| {split} | {counts[split]} |" for split in splits)
    free = all(sample.leak_free for sample in samples)
    nodes = NODES if unit == "node" else ""
    law = (
        f"Splits are disjoint by {unit}, assigned before anything was drawn{nodes}. No fact, answer entity or evidence "
        "text of dev or test occurs in train."
        if free
        else "**These splits may leak**: the run asked for a softer mode (`leak_free: false` in every row)."
    )
    return f"## Splits\n\n| split | samples |\n|---|---|\n{rows}\n\n{law}"


def _counts(title: str, counts: Counter[str], total: int) -> str:
    if not counts:
        return ""
    rows = "\n".join(
        f"| {key} | {n} | {n / total:.1%} |" for key, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    )
    return f"## {title}\n\n| | n | share |\n|---|---|---|\n{rows}"


def _example(samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    sample = min(samples, key=lambda item: (item.rank or 0, item.id))
    unit = f" {sample.answer_unit}" if sample.answer_unit else ""
    steps = "\n".join(f"{number}. {step.text}" for number, step in enumerate(sample.derivation.steps, 1))
    places = "\n".join(f"* {item.kind}: `{item.text}` ({_where(item)})" for item in sample.evidence)
    return (
        f"## One sample\n\n**{sample.question}**\n\n{sample.answer}{unit}\n\n{steps}\n\n{places}\n\n"
        f"Derivation ({sample.derivation.lang}): `{sample.derivation.code}`"
    )


def _where(item: Evidence) -> str:
    if item.property is not None:
        return place(item)
    return f"{item.path}{f', page {item.page}' if item.page else ''}"


def _checks(samples: Sequence[Sample]) -> str:
    counts: dict[str, Counter[str]] = {}
    for sample in samples:
        for name, check in sample.checks.items():
            counts.setdefault(name, Counter())[check.result] += 1
    rows = "\n".join(
        f"| {name} | {found['pass']} | {found['not_applicable']} | {found['unknown']} | {found['fail']} |"
        for name, found in sorted(counts.items())
    )
    return (
        f"## Checks\n\n| check | pass | not applicable | unknown | fail |\n|---|---|---|---|---|\n{rows}"
        if rows
        else ""
    )


def _how(facts: Mapping[str, Any]) -> str:
    licence = "graph" if "nodes" in facts else "documents"
    again = "" if "nodes" in facts else " and the source files"
    return (
        "## How it was made\n\n"
        f"`{facts['command']}` (seed {facts['seed']}); snapshot `{facts['snapshot']}`. Matches are drawn uniformly by "
        "exact counting within the strata that each template states; the exported law differs by rejects and caps, see "
        "`funnel.json`. Uniqueness over the whole graph is attested for that snapshot; derivations and sources can be "
        f"checked again with `kgmine verify` from this folder{again}.\n\n"
        f"Licence of the {licence}: {facts['license']}."
    )
