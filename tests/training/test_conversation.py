"""What a student reads and is to say, and the recipe that decides it."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from schemas.sample import Derivation, Sample, Step
from tests.scoring.samples import sample
from training import recipe
from training.conversation import of_sample
from training.recipe import Wording

MARS = sample(
    "mars",
    question="What is the length of day of Mars, in hours?",
    answer="24.7",
    derivation=Derivation(
        lang="sympy",
        code="b - a",
        result="24.7",
        steps=(Step(op="look_up", text="a: 1"), Step(op="compute", text="b - a = 24.7")),
    ),
    context=(
        {"element": "t1", "kind": "table", "text": "Planet\tDay\nMars\t24.7"},
        {"element": "c1", "kind": "text", "text": "Mars is red."},
    ),
)


def asked(made: Sample, wording: Wording) -> str:
    return of_sample(made, wording).prompt[-1].content


def test_closed_book_the_prompt_holds_the_question_and_no_evidence() -> None:
    said = asked(MARS, Wording())
    assert MARS.question in said
    assert "24.7" not in said


def test_with_evidence_every_passage_stands_before_the_question() -> None:
    said = asked(MARS, Wording(evidence=True))
    assert said.index("Mars\t24.7") < said.index(MARS.question)
    assert said.index("Mars is red.") < said.index(MARS.question)


def test_the_order_of_passages_does_not_follow_the_evidence() -> None:
    turned = MARS.model_copy(update={"context": MARS.context[::-1]})
    assert asked(MARS, Wording(evidence=True)) == asked(turned, Wording(evidence=True))


def test_steps_are_the_derivations_intermediate_values() -> None:
    made = of_sample(MARS, Wording(target="steps"))
    assert made.reasoning == "1. a: 1\n2. b - a = 24.7"
    assert made.answer == "24.7"
    assert of_sample(MARS, Wording()).reasoning == ""


def test_choices_are_lettered_and_the_answer_names_its_letter() -> None:
    made = of_sample(MARS.model_copy(update={"choices": ("9.9", "24.7")}), Wording())
    assert "A. 9.9\nB. 24.7" in made.prompt[-1].content
    assert made.answer == "B. 24.7"


def test_a_system_message_is_the_users_own() -> None:
    assert [m.role for m in of_sample(MARS, Wording(system="Be brief.")).prompt] == ["system", "user"]
    assert [m.role for m in of_sample(MARS, Wording()).prompt] == ["user"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lora: {rnak: 4}", r"r\.yaml: lora\.rnak: unknown key"),
        ("optimiser: {batch: 10, micro_batch: 4}", r"r\.yaml: optimiser: micro_batch 4 must divide batch 10"),
        ("wording: {thinking: true}", r"r\.yaml: wording: thinking needs `target: steps`"),
        ("replay: {share: 0.2}", r"r\.yaml: replay: rows and share belong together"),
        ("method: dora", r"r\.yaml: method: Input should be 'lora', 'qlora' or 'full'"),
        ("- a", r"r\.yaml: expected keys and values at the top"),
        ("a: [", r"r\.yaml:1:5: "),
    ],
)
def test_a_wrong_recipe_is_one_line_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        recipe.load(path)


def test_the_defaults_are_those_of_the_papers() -> None:
    made = recipe.load(None)
    assert (made.lora.rank, made.lora.alpha) == (128, 256)
    assert recipe.load(None, ("lora.rank=8", "seed=3")).seed == 3


def test_the_printed_recipe_says_the_defaults() -> None:
    from click.testing import CliRunner

    from kgmine.cli.train import train

    starter = Path(__file__).parents[2] / "kgmine" / "starter" / "recipe.yaml"
    assert recipe.load(starter) == recipe.load(None)
    printed = CliRunner().invoke(train, ["--print-recipe"])
    assert (printed.exit_code, printed.output) == (0, starter.read_text())


def test_the_command_on_the_card_has_no_paths_of_a_machine() -> None:
    from kgmine.cli.train import _command

    given = {
        "splits": Path("/a/out"), "model": "org/name", "out": Path("/b/s"), "recipe_file": Path("/c/r.yaml"),
        "overrides": ("replay.rows=/d/own.jsonl", "seed=1"), "volumes": (5, 10), "backend": "plain", "device": "auto",
        "merge": True, "seed": 3,
    }  # fmt: skip
    assert _command(given) == (
        "kgmine train out --model org/name --out s --recipe r.yaml --set replay.rows=own.jsonl --set seed=1 --volumes "
        "5,10 --backend plain --merge --seed 3"
    )
