"""Facts of the example corpus and the questions about them: what `benchmarks.distil` teaches and asks.

The wordings are made for this benchmark and are never exported as a split.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kgmine.cli.main import app
from kgmine.graph import current, snapshot
from kgmine.workspace import Workspace
from schemas.conversation import Conversation
from scoring.answers import of_text
from training.recipe import Wording
from training.rows.questions import Question

CORPUS = Path(__file__).parents[1] / "examples" / "planets" / "corpus"
SHAPES = ("entities", "form", "sentence")
"""Of assertions: a subject has a quantity; reasons and definitions are left out, whose answers are sentences."""
WORDINGS = (
    "What is the {what} of {who}{when}?",
    "Tell me, for {who}, the {what}{when}.",
    "{who} has which {what}{when}?",
    "Looking at {who}: which {what} is stated{when}?",
)
"""Each fact is taught in three of them and asked in the fourth, which is taught for other facts."""
UNSEEN = "If one looks up {who}{when}, what does one find as {what}?"
"""Taught for no fact."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A subject has a quantity, perhaps in a period, and the corpus states one value."""

    who: str
    what: str
    when: str
    value: str

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.who}|{self.what}|{self.when}".encode()).hexdigest()[:16]

    def words(self, wording: str) -> str:
        """As a question."""
        return wording.format(who=self.who, what=self.what, when=f" for {self.when}" if self.when else "")


def ingest(workspace: Path) -> None:
    """The example corpus as a graph."""
    app.main(["ingest", str(CORPUS), "--workspace", str(workspace)], "kgmine", standalone_mode=False)


def facts(workspace: Path) -> list[Fact]:
    """Facts with one value, by id."""
    graph = snapshot(current(Workspace(workspace)))
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for node in range(*graph.ranges["Assertion"]):
        if graph.get(node, "shape") in SHAPES and not graph.get(node, "condition"):
            who, what, when = (str(graph.get(node, name) or "") for name in ("subject", "quantity", "period"))
            found[who, what, when].add(str(graph.get(node, "text")))
    made = [Fact(*key, *values) for key, values in found.items() if len(values) == 1]
    return sorted(made, key=lambda fact: fact.id)


@dataclass(frozen=True, slots=True)
class World:
    """What one seed teaches and asks."""

    taught: tuple[Fact, ...]
    held_out: tuple[Fact, ...]
    asked_in: Mapping[str, int]
    """Fact -> the wording that it is not taught in."""


def world(every: Sequence[Fact], seed: int, held_out: float = 0.15) -> World:
    """Held-out facts and the wording of each fact, drawn by the seed."""
    rng = np.random.default_rng((seed, 1))
    order = [every[i] for i in rng.permutation(len(every))]
    cut = round(held_out * len(order))
    asked_in = {fact.id: int(rng.integers(len(WORDINGS))) for fact in order}
    return World(tuple(order[cut:]), tuple(order[:cut]), asked_in)


def permuted(taught: Sequence[Fact], seed: int) -> dict[str, str]:
    """Fact -> the value of another fact of its kind (sometimes its own: a kind may have one fact)."""
    rng = np.random.default_rng((seed, 2))
    kinds: dict[str, list[Fact]] = defaultdict(list)
    for fact in taught:
        kinds[fact.what].append(fact)
    made = {}
    for kind in sorted(kinds):
        members = kinds[kind]
        made |= {members[i].id: members[j].value for i, j in enumerate(rng.permutation(len(members)))}
    return made


def lessons(made: World, values: Mapping[str, str] | None = None) -> list[Conversation]:
    """Three wordings of each taught fact.

    Args: values: other answers than the true ones.
    """
    rows = []
    for fact in made.taught:
        for number, wording in enumerate(WORDINGS):
            if number != made.asked_in[fact.id]:
                value = values[fact.id] if values else fact.value
                asked = question(fact, wording).ask(Wording())
                rows.append(asked.model_copy(update={"id": f"{fact.id}-{number}", "answer": value}))
    return rows


def question(fact: Fact, wording: str) -> Question:
    """A fact as a question that `training.evaluate` asks and grades."""
    text = fact.words(wording)
    expected = of_text(fact.value, question=text)
    return Question(id=fact.id, text=text, expected=expected, task=fact.what, answer_type=expected.kind)


def examined(made: World) -> dict[str, list[Question]]:
    """Name of the examination -> questions."""
    own = {fact.id: WORDINGS[made.asked_in[fact.id]] for fact in (*made.taught, *made.held_out)}
    return {
        "paraphrase": [question(fact, own[fact.id]) for fact in made.taught],
        "unseen wording": [question(fact, UNSEEN) for fact in made.taught],
        "held-out facts": [question(fact, own[fact.id]) for fact in made.held_out],
    }


def best_constants(taught: Iterable[Fact]) -> dict[str, str]:
    """Kind of question -> its most frequent answer among the taught facts; of equally frequent ones the smallest.

    Whoever knows no fact but what kind of question it is cannot do better than to say this.
    """
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in taught:
        kinds[fact.what][fact.value] += 1
    return {kind: min(counts, key=lambda value: (-counts[value], value)) for kind, counts in kinds.items()}
