"""Draw samples for an audit: stratified by task, seeded by a commit, with page crops beside them.

python -m audits.draw EXPORT --seed $(git rev-parse --short HEAD) -n 20 --out audit-folder
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from pathlib import Path

from kgmine.check import corpus_of
from kgmine.show import crops, samples, text
from schemas.sample import Sample


def draw(export: Path, seed: str, count: int) -> list[Sample]:
    """`count` samples, tasks in turn, each task's in the order of a keyed hash."""
    by_task: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples(export):
        by_task[sample.task].append(sample)
    for rows in by_task.values():
        rows.sort(key=lambda sample: hashlib.sha256(f"{seed}:{sample.id}".encode()).hexdigest())
    drawn: list[Sample] = []
    while len(drawn) < count and any(by_task.values()):
        for task in sorted(by_task):
            if by_task[task] and len(drawn) < count:
                drawn.append(by_task[task].pop(0))
    return drawn


def main() -> None:
    """Write `audit.md` with one section per sample and its crops."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("export", type=Path)
    parser.add_argument("--seed", required=True, help="a commit hash")
    parser.add_argument("-n", type=int, default=20)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    corpus = corpus_of(args.export)
    parts = []
    for number, sample in enumerate(draw(args.export, args.seed, args.n), 1):
        pictures = crops(sample, corpus, args.out)
        shown = "\n".join(f"![]({picture.name})" for picture in pictures)
        parts.append(f"## {number}. {sample.id}\n\n```\n{text(sample)}\n```\n\n{shown}")
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "audit.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"{len(parts)} samples in {args.out / 'audit.md'}")


if __name__ == "__main__":
    main()
