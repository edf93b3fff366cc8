"""Sketches over a user's own graph: walks of the schema from a node that has a name to the node that is asked about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Final

from kg.snapshot.snapshot import Snapshot
from kgmine.author.sketch import Sketch
from kgmine.author.spell import arrow, bracketed, name
from schemas.errors import UsageError

MOST_WALKS: Final = 200
"""Walks of the schema that are proposed; those over many relationships come first."""
MOST_HOPS: Final = 5
PASSIVE: Final = frozenset(
    ["based", "born", "built", "found", "held", "known", "located", "made", "named", "part", "used"]
)
BEGINS: Final = frozenset(["at", "by", "from", "in", "of", "on", "under", "with"])


@dataclass(frozen=True, slots=True)
class Walk:
    """Labels and the relationships between them."""

    labels: tuple[str, ...]
    steps: tuple[tuple[str, int], ...] = ()
    """(type, direction)."""
    edges: int = 0
    """Of the rarest step."""


def names(snapshot: Snapshot) -> dict[str, str]:
    """Label -> the property that names its nodes, or holds their text."""
    roles = snapshot.roles
    found = {label: roles.name_of(label) or roles.texts.get(label) for label in snapshot.labels}
    return {label: prop for label, prop in found.items() if prop}


def target(snapshot: Snapshot, answer: str) -> tuple[str, str]:
    """(label, property) of an answer that a user named; a label alone asks for its name.

    Raises: UsageError: there is no such label or property.
    """
    label, _, prop = answer.partition(".")
    if label not in snapshot.labels:
        raise UsageError(f"--answer {answer}: no label {label}; {_near(label, list(snapshot.labels))}")
    prop = prop or names(snapshot).get(label, "")
    if prop not in snapshot.properties(label):
        raise UsageError(
            f"--answer {answer}: {label} has no property {prop}; {_near(prop, list(snapshot.properties(label)))}"
        )
    return label, prop


def sketches(
    snapshot: Snapshot, answer: str, hops: int, start: str | None, modalities: tuple[str, ...]
) -> Iterator[Sketch]:
    """Each walk of so many hops, told by the name of its first node.

    Raises: UsageError: unknown label, property or modality, too many hops, or no such walk.
    """
    named, (label, prop) = names(snapshot), target(snapshot, answer)
    if hops > MOST_HOPS:
        raise UsageError(f"--hops {hops}: at most {MOST_HOPS}")
    if start is not None and start not in named:
        raise UsageError(f"--start {start}: no label with a name or text; {_near(start, list(named))}")
    if set(modalities) - {"text", "graph"}:
        raise UsageError(f"--modalities {','.join(modalities)}: an own graph has graph and text")
    begins = [start] if start else [each for each in named if ("text" in modalities) == (each in snapshot.roles.texts)]
    walks = [walk for walk in _walks(snapshot, begins, hops) if walk.labels[-1] == label]
    if not hops:
        walks = [walk for walk in walks if named[label] != prop]
    if not walks:
        where = ", ".join(begins) or "a label with texts"
        raise UsageError(f"no walk of {hops} hops leads to {label} from {where}; {_other(snapshot, begins, label)}")
    for walk in sorted(walks, key=lambda walk: (_returns(walk), -walk.edges))[:MOST_WALKS]:
        yield from _worded(snapshot, walk, named[walk.labels[0]], prop)


def _walks(snapshot: Snapshot, begins: list[str], hops: int) -> Iterator[Walk]:
    found = [Walk((label,), edges=snapshot.ranges[label][1] - snapshot.ranges[label][0]) for label in begins]
    for _ in range(hops):
        found = [longer for walk in found for longer in _longer(snapshot, walk)][:20_000]
    yield from found


def _longer(snapshot: Snapshot, walk: Walk) -> Iterator[Walk]:
    for (source, kind, end), number in snapshot.connections.items():
        for here, there, direction in ((source, end, 1), (end, source, -1)):
            if here == walk.labels[-1] and number:
                yield Walk((*walk.labels, there), (*walk.steps, (kind, direction)), min(walk.edges, number))


def _returns(walk: Walk) -> int:
    """Steps that only undo the step before: the other films of the film's director."""
    return sum(a == (b[0], -b[1]) for a, b in zip(walk.steps, walk.steps[1:], strict=False))


