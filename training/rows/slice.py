"""The top slice: gates first, then best rank first under the quotas.

Quotas are shares of the slice as it is in the end. Where the rows that a quota leaves do not fill the slice, it gets
smaller and the quotas with it, until shares really hold: with one kind of quota that is the largest slice there is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample
from training.recipe import Slice

Unfit = Callable[[Sample], tuple[str, str] | None]
"""Check and reason of a sample that cannot be trained on (too long), else None."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the rule took, and what became of the rest."""

    samples: tuple[Sample, ...]
    """Best first."""
    rejected: tuple[Rejected, ...]
    """One row for each sample that was left out; its check names the gate or quota."""

    def report(self, volume: int | None = None) -> dict[str, Any]:
        """Counts, and the largest shares as they are.

        Args:
            volume: of the first so many samples; None: of all.
        """
        taken = self.samples[:volume]
        return {
            "read": len(self.samples) + len(self.rejected),
            "kept": len(self.samples),
            "used": len(taken),
            "dropped": dict(sorted(Counter(row.check for row in self.rejected).items())),
            "tasks": dict(sorted(Counter(sample.task for sample in taken).items())),
            "largest_task_share": _largest(sample.task for sample in taken),
            "largest_document_share": _largest(document(sample) for sample in taken),
        }


def choose(samples: Sequence[Sample], rule: Slice, *, unfit: Unfit = lambda _: None) -> Chosen:
    """The slice of a rule; equal samples in any order give equal slices.

    Raises: UsageError: gates and quotas leave nothing; it says what dropped how many.
    """
    rejected: list[Rejected] = []
    passed: list[Sample] = []
    for sample in sorted(samples, key=lambda item: (item.rank is None, item.rank or 0, item.id)):
        why = _gate(sample, rule) or unfit(sample)
        if why is None:
            passed.append(sample)
        else:
            rejected.append(_reject(sample, *why))
    size = min(len(passed), rule.top or len(passed))
    while True:
        taken, left = _greedy(passed, rule, size)
        if len(taken) == size:
            break
        size = len(taken)
    chosen = Chosen(tuple(taken), (*rejected, *left))
    if not taken:
        raise UsageError(_nothing(chosen, passed, rule))
    return chosen


def document(sample: Sample) -> str:
    """The document of a sample: that of its first evidence."""
    return sample.evidence[0].document if sample.evidence else ""


def _gate(sample: Sample, rule: Slice) -> tuple[str, str] | None:
    if rule.proved and not sample.proved:
        failed = sorted(name for name, check in sample.checks.items() if check.result in ("fail", "unknown"))
        return "proved", f"not proved: {', '.join(failed) or 'no check ran'}"
    if rule.tasks and sample.task not in rule.tasks:
        return "tasks", f"task {sample.task} is not asked for"
    for name, least in sorted(rule.gates.items()):
        value = sample.scores.get(name)
        if value is None:
            return f"gate {name}", "could not be scored" if name in sample.scores else "has no such score"
        if value < least:
            return f"gate {name}", f"{value:g} < {least:g}"
    return None


def _greedy(passed: Sequence[Sample], rule: Slice, size: int) -> tuple[list[Sample], list[Rejected]]:
    """Best first, never more of a task or document than its share of `size`."""
    of_task, of_document = _most(rule.max_task_share, size), _most(rule.max_document_share, size)
    tasks: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    taken: list[Sample] = []
    left: list[Rejected] = []
    for sample in passed:
        source = document(sample)
        if len(taken) == size and size == rule.top:
            left.append(_reject(sample, "top", f"behind the best {size}"))
        elif tasks[sample.task] >= of_task:
            left.append(_reject(sample, "max_task_share", f"{of_task} of {sample.task} already"))
        elif documents[source] >= of_document:
            left.append(_reject(sample, "max_document_share", f"{of_document} of its document already"))
        elif len(taken) == size:
            left.append(_reject(sample, "quotas", f"more than {size} rows would break them"))
        else:
            taken.append(sample)
            tasks[sample.task] += 1
            documents[source] += 1
    return taken, left


def _most(share: float, size: int) -> int:
    # a hair above, so that 0.3 of 10 is 3 although 0.3 * 10 may round below
    return size if share == 1 else math.floor(share * size + 1e-9)


def _reject(sample: Sample, check: str, reason: str) -> Rejected:
    return Rejected(
        item=sample.id,
        stage="slice",
        check=check,
        reason=reason,
        document=document(sample) or None,
        template=sample.match.template,
    )


def _largest(names: Any) -> float:
    counts = Counter(names)
    return round(max(counts.values()) / counts.total(), 6) if counts else 0.0


def _nothing(chosen: Chosen, passed: Sequence[Sample], rule: Slice) -> str:
    if not chosen.rejected:
        return "the slice is empty: there are no samples"
    if not passed:
        dropped = ", ".join(f"{check} {count}" for check, count in chosen.report()["dropped"].items())
        return (
            f"the slice is empty: all {len(chosen.rejected)} samples were dropped: {dropped}; "
            f"the first: {chosen.rejected[0].reason}"
        )
    kinds = {"max_task_share": len({s.task for s in passed}), "max_document_share": len({document(s) for s in passed})}
    for key, count in kinds.items():
        share = getattr(rule, key)
        if count * share < 1 - 1e-9:
            what = "tasks" if "task" in key else "documents"
            return (
                f"the slice is empty: slice.{key} {share:g} needs rows of at least {math.ceil(1 / share - 1e-9)} "
                f"{what}, and the gates leave {count}"
            )
    return f"the slice is empty: no slice of the {len(passed)} samples holds both quotas; loosen slice.max_*_share"
