"""Each bad question of the note is caught by the filter of its name, and its good sister passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from schemas.template import TemplateHeader
from synthesis.answer import Answer
from synthesis.filters import Candidate, Filter, shipped
from synthesis.question import Question, Said
from synthesis.scene import Scene, View


class Graph:
    """Nodes as dicts: the part of a snapshot that filters read."""

    hash = "test"

    def __init__(self, nodes: Iterable[Mapping[str, Any]]) -> None:
        self.nodes = [dict(node) for node in nodes]
        self.ranges = {"Document": (0, 0)}

    def get(self, node: int, prop: str) -> Any:
        return self.nodes[node].get(prop)

    def id_of(self, node: int) -> str:
        return f"n{node}"

    def index_of(self, node_id: str) -> int | None:
        return int(node_id[1:]) if node_id.startswith("n") else None

    def label_of(self, node: int) -> str:
        return str(self.nodes[node].get("label", "Assertion"))

    def edge_get(self, edge: int, prop: str) -> Any:
        return None

    def adjacency(self, types: Any, direction: int) -> tuple[Any, Any, Any]:
        return [0] * (len(self.nodes) + 1), [], []

    def find(self, label: str, prop: str, normal: str) -> list[int]:
        return [i for i, node in enumerate(self.nodes) if node.get("label", "Assertion") == label and prop in node]


def candidate(
    question: str = "What was the age of the pilot of the Piper N5921D, in years?",
    answer: str = "85",
    type_: str = "number",
    *,
    nodes: Mapping[str, Mapping[str, Any]] | None = None,
    others: Iterable[Mapping[str, Any]] = (),
    said: Iterable[tuple[str, str]] | None = None,
    header: Mapping[str, Any] | None = None,
    closed: str = "",
    unit: str | None = None,
    scale: int = 0,
    decimals: int | None = None,
    operands: Iterable[str] = (),
    members: Iterable[int] = (),
    sources: Iterable[str] = (),
) -> Candidate:
    nodes = {
        "e": {"label": "Entity", "name": "Piper N5921D", "kind": "aircraft"},
        **(nodes or {"f": {"quantity": "age of the pilot"}}),
    }
    graph = Graph([*nodes.values(), *others])
    views = {name: View.of(graph, index, name) for index, name in enumerate(nodes)}
    scene = Scene(graph, views)
    pairs = [("e", "name"), ("f", "quantity")] if said is None else list(said)
    spoken = tuple(Said(name, prop, views[name].text(prop)) for name, prop in pairs if name in views)
    made = {
        "task": "value",
        "given": [f"{n}.{p}" for n, p in pairs],
        "answer": "f.number",
        "question": question,
        **(header or {}),
    }
    return Candidate(
        header=TemplateHeader.model_validate(made),
        scene=scene,
        question=Question(question, spoken, 0),
        answer=Answer(text=answer, type=type_, value=answer, unit=unit, scale=scale, decimals=decimals),
        closed=closed,
        operands=tuple(views[name] for name in operands),
        members=tuple(View.of(graph, index) for index in members),
        sources=tuple(views[name] for name in sources),
    )


def named(name: str) -> Filter:
    return next(each for each in shipped() if each.name == name)


SUM: dict[str, Any] = {"task": "sum", "answer": None, "derive": {"sympy": "a.number + b.number"}}
RANKED: dict[str, Any] = {
    "task": "superlative",
    "answer": None,
    "closed": "t",
    "derive": {"rows": {"r": "MATCH (t)"}, "sql": "SELECT name FROM r ORDER BY number DESC LIMIT 1"},
}

GROWTH: dict[str, Any] = {
    "task": "x",
    "answer": None,
    "derive": {"sympy": "100 * (b.number - a.number) / a.number", "unit": "%"},
}
SHARE: dict[str, Any] = {"task": "x", "answer": None, "derive": {"sympy": "100 * a.number / b.number", "unit": "%"}}
DIFFERENCE: dict[str, Any] = {"task": "difference", "answer": None, "derive": {"sympy": "b.number - a.number"}}

BAD: list[tuple[str, Candidate]] = [
    ("deictic", candidate("In Table 3, what is the value in row 2?")),
    ("deictic", candidate("According to the document, what was the net income?")),
    ("deictic", candidate("What does this paper report?")),
    ("deictic", candidate("What is our score in the table?")),
    ("deictic", candidate("What is listed in moons.csv?")),
    ("deictic", candidate("What was the fair value of the Notes as of June 25, 2022?")),
    ("no_subject", candidate("What was the net income in 2022?", said=[("f", "quantity")])),
    ("no_subject", candidate("What is the score of Ours?", nodes={"e": {"label": "Entity", "name": "Ours"}, "f": {"quantity": "score"}})),
    ("header_salad", candidate("What is the 2022 Avg Var of Model?", nodes={"f": {"quantity": "2022 Avg. Var"}})),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "$USD / 1K input tokens"}})),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "score score"}})),
    ("boilerplate", candidate("?", nodes={"f": {"quantity": "definition"}, "c": {"label": "Chunk", "boilerplate": True}}, sources=["c"])),
    ("boilerplate", candidate("?", nodes={"f": {"quantity": "x"}, "c": {"label": "Chunk", "role": "reference"}}, sources=["c"])),
    ("fragment", candidate("What is the airplane contacted?", nodes={"e": {"label": "Entity", "name": "the airplane contacted"}})),
    ("fragment", candidate(answer="misjudged clearance over the", type_="text")),
    ("fragment", candidate(answer="Single-engine (Land", type_="text")),
    ("trivial", candidate("What is the registration of N5921D?", "N5921D", "text")),
    ("trivial", candidate("What did the 2,319 hours of the pilot come to, in hours?", "2,319")),
    ("trivial", candidate(answer="0.0", type_="percent", header=GROWTH)),
    ("trivial", candidate(answer="100.0", type_="percent", header=SHARE)),
    ("trivial", candidate(answer="1.0", header={**SHARE, "derive": {"sympy": "a.number / b.number"}})),
    ("trivial", candidate("What is the family of Korean?", "Koreanic", "text", nodes={
        "e": {"label": "Entity", "name": "Korean"}, "f": {"quantity": "family"},
    })),
    ("senseless_operation", candidate(header=SUM, nodes={
        "a": {"quantity": "age of the pilot", "kind": "number", "unit": "year"}, "b": {"quantity": "number of seats", "kind": "number"},
    }, operands=["a", "b"])),
    ("senseless_operation", candidate(header=SUM, nodes={
        "a": {"quantity": "latitude", "kind": "number"}, "b": {"quantity": "latitude", "kind": "number"},
    }, operands=["a", "b"])),
    ("senseless_operation", candidate(header=DIFFERENCE, nodes={
        "a": {"quantity": "change in deferred revenue", "kind": "number", "period": "2022"},
        "b": {"quantity": "change in deferred revenue", "kind": "number", "period": "2023"},
    }, operands=["a", "b"])),
    ("senseless_operation", candidate(header=SHARE, nodes={
        "a": {"quantity": "temperature", "kind": "number", "unit": "degree Celsius"},
        "b": {"quantity": "dew point", "kind": "number", "unit": "degree Celsius"},
    }, operands=["a", "b"])),
    ("senseless_operation", candidate(header=SHARE, nodes={
        "a": {"quantity": "interest expense", "kind": "number", "unit": "USD", "number": -719.0, "text": "(719)"},
        "b": {"quantity": "net sales", "kind": "number", "unit": "USD", "number": 82959.0},
    }, operands=["a", "b"])),
    ("wrong_grain", candidate(header=DIFFERENCE, nodes={
        "a": {"quantity": "net sales of iPad", "kind": "number"}, "b": {"quantity": "total net sales", "kind": "number", "role": "total"},
    }, operands=["a", "b"])),
    ("guessable", candidate("Was the airplane amateur built?", "No", "text")),
    ("guessable", candidate("Did it?", "yes", "boolean")),
    ("guessable", candidate(
        "?", "Male", "text", nodes={"f": {"quantity": "sex of the pilot", "text": "Male"}}, header={"answer": "f.text"},
        others=[{"quantity": "sex of the pilot", "text": "Male"}] * 4,
    )),
    ("nobody_cares", candidate("Which is the third column of the price list?")),
    ("nobody_cares", candidate("?", nodes={"f": {"quantity": "publish date"}})),
    ("nobody_cares", candidate(answer="a|b|c|d|e|f|g", type_="set")),
    ("nobody_cares", candidate("What was the runway used?", "04L", "text", nodes={"f": {"quantity": "runway used"}})),
    ("nobody_cares", candidate("?", nodes={"f": {"quantity": "latitude of the accident"}})),
    ("guessable", candidate(
        "?", "1", nodes={"f": {"quantity": "number of engines", "text": "1", "kind": "number", "shape": "form"}},
        header={"answer": "f.number"}, others=[{"quantity": "number of engines", "text": "1"}] * 4,
    )),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "VFR approach or landing", "shape": "form", "kind": "text"}})),
    ("trivial", candidate("Which accident happened in Oslo?", "the Skylark 7 in Oslo", "entity", said=[("f", "text")], nodes={
        "f": {"quantity": "location", "text": "Oslo"},
    })),
    ("wrong_grain", candidate(
        "?", "2", "count", said=[("f", "text")], header={"closed": "stating(f)"},
        nodes={"f": {"quantity": "medical class", "text": "Class 3", "shape": "form", "kind": "text"}},
        others=[{"quantity": "medical class", "text": "Class 3 With Waivers"}],
    )),
    ("wrong_grain", candidate(header=RANKED, others=[
        {"subject": "a", "quantity": "sales"}, {"subject": "b", "quantity": "sales"}, {"subject": "all", "quantity": "sales", "role": "total"},
    ], members=[2, 3, 4])),
    ("wrong_grain", candidate(header=RANKED, others=[{"subject": "a", "quantity": "x"}, {"subject": "b", "quantity": "x"}], members=[2, 3])),
    ("wrong_grain", candidate(header={**RANKED, "answer_type": "count"}, others=[
        {"subject": "Alpha", "quantity": "score"}, {"subject": "Alpha with feedback", "quantity": "score"}, {"subject": "Beta", "quantity": "score"},
    ], members=[2, 3, 4])),
    ("nobody_cares", candidate(header=DIFFERENCE, nodes={"a": {"condition": "News"}, "b": {"condition": "Recipes"}}, operands=["a", "b"])),
    ("nobody_cares", candidate(header=DIFFERENCE, nodes={
        "a": {"condition": "Easy; strategy=Full"}, "b": {"condition": "Hard; strategy=Sliding"},
    }, operands=["a", "b"])),
    ("nobody_cares", candidate(header={**DIFFERENCE, "task": "comparison"}, nodes={
        "e": {"label": "Entity", "name": "Ant + SFT"}, "d": {"label": "Entity", "name": "Bee with hints"},
    })),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "score", "condition": "Easy; Final; strategy=Full; task=sums"}}, said=[
        ("f", "quantity"), ("f", "condition"),
    ])),
    ("guessable", candidate("?", "large model", "text", header={"answer": "f.text"}, nodes={
        "f": {"shape": "definition", "subject_kind": "acronym", "subject": "LM", "text": "large model", "document": "one"},
    }, others=[{"shape": "definition", "subject": "LM", "text": "Large Model", "document": "two"}])),
    ("unstated_rounding", candidate("What is the ratio?", "6.2", decimals=1)),
    ("unstated_rounding", candidate(
        "What was the rated power of the Skylark 7?", "160", header={"answer": "f.number"},
        nodes={"f": {"quantity": "rated power", "text": "160", "kind": "number", "shape": "form"}},
        others=[{"quantity": "rated power", "text": "150 hp", "unit": "horsepower"}],
    )),
    ("unstated_rounding", candidate("What were Apple's net sales?", "19,604", unit="USD", scale=6)),
    ("co_mention", candidate(
        "?", nodes={"f": {"quantity": "age"}, "c": {"label": "Chunk", "text": "The Piper N5921D is mentioned here."}}
    )),
]  # fmt: skip

GOOD: list[tuple[str, Candidate]] = [
    ("deictic", candidate("How high were those of NVIDIA above sea level in the report on the accident of the Piper N5921D?")),
    ("no_subject", candidate("How many of the languages listed have it?", said=[], closed="languages listed")),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "cash, cash equivalents and restricted cash"}})),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "NDCG@10"}})),
    ("boilerplate", candidate("?", nodes={"f": {"quantity": "x"}, "c": {"label": "Chunk", "role": "text"}}, sources=["c"])),
    ("fragment", candidate(answer="The pilot's improper flare during landing.", type_="text")),
    ("trivial", candidate("By how much does URM LlaMa 3.1 8B exceed Piper N5921D?", "3.1", nodes={
        "e": {"label": "Entity", "name": "URM LlaMa 3.1 8B"}, "f": {"quantity": "score"},
    })),
    ("trivial", candidate(answer="100.0", type_="percent", header=GROWTH)),
    ("trivial", candidate(
        "Which was longer, that of Bo or that of Cy?", "Bo", "entity",
        nodes={"a": {"label": "Entity", "name": "Bo"}, "b": {"label": "Entity", "name": "Cy"}},
        said=[("a", "name"), ("b", "name")], header={"task": "my own", "answer": None, "answer_type": "entity", "derive": {"sql": "SELECT a.name FROM a, b"}},
    )),
    ("senseless_operation", candidate(header={**SHARE, "derive": {"sympy": "a.number / b.number", "unit": "pound/horsepower"}}, nodes={
        "a": {"quantity": "gross weight", "kind": "number", "unit": "pound"}, "b": {"quantity": "power", "kind": "number", "unit": "horsepower"},
    }, operands=["a", "b"])),
    ("senseless_operation", candidate(header={**SHARE, "derive": {"sympy": "100 * abs(a.number) / b.number", "unit": "%"}}, nodes={
        "a": {"quantity": "interest expense", "kind": "number", "unit": "USD", "number": -719.0, "text": "(719)"},
        "b": {"quantity": "net sales", "kind": "number", "unit": "USD", "number": 82959.0},
    }, operands=["a", "b"])),
    ("wrong_grain", candidate(header={**SHARE, "task": "my own"}, nodes={
        "a": {"quantity": "net sales of iPad", "kind": "number"}, "b": {"quantity": "total net sales", "kind": "number", "role": "total"},
    }, operands=["a", "b"])),
    ("nobody_cares", candidate(
        nodes={"f": {"quantity": "age of the pilot", "text": "61", "kind": "number", "unit": "year"}}, said=[("e", "kind"), ("f", "text")]
    )),
    ("senseless_operation", candidate(header=DIFFERENCE, nodes={
        "a": {"quantity": "net sales", "kind": "number", "unit": "USD", "scale": 6},
        "b": {"quantity": "net sales", "kind": "number", "unit": "USD", "scale": 9},
    }, operands=["a", "b"])),
    ("guessable", candidate(answer="Tricycle", type_="text", nodes={"f": {"quantity": "gear", "text": "Tricycle"}}, header={"answer": "f.text"})),
    ("nobody_cares", candidate(answer="a|b|c", type_="set")),
    *(
        ("nobody_cares", candidate(header=DIFFERENCE, nodes={"a": {"condition": a}, "b": {"condition": b}}, operands=["a", "b"]))
        for a, b in (("Final; Easy", "Final; Hard"), ("language=French", "language=Polish"), ("Eval", "Eval-2"))
    ),
    *(
        ("nobody_cares", candidate(header=DIFFERENCE, nodes={"e": {"label": "Entity", "name": a}, "d": {"label": "Entity", "name": b}}))
        for a, b in (("Ant + SFT", "Bee + SFT"), ("Ant", "Ant with hints"), ("Ant", "Bee"))
    ),
    ("nobody_cares", candidate("What was the engine model?", "O-320", "text", nodes={"f": {"quantity": "engine model"}})),
    ("header_salad", candidate("?", nodes={"f": {"quantity": "engine model or series", "shape": "form", "kind": "text"}})),
    ("wrong_grain", candidate(header=RANKED, others=[{"subject": s, "quantity": "x"} for s in "abc"], members=[2, 3, 4])),
    ("unstated_rounding", candidate("What were Apple's net sales, in millions of US dollars?", "19,604", unit="USD", scale=6)),
    ("unstated_rounding", candidate("By what percentage did it grow, rounded to one decimal?", "12.1", "percent", unit="%", decimals=1)),
    ("co_mention", candidate("?", nodes={"f": {"quantity": "age"}, "c": {"label": "Chunk", "text": "x"}}, header={
        "given": ["e.name", "f.quantity", "c.text"],
    })),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bad"), BAD, ids=[f"{name}-{k}" for k, (name, _) in enumerate(BAD)])
def test_a_bad_question_has_a_reason(name: str, bad: Candidate) -> None:
    assert named(name).reason(bad)


@pytest.mark.parametrize(("name", "good"), GOOD, ids=[f"{name}-{k}" for k, (name, _) in enumerate(GOOD)])
def test_its_good_sister_has_none(name: str, good: Candidate) -> None:
    assert named(name).reason(good) is None


def test_every_bad_question_name_of_the_note_is_a_filter_with_its_own_tests() -> None:
    names = {each.name for each in shipped()}
    assert names == {
        "co_mention", "deictic", "no_subject", "header_salad", "boilerplate", "fragment", "trivial", "senseless_operation",
        "guessable", "nobody_cares", "wrong_grain", "unstated_rounding",
    }  # fmt: skip
    assert names == {name for name, _ in BAD} == {name for name, _ in GOOD}
    assert all(each.__class__.__doc__ for each in shipped())


def test_the_sign_of_a_change_in_a_cash_flow_statement_is_not_that_of_the_change():
    change = {
        "quantity": "change in inventories",
        "shape": "statement",
        "group": "Changes in operating assets and liabilities",
    }
    bad = candidate("What was Acme's change in inventories in 2031?", nodes={"f": change})
    good = candidate("What was Acme's change in fair value in 2031?", nodes={"f": {**change, "group": "Other income"}})
    (filter_,) = [each for each in shipped() if each.name == "senseless_operation"]
    assert filter_.reason(bad) is not None
    assert filter_.reason(good) is None