def _other(snapshot: Snapshot, begins: list[str], label: str) -> str:
    fits = [
        n
        for n in range(1, MOST_HOPS)
        if any(walk.labels[-1] == label for walk in islice(_walks(snapshot, begins, n), 20_000))
    ]
    return f"there are walks of {', '.join(map(str, fits))} hops" if fits else "no relationships lead there"


def _worded(snapshot: Snapshot, walk: Walk, first: str, prop: str) -> Iterator[Sketch]:
    """The walk told by the name alone, and with one more property where several nodes may have one name."""
    variables = _variables(walk.labels)
    match = bracketed("()", variables[0], name(walk.labels[0]))
    for (kind, direction), variable, label in zip(walk.steps, variables[1:], walk.labels[1:], strict=True):
        match += arrow("", (kind,), direction) + bracketed("()", variable, name(label))
    kinds = snapshot.properties(walk.labels[0])
    answer = f"{variables[-1]}.{prop}"
    unit = "{{ answer.unit }}" if snapshot.properties(walk.labels[-1])[prop] in ("int64", "float64") else ""
    more = [each for each, kind in kinds.items() if kind == "int64" and each not in (first, prop)][:1]
    for second in ("", *more):
        told = (f"{variables[0]}.{first}", *([f"{variables[0]}.{second}"] if second else []))
        hops = len(walk.steps)
        yield Sketch(
            task="value" if not hops else "look_up" if hops == 1 else "bridge",
            description=f"The {_words(prop)} of a {_words(walk.labels[-1])}"
            + (f", {hops} hop{'s'[: hops - 1]} from a {_words(walk.labels[0])}." if hops else "."),
            given=told,
            answer=answer,
            question=(f"What is the {_words(prop)} of {_phrase(walk, told)}{unit}?",),
            match=match,
            where=(f"{answer} IS NOT NULL",),
            returns=variables,
        )


def _variables(labels: tuple[str, ...]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    out = []
    for label in labels:
        letter = next((each for each in label.lower() if each.isascii() and each.isalpha()), "n")
        seen[letter] += 1
        out.append(letter if seen[letter] == 1 else f"{letter}{seen[letter]}")
    return tuple(out)


def _phrase(walk: Walk, told: tuple[str, ...]) -> str:
    """`the person who wrote the book that the film “…” is based on`."""
    said = f"the {_words(walk.labels[0])} “{{{{ {told[0]} }}}}”" + (f" ({{{{ {told[1]} }}}})" if len(told) > 1 else "")
    for (kind, direction), label in zip(walk.steps, walk.labels[1:], strict=True):
        verb, noun = _verb(kind, walk.labels), _words(label)
        which = "who" if noun == "person" else "that"
        said = f"the {noun} {which} {verb} {said}" if direction < 0 else f"the {noun} that {said} {verb}"
    return said


def _verb(kind: str, labels: tuple[str, ...]) -> str:
    words = _words(kind).split()
    if len(words) > 1 and words[-1] in {_words(label) for label in labels}:
        words = words[:-1]
    nominal = len(words) > 1 and words[-1] == "of"
    passive = words[0] in PASSIVE | BEGINS or (words[-1] == "by" and len(words) > 1)
    return ("is " if nominal or passive else "") + " ".join(words)


def _words(text: str) -> str:
    """`ReleaseDate` and `RELEASE_DATE` -> `release date`."""
    return " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", text).replace("_", " ").lower().split())


def _near(text: str, known: list[str]) -> str:
    close = get_close_matches(text, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
