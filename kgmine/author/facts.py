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
SHOWN: Final = 2
"""Periods or conditions that are listed of one quantity."""
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


@dataclass(frozen=True, slots=True)
class Stated:
    """One quantity that facts state of one kind of thing."""

    of: str
    quantity: str
    kind: str
    """Of the value: number, date, text, entity or boolean."""
    units: tuple[str, ...]
    facts: int
    things: int
    """Different subjects."""
    under: tuple[str, ...]
    """Periods and conditions as a WHERE would name them, the most frequent first."""
    example: str

    def row(self) -> tuple[object, ...]:
        """Cells of a table."""
        more = f" | … ({len(self.under)})" if len(self.under) > SHOWN else ""
        under = " | ".join(self.under[:SHOWN]) + more
        return self.of, self.quantity, self.kind, ", ".join(self.units), self.facts, self.things, under, self.example


def stated(snapshot: Snapshot) -> list[Stated]:
    """What the facts state, most frequent first."""
    lo, hi = snapshot.ranges["Assertion"]
    found: dict[tuple[str, str, str], list[int]] = {}
    for i in range(lo, hi):
        of, quantity, kind = (str(snapshot.get(i, key) or "") for key in ("subject_kind", "quantity", "kind"))
        found.setdefault((of, quantity, kind), []).append(i)

    def values(facts: list[int], *keys: str) -> tuple[str, ...]:
        counts = Counter(str(value) for i in facts for key in keys if (value := snapshot.get(i, key)))
        return tuple(sorted(counts, key=lambda value: (-counts[value], value)))

    rows = []
    for what, facts in found.items():
        example = " ".join(str(snapshot.get(facts[0], "text") or "").split())[:SHORT]
        things, under = len(values(facts, "subject")), values(facts, "period", "condition")
        rows.append(Stated(*what, values(facts, "unit"), len(facts), things, under, example))
    return sorted(rows, key=lambda row: (-row.facts, row.of, row.quantity, row.kind))


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
    """A fact about a thing, or a chain of so many things; over one hop also a thing that is told by a fact.

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
    yield _chain(asked, hops, start, modalities)
    if hops == 1:
        yield _told(asked, start, modalities)


def _chain(asked: Wanted, hops: int, start: str | None, modalities: tuple[str, ...]) -> Sketch:
    """Things in a row, each named by a fact of the one before it."""
    facts, things = FACTS[: hops + 1], THINGS[: hops + 1]
    last = facts[-1]
    return Sketch(
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


def _told(asked: Wanted, start: str | None, modalities: tuple[str, ...]) -> Sketch:
    """A thing without its name: told by one fact, asked for another that stands elsewhere."""
    unit = "{{ answer.unit }}" if asked.prop == "number" else ""
    where = "{{ %s.condition | condition }}{{ %s.period | period }}"
    told = "the {{ f.quantity | phrase }}" + where.replace("%s", "f") + " {{ f.quantity | be }} {{ f.text | spoken }}"
    return Sketch(
        task="bridge",
        description=f"{_description(asked, 0).removesuffix('.')} that is told by another of its facts.",
        given=(
            *("e.kind", "f.quantity", "f.condition", "f.period", "f.text"),
            *("g.quantity", "g.condition", "g.period"),
        ),
        answer=f"g.{asked.prop}",
        question=(
            f"For one {{{{ e.kind | noun }}}}, {told}. "
            f"{{{{ g.quantity | ask_of | cap }}}}{where.replace('%s', 'g')}{unit}?",
        ),
        match="(f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)",
        where=(
            *_where(asked, "fg", start, modalities),
            f"f.quantity <> g.quantity AND f.kind <> 'boolean' AND size(f.text) <= {SHORT}",
        ),
        returns=("f", "e", "g"),
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
