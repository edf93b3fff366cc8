"""Sketches over what kgmine extracts: chains of facts, each about the thing that the one before it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

import numpy as np

from kg.snapshot.snapshot import Snapshot
from kgmine.author.sketch import Sketch
from kgmine.author.spell import literal
from schemas.errors import UsageError

KINDS: Final = {"number": ("number",), "date": ("date",), "text": ("text", "entity")}
"""Property that is asked for -> kinds of facts that have it."""
SOURCES: Final = {"table": "Table", "text": "Chunk"}
"""Modality -> the element that states a fact."""
MOST_HOPS: Final = 3
SHORT: Final = 40
"""Characters of an example."""
FACTS: Final = "fghk"
THINGS: Final = "eopq"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the answer is."""

    prop: str
    """number, date or text."""
    quantity: str | None = None


def quantities(snapshot: Snapshot) -> Counter[str]:
    """What the facts state, by frequency."""
    codes, names = snapshot.strings("Assertion", "quantity")
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return Counter(dict(zip(names, counts.tolist(), strict=False)))


def stated(snapshot: Snapshot) -> list[tuple[str, str, str, int, str]]:
    """What the facts state, most frequent first: (kind of thing, quantity, kind of value, facts, an example)."""
    lo, hi = snapshot.ranges["Assertion"]
    counts: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], str] = {}
    for i in range(lo, hi):
        keys = ("subject_kind", "quantity", "kind")
        row = tuple(str(snapshot.get(i, key) or "") for key in keys)
        what = row[0], row[1], row[2]
        counts[what] += 1
        examples.setdefault(what, " ".join(str(snapshot.get(i, "text") or "").split())[:SHORT])
    return [
        (*what, number, examples[what]) for what, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def wanted(snapshot: Snapshot, answer: str) -> Wanted:
    """An answer that a user named: a property of facts, or a quantity.

    Raises: UsageError: there is no such quantity.
    """
    prop = answer.removeprefix("Assertion.")
    if prop in KINDS:
        return Wanted(prop)
    known = quantities(snapshot)
    if answer not in known:
        near = get_close_matches(answer, known, n=3) or [name for name, _ in known.most_common(5)]
        raise UsageError(f"--answer {answer}: write number, date, text or a quantity of this graph: {', '.join(near)}")
    lo, hi = snapshot.ranges["Assertion"]
    kinds = Counter(snapshot.get(i, "kind") for i in range(lo, hi) if snapshot.get(i, "quantity") == answer)
    most = kinds.most_common(1)[0][0]
    return Wanted(next(prop for prop, kinds in KINDS.items() if most in kinds or prop == "text"), answer)


def sketches(
    snapshot: Snapshot, answer: str, hops: int, start: str | None, modalities: tuple[str, ...]
) -> Iterator[Sketch]:
    """One sketch: a fact about a thing, or a chain of so many things.

    Raises: UsageError: unknown answer, start or modality, or too many hops.
    """
    asked = wanted(snapshot, answer)
    if hops >= MOST_HOPS:
        raise UsageError(f"--hops {hops}: at most {MOST_HOPS - 1} over extracted facts; more is yours to write")
    unknown = [name for name in modalities if name not in SOURCES]
    if unknown or len(modalities) > hops + 1:
        what = f"{unknown[0]} is none of {', '.join(SOURCES)}" if unknown else f"{hops} hops have {hops + 1} facts"
        raise UsageError(f"--modalities {','.join(modalities)}: {what}")
    kinds = Counter(snapshot.column("Entity", "kind").tolist())
    if start is not None and start not in kinds:
        near = get_close_matches(start, [kind for kind in kinds if kind], n=3) or [
            str(k) for k, _ in kinds.most_common(5)
        ]
        raise UsageError(f"--start {start}: no kind of thing here; there are {', '.join(near)}")
    facts, things = FACTS[: hops + 1], THINGS[: hops + 1]
    last = facts[-1]
    yield Sketch(
        task="chain" if hops else "value" if asked.prop == "number" else f"value_{asked.prop}",
        description=_description(asked, hops),
        given=tuple(_given(facts)),
        answer=f"{last}.{asked.prop}",
        question=(_question(facts, unit=asked.prop == "number"),),
        match=_pattern(facts, things),
        where=tuple(_where(asked, facts, start, modalities)),
        returns=tuple(name for pair in zip(things, facts, strict=True) for name in pair),
        strata=("document", "answer"),
        limit_per=(("document", 40), ("answer", 3)),
    )


def _description(asked: Wanted, hops: int) -> str:
    what = f"the {asked.quantity}" if asked.quantity else f"a {asked.prop} that the documents state"
    return f"{what[:1].upper()}{what[1:]} of a thing" + (
        f", found over {hops} other fact{'s'[: hops - 1]}." if hops else "."
    )


def _given(facts: str) -> Iterator[str]:
    yield "e.name"
    for fact in facts[:-1]:
        yield from (f"{fact}.quantity", f"{fact}.condition")
    yield from (f"{facts[-1]}.{key}" for key in ("quantity", "condition", "period", "scope"))


def _question(facts: str, *, unit: bool) -> str:
    first, last = facts[0], facts[-1]
    where = f"{{{{ {last}.condition | condition }}}}{{{{ {last}.period | period }}}}"
    end = f"{{{{ {last}.scope | scope }}}}" + ("{{ answer.unit }}" if unit else "") + "?"
    if len(facts) == 1:
        return f"{{{{ {first}.quantity | ask(e.name) }}}}{where}{end}"
    middle = "".join(
        f" of the {{{{ {fact}.quantity | phrase }}}}{{{{ {fact}.condition | condition }}}}" for fact in facts[-2:0:-1]
    )
    owner = f" of {{{{ {first}.quantity | of(e.name) }}}}{{{{ {first}.condition | condition }}}}"
    return f"{{{{ {last}.quantity | ask_of }}}}{where}{middle}{owner}{end}"


def _pattern(facts: str, things: str) -> str:
    parts = [f"({things[0]}:Entity)<-[:SUBJECT]-({facts[0]}:Assertion)"]
    for fact, thing in zip(facts[1:], things[1:], strict=True):
        parts.append(f"-[:OBJECT]->({thing}:Entity)<-[:SUBJECT]-({fact}:Assertion)")
    return "".join(parts)


def _where(asked: Wanted, facts: str, start: str | None, modalities: tuple[str, ...]) -> Iterator[str]:
    last = facts[-1]
    if start is not None:
        yield f"e.kind = {literal(start)}"
    if asked.quantity is None:
        kinds = KINDS[asked.prop]
        yield f"{last}.kind = '{kinds[0]}'" if len(kinds) == 1 else f"{last}.kind IN {literal(kinds)}"
    else:
        yield f"{last}.quantity = {literal(asked.quantity)}"
    yield " AND ".join(f"{fact}.role = 'data'" for fact in facts)
    yield from (f"{one}.element <> {two}.element" for one, two in pairwise(facts))
    for modality, fact in zip(modalities, facts[-len(modalities) or len(facts) :], strict=False):
        yield f"EXISTS {{ MATCH (:{SOURCES[modality]})-[:STATES]->({fact}) }}"
